"""One batch on its way, shown at each point where there is something new to decide."""

from collections.abc import Iterator
from datetime import timedelta

from apps.audit.streams import now
from apps.documents.fee_papers import ClaimReceipt, OriginalReceipt
from apps.engine.door import perform, perform_all
from apps.organisations.choices import Role
from apps.organisations.models import Enterprise
from apps.retirees import identities
from apps.retirees.models import Retiree
from apps.retirees.people import Newcomer, enlist
from tests.worlds import (
    CITY,
    LIUSHADONG,
    RONGCHENG,
    RONGHUA,
    XINXING,
    Person,
    World,
    answer,
    citizen_number,
    today,
)
from workflows.models import FeeCollection, Refund, TransferBatch

STATION = f"{RONGHUA.removesuffix('-RMO')}-S1"


def scenes(world: World) -> Iterator[tuple[str, TransferBatch]]:
    """Yield (name, batch) at each point; the batch goes on when the next one is asked for."""
    case = world.draft([
        Person(hukou=XINXING), *(Person(hukou=LIUSHADONG) for _ in range(5)),
        *(Person(station=STATION) for _ in range(3)), dead_already(),
    ])  # fmt: skip
    clerk, reviewer = world.by(Role.RMO_CLERK, CITY), world.by(Role.RMO_REVIEWER, CITY)
    county, street = world.by(Role.RMO_REVIEWER, RONGCHENG), world.by(Role.STREET_CLERK, RONGHUA)

    yield "draft", case
    yield "submitted", (case := world.bring(case, "submitted"))
    perform(case, "correct", by=clerk, reason_code="papers")
    yield "correction", again(case)
    perform(again(case), "resubmit", by=world.applicant(case, Role.ENT_HEAD))
    yield "accepted", (case := world.bring(again(case), "accepted"))
    perform_all(world.items(case, "invalid"), "remove", by=reviewer, reason_code="survivor")

    case = world.bring(again(case), "matching")
    yield "matching", case
    differing = [item.pk for item in world.items(case, "valid")[:1]]
    perform(case, "record_answer", by=clerk, given={"answer": answer(case, differing=differing)})
    yield "answered", again(case)
    perform_all(world.items(case, "mismatch"), "explain", by=clerk, reason="已核对纸质材料")
    perform_all(world.items(case, "valid"), "assign", by=clerk)
    yield "all placed", again(case)
    case = perform(again(case), "allocate", by=clerk)

    one, two, three, four, *_ = world.items(case, "placed")
    perform_all(
        world.items(case).filter(pk__in=[one.pk, two.pk]), "dispute", by=street, reason_code="elsewhere"
    )
    perform(two, "refer", by=county, reason="跨县")
    perform(three, "confirm", by=street)
    perform(four, "defer", by=reviewer, reason_code="abroad", given={"review_on": today()})
    yield "allocating", again(case)
    perform(one, "settle", by=county, reason="已入户核实")
    perform(two, "rule", by=reviewer, reason="已入户核实")
    world.confirm(case)
    yield "all confirmed", again(case)

    for stage in ("list_fixed", "agreed", "clearing", "ready"):
        yield stage, (case := world.bring(again(case), stage))
    ill = world.items(case, "cleared").filter(station=world.office(RONGHUA)).last()
    perform(ill, "defer", by=reviewer, reason_code="hospital", given={"review_on": today()})
    yield "handing over", (case := world.bring(again(case), "handing_over"))
    head = world.by(Role.STREET_HEAD, RONGHUA)
    absent, *coming = world.items(case, "cleared").exclude(station=world.office(STATION))
    perform(absent, "send_back", by=head, reason_code="absent")
    served = world.items(case, "cleared").filter(station=world.office(STATION)).first()
    for item in (served, *coming):
        perform(item, "receive", by=head)
    for item in (served, coming[0]):
        perform(item, "enrol", by=street)
    archivist, files = world.by(Role.ARCHIVIST, CITY), list(world.files(case).filter(stage="announced"))
    for file in files[:3]:
        perform(file, "inspect", by=archivist, given={"messenger": "谢楚霖"})
    perform(
        files[1],
        "declare_gap",
        by=world.applicant(case, Role.ENT_HEAD),
        given={"gap": "缺一九八八年的工资表"},
    )
    perform(files[2], "send_back", by=archivist, reason_code="damaged")
    yield "some received", again(case)
    perform(again(case), "part", by=world.by(Role.RMO_HEAD, CITY))
    yield "partial", again(case)
    world.receive(case)
    yield "completed", again(case)


def fee_scenes(world: World) -> Iterator[tuple[str, TransferBatch]]:
    """Yield (name, batch) at each point of a fee that is paid late, in parts and too much, and of one paid duly."""
    case = world.batch("agreed", 2)
    clerk, reviewer = (world.authority(case, role) for role in (Role.FEE_CLERK, Role.RMO_REVIEWER))
    fee = FeeCollection.objects.get(case=case)
    officer, second = (world.finance(fee, role) for role in (Role.FISCAL_OFFICER, Role.FISCAL_REVIEWER))
    account = {"payee": "谢氏机械厂", "payee_bank": "示例银行", "payee_account": "6228000011112222"}
    credited = {"credited_on": today(), "slip": "HD-0001"}

    yield "awaiting", case
    fee = perform(fee, "assess", by=clerk)
    yield "assessed", again(case)
    fee = perform(fee, "review", by=reviewer)
    yield "reviewed", again(case)
    fee = perform(fee, "issue", by=world.authority(case, Role.RMO_HEAD))
    yield "issued", again(case)
    FeeCollection.objects.filter(pk=fee.pk).update(due_at=now() - timedelta(days=1))
    perform(FeeCollection.objects.get(pk=fee.pk), "lapse", by=None)
    yield "overdue", again(case)
    world.pay_in(fee, fee.amount_fen // 2)
    fee = perform(FeeCollection.objects.get(pk=fee.pk), "take_part", by=officer)
    yield "paid in part", again(case)
    world.pay_in(fee, fee.amount_fen)
    perform(fee, "take", by=officer)
    yield "overpaid", again(case)
    fee = perform(FeeCollection.objects.get(pk=fee.pk), "credit_meanwhile", by=officer, given=credited)
    perform(fee, "apply_for_refund", by=clerk, reason_code="overcharged", given=account)
    yield "refund asked for", again(case)
    refund = Refund.objects.get(assessment=fee)
    world.attach(case, OriginalReceipt, by=reviewer)
    refund = perform(refund, "verify", by=reviewer)
    yield "refund verified", again(case)
    refund = perform(refund, "approve", by=second)
    yield "refund approved", again(case)
    perform(refund, "pay", by=officer, given={"paid_on": today()})
    yield "refunded", again(case)

    case = world.batch("clearing", 2, enterprise="ENT-002")
    fee, reviewer = FeeCollection.objects.get(case=case), world.authority(case, Role.RMO_REVIEWER)
    world.attach(case, ClaimReceipt, by=reviewer)
    fee = perform(fee, "claim", by=reviewer, given={"claim_number": "债申〔2026〕1号"})
    yield "claimed", again(case)
    world.pay_in(fee, fee.amount_fen)
    fee = perform(fee, "take", by=officer)
    yield "paid", again(case)
    fee = perform(fee, "credit", by=officer, given=credited)
    yield "credited", again(case)
    world.sign_the_month(fee)
    perform(fee, "reconcile", by=second)
    yield "reconciled", again(case)


def again(case):
    return type(case).objects.get(pk=case.pk)


def dead_already() -> Person:
    """Somebody whom the register knows as dead."""
    person = Person(name="陈已故", number=citizen_number())
    identity = identities.register([person.number])[person.number]
    enterprise = Enterprise.objects.values_list("organisation", flat=True).first()
    retiree = enlist([Newcomer(identity.pk, person.name, enterprise)])[identity.pk]
    Retiree.objects.filter(pk=retiree).update(died_on="2020-01-05")
    return person
