"""The tables of known documents: what is looked for in them is what a look at all rows finds."""

from __future__ import annotations

from corpus.law import known_documents


def test_buckets_and_keys_are_those_of_all_rows() -> None:
    every: dict[str, list[known_documents.Known]] = {}
    for key, known in known_documents.all_rows().items():
        assert known_documents.get(key) == known
        every.setdefault(known.bucket, []).append(known)
    assert all(known_documents.in_bucket(bucket) == rows for bucket, rows in every.items())
    assert known_documents.in_bucket("") == known_documents.in_bucket("0:QD") == []
    assert known_documents.get("draft|0123456789abcdef") is None


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
