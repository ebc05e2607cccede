"""Honest runs: people and offices whose streams grow at random, sealed now and then."""

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction

from apps.audit import seals
from apps.audit.streams import Entry, append, lock, now
from apps.organisations.models import Organisation

_names = count(1)
WORDS = ["提交", "受理，材料齐全。", "退回：第三页缺章", 'he said "no"', "a\\b", "行\n行", "😀", ""]


def make_people(number):
    """Make users, each the anchor of a stream."""
    user = get_user_model()
    return user.objects.bulk_create(
        user(username=f"person-{next(_names)}", name="某人", password="x") for _ in range(number)
    )


def make_offices(number):
    """Make organisations, each the anchor of a stream."""
    return Organisation.objects.bulk_create(
        Organisation(key=f"office-{next(_names)}", kind="ENT", name="某厂", level="CITY")
        for _ in range(number)
    )


class Trail:
    """Writes events as the door would: many streams at once, with facts of every type."""

    def __init__(self, *, seed, people=4, offices=4):
        self.random = random.Random(seed)
        self.anchors = {
            type(rows[0]): [row.pk for row in rows] for rows in (make_people(people), make_offices(offices))
        }

    def act(self, *, model=None, streams=None):
        """One act on some streams of one model; return its events."""
        model = model or self.random.choice(list(self.anchors))
        chosen = streams or self.random.sample(
            self.anchors[model], self.random.randint(1, len(self.anchors[model]))
        )
        with transaction.atomic():
            heads = lock(model, chosen)
            entries = [self.entry(stream) for stream in heads for _ in range(self.random.choice([1, 1, 2]))]
            return append(model, heads, entries, at=now())

    def entry(self, stream):
        """An event with facts drawn at random."""
        pick = self.random
        return Entry(
            stream_id=stream,
            move=pick.choice(["submit", "accept", "return"]),
            machine=pick.choice(["", "transferbatch"]),
            source=pick.choice(["", "draft"]),
            person_id=pick.choice([None, 7]),
            actor=pick.choice([{}, {"person": "王建国", "organisation": "某厂"}]),
            reason=pick.choice(WORDS),
            given=pick.choice(
                [{}, {"fee": Decimal("12.50"), "share": 0.1, "on": date(2026, 2, 28), "of": [1, None, True]}]
            ),
            evidence=pick.choice([(), [{"digest": "ab" * 32}]]),
            rules=pick.choice([(), [{"id": 3, "key": "transfer.acceptance", "value": 5}]]),
            act=pick.choice([None, UUID(int=pick.getrandbits(128))]),
            due_at=pick.choice([None, now() + timedelta(days=5)]),
            effective_on=pick.choice([None, date(2026, 1, 31)]),
            items=[
                (pick.randint(1, 10**12), n, pick.choice(["listed", "placed"]))
                for n in range(pick.choice([0, 0, 3, 20]))
            ],
        )

    def grow(self, acts, *, seal_every=3):
        """Act so many times, sealing at random in between, and seal at the end."""
        for _ in range(acts):
            self.act()
            if self.random.randrange(seal_every) == 0:
                seals.take()
        seals.take()
        return self
