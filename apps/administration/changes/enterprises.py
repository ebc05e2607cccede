"""An enterprise's registration: confirmed by the body with which it files, it gets its place and its two accounts."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.streams import now
from apps.organisations import invitations, offices, posts
from apps.organisations.choices import Affiliation, Level, OrgKind, Role
from apps.organisations.models import Enterprise, Organisation, User
from apps.organisations.refusals import NotChanged
from apps.organisations.second_person import Changes, kind

# The endings of the two accounts' names after the credit code.
CLERK, HEAD = "1", "2"


def _says(changes: Changes) -> list[str]:
    sentence = _(
        "%(name)s（%(uscc)s，%(affiliation)s）登记，经办人%(clerk)s，负责人%(head)s，联系人%(liaison)s"
    )
    return [
        sentence
        % {**line, "affiliation": Affiliation(line["affiliation"]).label, "liaison": line["liaison_name"]}
        for line in changes
    ]


@kind(
    "enterprise",
    title=gettext_lazy("企业登记"),
    says=_says,
    author=Role.RMO_CLERK,
    approver=Role.RMO_REVIEWER,
)
def register(changes: Changes, by) -> None:
    """Found the enterprise, describe it, and give its clerk and head accounts and posts."""
    today = timezone.localdate(now())
    for line in changes:
        if Enterprise.objects.filter(uscc=line["uscc"]).exists():
            raise NotChanged(_("该统一社会信用代码已经登记。"))
        [body] = offices.found([_body(line, today)], by=by)
        facts = ("affiliation", "uscc", "org_code", "liaison_name", "liaison_phone", "si_agency")
        Enterprise.objects.create(
            organisation=body,
            authority_id=line["authority"],
            foreign_invested=line["foreign_invested"],
            **{name: line[name] for name in facts},
        )
        people = [
            User(username=f"{line['uscc']}-{ending}", name=line[name])
            for ending, name in ((CLERK, "clerk"), (HEAD, "head"))
        ]
        clerk, head = invitations.enrol(people, by=by)
        posts.appoint_all(
            [
                posts.Appointment(clerk, body, Role.ENT_CLERK, today),
                posts.Appointment(head, body, Role.ENT_HEAD, today),
            ],
            by=by,
        )


def _body(line: dict, today) -> Organisation:
    return Organisation(
        key=f"ENT-{line['uscc']}",
        kind=OrgKind.ENTERPRISE,
        level=Level.UNIT,
        name=line["name"],
        short_name=line["short_name"],
        active_from=today,
    )
