"""Papers: a letter against WeasyPrint drawing it bare, a long roster against a short one, letters by the thousand."""

import hashlib
import resource
from uuid import uuid4

from django.db.models import Sum

from apps.audit.streams import now
from apps.documents import bundles
from apps.documents.kinds import KINDS, Wanted, number
from apps.documents.models import Bundle, Paper, PaperFile
from apps.documents.rendering import html, render
from apps.documents.signing import sign
from apps.jobs.queue import run_due
from apps.retirees import vault

from . import city
from .figures import Figures, middle, ratio, spent, statements

ROUNDS, LETTERS = 7, 5
SHORT, LONG = 500, 5000
FEW, MANY, DRAWN = 150, 1500, 30
SECONDS, MEGABYTES = 60, 500
CENTRE, COMPANY = "揭阳市企业退休人员社会化管理服务中心", "揭阳市榕源纺织总厂"
AROUND = {
    "issuer": CENTRE, "official": True, "head_size": 23, "number": "市退管中心〔2026〕12号", "date": "2026年7月1日",
    "case": "YJ2026-000123-K", "enterprise": COMPANY, "applicant": COMPANY, "authority": CENTRE, "about": "",
    "basis": "八", "reason": "", "replaces": "", "remedy": "", "hands": [("经办", "王少强"), ("审核", "罗敏辉")],
    "code": "38E6 A60A E3A9 C9CE", "address": "https://tuiguan.example.cn/verify/38E6A60AE3A9C9CE/",
}  # fmt: skip
LETTER = AROUND | {"title": "受理通知书", "filed_on": "2026年6月24日", "heads": 3000, "due": "2026年7月8日"}


def measure(found: Figures) -> None:
    """Rosters first, for the largest this process ever was; then letters, signed too, and bare ones by turns; many."""
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
    page = html(kind, LETTER)

    def ours() -> None:
        for _letter in range(LETTERS):
            sign(render(kind, LETTER), reason="12号")

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
    _bulk(found)


def _bulk(found: Figures) -> None:
    """Print many letters, and few, each time as one job with a file for each street."""
    clerk = city.holder("RMO_CLERK", city.CITY)
    [case] = city.cases(1, "submitted", authorities=[clerk.organisation.pk])
    few, many = (_letters(case, count, by=clerk) for count in (FEW, MANY))
    _print(few, by=clerk)
    short = middle([spent(lambda: _print(few, by=clerk)) for _turn in range(3)])
    with statements() as sent:
        long = spent(lambda: _print(many, by=clerk))
    per_letter = (long.cpu / MANY) / (short.cpu / FEW)
    note = f"{MANY} letters against {FEW}, process time; {long.wall:.0f} s, {len(sent)} statements"
    found.add("bulk_per_letter", per_letter, at_most=1.5, note=note)


def _letters(case: int, count: int, *, by):
    """Number so many letters to the streets by turns; some are drawn, the others differ in a remark at their end."""
    kind, streets, act = KINDS["AcceptanceNotice"], city.streets(), uuid4()
    wanted = [Wanted(case, about=streets[place % len(streets)]) for place in range(count)]
    number(kind, wanted, actor=by.organisation.pk, act=act, at=now())
    drawn = [
        sign(render(kind, LETTER | {"number": f"市退管中心〔2026〕{place}号"}), reason=str(place))
        for place in range(DRAWN)
    ]
    papers = Paper.objects.filter(act=act)
    files = []
    for place, paper in enumerate(papers.order_by("pk")):
        content = drawn[place % DRAWN] + b"%%%d" % paper.pk
        digest = hashlib.sha256(content).hexdigest()
        sealed = vault.seal_bytes(content, owner=digest, field="paper")
        files.append(
            PaperFile(
                paper=paper, digest=digest, unsigned_digest="", size=len(content), pages=1, sealed=sealed,
                facts_sealed=b"", recorded_as=0, made_at=now(),
            )
        )  # fmt: skip
    PaperFile.objects.bulk_create(files)
    return papers


def _print(papers, *, by) -> None:
    job = bundles.print_all(papers, by=by, reason="集中送达")
    run_due()
    printed = Bundle.objects.filter(job=job.pk).aggregate(number=Sum("papers"))["number"]
    if printed != papers.count():
        raise AssertionError(f"{printed} of {papers.count()} printed")


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
