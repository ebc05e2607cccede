"""Whatever the database's owner does to sealed history is found."""

import pytest

from apps.audit.models import Event
from apps.audit.verify import verify

from .owner import Owner
from .tampering import KINDS, Tamperer
from .trail import Trail


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("tamper", KINDS, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found(db, tamper, place):
    trail = Trail(seed=place).grow(10)
    sealed = Event.objects.latest("id").pk
    trail.act()
    assert verify().findings == []
    owner = Owner()

    with owner.unguarded():
        tamper(Tamperer(trail, owner, sealed))

    found = {finding.kind for finding in verify().findings}
    assert found & KINDS[tamper], found


def test_the_first_broken_event_is_named(trail, owner):
    trail.grow(10)
    event = trail.random.choice(list(Event.objects.all()))

    with owner.unguarded():
        owner.run("UPDATE audit_event SET reason = '改过' WHERE id = %s", [event.pk])

    report = verify()
    assert [(finding.kind, finding.where) for finding in report.findings] == [("hash", str(event))]
    assert verify(f"{event.stream}/{event.stream_id}").first == report.first


def test_an_anchor_that_says_something_else_is_found(trail, owner):
    [event, *_] = trail.grow(4).act()
    [model] = [model for model in trail.anchors if event.stream == model.STREAM]

    model.objects.filter(pk=event.stream_id).update(stream_seq=1, stream_head="0" * 64)

    assert verify().first.where == f"{event.stream}/{event.stream_id}"
