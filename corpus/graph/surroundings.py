"""What stands one step beside a document, by group of relations: what it names, and what names it.

Each document stands in one group of a side, that of the relation that says most, as in the lược đồ of the law portals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from corpus.graph.graph import Graph
from corpus.graph.links import CODES, EVERYTHING, LEGAL, Link
from corpus.vocabulary import Relation

#: Groups in the order in which they are shown: name → relations.
GROUPS: Mapping[str, tuple[Relation, ...]] = {
    "can_cu": (Relation.LEGAL_BASIS,),
    "huong_dan": (Relation.GUIDES,),
    "sua_doi_bo_sung": (Relation.AMENDS,),
    "thay_the": (Relation.REPLACES,),
    "bai_bo": (Relation.REPEALS,),
    "dinh_chinh": (Relation.CORRECTS,),
    "hop_nhat": (Relation.CONSOLIDATES,),
    "phe_duyet": (Relation.APPROVES, Relation.ISSUED_WITH),
    "thuc_hien": (Relation.IMPLEMENTS, Relation.DEPLOYS, Relation.BASIS_OF_TASK),
    "theo_de_nghi": (Relation.PROPOSED_IN,),
    "dan_chieu": (Relation.REFERS_TO,),
}
#: Groups by what they say of a document: a change says more than a basis, a basis more than a mention.
_WEIGHT = (
    *("thay_the", "bai_bo", "sua_doi_bo_sung", "dinh_chinh", "hop_nhat", "huong_dan", "can_cu", "phe_duyet"),
    *("thuc_hien", "theo_de_nghi", "dan_chieu"),
)


@dataclass(frozen=True, slots=True)
class Group:
    """The documents of one group of relations on one side of a document."""

    name: str
    #: How many there are.
    total: int
    #: The edges of those that are shown: in order of mention, or (what names the document) newest first.
    links: tuple[Link, ...]


def groups(graph: Graph, id: int, *, back: bool, most: int) -> list[Group]:
    """The groups beside *id* that are not empty; back: what names it. Each with *most* links. Raises NotFound."""
    state = graph.beside(id, back=back)
    edges = state.edges(state.at(id), EVERYTHING, back=back)
    if not len(edges):
        return []
    place = np.array([_WEIGHT.index(name) for name in _group_of()], np.int64)
    weight = place[state.rel[edges]]
    # A sentence of the body that begins with "căn cứ" is no căn cứ ban hành.
    in_body = (state.rel[edges] == CODES[Relation.LEGAL_BASIS]) & ((state.bits[edges] & LEGAL) == 0)
    weight[in_body] = _WEIGHT.index("dan_chieu")
    others = state.other(edges, back)
    order = np.lexsort((np.arange(len(edges)), weight))  # of the edges of one document the one that says most
    _, first = np.unique(others[order], return_index=True)
    kept = np.sort(order[first])
    found = []
    for name in GROUPS:
        here = edges[kept[weight[kept] == _WEIGHT.index(name)]]
        if len(here):
            found.append(Group(name, len(here), tuple(state.link(int(edge)) for edge in here[:most])))
    return found


def _group_of() -> list[str]:
    """The group of each relation, in the order of their codes."""
    by_relation = {str(relation): name for name, relations in GROUPS.items() for relation in relations}
    return [by_relation[relation] for relation in CODES]
