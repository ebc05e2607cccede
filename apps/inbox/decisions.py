"""A decision as a form: what the move asks, its reason, the papers it takes; and handing it to the door."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.cases import evidence
from apps.cases.models import Evidence
from apps.engine import judge
from apps.engine.door import Refused
from apps.engine.words import Move, Reasons
from apps.organisations.models import Organisation

PAPER = "paper_"
CLASSES = {
    forms.Select: "form-select",
    forms.CheckboxInput: "form-check-input",
    forms.RadioSelect: "form-check-input",
    forms.CheckboxSelectMultiple: "form-check-input",
}


@dataclass(frozen=True)
class Decision:
    """One move somebody may try, with its form and where the form goes."""

    move: Move
    form: forms.Form
    url: str
    hidden: tuple[tuple[str, object], ...] = ()
    sheet: str = ""  # the title of a sheet to fetch first

    @property
    def ends(self) -> bool:
        """Whether the whole case ends with it: such a button warns."""
        return bool(self.move.target and self.move.target.end and not self.move.model.case_path)

    @property
    def usual(self) -> bool:
        """Whether it is the way things go, so that its form may lie open: no end, and no reason to give."""
        return not self.ends and not self.move.reason

    @property
    def others(self) -> str:
        """The acts whose authors may not take this decision."""
        return _("、").join(str(rival.title) for rival in self.move.rivals)


def form_for(move: Move, by, request=None, *, lacking=()) -> forms.Form:
    """The form of a move, empty or as it was sent; ``lacking`` are the papers still to be attached."""
    sent = (request.POST, request.FILES) if request else ()
    form = move.asks(*sent) if move.asks else forms.Form(*sent)
    form.auto_id = f"id_{move.name}_%s"
    if isinstance(move.reason, Reasons):
        choices = [("", _("请选择")), *move.reason.choices.items()]
        form.fields["reason_code"] = forms.ChoiceField(label=_("理由"), choices=choices)
    if move.reason:
        closed = isinstance(move.reason, Reasons)
        form.fields["reason"] = forms.CharField(
            label=_("说明") if closed else _("理由"),
            required=not closed,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("写入履历，不可更改"),
        )
    for kind in lacking:
        form.fields[f"{PAPER}{kind.code}"] = forms.FileField(
            label=kind.title, help_text=_("PDF、JPG 或 PNG，不超过20MB")
        )
    for field in form.fields.values():
        _dress(field, by)
    return form


def _dress(field, by) -> None:
    """Give a field the house's looks, and offer the bodies below one's own before all others."""
    widget = field.widget
    widget.attrs.setdefault("class", CLASSES.get(type(widget), "form-control"))
    if isinstance(field, forms.ModelChoiceField) and field.queryset.model is Organisation:
        below = field.queryset.filter(lineage__contains=[by.organisation.pk])
        if below.exists():
            field.queryset = below
    if isinstance(widget, forms.FileInput):
        widget.attrs["accept"] = ".pdf,.jpg,.jpeg,.png,.xlsx,.csv"


def lacking(move: Move, cases, *, by) -> list:
    """The papers a move takes that are not attached to any of these cases yet, by this office where that counts."""
    if not move.takes:
        return []
    papers = Evidence.objects.filter(case__in=cases)
    if move.model.attached_by:
        papers = papers.filter(organisation=by.organisation)
    kept = set(papers.values_list("kind", flat=True))
    return [kind for kind in move.takes if kind.code not in kept]


def only_papers_lack(option, lacks) -> bool:
    """Whether somebody may decide as soon as the papers come with the decision itself."""
    return bool(lacks) and set(option.unmet) <= {str(judge.attached_words(kind)) for kind in lacks}


def given(request) -> dict:
    """What a decision was sent with, in the one mapping the door takes."""
    sent = request.POST.copy()
    sent.update(request.FILES)
    return sent


def attach_sent(move: Move, rows, case, request) -> None:
    """Attach the papers that came with a decision somebody may take on one of the rows. Raises ``Refused``."""
    waiting = rows.filter(judge.authority(move, request.acting), stage__in=move.sources.names)
    if not waiting.exists():
        return
    for kind in move.takes:
        if paper := request.FILES.get(f"{PAPER}{kind.code}"):
            evidence.attach(case, kind, paper.read(evidence.LIMIT + 1), name=paper.name, by=request.acting)


def reasons(sent) -> dict[str, str]:
    """The reason among what was sent, as the door takes it."""
    return {"reason": sent.get("reason", "").strip(), "reason_code": sent.get("reason_code", "")}


def show_refusal(form: forms.Form, refusal: Refused) -> None:
    """Put what the door found wrong with the form beside its fields."""
    form.is_valid()
    for name, errors in refusal.fields.items():
        if name in form.fields and name not in form.errors:
            form.add_error(name, errors)
