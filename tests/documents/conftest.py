"""The standing world, and papers drawn up as a worker would."""

import io

import pytest
from pypdf import PdfReader

from apps.documents.making import content
from apps.jobs.queue import run_due
from tests.worlds import standing_world, world  # noqa: F401 - fixtures


@pytest.fixture
def drawn(world):  # noqa: F811
    """Draw up everything that waits, and return the papers of one kind."""

    def draw(case, kind):
        run_due()
        return list(case.papers.filter(kind=kind).order_by("pk"))

    return draw


def text_of(paper) -> str:
    """What can be read on a paper, without blanks and breaks."""
    pages = PdfReader(io.BytesIO(content(paper.file))).pages
    return "".join("".join(page.extract_text() for page in pages).split())
