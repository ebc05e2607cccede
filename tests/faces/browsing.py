"""A real browser on the pages: it signs in, walks, and asks axe what is wrong with what it sees."""

import shutil
from pathlib import Path

from django.conf import settings

AXE = Path(settings.BASE_DIR) / ".build" / "tests" / "axe.min.js"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def launch(playwright):
    """Start the system's Chromium."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    return playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])


class Visitor:
    """One person in front of one browser window; whatever the browser complains of is kept."""

    def __init__(self, browser, server: str, *, width: int, height: int, javascript: bool = True):
        # axe is put into the page from outside, which the pages' own policy rightly forbids.
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            java_script_enabled=javascript,
            bypass_csp=False,
        )
        self.page, self.server, self.complaints = self.context.new_page(), server, []
        self.page.set_default_timeout(60_000)
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )

    def sign_in(self, username: str, password: str):
        self.go("/login/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", password)
        self.page.click("main button")
        return self

    def go(self, path: str):
        self.page.goto(self.server + path)
        return self

    def reads(self) -> str:
        return self.page.inner_text("main")

    def faults(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA, one line for each."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        return [f"{one['id']}: {node['target']}" for one in found["violations"] for node in one["nodes"]]

    def overflows(self) -> int:
        """By how many pixels the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
