"""What every kind of paper has: a title, who issues it, who may read it, and how an act numbers it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils import timezone

from apps.audit import prepared
from apps.jobs.queue import enqueue

RENDER = "papers.render"

# The registers' rows are locked until the act commits, so the numbers have no holes.
ISSUE = """
WITH wanted AS (
    SELECT asked.*, coalesce(asked.office, (SELECT authority_id FROM cases_case WHERE id = asked.id)) AS issuer
    FROM jsonb_to_recordset(%(asked)s::jsonb)
        AS asked (id bigint, office bigint, about bigint, facts jsonb, place int)),
placed AS (
    SELECT wanted.*, row_number() OVER same - count(*) OVER (PARTITION BY issuer) AS from_last
    FROM wanted WINDOW same AS (PARTITION BY issuer ORDER BY place)),
taken AS (
    INSERT INTO documents_numberregister AS register (organisation_id, year, last)
    SELECT issuer, %(year)s::smallint, count(*) FROM wanted GROUP BY issuer ORDER BY issuer
    ON CONFLICT (organisation_id, year) DO UPDATE SET last = register.last + excluded.last
    RETURNING organisation_id, last)
INSERT INTO documents_paper (case_id, kind, issuer_id, year, number, act, issued_at, about_id, facts, replaces_id)
SELECT placed.id, %(kind)s::text, placed.issuer, %(year)s::smallint, taken.last + placed.from_last, %(act)s::uuid,
       %(at)s::timestamptz, placed.about, placed.facts,
       coalesce(%(replaces)s::bigint, (SELECT earlier.id FROM documents_paper AS earlier
        LEFT JOIN documents_paper AS later ON later.replaces_id = earlier.id
        WHERE %(renews)s::boolean AND earlier.case_id = placed.id AND earlier.kind = %(kind)s::text
          AND earlier.about_id IS NOT DISTINCT FROM placed.about AND later.id IS NULL
        ORDER BY earlier.id DESC LIMIT 1))
FROM placed JOIN taken ON taken.organisation_id = placed.issuer
"""

KINDS: dict[str, type[PaperKind]] = {}


@dataclass(frozen=True)
class Wanted:
    """One paper an act is to issue: for which case, meant for which office, with what only the act knows."""

    case: int
    about: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


class PaperKind:
    """A kind of paper; ``given`` by a move it is numbered in the act and drawn up by a job.

    ``layout`` is empty for what is only ever taken as evidence. ``issuer`` says whose number it bears: the acting
    organisation's, the authority's, or that of the office it is about. ``open`` papers may be read by everybody
    who takes part in the case, others by the parties, the issuer, and the office they are about. ``renews``: a
    new one replaces the last of its case. ``hands`` names who prepared, reviewed and approved it, by their moves.
    ``remedy`` names what whom it burdens may do. ``tells`` returns what it prints.
    """

    code = ""
    title = ""
    layout: Literal["", "letter", "form"] = ""
    issuer: Literal["actor", "authority", "about"] = "actor"
    open = False
    renews = False
    remedy: Literal["", "review", "ruling"] = ""
    hands: Mapping[str, str] = {}
    tells: Callable[..., dict[str, Any]] = staticmethod(lambda paper, event: {})

    def __init_subclass__(cls):
        cls.code = cls.__name__
        KINDS[cls.code] = cls

    @classmethod
    def wanted(cls, deed) -> Iterable[Wanted]:
        """The papers a deed asks for: one for each case."""
        return [Wanted(case) for case in deed.cases]

    @classmethod
    def issue(cls, deed) -> None:
        """Number and register the papers of an act, and have them drawn up: two statements for any set."""
        by, wanted = deed.by or deed.act.by, list(cls.wanted(deed))
        actor = by.organisation.pk if by and cls.issuer == "actor" else None
        if number(cls, wanted, actor=actor, act=deed.act.id, at=deed.at):
            enqueue(RENDER, given={"act": str(deed.act.id), "kind": cls.code}, by=by)


def number(
    kind: type[PaperKind], wanted: list[Wanted], *, actor: int | None, act, at, replaces: int | None = None
) -> int:
    """Take the next numbers of each issuer and enter the papers under them; return how many.

    ``replaces`` is the one paper that a corrected one, asked for alone, takes the place of.
    """
    if not wanted:
        return 0
    asked = [
        {
            "id": one.case,
            "office": one.about if kind.issuer == "about" else actor,
            "about": one.about,
            "facts": one.facts,
            "place": place,
        }
        for place, one in enumerate(wanted)
    ]
    values = {
        "asked": json.dumps(asked, ensure_ascii=False),
        "year": timezone.localtime(at).year,
        "kind": kind.code,
        "act": str(act),
        "at": at,
        "renews": kind.renews,
        "replaces": replaces,
    }
    prepared.rows(ISSUE, values, once=len(wanted) == 1)
    return len(wanted)
