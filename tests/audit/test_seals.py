"""Seals: their tree, their chain, their key, and the file outside the database."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from apps.audit import keys, seal_file, seals
from apps.audit.merkle import Tree
from apps.audit.models import Seal, SealedHead
from apps.audit.verify import verify


def tree_hash(leaves):
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + tree_hash(leaves[:half]) + tree_hash(leaves[half:])).digest()


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_the_tree_has_the_root_of_the_standard(leaves):
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)

    assert tree.root() == tree_hash(leaves)
    assert Tree(tree.size, tree.frontier).root() == tree.root()


def test_a_seal_covers_the_heads_that_changed(trail):
    seals.take()
    events = trail.act() + trail.act()

    seal = seals.take()

    heads = {(event.stream, event.stream_id): (event.seq, event.hash) for event in events}
    rows = SealedHead.objects.order_by("position")
    added = rows.filter(seal=seal)
    assert {(row.stream, row.stream_id): (row.seq, row.head) for row in added} == heads
    assert [row.position for row in rows] == list(range(seal.size))
    assert seal.root == tree_hash([seals.leaf(r.stream, r.stream_id, r.seq, r.head) for r in rows]).hex()
    assert keys.signed(keys.public_keys()[seal.key], seal.signature, seals.canonical(seals.statement(seal)))


def test_nothing_new_takes_no_seal_within_a_day(trail, monkeypatch):
    trail.act()
    first = seals.take()

    assert (seals.take(), Seal.objects.count()) == (None, 1)
    monkeypatch.setattr(seals, "QUIET", timedelta(0))
    second = seals.take()
    assert (second.number, second.prev_hash) == (first.number + 1, first.hash)
    assert second.root == first.root


def test_each_seal_is_a_line_outside_the_database(trail, folder):
    trail.grow(8)

    lines = [json.loads(line) for line in (folder / "seals.jsonl").read_text().splitlines()]
    assert [(line["number"], line["hash"]) for line in lines] == list(
        Seal.objects.order_by("number").values_list("number", "hash")
    )
    assert (folder / "seals.jsonl").stat().st_mode & 0o777 == 0o600
    assert (folder / "keys" / "seal").stat().st_mode & 0o777 == 0o600


def test_a_line_that_a_crash_left_out_is_a_note_and_is_written_by_the_next_seal(trail, folder):
    trail.grow(3)
    trail.act()
    path = folder / "seals.jsonl"
    kept = path.read_text()
    seals.take()
    path.write_text(kept)

    report = verify()
    assert (report.findings, len(report.notes)) == ([], 1)

    trail.act()
    seals.take()
    report = verify()
    assert (report.findings, report.notes) == ([], [])


def test_a_line_that_a_crash_cut_short_is_written_again(trail, folder):
    trail.grow(3)
    trail.act()
    path = folder / "seals.jsonl"
    seals.take()
    path.write_text(path.read_text()[:-200])

    assert verify().findings == []
    trail.act()
    seals.take()
    report = verify()
    assert (report.findings, report.notes) == ([], [])
    assert seal_file.last_number() == Seal.objects.latest("number").number


def test_a_line_changed_or_taken_out_is_found(trail, folder):
    trail.grow(12)
    path = folder / "seals.jsonl"
    lines = path.read_text().splitlines(keepends=True)

    path.write_text("".join(lines[1:]))
    assert [finding.kind for finding in verify().findings] == ["file-lacks"]
    path.write_text("".join([lines[0].replace('"size":', '"size":1'), *lines[1:]]))
    assert [finding.kind for finding in verify().findings] == ["file-differs"]
    path.write_text("".join([lines[0], "?\n", *lines[1:]]))
    assert [finding.kind for finding in verify().findings] == ["file-more"]


def test_another_key_is_found(trail, folder):
    trail.grow(4)
    (folder / "keys" / "seal").unlink()
    (folder / "keys" / "seal.pub").unlink()
    keys.signing_key(fresh=True)

    assert verify().first.kind == "seal-key"


def test_a_lost_key_is_not_replaced_silently(trail, folder):
    trail.grow(4)
    trail.act()
    (folder / "keys" / "seal").unlink()

    with pytest.raises(CommandError, match="--new-key"):
        call_command("audit_seal")
    call_command("audit_seal", new_key=True)

    assert verify().findings == []


def test_a_frontier_that_somebody_changed_does_not_spoil_the_next_seal(trail, owner):
    trail.grow(6)
    with owner.unguarded():
        owner.run("UPDATE audit_seal SET frontier = '{}'")
    trail.act()
    seal = seals.take()

    rows = SealedHead.objects.order_by("position")
    assert seal.root == tree_hash([seals.leaf(r.stream, r.stream_id, r.seq, r.head) for r in rows]).hex()


def test_a_seal_reads_the_new_events_and_their_streams_heads_by_index(trail):
    trail.grow(6)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN " + seals._CHANGED, [1])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Cond: (id > 1)" in plan
    assert "audit_sealed_head_once" in plan
    assert "Seq Scan" not in plan


def test_the_command_verifies_and_exits_with_one(trail, owner, capsys):
    trail.grow(4)
    call_command("audit_verify", json=True)
    assert json.loads(capsys.readouterr().out)["ok"] is True
    call_command("audit_verify")
    assert "未发现问题" in capsys.readouterr().out

    with owner.unguarded():
        owner.run("UPDATE audit_seal SET xid = 0")
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify", json=True)
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
    with pytest.raises(SystemExit):
        call_command("audit_verify")
    assert "seal/1" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("audit_verify", stream="case")
