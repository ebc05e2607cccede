"""Dated rule rows: what applies on a day, and how a row comes to apply."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit import prepared
from apps.audit.streams import Entry, actor_facts, append, lock, now, record
from apps.calendar.workdays import ENTERED, as_entered
from apps.organisations.acting import Acting
from apps.organisations.choices import Level, OrgKind, Role
from apps.organisations.second_person import same_person
from apps.policies.keys import KEYS
from apps.policies.models import Document, Rule, RuleStatus

# The rows of `in_force`, as a statement that is planned once: nearly every act asks for one.
IN_FORCE = """
SELECT id, key, value::text, unit, status FROM policies_rule
WHERE approved_at IS NOT NULL AND valid @> %(day)s::date AND key = ANY(%(keys)s::text[])
  AND scope IN ('', %(scope)s) ORDER BY scope
"""
# One such row, and the calendar from that day on: every act that opens a stage with a time limit asks for both.
LIMIT = f"""
SELECT id, key, value::text, unit, status, (SELECT json_agg(entered)::text FROM ({ENTERED}) AS entered)
FROM policies_rule
WHERE approved_at IS NOT NULL AND valid @> %(since)s::date AND key = %(key)s AND scope = ''
"""  # noqa: S608 - our own words
AUTHOR, APPROVER = Role.RMO_REVIEWER, Role.RMO_HEAD
DEADLINE_LIMIT = 1_000


class RuleMissing(LookupError):
    """No approved row applies on the day; the message says which, when, and who must enter one."""


class RuleRefused(Exception):
    """A row that may not be proposed or approved; the message says why and who could."""


@dataclass(frozen=True)
class RuleValue:
    """The value that applied, with the row it comes from, as an event stores it."""

    id: int
    key: str
    value: Any
    unit: str
    status: str

    def fact(self) -> dict:
        """The row as an event names it."""
        return {"id": self.id, "key": self.key, "value": self.value}


def value(key: str, on: date | datetime, scope: str = "") -> RuleValue:
    """Return the value of one key on a day; raises RuleMissing."""
    return values([key], on, scope)[key]


def values(keys: Iterable[str], on: date | datetime, scope: str = "") -> dict[str, RuleValue]:
    """Return the values of several keys on a day, in one query; raises RuleMissing if one has none.

    A row of the scope itself goes before the general row. A moment counts as its day in China.
    """
    keys, on = list(keys), _day(on)
    rows = prepared.rows(IN_FORCE, {"day": on, "keys": keys, "scope": scope})
    found = {row[1]: RuleValue(row[0], row[1], json.loads(row[2]), *row[3:]) for row in rows}
    for key in keys:
        if key not in found:
            raise RuleMissing(missing(key, on))
    return found


def due(key: str, at: datetime) -> tuple[datetime, RuleValue]:
    """Return when so many working days from a moment are up as the rule of its day says, and that rule.

    One statement. Raises RuleMissing.
    """
    rows = prepared.rows(LIMIT, {"since": _day(at), "key": key})
    if not rows:
        raise RuleMissing(missing(key, _day(at)))
    [(pk, key, amount, unit, status, entered)] = rows
    rule = RuleValue(pk, key, json.loads(amount), unit, status)
    days = ((one["year"], one["day"] and date.fromisoformat(one["day"]), one["works"])
            for one in json.loads(entered or "[]"))  # fmt: skip
    return as_entered(days).due(at, rule.value), rule


@dataclass(frozen=True)
class Scoped:
    """All rows of one key that apply on a day, by their scope."""

    key: str
    on: date
    rows: dict[str, RuleValue]

    def first(self, *scopes: str) -> RuleValue:
        """Return the row of the first scope that has one, the general row last; raises RuleMissing."""
        for scope in (*scopes, ""):
            if scope in self.rows:
                return self.rows[scope]
        raise RuleMissing(missing(self.key, self.on))


def scoped(key: str, on: date | datetime) -> Scoped:
    """Return the rows of a key on a day in every scope: one query."""
    rows = in_force(on).filter(key=key).values_list("scope", "id", "key", "value", "unit", "status")
    return Scoped(key, _day(on), {row[0]: RuleValue(*row[1:]) for row in rows})


@dataclass(frozen=True)
class Timeline:
    """The approved rows of some keys over all time, for reckoning many days at once."""

    rows: dict[str, list[tuple[date, date | None, Any]]]

    def value(self, key: str, on: date) -> Any:
        """Return the value of a key on a day; raises RuleMissing."""
        for first, until, amount in self.rows.get(key, ()):
            if first <= on and (until is None or on < until):
                return amount
        raise RuleMissing(missing(key, on))

    def starts(self) -> Iterator[tuple[str, date, Any]]:
        """Yield (key, first day, value) of every row."""
        for key, rows in self.rows.items():
            for first, _until, amount in rows:
                yield key, first, amount


def timeline(keys: Iterable[str]) -> Timeline:
    """Return all that ever applied, or will, of some general keys: one query."""
    rows = defaultdict(list)
    found = Rule.objects.filter(key__in=keys, scope="", approved_at__isnull=False)
    for key, valid, amount in found.values_list("key", "valid", "value"):
        rows[key].append((valid.lower, valid.upper, amount))
    return Timeline(rows)


def missing(key: str, on: date) -> str:
    """Say that no row of a key applies on a day, and who can mend that."""
    return _("%(day)s没有可适用的“%(title)s”，请市退管机构审核人员录入、负责人核准。") % {
        "day": on.isoformat(),
        "title": KEYS[key].title,
    }


def in_force(on: date | datetime):
    """The approved rows that apply on a day."""
    return Rule.objects.filter(approved_at__isnull=False, valid__contains=_day(on))


def may(acting: Acting | None, role: Role) -> bool:
    """Say whether somebody acts in the city RMO's post that proposes, or approves, rules."""
    return (
        acting is not None
        and acting.role == role
        and acting.organisation.kind == OrgKind.RMO
        and acting.organisation.level == Level.CITY
    )


def propose(
    key: str,
    amount: int,
    *,
    by: Acting,
    valid_from: date,
    valid_until: date | None = None,
    basis: Document | None = None,
    citation: str = "",
    status: str = RuleStatus.UNVERIFIED,
    scope: str = "",
) -> Rule:
    """Enter a row; it applies to nothing until another person approves it. The same row twice is one.

    `valid_until` is the first day on which it no longer applies. Raises RuleRefused.
    """
    if not may(by, AUTHOR):
        raise RuleRefused(_("规则由市退管机构审核人员录入。"))
    if key not in KEYS:
        raise RuleRefused(_("规则目录中没有“%(key)s”。") % {"key": key})
    choices = KEYS[key].choices
    if (
        amount < 0
        or (choices and amount not in choices)
        or (KEYS[key].unit == "days" and not 1 <= amount <= DEADLINE_LIMIT)
    ):
        raise RuleRefused(_("数值超出范围。"))
    if valid_until is not None and valid_until <= valid_from:
        raise RuleRefused(_("失效日期应晚于生效日期。"))
    with transaction.atomic():
        rule, new = Rule.objects.get_or_create(
            key=key,
            scope=scope,
            value=amount,
            valid=DateRange(valid_from, valid_until),
            author=by.user,
            approved_at=None,
            defaults={"unit": KEYS[key].unit, "basis": basis, "citation": citation, "status": status},
        )
        if new:
            record(rule, "propose", by=by, given=_facts(rule), effective_on=valid_from)
    return rule


def approve(rule: Rule, *, by: Acting) -> Rule:
    """Let a row apply from its first day on; the row in force before ends there. Raises RuleRefused.

    Steps: lock the rows of the key; judge person, basis and period; end the row before; approve; record both.
    """
    with transaction.atomic():
        ids = Rule.objects.filter(key=rule.key, scope=rule.scope).values_list("pk", flat=True)
        heads = lock(Rule, list(ids))
        rule = Rule.objects.select_related("basis", "author").get(pk=rule.pk)
        at = now()
        before = _judge(rule, by, _day(at))
        entries = []
        if before is not None:
            Rule.objects.filter(pk=before.pk).update(valid=DateRange(before.valid.lower, rule.valid.lower))
            entries.append(
                _entry(before, "end", by, {"by_rule": rule.pk, "until": rule.valid.lower.isoformat()})
            )
        rule.approver, rule.approved_at = by.user, at
        Rule.objects.filter(pk=rule.pk).update(approver=by.user, approved_at=at)
        entries.append(_entry(rule, "approve", by, _facts(rule)))
        append(Rule, heads, entries, at=at)
        rule.refresh_from_db(fields=["stream_seq", "stream_head"])
    return rule


def _judge(rule: Rule, by: Acting, today: date) -> Rule | None:
    """Refuse what may not be approved; return the row in force that the new one follows."""
    if not may(by, APPROVER):
        raise RuleRefused(_("规则由市退管机构负责人核准。"))
    if rule.approved_at is not None:
        raise RuleRefused(_("该规则已经核准。"))
    if rule.author and same_person(rule.author, by.user):
        raise RuleRefused(_("录入人不能核准自己录入的规则，请由另一人核准。"))
    if rule.basis is None:
        raise RuleRefused(_("没有依据文件的规则不能核准。"))
    rivals = list(
        Rule.objects.filter(
            key=rule.key, scope=rule.scope, approved_at__isnull=False, valid__overlap=rule.valid
        ).order_by("valid")
    )
    if not rivals:
        return None
    before, *others = rivals
    if others or before.valid.lower >= rule.valid.lower:
        raise RuleRefused(_("该期间已有核准的规则。"))
    if rule.valid.lower < today:
        raise RuleRefused(_("已适用的规则不能改动过去的期间，请从今日或以后的日期起生效。"))
    return before


def _day(on: date | datetime) -> date:
    return timezone.localtime(on).date() if isinstance(on, datetime) else on


def _entry(rule: Rule, move: str, by: Acting, given: dict) -> Entry:
    return Entry(stream_id=rule.pk, move=move, given=given, effective_on=rule.valid.lower, **actor_facts(by))


def _facts(rule: Rule) -> dict:
    return {
        "key": rule.key,
        "scope": rule.scope,
        "value": rule.value,
        "from": rule.valid.lower.isoformat(),
        "until": rule.valid.upper.isoformat() if rule.valid.upper else None,
        "basis": rule.basis.number if rule.basis else None,
        "status": rule.status,
    }
