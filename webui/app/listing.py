"""Lists that pages, tables and the API share: what a change affects, wanted documents, disagreements.

They are filtered and sorted here, so that the page, its CSV and its JSON agree.
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
PAGE_SIZE = 50
#: Rows of a list, at most: who needs more narrows it down.
MAX_ROWS = 2_000
#: Disagreements, at most: for each the documents that cite it are opened.
MAX_DISAGREEMENTS = 500

WANTED_SORTS = {"noi-dan": "được dẫn nhiều nhất", "can-cu": "là căn cứ nhiều nhất", "ngay": "mới nhất"}
IMPACT_SORTS = {"gan": "gần nhất", "ngay": "mới nhất", "loai": "theo loại"}
DISAGREEMENT_SORTS = {"noi-dan": "nhiều nơi dẫn nhất", "ngay": "mới nhất", "loai": "theo loại"}
#: What documents may disagree on.
MATTERS = {"date": "ngày", "issuer": "cơ quan"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A filtered and sorted list."""

    rows: list[Row]
    #: Document types to filter by.
    kinds: list[str]
    #: There are more rows than were looked at.
    incomplete: bool


def _newest(row: Row) -> tuple[bool, str]:
    return row["document"]["date"] is not None, row["document"]["date"] or ""


def _listed(rows: Sequence[Row], kind: str, *, incomplete: bool) -> Listed:
    kinds = sorted({row["document"]["doc_type"] for row in rows if row["document"]["doc_type"]})
    return Listed([row for row in rows if not kind or row["document"]["doc_type"] == kind], kinds, incomplete)


def _sorted(rows: list[Row], sort: str, by: Mapping[str, tuple[Callable[[Row], Any], bool]]) -> None:
    if sort in by:
        key, descending = by[sort]
        rows.sort(key=key, reverse=descending)


def check_choice(value: str, allowed: Mapping[str, str], what: str) -> None:
    """Raise UsageError where *value* is not among those allowed. what: what it is, in Vietnamese."""
    if value not in allowed:
        raise UsageError(f"Không có {what} “{value[:40]}”.", "Có: " + ", ".join(allowed) + ".")


def wanted(
    library: LibraryView, graph: Graph, *, sort: str = "noi-dan", kind: str = "", most: int = MAX_ROWS
) -> Listed:
    """Documents that are cited and not held. Raises UsageError for an unknown order."""
    check_choice(sort, WANTED_SORTS, "cách xếp")
    rows = effects.wanted_list(library, graph, most + 1)
    found = _listed(rows[:most], kind, incomplete=len(rows) > most)
    _sorted(found.rows, sort, {"can-cu": (lambda row: row["basis_of"], True), "ngay": (_newest, True)})
    return found


@dataclass(frozen=True, slots=True)
class ImpactQuery:
    """Which documents based on a document are listed, and in which order."""

    #: Proposals and tasks of the preamble count as bases too.
    wide: bool = False
    #: Only documents that are based on it directly.
    direct: bool = False
    #: A key of :data:`IMPACT_SORTS`.
    sort: str = "gan"
    #: A document type; "" for all.
    kind: str = ""


def impact(library: LibraryView, graph: Graph, id: int, query: ImpactQuery) -> tuple[Listed, int]:
    """The documents based on document *id*, and how many are directly based on it. Raises NotFound, UsageError."""
    check_choice(query.sort, IMPACT_SORTS, "cách xếp")
    reached = tracing.impact(library, graph, id, wide=query.wide)
    rows = [row for row in reached["rows"] if not query.direct or row["step"] == 1]
    all_direct = query.direct and reached["direct"] == len(rows)
    found = _listed(rows, query.kind, incomplete=reached["cut"] and not all_direct)
    by_kind = (lambda row: (row["document"]["doc_type"] or "", row["step"]), False)
    _sorted(found.rows, query.sort, {"ngay": (_newest, True), "loai": by_kind})
    return found, reached["direct"]


def disagreements(
    library: LibraryView, *, sort: str = "noi-dan", kind: str = "", matter: str = "", most: int = MAX_DISAGREEMENTS
) -> Listed:
    """Documents cited with different values. matter: ``date`` or ``issuer``, "" for both. Raises UsageError."""
    check_choice(sort, DISAGREEMENT_SORTS, "cách xếp")
    if matter:
        check_choice(matter, MATTERS, "mục")
    every = effects.disagreements(library, most + 1)
    rows = [row for row in every[:most] if not matter or row["field"] == matter]
    found = _listed(rows, kind, incomplete=len(every) > most)

    def sources(row: Row) -> int:
        return sum(len(value["documents"]) for value in row["sayings"])

    by_kind = (lambda row: row["document"]["doc_type"] or "", False)
    _sorted(found.rows, sort, {"noi-dan": (sources, True), "ngay": (_newest, True), "loai": by_kind})
    return found


def one_page(found: Listed, page: int, size: int = PAGE_SIZE) -> dict[str, Any]:
    """Page *page* (from 1) of a list, for a template; ``beyond``: there is no such page."""
    pages = max(1, -(-len(found.rows) // size))
    first = (page - 1) * size
    return {
        "rows": found.rows[first : first + size],
        "total": len(found.rows),
        "kinds": found.kinds,
        "cut": found.incomplete,
        "page": page,
        "pages": pages,
        "beyond": page > pages,
        "first": first,
    }
