"""Who sees a case, and for whom something of it waits: the kept rows against the slow way of asking."""

import pytest

from apps.audit.streams import now
from apps.cases.models import Case, Participant
from apps.engine import participants, registry
from apps.organisations.choices import Role
from apps.organisations.models import Organisation
from tests.engine import doing
from tests.engine.walks import walk
from tests.worlds import CITY, LIUSHADONG, PUNING, RONGCHENG, RONGHUA, XINXING, ZHONGSHAN, Person


def waiting(case) -> dict[int, list]:
    """The slow way: for each organisation the roles and time limits of the rows of this case that wait on it."""
    case = Case.objects.get(pk=case.pk)
    found: dict[int, list] = {}
    for row in doing.rows_of(case):
        stage = row.at
        if stage.end or stage.holder is None:
            continue
        moves = [m for m in row.moves_from_here() if stage.holder in m.parties]
        if moves and all(m.during for m in moves) and not any(case.stage in m.during for m in moves):
            continue
        if office := doing.office_of(row, stage.holder):
            found.setdefault(office, []).append(
                (stage.holder.role, None if case.suspended_at else row.due_at)
            )
    return found


def may_act(case) -> set[int]:
    """The offices that could decide something of the case as it stands; whoever may act must see it."""
    stage, offices = Case.objects.get(pk=case.pk).stage, set()
    for row in doing.rows_of(case):
        for move in row.moves_from_here():
            if not move.during or stage in move.during:
                offices |= {doing.office_of(row, party) for party in move.parties}
    return offices - {None}


def kept(case) -> dict[int, tuple]:
    rows = Participant.objects.filter(case=case.pk)
    return {row.organisation_id: (row.open, row.due_at, row.roles) for row in rows}


def agree(case) -> None:
    """What is kept says the same as asking every row."""
    waits, rows = waiting(case), kept(case)
    assert {office for office, (open_, *_) in rows.items() if open_} == set(waits)
    for office, limits in waits.items():
        assert rows[office][1] == min((limit for _, limit in limits if limit), default=None)
    for office, (_, _, roles) in rows.items():
        assert roles == sorted({role for role, _ in waits.get(office, [])})
    assert may_act(case) <= set(rows)
    above = {pk for office in waits for pk in Organisation.objects.get(pk=office).lineage}
    assert above | {case.applicant_id, case.authority_id} <= set(rows)


@pytest.mark.parametrize("seed", range(300, 306))
def test_they_agree_with_the_rows_after_every_act(world, seed):
    assert walk(world, seed, steps=20, after=agree)


def test_reckoning_them_anew_changes_nothing(world):
    case = world.batch("handing_over", [Person(), Person(residence=LIUSHADONG)])
    before = kept(case)
    participants.refresh([case.pk])
    assert kept(case) == before
    Participant.objects.filter(case=case.pk).exclude(organisation=case.applicant_id).update(
        open=True, due_at=now()
    )
    participants.refresh([case.pk])
    assert kept(case) == before


def sees(world, role, office, case) -> bool:
    return Case.objects.seen_by(world.by(role, office)).filter(pk=case.pk).exists()


@pytest.mark.clause("M-023", "M-047", "M-058")
def test_each_office_sees_its_own_cases_and_no_others(world):
    """A street its own, a county its streets', the city all, an enterprise its own, an auditor the area's."""
    case = world.batch("allocating", [Person(residence=RONGHUA)], enterprise="ENT-001")
    assert sees(world, Role.STREET_CLERK, RONGHUA, case)
    assert sees(world, Role.RMO_CLERK, RONGCHENG, case)
    assert sees(world, Role.RMO_CLERK, CITY, case)
    assert sees(world, Role.ENT_CLERK, "ENT-001", case)
    assert sees(world, Role.AUDITOR, RONGCHENG, case)
    for role, office in (
        (Role.STREET_CLERK, XINXING), (Role.STREET_CLERK, LIUSHADONG), (Role.RMO_CLERK, PUNING),
        (Role.RMO_HEAD, PUNING), (Role.ENT_CLERK, "ENT-015"),
    ):  # fmt: skip
        assert not sees(world, role, office, case)


def test_a_street_keeps_sight_of_a_case_whose_people_went_elsewhere(world):
    case = world.batch("allocating", [Person(residence=RONGHUA, hukou=ZHONGSHAN)])
    item = world.items(case).get()
    clerk = world.by(Role.RMO_CLERK, CITY)
    move = registry.machine("transferitem").moves["replace"]
    doing.make(item, move, clerk)
    assert item.organisation == world.office(ZHONGSHAN)
    assert sees(world, Role.STREET_CLERK, RONGHUA, case)
    assert kept(case)[world.office(RONGHUA).pk] == (False, None, [])
    assert kept(case)[world.office(ZHONGSHAN).pk] == (True, item.due_at, [Role.STREET_CLERK])
