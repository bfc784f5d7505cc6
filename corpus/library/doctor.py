"""Examining a library: its database, its files and what is derived from them are compared, and repaired on request.

Without ``repair`` nothing changes. What can be made again without loss is repaired; for anything else the finding says
the next step. The index and the pages are examined by their own rooms (:meth:`search.searcher.Search.examine`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import exc

from corpus.errors import DiskFull, LibraryBusy, NotFound, OcopError
from corpus.library.dialects.sqlite import FILE
from corpus.library.examination.database_file import never_filled, of_older_schema, unsound, unusable
from corpus.library.examination.database_server import unusable_server
from corpus.library.examination.files import examine_leftovers, examine_originals
from corpus.library.examination.report import RESTORE, Examination, Finding, Visit
from corpus.library.examination.tables import examine_records, examine_resolution, examine_tables
from corpus.library.library import Library
from corpus.library.originals import originals_of
from corpus.library.originals.in_folder import OWN
from corpus.library.store import HERE, Store

__all__ = ["Examination", "Finding", "examine"]


def examine(
    folder: Path, *, deep: bool = False, repair: bool = False, facts: bool = True, store: Store = HERE
) -> Examination:
    """Examine everything but the index.

    deep: read every original and record, and resolve a copy of the library again. repair: make right what can be made
    again; an older schema is brought up to date, without it such a library is examined no further. facts: resolve with
    the known-documents tables. store: where the database is. Raises NotFound (no library), LibraryBusy, DiskFull.
    """
    folder = Path(folder)
    found = Examination()
    if not folder.is_dir() or not (any((folder / name).exists() for name in (FILE, OWN)) or store.originals):
        raise NotFound(f"Chưa có kho văn bản ở {folder}.", "Hãy chạy `ocop ingest` để lập kho.")
    if store.url is None:
        broken = unusable_file(folder, repair=repair)
    else:
        broken = unusable_server(folder, store, repair=repair)
    if broken is None:
        opening = partial(Library.open, folder, facts=facts, read_only=not repair, store=store)
        broken = _examine_open(opening, found, deep=deep, repair=repair)
    if broken is not None:
        kept = sum(1 for _ in originals_of(folder, store).entries())
        found.counts["originals"] = kept
        broken.message += f" {store.originals or 'Thư mục originals'} còn {kept} tệp gốc."
        found.findings.insert(0, broken)
    _examine_users(folder / "users.db", found)
    return found


def unusable_file(folder: Path, *, repair: bool) -> Finding | None:
    """What makes the database file unusable, or what must be done first; None where nothing does."""
    if not never_filled(folder):
        return unusable(folder / FILE) or (None if repair else of_older_schema(folder / FILE))
    if repair:
        return None
    return Finding("co_so_du_lieu", "Kho chưa lập xong và còn trống.", "Hãy chạy lại `ocop ingest`.", derived=True)


def _examine_open(opening: Callable[[], Library], found: Examination, *, deep: bool, repair: bool) -> Finding | None:
    """Examine a library whose database can be opened; returns what made that impossible after all."""
    try:
        with opening() as library:
            visit = Visit(library, found, deep=deep, repair=repair)
            examine_tables(visit)
            examine_originals(visit)
            examine_leftovers(visit)
            if deep:
                examine_records(visit)
                examine_resolution(visit)
    except (LibraryBusy, DiskFull):
        raise
    except OcopError as error:
        return Finding("co_so_du_lieu", error.message, error.next_step)
    except exc.DBAPIError as error:
        message = "Cơ sở dữ liệu của kho thiếu bảng hoặc cột."
        return Finding("co_so_du_lieu", message, RESTORE, examples=[str(error.orig)])
    return None


def _examine_users(path: Path, found: Examination) -> None:
    if path.exists() and (faults := unsound(path)):
        found.findings.append(
            Finding(
                "nguoi_dung",
                "Tệp users.db (người dùng) hỏng.",
                "Hãy dời tệp ấy đi rồi lập lại bằng `ocop user add`.",
                examples=faults[:3],
            )
        )
