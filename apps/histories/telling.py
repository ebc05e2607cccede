"""Events beside the names of what they happened to: a case, a body, a person, a rule."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.audit.models import Event, EventItem, SealedHead
from apps.cases.models import Case
from apps.engine import registry
from apps.organisations.choices import Role
from apps.organisations.models import Organisation, User
from apps.organisations.proposal import Proposal
from apps.policies.models import Rule

from .words import Entry, tell

COLUMNS = (
    gettext_lazy("记录时间"),
    gettext_lazy("生效日期"),
    gettext_lazy("事项"),
    gettext_lazy("流水"),
    pgettext_lazy("名词", "办理"),
    gettext_lazy("办理人"),
    gettext_lazy("机构"),
    gettext_lazy("岗位"),
    gettext_lazy("代表"),
    gettext_lazy("由环节"),
    gettext_lazy("到环节"),
    gettext_lazy("人数"),
    gettext_lazy("理由"),
    gettext_lazy("办理期限"),
    gettext_lazy("是否按期"),
    gettext_lazy("依据"),
    gettext_lazy("规则"),
    gettext_lazy("材料摘要"),
    gettext_lazy("演示"),
    gettext_lazy("所涉人员摘要"),
    gettext_lazy("前一条摘要"),
    gettext_lazy("本条摘要"),
)


@dataclass(frozen=True)
class Told:
    """One event as the list shows it."""

    event: Event
    entry: Entry
    place: str
    url: str

    @property
    def met(self) -> bool:
        """There was a deadline, and it was kept."""
        return bool(self.event.due_at and self.event.machine) and not self.entry.late


def told(events: Iterable[Event], acting) -> list[Told]:
    """Tell some events, with the names of their streams read in one statement for each kind of stream."""
    events = list(events)
    places = _cases_elsewhere(events)
    about = {event.pk: places.get(event.pk, (event.stream, event.stream_id)) for event in events}
    wanted = defaultdict(set)
    for stream, pk in about.values():
        wanted[stream].add(pk)
    names = _places(wanted, acting)
    return [Told(event, tell(event), *names.get(about[event.pk], ("", ""))) for event in events]


def _cases_elsewhere(events: list[Event]) -> dict[int, tuple[str, int]]:
    """The case of events that stand in another stream than their case's: the archive's, two statements each."""
    found = {}
    for model in registry.machines():
        if not model.case_path or registry.anchor_model(model) is Case:
            continue
        there = [event.pk for event in events if event.machine == model._meta.model_name]
        if there:
            items = EventItem.objects.filter(event__in=there).values_list("event").annotate(Min("row_id"))
            moved = dict(items.order_by())
            cases = dict(
                model.rows().filter(pk__in=moved.values()).values_list("pk", f"{model.case_path}_id")
            )
            found |= {event: (Case.STREAM, cases[row]) for event, row in moved.items() if row in cases}
    return found


def _places(wanted: dict[str, set[int]], acting) -> dict[tuple[str, int], tuple[str, str]]:
    found = {}
    for model, name in (
        (Case, "number"),
        (Organisation, "name"),
        (User, "name"),
        (Rule, "key"),
        (Proposal, "subject"),
    ):
        if ids := wanted.get(model.STREAM):
            rows = Case.objects.seen_by(acting) if model is Case else model.objects
            for pk, words in rows.filter(pk__in=ids).values_list("pk", name):
                url = reverse("case", args=[words]) if model is Case else ""
                found[model.STREAM, pk] = (words, url)
    return found


def sealed_by(event: Event):
    """The first seal that covers an event; None while it is not sealed."""
    head = (
        SealedHead.objects.filter(stream=event.stream, stream_id=event.stream_id, seq__gte=event.seq)
        .select_related("seal")
        .order_by("seq")
        .first()
    )
    return head.seal if head else None


def cells(one: Told) -> tuple:
    """One event as a line of an export, in the order of ``COLUMNS``."""
    event, said = one.event, one.event.actor
    stages = _stages(event.machine)
    due = ""
    if event.due_at and event.machine:
        due = _("按期") if one.met else _("逾期")
    return (
        f"{timezone.localtime(event.recorded_at):%Y-%m-%d %H:%M:%S}",
        f"{event.effective_on:%Y-%m-%d}" if event.effective_on else "",
        one.place,
        f"{event.stream}/{event.stream_id}/{event.seq}",
        one.entry.title,
        said.get("person") or _("系统"),
        said.get("organisation", ""),
        dict(Role.choices).get(event.role, ""),
        said.get("on_behalf", ""),
        stages.get(event.source, event.source),
        stages.get(event.target, event.target),
        event.items_count or "",
        one.entry.reason,
        f"{timezone.localtime(event.due_at):%Y-%m-%d}" if event.due_at and event.machine else "",
        due,
        event.basis,
        "；".join(f"{rule['key']}={rule['value']}" for rule in event.rules),
        "；".join(paper.get("digest", "") for paper in event.evidence),
        _("演示") if event.demo else "",
        event.items_digest if event.items_count else "",
        event.prev_hash,
        event.hash,
    )


def _stages(machine: str) -> dict[str, str]:
    model = {model._meta.model_name: model for model in registry.machines()}.get(machine)
    return {name: str(stage.title) for name, stage in model.stages.items()} if model else {}
