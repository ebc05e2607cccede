"""``manage.py check`` finds every hole planted in a machine, and none in those in force."""

import pytest

from apps.engine import registry
from apps.engine.words import SYSTEM, Move, Party, Stage, Stages, days
from apps.organisations.choices import Role
from apps.processes import checks

CLERK = Party(Role.RMO_CLERK, "authority", "经办人")
APPLICANT = Party(Role.ENT_CLERK, "applicant", "企业经办人")
STRANGER = Party(Role.RMO_CLERK, "moon", "月亮办")


def machine(**words):
    """A machine of these words, as its class statement would make it; without words a sound one."""

    class Machine:
        case_path = "case"
        within_case = "transferbatch"
        offices = {"authority": "case__authority", "applicant": "case__applicant"}
        on: dict = {}

        class _meta:  # noqa: N801 - Django's own name
            model_name = "machine"

    for name, word in (sound() | words).items():
        if word is not None:
            word.contribute_to_class(Machine, name)
    return Machine


def sound() -> dict:
    begun = Stage("开始", CLERK, within=days("transfer.acceptance"), start=True)
    ended = Stage("结束", end=True)
    return {"begun": begun, "ended": ended, "finish": begun.to(ended, "办结", by=CLERK)}


def codes(model) -> set[str]:
    return {code for code, _sentence in checks.faults(model)}


def test_a_sound_machine_has_no_fault():
    assert list(checks.faults(machine())) == []


@pytest.mark.parametrize("model", registry.machines(), ids=lambda model: model.__name__)
def test_the_machines_in_force_have_none(model):
    assert list(checks.faults(model)) == []


def test_two_starts_are_found():
    words = sound()
    second = Stage("另一开始", CLERK, untimed="不限", start=True)
    assert "E001" in codes(machine(**words, second=second, go=second.to(words["ended"], "办结", by=CLERK)))


def test_no_start_is_found():
    begun, ended = Stage("开始", CLERK, untimed="不限"), Stage("结束", end=True)
    assert "E001" in codes(machine(begun=begun, ended=ended, finish=begun.to(ended, "办结", by=CLERK)))


def test_an_unreachable_stage_is_found():
    words = sound()
    island = Stage("孤岛", CLERK, untimed="不限")
    assert codes(machine(**words, island=island, leave=island.to(words["ended"], "离开", by=CLERK))) == {
        "E002"
    }


def test_a_dead_end_is_found():
    words = sound()
    pit = Stage("深坑", CLERK, untimed="不限")
    fall, wait = words["begun"].to(pit, "掉进", by=CLERK), pit.stays("等", by=CLERK)
    assert codes(machine(**words, pit=pit, fall=fall, wait=wait)) == {"E003"}


def test_a_move_out_of_an_end_is_found():
    words = sound()
    assert codes(machine(**words, revive=words["ended"].to(words["begun"], "复活", by=CLERK))) == {"E004"}


def test_a_stage_that_nobody_holds_is_found():
    begun, ended = Stage("开始", untimed="不限", start=True), Stage("结束", end=True)
    assert codes(machine(begun=begun, ended=ended, finish=begun.to(ended, "办结", by=CLERK))) == {"E005"}


def test_a_holder_who_can_do_nothing_is_found():
    begun, ended = Stage("开始", APPLICANT, untimed="不限", start=True), Stage("结束", end=True)
    assert codes(machine(begun=begun, ended=ended, finish=begun.to(ended, "办结", by=CLERK))) == {"E006"}


def test_a_missing_clock_without_a_word_why_is_found():
    begun, ended = Stage("开始", CLERK, start=True), Stage("结束", end=True)
    assert codes(machine(begun=begun, ended=ended, finish=begun.to(ended, "办结", by=CLERK))) == {"E007"}


def test_a_clock_of_an_undeclared_rule_is_found():
    begun, ended = Stage("开始", CLERK, within=days("transfer.nonsense"), start=True), Stage("结束", end=True)
    assert codes(machine(begun=begun, ended=ended, finish=begun.to(ended, "办结", by=CLERK))) == {"E008"}


def test_a_move_of_nobody_is_found():
    words = sound()
    assert codes(machine(**words, drift=words["begun"].to(words["ended"], "漂走"))) == {"E009"}


def test_a_party_that_rows_do_not_have_is_found():
    words = sound()
    assert codes(machine(**words, land=words["begun"].to(words["ended"], "登月", by=STRANGER))) == {"E010"}


def test_a_cause_that_does_not_exist_is_found():
    words = sound()
    move = words["begun"].to(words["ended"], "随后", by=SYSTEM, after=["transferbatch.nonsense"])
    assert codes(machine(**words, follow=move)) == {"E011"}


def test_stages_that_the_case_does_not_have_are_found():
    words = sound()
    move = words["begun"].to(words["ended"], "届时", by=CLERK, during=["nonsense"])
    assert codes(machine(**words, then=move)) == {"E012"}


def test_a_system_move_that_brings_itself_about_is_found(monkeypatch):
    words = sound()
    other = Stage("往返", untimed="不限")
    there = Move(Stages((words["begun"],)), other, "去", by=SYSTEM)
    back = Move(Stages((other,)), words["begun"], "回", by=SYSTEM, after=[there])
    there.after = [back]
    model = machine(**words, other=other, there=there, back=back)
    monkeypatch.setattr(registry, "machines", lambda: (model,))
    assert codes(model) == {"E013"}


def test_a_system_move_that_nothing_brings_about_is_found():
    words = sound()
    assert codes(machine(**words, never=words["begun"].to(words["ended"], "从不", by=SYSTEM))) == {"E014"}


def test_each_fault_becomes_an_error_of_the_check(monkeypatch):
    words = sound()
    model = machine(**words, drift=words["begun"].to(words["ended"], "漂走"))
    monkeypatch.setattr(registry, "machines", lambda: (model,))
    assert [error.id for error in checks.check_processes(None)] == ["process.E009"]
