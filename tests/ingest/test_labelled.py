"""The reader held to labelled documents: the project's own samples, and the real ones beside the project."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from corpus.fold import fold
from corpus.so_ky_hieu import number_key, parse
from ingest.extract import read_record
from ingest.worker.pool import Pool
from tests.paths import SAMPLES


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    text = fold(str(value)).replace("uy ban nhan dan", "ubnd").replace("hoi dong nhan dan", "hdnd")
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def _key(so_ky_hieu: str | None) -> tuple[str, str] | None:
    parsed = parse(so_ky_hieu) if so_ky_hieu else None
    return (number_key(parsed.number), parsed.sym_key) if parsed else None


def _records(paths: Sequence[Path]) -> list[dict[str, Any]]:
    with Pool(2, timeout=240, preload=("ingest.extract",)) as pool:
        return [r if isinstance(r, dict) else r.as_json() for r in pool.map_files(paths, read_record)]


def _judge(
    documents: Sequence[dict[str, Any]], records: Sequence[dict[str, Any]]
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """(right, of, silent errors) a field; citations and legal basis as "citation" and "basis" with exact sets."""
    right: Counter[str] = Counter()
    of: Counter[str] = Counter()
    silent: Counter[str] = Counter()
    for document, record in zip(documents, records, strict=True):
        assert "error" not in record, record
        for name in ("doc_type", "so_ky_hieu", "date", "issuer", "place", "title", "signer"):
            if name not in document:
                continue
            of[name] += 1
            if _plain(document[name]) == _plain(record[name]):
                right[name] += 1
            elif not (record["fields"].get(name) or {}).get("needs_review"):
                silent[name] += 1
        for citation in record["citations"]:
            assert record["text"][citation["start"] : citation["end"]] == citation["text"]
        own = _key(document.get("so_ky_hieu"))
        for name, wanted in (("citation", None), ("basis", "is_legal_basis")):
            gold = {_key(c["so_ky_hieu"]) for c in document["citations"] if not wanted or c.get(wanted)} - {None, own}
            got = {_key(c["so_ky_hieu"]) for c in record["citations"] if not wanted or c.get(wanted)} - {None, own}
            of[name] += len(gold | got)
            right[name] += len(gold & got)
    return right, of, silent


def test_the_samples_by_real_tesseract() -> None:
    """Thirty documents of a fictional province, half of them scans read by the real Tesseract."""
    documents = json.loads((SAMPLES / "gold.json").read_text(encoding="utf-8"))["documents"]
    right, of, silent = _judge(documents, _records([SAMPLES / "files" / d["file"] for d in documents]))
    share = {name: right[name] / of[name] for name in of}
    assert share["doc_type"] == 1, share
    assert share["so_ky_hieu"] >= 0.9, share
    assert share["date"] >= 0.9, share
    assert share["issuer"] >= 0.94, share
    assert share["title"] >= 0.9, share
    assert share["citation"] >= 0.95, share
    assert share["basis"] >= 0.85, share
    assert silent["so_ky_hieu"] <= 1, silent
    assert silent["date"] <= 1, silent


def test_the_sample_documents_of_the_field(shared: Path) -> None:
    gold = json.loads((shared / "gold" / "seeds.json").read_text(encoding="utf-8"))
    records = _records([shared / "documents" / "seeds" / d["file"] for d in gold["documents"]])
    right, of, _ = _judge(gold["documents"], records)
    assert right == of


def test_gazette_prints(shared: Path) -> None:
    gold = json.loads((shared / "gold" / "gazette.json").read_text(encoding="utf-8"))
    records = _records([shared / "documents" / "gazette" / d["file"] for d in gold["documents"]])
    for record in records:  # only the preamble was labelled
        record["citations"] = [c for c in record["citations"] if c["zone"] == "preamble"]
    right, of, _ = _judge(gold["documents"], records)
    for name in ("doc_type", "so_ky_hieu", "date"):
        assert right[name] == of[name]
    assert right["issuer"] >= 0.97 * of["issuer"]
    assert right["signer"] >= 0.93 * of["signer"]
    assert right["basis"] >= 0.95 * of["basis"]


@pytest.mark.long
def test_office_scans(shared: Path) -> None:
    gold = json.loads((shared / "gold" / "scans.json").read_text(encoding="utf-8"))
    records = _records([shared / "documents" / "scans" / d["file"] for d in gold["documents"]])
    for document, record in zip(gold["documents"], records, strict=True):
        record["citations"] = [c for c in record["citations"] if c["page"] in document["citation_pages"]]
    right, of, silent = _judge(gold["documents"], records)
    assert right["so_ky_hieu"] >= 0.9 * of["so_ky_hieu"]
    assert right["date"] >= 0.88 * of["date"]
    assert silent["so_ky_hieu"] <= 1
    assert silent["date"] <= 1
    assert right["doc_type"] >= 0.97 * of["doc_type"]
    assert right["citation"] >= 0.85 * of["citation"]
