"""Every issued PDF carries a PAdES signature over all its bytes; the demo's key stays with the installation."""

import io
import stat
from pathlib import Path

import pytest
from django.conf import settings
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from apps.documents import signing
from apps.documents.rendering import pdf


def status_of(content: bytes):
    [signature] = PdfFileReader(io.BytesIO(content)).embedded_signatures
    trusted = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    return signature, validate_pdf_signature(signature, trusted)


def test_the_signature_holds_and_covers_everything():
    signature, status = status_of(signing.sign(pdf("<p>公文", "x"), reason="榕城退管〔2026〕1号"))
    assert (status.intact, status.valid, status.coverage.name) == (True, True, "ENTIRE_FILE")
    assert (signature.sig_object["/SubFilter"], signature.sig_object["/Reason"]) == (
        "/ETSI.CAdES.detached", "榕城退管〔2026〕1号",
    )  # fmt: skip


def test_one_changed_byte_is_seen():
    signed = bytearray(signing.sign(pdf("<p>公文", "x"), reason="1号"))
    place = signed.index(b"/MediaBox")
    signed[place + 12] ^= 1
    _signature, status = status_of(bytes(signed))
    assert not status.intact


def test_the_demo_s_key_is_readable_by_the_service_only():
    signing.sign(pdf("<p>公文", "x"), reason="1号")
    path = Path(settings.TUIGUAN_DATA) / "keys" / "papers.pfx"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_certificate_that_cannot_be_read_is_named(settings, tmp_path):
    wrong = tmp_path / "wrong.pfx"
    wrong.write_bytes(b"nonsense")
    settings.SIGNING_PFX, settings.SIGNING_PASSWORD = str(wrong), "x"
    signing._signer.cache_clear()
    with pytest.raises(RuntimeError, match="TUIGUAN_SIGNING_PFX"):
        signing.sign(pdf("<p>公文", "x"), reason="1号")
    signing._signer.cache_clear()
