"""Checks the digital signatures of a PDF against trusted roots, offline. Runs in workers: it parses the file.

It says what it found: whether an expired certificate matters is for :mod:`webui.app.signatures`.
"""

from __future__ import annotations

import logging
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from corpus.errors import ReadFailure
from corpus.fold import nfc, squeeze
from corpus.vocabulary import Verdict

#: Signatures that are looked at.
MOST = 50
#: Hash functions that prove nothing any more. SHA-1 was used for years: it is told, not refused.
_BROKEN_HASHES = frozenset({"md2", "md5"})


class Later(StrEnum):
    """What was added to the file after it was signed."""

    NOTHING = "khong"
    #: What a signature allows: further signatures, stamps, notes, what proves its validity.
    ALLOWED = "duoc_phep"
    CHANGED = "da_sua"


class Chain(StrEnum):
    """Whether the certificate leads to a trusted root, on the day of signing."""

    TRUSTED = "tin_cay"
    UNKNOWN = "khong_ro"
    OUT_OF_DATE = "ngoai_han"
    REVOKED = "thu_hoi"


@dataclass(frozen=True, slots=True)
class CheckedSignature:
    """A signature as it was checked."""

    #: The name in the certificate, and of who issued it; "" where there is none.
    signer: str
    issuer: str
    #: When it was signed, ISO 8601 with an offset; "" where it does not say.
    at: str
    #: Whether a trusted time stamp says so; else the signing program does.
    stamped: bool
    #: Whether what was signed is as it was signed.
    intact: bool
    later: Later
    chain: Chain
    #: The days on which the certificate is valid, ISO 8601.
    valid_from: str
    valid_until: str
    #: Made with SHA-1.
    weak: bool


def check_signatures(path: str, roots: Sequence[str]) -> list[dict[str, Any]]:
    """The signatures of the PDF at *path* as JSON data. roots: trusted certificates, DER in hexadecimal.

    Raises ReadFailure for a file that cannot be taken apart.
    """
    from asn1crypto import x509
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it logs each certificate that leads nowhere
    trusted = [x509.Certificate.load(bytes.fromhex(root)) for root in roots]
    with Path(path).open("rb") as file:
        try:
            found = PdfFileReader(file, strict=False).embedded_regular_signatures[:MOST]
        except (PdfError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ReadFailure("Không mở được cấu trúc chữ ký của tệp.", Verdict.DAMAGED) from error
        return [asdict(_checked(one, trusted)) for one in found]


def _checked(embedded: Any, roots: Sequence[Any]) -> CheckedSignature:
    from pyhanko.sign.validation.errors import SignatureValidationError

    certificate = embedded.signer_cert
    claimed: datetime | None = None
    with suppress(ValueError, KeyError, TypeError):
        claimed = embedded.self_reported_timestamp
    try:
        status = _status(embedded, roots, claimed)
    except (SignatureValidationError, ValueError, KeyError, TypeError, AttributeError):
        status = None  # damaged, or made in a way that nobody can check
    stamp = status.timestamp_validity if status is not None else None
    stamped = bool(stamp is not None and stamp.valid and stamp.intact and stamp.trusted)
    at = stamp.timestamp if stamped and stamp is not None else claimed
    validity = certificate["tbs_certificate"]["validity"].native
    return CheckedSignature(
        signer=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        at=at.isoformat() if at is not None else "",
        stamped=stamped,
        intact=bool(status is not None and status.intact and status.valid),
        later=_later(status),
        chain=_chain(status),
        valid_from=validity["not_before"].isoformat(),
        valid_until=validity["not_after"].isoformat(),
        weak=status is not None and status.md_algorithm == "sha1",
    )


def _status(embedded: Any, roots: Sequence[Any], at: datetime | None) -> Any:
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    moment = at if at is not None and at.tzinfo is not None else datetime.now(UTC)
    context = ValidationContext(
        trust_roots=list(roots),
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
        weak_hash_algos=set(_BROKEN_HASHES),
    )
    usage = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
    return _run(async_validate_pdf_signature(embedded, context, key_usage_settings=usage))


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """The result of *work*, which waits for nothing: nothing is fetched, and a worker may open no socket for a loop."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    work.close()
    raise RuntimeError("validation waited for something")


def _name(name: Any) -> str:
    values = name.native
    found = values.get("common_name") or values.get("organization_name") or ""
    return squeeze(nfc(found if isinstance(found, str) else " ".join(found)))


def _later(status: Any) -> Later:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if status is None or status.coverage in {SignatureCoverageLevel.UNCLEAR, None}:
        return Later.CHANGED
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return Later.NOTHING
    level = status.modification_level
    if level is None or level == ModificationLevel.OTHER or status.docmdp_ok is False:
        return Later.CHANGED
    return Later.NOTHING if level == ModificationLevel.NONE else Later.ALLOWED


def _chain(status: Any) -> Chain:
    from pyhanko.sign.ades.report import AdESIndeterminate

    if status is None:
        return Chain.UNKNOWN
    if status.revoked:
        return Chain.REVOKED
    if status.trusted:
        return Chain.TRUSTED
    out_of_date = {AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED}
    return Chain.OUT_OF_DATE if status.trust_problem_indic in out_of_date else Chain.UNKNOWN
