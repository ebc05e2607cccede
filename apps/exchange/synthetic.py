"""Rosters of people who do not exist: numbers of the address code 445299, which no list of divisions has.

The same seed, size and day always give the same roster; nobody occurs twice.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from django.conf import settings

from apps.exchange.rules import ages
from apps.retirees import numbers

ADDRESS_CODE = "445299"
SYMBOLS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
COUNTED = "一二三四五六七八九"
ROADS = ("榕江路", "新河路", "东风路", "环市路", "义和路", "临江路", "黄岐路", "建阳路")
OUTSIDE = (
    ("广东省汕头市", "2"),
    ("广东省潮州市", "2"),
    ("广东省深圳市", "2"),
    ("福建省漳州市", "3"),
    ("香港", "4"),
)
AFFILIATIONS = {"CITY": "市直", "COUNTY": "县属", "PROVINCE": "省属", "CENTRAL": "中央"}
STATUSES = {
    "ACTIVE": "存续", "REFORMED": "改制", "BANKRUPT": "破产", "CLOSED": "关闭",
    "EXITED": "退出", "EXITED_BEFORE": "此前已退出",
}  # fmt: skip
Row = dict[str, str]


@dataclass(frozen=True)
class Street:
    """A street of the demo town with its county and its communities."""

    code: str
    name: str
    county: str
    communities: tuple[str, ...]


class Town:
    """The demo town as its fixtures tell it: streets that have an office, and enterprises."""

    def __init__(self, on: date, fixtures: Path | None = None):
        self.on = on
        self.fixtures = fixtures or settings.BASE_DIR / "fixtures"
        self.retirement = ages.Retirement.shipped()

    @cached_property
    def streets(self) -> list[Street]:
        """The streets with an office, in order of code, under the names of the day."""
        names = self._names
        communities: dict[str, list[str]] = {}
        for office in self._offices:
            if office["kind"] == "COMMUNITY_STATION":
                communities.setdefault(office["parent"], []).append(office["community"])
        found = []
        for office in self._offices:
            if office["kind"] == "STREET_RMO":
                code = office["division"]
                county = names[names[code]["parent_code"]]
                found.append(
                    Street(
                        code, names[code]["name"], county["name"], tuple(communities.get(office["key"], ()))
                    )
                )
        return sorted(found, key=lambda street: street.code)

    def enterprise(self, code: str = "") -> dict[str, str]:
        """The facts of an enterprise by either of its codes; the first one when no code is given."""
        every = self._read("demo/enterprises.csv")
        for one in every:
            if not code or code in (one["uscc"], one["org_code"], one["organisation"]):
                return one | {"name": self._office_names[one["organisation"]]}
        raise LookupError(code)

    @cached_property
    def _offices(self) -> list[dict[str, str]]:
        return self._read("demo/offices.csv")

    @cached_property
    def _office_names(self) -> dict[str, str]:
        return {office["key"]: office["name"] for office in self._offices}

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        day = self.on.isoformat()
        return {
            row["code"]: row
            for row in self._read("divisions.csv")
            if row["valid_from"] <= day and (not row["valid_until"] or day < row["valid_until"])
        }

    def _read(self, name: str) -> list[dict[str, str]]:
        with (self.fixtures / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


# Numbers are dealt in lanes, so that rosters of different seeds share nobody; lane 0 is the demo town's.
LANES = 11


class People:
    """An endless row of synthetic retirees of one enterprise."""

    def __init__(self, town: Town, enterprise: dict[str, str], seed: int, *, lane: int | None = None):
        self.town, self.enterprise = town, enterprise
        self.lane = 1 + seed % (LANES - 1) if lane is None else lane
        # Not for secrets: the same seed must give the same people.
        self.random = random.Random(f"{seed}/{enterprise['uscc']}")  # noqa: S311
        self.offset = self.random.randrange(len(SYMBOLS) ** 3)
        self.used: set[str] = set()
        self.party = f"中共{enterprise['name']}退休支部委员会"

    def rows(self, count: int) -> Iterator[Row]:
        """Yield that many people as roster rows without a fault."""
        for index in range(count):
            yield self._row(index)

    def _row(self, index: int) -> Row:
        birth, sex, post, retired = self._life()
        row = {
            "row_no": str(index + 1),
            "name": self._name(index),
            "sex": "男" if sex == "M" else "女",
            "ethnicity": "汉族",
            "citizen_id": self._number(birth, sex),
            "birth_date": birth.isoformat(),
            "work_start": ages.years_later(birth, self._between(17, 22)).isoformat(),
            "retire_date": retired.isoformat(),
            "retire_kind": "正常",
            "post": post,
            "si_no": f"YS{index + 1:08d}",
            "pension_insured": "是",
            "paying_agency": self.enterprise["si_agency"],
            "medical_insured": "是",
            "phone": f"0663-55{index % 100_000:05d}",
            "contact": f"示例亲属{SYMBOLS[index % 22]}/子女/0663-56{index % 100_000:05d}",
            "health": self._one_of("1114"),
            "mla": "否",
            "party_member": "否",
            "file": f"DEMO-{index + 1:06d}/1/{self._between(20, 80)}",
            "out_of_pool": "无",
            "housing": self._one_of(("已房改", "已房改", "未房改", "非企业住房")),
            "person_class": "企业退休",
            "self_confirm": f"是 {self.town.on - timedelta(days=self._between(5, 25)):%Y-%m-%d}",
        }
        row |= self._places()
        self._now_and_then(row, birth)
        return row

    def _one_of(self, choices):
        return choices[int(self.random.random() * len(choices))]

    def _between(self, least: int, most: int) -> int:
        return least + int(self.random.random() * (most - least + 1))

    def _life(self) -> tuple[date, str, str, date]:
        sex = self._one_of("MF")
        post = self._one_of(("干部", "工人", "工人"))
        youngest = 63 if sex == "M" else 58
        while True:
            years = self._between(youngest, 91)
            birth = date(self.town.on.year - years, 1, 1) + timedelta(days=self._between(0, 364))
            month = self.town.retirement.earliest_month(sex, birth, "正常", post, retired=self.town.on)
            retired = month.replace(day=min(28, birth.day)) if month else birth
            if retired < self.town.on:
                return birth, sex, post, retired

    def _number(self, birth: date, sex: str) -> str:
        while True:
            sequence = self._between(0, 90) * LANES + self.lane
            if not 1 <= sequence <= 999 or (sequence % 2 == 1) != (sex == "M"):
                continue
            number = numbers.complete(f"{ADDRESS_CODE}{birth:%Y%m%d}{sequence:03d}")
            if number not in self.used:
                self.used.add(number)
                return number

    def _name(self, index: int) -> str:
        place, counted = divmod(index, len(COUNTED))
        place += self.offset
        symbols = ""
        for _digit in range(3):
            place, rest = divmod(place, len(SYMBOLS))
            symbols = SYMBOLS[rest] + symbols
        return f"示例{symbols}{COUNTED[counted]}" + (SYMBOLS[place % len(SYMBOLS)] if place else "")

    def _places(self) -> Row:
        home = self._one_of(self.town.streets)
        elsewhere = self.random.random()
        hukou = self._one_of(self.town.streets) if elsewhere < 0.12 else home
        row = self._place("res", home) | self._place("hukou", hukou)
        row["res_class"] = "1" if home.county == hukou.county else "2"
        row["placement_choice"] = "户口所在地" if 0.09 < elsewhere < 0.12 else "常年居住地"
        if row["res_class"] == "2":
            row["outside_note"] = "随子女居住，可由子女联系"
        if elsewhere > 0.985:
            place, row["res_class"] = self._one_of(OUTSIDE)
            row |= {"res_county": place, "res_street": "随子女居住地街道", "res_addr": f"{place}示例小区1栋"}
            row |= {"placement_choice": "户口所在地", "outside_note": "随子女在市外居住，可由子女联系"}
        return row

    def _place(self, prefix: str, street: Street) -> Row:
        community = self._one_of(street.communities) if street.communities else "示例一社区"
        road, number = self._one_of(ROADS), self._between(1, 300)
        return {
            f"{prefix}_county": street.county,
            f"{prefix}_street": street.name,
            f"{prefix}_addr": f"{community}{road}{number}号",
        }

    def _now_and_then(self, row: Row, birth: date) -> None:
        """Give some people what not everybody has."""
        chance = self.random.random
        if chance() < 0.18:
            joined = ages.years_later(birth, self._between(20, 40)).isoformat()
            row |= {"party_member": "正式", "party_date": joined, "party_org": self.party}
            row["dues_through"] = f"{self.town.on:%Y-%m}"
        if chance() < 0.02:
            row["file"], row["file_gap"] = "", "建厂初期档案毁于水灾，已登报声明，附查找记录"
        if chance() < 0.1:
            row["out_of_pool"] = "独生子女奖励 35.00；高温补贴 120.50"
        if self.town.on.year - birth.year > 81:
            row["care_category"] = "高龄"
        if chance() < 0.02:
            row["special_identity"] = self._one_of(("劳模", "军转干部", "归侨", "工伤（七级）"))
        if chance() < 0.3:
            row["spouse"] = f"示例配偶{self._one_of(SYMBOLS)}/3退休"


def cover_of(enterprise: dict[str, str], rows: list[Row], on: date) -> dict[str, str]:
    """Return the cover that agrees with these rows."""
    return {
        "单位名称": enterprise["name"],
        "统一社会信用代码": enterprise["uscc"],
        "组织机构代码": enterprise["org_code"],
        "隶属关系": AFFILIATIONS.get(enterprise["affiliation"], ""),
        "单位状态": STATUSES.get(enterprise["status"], ""),
        "填报日期": on.isoformat(),
        "移交人数": str(len(rows)),
        "中共党员人数": str(sum(row.get("party_member") in ("正式", "预备") for row in rows)),
        "档案份数": str(sum(bool(row.get("file")) for row in rows)),
        "联系人": enterprise["liaison_name"],
        "联系电话": enterprise["liaison_phone"],
    }
