"""Papers: a letter against WeasyPrint drawing the same page bare, and a long roster against a short one."""

import resource

from apps.documents.kinds import KINDS
from apps.documents.rendering import html, render
from apps.documents.signing import sign

from .figures import Figures, middle, ratio, spent

ROUNDS, LETTERS = 7, 5
SHORT, LONG = 500, 5000
SECONDS, MEGABYTES = 60, 500
CENTRE, COMPANY = "揭阳市企业退休人员社会化管理服务中心", "揭阳市榕源纺织总厂"
AROUND = {
    "issuer": CENTRE, "official": True, "head_size": 23, "number": "市退管中心〔2026〕12号", "date": "2026年7月1日",
    "case": "YJ2026-000123-K", "enterprise": COMPANY, "applicant": COMPANY, "authority": CENTRE, "about": "",
    "basis": "八", "reason": "", "replaces": "", "remedy": "", "hands": [("经办", "王少强"), ("审核", "罗敏辉")],
    "code": "38E6 A60A E3A9 C9CE", "address": "https://tuiguan.example.cn/verify/38E6A60AE3A9C9CE/",
}  # fmt: skip


def measure(found: Figures) -> None:
    """Rosters first, for the largest this process ever was; then letters, signed too, and bare ones by turns."""
    import weasyprint

    _roster(SHORT)
    short = middle([spent(lambda: _roster(SHORT)) for _turn in range(3)])
    long = spent(lambda: _roster(LONG))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    per_row = (long.cpu / LONG) / (short.cpu / SHORT)
    found.add("roster_row_ratio", per_row, at_most=1.5, note=f"{LONG} rows against {SHORT}, process time")
    found.add("roster_seconds", long.wall, unit="s", at_most=SECONDS, note=f"{LONG} rows")
    found.add("roster_memory", peak, unit="MB", at_most=MEGABYTES, note="this process at its largest")

    kind = KINDS["AcceptanceNotice"]
    facts = AROUND | {
        "title": "受理通知书",
        "filed_on": "2026年6月24日",
        "heads": 3000,
        "due": "2026年7月8日",
    }
    page = html(kind, facts)

    def ours() -> None:
        for _letter in range(LETTERS):
            sign(render(kind, facts), reason="12号")

    def bare() -> None:
        for _letter in range(LETTERS):
            weasyprint.HTML(string=page).write_pdf()

    ours(), bare()
    a, b = [], []
    for turn in range(ROUNDS):
        for act, rounds in ((ours, a), (bare, b))[:: 1 if turn % 2 else -1]:
            rounds.append(spent(act))
    mine = middle(a).wall / LETTERS * 1000
    note = f"{mine:.0f} ms with its signature, bare {middle(b).wall / LETTERS * 1000:.0f} ms"
    found.add("letter_vs_bare", ratio(a, b), at_most=1.5, note=note)


def _roster(rows: int) -> None:
    streets = ("榕华街道", "新兴街道", "中山街道", "梅云街道")
    people = [
        [place, f"陈示例{place % 97}", "男", f"445299********{place % 10000:04d}", "1950-01-01", "2010-01-01",
         streets[place * len(streets) // rows], "进贤社区", "常年居住地"]
        for place in range(rows)
    ]  # fmt: skip
    facts = AROUND | {
        "title": "移交人员确认名册",
        "version": 1,
        "digest": "0" * 64,
        "streets": [],
        "rows": people,
    }
    render(KINDS["ConfirmedRoster"], facts)
