"""From facts to pages: the same facts give the same bytes, and nothing outside the page is ever fetched."""

from __future__ import annotations

import gc
import hashlib
import io
import itertools
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from .envelope import square
from .fonts import finish
from .kinds import PaperKind

CHUNK = 240  # rows drawn at once: ten full pages, so that a long list costs no more memory than a short one
# A drawn page is full of circles and holds its fonts, 30 MB and more: what is left of so many is cleared away.
COLLECT = 5
_drawn = itertools.count(1)


def render(kind: type[PaperKind], facts: dict[str, Any]) -> bytes:
    """Draw a paper; a form's rows are drawn in chunks whose pages run on."""
    # Papers are Chinese whoever asks for them.
    with translation.override("zh-hans"):
        if kind.layout == "letter":
            return pdf(html(kind, facts), facts["code"])
        return _joined(kind, facts)


def html(kind: type[PaperKind], facts: dict[str, Any], **part) -> str:
    """The page that a paper, or one part of it, is drawn from."""
    return render_to_string(
        f"documents/{kind.code}.html", {**facts, "square": square(facts["address"]), **part}
    )


def pdf(page: str, identifier: str) -> bytes:
    """Draw a page without metadata of the moment."""
    import weasyprint  # takes most of a second, and only workers draw

    if next(_drawn) % COLLECT == 0:
        gc.collect()
    return weasyprint.HTML(string=page, url_fetcher=_fetcher()).write_pdf(
        finisher=finish, pdf_identifier=hashlib.md5(identifier.encode(), usedforsecurity=False).digest()
    )


def joined(parts: Iterable[bytes], footers=None) -> bytes:
    """Put PDFs behind one another; ``footers(number of pages)`` is a PDF laid over them page by page."""
    from pypdf import PdfReader, PdfWriter  # only workers join

    writer = PdfWriter()
    for part in parts:
        read = PdfReader(io.BytesIO(part))
        for page in read.pages:
            # A signature holds for its own file only; to take it along would cost as much as all the rest.
            page.pop("/Annots", None)
        writer.append(read, import_outline=False)
    if footers:
        over = PdfReader(io.BytesIO(footers(len(writer.pages))))
        for page, foot in zip(writer.pages, over.pages, strict=True):
            page.merge_page(foot)
            page.compress_content_streams()
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def page_count(content: bytes) -> int:
    from pypdf import PdfReader  # only workers count

    return len(PdfReader(io.BytesIO(content)).pages)


def _joined(kind: type[PaperKind], facts: dict[str, Any]) -> bytes:
    rows = facts["rows"]
    starts = range(0, max(len(rows), 1), CHUNK)

    def parts() -> Iterator[bytes]:
        for start in starts:
            chunk = {"rows": rows[start : start + CHUNK], "first": start == 0, "last": start == starts[-1]}
            yield pdf(html(kind, facts, **chunk), facts["code"])

    def footers(pages: int) -> bytes:
        page = render_to_string(
            "documents/footers.html", {**facts, "pages": range(1, pages + 1), "total": pages}
        )
        return pdf(page, facts["code"])

    return joined(parts(), footers)


@lru_cache(maxsize=1)
def _fetcher():
    from weasyprint.urls import URLFetcher  # see above

    class DataOnly(URLFetcher):
        """Opens what travels in the page itself; no file, no network, no redirect."""

        def __init__(self):
            super().__init__(allowed_protocols=["data"], allow_redirects=False)
            for handlers in self.handle_open.values():
                handlers[:] = [handler for handler in handlers if type(handler).__name__ == "DataHandler"]

    return DataOnly()
