"""The process as its officers read and sign it: a table of stages and a table of decisions."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.engine import judge, registry
from apps.policies import seeds
from apps.policies.keys import KEYS


class StageRow(NamedTuple):
    """What the sheet says of a stage."""

    title: str
    name: str
    holder: str
    clock: str
    rule: str


class MoveRow(NamedTuple):
    """What the sheet says of a decision."""

    sources: str
    target: str
    title: str
    name: str
    by: str
    conditions: str
    takes: str
    asks: str
    reasons: str
    others: str
    gives: str
    basis: str

    @property
    def terms(self) -> list[tuple[str, str]]:
        """What a decision asks and gives, and what it rests on, each with what it is called."""
        terms = slice(MoveRow._fields.index("conditions"), None)
        return [(called, said) for called, said in zip(move_head()[terms], self[terms], strict=True) if said]


def sheet(model) -> str:
    """Return the sheet of one machine as Markdown: what a policy change is a diff of."""
    values = {row["key"]: row["value"] for row in seeds.rows("rules.csv")}
    lines = [f"# {model._meta.verbose_name}", "", f"`{model._meta.model_name}` · {model.__module__}", ""]
    lines += _table(stage_head(), stages(model, values))
    lines += [""]
    lines += _table(move_head(), moves(model))
    return "\n".join(lines) + "\n"


def _table(head, rows) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def stage_head() -> StageRow:
    return StageRow(_("环节"), _("代码"), _("由谁办理"), _("期限"), _("规则"))


def stages(model, values: Mapping[str, int]) -> Iterator[StageRow]:
    """Each stage with its holder and its clock; ``values`` are the days by rule key."""
    for stage in model.stages.values():
        clock, key = str(stage.untimed), ""
        if stage.within:
            key = stage.within.key
            clock = f"{KEYS[key].says(values[key])}（{KEYS[key].title}）"
        yield StageRow(str(stage.title), stage.name, holder(stage), clock, key)


def holder(stage) -> str:
    """Who a stage waits for, in words."""
    if stage.holder:
        return str(stage.holder.title)
    return _("（终点）") if stage.end else _("系统")


def move_head() -> MoveRow:
    return MoveRow(
        _("从"), _("到"), _("决定"), _("代码"), _("由谁"), _("条件"), _("须附"), _("须填"), _("理由"), _("不得同一人"),
        _("制发"), _("依据"),
    )  # fmt: skip


def moves(model) -> Iterator[MoveRow]:
    """Each decision with all that is asked of it."""
    for move in model.moves.values():
        yield MoveRow(
            sources=_listed(stage.title for stage in move.sources) or "—",
            target=str(move.target.title) if move.target else _("（不变）"),
            title=str(move.title),
            name=move.name,
            by=judge.who(move),
            conditions=_("；").join(_conditions(move)),
            takes=_listed(kind.title for kind in move.takes),
            asks=_listed(field.label for field in move.asks.base_fields.values()) if move.asks else "",
            reasons=_reasons(move),
            others=_listed(rival.title for rival in move.rivals),
            gives=_listed(kind.title for kind in move.gives),
            basis=move.basis,
        )


def _listed(titles) -> str:
    return _("、").join(map(str, titles))


def _conditions(move) -> Iterator[str]:
    """What the policy asks beyond stage, authority and evidence, with the case's stages first."""
    if move.during:
        case = registry.machine(move.model.within_case)
        yield _("案件处于“%s”") % _listed(case.stages[name].title for name in move.during)
    yield from (str(demand.sentence) for demand in move.needs)


def _reasons(move) -> str:
    if not move.reason:
        return ""
    return _("须写明") if move.reason is True else _listed(move.reason.choices.values())
