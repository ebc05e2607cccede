"""What leaves the house: to whom, when, how often, and nothing about anybody in it."""

import json
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core import mail
from django.db import transaction
from django.db.models import F

from apps.audit.streams import now
from apps.cases.digest import make_digests
from apps.cases.models import Participant
from apps.jobs.models import Job, Now, Status
from apps.jobs.queue import run_due
from apps.notices import preferences, sending
from apps.notices.kinds import How
from apps.notices.models import Delivery, Notice, Reader
from apps.notices.telling import tell
from apps.organisations import posts
from apps.organisations.choices import Role
from tests.notices.conftest import NAME
from tests.worlds import CITY, PUNING


def send() -> list:
    """Gather and send what is to go out; return the mails."""
    sending.gather()
    run_due()
    return mail.outbox


def test_a_breach_is_sent_at_once_and_once(news, clerk, case):
    tell("overdue", news)
    (sent,) = send()
    assert sent.to == [clerk.user.email]
    assert case.number in sent.body
    assert len(send()) == 1


def test_nothing_is_sent_of_an_act_that_was_rolled_back(news):
    with transaction.atomic():
        tell("overdue", news)
        sending.gather()
        transaction.set_rollback(True)
    assert send() == []


def test_other_news_waits_for_the_mail_of_the_day(news):
    tell("reminder", news)
    assert send() == []


def test_many_breaches_are_one_mail_for_each_person(news, clerk):
    tell("overdue", news * 200)
    (sent,) = send()
    assert "200" in sent.subject
    assert "另有 190 条" in sent.body


def test_who_turned_a_kind_off_is_sent_nothing(news, clerk):
    preferences.choose(clerk.user.pk, {"overdue": How.OFF})
    tell("overdue", news)
    assert send() == []
    assert Notice.objects.count() == 1


def test_who_left_the_post_meanwhile_is_sent_nothing(news, clerk):
    tell("overdue", news)
    sending.gather()
    posts.end(clerk.post, by=None, on=now().date())
    run_due()
    assert mail.outbox == []
    assert Delivery.objects.get().dropped_at


def test_what_was_read_meanwhile_is_not_sent(news):
    tell("overdue", news)
    sending.gather()
    Notice.objects.update(read_at=now())
    assert send() == []


def test_a_mail_that_failed_is_sent_again_as_the_same_message(news, monkeypatch):
    tell("overdue", news)
    refused = SMTPRecipientsRefused({"city-clerk@tuiguan.example": (450, b"later")})

    def refuse(*_args, **_more):
        raise refused

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        send()
    failed = Delivery.objects.get()
    assert (failed.tries, failed.sent_at, failed.cause) == (1, None, "SMTPRecipientsRefused")
    Job.objects.filter(status=Status.WAITING).update(not_before=Now() - timedelta(seconds=1))
    (sent,) = send()
    delivery = Delivery.objects.get()
    assert sent.extra_headers["Message-ID"] == f"<{failed.pk}@{settings.SITE_HOST}>"
    assert (delivery.tries, bool(delivery.sent_at), delivery.cause) == (2, True, "")


def test_a_message_nobody_could_take_for_a_day_is_dropped(news):
    tell("overdue", news)
    sending.gather()
    Delivery.objects.update(made_at=F("made_at") - timedelta(days=2))
    run_due()
    assert mail.outbox == []


def test_with_a_number_a_breach_is_also_a_short_message(news, clerk, case, settings, tmp_path):
    settings.OUTBOX = tmp_path
    Reader.objects.create(user=clerk.user, phone="13800001111")
    tell("overdue", news)
    assert len(send()) == 1
    (line,) = (tmp_path / "sms.jsonl").read_text().splitlines()
    message = json.loads(line)
    assert message["to"] == "13800001111"
    assert case.number in message["text"]
    assert Delivery.objects.filter(channel="sms", pk=message["id"], sent_at__isnull=False).exists()


# --- the mail of the day ---


def digest() -> list:
    make_digests()
    run_due()
    return [sent for sent in mail.outbox if "待办" in sent.subject or "waiting" in sent.subject]


def to(sent: list, person) -> list:
    return [each for each in sent if each.to == [person.user.email]]


def test_the_mail_of_the_day_says_what_waits(clerk, case):
    (sent,) = to(digest(), clerk)
    assert case.number in sent.body


def test_the_mail_of_the_day_comes_once_a_day(clerk, case):
    digest()
    assert len(to(digest(), clerk)) == 1


def test_it_adds_what_was_told_and_not_read(clerk, news, case):
    tell("reminder", news)
    (sent,) = to(digest(), clerk)
    assert f"{case.number} 的办理期限将至" in sent.body


def test_who_has_nothing_to_hear_gets_no_mail(world, case):
    assert to(digest(), world.by(Role.RMO_CLERK, PUNING)) == []


def test_it_speaks_the_readers_language(clerk, case):
    Reader.objects.create(user=clerk.user, language="en")
    (sent,) = to(digest(), clerk)
    assert sent.subject == "[Tuiguan] 1 case waiting"


def test_a_person_with_two_posts_gets_one_mail_of_both(world, clerk, case):
    office = world.office(CITY)
    world.bring(case, "allocating")
    world.batch("submitted", 1)
    posts.appoint(clerk.user, office, Role.RMO_REVIEWER, by=None, since=office.active_from)
    (sent,) = to(digest(), clerk)
    assert "待办 2 件" in sent.subject


def test_what_waits_is_what_the_list_shows_late(clerk, case):
    Participant.objects.filter(case=case.pk, open=True).update(due_at=now() - timedelta(days=3))
    (sent,) = to(digest(), clerk)
    assert sent.subject == "【退管】待办 1 件，其中超期 1 件"


# --- nothing about anybody ---


def test_no_message_names_a_person_or_shows_a_number(world, news, clerk, case, settings, tmp_path):
    settings.OUTBOX = tmp_path
    number = world.items(case).get().retiree.identity.reveal(by=clerk, purpose="test")
    Reader.objects.create(user=clerk.user, phone="13800001111")
    for kind in ("overdue", "escalated", "reminder", "review", "lapsed", "paper", "arrived"):
        tell(kind, news)
    send()
    digest()
    sent = [f"{each.message()}" for each in mail.outbox] + [each.body for each in mail.outbox]
    texts = [*sent, *(json.loads(line)["text"] for line in (tmp_path / "sms.jsonl").read_text().splitlines())]
    kept = json.dumps(
        [*Job.objects.values_list("given", flat=True), *Delivery.objects.values_list("facts", flat=True)]
    )
    assert len(mail.outbox) >= 3
    for planted in (NAME, number, clerk.user.name, "13800001111"):
        assert not any(planted in text for text in [*texts, kept]), planted
