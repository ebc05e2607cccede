"""Taking seals: a signed root over the heads of all streams, chained, kept in the database and outside it.

Every changed head becomes one more leaf of a tree that only grows; so the root also covers every head that
was ever sealed, and a seal costs what changed, not what there is.
"""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from . import keys, seal_file
from .hashing import canonical, digest
from .merkle import Tree
from .models import Seal, SealedHead

QUIET = timedelta(days=1)
_SEALING = 20057702

# Up to which event number everything is committed, and so in the heads that the next statement reads: the
# height of the numbering at the latest seal that is older than every act now under way. The next seal looks
# from there on; an act that commits late has numbers below the last seal's height, but never below this.
_FLOOR = """
SELECT coalesce(max(ceiling), 0)
FROM (SELECT ceiling, xid FROM audit_seal ORDER BY number DESC LIMIT 100) latest
WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
"""
_CHANGED = """
SELECT f.stream, f.stream_id, f.seq, f.hash FROM (
    SELECT DISTINCT ON (stream, stream_id) stream, stream_id, seq, hash FROM audit_event
    WHERE id > %s ORDER BY stream, stream_id, seq DESC
) f WHERE f.seq > (
    SELECT coalesce(max(s.seq), 0) FROM audit_sealedhead s
    WHERE s.stream = f.stream AND s.stream_id = f.stream_id
) ORDER BY f.stream, f.stream_id
"""
_KEEP = """
INSERT INTO audit_sealedhead (seal_id, position, stream, stream_id, seq, head)
SELECT %s, %s + n - 1, stream, stream_id, seq, head
FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::text[])
    WITH ORDINALITY AS u(stream, stream_id, seq, head, n)
"""


def leaf(stream: str, stream_id: int, seq: int, head: str) -> bytes:
    """Return a sealed head as the bytes of a leaf."""
    return canonical([stream, stream_id, seq, head])


def statement(seal: Seal) -> dict[str, object]:
    """Return what a seal says, which is what is hashed and signed."""
    return {
        "number": seal.number,
        "taken_at": seal.taken_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "size": seal.size,
        "root": seal.root,
        "prev_hash": seal.prev_hash,
        "key": seal.key,
        "ceiling": seal.ceiling,
        "floor": seal.floor,
        "xid": seal.xid,
    }


def line(seal: Seal) -> str:
    """Return a seal as its line outside the database."""
    return canonical({**statement(seal), "hash": seal.hash, "signature": seal.signature}).decode()


def take(*, new_key: bool = False) -> Seal | None:
    """Seal what has changed and return the seal; None when nothing has and a seal was taken within a day.

    Raises keys.SealKeyMissing when there are seals and no key to sign the next one.
    """
    with seal_file.held():
        # Durable: inside another transaction our number would be older than acts that drew theirs before us.
        with transaction.atomic(durable=True):
            seal = _take(new_key=new_key)
        if seal:
            seal_file.add(line(seal))
    return seal


def _take(*, new_key: bool) -> Seal | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALING])
        last = Seal.objects.order_by("-number").first()
        key = keys.signing_key(fresh=new_key or last is None)
        if last:
            _mend_file(last)
        # The height first and our own transaction's number after it: whoever drew an event number up to this
        # height is then older than our transaction.
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM audit_event_id_seq")
        [ceiling] = cursor.fetchone()
        covered = last.floor if last else 0
        cursor.execute(_FLOOR)
        floor = max(covered, *cursor.fetchone())
        cursor.execute(_CHANGED, [covered])
        heads = cursor.fetchall()
        cursor.execute("SELECT clock_timestamp()")
        [taken_at] = cursor.fetchone()
        if not heads and (last is None or taken_at - last.taken_at < QUIET):
            return None
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        [xid] = cursor.fetchone()
        tree = _tree(last)
        first = tree.size
        for head in heads:
            tree.add(leaf(*head))
        seal = _signed(last, tree, key, taken_at=taken_at, ceiling=ceiling, floor=floor, xid=xid)
        seal.save(force_insert=True)
        if heads:
            cursor.execute(_KEEP, [seal.pk, first, *map(list, zip(*heads, strict=True))])
    return seal


def _signed(
    last: Seal | None, tree: Tree, key, *, taken_at: datetime, ceiling: int, floor: int, xid: int
) -> Seal:
    seal = Seal(
        number=last.number + 1 if last else 1,
        taken_at=taken_at,
        size=tree.size,
        root=tree.root().hex(),
        prev_hash=last.hash if last else "",
        key=keys.public_name(key),
        frontier=[node.hex() for node in tree.frontier],
        ceiling=ceiling,
        floor=floor,
        xid=xid,
    )
    text = canonical(statement(seal))
    seal.hash = digest(text)
    seal.signature = key.sign(text).hex()
    return seal


def _tree(last: Seal | None) -> Tree:
    if last is None:
        return Tree()
    tree = Tree(last.size, [bytes.fromhex(node) for node in last.frontier])
    if len(tree.frontier) == last.size.bit_count() and tree.root().hex() == last.root:
        return tree
    # Somebody changed the kept frontier, which is not signed: begin again from the leaves.
    tree = Tree()
    rows = SealedHead.objects.order_by("position").values_list("stream", "stream_id", "seq", "head")
    for row in rows.iterator(chunk_size=5000):
        tree.add(leaf(*row))
    return tree


def _mend_file(last: Seal) -> None:
    """Write the last seal's line, and no other, if a crash came between the database and the file."""
    if seal_file.last_number() != last.number - 1:
        return
    signer = keys.public_keys().get(last.key)
    if signer and keys.signed(signer, last.signature, canonical(statement(last))):
        seal_file.add(line(last))
