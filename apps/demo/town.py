"""The demo town: its offices, fifteen enterprises, the special accounts, and an invented person in every post.

Everything is data of `fixtures/demo`; building it twice changes nothing.
"""

import csv
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.organisations import offices, posts
from apps.organisations.acting import Acting
from apps.organisations.choices import Role
from apps.organisations.models import NEEDS_APPROVAL, Division, Enterprise, Organisation, Post, User
from apps.treasury.models import SpecialAccount

PASSWORD = "tuiguan-2005"  # noqa: S105 -- printed by the demo; no other installation makes these accounts
MAIL = "tuiguan.example"  # a name nobody can register
FOLDER = settings.BASE_DIR / "fixtures" / "demo"
APPROVAL = "揭编〔2005〕示例{number}号"
APPROVED_ON = date(2005, 7, 20)


class Account(NamedTuple):
    """A line of the printed table: who signs in, where, as what, and to do what."""

    username: str
    name: str
    organisation: str
    role: str
    does: str


def build() -> None:
    """Make what is missing of the town, in a number of statements that does not grow with it.

    Steps: bodies with their names and tree; enterprises; special accounts; people; their posts.
    """
    with transaction.atomic():
        _found_offices()
        _describe_enterprises()
        _open_accounts()
        _register_people()
        _fill_posts()


def accounts(*, everyone: bool = False) -> list[Account]:
    """The accounts worth trying, or all of them, in the order of the town."""
    names = {row["key"]: row["short_name"] for row in _rows("offices")}
    return [
        Account(
            row["username"],
            row["name"],
            names[row["organisation"]],
            str(Role(row["role"]).label),
            row["does"],
        )
        for row in _rows("people")
        if everyone or row["does"]
    ]


def office(key: str) -> Organisation:
    """The body with this key of `fixtures/demo/offices.csv`."""
    return Organisation.objects.get(key=key)


def person(username: str) -> User:
    """The person with this user name of `fixtures/demo/people.csv`."""
    return User.objects.get(username=username)


def acting(username: str, organisation: str | None = None) -> Acting:
    """The person acting in the first post held, or in the post at the body with this key."""
    held = Post.objects.select_related("user", "organisation__acts_for").filter(user__username=username)
    if organisation is not None:
        held = held.filter(organisation__key=organisation)
    return Acting.of(held.order_by("id")[:1].get())


def _found_offices() -> None:
    known = set(Organisation.objects.values_list("key", flat=True))
    rows = [row for row in _rows("offices") if row["key"] not in known]
    if not rows:
        return
    # A street's row is the one in force now: of two periods the later.
    divisions = dict(Division.objects.order_by("valid").values_list("code", "pk"))
    offices.found(
        [_office(number, row, divisions) for number, row in enumerate(rows, start=1)],
        by=None,
        above={
            row["key"]: {column: row[column] for column in ("parent", "superior", "acts_for") if row[column]}
            for row in rows
        },
        former={
            row["key"]: (row["former_name"], date.fromisoformat(row["renamed_on"]))
            for row in rows
            if row["former_name"]
        },
    )


def _office(number: int, row: dict[str, str], divisions: dict[str, int]) -> Organisation:
    approved = row["kind"] in NEEDS_APPROVAL
    return Organisation(
        key=row["key"],
        kind=row["kind"],
        level=row["level"],
        name=row["name"],
        short_name=row["short_name"],
        division_id=divisions[row["division"]] if row["division"] else None,
        community=row["community"],
        active_from=date.fromisoformat(row["active_from"]),
        approval_number=APPROVAL.format(number=number) if approved else "",
        approval_date=APPROVED_ON if approved else None,
        authorised_posts=int(row["authorised_posts"]) if row["authorised_posts"] else None,
    )


def _describe_enterprises() -> None:
    ids = dict(Organisation.objects.values_list("key", "pk"))
    known = set(Enterprise.objects.values_list("organisation__key", flat=True))
    Enterprise.objects.bulk_create(
        Enterprise(
            organisation_id=ids[row["organisation"]],
            affiliation=row["affiliation"],
            status=row["status"],
            org_code=row["org_code"],
            uscc=row["uscc"],
            authority_id=ids[row["authority"]],
            exited_on=date.fromisoformat(row["exited_on"]) if row["exited_on"] else None,
            liaison_name=row["liaison_name"],
            liaison_phone=row["liaison_phone"],
            foreign_invested=bool(row["foreign_invested"]),
            si_agency=row["si_agency"],
        )
        for row in _rows("enterprises")
        if row["organisation"] not in known
    )


def _open_accounts() -> None:
    ids = dict(Organisation.objects.values_list("key", "pk"))
    rows = [row | {"finance": ids[row["finance"]]} for row in _rows("accounts")]
    SpecialAccount.objects.bulk_create(
        (
            SpecialAccount(
                finance_id=row["finance"], name=row["name"], bank=row["bank"], number=row["number"]
            )
            for row in rows
        ),
        ignore_conflicts=True,
    )


def _register_people() -> None:
    # One hash for all: the password is the same, and hashing it two hundred times takes a minute.
    password = make_password(PASSWORD)
    known = set(User.objects.values_list("username", flat=True))
    people = {row["username"]: row["name"] for row in _rows("people") if row["username"] not in known}
    User.objects.bulk_create(
        User(username=username, name=name, email=f"{username}@{MAIL}", password=password)
        for username, name in people.items()
    )


def _fill_posts() -> None:
    people = {user.username: user for user in User.objects.all()}
    bodies = {organisation.key: organisation for organisation in Organisation.objects.all()}
    known = set(Post.objects.values_list("user__username", "organisation__key", "role"))
    posts.appoint_all(
        [
            posts.Appointment(people[row["username"]], body, row["role"], body.active_from)
            for row in _rows("people")
            for body in [bodies[row["organisation"]]]
            if (row["username"], row["organisation"], row["role"]) not in known
        ],
        by=None,
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
