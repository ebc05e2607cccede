"""Every address of the site against a cast: who is let in, who is told nothing, and whose names come out.

What is expected is worked out here from who takes part in a case and from the tree of offices, without
asking the code that decides it.
"""

import io
import zipfile
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from apps.audit.models import Event, EventItem
from apps.cases.evidence import attach
from apps.cases.models import CaseItem, Evidence, Participant
from apps.demo import desk, town
from apps.documents.papers import DeathProof
from apps.exchange import uploads
from apps.fees.models import FeeAssessment
from apps.jobs.models import Job
from apps.jobs.queue import enqueue
from apps.organisations.acting import Acting
from apps.organisations.choices import ENTERPRISE_SIDE, OrgKind, Role
from apps.organisations.models import Organisation
from apps.organisations.proposal import Proposal
from apps.policies.models import Rule
from apps.retirees.models import ManagementInterval
from apps.treasury.models import SpecialAccount
from tests.worlds import LIUSHADONG, PAPER, RONGHUA, XINXING, Person, workbook

CAST = (
    "city-finance", "rongcheng-fiscal",
    "city-clerk", "city-auditor", "rongcheng-clerk", "rongcheng-auditor", "jiedong-clerk", "ronghua-clerk",
    "xinxing-clerk", "zhongshan-clerk", "ronghua-station1", "rongyuan-clerk", "chenlu-clerk", "city-si", "city-gov",
    "city-reviewer", "rongcheng-reviewer", "sys-admin", "sec-admin", "audit-admin", "",
)  # fmt: skip
ADMINISTRATORS = {"SYS_ADMIN", "SEC_ADMIN", "AUDIT_ADMIN"}
LEDGER_KINDS = {OrgKind.RMO, OrgKind.STREET_RMO, OrgKind.COMMUNITY_STATION}
FILE_NAME = "鼍榕证明.pdf"  # a file's name may say who it is about
SOUGHT = ("鼋榕一", "鼋新", "鼍榕", "鼗新")  # of each batch, and of the station
SIGN_IN = 302


@dataclass
class Scene:
    """What there is to be seen, and who looks."""

    cases: dict
    papers: list[Evidence]
    events: list[Event]
    names: dict[str, CaseItem | None]
    drafted: set[str]
    rule: Rule
    job: Job
    proposals: list[Proposal]
    enterprise: Organisation
    browsers: dict[str, Client]
    actors: dict[str, Acting | None]


@pytest.fixture(scope="module")
def scene(standing_world, django_db_blocker) -> Scene:
    """Two batches of two enterprises with people of three streets, one drafted, one being matched."""
    world = standing_world
    with django_db_blocker.unblock():
        cases = {
            "completed": world.batch("completed", [
                Person(RONGHUA, station="445202001-S1", name="鼋榕一"),
                Person(RONGHUA, station="445202001-S2", name="鼋榕二"),
                Person(XINXING, name="鼋新"), Person(LIUSHADONG, name="鼋流"),
            ]),
            "allocating": world.batch("allocating", [
                Person(RONGHUA, station="445202001-S2", name="鼍榕"), Person(XINXING, name="鼍新"),
            ], enterprise="ENT-005"),
            "matching": world.batch("matching", [Person(XINXING, name="鼗新")]),
            "draft": world.draft([Person(RONGHUA, name="鼙榕")]),
        }  # fmt: skip
        clerk = world.by(Role.ENT_CLERK, "ENT-001")
        uploads.upload(cases["draft"], *reversed(_named(workbook(cases["draft"], change=_rename))), by=clerk)
        street = world.by(Role.STREET_CLERK, RONGHUA)
        attach(cases["allocating"], DeathProof, PAPER + b"matrix", name=FILE_NAME, by=street)
        items = CaseItem.objects.select_related(
            "retiree", "organisation", "station", "case__applicant", "case__authority"
        )
        names = {item.retiree.name: item for item in items}
        desk.fill()
        kept = Event.objects.filter(stream="case", stream_id__in=[case.pk for case in cases.values()])
        moves = ("fix", "confirm", "attach")
        browsers = {username: _browser(username) for username in CAST}
        yield Scene(
            cases=cases,
            papers=list(Evidence.objects.select_related("organisation")),
            events=list(kept.filter(move__in=moves).order_by("pk")),
            names=names,
            drafted={"鼙榕", "鼙一", "鼙二"},
            rule=Rule.objects.first(),
            job=enqueue("inbox.decide", by=town.acting("ronghua-clerk")),
            proposals=list(Proposal.objects.select_related("office")),
            enterprise=world.office("ENT-001"),
            browsers=browsers,
            actors={username: town.acting(username) if username else None for username in CAST},
        )


def _rename(rows) -> None:
    for row, name in zip(rows, ("鼙一", "鼙二"), strict=True):
        row["name"] = name


def _named(sent) -> tuple[str, bytes]:
    return sent.name, sent.read()


def _browser(username: str) -> Client:
    browser = Client()
    if username:
        browser.force_login(town.person(username), backend="django.contrib.auth.backends.ModelBackend")
    return browser


# --- what should be so ---


def parties(item) -> set[int]:
    """The offices a person's row concerns, with everybody above them."""
    bodies = (item.organisation, item.station, item.case.applicant, item.case.authority)
    return {pk for body in bodies if body for pk in body.lineage}


def may_read_issued(acting, paper, case) -> bool:
    """A paper names its people: only some are for everybody who takes part."""
    if paper.kind in ("AcceptanceNotice", "TransferAgreement", "HandoverRecord"):
        return True
    bodies = (case.applicant, case.authority, paper.issuer, paper.about)
    return any(acting.organisation.pk in body.lineage for body in bodies if body)


def takes_part(acting, case) -> bool:
    return Participant.objects.filter(case=case.pk, organisation=acting.organisation).exists()


def whole(acting, case) -> bool:
    return acting.organisation.pk in {*case.applicant.lineage, *case.authority.lineage}


def may_read(acting, paper, scene) -> bool:
    case = next(case for case in scene.cases.values() if case.pk == paper.case_id)
    mine = acting.organisation.pk in paper.organisation.lineage
    open_to_all = paper.kind == "StatusProof"  # the case itself takes it
    proven_paid = paper.kind == "PaymentVoucher" and acting.role == Role.GOV_APPROVER
    return takes_part(acting, case) and (whole(acting, case) or mine or open_to_all or proven_paid)


def may_read_event(acting, event, scene) -> bool:
    case = next(case for case in scene.cases.values() if case.pk == event.stream_id)
    if not takes_part(acting, case):
        return False
    if whole(acting, case) or event.organisation_id == acting.organisation.pk:
        return True
    if event.move == "attach":
        paper = next(paper for paper in scene.papers if paper.digest == event.evidence[0]["digest"])
        return may_read(acting, paper, scene)
    if event.machine == "transferitem":
        moved = EventItem.objects.filter(event=event).values_list("row_id", flat=True)
        rows = [item for item in scene.names.values() if item.pk in moved]
        return any(acting.organisation.pk in parties(item) for item in rows)
    return True


def may_see(acting, item) -> bool:
    return takes_part(acting, item.case) and acting.organisation.pk in parties(item)


def manages(acting, item) -> bool:
    last = ManagementInterval.objects.filter(retiree=item.retiree).order_by("-period").first()
    bodies = (last.manager, last.station) if last and last.manager.kind == OrgKind.STREET_RMO else ()
    return any(acting.organisation.pk in body.lineage for body in bodies if body)


def names_hidden(acting, scene) -> set[str]:
    """The names that must not come out to somebody, whatever is asked."""
    if acting is None:
        return {*scene.names, *scene.drafted, FILE_NAME}
    hidden = {
        name for name, item in scene.names.items() if not (may_see(acting, item) or manages(acting, item))
    }
    if acting.organisation.key != "ENT-001":
        hidden |= scene.drafted
    proof = next(paper for paper in scene.papers if paper.name == FILE_NAME)
    return hidden if may_read(acting, proof, scene) else hidden | {FILE_NAME}


# --- the addresses ---


def addresses(scene, acting):
    """Yield (name of the pattern, address, status) for somebody signed in."""
    desk = acting.organisation.kind in ENTERPRISE_SIDE
    ledger = acting.organisation.kind in LEDGER_KINDS
    yield "inbox", "/", 200
    yield "coming", "/coming/", 200
    yield "parcel", "/files/1/", 404
    for path in ("claim", "release", "decide"):
        yield path, f"/{path}/", 405
    yield "outcome", "/decide/outcome/", 404
    for case in scene.cases.values():
        part = takes_part(acting, case)
        yield "case", f"/cases/{case.number}/", 200 if part else 404
        yield "decide_case", f"/cases/{case.number}/decide/", 405
        yield "attach", f"/cases/{case.number}/papers/", 405
        for paper in (scene.papers[0], *(one for one in scene.papers[1:] if one.case_id == case.pk)):
            read = paper.case_id == case.pk and may_read(acting, paper, scene)
            yield "paper", f"/cases/{case.number}/papers/{paper.pk}/", 200 if read else 404
        for paper in case.papers.select_related("issuer", "about"):
            place = f"/cases/{case.number}/issued/{paper.pk}/"
            yield "issued", place, 200 if part and may_read_issued(acting, paper, case) else 404
            for act in ("print", "void", "reissue"):
                yield act, f"{place}{act}/", 405
        clerk = acting.role == Role.RMO_CLERK and acting.organisation.pk == case.authority_id
        fetches = 200 if clerk and case.stage == "matching" else 403
        yield "sheet", f"/cases/{case.number}/sheets/record_answer/", fetches if part else 404
        yield "sheet", f"/cases/{case.number}/sheets/accept/", 404
        own = part and case.enterprise_id == acting.organisation.pk
        for name, path in (("roster", ""), ("fault_book", "faults/")):
            if name == "fault_book" and own and case.stage != "draft":
                continue  # these worlds keep no file
            yield (
                f"portal:{name}",
                f"/desk/{case.number}/roster/{path}",
                (200 if own else 404) if desk else 403,
            )
        yield "portal:leave_out", f"/desk/{case.number}/roster/leave-out/", 405 if desk else 403
    yield "case", "/cases/YJ2026-999999-X/", 404
    for name, status in (
        ("login", 302),
        ("logout", 405),
        ("acting", 405),
        ("large_type", 405),
        ("set_language", 302),
    ):
        yield (
            name,
            {"large_type": "/large-type/", "set_language": "/language/"}.get(name, f"/{name}/"),
            status,
        )
    yield "portal:desk", "/desk/", 200 if desk else 403
    yield "portal:template", "/desk/template/", 200 if desk else 403
    for name, path in (("ledger", ""), ("changes", "changes/")):
        yield f"reports:{name}", f"/ledger/{path}", 200 if ledger else 403
    yield "reports:export", "/ledger/export/", 405 if ledger else 403
    for item in scene.names.values():
        theirs = 200 if manages(acting, item) else 404
        yield "reports:person", f"/ledger/people/{item.retiree_id}/", theirs if ledger else 403
        yield (
            "histories:person",
            f"/histories/people/{item.retiree_id}/",
            200 if may_see(acting, item) or theirs == 200 else 404,
        )
    yield "reports:reveal", f"/ledger/people/{item.retiree_id}/number/", 405 if ledger else 403
    yield "histories:events", "/histories/", 200
    for path in ("export", "verify"):
        yield f"histories:{path}", f"/histories/{path}/", 405
    for event in scene.events:
        yield (
            "histories:event",
            f"/histories/events/{event.pk}/",
            200 if may_read_event(acting, event, scene) else 404,
        )
    yield from administered(scene, acting)
    yield from accounts(acting)
    for name, path in (("documents", ""), ("clauses", "clauses/"), ("rules", "rules/")):
        yield f"policies:{name}", f"/policies/{path}", 200
    author = acting.role == Role.RMO_REVIEWER and acting.organisation.key == "445200-RMO"
    for name, path in (("list", ""), ("process", "transferbatch/"), ("bpmn", "transferbatch.bpmn")):
        yield f"processes:{name}", f"/policies/processes/{path}", 200
    yield "policies:propose", "/policies/rules/propose/", 200 if author else 403
    yield "policies:enter_document", "/policies/enter/", 200 if author else 403
    yield "papers", "/papers/", 200
    yield "print_many", "/papers/print/", 405
    yield "bundles", "/papers/bundles/1/", 200
    yield "bundle", "/papers/bundles/1/1/", 404
    yield "ask", "/verify/", 200
    yield "verify", "/verify/0123456789ABCDEF/", 404
    yield "verify", f"/verify/{scene.cases['completed'].papers.first().code}/", 200
    yield "policies:rule", f"/policies/rules/{scene.rule.pk}/", 200
    yield "policies:approve", f"/policies/rules/{scene.rule.pk}/approve/", 405
    yield "policies:holidays", "/policies/holidays/", 200
    yield "policies:propose_holidays", "/policies/holidays/propose/", 200 if author else 403
    yield "policies:approve_holidays", "/policies/holidays/1/approve/", 405
    yield "organisations:network", "/organisations/", 200
    yield "jobs:mine", "/jobs/", 200
    own = acting.user.pk == scene.job.post.user_id
    yield "jobs:job", f"/jobs/{scene.job.pk}/", 200 if own else 404
    yield "jobs:cancel", f"/jobs/{scene.job.pk}/cancel/", 405
    operates = acting.role == Role.SYS_ADMIN
    yield "jobs:operator", "/jobs/operator/", 200 if operates else 403
    yield "jobs:retry", "/jobs/operator/retry/", 405 if operates else 403
    notices = (
        ("list", "", 200),
        ("read", "read/", 405),
        ("open", "1/", 405),
        ("preferences", "preferences/", 200),
        ("stop", "stop/forged/", 404),
        ("deliveries", "deliveries/", 200 if operates else 403),
    )
    for name, path, status in notices:
        yield f"notices:{name}", f"/notices/{path}", status


def accounts(acting):
    """The special accounts: finance reads its own, the management body its government's, the city's auditor all."""
    keeps = acting.organisation.kind in {OrgKind.FINANCE_DEPT, OrgKind.RMO}
    all_of_them = acting.role == Role.AUDITOR and acting.organisation.key == "445200-RMO"
    about = any(
        acting.organisation.pk in body.lineage
        for fee in FeeAssessment.objects.select_related(
            "case__applicant", "case__authority", "government", "finance"
        )
        if takes_part(acting, fee.case)
        for body in (fee.case.applicant, fee.case.authority, fee.government, fee.finance)
    )
    yield "finance:fees", "/finance/fees/", 200 if keeps or about else 404
    yield "finance:allocations", "/finance/allocations/", 200 if keeps else 404  # nothing is allocated here
    yield "finance:home", "/finance/", (200 if all_of_them else 302) if keeps else 404
    for account in SpecialAccount.objects.select_related("finance"):
        place = f"/finance/{account.pk}/"
        own = keeps and acting.organisation.key.startswith(account.finance.key.removesuffix("-FIN"))
        status = 200 if own or all_of_them else 404
        for name, path in (
            ("account", ""), ("statements", "statements/"), ("matching", "matching/"), ("suspense", "suspense/"),
            ("months", "months/"),
        ):  # fmt: skip
            yield f"finance:{name}", place + path, status
        for entry in account.entries.all()[:3]:
            yield "finance:entry", f"{place}entries/{entry.pk}/", status
        yield "finance:month", f"{place}months/2026-01/", 404  # none is prepared here
        for name, path in (
            ("charge", "charge/"), ("match_all", "matching/all/"), ("book_rest", "matching/rest/"),
            ("untake", "matching/1/untake/"), ("return", "suspense/1/return/"), ("sign", "months/2026-01/sign/"),
            ("explain", "months/2026-01/differences/1/"),
        ):  # fmt: skip
            yield f"finance:{name}", place + path, 405


def administered(scene, acting):
    """The addresses of the administrators' desk, the proposals two people decide on, the register of enterprises."""
    role, place = acting.role, "/administration/"
    administers = 200 if role in ADMINISTRATORS else 403
    system = 200 if role == "SYS_ADMIN" else 403
    reader = acting.user.pk
    for name, path in (
        ("home", ""), ("overview", "overview/"), ("people", "people/"), ("bodies", "bodies/"),
        ("divisions", "divisions/"), ("person", f"people/{reader}/"), ("body", f"bodies/{scene.enterprise.pk}/"),
    ):  # fmt: skip
        yield f"administration:{name}", place + path, administers
    for name, path in (
        ("import", "people/import/"), ("import_template", "people/import/template/"), ("propose", "propose/appoint/"),
    ):  # fmt: skip
        yield f"administration:{name}", place + path, system
    keeps = role in {"SYS_ADMIN", "SEC_ADMIN"}
    yield "administration:keep", f"{place}people/{reader}/keep/", 405 if keeps else 403
    yield "administration:hand_over", f"{place}people/{reader}/hand-over/", 405
    office = role in {"RMO_CLERK", "RMO_REVIEWER", "RMO_HEAD"}
    yield "administration:proposals", f"{place}proposals/", 200 if office else administers
    for proposal in scene.proposals:
        own = proposal.office_id == acting.organisation.pk
        deciders = {"SYS_ADMIN", "SEC_ADMIN"} if proposal.kind == "appoint" else {"RMO_CLERK", "RMO_REVIEWER"}
        seen = role == "AUDIT_ADMIN" or (own and role in deciders)
        yield "administration:proposal", f"{place}proposals/{proposal.pk}/", 200 if seen else 404
    authority = role in {"RMO_CLERK", "RMO_REVIEWER"}
    yield "administration:enterprises", f"{place}enterprises/", 200 if authority else 403
    yield "administration:enter_enterprise", f"{place}enterprises/enter/", 200 if role == "RMO_CLERK" else 403
    files_here = acting.organisation.key == "445200-RMO"
    theirs = 200 if files_here else 404
    yield (
        "administration:enterprise",
        f"{place}enterprises/{scene.enterprise.pk}/",
        theirs if authority else 403,
    )
    yield "administration:register", f"{place}register/", 200
    yield "set_password", "/password/MQ/abc-def/", 404


def patterns(resolver=None, before="") -> set[str]:
    """The names of all addresses the site has."""
    found = set()
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            found.add(before + one.name)
        else:
            space = f"{one.namespace}:" if one.namespace else ""
            found |= patterns(one, before + space)
    return found


def text_of(answer) -> str:
    """All that an answer says, a workbook unpacked."""
    content = answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return content.decode("utf-8", "replace")


def leaks(answer, hidden) -> list[str]:
    said = text_of(answer)
    return sorted(name for name in hidden if name in said)


def test_the_matrix_leaves_no_address_out(scene, db):
    assert {name for name, _path, _status in addresses(scene, scene.actors["city-clerk"])} == patterns()


@pytest.mark.parametrize("username", [one for one in CAST if one])
def test_who_is_let_in_and_whose_names_come_out(scene, db, username):
    acting, browser = scene.actors[username], scene.browsers[username]
    hidden, wrong = names_hidden(acting, scene), []
    for _name, path, expected in addresses(scene, acting):
        answer = browser.get(path)
        if answer.status_code != expected or leaks(answer, hidden):
            wrong.append((path, answer.status_code, expected, leaks(answer, hidden)))
    assert wrong == []


def test_a_stranger_is_sent_to_sign_in_from_everywhere(scene, db):
    browser, wrong = scene.browsers[""], []
    known = {"login": 200, "logout": 405, "acting": 405, "large_type": 405, "set_language": 302}
    known["notices:stop"] = 404  # the token is the right, with or without signing in
    known |= {"administration:register": 200, "set_password": 404, "ask": 200}
    for name, path, status in addresses(scene, scene.actors["city-clerk"]):
        answer = browser.get(path)
        if name == "verify":  # the public's
            known[name] = status
        to_sign_in = answer.headers.get("Location", "").startswith("/login/")
        if answer.status_code != known.get(name, SIGN_IN) or not (to_sign_in or name in known):
            wrong.append((path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("username", [one for one in CAST if one])
def test_searching_finds_nobody_one_may_not_see(scene, db, username):
    acting, browser = scene.actors[username], scene.browsers[username]
    ledger, wrong = acting.organisation.kind in LEDGER_KINDS, []
    for name in SOUGHT:
        item = scene.names[name]
        seen = may_see(acting, item)
        number, history = item.case.number, browser.get("/histories/", {"retiree": name}).context
        found = {
            "inbox": bool(browser.get("/", {"q": name, "show": "all"}).context["lines"]),
            # Whoever reads only what was administered has no search for people there.
            "histories": bool(history["lines"]) and "retiree" in history["form"].fields,
            "histories, people": bool(history["retirees"]),
        }
        if takes_part(acting, item.case):
            lists = browser.get(f"/cases/{number}/", {"transferitem-q": name}).context["worklists"]
            found["case"] = any(row.person and row.person.name == name for one in lists for row in one.rows)
        expected = dict.fromkeys(found, seen)
        if ledger and item.case.stage == "completed":
            found["ledger"] = bool(browser.get("/ledger/", {"q": name}).context["rows"])
            expected["ledger"] = manages(acting, item)
        wrong += [(name, place, found[place]) for place in found if found[place] != expected[place]]
    assert wrong == []


@pytest.mark.parametrize("username", [one for one in CAST if one])
def test_what_is_taken_away_names_nobody_one_may_not_see(scene, db, username):
    acting, browser = scene.actors[username], scene.browsers[username]
    hidden, ledger = names_hidden(acting, scene), acting.organisation.kind in LEDGER_KINDS
    answers = [browser.post("/histories/export/", {"form": form}) for form in ("csv", "xlsx")]
    taken = browser.post("/ledger/export/", {"purpose": "核对人数"})
    assert [answer.status_code for answer in (*answers, taken)] == [200, 200, 200 if ledger else 403]
    assert [leaks(answer, hidden) for answer in (*answers, taken)] == [[], [], []]
    if ledger:
        mine = {name for name, item in scene.names.items() if item.case.stage == "completed"}
        mine = {name for name in mine if manages(acting, scene.names[name])}
        assert {name for name in scene.names if name in text_of(taken)} == mine


def test_the_cast_is_told_apart(scene, db):
    """The matrix would prove nothing where everybody saw everything."""
    hidden = {
        username: len(names_hidden(acting, scene)) for username, acting in scene.actors.items() if acting
    }
    assert (hidden["city-auditor"], hidden["jiedong-clerk"]) == (
        len(scene.drafted),
        len(scene.names) + len(scene.drafted) + 1,
    )
    assert len(set(hidden.values())) > 4
