"""The process as its officers read and sign it: a table of stages, a table of decisions, and its BPMN."""

from collections.abc import Iterator

from viewflow.workflow.chart import calc_layout_data, grid_to_bpmn

from apps.policies import seeds
from apps.policies.keys import KEYS

from . import judge
from .flow import flow_for


def sheet(model) -> str:
    """Return the sheet of one machine as Markdown: what a policy change is a diff of."""
    values = {row["key"]: row["value"] for row in seeds.rows("rules.csv")}
    lines = [f"# {model._meta.verbose_name}", "", f"`{model._meta.model_name}` · {model.__module__}", ""]
    lines += _table(("环节", "代码", "由谁办理", "期限"), _stages(model, values))
    lines += [""]
    lines += _table(
        ("从", "到", "决定", "由谁", "条件", "须附", "须填", "理由", "不得同一人", "制发", "依据"),
        _moves(model),
    )
    return "\n".join(lines) + "\n"


def bpmn(model) -> str:
    """Return the machine as BPMN 2.0 XML, drawn by viewflow from the derived flow."""
    text = grid_to_bpmn(calc_layout_data(flow_for(model)))
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


def _table(head, rows) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def _stages(model, values) -> Iterator[tuple[str, ...]]:
    for stage in model.stages.values():
        clock = str(stage.untimed)
        if stage.within:
            clock = (
                f"{values[stage.within.key]} 个工作日（{KEYS[stage.within.key].title}，`{stage.within.key}`）"
            )
        holder = str(stage.holder.title) if stage.holder else ("（终点）" if stage.end else "系统")
        yield str(stage.title), f"`{stage.name}`", holder, clock


def _moves(model) -> Iterator[tuple[str, ...]]:
    for move in model.moves.values():
        yield (
            "、".join(str(stage.title) for stage in move.sources) or "—",
            str(move.target.title) if move.target else "（不变）",
            f"{move.title} `{move.name}`",
            judge.who(move),
            "；".join(str(demand.sentence) for demand in _demands(move)),
            "、".join(str(kind.title) for kind in move.takes),
            "、".join(str(field.label) for field in move.asks.base_fields.values()) if move.asks else "",
            _reasons(move),
            "、".join(str(rival.title) for rival in move.rivals),
            "、".join(str(kind.title) for kind in move.gives),
            move.basis,
        )


def _demands(move):
    """What the policy asks beyond stage, authority and evidence, with the case's stages first."""
    own = {demand.sentence for demand in move.needs}
    return [
        d for d in judge.demands(move, None) if d.sentence in own or str(d.sentence).startswith("案件处于")
    ]


def _reasons(move) -> str:
    if not move.reason:
        return ""
    return (
        "须写明" if move.reason is True else "、".join(str(title) for title in move.reason.choices.values())
    )
