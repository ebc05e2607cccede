"""Restores that somebody answers for: said in the trail and, signed, in the file outside the database.

An older backup put in place of the database looks like tampering, because it is the same deed. What tells them
apart is an acknowledgement: it names the seals that are lost, whose lines stay in the file, and the reason.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from . import keys, seal_file
from .findings import Report
from .hashing import canonical
from .models import Event, Installation, Seal
from .seals import line
from .streams import record

MOVE = "restore"


@dataclass
class Restore:
    """What a line of the file says of a restore; `place` is its place in the file, `set_aside` what it covers."""

    place: int
    said: dict[str, Any]
    set_aside: int = 0


def acknowledge(*, reason: str, operator: str, backup: str = "") -> Event:
    """Record that the database was restored, what is lost by it and why; to be sealed soon after.

    What the file has and the database has not is lost; what the file lacks is written into it again. Raises
    keys.SealKeyMissing without the key.
    """
    with seal_file.held(), transaction.atomic():
        installation, _new = Installation.objects.get_or_create(pk=1)
        last = Seal.objects.order_by("-number").first()
        key = keys.signing_key(fresh=last is None)
        kept = _agreed()
        again = [line(seal) for seal in Seal.objects.filter(number__gt=kept).order_by("number")]
        aside = [text for number, text in SealLines(seal_file.size()).living() if number > kept]
        lost = [json.loads(text) for text in aside if text not in again]
        newest = Event.objects.order_by("-id").first()
        said = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seal": last.number if last else 0,
            "kept": kept,
            "aside": len(aside),
            "lost": len(lost),
            "lost_until": lost[-1]["taken_at"] if lost else "",
            "events": max(0, lost[-1]["ceiling"] - (newest.pk if newest else 0)) if lost else 0,
            "until": newest.recorded_at.astimezone(UTC).isoformat(timespec="seconds") if newest else "",
            "backup": backup,
            "operator": operator,
            "reason": reason,
        }
        event = record(installation, MOVE, reason=reason, given=said, actor={"person": operator})
        _write(key, said, again)
    return event


def _agreed() -> int:
    """Return up to which seal the file and the database say the same."""
    kept = 0
    lines = (text for number, text in SealLines(seal_file.size()).living() if number)
    # Not strict: either may end before the other.
    for seal, text in zip(Seal.objects.order_by("number").iterator(chunk_size=1000), lines, strict=False):
        if text != line(seal):
            break
        kept = seal.number
    return kept


def _write(key, said: dict[str, Any], again: list[str]) -> None:
    signature = key.sign(canonical(said)).hex()
    signed = {"key": keys.public_name(key), "number": said["kept"], "restore": said, "signature": signature}
    for text in (canonical(signed).decode(), *again):
        seal_file.add(text)


class SealLines:
    """The file outside the database: the lines that still count, and the restores that set others aside."""

    def __init__(self, until: int):
        self.until = until
        self.restores = [
            Restore(place, said)
            for place, (_number, text) in enumerate(seal_file.lines(until))
            if (said := _signed_restore(text))
        ]

    def living(self) -> Iterator[tuple[int, str]]:
        """Give the lines of seals, without those that a restore set aside."""
        places = {restore.place for restore in self.restores}
        by = None
        for place, (number, text) in enumerate(seal_file.lines(self.until)):
            if place in places:
                continue
            if number:  # a line that a crash cut short goes with the one before it
                by = next((r for r in self.restores if r.place > place and number > r.said["kept"]), None)
            if by is None:
                yield number, text
            elif number:
                by.set_aside += 1

    def check(self, report: Report) -> None:
        """Tell of every restore; the trail and the file must say the same, and the lost lines must be there."""
        events = list(
            Event.objects.filter(stream=Installation.STREAM, move=MOVE)
            .order_by("seq")
            .values_list("given", flat=True)
        )
        for place, restore in enumerate(self.restores, start=1):
            said = restore.said
            where = f"seal/{said['seal']}"
            if said in events:
                report.restores.append(said)
                report.notes.append(told(said))
            # A restore to an earlier state takes the event of a later one away with it.
            elif all(later.said["kept"] > said["seal"] for later in self.restores[place:]):
                report.add("restore-unknown", where, _("库外文件记有一次恢复，履历中却没有。"))
            if restore.set_aside != said["aside"]:
                report.add("restore-lost", where, _("恢复时丢失的封印在库外文件中不全。"))
        for given in events:
            if all(restore.said != given for restore in self.restores):
                report.add(
                    "restore-unsaid", f"seal/{given['seal']}", _("履历记有一次恢复，库外文件中却没有。")
                )


def _signed_restore(text: str) -> dict[str, Any] | None:
    if not text.startswith('{"key"'):
        return None
    try:
        found = json.loads(text)
        said, signature, signer = found["restore"], found["signature"], keys.public_keys().get(found["key"])
    except (ValueError, KeyError, TypeError):
        return None
    return said if signer and keys.signed(signer, signature, canonical(said)) else None


def told(said: dict[str, Any]) -> str:
    """Return a restore as a sentence."""
    sentence = _("%(at)s 恢复过数据库，退回到第 %(seal)s 号封印、%(until)s 的记录。") % said
    if said["lost"]:
        sentence += (
            _("此后的 %(lost)s 个封印（至 %(lost_until)s）所封的记录已丢失，最多 %(events)s 条。") % said
        )
    return sentence + _("理由：%(reason)s（%(operator)s）") % said
