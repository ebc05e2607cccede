"""Keeping an uploaded roster: read, judged as a whole, sealed, and put in the place of the version before it."""

from collections.abc import Iterable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.cases.models import Case, CaseItem, Placement
from apps.engine.door import Refused, perform
from apps.exchange import roster, rules
from apps.exchange.comparison import Snapshot, compare
from apps.exchange.rules.ages import Retirement
from apps.organisations.divisions import DivisionBook
from apps.organisations.models import Organisation
from apps.policies.keys import RETIREMENT
from apps.policies.rules import timeline
from apps.retirees import identities, vault
from apps.retirees.models import ManagementInterval, Retiree
from apps.transfers.models import RosterRow, RosterVersion
from apps.transfers.registers import facts_of, seal_facts

PLACEMENT = {"residence": Placement.RESIDENCE, "hukou": Placement.HUKOU}
NAMED = 200
"""How many people the comparison of two versions names; the rest is counted."""


def upload(case, content: bytes, file_name: str, *, by) -> RosterVersion:
    """File a roster with a batch and return its version. Raises ``Refused``."""
    perform(case, "upload", by=by, given={"roster": SimpleUploadedFile(file_name, content)})
    return RosterVersion.objects.get(case=case.pk, superseded=False)


def leave_out(version: RosterVersion, rows: Iterable[RosterRow], *, by) -> None:
    """Expressly leave faulty rows out of what is filed. Raises ``Refused``."""
    numbers = [str(row.row_no) for row in rows]
    if numbers:
        perform(version.case, "leave_out", by=by, given={"rows": ",".join(numbers)})


def the_case(deed) -> Case:
    """The one batch a file, or the lines of one, belong to. Raises ``Refused`` where several were chosen."""
    if len(deed.ids) > 1:
        raise Refused(_("每份文件只属于一个批次，请逐批办理"))
    return Case.objects.select_related("enterprise__enterprise").get(pk=deed.ids[0])


def keep_upload(deed) -> None:
    """What the move does: read and judge the file, and keep it as the next version of its batch."""
    case = the_case(deed)
    content = deed.given["roster"].read()
    today = timezone.localtime(deed.at).date()
    try:
        sheet = roster.read(content, deed.given["roster"].name)
    except roster.Unreadable as unreadable:
        raise Refused(unreadable.message) from unreadable
    day = sheet.batch_date(None, today=today)
    judged = rules.judge(
        sheet,
        as_of=day,
        book=DivisionBook.on(day),
        enterprise=case.enterprise.enterprise,
        known=lambda digests: _known(digests, case),
        retirement=Retirement.of(timeline(RETIREMENT).starts()),
    )
    _keep(case, judged, content, by=deed.by, at=deed.at)


def keep_left_out(deed) -> None:
    """What the move does: mark faulty rows of the version in force as not filed; others are not left out."""
    case = the_case(deed)
    numbers = [int(number) for number in deed.given["rows"].split(",")]
    faulty = RosterRow.objects.current().filter(version__case=case, blocking=True)
    if not faulty.filter(row_no__in=numbers).update(left_out=True):
        raise Refused(_("没有选中需要注明不申报的行"))


def _keep(case: Case, judged, content: bytes, *, by, at) -> RosterVersion:
    before = RosterVersion.objects.filter(case=case).order_by("-number").first()
    if before and before.digest == judged.sheet.digest:
        raise Refused(_("这份文件与第%(number)s版完全相同，未作改动") % {"number": before.number})
    if before:
        RosterVersion.objects.filter(case=case, superseded=False).update(superseded=True)
    digest = judged.sheet.digest
    version = RosterVersion.objects.create(
        case=case,
        number=before.number + 1 if before else 1,
        file_name=judged.sheet.file_name[:200],
        digest=digest,
        sealed=vault.seal_bytes(content, owner=digest, field="roster"),
        cover={name: str(value) for name, value in vars(judged.cover).items() if value not in ("", None)},
        faults=[fault.as_json() for fault in judged.file_faults],
        rows_count=len(judged.rows),
        faulty_count=len(judged.rows) - judged.acceptable,
        blocked=judged.blocked,
        uploaded_by=by.user,
        uploaded_at=at,
    )
    rows = _rows(version, judged)
    RosterRow.objects.bulk_create(rows, batch_size=5000)
    if before:
        version.changes = _changes(before, rows)
        version.save(update_fields=["changes"])
    return version


def _rows(version: RosterVersion, judged) -> list[RosterRow]:
    """The rows of a version, each with its identity and its streets: three queries for any number."""
    known = identities.register({row.number.filled for row in judged.rows if row.number})
    streets = dict(
        Organisation.objects.filter(kind="STREET_RMO", active_until=None).values_list("division__code", "pk")
    )
    stations = _stations()
    rows = []
    for row in judged.rows:
        street = streets.get(row.street.code) if row.street else None
        rows.append(
            RosterRow(
                version=version,
                row_no=row.line,
                name=row.name[:60],
                identity=known[row.number.filled] if row.number else None,
                sealed=seal_facts(version.pk, row.line, _facts(row)),
                street_id=street,
                residence_id=streets.get(row.residence.code) if row.residence else None,
                hukou_id=streets.get(row.hukou.code) if row.hukou else None,
                station_id=_station(stations.get(street, ()), row.address),
                placement=PLACEMENT.get(row.placement, ""),
                remark=row.facts.get("remark", "")[:200],
                faults=[fault.as_json() for fault in row.faults],
                blocking=not row.ok,
            )
        )
    return rows


def _facts(row) -> dict:
    """Everything the row says, to be sealed as one."""
    return {
        **row.facts,
        "phone": row.phone,
        "contact": row.contact,
        "paying_agency": row.si_agency,
        "party_member": row.party_member,
        "party": row.party,
    }


def _stations() -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = {}
    stations = Organisation.objects.filter(kind="COMMUNITY_STATION", active_until=None)
    for street, community, pk in stations.values_list("parent_id", "community", "pk"):
        found.setdefault(street, []).append((community, pk))
    return found


def _station(stations, address: str) -> int | None:
    """The station of the community that the address begins with; none when the address does not say."""
    return next(
        (pk for community, pk in stations if address.startswith(community.removesuffix("社区"))), None
    )


def _known(digests: list[str], case: Case) -> dict[str, rules.Known]:
    """What the register says of people: dead, in an open batch, or looked after by a street; three queries."""
    answers = {}
    managed = ManagementInterval.objects.filter(period__upper_inf=True, retiree__identity__digest__in=digests)
    for digest, manager in managed.filter(manager__kind="STREET_RMO").values_list(
        "retiree__identity__digest", "manager__short_name"
    ):
        answers[digest] = rules.Known("V-52", gettext_noop("已由%(street)s管理"), {"street": manager})
    open_items = CaseItem.objects.filter(open=True, retiree__identity__digest__in=digests).exclude(case=case)
    for digest, number in open_items.values_list("retiree__identity__digest", "case__number"):
        answers[digest] = rules.Known(
            "V-52", gettext_noop("已列入未办结的批次%(number)s"), {"number": number}
        )
    dead = Retiree.objects.filter(Q(died_on__isnull=False), identity__digest__in=digests)
    for digest, died_on in dead.values_list("identity__digest", "died_on"):
        answers[digest] = rules.Known(
            "V-53", gettext_noop("登记簿记载已于%(day)s死亡"), {"day": f"{died_on:%Y-%m-%d}"}
        )
    return answers


def _changes(before: RosterVersion, rows: list[RosterRow]) -> dict:
    """What changed since the version before: who came, who went, and whose cells differ."""
    changes = compare(map(_snapshot, before.rows.all()), map(_snapshot, rows))
    return {
        "added": {"count": len(changes.added), "people": [one.name for one in changes.added[:NAMED]]},
        "removed": {"count": len(changes.removed), "people": [one.name for one in changes.removed[:NAMED]]},
        "changed": {
            "count": len(changes.changed),
            "people": [
                {"row": one.line, "name": one.name, "fields": different}
                for one, different in changes.changed[:NAMED]
            ],
        },
    }


def _snapshot(row: RosterRow) -> Snapshot:
    return Snapshot(
        str(row.identity_id or f"name/{row.name}"), row.row_no, row.name, facts_of(row) | {"name": row.name}
    )
