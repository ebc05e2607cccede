"""The demo town is complete, its people are distinct, and building it again changes nothing."""

from collections import Counter

from stdnum.cn import uscc

from apps.audit.models import Event
from apps.demo import town as demo_town
from apps.organisations.choices import Affiliation, OrgKind, Role
from apps.organisations.models import Enterprise, Organisation, Post, User


def test_building_again_changes_nothing_and_says_nothing(town):
    before = [model.objects.count() for model in (Organisation, Enterprise, User, Post, Event)]
    town.build()
    assert [model.objects.count() for model in (Organisation, Enterprise, User, Post, Event)] == before


def test_building_takes_few_statements(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        demo_town.build()


def test_there_are_25_streets_60_stations_and_15_enterprises(town):
    kinds = Counter(Organisation.objects.values_list("kind", flat=True))
    assert (kinds[OrgKind.STREET_RMO], kinds[OrgKind.COMMUNITY_STATION], kinds[OrgKind.ENTERPRISE]) == (
        25,
        60,
        15,
    )


def test_every_county_has_streets_and_every_street_its_people(town):
    streets = Organisation.objects.filter(kind=OrgKind.STREET_RMO)
    assert set(streets.values_list("superior__key", flat=True)) == {
        f"{code}-RMO" for code in ("445202", "445203", "445222", "445224", "445281")
    }
    for street in streets.prefetch_related("posts"):
        assert {post.role for post in street.posts.all()} == {Role.STREET_CLERK, Role.STREET_HEAD}


def test_no_two_people_share_a_name(town):
    names = list(User.objects.values_list("name", flat=True))
    assert len(names) == len(set(names))


def test_nobody_holds_two_roles_in_one_body(town):
    held = Counter(Post.objects.values_list("user", "organisation"))
    assert set(held.values()) == {1}


def test_each_enterprise_files_where_it_belongs(town):
    for enterprise in Enterprise.objects.select_related("authority"):
        expected = OrgKind.RMO, ("COUNTY" if enterprise.affiliation == Affiliation.COUNTY else "CITY")
        assert (enterprise.authority.kind, enterprise.authority.level) == expected


def test_the_codes_of_the_invented_enterprises_pass_their_checks(town):
    for enterprise in Enterprise.objects.all():
        assert uscc.is_valid(enterprise.uscc)
        assert enterprise.uscc[8:17] == enterprise.org_code.replace("-", "")


def test_everybody_in_the_table_can_sign_in(town):
    assert len(town.accounts()) < 30 < len(town.accounts(everyone=True))
    for account in town.accounts():
        assert town.person(account.username).check_password(town.PASSWORD)
        assert account.does
