"""The PAdES signature of issued papers: the certificate the settings name, else one of the demo's own."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from apps.retirees import vault

FIELD = "Seal"
YEARS = 20


def sign(content: bytes, *, reason: str) -> bytes:
    """Return the PDF with an invisible signature over all its bytes."""
    # pyHanko runs an event loop of its own, which a thread that has one already refuses.
    with ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(_sign, content, reason).result()


def _sign(content: bytes, reason: str) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # only workers sign
    from pyhanko.sign import fields, signers

    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, reason=reason, certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )  # fmt: skip
    out = io.BytesIO()
    signers.PdfSigner(meta, _signer(str(settings.TUIGUAN_DATA))).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content)), output=out, bytes_reserved=8192
    )
    return out.getvalue()


@lru_cache(maxsize=2)
def _signer(data: str):
    from pyhanko.sign.signers import SimpleSigner  # see above

    if settings.SIGNING_PFX:
        signer = SimpleSigner.load_pkcs12(settings.SIGNING_PFX, passphrase=settings.SIGNING_PASSWORD.encode())
    else:
        signer = SimpleSigner.load_pkcs12(str(_demo(Path(data) / "keys" / "papers.pfx")))
    if signer is None:
        raise RuntimeError("The certificate that signs papers cannot be read: see TUIGUAN_SIGNING_PFX.")
    return signer


def _demo(path: Path) -> Path:
    """Make the demo's certificate unless it is there."""
    if path.exists():
        return path
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, "Tuiguan demonstration seal (no legal effect)")]
    )
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=365 * YEARS))
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    made = serialization.pkcs12.serialize_key_and_certificates(
        b"tuiguan", key, certificate, None, serialization.NoEncryption()
    )
    vault.keep(path, made)
    return path
