"""Reading the places that enterprises write: which county, which street, under the names of which day."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from apps.organisations.choices import DivisionLevel
from apps.organisations.models import Division, DivisionAlias

CITY_CODE = "445200"
ABOVE = ("中国", "广东省", "广东", "揭阳市", "揭阳")
ABROAD = ("境外", "国外", "海外")
PEOPLES = "朝鲜|土家|苗|藏|羌|彝|布依|侗|壮|傣|白|景颇|傈僳|哈尼|回|蒙古|柯尔克孜|哈萨克|维吾尔"
SUFFIX = {
    DivisionLevel.PROVINCE: re.compile(rf"((?:{PEOPLES})族?)?(?:省|自治区|特别行政区|市)$"),
    DivisionLevel.CITY: re.compile(rf"((?:{PEOPLES})族?)*(?:自治州|市|地区|盟)$"),
    DivisionLevel.COUNTY: re.compile(r"[县市区]$"),
    DivisionLevel.STREET: re.compile(r"(?:街道办事处|街道办|街道|镇|乡)$"),
}


@dataclass(frozen=True)
class Place:
    """A division as it stood on the book's day; `note` warns of a name that belongs to another period."""

    code: str
    name: str
    level: str
    note: str = ""
    parent_code: str = ""


class DivisionBook:
    """All divisions of one day with their aliases and their names of other periods, in memory."""

    def __init__(self, day: date, rows: list[Division], aliases: dict[str, list[str]]):
        self.day = day
        self.now = {row.code: row for row in rows if day in row.valid}
        # The rows in force come first, so that of two periods the present one is found.
        ordered = sorted(rows, key=lambda row: row.code not in self.now or self.now[row.code] is not row)
        self.counties = [row for row in ordered if row.level == DivisionLevel.COUNTY]
        self.streets = [row for row in ordered if row.level == DivisionLevel.STREET]
        self.spellings = {row.pk: _spellings(row, aliases[row.code]) for row in ordered}
        self.county_of_day = {row.code: self._standing_now(row) for row in self.counties}
        self.away = self._places_outside(ordered)

    @classmethod
    def on(cls, day: date) -> DivisionBook:
        """Read the whole book for one day, in two queries."""
        aliases = defaultdict(list)
        for code, alias in DivisionAlias.objects.values_list("code", "alias"):
            aliases[code].append(alias)
        return cls(day, list(Division.objects.all()), aliases)

    def county(self, text: str) -> Place | None:
        """Find a county of the city by its full name, without suffix, or with province and city in front."""
        for written in _without(ABOVE, plain(text)):
            for row in self.counties:
                if written in self.spellings[row.pk]:
                    standing = self.county_of_day[row.code]
                    return standing and self._place(standing, self._county_note(written, row, standing))
        return None

    def street(self, county: Place, text: str) -> Place | None:
        """Find a street or town of a county; one that belongs elsewhere on the day is given with a note."""
        written = set(_without([*ABOVE, *self._names_of(county)], plain(text)))
        for row in self.streets:
            if written & self.spellings[row.pk] and self._belongs(row, county):
                standing = self.now.get(row.code) or self.now.get(row.merged_into)
                return standing and self._place(standing, self._street_note(row, standing, county))
        return None

    def outside(self, text: str) -> bool:
        """Say whether the text begins with a place that is known to lie outside the city."""
        written = plain(text)
        if written.startswith(ABROAD):
            return True
        if any(written.startswith(name) for name in ABOVE[3:]):
            return False
        home = [name for name in ABOVE[1:3] if written.startswith(name)]
        rest = written.removeprefix(home[0]) if home else written
        return bool(rest) and rest.startswith(self.away)

    def _standing_now(self, row: Division) -> Division | None:
        """The row that stands for a county on the day: itself, what it became, or what it was made of."""
        if row.code in self.now:
            return self.now[row.code]
        if row.merged_into in self.now:
            return self.now[row.merged_into]
        return next(
            (each for each in self.counties if each.merged_into == row.code and each.code in self.now), None
        )

    def _belongs(self, row: Division, county: Place) -> bool:
        standing = self.county_of_day.get(row.parent_code)
        return standing is not None and standing.code == county.code

    def _names_of(self, county: Place) -> set[str]:
        same = {
            code for code, standing in self.county_of_day.items() if standing and standing.code == county.code
        }
        return {row.name for row in self.counties if row.code in same}

    def _places_outside(self, rows: list[Division]) -> tuple[str, ...]:
        names = set()
        for row in rows:
            own = row.code in (CITY_CODE, f"{CITY_CODE[:2]}0000")
            if row.level in (DivisionLevel.PROVINCE, DivisionLevel.CITY) and not own:
                names |= self.spellings[row.pk]
        return tuple(sorted(names))

    def _place(self, row: Division, note: str) -> Place:
        return Place(row.code, row.name, row.level, note, row.parent_code)

    def _county_note(self, written: str, row: Division, standing: Division) -> str:
        if row is standing or written in self.spellings[standing.pk]:
            return ""
        return _("“%(written)s”是其他时期的名称，%(day)s的名称是“%(name)s”。") % {
            "written": row.name,
            "day": self.day.isoformat(),
            "name": standing.name,
        }

    def _street_note(self, row: Division, standing: Division, county: Place) -> str:
        if row is standing or (standing.parent_code == county.code and standing.name == row.name):
            return ""
        above = self.now.get(standing.parent_code)
        return _("“%(written)s”是其他时期的归属，%(day)s的名称是“%(name)s”。") % {
            "written": f"{county.name}{row.name}",
            "day": self.day.isoformat(),
            "name": f"{above.name if above else ''}{standing.name}",
        }


def plain(text: str) -> str:
    """Return what a person meant by a cell: full-width forms narrowed, blanks of every kind left out."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))


def _spellings(row: Division, aliases: list[str]) -> set[str]:
    suffix = SUFFIX[row.level]
    found = {row.name}
    for name in (row.name, *aliases):
        short = suffix.sub("", name)
        # A name of one character left would match too much.
        if len(short) > 1:
            found.add(short)
            if row.level == DivisionLevel.STREET and short != row.name:
                kind = suffix.search(row.name)
                ends = {kind.group()} if kind else set()
                ends |= {"街道办", "街道办事处"} if "街道" in ends else set()
                found |= {short + end for end in ends}
        found.add(name)
    return found


def _without(fronts, written: str) -> list[str]:
    """The text as written, and what is left as each known front is taken off it."""
    found = [written]
    for front in fronts:
        if written.startswith(front) and len(written) > len(front):
            written = written.removeprefix(front)
            found.append(written)
    return found
