"""What an operator sees of the queue, and sets going again."""

from django.db import transaction
from django.db.models import Count, Max, Min

from apps.audit.streams import record
from apps.organisations.choices import Role

from .models import Job, Now, Status
from .wake import wake
from .work import WORK


def may(acting) -> bool:
    """Say whether somebody operates the system."""
    return acting is not None and acting.role == Role.SYS_ADMIN


def overview() -> list[dict]:
    """How many jobs of each kind stand where, and since when the oldest waits; kinds without jobs too."""
    found = {kind: {"title": work.title} for kind, work in WORK.items()}
    counted = Job.objects.values("kind", "status").annotate(number=Count("pk"), since=Min("not_before"))
    for row in counted.order_by():
        line = found.setdefault(row["kind"], {"title": row["kind"]})
        line[row["status"]] = row["number"]
        if row["status"] == Status.WAITING:
            line["since"] = row["since"]
    return sorted(found.values(), key=lambda line: -line.get(Status.DEAD, 0))


def causes() -> list[dict]:
    """Why jobs are dead, most frequent first: kind, cause, their number, when the last one died."""
    dead = Job.objects.filter(status=Status.DEAD).values("kind", "cause")
    lines = dead.annotate(number=Count("pk"), last=Max("ended_at")).order_by("-number", "kind", "cause")
    return [
        line | {"title": WORK[line["kind"]].title if line["kind"] in WORK else line["kind"]} for line in lines
    ]


def retry(jobs, *, by) -> int:
    """Give dead jobs their tries back, and note in the operator's own stream which; return how many."""
    with transaction.atomic():
        dead = jobs.filter(status=Status.DEAD).select_for_update().order_by("pk")
        ids = list(dead.values_list("pk", flat=True))
        if ids:
            Job.objects.filter(pk__in=ids).update(
                status=Status.WAITING, tries=0, ended_at=None, not_before=Now()
            )
            record(by.user, "retry_jobs", by=by, given={"jobs": ids})
            transaction.on_commit(wake, robust=True)
    return len(ids)
