"""Places as enterprises write them, read under the names of a day."""

from datetime import date

import pytest

from apps.organisations.divisions import DivisionBook
from apps.organisations.models import Division
from apps.policies import seeds

BEFORE, AFTER = date(2005, 8, 1), date(2015, 1, 1)


@pytest.fixture
def books(db):
    return {day: DivisionBook.on(day) for day in (BEFORE, AFTER)}


def test_the_whole_book_is_two_queries(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        book = DivisionBook.on(AFTER)
        book.street(book.county("揭东区"), "玉滘镇")
        book.outside("广东省汕头市")


@pytest.mark.parametrize(
    "written", ["榕城区", "榕城", "揭阳市榕城区", "广东省揭阳市榕城区", " 榕 城 区　", "揭阳榕城"]
)
def test_a_county_is_read_however_it_is_written(books, written):
    place = books[AFTER].county(written)
    assert (place.code, place.name, place.note) == ("445202", "榕城区", "")


def test_jiedong_is_a_county_before_december_2012_and_a_district_after(db):
    assert DivisionBook.on(date(2012, 12, 16)).county("揭东").code == "445221"
    assert DivisionBook.on(date(2012, 12, 17)).county("揭东").code == "445203"


def test_a_name_of_another_period_warns_with_the_name_of_the_day(books):
    old = books[AFTER].county("揭东县")
    assert (old.code, old.name) == ("445203", "揭东区")
    assert "揭东县" in old.note
    assert "揭东区" in old.note
    early = books[BEFORE].county("揭东区")
    assert (early.code, early.name) == ("445221", "揭东县")
    assert "揭东县" in early.note


@pytest.mark.parametrize("written", ["玉窖镇", "玉滘镇", "玉滘", "玉窖", "揭东县玉滘镇"])
def test_variant_characters_of_yujiao_are_one_town(books, written):
    book = books[BEFORE]
    place = book.street(book.county("揭东县"), written)
    assert (place.code, place.name, place.note) == ("445203103", "玉窖镇", "")


@pytest.mark.parametrize("written", ["炮台", "砲台", "砲台镇", "炮台镇"])
def test_paotai_belongs_to_jiedong_before_and_to_rongcheng_after(books, written):
    before, after = books[BEFORE], books[AFTER]
    assert before.street(before.county("揭东"), written).parent_code == "445221"
    assert after.street(after.county("榕城"), written).parent_code == "445202"
    assert before.street(before.county("揭东"), written).note == ""
    assert after.street(after.county("榕城"), written).note == ""


@pytest.mark.parametrize("town", ["地都", "炮台", "登岗"])
def test_a_town_that_moved_is_found_under_its_old_county_with_a_warning(books, town):
    book = books[AFTER]
    place = book.street(book.county("揭东区"), f"{town}镇")
    assert place.parent_code == "445202"
    assert f"榕城区{town}镇" in place.note


def test_pandong_moved_the_other_way(books):
    before, after = books[BEFORE], books[AFTER]
    assert before.street(before.county("榕城"), "磐东").parent_code == "445202"
    moved = after.street(after.county("榕城"), "磐东街道办事处")
    assert (moved.code, moved.parent_code) == ("445203002", "445203")
    assert "揭东区磐东街道" in moved.note


def test_a_street_of_another_county_is_not_found(books):
    book = books[AFTER]
    assert book.street(book.county("惠来县"), "榕华街道") is None


@pytest.mark.parametrize("written", ["", "乌有县", "榕", "揭阳市"])
def test_what_no_list_knows_is_no_county(books, written):
    assert books[AFTER].county(written) is None


@pytest.mark.parametrize(
    ("written", "away"),
    [
        ("广东省汕头市", True),
        ("汕头龙湖区", True),
        ("福建省厦门市思明区", True),
        ("广西南宁市", True),
        ("西双版纳州景洪市", True),
        ("重庆市渝中区", True),
        ("香港", True),
        ("境外", True),
        ("揭阳市榕城区", False),
        ("广东省揭阳市", False),
        ("广东省", False),
        ("乌有市", False),
        ("", False),
    ],
)
def test_a_place_outside_the_city_is_known_by_province_or_city(books, written, away):
    assert books[AFTER].outside(written) == away


def test_every_street_of_the_present_list_has_its_county_at_every_time(books):
    for day, book in books.items():
        homes = {row.parent_code for row in book.streets if day in row.valid}
        assert homes <= {row.code for row in book.counties if day in row.valid}


@pytest.mark.clause("M-103")
def test_codes_come_from_one_file_and_loading_it_again_changes_nothing(db):
    before = list(Division.objects.order_by("pk").values())
    seeds.load()
    assert list(Division.objects.order_by("pk").values()) == before
    shipped = {(row["code"], row["name"], row["valid_from"]) for row in seeds.rows("divisions.csv")}
    assert {(row["code"], row["name"], row["valid"].lower.isoformat()) for row in before} == shipped
