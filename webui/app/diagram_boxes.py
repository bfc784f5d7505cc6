"""The lược đồ as lawyers know it: the document in the middle, boxes of relations on both sides, one step each.

Any document in a box opens its own boxes of the same side, so that the reader follows a chain a step at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.checks.effect_status import EffectReader
from corpus.graph import surroundings
from corpus.law.effect import today
from corpus.vocabulary import Effect
from webui.app import document_view, effect_words, json_shapes
from webui.app.effects import NOT_IN_FORCE

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.graph.links import Link
    from corpus.law.effect import EffectStatus
    from corpus.library import LibraryView
    from corpus.library.values import Summary

#: Documents of one box; of a box inside another. Documents that may be opened on a page.
SHOWN, SHOWN_INSIDE, MOST_OPENED = 12, 8, 12

#: Headings of the boxes: what this document …; what … this document.
HEADINGS = {
    "can_cu": ("Văn bản căn cứ", "Văn bản căn cứ vào văn bản này"),
    "huong_dan": ("Văn bản được hướng dẫn", "Văn bản hướng dẫn"),
    "sua_doi_bo_sung": ("Văn bản bị sửa đổi, bổ sung", "Văn bản sửa đổi, bổ sung"),
    "thay_the": ("Văn bản bị thay thế", "Văn bản thay thế"),
    "bai_bo": ("Văn bản bị bãi bỏ", "Văn bản bãi bỏ"),
    "dinh_chinh": ("Văn bản bị đính chính", "Văn bản đính chính"),
    "hop_nhat": ("Văn bản được hợp nhất", "Văn bản hợp nhất"),
    "phe_duyet": ("Văn bản được phê duyệt, ban hành kèm theo", "Văn bản phê duyệt, ban hành"),
    "thuc_hien": ("Văn bản được thực hiện, triển khai", "Văn bản thực hiện, triển khai"),
    "theo_de_nghi": ("Văn bản đề nghị", "Văn bản ban hành theo đề nghị này"),
    "dan_chieu": ("Văn bản được dẫn chiếu", "Văn bản dẫn chiếu"),
}
#: Groups by which a document is changed.
CHANGES = frozenset({"sua_doi_bo_sung", "thay_the", "bai_bo", "dinh_chinh"})
#: Colours of effect, as classes of the stylesheet.
_SPENT, _CHANGED, _GOOD, _PLAIN = "spent", "changed", "good", "plain"


def colour(status: EffectStatus) -> str:
    """The colour of a state: spent, changed, good, plain (nothing is known)."""
    if status.state in NOT_IN_FORCE:
        return _SPENT
    if status.state in {Effect.AMENDED, Effect.NOT_YET_IN_FORCE}:
        return _CHANGED
    return _GOOD if status.state is Effect.IN_FORCE else _PLAIN


@dataclass(frozen=True, slots=True)
class _Opened:
    """The groups of one document of a side; inside: what was opened below it."""

    groups: list[surroundings.Group]
    inside: dict[int, _Opened]


def colours(library: LibraryView, reader: EffectReader, ids: Iterable[int]) -> dict[int, str]:
    """The colour of each document's effect today, by id; unknown ids are left out."""
    named = library.summaries(ids)
    reader.gather(named.values())
    return {id: colour(reader.status(id, today())) for id in named}


def diagram(
    library: LibraryView,
    graph: Graph,
    id: int,
    *,
    left: Sequence[int] = (),
    right: Sequence[int] = (),
    reader: EffectReader | None = None,
) -> dict[str, Any]:
    """``{"document", "effect", "colour", "left": [box], "right": [box], "unsettled"}``. Raises NotFound.

    A box: ``{"group", "heading", "change", "total", "rows"}``; a row: ``{"document", "anchor", "effect", "colour",
    "doubtful", "fact", "sure", "inferred", "opened", "may_open", "boxes"}``, boxes: those of the row's document, where
    it is opened; anchor: its address on the page, "" where the document stands there already. left, right: the
    documents that are opened on that side. unsettled: căn cứ of which it is not settled which document they are.
    """
    start = library.summary(id)
    sides = {
        back: _open(graph, start.id, set(ids[:MOST_OPENED]), back=back, most=SHOWN, path={start.id})
        for back, ids in ((False, left), (True, right))
    }
    links = [link for opened in sides.values() for link in _links(opened)]
    named = library.summaries({start.id, *(end for link in links for end in (link.source, link.target))})
    reader, day = reader or EffectReader(library, graph), today()
    reader.gather(named.values())
    effects = {one: reader.status(one, day) for one in named}
    shape = _Shape(named, effects)
    mentions = library.mentions(start.id) if start.held else []
    unsettled = [one for one in document_view.unresolved_mentions(mentions, library) if one["basis"]]
    return {
        "document": json_shapes.summary(start),
        "effect": effect_words.state_words(effects[start.id]),
        "colour": colour(effects[start.id]),
        "left": shape.boxes(sides[False], back=False, path=(start.id,)),
        "right": shape.boxes(sides[True], back=True, path=(start.id,)),
        "unsettled": len(unsettled),
    }


def _open(graph: Graph, id: int, wanted: set[int], *, back: bool, most: int, path: set[int]) -> _Opened:
    groups = surroundings.groups(graph, id, back=back, most=most)
    inside = {}
    for group in groups:
        for link in group.links:
            other = link.source if back else link.target
            if other in wanted and other not in path:
                inside[other] = _open(graph, other, wanted, back=back, most=SHOWN_INSIDE, path={*path, other})
    return _Opened(groups, inside)


def _links(opened: _Opened) -> Iterable[Link]:
    for group in opened.groups:
        yield from group.links
    for one in opened.inside.values():
        yield from _links(one)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Makes JSON data of opened groups."""

    named: dict[int, Summary]
    effects: dict[int, EffectStatus]
    #: The documents that have an address, with the side.
    seen: set[tuple[int, bool]] = field(default_factory=set)

    def boxes(self, opened: _Opened, *, back: bool, path: tuple[int, ...]) -> list[dict[str, Any]]:
        """The boxes of one document; path: the documents from the middle to it."""
        return [
            {
                "group": group.name,
                "heading": HEADINGS[group.name][back],
                "change": group.name in CHANGES,
                "total": group.total,
                "rows": [self._row(link, opened, back, path) for link in group.links if self._is_named(link, back)],
            }
            for group in opened.groups
        ]

    def _is_named(self, link: Link, back: bool) -> bool:
        return (link.source if back else link.target) in self.named

    def _row(self, link: Link, opened: _Opened, back: bool, path: tuple[int, ...]) -> dict[str, Any]:
        other = link.source if back else link.target
        inside = opened.inside.get(other)
        status = self.effects[other]
        first = (other, back) not in self.seen
        self.seen.add((other, back))
        return {
            "document": json_shapes.summary(self.named[other]),
            "anchor": f"{'phai' if back else 'trai'}-{other}" if first else "",
            "effect": effect_words.state_words(status),
            "colour": colour(status),
            "doubtful": bool(status.hints),
            "fact": link.fact,
            "sure": link.sure,
            "inferred": link.inferred,
            "opened": inside is not None,
            "may_open": other not in path,
            "boxes": self.boxes(inside, back=back, path=(*path, other)) if inside is not None else [],
        }
