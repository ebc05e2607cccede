"""Who there is: people, the bodies of the network, enterprises, divisions by date, and posts."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from apps.audit.models import Streamed
from apps.organisations.choices import Affiliation, DivisionLevel, EnterpriseStatus, Level, OrgKind, Role
from apps.organisations.proposal import Proposal  # noqa: F401 - a table of this app
from apps.organisations.sessions import SignedIn  # noqa: F401 - likewise

NEEDS_APPROVAL = [OrgKind.RMO, OrgKind.STREET_RMO]


class User(AbstractUser, Streamed):
    """A person who signs in; what the person may do is said by posts, never here."""

    STREAM = "actor"

    first_name = None
    last_name = None
    name = models.CharField(_("姓名"), max_length=60)
    large_type = models.BooleanField(_("大字版"), default=False)
    # HMAC of the person's own citizen number: nobody acts in a case about himself.
    identity_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    # While it is set the person has no password, and may choose one by a link and a code.
    invited_at = models.DateTimeField(_("邀请时间"), null=True, blank=True, editable=False)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


class Division(models.Model):
    """One division in one period of validity.

    Codes of counties are those in force in the period; codes of streets are those of the present list, kept
    as the place's stable key while `parent_code` says to which county it belonged when.
    """

    code = models.CharField(_("区划代码"), max_length=12)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=10, choices=DivisionLevel)
    parent_code = models.CharField(_("上级代码"), max_length=12, blank=True)
    valid = DateRangeField(_("有效期"))
    merged_into = models.CharField(_("并入"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("行政区划")
        verbose_name_plural = _("行政区划")
        constraints = [
            ExclusionConstraint(
                name="division_once_at_a_time",
                expressions=[("code", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]
        indexes = [models.Index(fields=["parent_code"], name="division_parent")]

    def __str__(self):
        return self.name


class DivisionAlias(models.Model):
    """Another way a division's name is written: a variant character, an old name, a short form."""

    code = models.CharField(_("区划代码"), max_length=12)
    alias = models.CharField(_("别名"), max_length=60)

    class Meta:
        verbose_name = _("区划别名")
        verbose_name_plural = _("区划别名")
        constraints = [models.UniqueConstraint(fields=["code", "alias"], name="division_alias_once")]

    def __str__(self):
        return self.alias


class OrganisationQuerySet(models.QuerySet):
    def active(self, on=None):
        """Bodies at work on that day, today when none is given."""
        on = on or today()
        return self.filter(active_from__lte=on).filter(Q(active_until=None) | Q(active_until__gt=on))

    def below(self, organisation_id):
        """The body itself and everybody it guides."""
        return self.filter(lineage__contains=[organisation_id])

    def named(self, text):
        """Bodies whose full, short or former name contains the text."""
        former = OrganisationName.objects.filter(organisation=models.OuterRef("pk"), name__icontains=text)
        return self.filter(Q(name__icontains=text) | Q(short_name__icontains=text) | models.Exists(former))


class Organisation(Streamed):
    """A body of the network or an enterprise; `superior` guides its business, `parent` its administration."""

    STREAM = "organisation"

    key = models.CharField(_("标识"), max_length=40, unique=True)
    kind = models.CharField(_("类别"), max_length=24, choices=OrgKind)
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    superior = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="guided", verbose_name=_("业务指导机构")
    )
    lineage = ArrayField(models.BigIntegerField(), default=list, editable=False)
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("辖区")
    )
    community = models.CharField(_("社区"), max_length=60, blank=True)
    acts_for = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="represented_by",
        verbose_name=_("代表的企业"),
    )
    active_from = models.DateField(_("启用日期"), null=True, blank=True)
    active_until = models.DateField(_("停用日期"), null=True, blank=True)
    approval_number = models.CharField(_("机构设置批复文号"), max_length=60, blank=True)
    approval_date = models.DateField(_("批复日期"), null=True, blank=True)
    authorised_posts = models.PositiveSmallIntegerField(_("编制数"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("机构")
        verbose_name_plural = _("机构")
        constraints = [
            models.UniqueConstraint(
                fields=["division"],
                condition=Q(kind=OrgKind.STREET_RMO, active_until=None),
                name="one_office_per_street",
            ),
            models.UniqueConstraint(
                fields=["parent", "community"],
                condition=Q(kind=OrgKind.COMMUNITY_STATION, active_until=None),
                name="one_station_per_community",
            ),
            models.CheckConstraint(
                condition=~Q(kind=OrgKind.STREET_RMO) | Q(division__isnull=False),
                name="street_office_has_its_street",
            ),
            models.CheckConstraint(
                condition=~Q(kind=OrgKind.COMMUNITY_STATION) | (Q(parent__isnull=False) & ~Q(community="")),
                name="station_has_street_and_community",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=NEEDS_APPROVAL)
                | Q(active_from=None)
                | (~Q(approval_number="") & Q(approval_date__isnull=False)),
                name="active_body_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(active_until=None) | Q(active_until__gt=F("active_from")),
                name="organisation_ends_after_start",
            ),
        ]
        indexes = [
            GinIndex(fields=["lineage"], name="organisation_lineage"),
            models.Index(fields=["kind", "level"], name="organisation_kind"),
        ]

    def __str__(self):
        return self.short_name or self.name


class OrganisationName(models.Model):
    """A body's name in one period."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="names", verbose_name=_("机构")
    )
    name = models.CharField(_("名称"), max_length=120)
    valid = DateRangeField(_("有效期"))

    class Meta:
        verbose_name = _("机构名称")
        verbose_name_plural = _("机构名称")
        constraints = [
            ExclusionConstraint(
                name="one_name_at_a_time",
                expressions=[("organisation", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self):
        return self.name


class Enterprise(models.Model):
    """What is known of an organisation as an enterprise that hands its retirees over."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="enterprise", verbose_name=_("机构")
    )
    affiliation = models.CharField(_("隶属关系"), max_length=10, choices=Affiliation)
    status = models.CharField(
        _("单位状态"), max_length=14, choices=EnterpriseStatus, default=EnterpriseStatus.ACTIVE
    )
    org_code = models.CharField(_("组织机构代码"), max_length=10, blank=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    authority = models.ForeignKey(
        Organisation, models.PROTECT, related_name="accepts_from", verbose_name=_("受理机构")
    )
    exited_on = models.DateField(_("退出日期"), null=True, blank=True)
    liaison_name = models.CharField(_("联系人"), max_length=60, blank=True)
    liaison_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    foreign_invested = models.BooleanField(_("外商投资"), default=False)
    si_agency = models.CharField(_("养老金发放机构"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("企业")
        verbose_name_plural = _("企业")
        constraints = [
            models.UniqueConstraint(
                fields=["org_code"], condition=~Q(org_code=""), name="organisation_code_once"
            ),
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="credit_code_once"),
        ]

    def __str__(self):
        return self.organisation.name


class DateRange(Func):
    """The half-open range of days between two date columns."""

    function = "daterange"
    output_field = DateRangeField()


def today():
    """The present day by the database's clock, as an expression."""
    return TruncDate(Func(function="tuiguan_now", output_field=models.DateTimeField()))


class PostQuerySet(models.QuerySet):
    def held(self, on=None):
        """Posts in force on that day (today if none), of people who may sign in, at bodies at work."""
        on = on or today()
        return (
            self.filter(user__is_active=True, valid_from__lte=on, organisation__active_from__lte=on)
            .filter(Q(valid_until=None) | Q(valid_until__gt=on))
            .filter(Q(organisation__active_until=None) | Q(organisation__active_until__gt=on))
        )


class Post(models.Model):
    """A person holds a role in an organisation from `valid_from` up to, not including, `valid_until`."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("用户"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="posts", verbose_name=_("机构")
    )
    role = models.CharField(_("岗位"), max_length=20, choices=Role)
    valid_from = models.DateField(_("起任日期"))
    valid_until = models.DateField(_("离任日期"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            ExclusionConstraint(
                name="post_held_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="post_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="post_organisation_role")]

    def __str__(self):
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"
