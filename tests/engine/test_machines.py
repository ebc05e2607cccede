"""What holds for every machine in the registry, derived from the machines themselves."""

import json
from collections import defaultdict
from itertools import chain
from pathlib import Path

import pytest
from django_fsm import TransitionNotAllowed

from apps.engine import judge, registry
from apps.engine.door import Refused, perform, perform_all
from apps.organisations.choices import Role
from apps.organisations.models import Enterprise, Organisation, Post
from apps.processes.checks import edges
from apps.transfers.models import RosterRow
from tests.engine import doing
from tests.engine.allocation_scenes import allocation_scenes
from tests.engine.exemption_scenes import exemption_scenes
from tests.engine.scenes import fee_scenes, scenes
from tests.worlds import CITY, undone

EDGES = json.loads((Path(__file__).parent / "edges.json").read_text(encoding="utf-8"))
LATER = {
    ("transferbatch", "completed", "closed"): "archiving a finished batch is not built yet",
    ("transferitem", "received", "closed"): "a person's closing waits for the archiving of the batch",
    ("transferitem", "enrolled", "closed"): "a person's closing waits for the archiving of the batch",
    ("transferitem", "settled", "closed"): "SETTLED is an end until closing is built",
    (
        "transferitem",
        "deferred",
        "listed",
    ): "who was deferred gets a new item, in a new batch that names the old one",
    (
        "transferitem",
        "returned",
        "listed",
    ): "who was returned gets a new item, in a new batch that names the old one",
}
OURS = {
    (
        "feecollection",
        "awaiting",
        "cancelled",
    ): "the list it waits for may be opened again before anybody assessed",
    **{
        (
            "fundallocation",
            stage,
            "draft",
        ): "who reviews, approves or pays may send it back to be reckoned again"
        for stage in ("calculated", "reviewed", "approved")
    },
    ("fundallocation", "draft", "withdrawn"): "a draft nobody has reviewed may be given up",
    ("feecollection", "paid", "issued"): "a part exemption revoked after the rest was paid is due again",
    ("feecollection", "credited", "issued"): "the same, once it is in the account",
    ("feecollection", "reconciled", "issued"): "the same, once its month is signed",
    ("feecollection", "part_paid", "part_paid"): "money may come in several parts",
    ("transferitem", "placed", "placed"): "the retiree may choose the other street until the list is fixed",
    ("transferitem", "confirmed", "placed"): "the same after a street has confirmed",
}


def want():
    return {(m, a, b) for m, ways in EDGES.items() for a, targets in ways.items() for b in targets}


def have():
    return {(name, *edge) for name in EDGES for edge in edges(registry.machine(name))}


def test_the_ways_between_stages_are_those_of_the_policy_or_explained():
    assert want() - have() == set(LATER)
    assert have() - want() == set(OURS)


# --- who may do what ---


def suspend_first(world, row):
    case = doing.case_of(row)
    doing.make(case, case.moves["suspend"], world.authority(case, Role.RMO_HEAD))


def nobody_is_left(world, row):
    case = doing.case_of(row)
    stages = [stage.name for stage in registry.machine("transferitem").moves["remove"].sources]
    rows = world.items(case, *stages)
    perform_all(rows, "remove", by=world.authority(case, Role.RMO_REVIEWER), reason_code="not_theirs")


def without_assets(world, row):
    Enterprise.objects.filter(organisation=row.case.enterprise).update(status="BANKRUPT")


def the_bank_brings_all(world, row):
    world.pay_in(row, row.amount_fen)


def the_bank_brings_a_part(world, row):
    world.pay_in(row, 1)


def the_month_is_signed(world, row):
    world.sign_the_month(row)


def without_file(world, row):
    type(row).objects.filter(pk=row.pk).update(file_no="")


def a_row_is_faulty(world, row):
    RosterRow.objects.current().filter(version__case=row.pk).update(blocking=True)


FIRST = {
    ("transferbatch", "leave_out"): a_row_is_faulty,
    ("transferbatch", "resume"): suspend_first,
    ("feeexemption", "resume"): suspend_first,
    ("transferbatch", "terminate"): nobody_is_left,
    ("feecollection", "take"): the_bank_brings_all,
    ("feecollection", "take_part"): the_bank_brings_a_part,
    ("feecollection", "reconcile"): the_month_is_signed,
    ("feecollection", "claim"): without_assets,
    ("filehandover", "certify_none"): without_file,
}
"""What must be so before a move can be made, where no scene shows it."""

NEVER_SEEN = {
    (
        "transferitem",
        "listed",
        move,
        "authority",
        Role.RMO_REVIEWER,
    ): "the act that lists somebody also decides"
    for move in ("remove", "end_by_death")
}


def declared():
    """Every (machine, stage, move, party's office) that the machines allow."""
    for model in registry.machines():
        for move in model.moves.values():
            for stage in move.sources:
                for party in move.parties:
                    yield (model._meta.model_name, stage.name, move.name, party.office, party.role)


def test_each_move_is_open_to_its_declared_parties_and_to_nobody_else(world):
    """Walks through every scene; each move there is made by each of its parties, and refused to strangers."""
    done, tried, knocked, why_not = set(), set(), set(), defaultdict(set)
    walked = chain(scenes(world), fee_scenes(world), exemption_scenes(world), allocation_scenes(world))
    for _scene, case in walked:
        for row in doing.one_of_each(case):
            for move in row.moves_from_here():
                for party in move.parties:
                    key = (row._meta.model_name, row.stage, move.name, party.office, party.role)
                    if key not in done:
                        unmet = refusal(world, row, move, doing.holder(world, row, party))
                        done.add(key) if unmet is None else why_not[key].add(unmet)
                if (row.stage, move) not in tried:
                    strangers_are_refused(world, row, move, knock=move not in knocked)
                    tried.add((row.stage, move))
                    knocked.add(move)
    missing = {key: why_not[key] for key in set(declared()) - done}
    assert set(missing) == set(NEVER_SEEN), missing


def refusal(world, row, move, by) -> str | None:
    """Why a party could not make a move with everything it takes; none when it could. Taken back either way."""
    if by is None:
        return "nobody holds this post"
    with undone():
        if prepare := FIRST.get((row._meta.model_name, move.name)):
            prepare(world, row)
        doing.attach_what_it_takes(world, row, move, by)
        before = fresh(row).row_seq
        try:
            doing.make(fresh(row), move, by)
        except Refused as refused:
            return str(refused)
        assert fresh(row).row_seq > before
    return None


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def strangers_are_refused(world, row, move, *, knock: bool):
    """Faces and door say the same words; the door is tried once for each move, its answers are asked of each stage."""
    said, given = f"由{judge.who(move)}办理", doing.given(move, row) if knock else {}
    for stranger in strangers(world, row, move):
        options = {option.move: option for option in fresh(row).moves_for(stranger)}
        assert (options[move].allowed, options[move].who) == (False, judge.who(move))
        assert said in options[move].unmet, f"{move.name} by {stranger}"
        if knock:
            with undone(), pytest.raises(Refused) as refused:
                perform(fresh(row), move.name, by=stranger, given=given, **doing.reason(move))
            assert said in str(refused.value), f"{move.name} by {stranger}"
            assert refused.value.who == judge.who(move)


def strangers(world, row, move):
    """The same roles elsewhere, the other roles here, another enterprise, the auditor."""
    offices = {party: doing.office_of(row, party) for party in move.parties}
    own = {(offices[party], party.role) for party in move.parties}
    here = set(
        Post.objects.held().filter(organisation__in=offices.values()).values_list("organisation", "role")
    )
    elsewhere = set()
    for party, office in offices.items():
        kind = Organisation.objects.get(pk=office).kind if office else ""
        others = (
            Post.objects.held().filter(role=party.role, organisation__kind=kind).exclude(organisation=office)
        )
        elsewhere |= set(others.order_by("pk").values_list("organisation", "role")[:2])
    always = {
        (world.office("ENT-015").pk, Role.ENT_HEAD),
        (world.office("ENT-015").pk, Role.ENT_CLERK),
        (world.office(CITY).pk, Role.AUDITOR),
    }
    for office, role in sorted((here | elsewhere | always) - own):
        yield world.by(role, office)


# --- the machine on the model itself ---


def test_nobody_makes_a_transition_outside_the_door(world):
    case = world.batch("submitted", 1)
    for row in doing.one_of_each(case):
        for move in row.moves_from_here():
            with pytest.raises(TransitionNotAllowed):
                getattr(row, move.name)()
            assert type(row).objects.get(pk=row.pk).row_seq == row.row_seq


def test_nobody_assigns_a_stage(world):
    for row in doing.one_of_each(world.batch("submitted", 1)):
        with pytest.raises(AttributeError):
            row.stage = "completed"


def test_every_transition_of_the_model_is_a_move_of_the_process():
    for model in registry.machines():
        made = {
            (transition.source, transition.target, transition.name)
            for transition in model._meta.get_field("stage").get_all_transitions(model)
        }
        declared = {
            (stage.name, (move.target or stage).name, move.name)
            for move in model.moves.values()
            for stage in move.sources
        } | {("", move.target.name, move.name) for move in model.moves.values() if not move.sources}
        assert made == declared
