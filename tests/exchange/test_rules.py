"""Every rule of the roster once: a breach is found with its severity, and a person without fault has none."""

from datetime import date

import pytest

from apps.exchange.columns import KEYS
from apps.exchange.cover import Cover
from apps.exchange.roster import Mark
from apps.exchange.rules import RULES, Fault, Known, judge
from apps.retirees import numbers, vault
from tests.exchange.places import book_on
from tests.exchange.rosters import AS_OF, faults, judged, sheet, somebody

BREACHES = [
    ("V-01", "W", {"row_no": "7"}),
    ("V-02", "E", {"name": ""}),
    ("V-02", "E", {"name": "王"}),
    ("V-02", "E", {"name": "王1国"}),
    ("V-02", "E", {"name": "王Ａ国"}),
    ("V-02", "E", {"name": "王?国"}),
    ("V-03", "E", {"sex": ""}),
    ("V-03", "E", {"sex": "M"}),
    ("V-04", "W", {"sex": "女"}),
    ("V-05", "W", {"ethnicity": "示例族"}),
    ("V-06", "E", {"citizen_id": ""}),
    ("V-06", "E", {"citizen_id": "445299194003150011"}),
    ("V-06", "E", {"citizen_id": "4.45299E+17"}),
    ("V-06", "E", {"citizen_id": "4.45299194003150E+17"}),
    ("V-06", "E", {"citizen_id": "44529919400315"}),
    ("V-07", "E", {"birth_date": ""}),
    ("V-07", "E", {"birth_date": "1940-02-30"}),
    ("V-07", "E", {"birth_date": "三月"}),
    ("V-07", "E", {"birth_date": "1990-03-15"}),
    ("V-07", "E", {"birth_date": "1900-03-15"}),
    ("V-08", "W", {"birth_date": "1940-03-16"}),
    ("V-09", "W", {"work_start": ""}),
    ("V-09", "W", {"work_start": "1950-01-01"}),
    ("V-10", "E", {"retire_date": ""}),
    ("V-10", "E", {"retire_date": "2026-11-02"}),
    ("V-10", "E", {"retire_date": "1958-09-01"}),
    ("V-11", "E", {"retire_kind": "内退"}),
    ("V-12", "W", {"retire_date": "2000-02-28"}),
    ("V-12", "W", {"retire_kind": "特殊工种", "retire_date": "1995-02-28"}),
    ("V-13", "W", {"post": "司机"}),
    ("V-14", "S", {"si_no": ""}),
    ("V-15", "E", {"pension_insured": "不详"}),
    ("V-16", "E", {"pension_insured": "否"}),
    ("V-17", "S", {"paying_agency": ""}),
    ("V-18", "E", {"medical_insured": ""}),
    ("V-19", "E", {"hukou_county": "不存在县"}),
    ("V-19", "E", {"hukou_county": ""}),
    ("V-20", "E", {"hukou_street": "流沙东街道"}),
    ("V-21", "W", {"hukou_addr": "一号"}),
    ("V-22", "E", {"res_county": "不存在县"}),
    ("V-23", "E", {"res_street": ""}),
    ("V-24", "W", {"res_addr": ""}),
    ("V-25", "W", {"res_class": "3"}),
    ("V-25", "W", {"res_class": "9"}),
    ("V-26", "E", {"placement_choice": "子女处"}),
    ("V-26", "E", {"res_county": "福建省漳州市", "res_class": "3", "outside_note": "随子女"}),
    ("V-27", "W", {"phone": "12345"}),
    ("V-28", "W", {"contact": "示例乙"}),
    ("V-28", "W", {"contact": "示例乙/子女/06635550001"}),
    ("V-29", "W", {"health": "7"}),
    ("V-30", "W", {"care_category": "特困、贫困"}),
    ("V-31", "W", {"special_identity": "董事"}),
    ("V-32", "E", {"party_member": ""}),
    ("V-33", "W", {"party_date": "1955-01-01"}),
    ("V-34", "E", {"party_org": ""}),
    ("V-35", "W", {"dues_through": "2026-12"}),
    ("V-36", "E", {"file": ""}),
    ("V-36", "E", {"file": "D-1/0/30"}),
    ("V-36", "E", {"file": "D-1"}),
    ("V-37", "E", {"file": "", "file_gap": "无"}),
    ("V-38", "W", {"out_of_pool": ""}),
    ("V-38", "W", {"out_of_pool": "补贴"}),
    ("V-38", "W", {"out_of_pool": "补贴 99999"}),
    ("V-39", "E", {"housing": "租房"}),
    ("V-40", "W", {"res_class": "2"}),
    ("V-41", "E", {"person_class": "离休"}),
    ("V-41", "E", {"person_class": ""}),
    ("V-42", "E", {"self_confirm": "是"}),
    ("V-42", "E", {"self_confirm": ""}),
    ("V-42", "E", {"self_confirm": "是 2026-12-01"}),
    ("V-59", "W", {"name": " 示例甲一"}),
    ("V-59", "W", {"citizen_id": "４４５２９９194003150010"}),
    ("V-59", "W", {"remark": "长" * 201}),
]  # fmt: skip


def test_a_person_without_fault_has_none():
    assert judged(somebody()).faults == []


@pytest.mark.parametrize(("code", "severity", "changes"), BREACHES)
def test_a_breach_is_found_in_its_row_and_said_how_to_mend(code, severity, changes):
    found = [fault for fault in judged(somebody(**changes)).faults if fault.code == code]
    assert [(fault.row, fault.severity) for fault in found] == [(3, severity)]
    assert found[0].column in KEYS
    assert found[0].message
    assert found[0].mend
    assert "%" not in found[0].message


ACCEPTED = [
    {"name": "示例·阿依·甲"},
    {"name": "示例\U00020bb7一"},
    {"citizen_id": "445299400315001"},
    {"citizen_id": "11010519491231002x", "sex": "女", "birth_date": "1949/12/31", "work_start": "1968年3月"},
    {"birth_date": "19400315"},
    {"birth_date": "1940年3月15日"},
    {"birth_date": "1940/3/15"},
    {"hukou_county": "揭阳市榕城区", "res_county": "榕城"},
    {"res_street": "榕华"},
    {"res_street": "炮台镇"},
    {"res_street": "砲台镇"},
    {"hukou_county": "揭东区", "hukou_street": "玉滘镇", "res_county": "揭东区", "res_street": "玉窖"},
    {"retire_date": "2009-05-01"},
    {"retire_kind": "政策提前", "retire_date": "1990-01-01"},
    {"health": "2 生活不能自理"},
    {"file": "", "file_gap": "档案毁于水灾"},
    {"file": "D/1/2/30"},
    {"out_of_pool": "独生子女费 30；高温补贴 120.50"},
    {"pension_insured": "否", "orig_payer": "揭阳市示例局", "paying_agency": "", "si_no": ""},
    {"party_member": "否", "party_org": "", "party_date": "", "dues_through": ""},
    {"res_county": "香港", "res_class": "4", "outside_note": "随女儿", "placement_choice": "户口所在地"},
    {"care_category": "高龄、重病"},
    {"special_identity": "工伤（七级）"},
    {"self_confirm": "是，2026年10月1日"},
]  # fmt: skip


@pytest.mark.parametrize("changes", ACCEPTED)
def test_the_many_ways_to_write_it_right(changes):
    assert judged(somebody(**changes)).faults == []


def test_a_name_of_another_period_is_read_with_a_warning():
    before = somebody(hukou_county="揭东县", hukou_street="云路镇", res_county="揭东区", res_street="云路镇")
    assert faults(before) == {("V-19", "W")}


def test_the_old_county_is_right_in_its_time():
    old = somebody(
        hukou_county="揭东县", hukou_street="云路镇", res_county="揭东县", res_street="云路镇",
        dues_through="2005-08", self_confirm="是 2005-08-01",
    )  # fmt: skip
    assert faults(old, as_of=date(2005, 9, 1)) == set()


def test_the_old_and_the_new_form_of_one_number_are_one_person():
    twice = judged(somebody(), somebody(row_no="2", citizen_id="445299400315001"))
    assert [(fault.row, fault.code) for fault in twice.faults if fault.blocks] == [(3, "V-50"), (4, "V-50")]
    assert twice.acceptable == 0


def test_one_name_and_birth_with_two_numbers_warns_on_both_rows():
    found = judged(somebody(), somebody(row_no="2", citizen_id=numbers.complete("44529919400315003")))
    assert [(fault.row, fault.code) for fault in found.faults] == [(3, "V-51"), (4, "V-51")]


def test_numbering_is_said_once_only():
    rows = [
        somebody(row_no="5"),
        somebody(row_no="6", citizen_id="445299193912310056", birth_date="1939-12-31"),
    ]
    assert [fault.row for fault in judged(*rows).faults if fault.code == "V-01"] == [3]


@pytest.mark.parametrize("code", ["V-52", "V-53"])
def test_what_the_register_knows_blocks_the_row_and_is_asked_once(code):
    asked = []

    def known(digests):
        asked.append(digests)
        return {vault.digest("445299194003150010"): Known(code, "已在揭退〔2026〕1号批次中")}

    found = judged(somebody(), known=known)
    assert [(fault.code, fault.severity) for fault in found.faults] == [(code, "E")]
    assert "揭退〔2026〕1号" in found.faults[0].message
    assert asked == [[vault.digest("445299194003150010")]]


@pytest.mark.parametrize(
    "cover", [Cover(heads=2), Cover(party_members=0), Cover(files=0)], ids=["heads", "party_members", "files"]
)
def test_the_cover_must_agree_with_the_rows(cover):
    found = judged(somebody(), cover=cover)
    assert [(fault.row, fault.code, fault.severity) for fault in found.faults] == [(0, "V-56", "E")]
    assert found.blocked
    assert found.acceptable == 1


def test_a_cover_that_agrees_is_no_fault():
    assert judged(somebody(), cover=Cover(heads=1, party_members=1, files=1)).faults == []


class OtherEnterprise:
    uscc, org_code = "91445200WWDEM0022E", "WWDEM002-2"


@pytest.mark.parametrize("cover", [Cover(uscc="91445200WWDEM0014K"), Cover(org_code="WWDEM001-4")])
def test_a_roster_of_another_enterprise_is_refused(cover):
    found = judged(somebody(), cover=cover, enterprise=OtherEnterprise())
    assert [(fault.code, fault.severity) for fault in found.faults] == [("V-00", "E")]
    assert found.blocked


def test_ones_own_roster_is_known_by_either_code():
    for cover in (Cover(uscc="91445200WWDEM0022E"), Cover(org_code="WWDEM0022"), Cover()):
        assert judged(somebody(), cover=cover, enterprise=OtherEnterprise()).faults == []


@pytest.mark.parametrize(
    ("kind", "severity", "row"),
    [("formula", "E", 3), ("hidden_row", "E", 3), ("merged", "E", 3), ("second_table", "E", 9),
     ("hidden_column", "W", 0), ("note", "W", 8)],
)  # fmt: skip
def test_what_hides_in_the_sheet_is_said_with_its_address(kind, severity, row):
    page = sheet(somebody(), marks=[Mark(kind, row, "C3")])
    found = judge(page, as_of=AS_OF, book=book_on(AS_OF)).faults
    assert [(fault.code, fault.severity, fault.row) for fault in found] == [("V-58", severity, row)]
    assert "C3" in found[0].message or kind == "hidden_row"


def test_a_missing_column_that_may_be_missing_warns():
    page = sheet(somebody(), missing=["spouse"])
    found = judge(page, as_of=AS_OF, book=book_on(AS_OF)).faults
    assert [(fault.code, fault.severity) for fault in found] == [("V-57", "W")]
    assert "配偶" in found[0].message


def test_every_fault_of_a_row_is_shown_at_once():
    found = faults(somebody(name="", sex="", retire_kind="", housing="", phone=""))
    assert found == {("V-02", "E"), ("V-03", "E"), ("V-11", "E"), ("V-39", "E"), ("V-27", "W")}


def test_faults_never_show_a_whole_number():
    bad = somebody(citizen_id="445299194003150011", contact="示例乙/子女/06635550001")
    for fault in judged(bad).faults:
        assert "445299194003150011" not in f"{fault.value}{fault.message}{fault.as_json()}"
        assert "06635550001" not in f"{fault.value}{fault.message}{fault.as_json()}"


def test_a_fault_survives_being_kept_with_its_row():
    for fault in judged(somebody(name="", file="", res_class="3")).faults:
        kept = Fault.from_json(fault.as_json())
        assert (kept, kept.message, kept.mend) == (fault, fault.message, fault.mend)


def test_the_batch_date_is_told_or_the_covers_or_today():
    page = sheet(somebody(), cover=Cover(filled_on=date(2026, 10, 1)))
    assert page.batch_date(date(2026, 9, 1), today=AS_OF) == date(2026, 9, 1)
    assert page.batch_date(None, today=AS_OF) == date(2026, 10, 1)
    assert sheet(somebody()).batch_date(None, today=AS_OF) == AS_OF


def test_the_chosen_place_is_where_the_person_goes():
    home = judged(somebody()).rows[0]
    assert (home.placement, home.street.code) == ("residence", "445202001")
    chosen = somebody(
        placement_choice="户口所在地",
        hukou_county="普宁市",
        hukou_street="流沙东",
        res_class="2",
        outside_note="a",
    )
    moved = judged(chosen).rows[0]
    assert (moved.placement, moved.street.code, moved.residence.code) == ("hukou", "445281001", "445202001")


def test_facts_hold_neither_number_nor_telephone_nor_party():
    row = judged(somebody(out_of_pool="独生子女费 30.5", care_category="高龄")).rows[0]
    assert row.facts["out_of_pool"] == [{"name": "独生子女费", "fen": 3050}]
    assert row.facts["file"] == {"number": "D-1", "volumes": "2", "pages": "30"}
    assert row.facts["care_category"] == ["高龄"]
    assert not {"citizen_id", "phone", "contact", "party_org", "party_date"} & row.facts.keys()
    assert row.party == {"party_date": "1970-07-01", "party_org": "中共示例厂支部", "dues_through": "2026-10"}


def test_every_rule_has_words():
    for rule in RULES.values():
        assert rule.title
        assert rule.mend.endswith("。")
