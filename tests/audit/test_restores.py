"""A restore that somebody answers for is told as one for ever; any other is tampering."""

import json

import pytest
from django.core.management import call_command

from apps.audit import keys, restores, seal_file, seals
from apps.audit.models import Event, Seal
from apps.audit.verify import verify

from .tampering import Tamperer, older_backup

REASON = "磁盘损坏，从昨夜的备份恢复"


def kinds():
    return {finding.kind for finding in verify().findings}


@pytest.fixture
def roll_back(trail, owner, monkeypatch):
    """Put the database back to what it was before a few more acts and seals; return how many seals are lost."""

    def roll(*, going_on=False):
        monkeypatch.setattr(trail.random, "random", lambda: 0.0 if going_on else 0.9)
        kept = Seal.objects.count()
        with owner.unguarded():
            older_backup(Tamperer(trail, owner, sealed=0))
            owner.run("DISCARD TEMP")
        return kept

    return roll


def test_an_older_backup_is_tampering_until_somebody_answers_for_it(trail, roll_back, folder):
    trail.grow(6)
    kept = roll_back()
    lines = (folder / "seals.jsonl").read_text().splitlines()
    assert kinds() == {"file-more"}

    call_command("audit_restored", reason=REASON)

    report = verify()
    assert report.findings == []
    [said] = report.restores
    assert (said["kept"], said["lost"], said["reason"]) == (kept, len(lines) - kept, REASON)
    assert said["lost_until"] == json.loads(lines[-1])["taken_at"]
    assert said["events"] >= said["lost"]
    assert REASON in report.notes[0]
    event = Event.objects.get(stream="installation")
    assert (event.move, event.reason, event.given) == ("restore", REASON, said)
    assert (folder / "seals.jsonl").read_text().splitlines()[: len(lines)] == lines


def test_work_goes_on_after_it_and_a_second_restore_is_told_too(trail, roll_back):
    trail.grow(6)
    for reason in ("一", "二"):
        roll_back()
        restores.acknowledge(reason=reason, operator="root")
        trail.grow(3)

    report = verify()
    assert (report.findings, [said["reason"] for said in report.restores]) == ([], ["一", "二"])


def test_it_may_be_answered_for_after_sealing_went_on(trail, roll_back):
    trail.grow(6)
    kept = roll_back(going_on=True)
    assert kinds() & {"file-more", "file-differs"}

    restores.acknowledge(reason=REASON, operator="root")
    trail.grow(2)

    report = verify()
    assert report.findings == []
    assert report.restores[0]["kept"] == kept < report.restores[0]["seal"]


def test_a_restore_behind_an_earlier_restore_takes_that_ones_event_along(trail, roll_back, owner):
    trail.grow(6)
    restores.acknowledge(reason="一", operator="root")
    with owner.unguarded():
        owner.run("DELETE FROM audit_event WHERE stream = 'installation'")
        owner.run("DELETE FROM audit_installation")
    assert kinds() == {"restore-unknown"}

    restores.acknowledge(reason="二", operator="root")

    report = verify()
    assert (report.findings, [said["reason"] for said in report.restores]) == ([], ["二"])


def test_a_lost_file_is_written_again_and_said_to_be(trail, folder):
    trail.grow(12)
    before = (folder / "seals.jsonl").read_text()
    (folder / "seals.jsonl").unlink()
    assert kinds() == {"file-lacks"}

    restores.acknowledge(reason=REASON, operator="root")

    assert verify().findings == []
    assert (folder / "seals.jsonl").read_text().endswith(before)
    assert verify().restores[0]["kept"] == 0


def test_the_lost_lines_stay_as_evidence(trail, roll_back, folder):
    trail.grow(6)
    kept = roll_back()
    restores.acknowledge(reason=REASON, operator="root")
    seals.take()
    lines = (folder / "seals.jsonl").read_text().splitlines(keepends=True)

    (folder / "seals.jsonl").write_text("".join(lines[:kept] + lines[kept + 1 :]))
    assert kinds() == {"restore-lost"}
    (folder / "seals.jsonl").write_text("".join(line for line in lines if '"restore"' not in line))
    assert "restore-unsaid" in kinds()


def test_nobody_answers_for_a_restore_without_the_key(trail, roll_back, folder):
    trail.grow(6)
    roll_back()
    text = restores.acknowledge(reason=REASON, operator="root")
    forged = (folder / "seals.jsonl").read_text().replace(REASON, "例行维护")
    (folder / "seals.jsonl").write_text(forged)
    assert {"restore-unsaid", "file-more"} <= kinds()

    (folder / "keys" / "seal").unlink()
    with pytest.raises(keys.SealKeyMissing):
        restores.acknowledge(reason=REASON, operator="root")
    assert Event.objects.filter(stream="installation").get() == text


def test_a_crash_between_the_next_seal_and_its_line_is_mended(trail, roll_back, folder):
    trail.grow(6)
    roll_back()
    restores.acknowledge(reason=REASON, operator="root")
    kept = (folder / "seals.jsonl").read_text()
    seals.take()
    (folder / "seals.jsonl").write_text(kept)
    assert (verify().findings, len(verify().notes)) == ([], 2)

    trail.act()
    seals.take()
    assert verify().findings == []
    assert seal_file.last_number() == Seal.objects.latest("number").number
