"""The index that every table of rows with a time limit carries."""

from django.db.models import Index, Q


def clock_index(name: str) -> Index:
    """What the alarms look along: rows with a time limit, by how many have gone off and when it is up."""
    return Index(fields=["rang", "due_at"], condition=Q(due_at__isnull=False), name=name)
