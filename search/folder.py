"""Where an index lives: a private folder, a stamp that says what is in it, and the lock of its writer.

::

    index/               0700, ours alone: the engines' formats are trusted (Whoosh's is pickle)
      seal               empty; the stamp names its inode and the moment it was made, which no copy can have
      current.json       the stamp: which build is current, made by which engine, in which shape, up to which change
      lock               held by the one writer
      whoosh-1/engine/   a build; another is made beside it and the stamp swapped

An index is read only where it was written: one that came from elsewhere (unpacked, copied, restored) has another seal, and
one that others could write to is no better. Both are made anew from the store, never opened.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.durable import make_folder, sync_folder
from corpus.errors import LibraryBusy, LibraryDamaged, StaleIndex
from corpus.vocabulary import StaleReason
from search.document import SHAPE

#: Seconds a writer waits for another.
WAIT = 30.0
_BUILD = re.compile(r"[a-z]+-[0-9]+")


@dataclass(slots=True)
class Stamp:
    """What the current build is.

    files: name → size, time of the last change to it (ns) and CRC-32, after the last commit. pending: a commit had begun.
    seal: see :meth:`IndexFolder.seal`.
    """

    build: str
    engine: str
    shape: int = SHAPE
    sequence: int = 0
    pending: bool = False
    files: dict[str, list[int]] = field(default_factory=dict)
    seal: list[int] = field(default_factory=list)


class IndexFolder:
    """The index folder of a library. Making one touches nothing; :meth:`prepare` makes the folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stamp = root / "current.json"

    def prepare(self) -> None:
        """Makes the folder, private; what others could write to, or what was not made here, is thrown away.

        Raises LibraryDamaged where something not ours stands there.
        """
        make_folder(self.root.parent)
        self.root.mkdir(mode=0o700, exist_ok=True)
        found = self._real()
        if stat.S_IMODE(found.st_mode) & 0o077:
            self.root.chmod(0o700)

    def make_seal(self, *, open_to_others: bool = False) -> None:
        """Where there is no seal of this place, throws all builds away and makes one. Only for the lock's holder."""
        if not open_to_others and self.seal():
            return
        for found in self.root.iterdir():
            if found.name == "lock":
                continue
            if found.is_dir() and not found.is_symlink():
                shutil.rmtree(found)
            else:
                found.unlink()
        os.close(os.open(self.root / "seal", os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
        sync_folder(self.root)

    def seal(self) -> list[int]:
        """Inode and time of the seal's last change (ns), which cannot be carried to another place; [] without one."""
        try:
            found = (self.root / "seal").lstat()
        except OSError:
            return []
        return [found.st_ino, found.st_ctime_ns] if stat.S_ISREG(found.st_mode) and _ours(found) else []

    def open_to_others(self) -> bool:
        """Whether anyone else could have written into the folder."""
        return bool(stat.S_IMODE(self.root.lstat().st_mode) & 0o022)

    def check(self) -> None:
        """Raises LibraryDamaged unless the folder is a real one of this user, StaleIndex where others can write to it."""
        if stat.S_IMODE(self._real().st_mode) & 0o022:
            raise StaleIndex(
                f"Người khác ghi được vào thư mục chỉ mục {self.root} nên không thể tin nó.",
                "Hãy chạy: ocop reindex",
                reason=StaleReason.UNTRUSTED,
            )

    def _real(self) -> os.stat_result:
        found = self.root.lstat()
        if not stat.S_ISDIR(found.st_mode) or not _ours(found):
            raise LibraryDamaged(
                f"Thư mục chỉ mục {self.root} không phải của riêng người dùng này nên không thể tin.",
                "Hãy xóa thư mục đó rồi chạy: ocop reindex",
            )
        return found

    @contextmanager
    def writing(self, wait: float = WAIT) -> Iterator[None]:
        """Holds the writer's lock. Raises LibraryBusy when another holds it longer than *wait* seconds."""
        loose = self.root.is_dir() and not self.root.is_symlink() and self.open_to_others()
        self.prepare()
        if (self.root / "lock").is_symlink():
            (self.root / "lock").unlink()
        lock = FileLock(self.root / "lock", timeout=wait, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise LibraryBusy(
                "Chỉ mục đang được một tiến trình khác ghi.", "Hãy đợi tiến trình kia xong rồi thử lại."
            ) from error
        try:
            self.make_seal(open_to_others=loose)
            yield
        finally:
            lock.release()

    def stamp(self) -> Stamp | None:
        """The stamp; None where there is no index.

        Raises StaleIndex where the stamp cannot be read or is of another shape.
        """
        try:
            self.check()
            data = json.loads(self._stamp.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, OSError) as error:
            raise StaleIndex(
                "Chỉ mục hỏng: không đọc được dấu của nó.", "Hãy chạy: ocop reindex", reason=StaleReason.DAMAGED
            ) from error
        try:
            stamp = Stamp(**data)
            whole = bool(_BUILD.fullmatch(stamp.build)) and isinstance(stamp.sequence, int)
        except TypeError:
            whole = False
        if not whole or stamp.shape != SHAPE:
            raise StaleIndex(
                "Chỉ mục được lập theo cách của phiên bản khác.",
                "Hãy chạy: ocop reindex",
                reason=StaleReason.OTHER_VERSION,
            )
        return stamp

    def told_engine(self) -> str | None:
        """The engine that a stamp names, whether or not the rest of it can be trusted."""
        try:
            said = json.loads(self._stamp.read_text("utf-8"))["engine"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return said if isinstance(said, str) else None

    def version(self) -> tuple[int, int]:
        """Changes whenever the stamp is written anew."""
        try:
            found = self._stamp.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_mtime_ns, found.st_ino

    def write(self, stamp: Stamp) -> None:
        """Puts the stamp in place at once: a reader sees the old one or the new."""
        if not stamp.pending:
            stamp.files = self.files(stamp.build, stamp.files)
        stamp.seal = self.seal()
        beside = self._stamp.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(asdict(stamp), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._stamp)
        sync_folder(self.root)

    def build(self, name: str) -> Path:
        """The folder of a build, private like its root."""
        return self.root / name

    def new_build(self, engine: str) -> str:
        """Makes the folder of a build that is not there yet, and gives its name."""
        number = 1
        while (self.root / f"{engine}-{number}").exists():
            number += 1
        name = f"{engine}-{number}"
        (self.root / name / "engine").mkdir(mode=0o700, parents=True)
        return name

    def drop_others(self, keep: str) -> None:
        """Removes every build but one."""
        for found in self.root.iterdir():
            if found.is_dir() and found.name != keep:
                shutil.rmtree(found, ignore_errors=True)

    def files(self, build: str, before: dict[str, list[int]]) -> dict[str, list[int]]:
        """Size, time of change and checksum of the engine's files that a commit leaves for good.

        before: the same of an earlier commit; files that are as they were are not read again.
        """
        told = {}
        for file in sorted((self.root / build / "engine").iterdir()):
            if file.is_file() and not file.name.startswith(".") and "LOCK" not in file.name:
                found = file.stat()
                now = [found.st_size, found.st_ctime_ns]
                old = before.get(file.name, [])
                told[file.name] = old if old[:2] == now else [*now, checksum(file)]
        return told

    def whole(self, stamp: Stamp) -> bool:
        """Whether the index was made here and its files are those of the stamp, by size and time of change.

        While a commit is under way it is not told which files there should be.
        """
        build = self.root / stamp.build
        folder = build / "engine"
        try:
            if not stamp.seal or stamp.seal != self.seal():
                return False
            if not all(_ours(path.lstat()) for path in (build, folder, *build.iterdir(), *folder.iterdir())):
                return False
            if stamp.pending:
                return True
            states = ((told, (folder / name).stat()) for name, told in stamp.files.items())
            return all(told[:2] == [found.st_size, found.st_ctime_ns] for told, found in states)
        except (OSError, TypeError):
            return False

    def sound(self, stamp: Stamp) -> bool:
        """Whether every file still has the bytes it had: reads all of them."""
        folder = self.root / stamp.build / "engine"
        try:
            return stamp.pending or all(checksum(folder / name) == told[2] for name, told in stamp.files.items())
        except (OSError, TypeError, IndexError):
            return False


def checksum(file: Path) -> int:
    """CRC-32 of a file: against decay and slips; against strangers stand the seal and the owner."""
    crc = 0
    with file.open("rb") as opened:
        while block := opened.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return crc


def _ours(found: os.stat_result) -> bool:
    return found.st_uid == os.getuid() and not stat.S_ISLNK(found.st_mode)
