"""A roster's way from the enterprise to the streets, every act by the post-holder whose act it is.

What somebody will decide about a person is read from the remark that the demo's rosters carry.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.streams import now
from apps.cases.evidence import attach
from apps.cases.models import Case, CaseItem
from apps.documents.papers import DeathProof, StatusProof
from apps.engine.door import Outcome, begin, perform, perform_all
from apps.exchange import uploads
from apps.exchange.matching import agreeing_answer
from apps.organisations.choices import Role
from apps.organisations.models import Organisation

from ..agreement import AgreementSignature
from ..fee_collection import FeeCollection
from ..file_handover import FileHandover
from ..transfer import TransferBatch
from ..transfer_items import TransferItem
from . import bank, money
from .cast import Cast

DISPUTED, RETURNED, DEFERRED, REMOVED, DEAD = (
    "演示：异议",
    "演示：退回",
    "演示：暂缓",
    "演示：剔除",
    "演示：在途死亡",
)
PROOF = b"%PDF-1.4\n%%EOF demonstration\n"


def _at_once(*, new_stage: bool) -> None:
    """No time passes between the acts."""


@dataclass
class Step:
    """One line of the report: at which stage, who decided what, on how many."""

    stage: str
    title: str
    who: str
    moved: int
    stayed: dict[str, int] = field(default_factory=dict)


class TransferRehearsal:
    """Walks one roster as far as it is told; ``between`` is called before each stage and act (the demo's clock)."""

    def __init__(
        self, enterprise: Organisation, *, between: Callable[..., None] = _at_once, tell=lambda step: None
    ):
        self.enterprise, self.between, self.tell = enterprise, between, tell
        self.cast = Cast()
        self.steps: list[Step] = []
        self.seconds: dict[str, float] = {}
        self.case: Case | None = None

    # --- the way, in the order in which the offices go ---

    def walk(self, content: bytes, file_name: str, *, until: str = "completed") -> Case:
        """File the roster and go on until the batch stands at ``until``; completed, until everybody is met."""
        way = [
            (self.submit, "submitted"), (self.accept, "accepted"), (self.query, "matching"),
            (self.match, "allocating"), (self.confirm, ""), (self.fix, "list_fixed"), (self.sign, "agreed"),
            (self.notify, "clearing"), (self.pay, "ready"), (self.appoint, "handing_over"), (self.receive, ""),
            (self.pay_back, ""), (self.settle_in, ""), (self.hand_files_over, "completed"),
        ]  # fmt: skip
        self._timed(self.prepare, content, file_name)
        for act, reached in way:
            self._timed(act)
            if reached == until:
                break
        self.case.refresh_from_db()
        return self.case

    def _timed(self, act: Callable[..., None], *given) -> None:
        started = time.perf_counter()
        self.between(new_stage=True)
        act(*given)
        self.seconds[act.__name__] = round(time.perf_counter() - started, 3)

    def prepare(self, content: bytes, file_name: str) -> None:
        """The clerk opens a batch and uploads the roster; rows that do not pass are expressly left out."""
        clerk = self._applicant(Role.ENT_CLERK)
        self.case = begin(TransferBatch, "prepare", by=clerk)
        version = uploads.upload(self.case, content, file_name, by=clerk)
        uploads.leave_out(version, version.rows.filter(blocking=True), by=clerk)
        self._note(_("填报名册"), clerk, version.rows_count, {_("不申报"): version.faulty_count})

    def submit(self) -> None:
        head = self._applicant(Role.ENT_HEAD)
        attach(self.case, StatusProof, PROOF, name="单位状态证明.pdf", by=head)
        self._perform("submit", head)
        self.cast.summon(self._streets())

    def accept(self) -> None:
        self._perform("accept", self._authority(Role.RMO_CLERK))

    def query(self) -> None:
        self._perform("query", self._authority(Role.RMO_CLERK))

    def match(self) -> None:
        """The agency's answer comes back and everybody who agrees goes to a street."""
        clerk = self._authority(Role.RMO_CLERK)
        self._perform("record_answer", clerk, given={"answer": agreeing_answer(self.case, by=clerk)})
        self._all(self._items("mismatch"), "explain", clerk, reason=_("经核对纸质材料，与名册一致"))
        self._all(self._items("valid"), "assign", clerk)
        self._all(self._items("invalid"), "remove", self._authority(Role.RMO_REVIEWER), reason_code="managed")
        self._perform("allocate", clerk)

    def ask_correction(self) -> None:
        self._perform("correct", self._authority(Role.RMO_CLERK), reason_code="roster",
                      reason=_("部分人员的档案编号与清单不符，请一并补正"))  # fmt: skip

    def confirm(self, share: float = 1.0) -> None:
        """Each street answers for its own people; county or city decides what a street disputes.

        With a smaller ``share`` the later streets have not answered, and what was disputed waits.
        """
        reviewer = self._authority(Role.RMO_REVIEWER)
        for street in self._first(share):
            clerk = self.cast.holder(Role.STREET_CLERK, street)
            mine = self._items("placed").filter(organisation=street)
            self._all(mine.filter(note__contains=DISPUTED), "dispute", clerk, reason_code="elsewhere")
            self._all(mine.exclude(note__contains=DISPUTED), "confirm", clerk)
        if share < 1:
            return
        disputes = (
            self._items("disputed")
            .order_by()
            .values_list("organisation", "organisation__superior")
            .distinct()
        )
        for street, county in list(disputes):
            county = self.cast.holder(Role.RMO_REVIEWER, county)
            disputed = self._items("disputed").filter(organisation=street)
            self._all(disputed, "settle", county, reason=_("经入户核实，该人员常年居住于该街道"))
        self._all(
            self._items("confirmed").filter(note__contains=REMOVED),
            "remove",
            reviewer,
            reason_code="not_theirs",
        )
        review_on = self._today() + timedelta(days=60)
        self._all(self._items("confirmed").filter(note__contains=DEFERRED), "defer", reviewer, reason_code="hospital",
                  given={"review_on": review_on})  # fmt: skip

    def fix(self) -> None:
        self._perform("fix", self._authority(Role.RMO_REVIEWER))

    def sign(self) -> None:
        """Every signing body signs; with the last signature the agreement holds."""
        for signature in AgreementSignature.objects.filter(case=self.case, stage="waiting"):
            role = Role.ENT_HEAD if signature.organisation_id == self.case.applicant_id else Role.RMO_HEAD
            self._perform("sign", self.cast.holder(role, signature.organisation_id), row=signature)

    def notify(self) -> None:
        """Three people of the bureau assess, review and issue."""
        for move, role in (
            ("assess", Role.FEE_CLERK), ("review", Role.RMO_REVIEWER), ("issue", Role.RMO_HEAD)
        ):  # fmt: skip
            for fee in FeeCollection.objects.filter(
                case=self.case, stage__in=FeeCollection.moves[move].sources.names
            ):
                self._perform(move, self._authority(role), row=fee)

    def pay(self) -> None:
        """The money comes by the bank; finance takes it in and sees it in the account."""
        for fee in FeeCollection.objects.filter(case=self.case, stage="issued"):
            officer, today = self.cast.holder(Role.FISCAL_OFFICER, fee.finance_id), self._today()
            bank.pay_in(fee, fee.amount_fen, on=today, by=officer, serial=f"SF{fee.reference}")
            self._perform("take", officer, row=fee)
            self._perform("credit", officer, row=fee, given={"credited_on": today, "slip": fee.reference})

    def appoint(self) -> None:
        """The head names date, place and the three who sign; a death on the way is confirmed before."""
        reviewer = self._authority(Role.RMO_REVIEWER)
        if (dead := self._items("cleared").filter(note__contains=DEAD)).exists():
            attach(self.case, DeathProof, PROOF, name="死亡证明.pdf", by=reviewer)
            self._all(
                dead, "end_by_death", reviewer, given={"died_on": self._today(), "reported_by": _("街道")}
            )
        given = {
            "held_on": self._today(),
            "place": _("市退管中心会议室"),
            "handed_by": self._applicant(Role.ENT_CLERK).user.name,
            "received_by": _("各接收街道所长"),
            "witnessed_by": self._authority(Role.ARCHIVIST).user.name,
        }
        self._perform("hand_over", self._authority(Role.RMO_HEAD), given=given)

    def receive(self, share: float = 1.0) -> None:
        """Each street receives its own people in one act; who does not come is returned."""
        for street in self._first(share):
            head = self.cast.holder(Role.STREET_HEAD, street)
            mine = self._items("cleared").filter(organisation=street)
            self._all(mine.filter(note__contains=RETURNED), "send_back", head, reason_code="absent")
            self._all(mine.exclude(note__contains=RETURNED), "receive", head)

    def pay_back(self) -> None:
        """What was paid for somebody who was not handed over goes back."""
        for fee in FeeCollection.objects.filter(case=self.case, stage="overpaid"):
            money.pay_back(fee, cast=self.cast, act=self._make)

    def part(self) -> None:
        self._perform("part", self._authority(Role.RMO_HEAD))

    def settle_in(self) -> None:
        """The street enters its ledger; the station meets everybody and hands out the card."""
        for street in self._streets():
            clerk = self.cast.holder(Role.STREET_CLERK, street)
            self._all(self._items("received").filter(organisation=street), "enrol", clerk)
        stations = self._items("enrolled").order_by().values_list("station", "organisation").distinct()
        for station, street in list(stations):
            role = Role.STREET_CLERK if station == street else Role.STATION_WORKER
            mine = self._items("enrolled").filter(station=station)
            self._all(mine, "meet", self.cast.holder(role, station), given={"met_on": self._today()})

    def hand_files_over(self) -> None:
        """The archive checks and receives the files of everybody who was received."""
        archivist = self._authority(Role.ARCHIVIST)
        received = CaseItem.objects.filter(case=self.case, stage__in=["received", "enrolled", "settled"])
        files = FileHandover.objects.filter(case=self.case, retiree__in=received.values("retiree"))
        self._all(files.filter(stage="announced").exclude(file_no=""), "inspect", archivist,
                  given={"messenger": self._applicant(Role.ENT_CLERK).user.name})  # fmt: skip
        self._all(files.filter(stage="checked"), "accept", archivist,
                  given={"witness": self._authority(Role.RMO_CLERK).user.name})  # fmt: skip

    @staticmethod
    def afterwards() -> None:
        """What the offices do beside the batches, once these are walked."""
        money.sign_months(Cast())
        money.allocate()

    # --- the tally ---

    def counts(self) -> dict[str, int]:
        """Where the people ended: listed is the sum of the six that follow (INV-09)."""
        stages = Counter(self._items().values_list("stage", flat=True))
        ended = {
            "received": sum(stages[name] for name in ("received", "enrolled", "settled")),
            "returned": stages["returned"],
            "deferred": stages["deferred"],
            "removed": stages["removed"],
            "ended": stages["ended_death"],
        }
        listed = sum(stages.values())
        return {"listed": listed, **ended, "open": listed - sum(ended.values())}

    def by_street(self) -> dict[str, int]:
        """How many people each street received."""
        received = self._items().filter(stage__in=["received", "enrolled", "settled"])
        return dict(
            Counter(
                received.order_by("organisation__name").values_list("organisation__short_name", flat=True)
            )
        )

    # --- the small words ---

    def _today(self):
        return timezone.localtime(now()).date()

    def _applicant(self, role):
        return self.cast.holder(role, self.case.applicant_id if self.case else self.enterprise.pk)

    def _authority(self, role):
        return self.cast.holder(role, self.case.authority_id)

    def _items(self, *stages):
        items = TransferItem.objects.filter(case=self.case)
        return items.filter(stage__in=stages) if stages else items

    def _streets(self) -> list[int]:
        return sorted(
            self._items()
            .exclude(organisation=None)
            .order_by()
            .values_list("organisation", flat=True)
            .distinct()
        )

    def _first(self, share: float) -> list[int]:
        streets = self._streets()
        return streets[: max(1, round(len(streets) * share))]

    def _perform(self, move: str, by, *, row=None, **terms) -> None:
        self._make(row or TransferBatch.objects.get(pk=self.case.pk), move, by=by, **terms)

    def _make(self, row, move: str, *, by, **terms) -> None:
        self.between(new_stage=False)
        title = row.moves[move].title
        perform(row, move, by=by, **terms)
        self._note(title, by, 1)

    def _all(self, rows, move: str, by, **terms) -> Outcome | None:
        if not rows.exists():
            return None
        self.between(new_stage=False)
        outcome = perform_all(rows, move, by=by, **terms)
        self._note(
            rows.model.moves[move].title, by, outcome.moved, {s: len(r) for s, r in outcome.stayed.items()}
        )
        return outcome

    def _note(self, title, by, moved: int, stayed: dict[str, int] | None = None) -> None:
        stage = Case.objects.filter(pk=self.case.pk).values_list("stage", flat=True).get()
        step = Step(
            str(TransferBatch.stages[stage].title),
            str(title),
            f"{by.organisation} {by.user}",
            moved,
            stayed or {},
        )
        self.steps.append(step)
        self.tell(step)
