"""The register of the sample decisions with annexes is the one made by hand, but for values that are marked."""

from __future__ import annotations

import csv
from functools import cache

import pytest

from corpus.model import Record
from corpus.products.rows import products_of
from corpus.products.values import Product, ProductDoubt
from corpus.record_json import parse_record
from corpus.samples.source import RECOGNITIONS
from ingest.extract import read_record

SCAN = "03-qd-2177-2023.pdf"
#: The others need no OCR.
FILES = sorted(path.name for path in (RECOGNITIONS / "files").iterdir() if path.name != SCAN)
VALUES = ("name", "owners", "place", "group", "stars", "score", "decision", "date", "expiry")


@cache
def record(file: str) -> Record:
    return parse_record(read_record(str(RECOGNITIONS / "files" / file)))


def register(file: str) -> list[dict[str, str]]:
    """The rows of a document in the register made by hand."""
    text = (RECOGNITIONS / "register.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [{name: row[name] for name in VALUES} for row in rows if row["file"] == file]


def as_row(product: Product) -> dict[str, str]:
    return {
        "name": product.name,
        "owners": "; ".join(product.owners),
        "place": product.place,
        "group": product.group,
        "stars": str(product.stars or ""),
        "score": "" if product.score is None else f"{float(product.score):g}",
        "decision": product.decision or "",
        "date": product.date or "",
        "expiry": product.expiry or "",
    }


def by_hand(file: str) -> list[dict[str, str]]:
    return [{**row, "score": f"{float(row['score']):g}"} for row in register(file)]


def check_places(file: str) -> None:
    """Every value stands in a cell of its table."""
    read = record(file)
    for product in products_of(read):
        table = read.tables[product.table - 1]
        for name, place in product.places.items():
            cells = [cell for cell in table.cells if tuple(cell.spans) == place.spans and cell.page == place.page]
            assert cells, (product.name, name)
        assert {"name", "owners"} <= product.places.keys()


@pytest.mark.parametrize("file", FILES)
def test_the_register_is_the_one_made_by_hand(file: str) -> None:
    products = products_of(record(file))
    assert [as_row(product) for product in products] == by_hand(file)
    assert {doubt for product in products for doubt in product.doubts} <= {ProductDoubt.TERM_CONCLUDED}
    check_places(file)


def test_the_register_of_a_scan_differs_only_where_it_is_marked() -> None:
    products = products_of(record(SCAN))
    wanted = by_hand(SCAN)
    assert len(products) == len(wanted)
    differing = [
        (as_row(product)[name], row[name])
        for product, row in zip(products, wanted, strict=True)
        for name in VALUES
        if as_row(product)[name] != row[name]
    ]
    for product, row in zip(products, wanted, strict=True):
        assert as_row(product) == row or product.needs_review
    assert len(differing) <= 0.12 * len(wanted) * len(VALUES), differing
    for name in ("stars", "decision", "date", "expiry"):
        assert [as_row(product)[name] for product in products] == [row[name] for row in wanted], name
    check_places(SCAN)


def test_the_annexes_have_the_troubles_of_real_ones() -> None:
    lists = [table for file in FILES for table in record(file).tables]
    assert any(len(table.regions) >= 3 for table in lists)
    assert any(table.header_rows == 2 for table in lists)
    assert any(cell.row_span > 1 and cell.row >= table.header_rows for table in lists for cell in table.cells)
    assert any(len(row["owners"].split("; ")) == 2 for file in FILES for row in register(file))
