"""The report of an upload, as JSON data and for the page."""

from __future__ import annotations

import time
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from corpus.library.places import split_place
from ingest.worker.progress import Stage
from webui.app import json_shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.library import LibraryView
    from corpus.library.values import Summary
    from ingest.worker.progress import Reached
    from webui.app.ingest_report import FileReport
    from webui.app.upload_files import Batch


def as_data(batch: Batch) -> dict[str, object]:
    """A batch as JSON data; a file that is not done yet has no outcome."""
    reports = _by_name(batch)
    files = []
    for name in batch.names:
        report = reports.get(name)
        files.append(
            {
                "name": name,
                "outcome": report.outcome if report else None,
                "message": report.message if report else None,
                "document": report.id if report else None,
            }
        )
    return {
        "id": batch.id,
        "who": batch.who,
        "done": batch.done,
        "error": batch.error or None,
        "finished": len(reports),
        "total": len(batch.names),
        "files": files,
        "url": f"/nap/{batch.id}",
    }


def for_page(
    batch: Batch,
    same: Mapping[str, Summary],
    documents: Mapping[int, Summary] = MappingProxyType({}),
    reached: Mapping[str, Reached] = MappingProxyType({}),
) -> dict[str, object]:
    """A batch for the template; a file that is not done yet has no report. same: see :func:`known_documents`.

    documents: those of the reports, by id. reached: how far the files under way have come, by name. read, of: pages
    read and to be read, estimated for files that were not opened yet; left: how long the rest may take, in words, ""
    where it cannot be told.
    """
    reports = _by_name(batch)
    read, of = pages_read(batch, reached)
    rows: list[dict[str, object]] = []
    for name in batch.names:
        every = [(name, reports.get(name), same.get(name))]
        every += [(f"{name} › {own}", found, None) for own, found in _inside(batch, name)]
        for own, report, known in every:
            found = documents.get(report.id) if report is not None and report.id is not None else None
            rows.append(
                {
                    "name": own,
                    "report": report,
                    "same": known,
                    "reading": reading_words(reached[own]) if report is None and own in reached else "",
                    "document": json_shapes.summary(found) if found else None,
                }
            )
    return {
        "left": "" if batch.done else time_left(time.time() - batch.started, read, of),
        "read": read,
        "of": of,
        "id": batch.id,
        "who": batch.who,
        "rows": rows,
        "done": batch.done,
        "error": batch.error,
        "finished": len(reports),
        "total": len(batch.names),
    }


def pages_read(batch: Batch, reached: Mapping[str, Reached]) -> tuple[int, int]:
    """Pages that are read, and all pages: those of files that were not opened yet are taken for as many as the others.

    A page counts once it is read by OCR or the whole file is; before the first page files count as one each.
    """
    done = [report.pages for report in batch.reports if report.pages]
    under_way = [one for one in reached.values() if 0 < one.page <= one.pages]
    sizes = done + [one.pages for one in under_way]
    files = len(_by_name(batch))
    if not sizes:
        return files, len(batch.names)
    waiting = len(batch.names) - files - len(under_way)
    read = sum(done) + sum(one.page - 1 for one in under_way if one.stage is Stage.OCR)
    return read, sum(sizes) + round(max(waiting, 0) * sum(sizes) / len(sizes))


def reading_words(reached: Reached) -> str:
    """What the worker does with a file, in words."""
    at = f" {reached.page}/{reached.pages}" if 0 < reached.page <= reached.pages else ""
    match reached.stage:
        case Stage.OCR:
            return f"đang nhận dạng chữ trang{at}" if at else "đang nhận dạng chữ"
        case Stage.PAGE:
            return f"đang xem trang{at}" if at else "đang xem các trang"
        case Stage.RECORD:
            return "đang tìm số hiệu và căn cứ"
        case Stage.OPEN:
            return "đang mở tệp"


def time_left(seconds: float, done: int, total: int) -> str:
    """How long the rest of *total* pages may take, of which *done* took that many seconds; "" before the first."""
    if not done or done >= total:
        return ""
    rest = seconds / done * (total - done)
    return f"{max(round(rest / 10) * 10, 10)} giây" if rest < 90 else f"{round(rest / 60)} phút"


def known_documents(library: LibraryView, batch: Batch) -> dict[str, Summary]:
    """Files whose content the library had already: name → its document."""
    found = {}
    for report in batch.reports:
        if report.outcome in {"duplicate", "unchanged"} and split_place(report.path)[1] is None:
            held = library.summaries([report.id]).values() if report.id else library.find(report.path)
            if len(held) == 1:
                found[PurePosixPath(report.path).name] = next(iter(held))
    return found


def _inside(batch: Batch, name: str) -> list[tuple[str, FileReport]]:
    """(name inside, report) of the documents inside the file *name*."""
    places = ((split_place(report.path), report) for report in batch.reports)
    return [(inside, report) for (path, inside), report in places if inside and PurePosixPath(path).name == name]


def _by_name(batch: Batch) -> dict[str, FileReport]:
    """The reports of the files themselves, not of the documents inside them."""
    places = ((split_place(report.path), report) for report in batch.reports)
    return {PurePosixPath(path).name: report for (path, inside), report in places if inside is None}
