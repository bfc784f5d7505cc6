"""Digital signatures of received PDFs: checked offline in a worker, told with name and day, never needed for reading.

What was found is kept in the folder ``signatures`` of the library until the trusted roots change.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from corpus.errors import DamagedOriginal, NotFound, OriginalsUnreachable, ReadFailure, UsageError
from corpus.model import Failure
from corpus.worded import WordedEnum
from ingest.signature_check import Chain, Later, check_signatures
from webui.app.audit_list import ZONE
from webui.app.labels import date_text

if TYPE_CHECKING:
    from corpus.library import LibraryView
    from corpus.library.values import Document
    from ingest.worker.pool import Pool

#: Seconds for one file: someone is waiting.
SECONDS = 30.0
#: Part of the name of what is kept: another way of checking makes other results.
_VERSION = "1"


class State(WordedEnum):
    """What a check came to. Each has words for a reader."""

    VALID = "hop_le", "hợp lệ"
    CHANGED = "da_thay_doi", "nội dung đã thay đổi sau khi ký"
    REVOKED = "thu_hoi", "chứng thư đã bị thu hồi"
    UNKNOWN_ISSUER = "khong_ro_noi_cap", "nơi cấp chứng thư không nằm trong danh sách được tin"
    EXPIRED = "het_han", "chứng thư hết hạn"


# ---------------------------------------------------------------- trusted roots


def trusted_roots(folder: Path | None) -> tuple[str, ...]:
    """The certificates in *folder*, DER in hexadecimal. Raises UsageError for a file that is none."""
    if folder is None:
        return ()
    if not folder.is_dir():
        raise UsageError(f"Không có thư mục chứng thư gốc {folder}.", "Hãy xem lại OCOP_TRUSTED_ROOTS.")
    found: list[str] = []
    for file in sorted(path for path in folder.iterdir() if path.suffix.lower() in {".pem", ".crt", ".cer", ".der"}):
        data = file.read_bytes()
        try:
            several = (
                x509.load_pem_x509_certificates(data)
                if b"-----BEGIN" in data
                else [x509.load_der_x509_certificate(data)]
            )
        except ValueError as error:
            raise UsageError(f"Tệp {file.name} không phải chứng thư.", "Hãy bỏ tệp ấy ra khỏi thư mục.") from error
        found += [one.public_bytes(Encoding.DER).hex() for one in several]
    return tuple(dict.fromkeys(found))


# ---------------------------------------------------------------- checking


def of_file(pool: Pool, path: Path, roots: Sequence[str]) -> list[dict[str, Any]]:
    """The signatures of a file as they were checked; none for a file that is no PDF. Raises ReadFailure."""
    if not has_signatures(path):
        return []
    found = pool.call(check_signatures, path, list(roots), timeout=SECONDS)
    if isinstance(found, Failure):
        raise ReadFailure(found.error, found.verdict)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        return []
    return found


def of_document(view: LibraryView, pool: Pool, roots: Sequence[str], document: Document) -> list[dict[str, Any]]:
    """The signatures of a document's original in words (:func:`in_words`). Raises NotFound, ReadFailure."""
    if document.sha256 is None or not view.original(document.sha256).is_file():
        raise NotFound("Kho không có tệp gốc của văn bản này.", "Văn bản này chỉ được dẫn chiếu.")
    checked = _kept(view, roots, document.sha256)
    if checked is None:
        checked = of_file(pool, view.original(document.sha256), roots)
        _keep(view, roots, document.sha256, checked)
    return [in_words(one) for one in checked]


def on_page(view: LibraryView, roots: Sequence[str], document: Document) -> dict[str, Any] | None:
    """What the page of a document says: ``{"checked": [...]}``, with None where it was not checked yet; None where
    the file has no signatures.
    """
    if document.sha256 is None:
        return None
    try:
        if not _signed(str(view.original(document.sha256))):
            return None
    except (OriginalsUnreachable, DamagedOriginal):  # the page shows the text without it
        return None
    checked = _kept(view, roots, document.sha256)
    return {"checked": None if checked is None else [in_words(one) for one in checked]}


def has_signatures(path: Path) -> bool:
    """Whether the file is a PDF that seems to hold a signature; its dictionary is never compressed."""
    with (
        suppress(OSError, ValueError),
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        return data.find(b"%PDF-", 0, 1024) >= 0 and data.find(b"/ByteRange") >= 0
    return False


@lru_cache(maxsize=4096)
def _signed(path: str) -> bool:
    """:func:`has_signatures` of an original, whose content never changes."""
    return has_signatures(Path(path))


def _file(view: LibraryView, roots: Sequence[str], sha256: str) -> Path:
    key = hashlib.sha256("\n".join([_VERSION, *sorted(roots)]).encode()).hexdigest()[:16]
    return view.folder / "signatures" / sha256[:2] / f"{sha256}.{key}.json"


def _kept(view: LibraryView, roots: Sequence[str], sha256: str) -> list[dict[str, Any]] | None:
    with suppress(OSError, ValueError):
        found: list[dict[str, Any]] = json.loads(_file(view, roots, sha256).read_text(encoding="utf-8"))
        return found
    return None


def _keep(view: LibraryView, roots: Sequence[str], sha256: str, checked: Sequence[Mapping[str, Any]]) -> None:
    file = _file(view, roots, sha256)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}.part")
        partial.write_text(json.dumps(checked, ensure_ascii=False), encoding="utf-8")
        partial.replace(file)


# ---------------------------------------------------------------- in words


def in_words(checked: Mapping[str, Any], now: datetime | None = None) -> dict[str, Any]:
    """A checked signature for readers: ``{"state", "words", "good", "signer", "issuer", "day", "notes"}``."""
    now = now or datetime.now(UTC)
    state = _state(checked, now)
    signed, until = str(checked["at"]), str(checked["valid_until"])
    notes = []
    if signed and not checked["stamped"]:
        notes.append("ngày ký theo máy của người ký, không có dấu thời gian")
    if state is State.EXPIRED:
        notes.append(f"chứng thư có hạn từ {_day(str(checked['valid_from']))} đến {_day(until)}")
    if checked["later"] == Later.ALLOWED:
        notes.append("sau khi ký có thêm chữ ký khác, dấu hoặc ghi chú, phần đã ký không đổi")
    if checked["weak"]:
        notes.append("dùng thuật toán SHA-1 đã cũ")
    return {
        "state": str(state),
        "words": state.words,
        "good": state is State.VALID,
        "signer": str(checked["signer"]) or "không rõ tên",
        "issuer": str(checked["issuer"]) or "không rõ",
        "day": _day(signed) or "không rõ ngày",
        "notes": notes,
    }


def _state(checked: Mapping[str, Any], now: datetime) -> State:
    if not checked["intact"] or checked["later"] == Later.CHANGED:
        return State.CHANGED
    if checked["chain"] == Chain.REVOKED:
        return State.REVOKED
    if checked["chain"] == Chain.UNKNOWN:
        return State.UNKNOWN_ISSUER
    over = datetime.fromisoformat(str(checked["valid_until"])) < now
    if checked["chain"] == Chain.OUT_OF_DATE or (over and not checked["stamped"]):
        return State.EXPIRED
    return State.VALID


def _day(moment: str) -> str:
    """The day in Vietnam of an ISO time, as Vietnamese writes it; "" for none."""
    if not moment:
        return ""
    at = datetime.fromisoformat(moment)
    return date_text((at.astimezone(ZONE) if at.tzinfo else at).date().isoformat())
