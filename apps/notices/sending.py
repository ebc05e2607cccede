"""Sending: gather what is to go out into one message for each person, and hand each message over.

A message is made once, with its key; it is handed over at least once, every try is counted, and a receiving
server knows a repeated one by its Message-ID.
"""

from datetime import timedelta
from smtplib import SMTPException

from django.db import connection, transaction
from django.db.models import F
from django.utils import translation

from apps.audit.streams import now
from apps.jobs.queue import enqueue_many
from apps.organisations.models import Post

from . import messages, preferences, sms
from .holders import holders
from .models import Channel, Delivery, Notice, Reader

STALE = timedelta(days=1)
"""A message not handed over in this time is dropped: the list says more than it could."""

GATHER = """
WITH taken AS (
    UPDATE notices_notice SET to_send = FALSE WHERE to_send
    RETURNING id, user_id, organisation_id, role, kind, read_at)
INSERT INTO notices_delivery (id, user_id, kind, channel, facts, made_at, tries, cause)
SELECT gen_random_uuid(), person.id, taken.kind, way.channel,
       jsonb_build_object('notices', jsonb_agg(taken.id ORDER BY taken.id)), tuiguan_now(), 0, ''
FROM taken
JOIN ({posts}) AS post (user_id, organisation_id, role) USING (user_id, organisation_id, role)
JOIN organisations_user AS person ON person.id = taken.user_id
LEFT JOIN notices_reader AS reader ON reader.user_id = person.id
CROSS JOIN LATERAL (VALUES ('mail', person.email), ('sms', reader.phone)) AS way (channel, address)
WHERE taken.read_at IS NULL AND way.address <> ''
GROUP BY person.id, taken.kind, way.channel
RETURNING id
"""


def gather() -> None:
    """Make one message of all that a person is to be told of a kind at once, in a statement for everybody."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(GATHER.format(posts=holders("user_id", "organisation_id", "role")))
        send([pk for (pk,) in cursor.fetchall()])


def send(deliveries: list) -> None:
    """Put messages into the queue, in the transaction that made them."""
    enqueue_many("notices.deliver", [{"delivery": str(pk)} for pk in deliveries])


def deliver(pk: str) -> None:
    """Hand one message over, unless it has gone out or nobody is left to read it; raises what the server said."""
    delivery = Delivery.objects.select_related("user").get(pk=pk)
    if delivery.sent_at or delivery.dropped_at:
        return
    this = Delivery.objects.filter(pk=pk)
    reader = Reader.objects.filter(user=delivery.user_id).first() or Reader()
    to = delivery.user.email if delivery.channel == Channel.MAIL else reader.phone
    notices = Notice.objects.filter(pk__in=delivery.facts["notices"], read_at=None).of_holders()
    notices = list(notices.select_related("case").order_by("-pk"))
    if not (to and _wanted(delivery, notices)):
        this.update(dropped_at=now())
        return
    this.update(tries=F("tries") + 1)
    try:
        with translation.override(reader.language):
            _hand_over(delivery, messages.compose(delivery, notices), to)
    except (OSError, SMTPException) as error:
        this.update(cause=_said(error))
        raise
    this.update(sent_at=now(), cause="")


def _wanted(delivery: Delivery, notices: list[Notice]) -> bool:
    """Whether what a message says is still news to somebody in office who wants it."""
    posts = delivery.facts.get("posts", [])
    return (
        delivery.made_at > now() - STALE
        and Post.objects.held().filter(pk__in=posts).count() == len(posts)
        and bool(notices or "waiting" in delivery.facts)
        and preferences.wants(delivery.user_id, delivery.kind)
    )


def _hand_over(delivery: Delivery, message: messages.Message, to: str) -> None:
    if delivery.channel == Channel.MAIL:
        messages.mail(delivery, message).send()
    else:
        sms.gateway().send(messages.short(message), to=to, message=delivery.pk)


def _said(error: Exception) -> str:
    """What went wrong, without the server's own words: they may quote an address."""
    code = getattr(error, "smtp_code", "") or getattr(error, "strerror", "") or ""
    return f"{type(error).__name__} {code}".strip()[:200]
