"""The bank's file of a special account: read, judged as a whole, and entered as a set or not at all.

Each bank calls its columns otherwise: what one calls them is guessed from the usual headers, may be named by a
person, and is kept for the next file. A line is entered once, however often it comes. Amounts in 分, never floats.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.streams import Entry, actor_facts, append, lock, now
from apps.engine.door import Refused
from apps.exchange import roster
from apps.exchange import values as cell
from apps.exchange.reading.kinds import plain
from apps.exchange.reading.marks import letters
from apps.organisations.choices import Role
from apps.retirees import vault
from apps.treasury.models import BankColumns, SpecialAccount, Statement, StatementLine

LARGEST = 5 * 1024 * 1024  # bytes, of some 50,000 lines
HEADER_WITHIN = 30
MOST = 10**15  # 分
AMOUNT = re.compile(r"[¥￥]?([+-]?)[¥￥]?(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2})0*)?元?", re.ASCII)
DAY_PART = re.compile(r"[ T]\d{1,2}[:.]\d{2}.*$")
SUM_ROW = re.compile(r"合计|小计|总计|期初余额|期末余额|打印|以下空白")

Headers = dict[str, list[str]]
"""What a bank calls our columns: {our name: its headers}; only the note may be spread over several."""


@dataclass(frozen=True)
class Column:
    """One of our columns: what people call it, the usual headers, likeliest first, and whether it must be there."""

    title: str
    usual: tuple[str, ...]
    required: bool = False


COLUMNS = {
    "serial": Column(
        gettext_lazy("银行流水号"),
        ("交易流水号", "银行流水号", "流水号", "核心流水号", "交易序号", "柜员流水号", "凭证号"),
    ),
    "on": Column(
        gettext_lazy("到账日期"),
        ("到账日期", "交易日期", "入账日期", "记账日期", "交易时间", "日期"),
        required=True,
    ),
    "income": Column(
        gettext_lazy("收入金额"),
        ("收入金额", "贷方发生额", "贷方金额", "贷方", "转入金额", "存入金额", "收入", "交易金额", "发生额", "金额"),
        required=True,
    ),
    "outgo": Column(
        gettext_lazy("支出金额"), ("支出金额", "借方发生额", "借方金额", "借方", "转出金额", "支取金额", "支出")
    ),
    "direction": Column(gettext_lazy("收支方向"), ("借贷标志", "借贷方向", "收支方向", "借贷", "收支标志")),
    "payer": Column(
        gettext_lazy("付款人"),
        ("付款人", "付款人名称", "付款方户名", "对方户名", "对方单位名称", "对方名称", "对方账户名称", "交易对方"),
        required=True,
    ),
    "payer_account": Column(
        gettext_lazy("付款账号"), ("付款账号", "付款人账号", "付款方账号", "对方账号", "对方账户")
    ),
    "note": Column(gettext_lazy("附言"), ("附言", "交易附言", "摘要", "用途", "备注", "缴款码")),
    "account": Column(gettext_lazy("本方账号"), ("本方账号", "收款账号", "收款人账号", "账号", "账户")),
}  # fmt: skip
COMES_IN = frozenset(("贷", "贷方", "收", "收入", "来账", "转入", "c", "cr"))
GOES_OUT = frozenset(("借", "借方", "支", "支出", "往账", "转出", "d", "dr"))


class ColumnsUnknown(roster.Unreadable):
    """Some columns were not recognised; ``headers`` are those of the file, for a person to say which is which."""

    def __init__(self, missing: Sequence[str], headers: Sequence[str]):
        self.headers = list(headers)
        super().__init__(_("认不出下列各列，请指明：%(columns)s") % {"columns": "、".join(missing)})


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, and how to mend it."""

    row: int
    column: str
    title: str
    what: str
    mend: str


@dataclass(frozen=True)
class Line:
    """Money that came in, as the file says it."""

    row: int
    serial: str
    on: date
    fen: int
    payer: str
    payer_account: str
    note: str

    @property
    def facts(self) -> tuple:
        """What must be the same wherever the serial comes again."""
        return self.on, self.fen, self.payer


@dataclass
class Staged:
    """A file as it was read: its lines, all its faults, how many lines it has of money going out."""

    lines: list[Line]
    faults: list[Fault]
    outgoing: int
    headers: Headers


@dataclass
class Imported:
    """What became of a file; with faults nothing was entered, and the numbers say what would have been."""

    new: int
    known: int
    outgoing: int
    faults: list[Fault] = field(default_factory=list)
    statement: Statement | None = None

    @property
    def faulty(self) -> int:
        return len({fault.row for fault in self.faults})


def import_file(
    account: SpecialAccount, content: bytes, name: str, *, by, headers: Headers | None = None
) -> Imported:
    """Enter a file of the bank whole, or say all that is wrong with it and enter nothing.

    Steps: read; lock the account; compare with what was entered before; keep file, lines and headers; record it.
    Raises ``Refused`` for anybody but the account's own officer, ``roster.Unreadable`` for what is no statement.
    """
    if by.role != Role.FISCAL_OFFICER or by.organisation.pk != account.finance_id:
        raise Refused(_("银行对账文件由本财政部门的财政专户管理员导入"))
    staged = read(content, name, account=account, headers=headers or headers_of(account.bank))
    with transaction.atomic():
        heads = lock(SpecialAccount, [account.pk])
        fresh, faults = _fresh(account, staged.lines)
        faults = sorted([*staged.faults, *faults], key=lambda fault: fault.row)
        answer = Imported(len(fresh), len(staged.lines) - len(fresh), staged.outgoing, faults)
        if faults:
            return answer
        at = now()
        digest = hashlib.sha256(content).hexdigest()
        if fresh:
            answer.statement = Statement.objects.create(
                account=account,
                file_name=name[:200],
                digest=digest,
                sealed=vault.seal_bytes(content, owner=digest, field="statement"),
                imported_by=by.user,
                imported_at=at,
            )
            StatementLine.objects.bulk_create(_row(answer.statement, line) for line in fresh)
        BankColumns.objects.update_or_create(bank=account.bank, defaults={"headers": staged.headers})
        given = {"file_name": name, "digest": digest, "new": answer.new, "known": answer.known}
        told = Entry(stream_id=account.pk, move="import_statement", given=given, **actor_facts(by))
        append(SpecialAccount, heads, [told], at=at)
    return answer


def headers_of(bank: str) -> Headers:
    """What a bank called its columns last time; empty for one that has sent nothing yet."""
    kept = BankColumns.objects.filter(bank=bank).values_list("headers", flat=True).first()
    return kept or {}


def read(content: bytes, name: str, *, account: SpecialAccount, headers: Headers) -> Staged:
    """Return the lines of a file with all their faults. Raises ``roster.Unreadable``, ``ColumnsUnknown``."""
    if len(content) > LARGEST:
        raise roster.Unreadable(_("文件超过5 MB：请按月或按旬分次导出后再导入"))
    wanted = _wanted(headers)
    rows = roster.read_rows(content, headers=wanted)
    at, places = _header(rows, wanted)
    columns = {key: letters(found[0]) for key, found in places.items()}
    lines, faults, outgoing, today = [], [], 0, timezone.localdate(now())
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        texts = {key: _text(row, found) for key, found in places.items()}
        if not any(texts.values()) or _is_sum(row, texts):
            continue
        judged = _Judging(number, texts, columns)
        line = judged.line(account, today)
        faults += judged.faults
        outgoing += judged.goes_out
        if line:
            lines.append(line)
    if not lines and not faults and not outgoing:
        raise roster.Unreadable(_("文件中没有任何一笔明细"))
    lines, twice = _once(_numbered(lines), columns)
    used = {key: [rows[at][place].strip() for place in found] for key, found in places.items()}
    return Staged(lines, faults + twice, outgoing, used)


class _Judging:
    """One row of the file being read: what it says, and every fault in it."""

    def __init__(self, number: int, texts: Mapping[str, str], columns: Mapping[str, str]):
        self.number, self.texts, self.columns = number, texts, columns
        self.faults: list[Fault] = []
        self.goes_out = False

    def line(self, account: SpecialAccount, today: date) -> Line | None:
        """The money that came in; none where it went out, or where something is wrong."""
        fen = self._amount()
        if self.goes_out:
            return None
        on = self._day(today)
        self._own_account(account)
        serial = self.texts.get("serial", "")
        if cell.is_destroyed(serial):
            self._fault("serial", _("流水号已被表格软件截短"), _("请以文本格式重新导出"))
        if self.faults or fen is None or on is None:
            return None
        return Line(
            self.number,
            serial[:60],
            on,
            fen,
            self.texts.get("payer", "")[:120],
            self.texts.get("payer_account", "")[:40],
            self.texts.get("note", "")[:200],
        )

    def _amount(self) -> int | None:
        said, paid = self.texts.get("income", ""), self.texts.get("outgo", "")
        way = self.texts.get("direction", "").lower()
        fen = fen_of(said) if said else 0
        if fen is None:
            self._fault(
                "income", _("金额“%(said)s”无法读取") % {"said": said[:20]}, _("请填数字，最多两位小数")
            )
        elif way and way not in COMES_IN | GOES_OUT:
            self._fault(
                "direction",
                _("收支方向“%(said)s”无法识别") % {"said": way[:20]},
                _("请填“贷”（收入）或“借”（支出）"),
            )
        elif way in GOES_OUT or fen < 0 or (not fen and fen_of(paid)):
            self.goes_out = True
        elif not fen:
            self._fault("income", _("没有金额"), _("请补填收入金额，或删去这一行"))
        elif fen > MOST:
            self._fault("income", _("金额过大"), _("请核对金额"))
        return fen

    def _day(self, today: date) -> date | None:
        said = self.texts.get("on", "")
        on = cell.read_day(DAY_PART.sub("", said))
        if on is None:
            self._fault("on", _("日期“%(said)s”无法读取") % {"said": said[:20]}, _("请按 yyyy-mm-dd 填写"))
        elif on > today:
            self._fault("on", _("到账日期晚于今天"), _("请核对日期"))
        return on

    def _own_account(self, account: SpecialAccount) -> None:
        said = re.sub(r"\D", "", self.texts.get("account", ""))
        if said and said != re.sub(r"\D", "", account.number):
            self._fault("account", _("账号不是本财政专户的"), _("请导入本专户的对账文件"))

    def _fault(self, key: str, what: str, mend: str) -> None:
        self.faults.append(_fault(self.number, self.columns, key, what, mend))


def fen_of(text: str) -> int | None:
    """Return an amount in 分, read as digits; None for what is no amount of whole 分."""
    found = AMOUNT.fullmatch(text.replace("，", ",").replace(" ", ""))
    if not found:
        return None
    sign, whole, part = found.groups()
    fen = int(whole.replace(",", "")) * 100 + int((part or "0").ljust(2, "0"))
    return -fen if sign == "-" else fen


def _fault(number: int, columns: Mapping[str, str], key: str, what: str, mend: str) -> Fault:
    return Fault(number, columns.get(key, ""), str(COLUMNS[key].title), what, mend)


def _wanted(headers: Headers) -> dict[str, str]:
    """Return {header without width and blanks: our column}: the usual ones, then what this bank is known to say."""
    usual = {plain(header): key for key, column in COLUMNS.items() for header in column.usual}
    return usual | {
        plain(header): key for key, named in headers.items() if key in COLUMNS for header in named
    }


def _header(rows: list[list[str]], wanted: Mapping[str, str]) -> tuple[int, dict[str, list[int]]]:
    """Return in which row the headers stand, and where each of our columns is."""
    scores = [len({plain(text) for text in row if text} & wanted.keys()) for row in rows[:HEADER_WITHIN]]
    if not scores or not max(scores):
        filled = [sum(bool(text.strip()) for text in row) for row in rows[:HEADER_WITHIN]]
        first = rows[filled.index(max(filled))] if filled else []
        raise ColumnsUnknown(_required({}), [text.strip() for text in first if text.strip()])
    at = scores.index(max(scores))
    places: dict[str, list[int]] = {}
    for place, text in enumerate(rows[at]):
        if key := wanted.get(plain(text)):
            places.setdefault(key, []).append(place)
    for key, found in places.items():
        if key != "note":
            places[key] = [min(found, key=lambda place, key=key: _rank(key, rows[at][place]))]
    if missing := _required(places):
        raise ColumnsUnknown(missing, [text.strip() for text in rows[at] if text.strip()])
    return at, places


def _rank(key: str, header: str) -> int:
    """How likely a header is the column meant: what a person named goes before what is guessed."""
    usual = [plain(one) for one in COLUMNS[key].usual]
    return usual.index(plain(header)) if plain(header) in usual else -1


def _required(places: Mapping[str, list[int]]) -> list[str]:
    return [str(column.title) for key, column in COLUMNS.items() if column.required and key not in places]


def _text(row: list[str], places: Iterable[int]) -> str:
    texts = (cell.tidy(row[place]).lstrip("'") for place in places if place < len(row))
    return " ".join(text for text in texts if text)


def _is_sum(row: list[str], texts: Mapping[str, str]) -> bool:
    """Whether the row sums up or closes the sheet instead of telling of money."""
    return not cell.read_day(DAY_PART.sub("", texts.get("on", ""))) and bool(SUM_ROW.search("".join(row)))


def _numbered(lines: Sequence[Line]) -> list[Line]:
    """Give lines without a serial one that is the same in every file: of what they say, and how-manieth they are."""
    seen: Counter[tuple] = Counter()
    numbered = []
    for line in lines:
        serial = line.serial
        if not serial:
            facts = (line.on.isoformat(), line.fen, line.payer, line.note)
            seen[facts] += 1
            text = "\n".join(map(str, (*facts, seen[facts])))
            serial = "-" + hashlib.sha256(text.encode()).hexdigest()[:40]
        numbered.append(Line(line.row, serial, line.on, line.fen, line.payer, line.payer_account, line.note))
    return numbered


def _once(lines: Sequence[Line], columns: Mapping[str, str]) -> tuple[list[Line], list[Fault]]:
    """Keep the first line of each serial; one that says something else under the same serial is a fault."""
    first: dict[str, Line] = {}
    faults = []
    for line in lines:
        before = first.setdefault(line.serial, line)
        if before.facts != line.facts:
            what = _("与第%(row)d行的流水号相同，内容不同") % {"row": before.row}
            faults.append(_fault(line.row, columns, "serial", what, _("请向银行核对这两笔")))
    return list(first.values()), faults


def _fresh(account: SpecialAccount, lines: Sequence[Line]) -> tuple[list[Line], list[Fault]]:
    """Which lines were never entered; one entered before with other facts is a fault, never a correction."""
    found = StatementLine.objects.filter(account=account, serial__in=[line.serial for line in lines])
    known = {serial: facts for serial, *facts in found.values_list("serial", "on", "fen", "payer")}
    faults = [
        _fault(
            line.row,
            {},
            "serial",
            _("该流水号已导入过，但日期、金额或付款人不同"),
            _("请向银行核对，原有记录不会改动"),
        )
        for line in lines
        if line.serial in known and tuple(known[line.serial]) != line.facts
    ]
    return [line for line in lines if line.serial not in known], faults


def _row(statement: Statement, line: Line) -> StatementLine:
    return StatementLine(
        statement=statement,
        account_id=statement.account_id,
        serial=line.serial,
        on=line.on,
        fen=line.fen,
        payer=line.payer,
        payer_account=line.payer_account,
        note=line.note,
    )
