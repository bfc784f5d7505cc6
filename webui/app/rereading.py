"""Reads the stored original of one document again in another OCR mode, which the file then keeps.

The document's id and the corrections that people made stay. A worse result can be undone with another mode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from corpus.errors import MissingTool, NotFound, ReadFailure, Refused, UsageError
from corpus.library.places import place_of
from corpus.model import Failure, Record
from corpus.vocabulary import Verdict
from webui.app.document_reader import DocumentReader, Secret, SourceFile, forget_ocr, ocr_cache_folder

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.library import Library
    from ingest.worker.pool import Pool
    from webui.app.settings import Settings

Mode = Literal["auto", "redo", "force", "off"]
#: What each mode does, for a choice.
MODES = {
    "auto": "như thường lệ",
    "redo": "bỏ kết quả đọc ảnh cũ, đọc ảnh lại",
    "force": "đọc ảnh mọi trang, kể cả trang đã có chữ",
    "off": "không đọc ảnh, chỉ lấy chữ có sẵn",
}

_KEPT = "Kho vẫn giữ lần đọc trước."
#: Fields that are compared before and after.
_COMPARED = ("doc_type", "so_ky_hieu", "date", "issuer", "parent_agency", "place", "title", "signer")


def reread(library: Library, id: int, mode: str, settings: Settings, pool: Pool) -> dict[str, Any]:
    """Read document *id* again.

    Returns ``{"id", "mode", "source", "pages", "changed": {field: {"before", "after"}}}``. ``redo`` and ``force`` run
    OCR anew; ``auto`` and ``off`` use what OCR read before. Nothing changes when the file cannot be read in that mode,
    or less of it than before. Raises UsageError, NotFound (no original), TakenOut, ReadFailure, MissingTool, Refused.
    """
    if mode not in get_args(Mode):
        raise UsageError(f"Không có cách đọc “{mode}”.", "Có: " + ", ".join(get_args(Mode)) + ".")
    document = library.view().document(id)
    if document.sha256 is None or document.record is None or not library.originals.local(document.sha256).is_file():
        raise NotFound("Kho không có tệp gốc của văn bản này.", "Hãy nạp tệp bằng `ocop ingest`.")
    before, original = document.record, library.originals.local(document.sha256)
    cache = ocr_cache_folder(settings, library)
    if mode in {"redo", "force"}:
        forget_ocr(cache, document.sha256)
    reader = DocumentReader(pool, settings, cache, {document.sha256: mode})
    match reader.read(SourceFile(original, place_of(before), document.sha256)):
        case Secret() as secret:
            forget_ocr(cache, document.sha256)
            library.intake.refuse(document.sha256, secret.reason)
            raise Refused(secret.message, "Văn bản không còn trong kho.")
        case Failure(error=error, verdict=Verdict.MISSING_TOOL):
            raise MissingTool(error)
        case Failure() as failure:
            raise ReadFailure(failure.error, failure.verdict, _KEPT)
        case Record() as record:
            _store(library, record, original, cache)
    library.intake.set_ocr_mode(document.sha256, mode)
    now = library.view().document(id).record or record
    return {"id": id, "mode": mode, "source": now.source, "pages": now.pages, "changed": _changes(before, now)}


def _store(library: Library, record: Record, original: Path, cache: Path) -> None:
    from ingest.reader_version import READER_VERSION

    try:
        added = library.intake.add(record, original, reader_version=READER_VERSION, again=True)
    except Refused:
        forget_ocr(cache, record.sha256)
        raise
    if record.incomplete and added.status != "updated":
        raise ReadFailure(f"Đọc không hết tệp: {record.missing}.", Verdict.PROGRAM_ERROR, _KEPT)


def _changes(before: Record, after: Record) -> dict[str, dict[str, Any]]:
    """Field → its values before and after, where they differ."""
    return {
        name: {"before": getattr(before, name), "after": getattr(after, name)}
        for name in _COMPARED
        if getattr(before, name) != getattr(after, name)
    }
