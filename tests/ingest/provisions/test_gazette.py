"""Provisions and amendments of the gazette documents, compared with the labelled ones."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from corpus.provisions import words
from corpus.record_json import parse_record
from ingest.extract import read_record

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "provisions"
#: Documents whose pinpoints stand in tables of annexes, which are not labelled.
TABLES = ("gazette-31.pdf", "gazette-32.pdf", "gazette-37.pdf")


def rows(name: str) -> Counter[tuple[str, ...]]:
    """The rows of a labelled table, each as often as it stands there."""
    lines = (FIXTURES / name).read_text(encoding="utf-8").splitlines()
    return Counter(tuple(line.split("\t")) for line in lines if not line.startswith(("#", "file\t")))


def share(right: int, of: int) -> float:
    """A share, 1 of nothing."""
    return right / of if of else 1.0


@pytest.mark.long
def test_provisions_of_the_gazette(shared: Path) -> None:
    cited: Counter[tuple[str, ...]] = Counter()
    changed: Counter[tuple[str, ...]] = Counter()
    for path in sorted((shared / "documents" / "gazette").glob("*.pdf")):
        record = parse_record(read_record(str(path)))
        if path.name not in TABLES:
            for citation in record.citations:
                if citation.so_ky_hieu is None or citation.so_ky_hieu != record.so_ky_hieu:
                    name = citation.so_ky_hieu or f"{citation.doc_type} {citation.title}"
                    cited.update((path.name, name, words(one)) for one in citation.pinpoints)
        for amendment in record.amendments:
            assert amendment.citation is not None
            name = record.citations[amendment.citation].so_ky_hieu or ""
            changed.update((path.name, name, str(amendment.change), words(one)) for one in amendment.pinpoints)
    labelled, changes = rows("gazette_pinpoints.tsv"), rows("gazette_amendments.tsv")
    right = (cited & labelled).total()
    f1 = 2 * right / (cited.total() + labelled.total())
    right = (changed & changes).total()
    precision, recall = share(right, changed.total()), share(right, changes.total())
    print(f"provisions: {labelled.total()} labelled, F1 {f1:.3f}")
    print(f"amendments: {changes.total()} labelled, precision {precision:.3f}, recall {recall:.3f}")
    assert f1 >= 0.95
    assert precision >= 0.98
    assert recall >= 0.90
