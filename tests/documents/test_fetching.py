"""Whatever gets into a page, drawing it opens no file and no connection."""

import http.server
import threading

import pytest
from pypdf import PdfReader

from apps.documents import rendering
from apps.documents.envelope import square
from apps.documents.rendering import pdf


@pytest.fixture
def server():
    """A server that notes what is asked of it, and sends everybody to a file."""
    asked = []

    class Redirect(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname")
            self.end_headers()

        def log_message(self, *words):
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirect)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}", asked
    running.shutdown()
    running.server_close()


@pytest.mark.parametrize(
    "page",
    [
        "<img src='{url}/a.png'>",
        "<link rel=stylesheet href='{url}/a.css'>",
        "<style>@import '{url}/a.css'; body {{ background: url({url}/b.png) }}</style>",
        "<style>@font-face {{ font-family: x; src: url({url}/f.ttf) }} p {{ font-family: x }}</style><p>字",
        "<object data='{url}/o.svg'></object><embed src='{url}/e.svg'>",
        "<link rel=attachment href='{url}/secret'>",
        "<base href='{url}/'><img src='relative.png'>",
        "<svg xmlns='http://www.w3.org/2000/svg'><image href='{url}/i.png'/><use href='{url}/u.svg#x'/></svg>",
    ],
)
def test_nothing_is_asked_of_the_network_or_the_disk(server, tmp_path, page, monkeypatch):
    url, asked = server
    secret = tmp_path / "secret"
    secret.write_text("机密")
    opened = []
    monkeypatch.setattr("urllib.request.FileHandler.open_local_file", lambda *terms: opened.append(terms))
    for place in (url, f"file://{tmp_path}", "ftp://127.0.0.1", "FILE:///etc"):
        drawn = pdf(page.format(url=place), "x")
        assert "机密".encode() not in drawn and b"/EmbeddedFile" not in drawn
    assert (asked, opened) == ([], [])


def test_what_travels_in_the_page_is_drawn():
    drawn, empty = (len(pdf(page, "x")) for page in (f"<img src='{square('像素')}' width=90>", "<p>"))
    assert drawn > empty + 100


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "http://127.0.0.1/", "https://127.0.0.1/", "ftp://127.0.0.1/x", "etc"]
)
def test_the_fetcher_refuses(url):
    with pytest.raises(Exception, match=r"disallowed|Not an absolute|unknown url"):
        rendering._fetcher().fetch(url)


def test_pages_drawn_in_parts_run_on(tmp_path):
    import io

    parts = (pdf(f"<p>甲{n}<p style='break-before: page'>乙{n}", "x") for n in range(3))
    whole = rendering.joined(
        parts,
        lambda pages: pdf(
            "".join(f"<p style='break-after: page'>第{n}页" for n in range(1, pages)) + f"<p>第{pages}页", "x"
        ),
    )
    said = ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(whole)).pages]
    assert said == ["甲0第1页", "乙0第2页", "甲1第3页", "乙1第4页", "甲2第5页", "乙2第6页"]
