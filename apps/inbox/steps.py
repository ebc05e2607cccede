"""The step bar of a case: the way its process usually goes, and where this case stands on it."""

from dataclasses import dataclass

from apps.engine.words import Stage


@dataclass(frozen=True)
class Step:
    """One stage of the bar: done, now, off (beside the usual way), or still to come."""

    title: str
    state: str


def steps(model, stage: Stage, visited: set[str]) -> list[Step]:
    """The usual way through a process; before where the case stands only what it really passed."""
    way = usual_way(model)
    order = list(model.stages.values())
    if stage in way:
        place = way.index(stage)
    else:
        place = next(
            (n for n, step in enumerate(way) if order.index(step) > order.index(stage) and not stage.end),
            None,
        )
        passed = [n for n, step in enumerate(way) if step.name in visited]
        place = (max(passed) + 1 if passed else 0) if stage.end or place is None else place
    before = [Step(step.title, "done") for step in way[:place] if step.name in visited]
    here = Step(stage.title, "now" if stage in way else "off")
    after = way[place + 1 :] if stage in way else way[place:]
    return [*before, here, *([] if stage.end else [Step(step.title, "") for step in after])]


def usual_way(model) -> list[Stage]:
    """From the opening on, always the nearest stage that comes later in the file and waits on the offices."""
    order = list(model.stages.values())
    way = [next(move.target for move in model.moves.values() if not move.sources)]
    while not way[-1].rests and (following := [
        move.target
        for move in model.moves.values()
        if move.target and way[-1] in move.sources and not move.target.paused
        and order.index(move.target) > order.index(way[-1])
    ]):  # fmt: skip
        way.append(min(following, key=order.index))
    return way
