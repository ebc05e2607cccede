"""Rules about the roster as a whole: numbering, duplicates, the cover's counts, what hides in the sheet."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_noop as _

from apps.exchange import values as cell
from apps.exchange.columns import BY_KEY
from apps.exchange.roster import Mark, Sheet
from apps.exchange.rules.registry import RULES, Fault, declare
from apps.exchange.rules.subject import Subject

REMARK = 200

declare("V-00", "E", _("花名册所属单位"), _("请上传本单位的花名册，或改正封面上的代码。"))
declare("V-01", "W", _("序号"), _("从1起连续编号，不跳号、不重号。"))
declare("V-50", "E", _("号码重复"), _("同一人只保留一行；确是两人的，核对各自的身份证。"))
declare("V-51", "W", _("疑似同一人"), _("姓名和出生日期相同而号码不同，请核对是否同一人。"))
declare("V-52", "E", _("已在移交或已被管理"), _("从本花名册中剔除该人；认为有误的，向受理机构反映。"))
declare("V-53", "E", _("人员已死亡"), _("从本花名册中剔除该人；认为有误的，向受理机构反映。"))
declare("V-56", "E", _("与封面不符"), _("核对花名册行数与封面所填数字，改正有误的一方。"))
declare("V-57", "E", _("表头"), _("使用标准模板的表头；缺少的列请补上。"))
declare(
    "V-58",
    "E",
    _("表格结构"),
    _("花名册内不要使用公式、合并单元格、隐藏行或多个表格；可粘贴为数值后再上传。"),
)
declare("V-59", "W", _("已作规整"), _("空格、换行、全角数字等已自动规整，请看一看结果是否正确。"))
declare("V-60", "E", _("文件"), _("只接受50 MB以内、不含宏的 xlsx、xls 或 csv 文件。"))

MARKS = {
    "formula": ("E", _("单元格%(address)s是公式")),
    "hidden_row": ("E", _("第%(address)s行是隐藏的")),
    "hidden_column": ("W", _("%(address)s列是隐藏的")),
    "merged": ("E", _("%(address)s是合并的单元格")),
    "second_table": ("E", _("从%(address)s起是另一个表格或重复的表头")),
    "note": ("W", _("%(address)s所在的一行不像人员，未读取")),
}


def whole_file(sheet: Sheet, people: list[Subject], enterprise) -> Iterator[Fault]:
    """Yield what is wrong with the file itself, not with one person in it."""
    if enterprise is not None and (other := other_enterprise(sheet.cover, enterprise)):
        yield _fault(0, "V-00", "", other, _("封面上的单位代码“%(filled)s”不是本单位的"), filled=other)
    for key in sheet.missing:
        yield _fault(0, "V-57", key, "", _("缺少“%(header)s”一列"), severity="W", header=BY_KEY[key].header)
    yield from _counts(sheet, people)
    for mark in sheet.marks:
        yield _of_mark(mark)


def across_rows(people: list[Subject]) -> Iterator[Fault]:
    """Yield what is wrong between rows: numbering, and the same person twice."""
    yield from _numbering(people)
    by_number, by_birth = defaultdict(list), defaultdict(list)
    for person in people:
        if person.number:
            by_number[person.number.value].append(person)
            if person.birth and person.v["name"]:
                by_birth[person.v["name"], person.birth].append(person)
    for same in by_number.values():
        if len(same) > 1:
            yield from _named(same, "V-50", "citizen_id", _("与第%(rows)s行的号码是同一人"))
    for same in by_birth.values():
        if len({person.number.value for person in same}) > 1:
            yield from _named(same, "V-51", "name", _("与第%(rows)s行姓名、出生日期相同而号码不同"))


def tidied(person: Subject) -> Iterator[Fault]:
    """Yield the one warning that names the cells which were put in order, or cut."""
    if keys := person.line.untidy:
        headers = "、".join(BY_KEY[key].header for key in keys)
        yield _fault(person.line.number, "V-59", keys[0], "", _("已规整：%(headers)s"), headers=headers)
    if len(person.v["remark"]) > REMARK:
        yield _fault(person.line.number, "V-59", "remark", "", _("备注超过200字，已截断"))


def already_known(person: Subject, code: str, why: str, facts: Mapping[str, str]) -> Fault:
    """Return the fault of somebody whom the register knows already; it says where, never who else."""
    shown = cell.shown("citizen_id", person.v["citizen_id"])
    return _fault(person.line.number, code, "citizen_id", shown, why, **facts)


def other_enterprise(cover, enterprise) -> str:
    """Return the cover's code when it is another enterprise's, else an empty text."""
    own = {_code(enterprise.uscc), _code(enterprise.org_code)} - {""}
    filled = [code for code in (cover.uscc, cover.org_code) if code]
    return next((code for code in filled if _code(code) not in own), "") if own else ""


def _code(text: str) -> str:
    return (text or "").replace("-", "").upper()


def _counts(sheet: Sheet, people: list[Subject]) -> Iterator[Fault]:
    counted = (
        (sheet.cover.heads, len(people), _("封面移交人数为%(cover)s，花名册有%(counted)s人")),
        (
            sheet.cover.party_members,
            sum(1 for person in people if person.is_member),
            _("封面中共党员人数为%(cover)s，花名册有%(counted)s名"),
        ),
        (
            sheet.cover.files,
            sum(1 for person in people if person.file[0]),
            _("封面档案份数为%(cover)s，花名册有%(counted)s份"),
        ),
    )
    for filled, found, text in counted:
        if filled is not None and filled != found:
            yield _fault(0, "V-56", "", str(filled), text, cover=str(filled), counted=str(found))


def _numbering(people: list[Subject]) -> Iterator[Fault]:
    for expected, person in enumerate(people, start=1):
        if person.v["row_no"] != str(expected):
            text = _("序号应为%(expected)s")
            yield _fault(
                person.line.number, "V-01", "row_no", person.v["row_no"][:20], text, expected=str(expected)
            )
            return


def _named(same: list[Subject], code: str, column: str, text: str) -> Iterator[Fault]:
    for person in same:
        others = [str(other.line.number) for other in same if other is not person]
        rows = "、".join(others[:5]) + ("…" if len(others) > 5 else "")
        shown = cell.shown(column, person.v[column])
        yield _fault(person.line.number, code, column, shown, text, rows=rows)


def _of_mark(mark: Mark) -> Fault:
    severity, text = MARKS[mark.kind]
    address = str(mark.number) if mark.kind == "hidden_row" else mark.address
    return _fault(mark.number, "V-58", "", mark.address, text, severity=severity, address=address)


def _fault(row: int, code: str, column: str, value: str, text: str, severity: str = "", **facts) -> Fault:
    return Fault(row, column, code, severity or RULES[code].severity, value, text, facts)
