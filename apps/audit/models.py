"""The tables of the audit trail: events, the rows they moved, seals, the installation, and the mark of a demo."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .fields import HeadHash, HeadNumber


class Streamed(models.Model):
    """A row whose history is a stream of events; it carries the end of its own stream."""

    STREAM: ClassVar[str] = ""

    stream_seq = HeadNumber(default=0, editable=False)
    stream_head = HeadHash(max_length=64, default="", blank=True, editable=False)

    class Meta:
        abstract = True


class Event(models.Model):
    """What one act did to one stream, with every fact copied by value."""

    APPEND_ONLY = True

    stream = models.CharField(max_length=20)
    stream_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    act = models.UUIDField(db_index=True)
    cause = models.CharField(max_length=80, default="")
    machine = models.CharField(max_length=40, default="")
    move = models.CharField(max_length=60)
    source = models.CharField(max_length=40, default="")
    target = models.CharField(max_length=40, default="")
    # Numbers, not foreign keys: the trail stands below the tables it tells of, and outlives them.
    person_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40, default="")
    on_behalf_id = models.BigIntegerField(null=True)
    actor = models.JSONField(default=dict)
    reason_code = models.CharField(max_length=40, default="")
    reason = models.TextField(default="")
    basis = models.CharField(max_length=120, default="")
    given = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    rules = models.JSONField(default=list)
    due_at = models.DateTimeField(null=True)
    effective_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    demo = models.BooleanField(default=False)
    items_count = models.IntegerField(default=0)
    items_digest = models.CharField(max_length=64, default="")
    prev_hash = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "stream_id", "seq"], name="audit_event_in_stream"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_event_seq_from_one"),
        ]
        indexes = [
            models.Index(fields=["stream", "stream_id", "move", "person_id"], name="audit_event_who_moved"),
            models.Index(fields=["person_id", "recorded_at"], name="audit_event_person"),
            models.Index(fields=["organisation_id", "recorded_at"], name="audit_event_organisation"),
            models.Index(fields=["recorded_at"], name="audit_event_recorded"),
        ]

    def __str__(self):
        return f"{self.stream}/{self.stream_id}/{self.seq}"


class EventItem(models.Model):
    """One row that an event moved: which, its how-manieth move, and the stage it left."""

    APPEND_ONLY = True

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="items", db_index=False)
    row_id = models.BigIntegerField()
    row_seq = models.IntegerField()
    source = models.CharField(max_length=40, default="")

    class Meta:
        indexes = [
            models.Index(fields=["event", "row_id"], name="audit_item_of_event"),
            models.Index(fields=["row_id"], name="audit_item_row"),
        ]

    def __str__(self):
        return f"row {self.row_id}/{self.row_seq}"


class Seal(models.Model):
    """A signed root over the heads of all streams, chained to the seal before it."""

    APPEND_ONLY = True

    number = models.BigIntegerField(unique=True)
    taken_at = models.DateTimeField()
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    # What the next seal goes on from: the tree, the height of the events' numbering, up to which number
    # everything is sealed, and the sealing transaction.
    frontier = ArrayField(models.CharField(max_length=64), default=list)
    ceiling = models.BigIntegerField()
    floor = models.BigIntegerField()
    xid = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(number__gte=1), name="audit_seal_from_one")]

    def __str__(self):
        return f"seal {self.number}"


class SealedHead(models.Model):
    """A stream's head as a seal found it: a leaf of the tree, followed by later ones, never changed."""

    APPEND_ONLY = True

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="heads")
    position = models.BigIntegerField(unique=True)
    stream = models.CharField(max_length=20)
    stream_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    head = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "stream_id", "seq"], name="audit_sealed_head_once"),
        ]

    def __str__(self):
        return f"{self.stream}/{self.stream_id}/{self.seq}"


class DemoMark(Streamed):
    """The one row that marks a database as a demo, with how far its clock is shifted."""

    STREAM = "clock"
    # Only the database's owner may mark a database; the site of a demo may shift its clock.
    APP_MAY = ("SELECT", "UPDATE")

    shift = models.DurationField()

    class Meta:
        db_table = "audit_demo"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_demo_one_row")]

    def __str__(self):
        return f"demo {self.shift}"


class Installation(Streamed):
    """The one row whose stream tells what was done to the installation as a whole: restores."""

    STREAM = "installation"
    APP_MAY = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="audit_installation_one_row"),
        ]

    def __str__(self):
        return "installation"
