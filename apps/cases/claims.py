"""Saying “I am on it” of the task a case waits for, and giving it back."""

from django.db import transaction
from viewflow.workflow import STATUS

from apps.audit import streams
from apps.cases.models import OPEN, Case, Task


def open_task(case) -> Task | None:
    """The task a case waits for, with who is on it; none once it has ended."""
    return Task.objects.filter(process=case.pk, status__in=OPEN).select_related("owner").first()


def claim(case, *, by) -> bool:
    """Say “I am on it”; false when somebody else is, or the case does not wait for this post."""
    holder = case.at.holder
    if not holder or (by.role, by.organisation) != (holder.role, case.office(holder.office)):
        return False
    taken = Task.objects.filter(process=case.pk, status=STATUS.NEW).update(
        status=STATUS.ASSIGNED, owner_id=by.user.pk, assigned=streams.now()
    )
    if taken:
        streams.record(case, "claim", by=by)
    return bool(taken)


def release(case, *, by) -> bool:
    """Give a claimed task back; false when it was not one's own."""
    given = Task.objects.filter(process=case.pk, status=STATUS.ASSIGNED, owner_id=by.user.pk).update(
        status=STATUS.NEW, owner_id=None, assigned=None
    )
    if given:
        streams.record(case, "release", by=by)
    return bool(given)


def release_all(person, *, by) -> int:
    """Give back everything a person has claimed, in a few statements; return how many tasks. For a leaver."""
    claimed = Task.objects.filter(status=STATUS.ASSIGNED, owner_id=person.pk)
    with transaction.atomic():
        heads = streams.lock(Case, claimed.values_list("process", flat=True))
        count = claimed.filter(process__in=list(heads)).update(
            status=STATUS.NEW, owner_id=None, assigned=None
        )
        facts = {"move": "release", "given": {"person": person.name}, **streams.actor_facts(by)}
        entries = [streams.Entry(stream_id=pk, **facts) for pk in heads]
        streams.append(Case, heads, entries, at=streams.now())
    return count
