"""The tree of guidance: who stands above whom, which office serves which street, where it has gaps."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from apps.organisations.choices import DivisionLevel, OrgKind, Role
from apps.organisations.models import Division, Organisation, Post


class TreeBroken(Exception):
    """Some bodies guide each other in a circle; the message names them."""


# One statement: a level of superiors per turn, the finished paths written where they differ.
_REBUILD = """
WITH RECURSIVE up(id, path, above) AS (
    SELECT id, ARRAY[id], superior_id FROM organisations_organisation
    UNION ALL
    SELECT up.id, up.path || org.id, org.superior_id
    FROM up JOIN organisations_organisation org ON org.id = up.above
    WHERE NOT org.id = ANY(up.path)
), whole AS (
    SELECT id, path FROM up WHERE above IS NULL
), written AS (
    UPDATE organisations_organisation org SET lineage = whole.path
    FROM whole WHERE whole.id = org.id AND org.lineage IS DISTINCT FROM whole.path
    RETURNING org.id
)
SELECT (SELECT count(*) FROM written),
       (SELECT array_agg(org.key ORDER BY org.key) FROM organisations_organisation org
        WHERE NOT EXISTS (SELECT 1 FROM whole WHERE whole.id = org.id))
"""


def rebuild() -> int:
    """Write every body's lineage (itself, then each superior up to the top); return how many changed.

    Raises TreeBroken when superiors form a circle; what was written is then the caller's to roll back.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REBUILD)
        changed, broken = cursor.fetchone()
    if broken:
        raise TreeBroken(", ".join(broken))
    return changed


@dataclass(frozen=True)
class Gap:
    """Something the network lacks: in which county, at which place, and what."""

    county: str
    place: str
    lacks: str


def gaps(on: date) -> list[Gap]:
    """What the network lacks on a day: county bodies, street offices, stations, and their staff."""
    divisions = list(
        Division.objects.filter(valid__contains=on, code__startswith="4452").values(
            "code", "name", "level", "parent_code"
        )
    )
    counties = {row["code"]: row["name"] for row in divisions if row["level"] == DivisionLevel.COUNTY}
    held = Post.objects.held(on).filter(organisation=OuterRef("pk"))
    bodies = list(
        Organisation.objects.active(on)
        .filter(kind__in=[OrgKind.RMO, OrgKind.STREET_RMO, OrgKind.COMMUNITY_STATION])
        .values("id", "kind", "name", "parent_id", "division__code")
        .annotate(
            headed=Exists(held.filter(role__in=[Role.RMO_HEAD, Role.STREET_HEAD])),
            staffed=Exists(held.exclude(role__in=[Role.RMO_HEAD, Role.STREET_HEAD, Role.AUDITOR])),
        )
    )
    return [*_missing_bodies(divisions, counties, bodies), *_missing_people(divisions, counties, bodies)]


def _missing_bodies(divisions, counties, bodies) -> list[Gap]:
    served = {row["division__code"] for row in bodies if row["kind"] != OrgKind.COMMUNITY_STATION}
    with_station = {row["parent_id"] for row in bodies if row["kind"] == OrgKind.COMMUNITY_STATION}
    found = []
    for row in divisions:
        if row["level"] == DivisionLevel.COUNTY and row["code"] not in served:
            found.append(Gap(row["name"], row["name"], _("未设县级退管机构")))
        if row["level"] == DivisionLevel.STREET and row["code"] not in served:
            found.append(Gap(counties.get(row["parent_code"], ""), row["name"], _("未设劳动保障事务所")))
    streets = {row["code"]: row for row in divisions}
    for body in bodies:
        if body["kind"] == OrgKind.STREET_RMO and body["id"] not in with_station:
            street = streets.get(body["division__code"], {})
            found.append(
                Gap(counties.get(street.get("parent_code"), ""), body["name"], _("辖区内未设社区退管站"))
            )
    return found


def _missing_people(divisions, counties, bodies) -> list[Gap]:
    places = {row["code"]: row for row in divisions}
    parents = {body["id"]: body for body in bodies}
    found = []
    for body in bodies:
        home = body if body["division__code"] else parents.get(body["parent_id"], body)
        place = places.get(home["division__code"], {})
        county = counties.get(place.get("code")) or counties.get(place.get("parent_code"), "")
        if body["kind"] != OrgKind.COMMUNITY_STATION and not body["headed"]:
            found.append(Gap(county, body["name"], _("没有负责人")))
        if not body["staffed"]:
            found.append(Gap(county, body["name"], _("没有工作人员")))
    return found
