"""The register of people: identities in bulk, search, readings that are recorded, and one manager at any time."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.audit.models import Event
from apps.audit.streams import now
from apps.organisations.models import Division, Organisation
from apps.retirees import checks, identities, management, vault
from apps.retirees.models import Identity, ManagementInterval, Retiree
from apps.retirees.numbers import InvalidNumber, complete
from apps.retirees.people import Newcomer, enlist

NUMBERS = ["445299194003150010", "445299194511080020", "44529919620701006X"]


def many(count):
    return [complete(f"44529919500101{sequence:03d}") for sequence in range(count)]


@pytest.fixture
def enterprise(db):
    return Organisation.objects.create(key="E", kind="ENTERPRISE", name="示例厂", level="UNIT")


@pytest.fixture
def street(db):
    division = Division.objects.get(code="445202001")
    return Organisation.objects.create(
        key="S", kind="STREET_RMO", name="示例事务所", level="STREET", division=division
    )


@pytest.fixture
def people(enterprise):
    """Three retirees of the enterprise, in order of their numbers."""
    known = identities.register(NUMBERS)
    names = ["王建国", "曾国华", "林美"]
    newcomers = [
        Newcomer(known[number].pk, name, enterprise.pk, phone="0663-5550001")
        for number, name in zip(NUMBERS, names, strict=True)
    ]
    made = enlist(newcomers)
    return [Retiree.objects.get(pk=made[known[number].pk]) for number in NUMBERS]


def test_both_forms_of_a_number_are_one_identity_and_both_are_kept(db):
    known = identities.register(["445299400315001", "445299194003150010", " 445299 19400315 0010"])
    assert len({one.pk for one in known.values()}) == 1
    one = Identity.objects.get()
    assert (one.sex, one.birth_date, one.key_version) == ("M", date(1940, 3, 15), 1)
    assert vault.unseal(one.filled15_sealed, owner=one.pk, field="filled15") == "445299400315001"


def test_a_person_registered_again_keeps_the_identity(db):
    first = identities.register(NUMBERS)
    again = identities.register(NUMBERS)
    assert {number: one.pk for number, one in first.items()} == {
        number: one.pk for number, one in again.items()
    }
    assert Identity.objects.count() == 3


@pytest.mark.parametrize("count", [1, 3, 300])
def test_registering_takes_as_many_statements_for_one_as_for_all(db, django_assert_num_queries, count):
    with django_assert_num_queries(4):  # two of them open and release the savepoint
        identities.register(many(count))
    assert Identity.objects.count() == count


def test_a_number_that_fails_the_check_is_never_registered(db):
    with pytest.raises(InvalidNumber):
        identities.register(["445299194003150011"])


def test_nothing_in_the_table_is_in_clear(people):
    for row in Identity.objects.values_list("sealed", "digest", "tail_digest"):
        assert not any(number[6:14] in str(bytes(row[0])) for number in NUMBERS)
    assert not any(
        "555" in str(bytes(phone)) for phone in Retiree.objects.values_list("phone_sealed", flat=True)
    )
    assert people[0].phone == "0663-5550001"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王建", ["王建国"]), ("建国", ["王建国"]), ("王 建国", ["王建国"]), ("国", ["王建国", "曾国华"]),
        ("wjg", ["王建国"]), ("WangJ", ["王建国"]), ("wang jian", ["王建国"]),
        ("zgh", ["曾国华"]), ("zeng", ["曾国华"]),
        ("0010", ["王建国"]), ("006x", ["林美"]), ("445299194003150010", ["王建国"]),
        ("445299400315001", ["王建国"]),
        ("", ["林美", "王建国", "曾国华"]), ("9999", []), ("44529919400315", []), ("赵", []), ("%", []),
    ],
)  # fmt: skip
def test_people_are_found_by_name_pinyin_and_tail_of_the_number(people, text, found):
    assert [one.name for one in Retiree.objects.search(text)] == found


def test_opening_a_number_is_recorded_on_the_readers_own_stream(people, town):
    reader = town.acting("city-clerk")
    assert people[0].identity.reveal(by=reader, purpose="核对身份") == NUMBERS[0]
    event = Event.objects.get(stream="actor", stream_id=reader.user.pk, move="reveal")
    assert event.reason == "核对身份"
    assert event.given["identities"] == [str(people[0].identity_id)]
    assert NUMBERS[0] not in str(event.given)


def test_a_sealed_number_moved_to_another_person_does_not_open(people):
    first, second = people[0].identity, people[1].identity
    with pytest.raises(vault.CannotOpen):
        vault.unseal(first.sealed, owner=second.pk, field="number")


def test_enlisting_again_takes_the_newer_facts_of_the_same_person(people, enterprise):
    one = people[0]
    again = enlist([Newcomer(one.identity_id, "王建国", enterprise.pk, facts={"housing": "已房改"})])
    assert again == {one.identity_id: one.pk}
    assert Retiree.objects.get(pk=one.pk).facts == {"housing": "已房改"}


def managed_by(body):
    return Retiree.objects.filter(intervals__manager=body, intervals__period__upper_inf=True)


def test_responsibility_passes_from_enterprise_to_street_at_one_instant(people, enterprise, street):
    ids, listed = [one.pk for one in people], now()
    assert management.open_with_enterprise(ids, listed) == 3
    assert set(managed_by(enterprise)) == set(people)
    handed = now()
    assert management.hand_to_street([(pk, street.pk, None) for pk in ids], handed) == 3
    for pk in ids:
        intervals = list(ManagementInterval.objects.filter(retiree=pk).order_by("period"))
        assert [(one.manager, one.period.lower, one.period.upper) for one in intervals] == [
            (enterprise, listed, handed),
            (street, handed, None),
        ]
    assert managed_by(enterprise).count() == 0


def test_opening_again_changes_nothing_and_the_dead_are_left_out(people):
    ids = [one.pk for one in people]
    Retiree.objects.filter(pk=ids[0]).update(died_on=date(2026, 1, 1))
    assert management.open_with_enterprise(ids, now()) == 2
    assert management.open_with_enterprise(ids, now()) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_handing_over_takes_two_statements_for_any_number(people, street, django_assert_num_queries, count):
    ids = [one.pk for one in people][:count]
    management.open_with_enterprise(ids, now())
    at = now()
    with django_assert_num_queries(4):  # two of them open and release the savepoint
        management.hand_to_street([(pk, street.pk, None) for pk in ids], at)


def test_management_ends_with_death(people, enterprise):
    management.open_with_enterprise([people[0].pk], now())
    assert management.end([people[0].pk], now()) == 1
    assert managed_by(enterprise).count() == 0


def test_nobody_is_managed_by_two_at_once(people, enterprise, street):
    at = now()
    ManagementInterval.objects.create(retiree=people[0], manager=enterprise, period=(at, None))
    with pytest.raises(IntegrityError), transaction.atomic():
        ManagementInterval.objects.create(
            retiree=people[0], manager=street, period=(at + timedelta(days=1), None)
        )


def test_an_interval_without_a_beginning_is_refused(people, enterprise):
    for period in ((None, None), (now(), now() - timedelta(0))):
        with pytest.raises(IntegrityError), transaction.atomic():
            ManagementInterval.objects.create(
                retiree=people[0], manager=enterprise, period=(period[0], period[0]) if period[0] else period
            )


def test_new_keys_beside_old_data_are_an_error_of_the_system_check(people, settings, tmp_path):
    assert checks.keys_open_the_vault(None, databases=["default"]) == []
    settings.TUIGUAN_DATA = tmp_path
    assert [error.id for error in checks.keys_open_the_vault(None, databases=["default"])] == [
        "retirees.E001"
    ]
