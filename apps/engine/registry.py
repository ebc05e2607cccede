"""Every machine in force, by name. Faces ask here and never import a policy."""

from functools import cache

from django.apps import apps

from . import models


@cache
def machines() -> tuple[type, ...]:
    """All models that move through stages: cases, their items and what stands beside them."""
    return tuple(
        model
        for model in apps.get_models(include_auto_created=False)
        if issubclass(model, models.Staged) and getattr(model, "stages", None)
    )


def processes() -> tuple[type, ...]:
    """The machines that are cases."""
    return tuple(model for model in machines() if issubclass(model, models.AbstractCase))


def machine(name: str) -> type:
    """The machine called ``name`` (its model name). Raises ``KeyError``."""
    return {model._meta.model_name: model for model in machines()}[name]


@cache
def concrete(abstract: type) -> type:
    """The one table that carries an abstract model of the engine."""
    return next(model for model in apps.get_models() if issubclass(model, abstract) and not model._meta.proxy)


def of_row(row) -> type:
    """The machine of a row read through its table: a case knows its process, a table has one machine."""
    if getattr(row, "stages", None):
        return type(row)
    if isinstance(row, models.AbstractCase):
        return machine(row.process)
    return next(m for m in machines() if m._meta.concrete_model is type(row))


def reached(model, path: str) -> type:
    """The table that a path of foreign keys leads to from ``model``: its own when the path is empty."""
    for step in filter(None, path.split("__")):
        model = model._meta.get_field(step).related_model
    return model._meta.concrete_model


def process_of(model) -> str:
    """The name of the process whose cases a machine's rows are, or belong to."""
    return model.within_case or model._meta.model_name


def anchor_model(model) -> type:
    """The model whose stream records what happens to ``model``."""
    return reached(model, model.anchor)


def leaving(model, stage) -> list:
    """The moves that leave a stage of a machine, in the order of the policy."""
    return [move for move in model.moves.values() if stage in move.sources]


def start(model):
    """The stage in which the rows of a machine come into being."""
    return next(stage for stage in model.stages.values() if stage.start)


@cache
def systems_after(move) -> tuple:
    """The moves of the system that ``move`` may have enabled, in the order of the registry."""
    causes = {move, f"{move.model._meta.model_name}.{move.name}"}
    return tuple(
        follower
        for model in machines()
        for follower in model.moves.values()
        if follower.automatic and causes.intersection(follower.after)
    )


def holders(model):
    """Yield (stage, party) for every stage of a machine that waits on somebody."""
    for stage in model.stages.values():
        if stage.holder and stage.holder.known_to(model):
            yield stage, stage.holder
