"""A set moves exactly as its rows would one by one, and a bad row never sinks the rest."""

import random
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.audit.models import Event
from apps.cases.models import Case, CaseItem
from apps.engine.door import Refused, perform, perform_all
from apps.fees.models import Charge
from apps.organisations.choices import Role
from apps.organisations.models import User
from apps.retirees import vault
from apps.retirees.models import ManagementInterval, Retiree
from tests.worlds import CITY, LIUSHADONG, RONGHUA, XINXING, Person, citizen_number, today, undone
from workflows.models import TransferItem

MANY = 60


def mixed(world, seed: int, stage: str):
    """Two batches of people of one street and others, in whatever condition chance leaves them."""
    chance = random.Random(seed)
    cases, street = [], world.office(RONGHUA).pk
    for _batch in range(2):
        folk = [
            Person(residence=chance.choice([RONGHUA, RONGHUA, XINXING]), hukou=chance.choice([RONGHUA, LIUSHADONG]),
                   number=citizen_number())
            for _ in range(MANY // 2)
        ]  # fmt: skip
        case = world.batch("allocating" if stage == "allocating" else "clearing", folk)
        if stage == "allocating":
            for _street, rows in world.by_street(case, "placed"):
                some = [item.pk for item in rows if chance.random() < 0.2]
                by = world.by(Role.STREET_CLERK, rows[0].organisation_id)
                perform_all(rows.filter(pk__in=some), "dispute", by=by, reason_code="moved")
        else:
            case = world.bring(case, "handing_over")
            some = [
                item.pk
                for item in world.items(case)
                if item.organisation_id == street and chance.random() < 0.1
            ]
            perform_all(
                world.items(case).filter(pk__in=some), "receive", by=world.by(Role.STREET_HEAD, RONGHUA)
            )
        for item in world.items(case):
            if chance.random() < 0.1:
                Retiree.objects.filter(pk=item.retiree_id).update(died_on=today())
        cases.append(case)
    own = chance.choice(folk)
    digest = vault.digest(own.number)
    User.objects.filter(pk=world.by(Role.STREET_CLERK, RONGHUA).user.pk).update(identity_digest=digest)
    return TransferItem.objects.filter(case__in=[case.pk for case in cases]).order_by("pk")


def picture(rows) -> dict:
    """Everything a move may have changed, without moments and numbers that differ by nature."""
    pks = list(rows.values_list("pk", flat=True))
    retirees = list(rows.values_list("retiree", flat=True))
    items, cases = CaseItem.objects.filter(pk__in=pks), Case.objects.filter(items__in=pks).distinct()
    return {
        "items": list(items.order_by("pk").values_list("pk", "stage", "row_seq", "open")),
        "cases": list(cases.order_by("pk").values_list("pk", "stage", "row_seq")),
        "managers": sorted(
            ManagementInterval.objects.filter(retiree__in=retirees, period__upper_inf=True).values_list(
                "retiree", "manager", "station"
            ),
            key=str,
        ),
    }


def one_by_one(rows, name, **terms) -> dict[str, set[int]]:
    stayed = defaultdict(set)
    for row in rows:
        try:
            perform(row, name, **terms)
        except Refused as refused:
            stayed[refused.sentences[0]].add(row.pk)
    return stayed


def why(stayed) -> dict[str, set[int]]:
    """Who stayed for which first reason: one by one, the case may meanwhile have ended, which adds a second."""
    first = defaultdict(set)
    for sentence, pks in stayed.items():
        first[sentence.partition("；")[0]] |= set(pks)
    return first


ACTS = [
    ("allocating", "confirm", Role.STREET_CLERK, {}),
    ("allocating", "dispute", Role.STREET_CLERK, {"reason_code": "unknown"}),
    ("handing_over", "remove", Role.RMO_REVIEWER, {"reason_code": "duplicate"}),
    ("handing_over", "receive", Role.STREET_HEAD, {}),
    ("handing_over", "send_back", Role.STREET_HEAD, {"reason_code": "papers"}),
]


@settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 1_000_000))
@pytest.mark.parametrize(("stage", "name", "role", "terms"), ACTS, ids=[act[1] for act in ACTS])
def test_a_set_moves_as_its_rows_one_by_one(world, seed, stage, name, role, terms):
    with undone():
        rows = mixed(world, seed, stage)
        by = world.by(role, RONGHUA if role in (Role.STREET_CLERK, Role.STREET_HEAD) else CITY)
        with undone():
            stayed = one_by_one(rows, name, by=by, **terms)
            expected = picture(rows)
        outcome = perform_all(rows, name, by=by, **terms)
        assert picture(rows) == expected
        assert why(outcome.stayed) == why(stayed)
        assert outcome.moved == len(rows) - sum(map(len, stayed.values()))


def test_a_set_writes_one_event_for_each_case_with_everybody_in_it(world):
    rows = mixed(world, 7, "allocating")
    outcome = perform_all(rows, "confirm", by=world.by(Role.STREET_CLERK, RONGHUA))
    events = Event.objects.filter(act=outcome.act, move="confirm")
    assert {event.stream_id for event in events} == set(rows.values_list("case", flat=True))
    assert events.count() == 2
    moved = {(item.row_id, item.row_seq) for event in events for item in event.items.all()}
    assert moved == set(rows.filter(stage="confirmed").values_list("pk", "row_seq"))
    assert {item.source for event in events for item in event.items.all()} == {"placed"}
    assert sum(event.items_count for event in events) == outcome.moved


def test_a_set_of_one_that_cannot_move_says_why(world):
    case = world.batch("allocating", 1)
    outcome = perform_all(world.items(case), "confirm", by=world.by(Role.STREET_CLERK, LIUSHADONG))
    assert outcome.stayed == {"由街道（乡镇）经办人办理": [world.items(case).get().pk]}


# --- constraints ---


def clashes_later(world, item) -> None:
    """An interval that no demand asks about and only the exclusion constraint notices."""
    known = ManagementInterval.objects.filter(retiree=item.retiree_id)
    known.update(period=("2005-08-01", "2006-01-01"))
    known.create(
        retiree_id=item.retiree_id, manager=world.office(XINXING), period=("2080-01-01", "2090-01-01")
    )


@pytest.mark.parametrize("spoilt", [[4], [0, 8], [0, 1, 2, 3, 4, 5, 6, 7, 8]])
def test_a_row_that_breaks_a_constraint_never_sinks_the_rest(world, spoilt):
    """Whoever clashes stays, named by the sentence of the constraint; all others are received."""
    case = world.batch("handing_over", [Person(residence=RONGHUA) for _ in range(9)])
    items = list(world.items(case))
    for index in spoilt:
        clashes_later(world, items[index])
    outcome = perform_all(world.items(case), "receive", by=world.by(Role.STREET_HEAD, RONGHUA))
    assert outcome.moved == 9 - len(spoilt)
    assert [sorted(pks) for pks in outcome.stayed.values()] == [[items[index].pk for index in spoilt]]
    assert set(world.items(case, "cleared")) == {items[index] for index in spoilt}
    assert Event.objects.filter(act=outcome.act, move="receive").count() == (1 if outcome.moved else 0)


def test_one_row_that_breaks_a_constraint_stays_also_when_the_others_may_not_move(world):
    case = world.batch("handing_over", [Person(residence=RONGHUA), Person(residence=XINXING)])
    mine, theirs = world.items(case)
    clashes_later(world, mine)
    outcome = perform_all(world.items(case), "receive", by=world.by(Role.STREET_HEAD, RONGHUA))
    assert outcome.moved == 0
    assert {pk for pks in outcome.stayed.values() for pk in pks} == {mine.pk, theirs.pk}


def test_somebody_charged_before_is_never_charged_again(world):
    """Once in life: the second batch assesses only those for whom nobody has paid."""
    folk = [Person(residence=RONGHUA), Person(residence=RONGHUA)]
    case = world.batch("handing_over", folk)
    perform(
        world.items(case).first(), "send_back", by=world.by(Role.STREET_HEAD, RONGHUA), reason_code="absent"
    )
    world.receive(case)
    again = world.batch("list_fixed", [folk[0], Person(residence=RONGHUA)])
    charges = Charge.objects.filter(item__case=again.pk, void=False).order_by("item")
    assert [charge.amount_fen > 0 for charge in charges] == [False, True]
    retiree = world.items(case).first().retiree_id
    assert Charge.objects.filter(retiree=retiree, void=False, amount_fen__gt=0).count() == 1
