"""What changed between two uploads."""

from apps.exchange.comparison import Snapshot, compare
from tests.exchange.rosters import judged, somebody

OTHER = {"citizen_id": "445299193912310056", "birth_date": "1939-12-31", "name": "示例乙二", "row_no": "2"}


def snapshots(*rows):
    return [
        Snapshot(row.digest, row.line, row.name, row.facts | {"name": row.name, "phone": row.phone})
        for row in judged(*rows).rows
    ]


def test_the_same_people_in_another_order_are_no_change():
    first, second = somebody(), somebody(**OTHER)
    assert not compare(snapshots(first, second), snapshots(second, first))


def test_the_old_and_the_new_form_of_a_number_are_the_same_person():
    assert not compare(snapshots(somebody()), snapshots(somebody(citizen_id="445299400315001")))


def test_who_came_and_who_went():
    changes = compare(snapshots(somebody()), snapshots(somebody(**OTHER)))
    assert [one.name for one in changes.added] == ["示例乙二"]
    assert [one.name for one in changes.removed] == ["示例甲一"]
    assert changes.changed == []


def test_which_facts_are_different():
    old, new = somebody(), somebody(phone="0663-5550009", housing="未房改", file="D-1/3/30")
    [(person, different)] = compare(snapshots(old), snapshots(new)).changed
    assert person.name == "示例甲一"
    assert different == ["file", "housing", "phone"]


def test_the_same_person_twice_is_counted_twice():
    changes = compare(snapshots(somebody()), snapshots(somebody(), somebody(row_no="2")))
    assert [one.line for one in changes.added] == [4]
