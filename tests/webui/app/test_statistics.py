"""Counts and time lines: the numbers of the table, the picture beside it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from corpus.graph.graph import Graph
from corpus.library import Library
from tests.support.web_library import build
from tests.webui.app.test_events import add_plan
from webui.app import charts, statistics
from webui.app.charts import Bar, Moment


def test_counts_are_of_what_is_held_and_shown(tmp_path: Path) -> None:
    build(tmp_path / "kho", tmp_path / "tep")
    with Library.open(tmp_path / "kho") as library:
        public, all_of_it = (statistics.counted(library.view(restricted=value)) for value in (False, True))
    years, kinds, agencies = public
    assert [(bar.label, bar.value, bar.url) for bar in years["bars"]] == [("2024", 2, "/?nam=2024")]
    assert years["others"] == 1  # one has no date
    assert {bar.label: bar.value for bar in kinds["bars"]} == {"Kế hoạch": 1, "Quyết định": 1, "Báo cáo": 1}
    assert agencies["bars"][0].value == 2
    assert all_of_it[0]["bars"][0].value == 3
    picture = ElementTree.fromstring(str(kinds["chart"]))
    texts = [element.text for element in picture.iter() if element.tag.endswith("text")]
    assert "Kế hoạch" in texts


def test_a_chain_has_what_was_replaced_and_what_replaced_it(tmp_path: Path) -> None:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    new = add_plan(tmp_path / "kho")
    with Library.open(tmp_path / "kho") as library:
        view = library.view()
        graph = Graph(view).refresh()
        found = [statistics.chain(view, graph, id) for id in (ids["ke-hoach"], new)]
        alone = statistics.chain(view, graph, ids["quyet-dinh"])
    for one in found:
        assert [row["document"]["id"] for row in one["rows"]] == [ids["ke-hoach"], new]
        change = one["rows"][1]["changes"][0]
        assert (change["relation"], change["document"]["id"]) == ("thay thế", ids["ke-hoach"])
        assert not one["cut"]
        assert 'class="arc ends"' in one["chart"]
    assert len(alone["rows"]) == 1


def test_texts_of_a_time_line_never_touch_and_follow_time() -> None:
    dates = ("2018-08-21", "2018-08-22", "2018-09", "2023-02-24", "")
    moments = [Moment(n, f"Văn bản {n}", date, date, f"/van-ban/{n}") for n, date in enumerate(dates)]
    drawn = ElementTree.fromstring(str(charts.time_line(moments, [(3, 0, "thay thế")], "Thử")))
    places = [float(e.attrib["cy"]) for e in drawn.iter() if e.tag.endswith("circle")]
    gaps = [b - a for a, b in pairwise(places)]
    assert min(gaps) >= 38
    assert gaps[2] > gaps[0]
    assert places[-1] < float(drawn.attrib["viewBox"].split()[3])


def test_hostile_labels_are_text() -> None:
    bar = Bar('</svg><script>alert("1")</script>', 3, '/?q="><script>')
    for chart in (charts.rows([bar], "<b>"), charts.columns([bar], "<b>")):
        assert "<script" not in chart
        assert re.search(r'href="/\?q=&quot;&gt;', chart)


def test_nothing_to_count_is_no_error() -> None:
    assert "<svg" in charts.rows([], "trống")
    assert "<svg" in charts.columns([], "trống")
    assert "<svg" in charts.time_line([], [], "trống")
