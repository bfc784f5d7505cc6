"""The cost of finding tables is counted apart for documents with and without them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import table_cost
from bench.made_tables import write_html
from tests.support.recognising import FIRST, HEADINGS, annex


def test_documents_with_and_without_tables_are_counted_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("Kế hoạch tập huấn", encoding="utf-8")
    write_html(tmp_path / "b.html", [annex(FIRST, HEADINGS)])
    table_cost.main([str(tmp_path)])
    printed = capsys.readouterr().out
    assert "without tables: 1 documents" in printed
    assert "with tables: 1 documents, 1 pages with one" in printed
    assert table_cost.cost_of(tmp_path / "b.html")[3] == 1
