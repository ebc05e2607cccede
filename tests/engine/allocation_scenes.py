"""A yearly allocation and a start-up grant on their way, shown at each point where there is something new to decide."""

from collections.abc import Iterator
from uuid import uuid4

from apps.audit.streams import now
from apps.organisations.models import Organisation
from apps.retirees import identities
from apps.retirees.management import hand_to_street
from apps.retirees.people import Newcomer, enlist
from apps.treasury import journal
from apps.treasury.models import EntryKind, SpecialAccount
from tests.worlds import RONGCHENG, RONGHUA, XINXING, World, citizen_number, today
from workflows.models import FundAllocation
from workflows.rehearsals.allocation import AllocationRehearsal


def settle(world: World, street: str, heads: int) -> None:
    """Let a street manage so many people more, from now on."""
    numbers = [citizen_number() for _ in range(heads)]
    enterprise = world.office("ENT-001").pk
    people = enlist([Newcomer(one.pk, "陈示例", enterprise) for one in identities.register(numbers).values()])
    hand_to_street([(pk, world.office(street).pk, None) for pk in people.values()], now())


def earn(fen: int, finance: str = "445202-FIN") -> SpecialAccount:
    """Put so much into an account, received and credited today."""
    account = SpecialAccount.objects.get(finance=Organisation.objects.get(key=finance))
    entries = [
        journal.moving(kind, fen, account=account.pk, on=today(), summary="测试收入")
        for kind in (EntryKind.RECEIPT, EntryKind.CREDIT)
    ]
    journal.book(entries, act=uuid4(), at=now())
    return account


def allocation_scenes(world: World) -> Iterator[tuple[str, FundAllocation]]:
    """Yield (name, case) at each point: a yearly allocation to two streets, then a start-up grant to them."""
    settle(world, RONGHUA, 2)
    settle(world, XINXING, 1)
    earn(30_000_00)
    for kind, purpose in (("YEARLY", "activity"), ("START_UP", "")):
        one = AllocationRehearsal(world.office(RONGCHENG))
        one.calculate(kind, purpose)
        yield f"{kind} calculated", one.case
        for act in (one.submit, one.review, one.approve, one.pay, one.report):
            act()
            yield f"{kind} {one.case.stage}", one.case
