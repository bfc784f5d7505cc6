"""Makes a library of a backup; see :mod:`corpus.library.backup_file`. Nothing in the file is trusted."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import stat
import zipfile
import zlib
from pathlib import Path
from typing import Any

from corpus import durable, storage_errors
from corpus.errors import LibraryDamaged, NotFound, UsageError
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

#: Bytes of the manifest, some 150 a file: enough for a million files.
_LARGEST_MANIFEST = 256 << 20
#: What the standard library raises for a ZIP file that is damaged or made to harm.
_ZIP_ERRORS = (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error)


def restore(source: Path, folder: Path) -> Backup:
    """Make the library of the backup *source* in *folder*, which must be empty or absent; what the backup holds.

    Every file is checked against the manifest before the library appears; nothing outside *folder* is written. The
    index is not made. Raises NotFound (no such file), UsageError (the folder is not empty, or the file is no backup),
    LibraryDamaged (the backup is damaged), LibraryBusy, DiskFull.
    """
    source, folder = Path(source), Path(os.path.abspath(folder))
    _check_places(source, folder)
    with storage_errors.translated():
        durable.make_folder(folder.parent)
        aside = folder.with_name(f".{folder.name}.restoring")
        with exclusively(folder):
            shutil.rmtree(aside, ignore_errors=True)
            try:
                made = _unpack(source, aside)
                _check_database(aside, made)
                os.replace(aside, folder)
            except BaseException:
                shutil.rmtree(aside, ignore_errors=True)
                raise
            durable.sync_folder(folder.parent)
    return made


def _check_places(source: Path, folder: Path) -> None:
    if not source.is_file():
        raise NotFound(f"Không có tệp {source}.", "Hãy kiểm tra đường dẫn của bản sao lưu.")
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise UsageError(f"Thư mục {folder} không trống.", "Hãy phục hồi vào một thư mục mới, rồi đổi tên nếu cần.")
    if os.path.ismount(folder):  # a folder cannot be moved onto a mount point
        raise UsageError(f"{folder} là gốc của một đĩa.", "Hãy phục hồi vào một thư mục trong đĩa ấy.")


def _not_a_backup(reason: str) -> UsageError:
    return UsageError(f"Đây không phải bản sao lưu của kho: {reason}.", "Hãy chọn tệp do `ocop backup` làm ra.")


def _damaged(reason: str) -> LibraryDamaged:
    return LibraryDamaged(f"Bản sao lưu hỏng: {reason}.", "Hãy dùng bản sao lưu khác; thư mục kho chưa bị đụng đến.")


def _unpack(source: Path, aside: Path) -> Backup:
    """Write all files of the manifest into the new folder *aside*."""
    try:
        with zipfile.ZipFile(source) as archive:
            made = _read_manifest(archive)
            if made.bytes > shutil.disk_usage(aside.parent).free:
                raise storage_errors.disk_full()
            aside.mkdir(mode=0o700)
            (aside / "originals").mkdir()
            folders = {aside, aside / "originals"}
            for name, (size, sha256) in made.files.items():
                target = aside / name
                target.parent.mkdir(parents=True, exist_ok=True)
                folders.update(parent for parent in target.parents if parent.is_relative_to(aside))
                _extract(archive, name, target, size, sha256)
    except _ZIP_ERRORS as error:
        raise _damaged("không đọc được tệp ZIP") from error
    for new in sorted(folders, key=lambda path: len(path.parts), reverse=True):
        durable.sync_folder(new)
    return made


def _read_manifest(archive: zipfile.ZipFile) -> Backup:
    """The manifest, checked against the names and sizes of the archive."""
    body = _manifest_body(archive)
    if not isinstance(body, dict) or body.pop("what", None) != PROGRAM:
        raise _not_a_backup("manifest.json của chương trình khác")
    if body.pop("format", None) != FORMAT:
        raise UsageError("Bản sao lưu do phiên bản khác lập.", "Hãy cập nhật chương trình rồi phục hồi lại.")
    try:
        made = Backup(**body)
        for name, (size, sha256) in made.files.items():
            _check_entry(archive, name, size, sha256)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise _damaged("danh mục sai hoặc thiếu tệp") from error
    if DATABASE not in made.files:
        raise _damaged("không có library.db")
    return made


def _manifest_body(archive: zipfile.ZipFile) -> Any:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if MANIFEST not in names:
        raise _not_a_backup("không có manifest.json")
    if len(set(names)) != len(names):
        raise _damaged("có hai tệp cùng tên")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise _damaged("cách nén lạ")
    if archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
        raise _damaged("danh mục quá lớn")
    with archive.open(MANIFEST) as opened:
        return json.loads(opened.read(_LARGEST_MANIFEST + 1))


def _check_entry(archive: zipfile.ZipFile, name: str, size: Any, sha256: Any) -> None:
    """Check a line of the manifest. Raises LibraryDamaged, and TypeError or KeyError for a malformed one."""
    if not is_file_name(name) or not isinstance(size, int) or not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise _damaged(f"danh mục có tên lạ {name[:100]!r}")
    if name.startswith("originals/") and name[-64:] != sha256:
        raise _damaged(f"tệp gốc {name[-64:][:12]} khác mã băm của nó")
    if size != archive.getinfo(name).file_size:
        raise _damaged(f"tệp {name[:100]} khác cỡ ghi trong danh mục")


def _extract(archive: zipfile.ZipFile, name: str, target: Path, size: int, sha256: str) -> None:
    """Write one file: never more than *size* bytes, and only with the hash *sha256*."""
    found, count = hashlib.sha256(), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(handle, "wb") as out, archive.open(name) as opened:
        while block := opened.read(BLOCK):
            count += len(block)
            if count > size:
                raise _damaged(f"tệp {name} dài hơn danh mục nói")
            found.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if count != size or found.hexdigest() != sha256:
        raise _damaged(f"tệp {name} khác mã băm trong danh mục")


def _check_database(aside: Path, made: Backup) -> None:
    """Check that the database is sound, ours, and the one of the manifest; migrate it where it is older."""
    try:
        with contextlib.closing(sqlite3.connect(aside / DATABASE)) as raw:
            for pragma in ("trusted_schema=OFF", "cell_size_check=ON"):
                raw.execute(f"PRAGMA {pragma}")
            reason = fault(raw)
            if reason:
                raise _damaged(reason)
            found = described(raw)
    except sqlite3.DatabaseError as error:
        meaning = storage_errors.meaning(error)
        if meaning is not None and not isinstance(meaning, LibraryDamaged):
            raise meaning from error
        raise _damaged("library.db không đọc được") from error
    if (found.sequence, found.documents) != (made.sequence, made.documents):
        raise _damaged("library.db không phải của danh mục này")
    Library.open(aside).close()  # raises where a newer program made it
