"""Lists that pages, tables and the API share: what rests on a document, what is wanted, where papers disagree.

Each is filtered and sorted here, so that the page, its CSV and its JSON never differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.errors import UsageError
from webui.app import effects, tracing

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView

Row = dict[str, Any]

#: Rows of one page of a list: a page with its stylesheet stays under 60 kB.
SIZE = 50
#: Rows of a list that are looked at: who needs more narrows it down.
MOST = 2_000
#: Disagreements that are looked for: each opens the documents that cite it.
MOST_DISAGREEMENTS = 500

WANTED_SORTS = {"noi-dan": "được dẫn nhiều nhất", "can-cu": "là căn cứ nhiều nhất", "ngay": "mới nhất"}
IMPACT_SORTS = {"gan": "gần nhất", "ngay": "mới nhất", "loai": "theo loại"}
DISAGREEMENT_SORTS = {"noi-dan": "nhiều nơi dẫn nhất", "ngay": "mới nhất", "loai": "theo loại"}
#: What papers may disagree on.
MATTERS = {"date": "ngày", "issuer": "cơ quan"}


@dataclass(frozen=True, slots=True)
class Listed:
    """rows: all that fit, in order. kinds: the document types to filter by. cut: there is more than was looked at."""

    rows: list[Row]
    kinds: list[str]
    cut: bool


def _newest(row: Row) -> tuple[bool, str]:
    return row["document"]["date"] is not None, row["document"]["date"] or ""


def _listed(rows: Sequence[Row], kind: str, *, cut: bool) -> Listed:
    kinds = sorted({row["document"]["doc_type"] for row in rows if row["document"]["doc_type"]})
    return Listed([row for row in rows if not kind or row["document"]["doc_type"] == kind], kinds, cut)


def _sorted(rows: list[Row], sort: str, by: Mapping[str, tuple[Callable[[Row], Any], bool]]) -> None:
    if sort in by:
        key, descending = by[sort]
        rows.sort(key=key, reverse=descending)


def known(value: str, allowed: Mapping[str, str], what: str) -> None:
    """Raises UsageError for a value that is none of those allowed."""
    if value not in allowed:
        raise UsageError(f"Không có {what} “{value[:40]}”.", "Có: " + ", ".join(allowed) + ".")


def wanted(library: LibraryView, graph: Graph, *, sort: str = "noi-dan", kind: str = "", most: int = MOST) -> Listed:
    """What is cited and not held. Raises UsageError for an unknown order."""
    known(sort, WANTED_SORTS, "cách xếp")
    rows = effects.wanted_list(library, graph, most + 1)
    found = _listed(rows[:most], kind, cut=len(rows) > most)
    _sorted(found.rows, sort, {"can-cu": (lambda row: row["basis_of"], True), "ngay": (_newest, True)})
    return found


def impact(
    library: LibraryView,
    graph: Graph,
    id: int,
    *,
    wide: bool = False,
    direct: bool = False,
    sort: str = "gan",
    kind: str = "",
) -> tuple[Listed, int]:
    """What rests on a document, and how many do directly. direct: those alone. Raises NotFound, UsageError."""
    known(sort, IMPACT_SORTS, "cách xếp")
    told = tracing.impact(library, graph, id, wide=wide)
    rows = [row for row in told["rows"] if not direct or row["step"] == 1]
    found = _listed(rows, kind, cut=told["cut"] and not (direct and told["direct"] == len(rows)))
    by_kind = (lambda row: (row["document"]["doc_type"] or "", row["step"]), False)
    _sorted(found.rows, sort, {"ngay": (_newest, True), "loai": by_kind})
    return found, told["direct"]


def disagreements(
    library: LibraryView, *, sort: str = "noi-dan", kind: str = "", matter: str = "", most: int = MOST_DISAGREEMENTS
) -> Listed:
    """Documents of which two things are said. matter: ``date`` or ``issuer``, empty for both. Raises UsageError."""
    known(sort, DISAGREEMENT_SORTS, "cách xếp")
    if matter:
        known(matter, MATTERS, "mục")
    every = effects.disagreements(library, most + 1)
    rows = [row for row in every[:most] if not matter or row["field"] == matter]
    found = _listed(rows, kind, cut=len(every) > most)

    def sources(row: Row) -> int:
        return sum(len(said["documents"]) for said in row["sayings"])

    by_kind = (lambda row: row["document"]["doc_type"] or "", False)
    _sorted(found.rows, sort, {"noi-dan": (sources, True), "ngay": (_newest, True), "loai": by_kind})
    return found


def cut(found: Listed, page: int, size: int = SIZE) -> dict[str, Any]:
    """One page of a list for a template: rows, total, page, pages; ``beyond`` when there is no such page."""
    pages = max(1, -(-len(found.rows) // size))
    return {
        "rows": found.rows[(page - 1) * size : page * size], "total": len(found.rows), "kinds": found.kinds,
        "cut": found.cut, "page": page, "pages": pages, "beyond": page > pages, "first": (page - 1) * size,
    }  # fmt: skip
