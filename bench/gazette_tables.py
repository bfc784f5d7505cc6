"""Tables of the gazette whose cells were transcribed by eye (``bench/data/gazette_tables.json``), and their pages.

The documents lie beside the project (``../shared/documents/gazette``) and are known by their SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from bench.table_score import Found, Truth

_DATA = Path(__file__).parent / "data" / "gazette_tables.json"
#: Where the documents lie.
DOCUMENTS = Path(__file__).parents[2] / "shared" / "documents" / "gazette"


@dataclass(slots=True)
class GazetteTable:
    """One of the tables."""

    file: str
    #: From 1.
    pages: tuple[int, ...]
    truth: Truth


def tables(most: int | None = None, folder: Path = DOCUMENTS) -> list[tuple[Path, tuple[int, ...], list[GazetteTable]]]:
    """(document, pages, the tables on these pages), at most so many tables; documents that are not there are left out.

    Raises ValueError where a document is another one than the tables are of.
    """
    groups: dict[tuple[str, tuple[int, ...]], list[GazetteTable]] = {}
    for entry in json.loads(_DATA.read_text(encoding="utf-8"))["tables"][:most]:
        path = folder / entry["file"]
        if not path.is_file():
            continue
        if (entry["file"], tuple(entry["pages"])) not in groups and _hash(path) != entry["sha256"]:
            raise ValueError(f"{path.name} is another document than the tables are of")
        truth = Truth([tuple(cell) for cell in entry["cells"]], entry["rows"], entry["header_rows"])
        made = GazetteTable(entry["file"], tuple(entry["pages"]), truth)
        groups.setdefault((made.file, made.pages), []).append(made)
    return [(folder / file, pages, found) for (file, pages), found in groups.items()]


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cut_out(source: Path, pages: Sequence[int], target: Path) -> Path:
    """*pages* (from 1) of a PDF as a PDF of their own."""
    with pdfium.PdfDocument(source) as document, pdfium.PdfDocument.new() as made:
        made.import_pages(document, [page - 1 for page in pages])
        made.save(target)
    return target


def most_alike(wanted: Truth, given: Sequence[Sequence[Found]]) -> int | None:
    """Which of the tables that were read is the one that is meant: the one that shares most words with it."""
    words = _words(text for _, _, _, _, text in wanted.cells)
    shared = [len(words & _words(text for _, _, text in cells)) for cells in given]
    best = max(range(len(given)), key=lambda at: (shared[at], -len(given[at])), default=None)
    return best if best is not None and shared[best] else None


def _words(texts: Iterator[str]) -> set[str]:
    return {word for text in texts for word in text.split()}
