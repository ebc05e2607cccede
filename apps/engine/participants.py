"""Who may see a case, and for which roles something of it waits: one row per case and organisation.

Kept by the door after each act, so that every list, count, search and page is an equality on it. ``told`` keeps
those of the roles whose holders have been told; a role for which nothing waits any more drops out of it.
"""

from functools import cache

from django.db.models import BigIntegerField, Case, DateTimeField, F, Q, Value, When
from django.db.models.functions import Cast

from apps.audit import prepared

from . import registry
from .models import AbstractCase, AbstractParticipant

CASES = -9_000_000_005
"""A case there is not, in whose place the statement gets the cases it is about."""

# The first of a lineage is the office itself; a row's third alarm is heard one step above it, the fourth two.
UPSERT = """
INSERT INTO {table} (case_id, organisation_id, open, due_at, escalated, roles, told)
SELECT case_id, organisation_id, roles <> '{{}}', due_at, escalated, roles, '{{}}'
FROM (SELECT waits.case_id, above.organisation_id,
             COALESCE(array_agg(waits.role::varchar ORDER BY waits.role) FILTER (
                 WHERE waits.role <> '' AND above.step = 1), '{{}}') AS roles,
             min(waits.due_at) FILTER (WHERE waits.role <> '' AND above.step = 1) AS due_at,
             bool_or(waits.role <> '' AND above.step BETWEEN 2 AND waits.rang - 1) AS escalated
      FROM (SELECT case_id, organisation_id, role, min(due_at) AS due_at, max(rang) AS rang
            FROM ({waits}) AS row_waits (case_id, organisation_id, role, due_at, rang) GROUP BY 1, 2, 3) AS waits
      CROSS JOIN LATERAL unnest((SELECT lineage FROM organisations_organisation WHERE id = waits.organisation_id))
          WITH ORDINALITY AS above (organisation_id, step)
      GROUP BY 1, 2) AS seats
ON CONFLICT (case_id, organisation_id) DO UPDATE
SET open = excluded.open, due_at = excluded.due_at, escalated = excluded.escalated, roles = excluded.roles,
    told = ARRAY(SELECT unnest({table}.told) INTERSECT SELECT unnest(excluded.roles))
WHERE ({table}.open, {table}.due_at, {table}.escalated, {table}.roles)
      IS DISTINCT FROM (excluded.open, excluded.due_at, excluded.escalated, excluded.roles)
"""


def refresh(cases: list[int], processes: frozenset[str] = frozenset()) -> None:
    """Recompute the participants of some cases in one statement. Nobody loses sight of a case.

    ``processes`` names the processes the cases are of; none named, all are asked.
    """
    one = len(cases) == 1
    chosen = cases[0] if one else prepared.array(cases)
    prepared.rows(_statement(one, processes), {"cases": chosen}, once=one)


@cache
def _statement(one: bool, processes: frozenset[str]) -> str:
    """The statement, written once: it depends on the machines in force, and on whether there is but one case."""
    parts = [f"({prepared.written(query, {CASES: 'cases'})})" for query in _waits(processes)]
    table = registry.concrete(AbstractParticipant)._meta.db_table
    sql = UPSERT.format(table=table, waits=" UNION ALL ".join(parts))
    return sql if one else sql.replace("= %(cases)s", "= ANY(%(cases)s::bigint[])")


def _waits(processes: frozenset[str]):
    """Yield queries of (case, organisation, role, due_at, rang): who is party to a case, and for which role
    something waits there (none: ``""``).
    """
    table = registry.concrete(AbstractCase)
    quiet = {"_role": Value(""), "_due": Cast(None, DateTimeField()), "_rang": Value(0)}
    for office in ("applicant_id", "authority_id"):
        yield table._base_manager.filter(pk=CASES).annotate(**quiet).values_list("pk", office, *quiet)
    seen = registry.concrete(AbstractParticipant)._base_manager.filter(case=CASES)
    yield seen.annotate(**quiet).values_list("case_id", "organisation_id", *quiet)
    for model in registry.machines():
        if not processes or registry.process_of(model) in processes:
            yield _waiting(model)
            yield from _deciding(model, quiet)


def _deciding(model, quiet: dict):
    """Queries of who may decide on a row without ever holding it, and so must see its case."""
    case = model.path_to_case()
    held = {party.office for _stage, party in registry.holders(model)} | {"applicant", "authority"}
    for office in sorted({p.office for move in model.moves.values() for p in move.parties} - held):
        moves = [move for move in model.moves.values() if office in {p.office for p in move.parties}]
        stages = [name for move in moves for name in move.sources.names]
        rows = model.rows().filter(**{case: CASES}, stage__in=stages)
        yield rows.annotate(**quiet).values_list(case, f"{model.offices[office]}_id", *quiet)


def _waiting(model):
    """A query of what waits in one machine: (case, holder, role, due, rang); a suspended case has no deadline."""
    case = model.path_to_case()
    return (
        model.rows()
        .filter(**{case: CASES})
        .annotate(
            _holder=holder(model),
            _role=holder_role(model),
            _due=Case(When(**{model.of_case("suspended_at"): None}, then=F("due_at"))),
        )
        .filter(_holder__isnull=False)
        .values_list(case, "_holder", "_role", "_due", "rang")
    )


def holder(model) -> Case:
    """The organisation that a row waits on, as an expression; none while it waits on nobody."""
    offices = [When(where, then=party.at(model)) for where, party in holding(model)]
    return Case(*offices, default=None, output_field=BigIntegerField())


def holder_role(model) -> Case:
    """The role that a row waits on there, as an expression; empty while it waits on nobody."""
    return Case(*(When(where, then=Value(str(p.role))) for where, p in holding(model)), default=Value(""))


def holding(model):
    """Yield (condition, party) for each stage in which a row of ``model`` waits on somebody.

    What belongs to a case waits only while the case is where its holder could move it.
    """
    for stage, party in registry.holders(model):
        where = Q(stage=stage.name)
        during = [set(move.during) for move in registry.leaving(model, stage) if party in move.parties]
        if during and all(during):
            where &= Q(**{model.of_case("stage__in"): sorted(set().union(*during))})
        yield where, party
