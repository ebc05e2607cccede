"""Founding, renaming, moving and closing bodies: their places in the tree, their names by date, and the events."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from apps.audit.streams import Entry, Head, actor_facts, append, lock, now
from apps.organisations import tree
from apps.organisations.choices import OrgKind
from apps.organisations.models import Organisation, OrganisationName
from apps.organisations.refusals import NotChanged

# Who may guide whom; kinds that are not named stand beside the network.
GUIDES = {
    OrgKind.RMO: OrgKind.RMO,
    OrgKind.STREET_RMO: OrgKind.RMO,
    OrgKind.COMMUNITY_STATION: OrgKind.STREET_RMO,
}


def found(
    organisations: Iterable[Organisation],
    *,
    by,
    above: Mapping[str, Mapping[str, str]] | None = None,
    former: Mapping[str, tuple[str, date]] | None = None,
) -> list[Organisation]:
    """Add many bodies in a few statements, whatever their number; the tree is rebuilt once.

    `above` names, by a body's key, the keys that its `parent`, `superior` and `acts_for` have; they may be
    founded in the same call. `former` gives, by key, the name a body had before a day. Raises TreeBroken.
    """
    organisations, above, former = list(organisations), above or {}, former or {}
    with transaction.atomic():
        for pk, organisation in zip(_reserve(len(organisations)), organisations, strict=True):
            organisation.pk = pk
        ids = dict(Organisation.objects.values_list("key", "pk"))
        ids |= {organisation.key: organisation.pk for organisation in organisations}
        for organisation in organisations:
            for column, key in above.get(organisation.key, {}).items():
                setattr(organisation, f"{column}_id", ids[key])
        Organisation.objects.bulk_create(organisations)
        OrganisationName.objects.bulk_create(
            name
            for organisation in organisations
            for name in _names(organisation, former.get(organisation.key))
        )
        tree.rebuild()
        heads = {organisation.pk: Head() for organisation in organisations}
        append(Organisation, heads, [_founded(organisation, by) for organisation in organisations], at=now())
    return organisations


def rename(organisation: Organisation, name: str, *, by, on: date) -> Organisation:
    """Give a body another name from a day on; the name before stays with its period."""
    with transaction.atomic():
        heads = lock(Organisation, [organisation.pk])
        held = OrganisationName.objects.get(organisation=organisation, valid__contains=on)
        OrganisationName.objects.filter(pk=held.pk).update(valid=DateRange(held.valid.lower, on))
        OrganisationName.objects.create(
            organisation=organisation, name=name, valid=DateRange(on, held.valid.upper)
        )
        Organisation.objects.filter(pk=organisation.pk).update(name=name)
        said = Entry(
            stream_id=organisation.pk,
            move="rename",
            given={"from": held.name, "to": name},
            effective_on=on,
            **actor_facts(by),
        )
        append(Organisation, heads, [said], at=now())
        organisation.refresh_from_db()
    return organisation


def move(organisation: Organisation, superior: Organisation, *, by) -> Organisation:
    """Put a body, with all it guides, under another; a station with it into the other street. Raises NotChanged."""
    if superior.kind != GUIDES.get(organisation.kind):
        raise NotChanged(_("%(body)s不能由%(superior)s指导。") % {"body": organisation, "superior": superior})
    with transaction.atomic():
        heads = lock(Organisation, [organisation.pk])
        places = {"superior": superior}
        if organisation.kind == OrgKind.COMMUNITY_STATION:
            places["parent"] = superior
        given = {"from": organisation.superior and organisation.superior.name, "to": superior.name}
        Organisation.objects.filter(pk=organisation.pk).update(**places)
        try:
            tree.rebuild()
        except tree.TreeBroken:
            raise NotChanged(_("机构不能由其下级指导。")) from None
        said = Entry(stream_id=organisation.pk, move="move", given=given, **actor_facts(by))
        append(Organisation, heads, [said], at=now())
        organisation.refresh_from_db()
    return organisation


def close(organisation: Organisation, *, by, on: date, reason: str = "") -> Organisation:
    """Close a body from a day on; what it still guides goes elsewhere first. Raises NotChanged."""
    with transaction.atomic():
        heads = lock(Organisation, [organisation.pk])
        if organisation.guided.filter(active_until=None).exists():
            raise NotChanged(_("%s仍有下级机构，请先划转或撤销下级机构。") % organisation.name)
        open_ones = Organisation.objects.filter(pk=organisation.pk, active_until=None, active_from__lt=on)
        if not open_ones.update(active_until=on):
            raise NotChanged(_("%s已经撤销，或撤销日期不晚于设立日期。") % organisation.name)
        said = Entry(
            stream_id=organisation.pk, move="close", effective_on=on, reason=reason, **actor_facts(by)
        )
        append(Organisation, heads, [said], at=now())
        organisation.refresh_from_db()
    return organisation


def _reserve(count: int) -> list[int]:
    """Take ids before the rows exist, so that bodies can point at each other in one INSERT."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('organisations_organisation', 'id')) "
            "FROM generate_series(1, %s)",
            [count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _names(organisation: Organisation, former: tuple[str, date] | None) -> Iterable[OrganisationName]:
    start = organisation.active_from
    if former:
        name, until = former
        yield OrganisationName(organisation=organisation, name=name, valid=DateRange(start, until))
        start = until
    yield OrganisationName(organisation=organisation, name=organisation.name, valid=DateRange(start, None))


def _founded(organisation: Organisation, by) -> Entry:
    return Entry(
        stream_id=organisation.pk,
        move="found",
        given={
            "key": organisation.key,
            "kind": str(organisation.kind),
            "name": organisation.name,
            "superior": organisation.superior_id,
            "approval": organisation.approval_number,
        },
        effective_on=organisation.active_from,
        **actor_facts(by),
    )
