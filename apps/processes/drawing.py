"""Where everything stands in the drawing of a process: its case and each machine beside it, a pool each.

Stages stand below each other in the order the policy declares them. What leaves a stage goes down to the next
one, or right to the rail of the stage it leads to; what arrives comes from that rail, along the stage's upper
edge. So lines share a course only where they lead to the same stage, and none touches a stage that is not its own.
"""

from itertools import count

from apps.engine import registry
from apps.engine.flow import targets

from .shapes import SIZES, TASK_WIDTH, Drawing, Line, Node, Pool, width_of
from .sheet import holder

BAND = 30  # the strip at the left of a pool, which BPMN keeps for its name
LEFT = BAND + 20
GATEWAY_LEFT = LEFT + TASK_WIDTH + 20
NAMES_FROM = GATEWAY_LEFT + 50
ENTRY, EXIT = 12, 46  # below the top of a stage: where lines arrive, and where one leaves
BRANCH, GAP = 26, 30  # from one line to the next, and from one stage to the next
RAIL = 18
BETWEEN = 40


def draw(process) -> Drawing:
    """Lay out a process: the case on top, its people and what runs beside it below."""
    beside = [model for model in registry.machines() if model.within_case == process._meta.model_name]
    pools, top = [], 0
    for machine in (process, *beside):
        pools.append(pool := _pool(machine, top))
        top += pool.height + BETWEEN
    rails = RAIL + max(line.name_at[0] + width_of(line.title) for pool in pools for line in pool.lines)
    right = max(_lay_rails(pool, rails) for pool in pools)
    return Drawing(process, pools, right)


def _pool(machine, top: int) -> Pool:
    pool = Pool(machine, top)
    opening = [move for move in machine.moves.values() if not move.sources]
    first = registry.start(machine)
    stages = sorted(machine.stages.values(), key=lambda stage: stage is not first)
    start = Node(f"{machine._meta.model_name}.opening", "start", LEFT + TASK_WIDTH // 2 - 18, top + GAP)
    y = start.bottom + BRANCH + GAP
    shapes = {}
    for stage, following in zip(stages, [*stages[1:], None], strict=True):
        kind = "end" if stage.end else "task"
        x = LEFT + TASK_WIDTH - SIZES[kind][0]
        name = f"{machine._meta.model_name}.{stage.name}"
        shapes[stage] = shape = Node(name, kind, x, y, str(stage.title), holder(stage))
        y = shape.bottom + BRANCH * len(_leaving_below(machine, stage, following)) + GAP
    pool.nodes += [start, *shapes.values()]
    title = str(opening[0].title) if opening else ""
    name_at = (start.middle + 8, start.bottom + BRANCH)
    pool.lines.append(Line(start, shapes[first], _straight(start, shapes[first]), title, name_at))
    for stage, following in zip(stages, [*stages[1:], None], strict=True):
        _leave(pool, shapes, stage, following)
    pool.height = y - top
    return pool


def _timeouts(machine, stage) -> list:
    return [move for move in registry.leaving(machine, stage) if move.on_clock]


def _ways(machine, stage, following) -> list:
    """The stages that decisions lead to from here, the next one last."""
    return sorted(targets(machine, stage), key=lambda target: target is following)


def _leaving_below(machine, stage, following) -> list:
    """What leaves a stage below its box: all but the first way to the rails, which leaves at its side."""
    ways = _ways(machine, stage, following)
    return _timeouts(machine, stage) + (ways if ways[:1] == [following] else ways[1:])


def _leave(pool: Pool, shapes: dict, stage, following) -> None:
    """Draw the ways out of a stage: when time is up, then by decision, at last down to the stage that follows."""
    task, machine = shapes[stage], pool.machine
    heights = count(task.bottom + BRANCH, BRANCH)
    for place, move in enumerate(_timeouts(machine, stage)):
        timer = Node(f"{task.id}.{move.name}", "timer", task.x + 12 + 36 * place, task.bottom - 14, host=task)
        pool.nodes.append(timer)
        _to_the_rail(pool, timer, shapes[move.target], str(move.title), next(heights))
    ways = _ways(machine, stage, following)
    source = task
    if len(ways) > 1:
        source = Node(f"{task.id}.gateway", "gateway", GATEWAY_LEFT, task.y + EXIT - 20, host=task)
        pool.nodes.append(source)
        pool.lines.append(Line(task, source, [(task.right, source.centre), (source.x, source.centre)]))
    for place, target in enumerate(ways):
        shape, title = shapes[target], _decisions(machine, stage, target)
        if target is not following:
            _to_the_rail(
                pool, source, shape, title, next(heights) if place else task.y + EXIT, aside=not place
            )
            continue
        height = next(heights)
        points, name_at = _straight(task, shape), (task.middle + 8, height)
        if source is not task:
            points = [
                (source.middle, source.bottom), (source.middle, height), (shape.middle, height),
                (shape.middle, shape.y),
            ]  # fmt: skip
            name_at = (NAMES_FROM, height)
        pool.lines.append(Line(source, shape, points, title, name_at))


def _straight(above: Node, below: Node) -> list[tuple[int, int]]:
    return [(below.middle, above.bottom), (below.middle, below.y)]


def _decisions(machine, stage, target) -> str:
    """The decisions that lead from a stage to another, in words."""
    titles = (
        str(move.title)
        for move in registry.leaving(machine, stage)
        if move.target is target and not move.on_clock
    )
    return " / ".join(dict.fromkeys(titles))


def _to_the_rail(pool: Pool, source: Node, target: Node, title: str, height: int, *, aside=False) -> None:
    """Begin a line that goes right at ``height``, from the side of its shape or from below it."""
    points = [(source.right, height)] if aside else [(source.middle, source.bottom), (source.middle, height)]
    line = Line(source, target, points, title, (NAMES_FROM, height))
    pool.lines.append(line)
    pool.open.setdefault(target, []).append(line)


def _lay_rails(pool: Pool, left: int) -> int:
    """Lead the open lines along rails to their stages, short ways nearest; return how far right that reaches."""
    spans = []
    for target, lines in pool.open.items():
        entry = target.centre if target.kind == "end" else target.y + ENTRY
        heights = [entry, *(line.points[-1][1] for line in lines)]
        spans.append((min(heights), max(heights), entry, target, lines))
    rails: list[list[tuple[int, int]]] = []
    for top, bottom, entry, target, lines in sorted(spans, key=lambda span: span[1] - span[0]):
        place = next((n for n, taken in enumerate(rails) if _is_free(taken, top, bottom)), len(rails))
        rails[place:] = rails[place:] or [[]]
        rails[place].append((top, bottom))
        x = left + RAIL * place
        for line in lines:
            line.points += [(x, line.points[-1][1]), (x, entry), (target.right, entry)]
    return left + RAIL * len(rails)


def _is_free(taken: list[tuple[int, int]], top: int, bottom: int) -> bool:
    return all(bottom < begin or end < top for begin, end in taken)
