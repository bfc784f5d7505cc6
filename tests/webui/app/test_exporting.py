"""CSV that no spreadsheet runs, JSON-LD that no text can break out of, the drawn chain."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webui.app import csv_tables, diagram, linked_data


@given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=4), max_size=5))
def test_no_cell_begins_as_a_formula_and_cells_come_back(rows: list[list[str]]) -> None:
    text = csv_tables.csv_text(["a"], rows)
    back = list(csv.reader(io.StringIO(text, newline="")))[1:]
    for row, got in zip([r for r in rows if r], back, strict=True):
        for said, kept in zip(row, got, strict=True):
            assert kept in {said, f"'{said}"}
            assert not kept.lstrip(" \u00a0").startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("said", ["=1+1", "+84", "-x", "@SUM", "\t=1", " =1", "＝1"])
def test_formulas_are_guarded(said: str) -> None:
    assert csv_tables.guarded(said) == f"'{said}"


@given(st.text(max_size=60))
def test_linked_data_stays_inside_its_element(said: str) -> None:
    script = str(linked_data.script({"name": f"{said}</script><!--"}))
    inside = script.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in inside
    assert json.loads(inside) == {"name": f"{said}</script><!--"}


def _found(title: str) -> dict[str, object]:
    node = {"doc_type": None, "so_ky_hieu": None, "issuer": None, "date": None}
    return {
        "start": 1, "cut": False,
        "nodes": [{**node, "id": 1, "title": title, "held": True}, {**node, "id": 2, "title": "b", "held": False}],
        "edges": [{"source": 1, "target": 2, "relation": "can_cu", "is_legal_basis": True, "wide_basis": True,
                   "inferred": True, "fact": False, "sure": True}],
    }  # fmt: skip


@given(st.text(max_size=40))
def test_any_title_is_one_label_of_the_drawing(title: str) -> None:
    text = diagram.dot(_found(title))
    line = next(line for line in text.split("\n") if line.startswith("n1 ["))
    assert line.endswith('class="here"];')
    assert text.count("\n") == 7


def test_only_known_elements_of_a_drawing_are_kept() -> None:
    drawn = b"""<?xml version="1.0"?><svg width="10pt" height="20pt" viewBox="0 0 1 1" onload="x()"
      xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><script>alert(1)</script>
      <g class="node"><a xlink:href="javascript:x()"><text x="1">&lt;b&gt;</text></a>
      <a xlink:href="/van-ban/7"><text>ok</text></a><foreignObject/></g></svg>"""
    made = str(diagram.safe_svg(drawn))
    assert "script" not in made
    assert "onload" not in made
    assert "foreignObject" not in made
    assert 'href="/van-ban/7"' in made
    assert "&lt;b&gt;" in made
