"""The page on which days off are entered by one person and approved by another."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from apps.calendar.models import HolidayNotice, NoticeDay
from apps.organisations.models import User
from apps.policies import holidays

DAYS = "2027-01-01 放假 元旦\n\n2027-01-03 上班"


def entered(browser, **facts):
    facts = {
        "title": "2027年放假安排",
        "number": "国办发明电〔2026〕7号",
        "year": "2027",
        "days": DAYS,
    } | facts
    return browser.post("/policies/holidays/propose/", facts)


def test_one_enters_and_another_approves(signed_in):
    assert entered(signed_in("city-reviewer")).status_code == 302
    notice = HolidayNotice.objects.get()
    assert [(f"{day.day}", day.works, day.name) for day in notice.days.all()] == [
        ("2027-01-01", False, "元旦"),
        ("2027-01-03", True, ""),
    ]
    signed_in("city-head").post(f"/policies/holidays/{notice.pk}/approve/")
    notice.refresh_from_db()
    assert (notice.author.username, notice.approver.username) == ("city-reviewer", "city-head")


def test_a_line_that_cannot_be_read_is_named_and_nothing_is_lost(signed_in):
    answer = entered(signed_in("city-reviewer"), days="2027-01-01 放假 元旦\n元月二日 放假")
    said = answer.content.decode()
    assert "第 2 行应写作" in said
    assert "元月二日 放假" in said
    assert not HolidayNotice.objects.exists()


def test_who_entered_it_does_not_approve_it(signed_in):
    browser = signed_in("city-reviewer")
    entered(browser)
    browser.post(f"/policies/holidays/{HolidayNotice.objects.get().pk}/approve/")
    assert HolidayNotice.objects.get().approved_at is None


@pytest.mark.parametrize("twins", [False, True])
def test_nor_under_another_hat_nor_from_another_account_of_his(signed_in, town, twins):
    entered(signed_in("city-reviewer"))
    author, head = town.person("city-reviewer"), town.acting("city-head")
    if twins:
        User.objects.filter(pk__in=(author.pk, head.user.pk)).update(identity_digest="same")
        head.user.refresh_from_db()
    hat = replace(head, user=head.user if twins else author)
    with pytest.raises(holidays.NoticeRefused, match="另一人"):
        holidays.approve(HolidayNotice.objects.get(), by=hat)


def test_what_was_approved_never_changes(signed_in, town):
    entered(signed_in("city-reviewer"))
    notice = holidays.approve(HolidayNotice.objects.get(), by=town.acting("city-head"))
    day = notice.days.first()
    for change in (
        lambda: NoticeDay.objects.filter(pk=day.pk).update(works=True),
        lambda: NoticeDay.objects.filter(pk=day.pk).delete(),
        lambda: NoticeDay.objects.create(notice=notice, day="2027-06-01", works=False),
        lambda: HolidayNotice.objects.filter(pk=notice.pk).update(year=2028),
        lambda: HolidayNotice.objects.filter(pk=notice.pk).update(approved_at=None, approver=None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert notice.days.count() == 2


def test_nobody_else_enters_days(signed_in):
    assert entered(signed_in("city-clerk")).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_one_notice_and_for_three(signed_in, django_assert_num_queries, number):
    browser = signed_in("city-reviewer")
    for _one in range(number):
        entered(browser, year="")
    with django_assert_num_queries(6):
        browser.get("/policies/holidays/")
