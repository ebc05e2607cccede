"""The social-insurance match of a batch: whom we ask about, the list that goes out, what the answer differs in."""

import io
from typing import Literal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from apps.cases.models import Case, CaseItem
from apps.engine.door import Refused
from apps.exchange import match, roster
from apps.organisations.acting import Acting
from apps.retirees import vault
from apps.retirees.models import reveal


def query_file(case: Case, *, by: Acting, kind: Literal["xlsx", "csv"] = "xlsx") -> bytes:
    """Return the list for the agency; that the numbers in it were opened is recorded with whoever took it."""
    items = _items(case)
    opened = reveal(
        [item.retiree.identity for item in items], by=by, purpose=_("社保比对名单%(case)s") % {"case": case}
    )
    out = io.BytesIO()
    match.write_query(
        (_query(item, opened[item.retiree.identity_id], case) for item in items), out, kind=kind
    )
    return out.getvalue()


def differences_of(case: Case, content: bytes, name: str) -> dict[int, list[tuple[str, str, str]]]:
    """Return {item: [(field, ours, theirs)]} of an answer sheet, for those only who differ.

    Somebody the sheet does not mention counts as unanswered. Raises Refused for a sheet that cannot be read, or that
    answers another batch's list.
    """
    try:
        answers = match.read_answer(content, name)
    except roster.Unreadable as unreadable:
        raise Refused(unreadable.message) from unreadable
    items = {str(item.pk): item for item in _items(case)}
    matched = match.differences(
        {key: _query(item, _number(item), case) for key, item in items.items()}, answers
    )
    if matched.unknown:
        raise Refused(
            _("比对结果中有%(count)s行不是本批次的核对编号，如“%(key)s”。")
            % {"count": len(matched.unknown), "key": matched.unknown[0][:20]}
        )
    return {
        items[key].pk: _said(result) for key, result in matched.results.items() if result.status != "matched"
    }


def agreeing_answer(case: Case) -> SimpleUploadedFile:
    """Return an answer sheet in which the agency agrees with everything, as a demonstration's agency sends it."""
    keys = [str(item.pk) for item in _items(case)]
    lines = ["核对编号,待遇状态", *(f"{key},{match.DRAWING}" for key in keys)]
    return SimpleUploadedFile("社保比对结果.csv", "\r\n".join(lines).encode("utf-8-sig"))


def _items(case: Case) -> list[CaseItem]:
    return list(
        CaseItem.objects.filter(case=case.pk, open=True)
        .select_related("retiree__identity", "case")
        .order_by("pk")
    )


def _query(item: CaseItem, number: str, case: Case) -> match.Query:
    person = item.retiree
    return match.Query(str(item.pk), person.name, number, person.identity.birth_date, case.enterprise.name)


def _number(item: CaseItem) -> str:
    # Compared only, never shown: no reading to record.
    identity = item.retiree.identity
    return vault.unseal(identity.sealed, owner=identity.pk, field="number")


def _said(result: match.Result) -> list[tuple[str, str, str]]:
    said = [tuple(one) for one in result.fields]
    if result.status == "dead":
        said.append(("待遇状态", match.DRAWING, f"{match.DEAD} {result.died_on or ''}".strip()))
    elif result.status == "uninsured":
        said.append(("待遇状态", match.DRAWING, match.UNINSURED))
    elif result.status == "unanswered":
        said.append(("待遇状态", match.DRAWING, _("未答复")))
    return said
