"""Reads the audit trail of one row: its last event, its whole history, and what an event is called."""

from apps.audit.models import Event, EventItem

from . import registry


def events(model, pk):
    """All events that moved a row of ``model``, oldest first."""
    if not model.anchor:
        return Event.objects.filter(stream=model.STREAM, stream_id=pk).order_by("seq")
    return Event.objects.filter(
        machine=model._meta.model_name, pk__in=EventItem.objects.filter(row_id=pk).values("event")
    ).order_by("recorded_at", "seq")


def title(event) -> str:
    """The title of an event's move, as its process says it; the bare name for what no process made."""
    machine = {m._meta.model_name: m for m in registry.machines()}.get(event.machine)
    if machine and event.move in machine.moves:
        return str(machine.moves[event.move].title)
    return event.move
