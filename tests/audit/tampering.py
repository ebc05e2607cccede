"""Twelve ways in which the database's owner may tamper with the trail, each at a random place."""

from dataclasses import dataclass
from datetime import timedelta

from apps.audit import seals
from apps.audit.anchors import streamed_models
from apps.audit.hashing import FACTS, canonical, digest, items_digest, said
from apps.audit.models import Event, EventItem, Seal, SealedHead
from apps.audit.streams import append, lock, now

from .owner import Owner
from .trail import Trail

EDITS = {
    "reason": "'改过的理由'",
    "move": "'approve'",
    "person_id": "coalesce(person_id, 0) + 1",
    "organisation_id": "99",
    "actor": """'{"person": "别人"}'""",
    "given": """given || '{"fee": "0.01"}'""",
    "rules": "'[7]'",
    "recorded_at": "recorded_at - interval '1 second'",
    "effective_on": "date '1999-01-01'",
    "target": "'completed'",
    "evidence": "'[1]'",
    "demo": "NOT demo",
}
SEAL_EDITS = {
    "taken_at": "taken_at + interval '1 microsecond'",
    "size": "size - 1",
    "root": "reverse(root)",
    "hash": "reverse(hash)",
    "signature": "reverse(signature)",
    "ceiling": "ceiling + 1",
    "floor": "floor + 1",
    "xid": "xid + 1",
    "frontier": "array[repeat('0', 64)] || frontier",
    "key": "repeat('0', 64)",
    "number": "number + 1000",
}


@dataclass
class Tamperer:
    """The owner at work on a trail whose events up to `sealed` have been sealed."""

    trail: Trail
    owner: Owner
    sealed: int

    @property
    def random(self):
        return self.trail.random

    @property
    def names(self):
        return [model.STREAM for model in self.trail.anchors]

    def run(self, sql, params=()):
        return self.owner.run(sql, params)

    # what a tamperer picks, and how he covers his tracks

    def event(self):
        """A sealed event, at random."""
        return self.random.choice(
            list(Event.objects.filter(id__lte=self.sealed, stream__in=self.names).order_by("id"))
        )

    def stream(self, *, at_least=1):
        """A stream with so many sealed events, at random, and its last sealed number."""
        rows = self.run(
            "SELECT stream, stream_id, max(seq) FROM audit_event WHERE id <= %s AND stream = ANY(%s) "
            "GROUP BY 1, 2 HAVING max(seq) >= %s ORDER BY 1, 2",
            [self.sealed, self.names, at_least],
        )
        return self.random.choice(rows)

    def delete(self, condition, params):
        """Remove events with their items."""
        self.run(
            f"DELETE FROM audit_eventitem WHERE event_id IN (SELECT id FROM audit_event WHERE {condition})",
            params,
        )
        self.run(f"DELETE FROM audit_event WHERE {condition}", params)

    def rehash(self, stream, stream_id, since=1):
        """Write a stream's hashes anew from an event on, as its true history would read, anchor included."""
        before = Event.objects.filter(stream=stream, stream_id=stream_id, seq=since - 1).first()
        head = before.hash if before else ""
        for event in Event.objects.filter(stream=stream, stream_id=stream_id, seq__gte=since).order_by("seq"):
            items = list(event.items.order_by("row_id", "row_seq").values_list("row_id", "row_seq", "source"))
            event.items_count, event.items_digest, event.prev_hash = len(items), items_digest(items), head
            head = digest(said({name: getattr(event, name) for name in FACTS}))
            self.run(
                "UPDATE audit_event SET items_count = %s, items_digest = %s, prev_hash = %s, hash = %s "
                "WHERE id = %s",
                [event.items_count, event.items_digest, event.prev_hash, head, event.pk],
            )
        self.anchor(stream, stream_id)

    def anchor(self, stream, stream_id):
        """Let the anchor row say what the events say."""
        [model] = [model for model in streamed_models() if stream == model.STREAM]
        last = Event.objects.filter(stream=stream, stream_id=stream_id).order_by("-seq").first()
        self.run(
            f"UPDATE {model._meta.db_table} SET stream_seq = %s, stream_head = %s WHERE id = %s",
            [last.seq if last else 0, last.hash if last else "", stream_id],
        )


def edit(it):
    column = it.random.choice(list(EDITS))
    it.run(f"UPDATE audit_event SET {column} = {EDITS[column]} WHERE id = %s", [it.event().pk])


def delete(it):
    stream, stream_id, last = it.stream(at_least=2)
    seq = it.random.randrange(1, last)
    it.delete("stream = %s AND stream_id = %s AND seq = %s", [stream, stream_id, seq])


def insert(it):
    victim = it.event()
    stream = [victim.stream, victim.stream_id]
    names = [name for name in (*FACTS, "demo", "hash") if name != "seq"]
    it.run(
        "UPDATE audit_event SET seq = seq + 1000000 WHERE stream = %s AND stream_id = %s AND seq >= %s",
        [*stream, victim.seq],
    )
    it.run(
        f"INSERT INTO audit_event (seq, {', '.join(names)}) SELECT %s, {', '.join(names)} FROM audit_event "
        "WHERE id = %s",
        [victim.seq, victim.pk],
    )
    it.run(
        "UPDATE audit_event SET seq = seq - 999999 WHERE stream = %s AND stream_id = %s AND seq > 1000000",
        stream,
    )
    it.rehash(*stream, victim.seq)


def reorder(it):
    stream, stream_id, last = it.stream(at_least=2)
    first = it.random.randrange(1, last)
    where = "WHERE stream = %s AND stream_id = %s AND seq = %s"
    for seq, becomes in ((first, 1000000), (first + 1, first), (1000000, first + 1)):
        it.run(f"UPDATE audit_event SET seq = %s {where}", [becomes, stream, stream_id, seq])
    if it.random.random() < 0.5:
        it.rehash(stream, stream_id, first)


def tail_rehashed(it):
    victim = it.event()
    it.run("UPDATE audit_event SET reason = '改过的理由' WHERE id = %s", [victim.pk])
    it.rehash(victim.stream, victim.stream_id, victim.seq)


def tail_cut(it):
    stream, stream_id, last = it.stream(at_least=2)
    it.delete(
        "stream = %s AND stream_id = %s AND seq > %s", [stream, stream_id, it.random.randrange(1, last)]
    )
    it.anchor(stream, stream_id)


def stream_removed(it):
    stream, stream_id, _ = it.stream()
    it.delete("stream = %s AND stream_id = %s", [stream, stream_id])
    it.anchor(stream, stream_id)
    if it.random.random() < 0.5:
        it.run("DELETE FROM audit_sealedhead WHERE stream = %s AND stream_id = %s", [stream, stream_id])


def swapped(it):
    name, one, _ = it.stream()
    others = [
        other
        for (other,) in it.run(
            "SELECT DISTINCT stream_id FROM audit_event WHERE stream = %s AND stream_id <> %s ORDER BY 1",
            [name, one],
        )
    ]
    other = it.random.choice(others)
    for was, becomes in ((one, -1), (other, one), (-1, other)):
        it.run(
            "UPDATE audit_event SET stream_id = %s WHERE stream = %s AND stream_id = %s", [becomes, name, was]
        )
    it.rehash(name, one)
    it.rehash(name, other)


def item_edited(it):
    item = it.random.choice(
        list(EventItem.objects.filter(event_id__lte=it.sealed, event__stream__in=it.names).order_by("id"))
    )
    it.run(
        it.random.choice(
            [
                "UPDATE audit_eventitem SET row_id = row_id + 1 WHERE id = %s",
                "UPDATE audit_eventitem SET row_seq = row_seq + 1 WHERE id = %s",
                "UPDATE audit_eventitem SET source = 'confirmed' WHERE id = %s",
                "DELETE FROM audit_eventitem WHERE id = %s",
                "INSERT INTO audit_eventitem (event_id, row_id, row_seq, source) "
                "SELECT event_id, row_id + 1, row_seq, source FROM audit_eventitem WHERE id = %s",
            ]
        ),
        [item.pk],
    )
    if it.random.random() < 0.5:
        it.rehash(item.event.stream, item.event.stream_id, item.event.seq)


def seal_edited(it):
    seal = it.random.choice(list(Seal.objects.order_by("number")))
    way = it.random.choice([*SEAL_EDITS, "forged", "gone", "head"])
    if way == "forged":
        # All but the signature is made to fit.
        seal.root = digest(b"another root")
        seal.hash = digest(canonical(seals.statement(seal)))
        it.run("UPDATE audit_seal SET root = %s, hash = %s WHERE id = %s", [seal.root, seal.hash, seal.pk])
    elif way == "gone":
        it.run("DELETE FROM audit_sealedhead WHERE seal_id = %s", [seal.pk])
        it.run("DELETE FROM audit_seal WHERE id = %s", [seal.pk])
    elif way == "head":
        head = it.random.choice(list(SealedHead.objects.order_by("id")))
        it.run("UPDATE audit_sealedhead SET head = reverse(head) WHERE id = %s", [head.pk])
    else:
        it.run(f"UPDATE audit_seal SET {way} = {SEAL_EDITS[way]} WHERE id = %s", [seal.pk])


BACKED_UP = ["audit_event", "audit_eventitem", "audit_seal", "audit_sealedhead"]


def older_backup(it):
    anchors = [model._meta.db_table for model in streamed_models() if model in it.trail.anchors]
    for table in BACKED_UP:
        it.run(f"CREATE TEMP TABLE old_{table} AS TABLE {table}")
    for table in anchors:
        it.run(f"CREATE TEMP TABLE old_{table} AS SELECT id, stream_seq, stream_head FROM {table}")
    it.trail.grow(it.random.randint(1, 4))
    for table in reversed(BACKED_UP):
        it.run(f"DELETE FROM {table}")
    for table in BACKED_UP:
        it.run(f"INSERT INTO {table} SELECT * FROM old_{table}")
    for table in anchors:
        it.run(
            f"UPDATE {table} a SET stream_seq = o.stream_seq, stream_head = o.stream_head "
            f"FROM old_{table} o WHERE o.id = a.id"
        )
    if it.random.random() < 0.5:
        it.trail.grow(2)


def clock_moved(it):
    by = timedelta(minutes=it.random.choice([-60, 45, 90, 60 * 24 * 30]))
    model = it.random.choice(list(it.trail.anchors))
    chosen = it.random.sample(it.trail.anchors[model], 2)
    forged_demo = it.random.random() < 0.3
    if forged_demo:
        it.run("INSERT INTO audit_demo (id, shift, stream_seq, stream_head) VALUES (1, %s, 0, '')", [-by])
        append(model, lock(model, chosen), [it.trail.entry(pk) for pk in chosen], at=now())
        it.run("DELETE FROM audit_demo")
    else:
        append(model, lock(model, chosen), [it.trail.entry(pk) for pk in chosen], at=now() - by)
    if it.random.random() < 0.5:
        seals.take()


# What is found, at the least, for each kind.
KINDS = {
    edit: {"hash", "demo"},
    delete: {"gap"},
    insert: {"sealed-differs"},
    reorder: {"sealed-differs"},
    tail_rehashed: {"sealed-differs"},
    tail_cut: {"sealed-lost"},
    stream_removed: {"sealed-lost", "seal-root"},
    swapped: {"sealed-differs", "sealed-lost"},
    item_edited: {"items", "sealed-differs"},
    seal_edited: {"seal-hash", "seal-signature", "seal-root", "seal-gap", "seal-key", "file-more"},
    older_backup: {"file-more"},
    clock_moved: {"late", "future", "early", "demo"},
}
