"""The tables of known documents: what is looked for in them is what a look at all rows finds."""

from __future__ import annotations

import pytest

from corpus.law import known_documents
from corpus.so_ky_hieu import number_key, parse
from corpus.tables import rows, rows_of


def test_buckets_and_keys_are_those_of_all_rows() -> None:
    every: dict[str, list[known_documents.Known]] = {}
    for key, known in known_documents.all_rows().items():
        assert known_documents.get(key) == known
        every.setdefault(known.bucket, []).append(known)
    assert all(known_documents.in_bucket(bucket) == rows for bucket, rows in every.items())
    assert known_documents.in_bucket("") == known_documents.in_bucket("0:QD") == []
    assert known_documents.get("draft|0123456789abcdef") is None


@pytest.mark.parametrize("table", known_documents.TABLES)
def test_the_parts_of_a_number_are_those_of_the_grammar(table: str) -> None:
    numbers = {row["so_ky_hieu"] for row in rows(table)} | {"005/KH-UBND", "12/2015/QĐ", "7/ABCDEĐ-x", "1/Q", "08/QĐ-"}
    for number in numbers:
        row = {
            "so_ky_hieu": number,
            "issuer": "Bộ Y tế",
            "date": "2015-02-03",
            "certainty": "V",
            "title": "",
            "source": "",
        }
        row |= {"doc_type": "", "status": "", "effective_date": "", "checked_on": ""}
        known, printed = known_documents.known_of(row), parse(number)
        if printed is None:
            assert known is None, number
        elif known is not None:
            facts = known.facts
            assert (facts.so_ky_hieu, facts.number) == (str(printed), number_key(printed.number))
            assert (facts.symbol, facts.sym_key, facts.party) == (printed.symbol, printed.sym_key, printed.party)
            assert (facts.year, known.sure) == (printed.year or "2015", printed.year in (None, "2015"))


def test_cells_of_a_table() -> None:
    table = rows_of(["# nguồn: a\tb\n", "\n", "một\thai\r\n", "1\n", '2\t"x"\tthừa\n'])
    assert table == ({"một": "1", "hai": ""}, {"một": "2", "hai": '"x"', "": "thừa"})


def test_a_renewed_row_counts_first_however_its_number_is_written() -> None:
    columns = "so_ky_hieu\tdate\tdoc_type\tissuer\ttitle\tstatus\teffective_date\tchecked_on\tsource\tcertainty"
    (first, *_) = known_documents.in_bucket("148:QD")
    about = f"{first.facts.date}\tQuyết định\t{first.facts.issuer}\tTên mới\t\t\t2026-01-01\tthử\tV"
    try:
        for number in ("148/QĐ-TTg", "148 / QĐ - TTg"):
            known_documents.renew(f"{columns}\n{number}\t{about}\n")
            found = known_documents.get(first.key)
            assert found is not None
            assert found.facts.title == "Tên mới"
            assert found == known_documents.all_rows()[first.key]
    finally:
        known_documents.renew("")
    assert known_documents.get(first.key) == first
