"""A library in one file, taken while others write to it, and a library made of such a file.

The file is a ZIP::

    library.db                   a snapshot of one moment (``VACUUM INTO``: nothing of deleted pages comes along)
    originals/ab/<sha256>        the originals that snapshot speaks of
    ocr/ab/<sha256>/…            what OCR read of them, so that they need not be read again
    manifest.json                sizes and hashes of all of it, and the change number of the snapshot

Never in it: the index (Whoosh's is pickle; it is made anew), pictures, users and sessions, anything of a refused paper.
Originals never change under their hash, so they may be copied after the snapshot was taken.
"""

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
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from filelock import FileLock, Timeout

from corpus import durable, storage_errors
from corpus.errors import LibraryBusy, LibraryDamaged, NotFound, UsageError
from corpus.library import Library
from corpus.library.originals import HASHED, invalid_hashes

FORMAT = 1
MANIFEST = "manifest.json"
#: What may be in a backup, by name.
_NAME = re.compile(
    r"library\.db"
    r"|originals/([0-9a-f]{2})/\1[0-9a-f]{62}"
    r"|ocr/([0-9a-f]{2})/\2[0-9a-f]{62}/(?:engine|[0-9a-f]{2}/[0-9a-f]{62}\.json\.z)"
)
#: Bytes of the manifest, some 150 a file: enough for a million files.
_LARGEST_MANIFEST = 256 << 20
_BLOCK = 1 << 20


@dataclass(slots=True)
class Backup:
    """What is in a backup. sequence: the change number it stands at. missing: originals that were gone or damaged."""

    made: str
    revision: str
    sequence: int
    documents: int
    files: dict[str, list[Any]] = field(default_factory=dict)  # name → size, SHA-256
    missing: list[str] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        return sum(size for size, _ in self.files.values())


class _Gone(Exception):
    """An original went while it was to be copied: the paper was refused or purged since the snapshot."""


def backup(folder: Path, target: Path, *, overwrite: bool = False) -> Backup:
    """Write the library in *folder* to the file *target*, readable by this user alone.

    It takes its place only when it is whole and on disk. Where originals are gone or damaged it is written without them
    and says so, but takes no other backup's place. Raises NotFound, UsageError (a file is there; inside the library),
    LibraryDamaged (also for a database that could not be restored), DiskFull.
    """
    folder, target = Path(folder), Path(os.path.abspath(target))
    if target.resolve().is_relative_to(folder.resolve()):
        raise UsageError("Bản sao lưu không được nằm trong thư mục kho.", "Hãy chọn chỗ khác, tốt nhất là đĩa khác.")
    if target.is_dir():
        raise UsageError(f"{target} là thư mục.", "Hãy ghi tên tệp, ví dụ thêm /kho.zip vào cuối.")
    if target.exists() and not overwrite:
        raise UsageError(f"Đã có tệp {target}.", "Hãy chọn tên khác, hoặc thêm --overwrite.")
    if not target.parent.is_dir():
        raise UsageError(f"Không có thư mục {target.parent}.", "Hãy lập thư mục ấy trước.")
    Library.open(folder).close()  # an older schema is brought up to date, a broken library is told
    with storage_errors.translated(), _alone(target):
        for half in target.parent.glob(f"{durable.ASIDE}*"):
            if _is_half(half) and durable.is_abandoned(half):
                half.unlink(missing_ok=True)
        for spare in durable.abandoned_scratch(folder):
            shutil.rmtree(spare, ignore_errors=True)
        for _ in range(5):
            with contextlib.suppress(_Gone), durable.scratch(folder) as scratch, durable.writing(target) as out:
                made = _write(folder, scratch / "library.db", out)
                if made.missing and target.exists():
                    raise LibraryDamaged(
                        f"Kho thiếu {len(made.missing)} tệp gốc nên không thay bản sao lưu đã có ở {target}.",
                        "Hãy sao lưu ra tệp khác, và chạy `ocop doctor --deep` để biết là những tệp nào.",
                    )
                return made
    raise LibraryBusy("Kho đổi liên tục trong khi sao lưu.", "Hãy thử lại khi việc nạp đã xong.")


def _is_half(path: Path) -> bool:
    """Whether a file written aside is a backup that was never finished: it begins with the database."""
    try:
        with path.open("rb") as opened:
            head = opened.read(40)
            return not path.is_symlink() and (head[:4], head[30:]) == (b"PK\x03\x04", b"library.db")
    except OSError:
        return False


@contextlib.contextmanager
def _alone(target: Path) -> Iterator[None]:
    """One backup or restore of a name at a time."""
    lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=1)
    try:
        lock.acquire()
    except Timeout as error:
        raise LibraryBusy(f"Đang có lệnh khác ghi {target}.", "Hãy chờ lệnh kia xong rồi chạy lại.") from error
    try:
        yield
    finally:
        lock.release()
        with contextlib.suppress(OSError):
            Path(lock.lock_file).unlink()


def _write(folder: Path, snapshot: Path, out: IO[bytes]) -> Backup:
    with contextlib.closing(sqlite3.connect(folder / "library.db", timeout=60)) as raw:
        raw.execute("VACUUM INTO ?", (str(snapshot),))
    with contextlib.closing(sqlite3.connect(snapshot)) as copy:
        if why := _unfit(copy):  # nobody is to learn on the day of need that no copy can be restored
            raise LibraryDamaged(f"Kho hỏng nên không sao lưu được: {why}.", "Hãy chạy `ocop doctor` để biết chỗ hỏng.")
        made = _described(copy)
        wanted = [row[0] for row in copy.execute("SELECT sha256 FROM records UNION SELECT sha256 FROM removed")]
        held = {row[0] for row in copy.execute("SELECT sha256 FROM records")}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        _put(archive, made, "library.db", snapshot, zipfile.ZIP_DEFLATED)
        for sha256 in sorted(wanted):
            name = f"originals/{sha256[:2]}/{sha256}"
            try:
                found = _put(archive, made, name, folder / name)
            except FileNotFoundError:
                if sha256 in held and _no_longer_held(folder, sha256):
                    raise _Gone from None
                made.missing.append(sha256)
                continue
            if found != sha256:
                made.missing.append(sha256)
        for sha256 in sorted(held):
            memory = folder / "ocr" / sha256[:2] / sha256
            for file in sorted(memory.rglob("*")) if memory.is_dir() else ():
                name = file.relative_to(folder).as_posix()
                if _NAME.fullmatch(name) and file.is_file() and not file.is_symlink():
                    with contextlib.suppress(FileNotFoundError):
                        _put(archive, made, name, file)
        if any(_no_longer_held(folder, sha) for sha in _refused_since(folder, held)):
            raise _Gone
        for sha256 in made.missing:  # damaged ones stand in the archive, but nobody is to restore them
            made.files.pop(f"originals/{sha256[:2]}/{sha256}", None)
        body = {"what": "can-cu", "format": FORMAT, **asdict(made)}
        archive.writestr(MANIFEST, json.dumps(body, ensure_ascii=False), zipfile.ZIP_DEFLATED)
    return made


def _described(copy: sqlite3.Connection) -> Backup:
    one = {
        name: copy.execute(query).fetchone()[0]
        for name, query in (
            ("revision", "SELECT version_num FROM alembic_version"),
            ("sequence", "SELECT value FROM counter"),
            ("documents", "SELECT count(*) FROM records"),
        )
    }
    return Backup(datetime.now(UTC).isoformat(timespec="seconds"), **one)


def _refused_since(folder: Path, held: set[str]) -> set[str]:
    """Papers of the snapshot that have been refused since: the snapshot must not be kept then."""
    with contextlib.closing(sqlite3.connect(folder / "library.db", timeout=60)) as raw:
        return held & {row[0] for row in raw.execute("SELECT sha256 FROM refused")}


def _no_longer_held(folder: Path, sha256: str) -> bool:
    with contextlib.closing(sqlite3.connect(folder / "library.db", timeout=60)) as raw:
        return raw.execute("SELECT 1 FROM records WHERE sha256 = ?", (sha256,)).fetchone() is None


def _put(archive: zipfile.ZipFile, made: Backup, name: str, file: Path, how: int = zipfile.ZIP_STORED) -> str:
    """Add a file; its hash. Raises FileNotFoundError before anything is written."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type, entry.external_attr = how, 0o600 << 16
    found, size = hashlib.sha256(), 0
    with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as out:
        while block := source.read(_BLOCK):
            found.update(block)
            size += len(block)
            out.write(block)
    made.files[name] = [size, found.hexdigest()]
    return found.hexdigest()


# ---------------------------------------------------------------- restoring


def restore(source: Path, folder: Path) -> Backup:
    """Make the library of the backup *source* in *folder*, which must be empty or not there; what it holds.

    Every file is checked against the manifest before the library stands in its place; nothing outside *folder* is
    written. The index is the caller's to make. Raises NotFound (no such file), UsageError (the folder is not empty, or
    the file is no backup), LibraryDamaged (the backup is), DiskFull.
    """
    source, folder = Path(source), Path(os.path.abspath(folder))
    if not source.is_file():
        raise NotFound(f"Không có tệp {source}.", "Hãy kiểm tra đường dẫn của bản sao lưu.")
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise UsageError(f"Thư mục {folder} không trống.", "Hãy phục hồi vào một thư mục mới, rồi đổi tên nếu cần.")
    if os.path.ismount(folder):  # the whole library is put there in one step, which a mount point does not allow
        raise UsageError(f"{folder} là gốc của một đĩa.", "Hãy phục hồi vào một thư mục trong đĩa ấy.")
    with storage_errors.translated():
        durable.make_folder(folder.parent)
        aside = folder.with_name(f".{folder.name}.restoring")
        with _alone(folder):
            shutil.rmtree(aside, ignore_errors=True)
            try:
                made = _unpacked(source, aside)
                _checked(aside, made)
                os.replace(aside, folder)
            except BaseException:
                shutil.rmtree(aside, ignore_errors=True)
                raise
            durable.sync_folder(folder.parent)
    return made


def _not_a_backup(why: str) -> UsageError:
    return UsageError(f"Đây không phải bản sao lưu của kho: {why}.", "Hãy chọn tệp do `ocop backup` làm ra.")


def _broken(why: str) -> LibraryDamaged:
    return LibraryDamaged(f"Bản sao lưu hỏng: {why}.", "Hãy dùng bản sao lưu khác; thư mục kho chưa bị đụng đến.")


def _unpacked(source: Path, aside: Path) -> Backup:
    try:
        with zipfile.ZipFile(source) as archive:
            made = _manifest(archive)
            if made.bytes > shutil.disk_usage(aside.parent).free:
                raise storage_errors.disk_full()
            aside.mkdir(mode=0o700)
            (aside / "originals").mkdir()
            folders = {aside, aside / "originals"}
            for name, (size, sha256) in made.files.items():
                target = aside / name
                target.parent.mkdir(parents=True, exist_ok=True)
                folders.update(p for p in target.parents if p.is_relative_to(aside))
                _take(archive, name, target, size, sha256)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
        raise _broken("không đọc được tệp ZIP") from error
    for made_folder in sorted(folders, key=lambda p: len(p.parts), reverse=True):
        durable.sync_folder(made_folder)
    return made


def _manifest(archive: zipfile.ZipFile) -> Backup:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if MANIFEST not in names:
        raise _not_a_backup("không có manifest.json")
    if len(set(names)) != len(names):
        raise _broken("có hai tệp cùng tên")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise _broken("cách nén lạ")
    if archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
        raise _broken("danh mục quá lớn")
    with archive.open(MANIFEST) as opened:
        said = json.loads(opened.read(_LARGEST_MANIFEST + 1))
    if not isinstance(said, dict) or said.pop("what", None) != "can-cu":
        raise _not_a_backup("manifest.json của chương trình khác")
    if said.pop("format", None) != FORMAT:
        raise UsageError("Bản sao lưu do phiên bản khác lập.", "Hãy cập nhật chương trình rồi phục hồi lại.")
    try:
        made = Backup(**said)
        for name, (size, sha256) in made.files.items():
            if not _NAME.fullmatch(name) or not isinstance(size, int) or not re.fullmatch(r"[0-9a-f]{64}", sha256):
                raise _broken(f"danh mục có tên lạ {name[:100]!r}")
            if name.startswith("originals/") and name[-64:] != sha256:
                raise _broken(f"tệp gốc {name[-64:][:12]} khác mã băm của nó")
            if size != archive.getinfo(name).file_size:
                raise _broken(f"tệp {name[:100]} khác cỡ ghi trong danh mục")
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise _broken("danh mục sai hoặc thiếu tệp") from error
    if "library.db" not in made.files:
        raise _broken("không có library.db")
    return made


def _take(archive: zipfile.ZipFile, name: str, target: Path, size: int, sha256: str) -> None:
    """One file out of the archive: never more bytes than the manifest says, and exactly its hash."""
    found, count = hashlib.sha256(), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(handle, "wb") as out, archive.open(name) as opened:
        while block := opened.read(_BLOCK):
            count += len(block)
            if count > size:
                raise _broken(f"tệp {name} dài hơn danh mục nói")
            found.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if count != size or found.hexdigest() != sha256:
        raise _broken(f"tệp {name} khác mã băm trong danh mục")


def _unfit(raw: sqlite3.Connection) -> str:
    """Why no library may be made of a database; "" for a sound one of ours with nothing in it that would run by itself."""
    strange = raw.execute("SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')").fetchall()
    virtual = raw.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'create virtual%'").fetchall()
    if strange or virtual:
        return "library.db có phần tự chạy, không do chương trình này lập"
    sound = raw.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
    if not sound or raw.execute("PRAGMA foreign_key_check").fetchone():
        return "library.db không lành"
    for table in HASHED:  # paths of files are made of them
        if bad := invalid_hashes(row[0] for row in raw.execute(f"SELECT sha256 FROM {table}")):
            return f"library.db có mã băm lạ {bad[0][:80]!r}"
    return ""


def _checked(aside: Path, made: Backup) -> None:
    """The database of the backup: ours, sound, and nothing in it that would run by itself."""
    try:
        with contextlib.closing(sqlite3.connect(aside / "library.db")) as raw:
            for pragma in ("trusted_schema=OFF", "cell_size_check=ON"):
                raw.execute(f"PRAGMA {pragma}")
            if why := _unfit(raw):
                raise _broken(why)
            told = _described(raw)
    except sqlite3.DatabaseError as error:
        if (ours := storage_errors.meaning(error)) is not None and not isinstance(ours, LibraryDamaged):
            raise ours from error
        raise _broken("library.db không đọc được") from error
    if (told.sequence, told.documents) != (made.sequence, made.documents):
        raise _broken("library.db không phải của danh mục này")
    Library.open(aside).close()  # brought up to date where an older program made it; refused where a newer one did
