"""The stored original of one document read again with other settings, which are then the file's own.

What a person put right stays; the id stays; what comes out worse can be read back with another mode.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from corpus.errors import MissingTool, NotFound, ReadFailure, Refused, UsageError
from corpus.vocabulary import Verdict
from webui.app.document_reader import map_records, options_of, read_for_library
from webui.app.ingestion import forget_ocr, record_of

if TYPE_CHECKING:
    from corpus.library import Library
    from ingest.worker.pool import Pool
    from webui.app.settings import Settings

Mode = Literal["auto", "redo", "force", "off"]

_HELD = "Kho vẫn giữ lần đọc trước."
#: What is told of a document before and after.
_TOLD = ("doc_type", "so_ky_hieu", "date", "issuer", "parent_agency", "place", "title", "signer")


def reread(library: Library, id: int, mode: str, settings: Settings, pool: Pool) -> dict[str, Any]:
    """Read document *id* again: ``id``, ``mode``, ``source``, ``pages``, and ``changed``: field → before, after.

    ``redo`` and ``force`` run OCR anew; ``auto`` and ``off`` use what OCR read before. Nothing changes when the file
    cannot be read so, or less of it than before. Raises UsageError, NotFound (no original), TakenOut, ReadFailure, MissingTool,
    Refused.
    """
    from ingest.extract import READER_VERSION

    if mode not in get_args(Mode):
        raise UsageError(f"Không có cách đọc “{mode}”.", "Có: " + ", ".join(get_args(Mode)) + ".")
    document = library.view().document(id)
    if document.sha256 is None or document.record is None or not library.originals.path(document.sha256).is_file():
        raise NotFound("Kho không có tệp gốc của văn bản này.", "Hãy nạp tệp bằng `ocop ingest`.")
    options = options_of(settings)
    cache: Path = options.cache or (library.folder / "ocr").absolute()
    if mode in {"redo", "force"}:
        forget_ocr(cache, document.sha256)
    original = library.originals.path(document.sha256)
    modes = {document.sha256: mode}
    (value,) = map_records(pool, [original], read_for_library, modes, replace(options, cache=cache))
    if "error" in value:
        if value["verdict"] == Verdict.SECRET:
            forget_ocr(cache, document.sha256)
            library.intake.refuse(document.sha256, "độ mật")
            raise Refused(value["error"], "Văn bản không còn trong kho.")
        if value["verdict"] == Verdict.MISSING_TOOL:
            raise MissingTool(value["error"])
        raise ReadFailure(value["error"], Verdict.of(value["verdict"]), _HELD)
    record = record_of(value, document.sha256)
    record.path = document.record.path
    try:
        added = library.intake.add(record, original, reader_version=READER_VERSION, again=True)
    except Refused:
        forget_ocr(cache, document.sha256)
        raise
    if record.incomplete and added.status != "updated":
        raise ReadFailure(f"Đọc không hết tệp: {record.missing}.", Verdict.PROGRAM_ERROR, _HELD)
    library.intake.set_ocr_mode(document.sha256, mode)
    now = library.view().document(id).record or record
    changed = {
        name: {"before": getattr(document.record, name), "after": getattr(now, name)}
        for name in _TOLD
        if getattr(document.record, name) != getattr(now, name)
    }
    return {"id": id, "mode": mode, "source": now.source, "pages": now.pages, "changed": changed}
