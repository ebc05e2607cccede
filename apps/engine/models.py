"""What a record must carry so that the engine can move it: stage, clock, stream, task, who may see it.

Everything here is abstract; the tables live in ``apps.cases`` and in the apps that keep records.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin
from viewflow.workflow import models as viewflow

from apps.audit.models import Streamed
from apps.organisations.models import Organisation

from .asking import Asking


class Staged(FSMModelMixin, Asking, models.Model):
    """A record that waits in a stage. Only the door changes the stage.

    ``anchor`` is the path to the row whose stream records the moves and which the door locks (empty: the row
    itself); ``case_path`` leads to the case, ``within_case`` names its process. ``offices`` names the
    organisations of a row by what they are to it. ``person`` leads to whom it is about and ``about`` to the
    digest of that person's number, for nobody decides in a case of their own. ``on`` says what a shared
    event does to it; ``hands_out`` names, by move, the sheet whoever takes it may fetch first: (title, function
    of row and ``by``).
    ``attached_by`` leads to the organisation that must itself attach what a row's moves take, for this row alone.
    ``side_by_side``: whoever decides on the case reads these rows together.
    ``rang`` counts the alarms that have gone off since the row came into its stage.
    """

    anchor: ClassVar[str] = ""
    case_path: ClassVar[str] = "case"
    within_case: ClassVar[str] = ""
    offices: ClassVar[dict[str, str]] = {}
    person: ClassVar[str] = ""
    about: ClassVar[str] = ""
    on: ClassVar[dict] = {}
    hands_out: ClassVar[dict] = {}
    attached_by: ClassVar[str] = ""
    side_by_side: ClassVar[bool] = False

    stage = FSMField(_("环节"), protected=True, editable=False)
    stage_since = models.DateTimeField(_("进入环节时间"), null=True, editable=False)
    due_at = models.DateTimeField(_("办理期限"), null=True, editable=False)
    rang = models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)
    row_seq = models.IntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def path_to_case(cls) -> str:
        """The path to the id of a row's case."""
        return f"{cls.case_path}_id" if cls.case_path else "pk"

    @classmethod
    def path_to_anchor(cls) -> str:
        """The path to the id of the row whose stream records its moves."""
        return f"{cls.anchor}_id" if cls.anchor else "pk"

    @classmethod
    def of_case(cls, fact: str) -> str:
        """The path to a fact of a row's case."""
        return f"{cls.case_path}__{fact}" if cls.case_path else fact

    @classmethod
    def rows(cls):
        """All rows of this machine."""
        return cls._base_manager.all()

    @classmethod
    def settling(cls, target) -> str:
        """Further columns that a move to ``target`` writes, as SQL assignments."""
        return ""


class AbstractCase(Staged, Streamed, viewflow.AbstractProcess):
    """One matter before the offices: it has one stage and at most one open task."""

    STREAM = "case"
    case_path = ""
    subjects: ClassVar[Any] = None
    """Where a case is opened about something: a function of who acts, returning the rows there are."""
    offices = {"applicant": "applicant", "authority": "authority"}

    number = models.CharField(_("案件编号"), max_length=24, unique=True)
    process = models.CharField(_("事项"), max_length=60, editable=False)
    # Neither this nor a participant's organisation has an index of its own: `apps.cases` has some they lead.
    applicant = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="applied", verbose_name=_("申报单位")
    )
    authority = models.ForeignKey(
        Organisation, models.PROTECT, related_name="decides", verbose_name=_("受理机构")
    )
    suspended_at = models.DateTimeField(_("中止时间"), null=True, editable=False)

    class Meta:
        abstract = True

    def particulars(self) -> list[tuple[str, Any]]:
        """What the case page tells of the matter itself, as (title, value)."""
        return []

    @classmethod
    def rows(cls):
        """All cases of this process; of the table itself, all cases there are."""
        if not cls._meta.proxy:
            return super().rows()
        return super().rows().filter(process=cls._meta.model_name)

    @classmethod
    def settling(cls, target) -> str:
        return ", status = 'DONE', finished = tuiguan_now()" if target.end else ""


class AbstractItem(Staged):
    """One of the people of a case, moved in sets. ``open``: still to be decided in this case."""

    anchor = "case"

    open = models.BooleanField(_("未办结"), default=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def settling(cls, target) -> str:
        return f", open = {not (target.end or target.settled)}"


class AbstractTask(viewflow.AbstractTask):
    """The one thing a case waits for, as viewflow keeps it."""

    class Meta:
        abstract = True


class AbstractParticipant(models.Model):
    """That an organisation may see a case, whether, for which roles and until when something waits there, and
    whether a body below it has let its time run out so far that it was reported here.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    open = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    escalated = models.BooleanField(db_default=False, default=False)
    roles = ArrayField(models.CharField(max_length=20), db_default=[], default=list)
    told = ArrayField(models.CharField(max_length=20), db_default=[], default=list)

    class Meta:
        abstract = True


class AbstractEvidence(models.Model):
    """A paper somebody attached to a case, by kind; its digest is what events refer to."""

    kind = models.CharField(_("材料种类"), max_length=60)
    digest = models.CharField(max_length=64)
    attached_at = models.DateTimeField(_("上传时间"))

    class Meta:
        abstract = True
