"""Attaching papers to a case: what they are is judged by their content, and they are kept sealed."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.streams import now, record
from apps.engine.door import Refused
from apps.organisations.choices import Role
from apps.retirees import vault

from .models import Case, Evidence, Participant

LIMIT = 20 * 1024 * 1024
MAGIC = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@transaction.atomic
def attach(case, kind, content: bytes, *, name: str, by) -> Evidence:
    """Seal one paper of a kind into a case; the same bytes twice are one paper. Raises ``Refused``."""
    if (
        by.role == Role.AUDITOR
        or not Participant.objects.filter(case=case.pk, organisation=by.organisation).exists()
    ):
        raise Refused(_("只有参与本件的单位可以上传材料"))
    media = next((media for magic, media in MAGIC.items() if content.startswith(magic)), None)
    if not content:
        raise Refused(_("文件是空的，请重新选择"))
    if len(content) > LIMIT:
        raise Refused(_("文件超过20MB，请压缩或分开上传"))
    if media is None:
        raise Refused(_("只能上传PDF、JPG或PNG文件（以文件内容为准，不看扩展名）"))
    digest = hashlib.sha256(content).hexdigest()
    evidence, new = Evidence.objects.get_or_create(
        case_id=case.pk,
        organisation=by.organisation,
        kind=kind.code,
        digest=digest,
        defaults={
            "name": name[:200],
            "media": media,
            "size": len(content),
            "sealed": vault.seal_bytes(content, owner=digest, field="evidence"),
            "attached_by": by.user,
            "attached_at": now(),
        },
    )
    if new:
        record(
            Case(pk=case.pk),
            "attach",
            by=by,
            evidence=[{"kind": kind.code, "digest": digest}],
            given={"name": evidence.name},
        )
    return evidence


def content(evidence: Evidence, *, by) -> bytes:
    """Return a paper's bytes; the reading is recorded on the reader's stream."""
    record(by.user, "read_evidence", by=by, evidence=[{"kind": evidence.kind, "digest": evidence.digest}])
    return vault.unseal_bytes(evidence.sealed, owner=evidence.digest, field="evidence")
