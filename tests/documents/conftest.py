"""The standing world, and papers drawn up as a worker would."""

import io

import pytest
from pypdf import PdfReader

from apps.documents.making import content
from apps.documents.models import Paper
from apps.jobs.models import Job
from apps.jobs.queue import run_due
from tests.worlds import Person, standing_world, world  # noqa: F401 - fixtures

RARE = "陈滘㐱𠀀"  # a local sign, one of Extension A, one of Extension B


def draw_up() -> None:
    """Do the background work that waits; none of it may fail."""
    run_due()
    assert list(Job.objects.exclude(cause="").values_list("kind", "cause")) == []


def the(case, kind: str) -> Paper:
    """The last paper of a kind in a case."""
    return case.papers.filter(kind=kind).latest("pk")


def text_of(content: bytes) -> str:
    """What can be read on a PDF, without blanks and breaks."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def read(case, kind: str) -> str:
    return text_of(content(the(case, kind).file))


@pytest.fixture(scope="module")
def completed(standing_world, django_db_blocker):  # noqa: F811
    """A batch of four people in two streets, walked to its end, its papers drawn up."""
    with django_db_blocker.unblock():
        case = standing_world.batch("completed", [
            Person(name=RARE, facts={"housing": "未房改"}), Person(residence="445202002-RMO"),
            Person(name="<b>黑</b><img src='file:///etc/passwd'>"), Person(),
        ])  # fmt: skip
        draw_up()
        yield case
