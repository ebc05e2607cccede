"""The words of the rules: what a rule is, how one is declared, and the fault it finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from django.utils.translation import gettext

from apps.exchange.columns import BY_KEY
from apps.exchange.rules.subject import Subject

Severity = Literal["E", "W", "S"]
Found = tuple[str, str, dict]
Check = Callable[[Subject], Iterable[Found]]


class Rule(NamedTuple):
    """One rule: its code, how grave a breach is (E blocks, W warns, S is settled by the match), how to mend it."""

    code: str
    severity: Severity
    title: str
    mend: str


RULES: dict[str, Rule] = {}
ROW_CHECKS: list[tuple[Rule, Check]] = []


def declare(code: str, severity: Severity, title: str, mend: str) -> Rule:
    """Add a rule to the register; title and mend are untranslated sentences."""
    RULES[code] = Rule(code, severity, title, mend)
    return RULES[code]


def rule(code: str, severity: Severity, title: str, mend: str):
    """Declare a rule whose function judges one person: it yields (column, sentence, facts in the sentence)."""
    declared = declare(code, severity, title, mend)

    def register(check: Check) -> Check:
        ROW_CHECKS.append((declared, check))
        return check

    return register


@dataclass(frozen=True, slots=True)
class Fault:
    """One breach of a rule: in which row and column (row 0 is the whole file), of which value, masked."""

    row: int
    column: str
    code: str
    severity: Severity
    value: str
    text: str
    facts: dict = field(default_factory=dict)

    @property
    def header(self) -> str:
        """The column's header as the form has it; empty when no single column is at fault."""
        return BY_KEY[self.column].header if self.column in BY_KEY else ""

    @property
    def title(self) -> str:
        return gettext(RULES[self.code].title)

    @property
    def message(self) -> str:
        return gettext(self.text) % {
            name: gettext(str(fact)) if fact else "" for name, fact in self.facts.items()
        }

    @property
    def mend(self) -> str:
        return gettext(RULES[self.code].mend)

    @property
    def blocks(self) -> bool:
        return self.severity == "E"

    def as_json(self) -> dict:
        """The fault as plain data, in no language, to keep with the roster's row."""
        return {name: getattr(self, name) for name in FIELDS}

    @classmethod
    def from_json(cls, data: dict) -> "Fault":
        """The fault that `as_json` wrote."""
        return cls(**{name: data[name] for name in FIELDS})


FIELDS = ("row", "column", "code", "severity", "value", "text", "facts")
