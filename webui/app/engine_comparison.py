"""Reads the stored original of one document with several OCR engines and compares what they gave; stores nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import Levenshtein

from corpus.errors import MissingTool, NotFound, ReadFailure
from corpus.fold import squeeze
from corpus.vocabulary import Verdict
from ingest.ocr.engine import ENGINES, why_not
from webui.app.document_reader import map_records, options_of

if TYPE_CHECKING:
    from corpus.library import Library
    from ingest.worker.pool import Pool
    from webui.app.settings import Settings

#: Fields that are compared.
_COMPARED = ("doc_type", "so_ky_hieu", "date", "issuer", "parent_agency", "place", "title", "signer", "signer_title")


def compare_engines(
    library: Library, id: int, settings: Settings, pool: Pool, engines: Sequence[str] = tuple(ENGINES)
) -> dict[str, Any]:
    """Read document *id* with each of *engines* that can run here.

    Returns ``{"id", "engines": {name: {"characters", "citations", "needs_review"}}, "fields": {field: {name: value}}
    where they differ, "distance": {"name name": letters that differ, per letter}, "left_out": {name: why}}``. Raises
    NotFound (no original), TakenOut, ReadFailure, MissingTool.
    """
    document = library.view().document(id)
    if document.sha256 is None or not library.originals.local(document.sha256).is_file():
        raise NotFound("Kho không có tệp gốc của văn bản này.", "Hãy nạp tệp bằng `ocop ingest`.")
    left_out = {name: why_not(name) for name in engines if why_not(name)}
    path = library.originals.local(document.sha256)
    read = {name: _read(path, name, settings, pool) for name in engines if name not in left_out}
    return {
        "id": id,
        "engines": {name: _summary(value) for name, value in read.items()},
        "fields": _differing(read),
        "distance": {f"{a} {b}": _distance(read[a], read[b]) for a, b in pairwise(read)},
        "left_out": left_out,
    }


def _read(path: Path, engine: str, settings: Settings, pool: Pool) -> dict[str, Any]:
    from ingest.extract import read_record

    options = replace(options_of(settings), engine=engine, cache=None)
    (value,) = map_records(pool, [path], read_record, options)
    if "error" in value:
        if value.get("verdict") == Verdict.MISSING_TOOL:
            raise MissingTool(str(value["error"]))
        raise ReadFailure(str(value["error"]), Verdict.of(value.get("verdict")))
    return value


def _summary(value: Mapping[str, Any]) -> dict[str, int]:
    doubtful = sum(bool(seen["needs_review"]) for seen in value["fields"].values())
    return {"characters": len(value["text"]), "citations": len(value["citations"]), "needs_review": doubtful}


def _differing(read: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {}
    for field in _COMPARED:
        values = {name: value.get(field) for name, value in read.items()}
        if any(a != b for a, b in pairwise(values.values())):
            found[field] = values
    return found


def _distance(first: Mapping[str, Any], second: Mapping[str, Any]) -> float:
    """Letters that differ between two texts, per letter of the longer one; kinds of white space do not count."""
    return round(Levenshtein.normalized_distance(squeeze(first["text"]), squeeze(second["text"])), 4)
