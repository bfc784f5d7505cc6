"""The diagram's Graphviz source, and the SVG made of its drawing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webui.app import diagram


def _found(title: str) -> dict[str, object]:
    node = {"doc_type": None, "so_ky_hieu": None, "issuer": None, "date": None}
    return {
        "start": 1, "cut": False,
        "nodes": [{**node, "id": 1, "title": title, "held": True}, {**node, "id": 2, "title": "b", "held": False}],
        "edges": [{"source": 1, "target": 2, "relation": "can_cu", "is_legal_basis": True, "wide_basis": True,
                   "inferred": True, "fact": False, "sure": True}],
    }  # fmt: skip


@given(st.text(max_size=40))
def test_any_title_is_one_label_of_the_graph(title: str) -> None:
    text = diagram.dot(_found(title))
    line = next(line for line in text.split("\n") if line.startswith("n1 ["))
    assert line.endswith('class="here"];')
    assert text.count("\n") == 7


def test_only_known_svg_elements_are_kept() -> None:
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
