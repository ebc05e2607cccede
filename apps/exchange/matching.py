"""The match with the social-insurance agency for one batch: the list that goes out, what came back and differs."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from apps.cases.models import Case, CaseItem
from apps.engine.door import Refused
from apps.exchange import match, roster
from apps.retirees.models import reveal


def asked(case: Case):
    """The people of a batch the agency is asked about: those whose rows passed, matched or not."""
    return CaseItem.objects.filter(case=case, stage__in=["valid", "mismatch"])


def query_list(case: Case, *, by, kind: str = "xlsx") -> bytes:
    """Return the list to send to the agency; numbers go out in clear, so the reading is recorded."""
    out = io.BytesIO()
    match.write_query(_queries(case, by=by).values(), out, kind=kind)
    return out.getvalue()


def agreeing_answer(case: Case, *, by) -> SimpleUploadedFile:
    """The answer of an agency that agrees with everything asked: for rehearsals."""
    out = io.BytesIO()
    match.write_answer(_queries(case, by=by).values(), {}, out, kind="csv")
    return SimpleUploadedFile("社保比对结果.csv", out.getvalue())


def differences_of(case: Case, content: bytes, name: str, *, by) -> dict[int, list[match.Differing]]:
    """Return {item: what differs} for everybody whose answer differs or is missing. Raises ``Refused``.

    Somebody who is not insured with the agency is paid by the old channel and needs no match.
    """
    queries = _queries(case, by=by)
    try:
        result = match.differences(queries, match.read_answer(content, name))
    except roster.Unreadable as unreadable:
        raise Refused(unreadable.message) from unreadable
    if result.unknown and len(result.of("unanswered")) == len(queries):
        raise Refused(_("回复表不是本批次的：其中没有一个本批次的核对编号"))
    uninsured = _uninsured(case)
    return {
        int(key): _differing(one)
        for key, one in result.results.items()
        if _differing(one) and int(key) not in uninsured
    }


def _queries(case: Case, *, by) -> dict[str, match.Query]:
    items = list(asked(case).select_related("retiree__identity").order_by("pk"))
    unit = case.enterprise.name
    numbers = reveal([item.retiree.identity for item in items], by=by, purpose=f"社保比对 {case.number}")
    return {
        str(item.pk): match.Query(
            str(item.pk),
            item.retiree.name,
            numbers[item.retiree.identity_id],
            item.retiree.identity.birth_date,
            unit,
        )
        for item in items
    }


def _uninsured(case: Case) -> set[int]:
    items = CaseItem.objects.filter(case=case, retiree__facts__pension_insured="否")
    return set(items.values_list("pk", flat=True))


def _differing(result: match.Result) -> list[match.Differing]:
    if result.status == "dead":
        return [match.Differing("dead", "", f"{result.died_on or ''}")]
    if result.status in ("unanswered", "uninsured"):
        return [match.Differing(result.status, "", "")]
    return result.fields
