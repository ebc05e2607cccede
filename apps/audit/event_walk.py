"""Walks all events, stream by stream: the chain, the items, the sealed heads, the moments."""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from django.db import connection
from django.utils.translation import gettext as _

from .clock import CLOCK_STEP, ClockRecord
from .findings import Report
from .hashing import FACTS, JSON_FACTS, digest, items_digest, said
from .seal_walk import SealTimes

# So many seconds may an act be under way while seals are taken over it.
LONGEST_ACT = 1800.0
BATCH = 2000

_COLUMNS = (*FACTS, "hash", "id", "demo")
_READ = ", ".join("e.act::text" if name == "act" else f"e.{name}" for name in _COLUMNS)
_EVENTS = (
    "SELECT {columns}, s.seal_id, s.head FROM audit_event e "
    "LEFT JOIN audit_sealedhead s "
    "ON s.stream = e.stream AND s.stream_id = e.stream_id AND s.seq = e.seq "
    "{where} ORDER BY e.stream, e.stream_id, e.seq, e.id"
)
_ITEMS = """
SELECT event_id, row_id, row_seq, source FROM audit_eventitem WHERE event_id = ANY(%s)
ORDER BY event_id, row_id, row_seq, source COLLATE "C"
"""
_LOST_HEADS = """
SELECT s.stream, s.stream_id, s.seq, n.number
FROM audit_sealedhead s LEFT JOIN audit_seal n ON n.id = s.seal_id
WHERE NOT EXISTS (SELECT 1 FROM audit_event e
    WHERE e.stream = s.stream AND e.stream_id = s.stream_id AND e.seq = s.seq) {where}
ORDER BY s.position
"""
_LOST_ITEMS = """
SELECT i.event_id FROM audit_eventitem i
WHERE NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.id = i.event_id)
LIMIT 20
"""


class EventWalk:
    """One pass over the events in the order of their streams."""

    def __init__(self, report: Report, times: SealTimes):
        self.report = report
        self.times = times
        self.clock = ClockRecord.read()

    def walk(self, scope: tuple[str, int] | None) -> None:
        """Check the streams, or one of them, then look for what should be there and is not."""
        for _stream, events in groupby(self._events(scope), key=itemgetter("stream", "stream_id")):
            self.report.streams += 1
            StreamWalk(self.report, self.times, self.clock).walk(events)
        self._lost_heads(scope)
        if scope is None:
            self._lost_items()
            for fault in self.clock.faults():
                self.report.add("clock", "clock/1", fault)

    def _events(self, scope: tuple[str, int] | None) -> Iterator[dict]:
        """Give every event with its items' own digest and count beside those it claims."""
        where = "WHERE e.stream = %s AND e.stream_id = %s" if scope else ""
        names = (*_COLUMNS, "seal_id", "sealed_head")
        with connection.chunked_cursor() as cursor:
            cursor.execute(_EVENTS.format(columns=_READ, where=where), scope or ())
            while rows := cursor.fetchmany(BATCH):
                batch = [dict(zip(names, row, strict=True)) for row in rows]
                found = self._items([event["id"] for event in batch])
                for event in batch:
                    event["found_count"], event["found_digest"] = found.get(event["id"], (0, ""))
                    self.report.items += event["found_count"]
                    yield event

    def _items(self, event_ids: list[int]) -> dict[int, tuple[int, str]]:
        found = {}
        with connection.chunked_cursor() as cursor:
            cursor.execute(_ITEMS, [event_ids])
            rows = (row for rows in iter(lambda: cursor.fetchmany(BATCH), []) for row in rows)
            for event_id, items in groupby(rows, key=itemgetter(0)):
                moved = [item[1:] for item in items]
                found[event_id] = len(moved), items_digest(moved)
        return found

    def _lost_heads(self, scope: tuple[str, int] | None) -> None:
        where = "AND s.stream = %s AND s.stream_id = %s" if scope else ""
        with connection.chunked_cursor() as cursor:
            cursor.execute(_LOST_HEADS.format(where=where), scope or ())
            while rows := cursor.fetchmany(BATCH):
                for stream, stream_id, seq, number in rows:
                    self.report.add(
                        "sealed-lost",
                        f"{stream}/{stream_id}/{seq}",
                        _("第 %(number)s 号封印见过的记录不见了。") % {"number": number},
                    )

    def _lost_items(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_LOST_ITEMS)
            for (event_id,) in cursor.fetchall():
                self.report.add("items-lost", f"#{event_id}", _("有人员明细而没有所属的记录。"))


class StreamWalk:
    """One stream: each kind of break is told once, since all later events stand on it."""

    def __init__(self, report: Report, times: SealTimes, clock: ClockRecord):
        self.report = report
        self.times = times
        self.clock = clock
        self.told: set[str] = set()
        self.earliest: tuple[float, str, datetime] | None = None
        self.latest = 0.0
        self.since_seal = 0

    def walk(self, events: Iterator[dict]) -> None:
        """Check the stream's events in their order."""
        last = None
        for event in events:
            where = f"{event['stream']}/{event['stream_id']}/{event['seq']}"
            self.report.events += 1
            self._chain(event, last, where)
            self._items(event, where)
            self._moment(event, last, where)
            self._sealed(event, where)
            last = event
        if self.earliest:
            self._unsealed()

    def _say(self, kind: str, where: str, sentence: str) -> None:
        if kind not in self.told:
            self.told.add(kind)
            self.report.add(kind, where, sentence)

    def _chain(self, event: dict, last: dict | None, where: str) -> None:
        if event["seq"] != (last["seq"] + 1 if last else 1):
            self._say("gap", where, _("序号不连续：此前有记录被删除、插入或调换。"))
        elif event["prev_hash"] != (last["hash"] if last else ""):
            self._say("chain", where, _("记录没有接在前一条之后。"))
        if last and event["id"] <= last["id"]:
            self._say("order", where, _("记录写入的先后与序号不符。"))
        facts = {name: _read(event[name]) if name in JSON_FACTS else event[name] for name in FACTS}
        if digest(said(facts)) != event["hash"]:
            self._say("hash", where, _("记录的内容与其摘要不符：被改动过。"))
        if event["demo"] != self.clock.demo:
            self._say("demo", where, _("记录的演示标记与数据库不符。"))

    def _items(self, event: dict, where: str) -> None:
        if event["found_count"] != event["items_count"] or event["found_digest"] != event["items_digest"]:
            self._say("items", where, _("记录所涉人员明细与其摘要不符。"))

    def _moment(self, event: dict, last: dict | None, where: str) -> None:
        moment = event["moment"] = self.clock.true_time(event["id"], event["recorded_at"])
        if last and moment < last["moment"] - CLOCK_STEP:
            self._say("backwards", where, _("记录时间早于前一条：时钟被拨动过。"))
        if moment > self.clock.now + CLOCK_STEP:
            self._say("future", where, _("记录时间晚于现在。"))
        if self.earliest is None or moment < self.earliest[0]:
            self.earliest = moment, where, event["recorded_at"]
        self.latest = max(self.latest, moment)
        self.since_seal += 1

    def _sealed(self, event: dict, where: str) -> None:
        if event["seal_id"] is None:
            return
        if event["sealed_head"] != event["hash"]:
            self._say("sealed-differs", where, _("记录与封印时的不同：封印之后被重写过。"))
        around = self.times.around(event["seal_id"])
        if around:
            before, taken = around
            if self.earliest[0] < before - LONGEST_ACT:
                self._say(
                    "late",
                    self.earliest[1],
                    _("记录时间早于此前的封印，当时却没有这条记录：补记或时钟被拨动。"),
                )
            if self.latest > taken + CLOCK_STEP:
                self._say("early", where, _("记录时间晚于封住它的封印：时钟被拨动过。"))
        self.earliest, self.latest, self.since_seal = None, 0.0, 0

    def _unsealed(self) -> None:
        moment, where, recorded_at = self.earliest
        if moment < self.times.last() - LONGEST_ACT:
            self._say("late", where, _("记录时间早于最后的封印，当时却没有这条记录：补记或时钟被拨动。"))
        self.report.unsealed_events += self.since_seal
        if self.report.unsealed_since is None or recorded_at < self.report.unsealed_since:
            self.report.unsealed_since = recorded_at


@lru_cache(maxsize=512)
def _read(text: str):
    # Most events say nothing here, or the same few things.
    return json.loads(text)
