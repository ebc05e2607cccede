"""The person of one roster row while the rules look at it: every cell read once, in the right kind of value."""

from datetime import date

from apps.exchange import values as cell
from apps.exchange.roster import Line
from apps.exchange.rules import lists
from apps.exchange.rules.ages import Retirement
from apps.organisations.divisions import DivisionBook, Place
from apps.retirees import numbers


class Places:
    """The book of divisions with an answer kept for every spelling: a roster repeats the same few thousand times."""

    def __init__(self, book: DivisionBook):
        self.book = book
        self.counties: dict[str, Place | None] = {}
        self.streets: dict[tuple[str, str], Place | None] = {}
        self.outsides: dict[str, bool] = {}

    def county(self, text: str) -> Place | None:
        if text not in self.counties:
            self.counties[text] = self.book.county(text) if text else None
        return self.counties[text]

    def street(self, county: Place | None, text: str) -> Place | None:
        if county is None or not text:
            return None
        key = (county.code, text)
        if key not in self.streets:
            self.streets[key] = self.book.street(county, text)
        return self.streets[key]

    def outside(self, text: str) -> bool:
        if text not in self.outsides:
            self.outsides[text] = bool(text) and self.book.outside(text)
        return self.outsides[text]


class Subject:
    """One person as filled in, parsed; `v` holds the texts, everything else is None where it cannot be read."""

    __slots__ = (
        "ages", "as_of", "birth", "care", "confirmed_on", "contact", "dues_through", "file", "health", "housing",
        "hukou_county", "hukou_outside", "hukou_street", "line", "medical", "number", "number_fault", "party",
        "party_date", "pension", "person_class", "placement", "res_class", "res_county", "res_outside", "res_street",
        "retire_date", "retire_kind", "retirement", "sex", "street", "v", "work_start",
    )  # fmt: skip

    def __init__(
        self, line: Line, places: Places, as_of: date, ages: tuple[int, int], retirement: Retirement
    ):
        self.line, self.as_of, self.ages, self.retirement = line, as_of, ages, retirement
        v = self.v = line.values
        self.number, self.number_fault = _number(v["citizen_id"])
        self.sex = lists.SEX.get(v["sex"])
        self.birth = cell.read_day(v["birth_date"])
        self.work_start = cell.read_day_or_month(v["work_start"])
        self.retire_date = cell.read_day_or_month(v["retire_date"])
        self.retire_kind = cell.read_choice(v["retire_kind"], lists.RETIRE_KIND)
        self.pension = lists.YES_NO.get(v["pension_insured"])
        self.medical = lists.YES_NO.get(v["medical_insured"])
        self._read_places(places)
        self.contact = cell.read_parts(v["contact"], 3)
        self.health = cell.read_choice(v["health"], lists.HEALTH)
        self.care = cell.read_list(v["care_category"])
        self.party = lists.PARTY.get(v["party_member"])
        self.party_date = cell.read_day_or_month(v["party_date"])
        self.dues_through = cell.read_month(v["dues_through"])
        self.file = cell.read_parts("" if v["file"] in cell.NOTHING else v["file"], 3)
        self.housing = cell.read_choice(v["housing"], lists.HOUSING)
        self.person_class = lists.PERSON_CLASS.get(v["person_class"])
        self.confirmed_on = _confirmed(v["self_confirm"])

    def _read_places(self, places: Places) -> None:
        v = self.v
        self.hukou_county, self.res_county = places.county(v["hukou_county"]), places.county(v["res_county"])
        self.hukou_outside = self.hukou_county is None and places.outside(v["hukou_county"])
        self.res_outside = self.res_county is None and places.outside(v["res_county"])
        self.hukou_street = places.street(self.hukou_county, v["hukou_street"])
        self.res_street = places.street(self.res_county, v["res_street"])
        self.res_class = cell.read_choice(v["res_class"], lists.RES_CLASS)
        self.placement = lists.PLACEMENT.get(v["placement_choice"].replace(" ", ""))
        self.street = {"residence": self.res_street, "hukou": self.hukou_street}.get(self.placement)

    @property
    def is_member(self) -> bool:
        return self.party in ("full", "probationary")


def _number(text: str) -> tuple[numbers.Number | None, str]:
    try:
        return numbers.check(text), ""
    except numbers.InvalidNumber as invalid:
        return None, invalid.text


def _confirmed(text: str) -> date | None:
    said, _, day = text.replace("，", " ").replace(",", " ").partition(" ")
    if not day and said.startswith("是"):
        said, day = "是", said[1:]
    return cell.read_day(day.strip()) if said == "是" else None
