"""What suspending a case does to its clocks, and what going on does."""

from django.db.models import Q

from apps.engine import dues, registry


def running(model):
    """The rows of a machine whose clock runs: they have a time limit, and their case is not suspended."""
    return model.rows().filter(due_at__isnull=False, **{model.of_case("suspended_at"): None})


def stop(deed) -> None:
    """The case is suspended until it is reviewed; all its clocks stand still."""
    deed.rows.update(suspended_at=deed.at, review_on=deed.given["review_on"])


def go_on(deed) -> None:
    """The clocks stood still meanwhile: the days that were left are left now, from today on."""
    deed.rows.update(suspended_at=None, review_on=None)
    for model in registry.machines():
        inside = Q(**{f"{model.path_to_case()}__in": deed.ids}, due_at__isnull=False)
        ids = list(model.rows().filter(inside).values_list("pk", flat=True))
        dues.put(model, dues.reckon(model, ids, at=deed.at))
