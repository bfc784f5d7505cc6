"""Writes a library to one file while others may write to the library; see :mod:`corpus.library.backup_file`.

Originals never change under their hash, so they are copied after the snapshot of the database was taken.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import IO

from sqlalchemy import select

from corpus import durable, storage_errors
from corpus.errors import DamagedOriginal, LibraryBusy, LibraryDamaged, UsageError
from corpus.library import Library
from corpus.library.backup_file import (
    BLOCK,
    DATABASE,
    FORMAT,
    MANIFEST,
    PROGRAM,
    Backup,
    described,
    exclusively,
    fault,
    is_file_name,
)
from corpus.library.schema import records, refused
from corpus.library.store import HERE, Store

#: How often a backup begins again because a document was refused meanwhile.
_ATTEMPTS = 5


class _OutdatedError(Exception):
    """A document of the snapshot was refused or deleted since: nothing of it may be kept."""


def backup(folder: Path, target: Path, *, overwrite: bool = False, store: Store = HERE) -> Backup:
    """Write the library in *folder* to the file *target*, readable by this user alone.

    The database is written as a SQLite file wherever it is (*store*), so that any machine can restore it.

    The file appears when it is whole and on disk. Where originals are gone or damaged it is written without them and
    lists them, but replaces no other backup. Raises NotFound, UsageError (a file is there; inside the library),
    LibraryDamaged (also for a database that could not be restored), LibraryBusy, DiskFull.
    """
    folder, target = Path(folder), Path(os.path.abspath(target))
    _check_target(folder, target, overwrite)
    # Opening it migrates an older schema, and raises for a damaged library.
    with Library.open(folder, store=store) as library, storage_errors.translated(), exclusively(target):
        _remove_unfinished(folder, target.parent)
        for _ in range(_ATTEMPTS):
            with (
                contextlib.suppress(_OutdatedError),
                durable.scratch(folder) as scratch,
                durable.writing(target) as out,
            ):
                made = _write(library, scratch / DATABASE, out)
                if made.missing and target.exists():
                    raise LibraryDamaged(
                        f"Kho thiếu {len(made.missing)} tệp gốc nên không thay bản sao lưu đã có ở {target}.",
                        "Hãy sao lưu ra tệp khác, và chạy `ocop doctor --deep` để biết là những tệp nào.",
                    )
                return made
    raise LibraryBusy("Kho đổi liên tục trong khi sao lưu.", "Hãy thử lại khi việc nạp đã xong.")


def _check_target(folder: Path, target: Path, overwrite: bool) -> None:
    if target.resolve().is_relative_to(folder.resolve()):
        raise UsageError("Bản sao lưu không được nằm trong thư mục kho.", "Hãy chọn chỗ khác, tốt nhất là đĩa khác.")
    if target.is_dir():
        raise UsageError(f"{target} là thư mục.", "Hãy ghi tên tệp, ví dụ thêm /kho.zip vào cuối.")
    if target.exists() and not overwrite:
        raise UsageError(f"Đã có tệp {target}.", "Hãy chọn tên khác, hoặc thêm --overwrite.")
    if not target.parent.is_dir():
        raise UsageError(f"Không có thư mục {target.parent}.", "Hãy lập thư mục ấy trước.")


def _remove_unfinished(folder: Path, beside: Path) -> None:
    """Delete what killed backups left: unfinished files in *beside*, scratch folders in the library."""
    for half in beside.glob(f"{durable.ASIDE}*"):
        if _is_unfinished(half) and durable.is_abandoned(half):
            half.unlink(missing_ok=True)
    for spare in durable.abandoned_scratch(folder):
        shutil.rmtree(spare, ignore_errors=True)


def _is_unfinished(path: Path) -> bool:
    """Whether a file written aside is a backup: a ZIP file that begins with the database."""
    try:
        with path.open("rb") as opened:
            head = opened.read(30 + len(DATABASE))
            return not path.is_symlink() and (head[:4], head[30:]) == (b"PK\x03\x04", DATABASE.encode())
    except OSError:
        return False


def _write(library: Library, snapshot: Path, out: IO[bytes]) -> Backup:
    """Take a snapshot of the database and write the archive. Raises _OutdatedError."""
    library.database.snapshot(snapshot)
    with contextlib.closing(sqlite3.connect(snapshot)) as copy:
        reason = fault(copy)
        if reason:
            raise LibraryDamaged(
                f"Kho hỏng nên không sao lưu được: {reason}.", "Hãy chạy `ocop doctor` để biết chỗ hỏng."
            )
        made = described(copy)
        held = {row[0] for row in copy.execute("SELECT sha256 FROM records")}
        others = {row[0] for row in copy.execute("SELECT sha256 FROM removed UNION SELECT sha256 FROM containers")}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        _add(archive, made, DATABASE, snapshot, zipfile.ZIP_DEFLATED)
        _add_originals(archive, made, library, held, others)
        _add_ocr(archive, made, library.folder, held)
        if any(_is_gone(library, sha256) for sha256 in _refused(library) & held):
            raise _OutdatedError
        for sha256 in made.missing:  # a damaged one is in the archive, but not in the manifest: it is not restored
            made.files.pop(_original(sha256), None)
        body = {"what": PROGRAM, "format": FORMAT, **asdict(made)}
        archive.writestr(MANIFEST, json.dumps(body, ensure_ascii=False), zipfile.ZIP_DEFLATED)
    return made


def _original(sha256: str) -> str:
    """The name of an original, in the backup and in the library."""
    return f"originals/{sha256[:2]}/{sha256}"


def _add_originals(archive: zipfile.ZipFile, made: Backup, library: Library, held: set[str], others: set[str]) -> None:
    """Add the originals of documents *held* and of *others*; those gone or damaged are listed as missing."""
    for sha256 in sorted(held | others):
        name = _original(sha256)
        try:
            whole = _add(archive, made, name, library.originals.local(sha256)) == sha256
        except (FileNotFoundError, DamagedOriginal):
            if sha256 in held and _is_gone(library, sha256):
                raise _OutdatedError from None
            whole = False
        if not whole:
            made.missing.append(sha256)


def _add_ocr(archive: zipfile.ZipFile, made: Backup, folder: Path, held: Iterable[str]) -> None:
    """Add what OCR read of documents held; what disappears meanwhile can be made again."""
    for sha256 in sorted(held):
        memory = folder / "ocr" / sha256[:2] / sha256
        for file in sorted(memory.rglob("*")) if memory.is_dir() else ():
            name = file.relative_to(folder).as_posix()
            if is_file_name(name) and file.is_file() and not file.is_symlink():
                with contextlib.suppress(FileNotFoundError):
                    _add(archive, made, name, file)


def _refused(library: Library) -> set[str]:
    with library.database.read() as connection:
        return set(connection.execute(select(refused.c.sha256)).scalars())


def _is_gone(library: Library, sha256: str) -> bool:
    """Whether the library holds no document of that file any more."""
    with library.database.read() as connection:
        return connection.execute(select(records.c.sha256).where(records.c.sha256 == sha256)).first() is None


def _add(archive: zipfile.ZipFile, made: Backup, name: str, file: Path, method: int = zipfile.ZIP_STORED) -> str:
    """Add *file* under *name*; its SHA-256. Raises FileNotFoundError before anything is written."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type, entry.external_attr = method, 0o600 << 16
    found, size = hashlib.sha256(), 0
    with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as out:
        while block := source.read(BLOCK):
            found.update(block)
            size += len(block)
            out.write(block)
    made.files[name] = [size, found.hexdigest()]
    return found.hexdigest()
