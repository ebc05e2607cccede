"""The cover sheet 封面 of a roster: what the enterprise says of itself and of the numbers inside."""

from dataclasses import dataclass
from datetime import date

from apps.exchange.reading.kinds import plain
from apps.exchange.values import read_day, tidy

LABELS = {
    "单位名称": "name", "企业名称": "name", "统一社会信用代码": "uscc", "组织机构代码": "org_code",
    "隶属关系": "affiliation", "单位状态": "status", "填报日期": "filled_on", "移交人数": "heads",
    "中共党员人数": "party_members", "档案份数": "files", "联系人": "liaison_name", "联系电话": "liaison_phone",
}  # fmt: skip


@dataclass(frozen=True)
class Cover:
    """What the cover sheet says of the enterprise and of the roster; all empty where there is no cover."""

    name: str = ""
    uscc: str = ""
    org_code: str = ""
    affiliation: str = ""
    status: str = ""
    filled_on: date | None = None
    heads: int | None = None
    party_members: int | None = None
    files: int | None = None
    liaison_name: str = ""
    liaison_phone: str = ""

    @property
    def code(self) -> str:
        """The enterprise's code as filled in: the credit code, else the older organisation code."""
        return self.uscc or self.org_code


def read_cover(rows: list[list[str]]) -> Cover:
    """Return what the sheet says: labels in its first column, values in the second."""
    facts: dict = {}
    for row in rows:
        name = LABELS.get(plain(row[0]).rstrip(":")) if row else None
        if name and len(row) > 1 and name not in facts:
            facts[name] = tidy(row[1])
    for name in ("uscc", "org_code"):
        facts[name] = facts.get(name, "").replace(" ", "").upper()
    for name in ("heads", "party_members", "files"):
        digits = facts.get(name, "").rstrip("人份")
        facts[name] = int(digits) if digits.isdigit() else None
    facts["filled_on"] = read_day(facts.get("filled_on", ""))
    return Cover(**facts)
