"""Worlds the tests share: the demo town with its cast, and batches that stand at a given stage.

Every batch gets there through the door, each act by the post-holder whose act it is. Only the roster is
written directly: reading workbooks has tests of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from stdnum.cn.ric import calc_check_digit

from apps.audit.streams import now
from apps.cases.evidence import attach
from apps.cases.models import CaseItem
from apps.demo import town
from apps.documents.papers import DeathProof, StatusProof
from apps.engine.door import begin, perform, perform_all
from apps.exchange import synthetic, template
from apps.organisations.acting import Acting
from apps.organisations.choices import Role
from apps.organisations.models import Organisation
from apps.personnel_files.models import PersonnelFile
from apps.retirees import identities
from apps.transfers import registers
from apps.transfers.models import RosterRow, RosterVersion
from apps.treasury.models import Reconciliation
from workflows.models import AgreementSignature, FeeCollection, FileHandover, TransferBatch, TransferItem
from workflows.rehearsals import bank
from workflows.rehearsals.cast import Cast

RONGHUA, XINXING, ZHONGSHAN = "445202001-RMO", "445202002-RMO", "445202003-RMO"
LIUSHADONG = "445281001-RMO"
"""Three streets of 榕城区 and one of 普宁市."""

CITY, RONGCHENG, PUNING = "445200-RMO", "445202-RMO", "445281-RMO"
PAPER = b"%PDF-1.4\n%%EOF test "
ROAD = (
    "draft", "submitted", "accepted", "matching", "allocating", "list_fixed", "agreed", "clearing", "ready",
    "handing_over", "completed",
)  # fmt: skip

_running = count()


@dataclass
class Person:
    """One row of a roster: where the person lives and is registered, and what else the row says."""

    residence: str = RONGHUA
    hukou: str = ""
    street: str = ""
    station: str = ""
    name: str = "陈示例"
    number: str = ""
    remark: str = ""
    facts: dict = field(default_factory=dict)


def citizen_number(running: int | None = None) -> str:
    """A valid citizen number that no other test has."""
    running = next(_running) if running is None else running
    born = dt.date(1938, 1, 1) + dt.timedelta(days=running // 400)
    body = f"445299{born:%Y%m%d}{running % 400 + 1:03d}"
    return body + calc_check_digit(body + "0")


def people(number: int, *streets: str) -> list[Person]:
    """So many people, living in these streets by turns."""
    streets = streets or (RONGHUA, XINXING)
    return [Person(residence=streets[index % len(streets)]) for index in range(number)]


class World:
    """The demo town, built, with who holds which post there."""

    def __init__(self):
        town.build()
        self.offices = {office.key: office for office in Organisation.objects.all()}
        self.cast = Cast()

    def office(self, key: str) -> Organisation:
        return self.offices[key]

    def by(self, role: str, office) -> Acting:
        """Who holds this role at the body with this key, number or row."""
        pk = self.offices[office].pk if isinstance(office, str) else getattr(office, "pk", office)
        return self.cast.holder(role, pk)

    def authority(self, case, role: str) -> Acting:
        return self.cast.holder(role, case.authority_id)

    def applicant(self, case, role: str) -> Acting:
        return self.cast.holder(role, case.applicant_id)

    # --- from the roster to the street ---

    def draft(self, who=2, *, enterprise: str = "ENT-001") -> TransferBatch:
        """A batch with its roster, not yet filed."""
        roster = people(who) if isinstance(who, int) else list(who)
        clerk = self.by(Role.ENT_CLERK, enterprise)
        case = begin(TransferBatch, "prepare", by=clerk)
        self.roster(case, roster, by=clerk)
        return case

    def roster(self, case, roster: list[Person], *, by: Acting) -> RosterVersion:
        """Put a roster in force, as an upload without faults leaves it."""
        RosterVersion.objects.filter(case=case.pk).update(superseded=True)
        number = RosterVersion.objects.filter(case=case.pk).count() + 1
        version = RosterVersion.objects.create(
            case_id=case.pk, number=number, file_name="花名册.xlsx", sealed=b"", rows_count=len(roster),
            faulty_count=0, uploaded_by=by.user, uploaded_at=now(),
        )  # fmt: skip
        for person in roster:
            person.number = person.number or citizen_number()
        known = identities.register([person.number for person in roster])
        RosterRow.objects.bulk_create(
            self._row(version, line, person, known[person.number])
            for line, person in enumerate(roster, start=1)
        )
        return version

    def _row(self, version, line: int, person: Person, identity) -> RosterRow:
        facts = {
            "file": {"number": f"D{line:05d}", "volumes": 2, "pages": 60},
            "pension_insured": "是", "medical_insured": "是", "paying_agency": "市社保局",
        } | person.facts  # fmt: skip
        street = person.street or person.residence
        return RosterRow(
            version=version, row_no=line, name=person.name, identity=identity, remark=person.remark,
            sealed=registers.seal_facts(version.pk, line, facts),
            street=self.offices[street], residence=self.offices[person.residence],
            hukou=self.offices[person.hukou or person.residence],
            station=self.offices[person.station] if person.station else None,
            placement="RESIDENCE" if street == person.residence else "HUKOU",
        )  # fmt: skip

    def batch(self, stage: str, who=2, *, enterprise: str = "ENT-001") -> TransferBatch:
        """A batch that stands at ``stage`` of the road, its people where that stage leaves them."""
        case = self.draft(who, enterprise=enterprise)
        return self.bring(case, stage)

    def bring(self, case, stage: str) -> TransferBatch:
        """Take a batch further along the road until it stands at ``stage``."""
        while case.stage != stage:
            before = ROAD.index(case.stage)
            getattr(self, f"_to_{ROAD[before + 1]}")(case)
            case = TransferBatch.objects.get(pk=case.pk)
            # Where nothing is due the system goes further than asked.
            assert before < ROAD.index(case.stage) <= ROAD.index(stage), case.stage
        return case

    def _to_submitted(self, case):
        head = self.applicant(case, Role.ENT_HEAD)
        self.attach(case, StatusProof, by=head)
        perform(case, "submit", by=head)

    def _to_accepted(self, case):
        perform(case, "accept", by=self.authority(case, Role.RMO_CLERK))

    def _to_matching(self, case):
        perform(case, "query", by=self.authority(case, Role.RMO_CLERK))

    def _to_allocating(self, case):
        clerk = self.authority(case, Role.RMO_CLERK)
        perform(case, "record_answer", by=clerk, given={"answer": answer(case)})
        perform(case, "allocate", by=clerk)

    def _to_list_fixed(self, case):
        self.confirm(case)
        perform(case, "fix", by=self.authority(case, Role.RMO_REVIEWER))

    def _to_agreed(self, case):
        self.sign(case)

    def _to_clearing(self, case):
        for fee in FeeCollection.objects.filter(case=case, stage="awaiting"):
            self.issue(fee)

    def _to_ready(self, case):
        self.pay(case)

    def _to_handing_over(self, case):
        perform(case, "hand_over", by=self.authority(case, Role.RMO_HEAD), given=appointment())

    def _to_completed(self, case):
        self.receive(case)

    # --- acts on the way that tests also want by themselves ---

    def attach(self, case, kind, *, by: Acting):
        """Attach a paper that is like no other."""
        return attach(case, kind, PAPER + str(next(_running)).encode(), name="材料.pdf", by=by)

    def items(self, case, *stages: str):
        items = TransferItem.objects.filter(case=case.pk).order_by("pk")
        return items.filter(stage__in=stages) if stages else items

    def files(self, case):
        return FileHandover.objects.filter(case=case.pk).order_by("pk")

    def confirm(self, case) -> None:
        """Every street confirms whom it was asked about."""
        for street, rows in self.by_street(case, "placed"):
            perform_all(rows, "confirm", by=self.by(Role.STREET_CLERK, street))

    def sign(self, case) -> None:
        """Everybody signs who has not yet."""
        for signature in AgreementSignature.objects.filter(case=case, stage="waiting"):
            role = Role.ENT_HEAD if signature.organisation_id == case.applicant_id else Role.RMO_HEAD
            perform(signature, "sign", by=self.by(role, signature.organisation_id))

    def pay(self, case) -> None:
        """The bank brings what is due, and finance takes it in."""
        for fee in FeeCollection.objects.filter(case=case, stage="issued"):
            self.pay_in(fee, fee.amount_fen)
            perform(fee, "take", by=self.finance(fee, Role.FISCAL_OFFICER))

    def issue(self, fee) -> FeeCollection:
        """Three people of the bureau assess, review and issue; what costs nothing is free after the first."""
        for move, role in (
            ("assess", Role.FEE_CLERK), ("review", Role.RMO_REVIEWER), ("issue", Role.RMO_HEAD)
        ):  # fmt: skip
            if fee.stage in fee.moves[move].sources.names:
                fee = perform(fee, move, by=self.authority(fee.case, role))
        return fee

    def pay_in(self, fee, fen: int) -> None:
        """The bank says that so much came in for a fee."""
        by = self.finance(fee, Role.FISCAL_OFFICER)
        bank.pay_in(fee, fen, on=today(), by=by, serial=f"S{next(_running):08d}")

    def sign_the_month(self, fee) -> None:
        """Finance and the bureau sign the reconciliation of this month."""
        account, first = fee.finance.special_account, today().replace(day=1)
        people = [self.finance(fee, role).user for role in (Role.FISCAL_OFFICER, Role.FISCAL_REVIEWER)]
        Reconciliation.objects.create(
            account=account, month=first, figures={}, bank_fen=0, prepared_by=people[0], prepared_at=now(),
            reviewed_by=people[1], reviewed_at=now(), agreed_at=now(),
            agreed_by=self.authority(fee.case, Role.RMO_REVIEWER).user,
        )  # fmt: skip

    def finance(self, fee, role: str) -> Acting:
        return self.cast.holder(role, fee.finance_id)

    def receive(self, case) -> None:
        """Every street receives whom it was promised."""
        for street, rows in self.by_street(case, "cleared"):
            perform_all(rows, "receive", by=self.by(Role.STREET_HEAD, street))

    def report_death(self, item) -> None:
        """The reviewer confirms a death on the way, with its proof."""
        reviewer = self.authority(item.case, Role.RMO_REVIEWER)
        self.attach(item.case, DeathProof, by=reviewer)
        given = {"died_on": today(), "reported_by": "街道"}
        perform(item, "end_by_death", by=reviewer, given=given)

    def by_street(self, case, stage: str) -> Iterator[tuple[int, object]]:
        rows = self.items(case, stage)
        for street in sorted(set(rows.values_list("organisation", flat=True))):
            yield street, rows.filter(organisation=street)


@pytest.fixture(scope="module")
def standing_world(django_db_setup, django_db_blocker):
    """The town, built once for all tests of a file, and gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture
def world(standing_world, db):
    """The town; what a test does to it is taken back."""
    return standing_world


@pytest.fixture
def town_for_real(transactional_db) -> World:
    """The town in committed rows, for threads with connections of their own."""
    return World()


def today() -> dt.date:
    return timezone.localtime(now()).date()


def answer(case, *, differing=(), dead=()) -> SimpleUploadedFile:
    """The agency's sheet: it agrees but for the names of some items (by number), and knows some as dead."""
    lines = ["核对编号,待遇状态,社保登记姓名,死亡日期"]
    for item in CaseItem.objects.filter(case=case.pk, open=True).order_by("pk"):
        name = "另一姓名" if item.pk in differing else ""
        state, died_on = ("死亡", "2020-01-05") if item.pk in dead else ("领取中", "")
        lines.append(f"{item.pk},{state},{name},{died_on}")
    return SimpleUploadedFile("社保比对结果.csv", "\r\n".join(lines).encode("utf-8-sig"))


def workbook(case, rows: int = 2, *, change=lambda rows: None) -> SimpleUploadedFile:
    """A roster of invented people of the batch's enterprise, as a workbook; ``change`` may alter its rows."""
    town_of_today = synthetic.Town(today())
    company = town_of_today.enterprise(case.enterprise.enterprise.org_code)
    filled = list(synthetic.People(town_of_today, company, seed=next(_running)).rows(rows))
    change(filled)
    out = BytesIO()
    template.write_roster(out, cover=synthetic.cover_of(company, filled, today()), rows=filled)
    return SimpleUploadedFile("花名册.xlsx", out.getvalue())


def appointment() -> dict:
    return {
        "held_on": today(), "place": "市退管中心会议室", "handed_by": "谢楚霖", "received_by": "张燕涛",
        "witnessed_by": "纪敏玲",
    }  # fmt: skip


@contextmanager
def undone() -> Iterator[None]:
    """Try something and take it back."""
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)


def state_of(case) -> dict[str, list]:
    """Where everything of a case stands: (key, stage, moves made) of each row of each machine."""
    return {
        model.__name__: sorted(model.objects.filter(case=case.pk).values_list("pk", "stage", "row_seq"))
        for model in (CaseItem, FeeCollection, AgreementSignature, PersonnelFile)
    } | {"case": list(TransferBatch.objects.filter(pk=case.pk).values_list("pk", "stage", "row_seq"))}
