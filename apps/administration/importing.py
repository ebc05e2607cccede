"""Posts from a spreadsheet: every row judged, all faults shown at once, and one proposal of all rows or none."""

import io
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.exchange import roster
from apps.exchange.reading.kinds import plain
from apps.exchange.reading.marks import letters
from apps.exchange.workbook import HEADER, TEXT, add_sheet, new_workbook
from apps.organisations.choices import ADMINISTRATORS, ROLE_KINDS, Role
from apps.organisations.models import Organisation, Post, User
from apps.retirees import numbers, vault

MOST_ROWS = 5_000
# The columns of the form, in its order; `*` marks what must be filled in.
COLUMNS = {
    "username": "账号*",
    "name": "姓名*",
    "number": "公民身份号码",
    "organisation": "机构标识*",
    "role": "岗位*",
    "since": "起任日期*",
}
REQUIRED = ("username", "name", "organisation", "role", "since")
EXAMPLE = ("ronghua-clerk2", "示例人员", "", "445202001-RMO", "街道经办", "2026-01-01")
ROLES = {**{str(role.label): role.value for role in Role}, **{role.value: role.value for role in Role}}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell: where it is, what it says, and how to mend it."""

    row: int
    column: str
    header: str
    value: str
    message: str
    mend: str


@dataclass(frozen=True)
class Read:
    """What a spreadsheet says: the lines of a proposal, or what must be mended first."""

    lines: list[dict]
    faults: list[Fault]
    rows: int


class _Sheet:
    """The rows of a spreadsheet with what is known of the people and bodies they name: three statements."""

    def __init__(self, cells: list[list[str]]):
        headers = {plain(header): name for name, header in COLUMNS.items()}
        must = {plain(COLUMNS[name]) for name in REQUIRED}
        top = next((at for at, row in enumerate(cells[:30]) if {plain(cell) for cell in row} >= must), None)
        if top is None:
            raise roster.Unreadable(
                _("没有找到表头：请使用模板，保留“%s”各栏。") % _("、").join(COLUMNS.values())
            )
        self.places = {
            headers[plain(cell)]: at for at, cell in enumerate(cells[top]) if plain(cell) in headers
        }
        rows = enumerate(cells[top + 1 :], start=top + 2)
        self.rows = [(number, self._said(row)) for number, row in rows if any(cell.strip() for cell in row)]
        self.bodies = {
            body.key: body for body in Organisation.objects.active().filter(key__in=self._all("organisation"))
        }
        self.people = {
            person.username: person for person in User.objects.filter(username__in=self._all("username"))
        }
        held = Post.objects.held().filter(user__username__in=self._all("username"))
        self.held = set(held.values_list("user__username", "organisation__key", "role"))
        self.names = defaultdict(set)
        for _no, said in self.rows:
            self.names[said["username"]].add(said["name"])
        self.times = Counter(
            (said["username"], said["organisation"], said["role"]) for _no, said in self.rows
        )

    def _said(self, row: list[str]) -> dict[str, str]:
        return {
            name: row[at].strip() if at is not None and at < len(row) else ""
            for name in COLUMNS
            for at in [self.places.get(name)]
        }

    def _all(self, name: str) -> set[str]:
        return {said[name] for _number, said in self.rows}


def read(content: bytes) -> Read:
    """Judge a spreadsheet of posts. Raises exchange's Unreadable where there is none to judge."""
    sheet = _Sheet(roster.read_rows(content, headers={plain(header) for header in COLUMNS.values()}))
    if len(sheet.rows) > MOST_ROWS:
        raise roster.Unreadable(_("一次最多导入 %d 行，请分批。") % MOST_ROWS)
    lines, faults = [], []
    for number, said in sheet.rows:
        found = list(_faults(sheet, said))
        faults += [_fault(sheet, number, said, *one) for one in found]
        if not found:
            lines.append(_line(sheet, said))
    return Read([] if faults else lines, faults, len(sheet.rows))


def _faults(sheet: _Sheet, said: dict[str, str]):
    """Yield (column, what is wrong, how to mend it) for one row."""
    for name in REQUIRED:
        if not said[name]:
            yield name, _("必填栏为空。"), _("请填写。")
    yield from _faults_of_person(sheet.people.get(said["username"]), said)
    if said["username"] and len(sheet.names[said["username"]]) > 1:
        yield "name", _("表中同一账号有不同的姓名。"), _("一个账号只属于一人，请改正账号或姓名。")
    yield from _faults_of_post(sheet, said)
    if said["since"] and _day(said["since"]) is None:
        yield "since", _("日期不能识别。"), _("按2026-01-01的格式填写。")


def _faults_of_person(person: User | None, said: dict[str, str]):
    if person and not person.is_active:
        yield "username", _("该账号已离岗停用。"), _("请为其新开账号。")
    if person and said["name"] and person.name != said["name"]:
        yield "name", _("与该账号登记的姓名不符。"), _("请核对账号，或改用新账号。")
    if not person and said["username"] and not _valid_username(said["username"]):
        yield "username", _("账号含有不能使用的字符。"), _("只用字母、数字和@.+-_。")
    if said["number"] and _digest(said["number"]) is None:
        yield "number", _("公民身份号码不正确。"), _("请核对后填写，或留空。")


def _faults_of_post(sheet: _Sheet, said: dict[str, str]):
    body, role = sheet.bodies.get(said["organisation"]), _role(said)
    if said["organisation"] and body is None:
        yield "organisation", _("没有这一机构，或已撤销。"), _("按“机构”页上的标识填写。")
    if said["role"] and role is None:
        yield "role", _("没有这一岗位。"), _("按模板“岗位”表中的名称填写。")
    elif role in ADMINISTRATORS:
        yield "role", _("三类管理员不从表格导入。"), _("请在人员页逐一提出。")
    elif body and role and body.kind not in ROLE_KINDS[role]:
        kinds = _("、").join(sorted(str(kind.label) for kind in ROLE_KINDS[role]))
        yield "role", _("该岗位不能设在这一机构。"), _("该岗位只设在：%s。") % kinds
    if (said["username"], said["organisation"], role) in sheet.held:
        yield "role", _("该人员已在任这一岗位。"), _("请删去此行。")
    if sheet.times[said["username"], said["organisation"], said["role"]] > 1:
        yield "username", _("表中有重复的行。"), _("同一人在同一机构的同一岗位只填一行。")


def _valid_username(username: str) -> bool:
    return bool(User.username_validator.regex.match(username)) and len(username) <= 150


def _fault(sheet: _Sheet, number: int, said: dict[str, str], name: str, message: str, mend: str) -> Fault:
    at = sheet.places.get(name)
    value = numbers.mask(said[name]) if name == "number" else said[name]
    return Fault(
        number, letters(at) if at is not None else "", COLUMNS[name].rstrip("*"), value, message, mend
    )


def _line(sheet: _Sheet, said: dict[str, str]) -> dict:
    person = sheet.people.get(said["username"])
    return {
        "person": person.pk if person else None,
        "username": said["username"],
        "name": said["name"],
        "identity": _digest(said["number"]) or "" if said["number"] else "",
        "organisation": sheet.bodies[said["organisation"]].pk,
        "role": _role(said),
        "since": _day(said["since"]).isoformat(),
        "until": "",
    }


def _role(said: dict[str, str]) -> str | None:
    return ROLES.get(said["role"])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


def _digest(text: str) -> str | None:
    try:
        return vault.digest(numbers.check(text).value)
    except numbers.InvalidNumber:
        return None


def template() -> bytes:
    """The empty form, with an example and the list of posts."""
    out = io.BytesIO()
    book = new_workbook(out)
    header, text = book.add_format(HEADER), book.add_format(TEXT)
    sheet = add_sheet(book, "任职")
    sheet.set_column(0, len(COLUMNS) - 1, 22, text)
    sheet.freeze_panes(1, 0)
    sheet.write_texts(0, list(COLUMNS.values()), header)
    sheet.write_texts(1, EXAMPLE, text)
    listed = add_sheet(book, "岗位")
    listed.set_column(0, 1, 40, text)
    listed.write_texts(0, ("岗位", "设在"), header)
    offered = [role for role in Role if role not in ADMINISTRATORS]
    for at, role in enumerate(offered, start=1):
        kinds = "、".join(sorted(str(kind.label) for kind in ROLE_KINDS[role]))
        listed.write_texts(at, (str(role.label), kinds), text)
    book.close()
    return out.getvalue()


FILE_HELP = gettext_lazy("xlsx、xls 或 csv，最多5000行；有一行不合格则全部不导入。")
