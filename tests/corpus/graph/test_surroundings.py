"""The groups beside a document in the lược đồ."""

from __future__ import annotations

from pathlib import Path

from corpus.graph.graph import Graph
from corpus.graph.surroundings import GROUPS, groups
from corpus.library import Library
from corpus.vocabulary import Relation
from tests.support.web_library import build


def test_every_relation_has_a_group() -> None:
    assert {relation for relations in GROUPS.values() for relation in relations} == set(Relation)


def test_each_document_stands_in_the_group_that_says_most(tmp_path: Path) -> None:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    with Library.open(tmp_path / "kho") as library:
        graph = Graph(library.view()).refresh()
        left = {group.name: group for group in groups(graph, ids["ke-hoach"], back=False, most=10)}
        right = {group.name: group for group in groups(graph, ids["148"], back=True, most=1)}
        assert {link.target for link in left["can_cu"].links} == {ids["919"], ids["148"]}
        assert left["dan_chieu"].total == 1
        assert right["can_cu"].total >= 1
        assert len(right["can_cu"].links) == 1
        replaced = {group.name: group for group in groups(graph, ids["148"], back=False, most=10)}["thay_the"]
        assert all(link.fact for link in replaced.links)
        shown = [link.target for group in left.values() for link in group.links]
        assert len(shown) == len(set(shown))
