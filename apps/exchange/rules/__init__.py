"""Judging a roster: every rule on every row at once, so that all faults are shown together.

    judged = judge(sheet, as_of=date(2026, 11, 1), book=DivisionBook.on(date(2026, 11, 1)))

Nothing here asks the database; what the register knows of the people is asked once, through `known`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from apps.exchange import values as cell
from apps.exchange.roster import Cover, Sheet
from apps.exchange.rules import papers, person, places, work  # noqa: F401  they fill the register of rules
from apps.exchange.rules.ages import Retirement
from apps.exchange.rules.registry import ROW_CHECKS, RULES, Fault, Rule
from apps.exchange.rules.subject import Places, Subject
from apps.exchange.rules.whole import REMARK, across_rows, already_known, other_enterprise, tidied, whole_file
from apps.organisations.divisions import DivisionBook, Place
from apps.retirees import vault
from apps.retirees.numbers import Number

__all__ = ["RULES", "Fault", "Judged", "Known", "Row", "Rule", "judge", "other_enterprise"]


class Known(NamedTuple):
    """What the register says of a number, and why: V-52 in an open item or managed already, V-53 dead."""

    code: Literal["V-52", "V-53"]
    why: str
    facts: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Row:
    """One person of a judged roster: what the records keep, and what is wrong.

    `facts` holds what is neither sealed nor of the party: texts by column, and lists; `street` is where the person
    chose to be looked after, None when that could not be read; `phone` and `contact` are to be sealed.
    """

    line: int
    row_no: str
    name: str
    number: Number | None
    digest: str
    placement: str
    street: Place | None
    residence: Place | None
    hukou: Place | None
    address: str
    phone: str
    contact: str
    si_agency: str
    party_member: str
    party: dict
    facts: dict
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """No fault of this row blocks the submission."""
        return not any(fault.blocks for fault in self.faults)


@dataclass
class Judged:
    """A roster after all rules: its people, the faults of people and file, and what the cover says."""

    sheet: Sheet
    as_of: date
    rows: list[Row]
    faults: list[Fault]

    @property
    def cover(self) -> Cover:
        return self.sheet.cover

    @property
    def acceptable(self) -> int:
        """The number of rows without a fault that blocks."""
        return sum(1 for row in self.rows if row.ok)

    @property
    def file_faults(self) -> list[Fault]:
        """The faults of no single person: of the cover, the headers, the sheet's shape."""
        lines = {row.line for row in self.rows}
        return [fault for fault in self.faults if fault.row not in lines]

    @property
    def blocked(self) -> bool:
        """The file itself has a fault that leaving rows out cannot mend."""
        return any(fault.blocks for fault in self.file_faults)


def judge(
    sheet: Sheet,
    *,
    as_of: date,
    book: DivisionBook,
    enterprise=None,
    known: Callable[[list[str]], dict[str, Known]] | None = None,
    ages: tuple[int, int] = (40, 120),
    retirement: Retirement | None = None,
) -> Judged:
    """Return the roster with every fault found.

    `enterprise` (anything with `uscc` and `org_code`) makes a roster of another enterprise a fault; `known` answers
    for look-up digests of numbers (`retirees.vault.digest`) what the register says of them, in one call; `ages` are
    the youngest and oldest age at `as_of`, `retirement` the ages of retirement, else those the product ships with.
    """
    places_of_day = Places(book)
    retirement = retirement or Retirement.shipped()
    people = [Subject(line, places_of_day, as_of, ages, retirement) for line in sheet.rows]
    rows = {subject.line.number: _row(subject) for subject in people}
    faults = [*whole_file(sheet, people, enterprise), *across_rows(people)]
    for subject in people:
        faults += _of_person(subject)
    faults += _of_register(people, rows, known)
    faults.sort(key=lambda fault: (fault.row, fault.code))
    for fault in faults:
        if fault.row in rows:
            rows[fault.row].faults.append(fault)
    return Judged(sheet, as_of, list(rows.values()), faults)


def _of_person(subject: Subject) -> Iterable[Fault]:
    line, v = subject.line.number, subject.v
    for rule, check in ROW_CHECKS:
        for column, text, facts in check(subject):
            yield Fault(line, column, rule.code, rule.severity, cell.shown(column, v[column]), text, facts)
    for code, column, note in places.notes_of_other_periods(subject):
        yield Fault(line, column, code, "W", cell.shown(column, v[column]), "%(note)s", {"note": note})
    yield from tidied(subject)


def _of_register(people: list[Subject], rows: dict[int, Row], known) -> Iterable[Fault]:
    if known is None:
        return
    digests = {row.digest for row in rows.values() if row.digest}
    answers = known(sorted(digests)) if digests else {}
    for subject in people:
        if answer := answers.get(rows[subject.line.number].digest):
            yield already_known(subject, *answer)


def _row(p: Subject) -> Row:
    v, hukou = p.v, p.placement == "hukou"
    return Row(
        line=p.line.number,
        row_no=v["row_no"],
        name=v["name"],
        number=p.number,
        digest=vault.digest(p.number.value) if p.number else "",
        placement=p.placement or "",
        street=p.street,
        residence=p.res_street,
        hukou=p.hukou_street,
        address=v["hukou_addr"] if hukou else v["res_addr"],
        phone=v["phone"],
        contact=v["contact"],
        si_agency=v["paying_agency"],
        party_member=p.party or "",
        party={key: v[key] for key in PARTY if v[key]} if p.is_member else {},
        facts=_facts(p),
    )


# What is kept elsewhere: in columns of its own, sealed, or with the party's data.
PARTY = ("party_date", "party_org", "dues_through")
ELSEWHERE = frozenset(
    (
        "row_no",
        "name",
        "citizen_id",
        "phone",
        "contact",
        "party_member",
        *PARTY,
        "paying_agency",
        "retire_age",
    )
)
DATES = (("birth_date", "birth"), ("work_start", "work_start"), ("retire_date", "retire_date"))


def _facts(p: Subject) -> dict:
    facts = {key: text for key, text in p.v.items() if text and key not in ELSEWHERE}
    for key, attribute in DATES:
        if day := getattr(p, attribute):
            facts[key] = day.isoformat()
    file_no, volumes, pages = p.file
    if file_no:
        facts["file"] = {"number": file_no, "volumes": volumes, "pages": pages}
    elif "file" in facts:
        del facts["file"]
    if items := papers.out_of_pool_items(p.v["out_of_pool"]):
        facts["out_of_pool"] = items
    if p.care:
        facts["care_category"] = p.care
    if "remark" in facts:
        facts["remark"] = facts["remark"][:REMARK]
    if p.confirmed_on:
        facts["self_confirm"] = p.confirmed_on.isoformat()
    return facts
