"""``manage.py check`` proves every process before it is ever run."""

from collections import Counter
from collections.abc import Iterator

from django.core.checks import Error, Tags, register

from apps.engine import registry
from apps.engine.models import AbstractCase
from apps.policies.keys import KEYS


@register()
def check_processes(app_configs, **kwargs):
    """One error per hole in a machine: no way in, no way out, nobody to act, no clock, no such name."""
    return [
        Error(f"{model.__name__}: {text}", id=f"process.{code}")
        for model in registry.machines()
        for code, text in faults(model)
    ]


@register(Tags.database, deploy=True)
def check_waiting_rows(app_configs, databases=None, **kwargs):
    """Before a release: rows that wait in a stage which the code no longer knows."""
    return [
        Error(f"{model.__name__}: {count} rows wait in {stage}, which is no more", id="process.E020")
        for model in registry.machines()
        if databases
        for stage, count in Counter(
            model.rows().exclude(stage__in=[*model.stages, ""]).values_list("stage", flat=True)
        ).items()
    ]


def faults(model) -> Iterator[tuple[str, str]]:
    """Yield (code, sentence) for everything that is wrong with one machine."""
    yield from _shape(model)
    yield from _waits(model)
    yield from _moves(model)


def edges(model) -> set[tuple[str, str]]:
    """Every way from one stage to another, as names; what is entered comes from the empty name."""
    found = {("", name) for name in starts(model)}
    for move in model.moves.values():
        found |= {(source.name, move.target.name) for source in move.sources if move.target}
    return found


def starts(model) -> set[str]:
    return {stage.name for stage in model.stages.values() if stage.start}


def reach(start: set[str], ways: set[tuple[str, str]]) -> set[str]:
    """Everything that can be reached from ``start`` along ``ways``."""
    seen: set[str] = set()
    todo = set(start)
    while todo:
        seen |= todo
        todo = {target for source, target in ways if source in todo} - seen
    return seen


def _shape(model):
    ways, begin = edges(model), starts(model)
    ends = {stage.name for stage in model.stages.values() if stage.end}
    resting = {stage.name for stage in model.stages.values() if stage.rests}
    reached, leading_out = reach(begin, ways), reach(ends | resting, {(b, a) for a, b in ways})
    if len(begin) != 1:
        yield "E001", f"needs exactly one start, has {sorted(begin)}"
    for name in model.stages:
        if name not in reached:
            yield "E002", f"no move ever leads to {name}"
        if name not in leading_out:
            yield "E003", f"no way from {name} to an end"
        if name in ends and any(source == name for source, _target in ways):
            yield "E004", f"{name} is an end, yet a move leaves it"


def _waits(model):
    for stage in model.stages.values():
        leaving = registry.leaving(model, stage)
        if stage.end or stage.rests:
            continue
        if stage.holder is None and not any(move.automatic for move in leaving) and not stage.items:
            yield "E005", f"nobody holds {stage.name}"
        if stage.holder and not stage.items and not any(_by_office(move, stage.holder) for move in leaving):
            yield "E006", f"the holder of {stage.name} can do nothing there"
        if stage.holder and not stage.within and not stage.untimed:
            yield "E007", f"{stage.name} has no clock and does not say why"
        if stage.within and stage.within.key not in KEYS:
            yield "E008", f"the clock of {stage.name} asks for the undeclared rule {stage.within.key}"


def _by_office(move, holder) -> bool:
    return not move.parties or any(party.office == holder.office for party in move.parties)


def _moves(model):
    names = {f"{m._meta.model_name}.{name}" for m in registry.machines() for name in m.moves}
    for move in model.moves.values():
        if not move.parties and not move.automatic and not move.on_clock:
            yield "E009", f"nobody may {move.name}"
        if move.automatic and not move.after and move.name not in model.on.values():
            yield "E014", f"nothing ever brings {move.name} about"
        for party in move.parties:
            if not party.known_to(model):
                yield "E010", f"{move.name}: a row has no office {party.office}"
        for cause in move.after:
            if isinstance(cause, str) and cause not in names:
                yield "E011", f"{move.name} follows {cause}, which does not exist"
        if move.during and not set(move.during) <= set(_case_stages(model)):
            yield "E012", f"{move.name} happens during stages the case does not have"
        if move.automatic and move.name in _followed(move):
            yield "E013", f"{move.name} brings itself about"


def _case_stages(model) -> list[str]:
    if issubclass(model, AbstractCase):
        return list(model.stages)
    return list(registry.machine(model.within_case).stages)


def _followed(move, seen=()) -> set[str]:
    """The names of the system's moves that a move brings about, at any distance."""
    found = set()
    for follower in registry.systems_after(move):
        if follower not in seen:
            found |= {follower.name} | _followed(follower, (*seen, follower))
    return found
