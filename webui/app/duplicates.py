"""New documents that may be one with a document held before: a rescan, a draft beside the signed copy."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing
from typing import TYPE_CHECKING

from corpus.errors import NotFound
from corpus.fold import fold, letters
from corpus.identity import compatible
from webui.app.labels import date_text

if TYPE_CHECKING:
    from corpus.library import LibraryView
    from corpus.library.values import Summary
    from webui.app.ingest_report import FileReport


def are_indistinguishable(found: Iterable[Summary]) -> bool:
    """Whether several documents have the same number, ký hiệu, issuer and year, so that no words tell them apart."""
    documents = list(found)
    return (
        len(documents) > 1
        and all(one.held and one.so_ky_hieu for one in documents)
        and len({one.doc_key for one in documents}) == 1
    )


def differences(a: Summary, b: Summary) -> list[str]:
    """In what two documents differ, where both have a value; in Vietnamese."""
    unlike = []
    if a.doc_type and b.doc_type and fold(a.doc_type) != fold(b.doc_type):
        unlike.append("loại")
    if a.so_ky_hieu and b.so_ky_hieu and letters(a.so_ky_hieu.lstrip("0")) != letters(b.so_ky_hieu.lstrip("0")):
        unlike.append("số, ký hiệu")
    if not compatible(a.date, b.date):
        unlike.append("ngày")
    if a.issuer_key and b.issuer_key and a.issuer_key != b.issuer_key:
        unlike.append("cơ quan")
    return unlike


def with_duplicate_notice(
    library: LibraryView, reports: Generator[FileReport], noticed: list[FileReport] | None = None
) -> Generator[FileReport]:
    """Passes *reports* on; that of a new document with such a copy says so and how to merge them.

    noticed: a list that these reports are put in as well.
    """
    with closing(reports) as each:
        for report in each:
            if report.outcome == "new" and report.id is not None:
                notice = _notice(library, report.id)
                report.message = " ".join(filter(None, (report.message, notice)))
                if notice and noticed is not None:
                    noticed.append(report)
            yield report


def _notice(library: LibraryView, id: int) -> str:
    """What to say of document *id*; "" where it has no copy, or where its circulation is restricted."""
    try:
        first = library.first_copy(id)
    except NotFound:
        return ""
    if first is None:
        return ""
    day = f" ngày {date_text(first.date)}" if first.date else ""
    return (
        f"Có thể là một với #{first.id} {first.name}{day} (cùng số, ký hiệu, cơ quan và năm). "
        f"Nếu đúng, hãy gộp: ocop merge {first.id} {id} --reason …"
    )
