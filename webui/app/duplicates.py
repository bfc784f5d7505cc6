"""Papers that have just come in and may be one with a paper held before: a rescan, a draft beside the signed copy."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing
from typing import TYPE_CHECKING, cast

from corpus.errors import NotFound
from webui.app.labels import date_text

if TYPE_CHECKING:
    from corpus.library import LibraryView
    from corpus.library.values import Summary
    from webui.app.ingestion import FileReport


def are_one(found: Iterable[Summary]) -> bool:
    """Whether several documents bear one number, ký hiệu, issuer and year, so that no words tell them apart."""
    held = list(found)
    return (
        len(held) > 1 and all(one.held and one.so_ky_hieu for one in held) and len({one.doc_key for one in held}) == 1
    )


def told(
    library: LibraryView, reports: Iterable[FileReport], twins: list[FileReport] | None = None
) -> Generator[FileReport]:
    """Passes *reports* on; that of a new paper with such a twin says so and how to join them, and is put in *twins*."""
    with closing(cast("Generator[FileReport]", reports)) as each:
        for report in each:
            if report.outcome == "new" and report.id is not None:
                said = _twin(library, report.id)
                report.message = " ".join(filter(None, (report.message, said)))
                if said and twins is not None:
                    twins.append(report)
            yield report


def _twin(library: LibraryView, id: int) -> str:
    try:
        copies = library.summaries(library.document(id).copies)
    except NotFound:  # of restricted circulation: nothing is said of it
        return ""
    if not copies:
        return ""
    first = copies[min(copies)]
    day = f" ngày {date_text(first.date)}" if first.date else ""
    return (
        f"Có thể là một với #{first.id} {first.name}{day} (cùng số, ký hiệu, cơ quan và năm). "
        f"Nếu đúng, hãy gộp: ocop merge {first.id} {id} --reason …"
    )
