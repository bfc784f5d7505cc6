"""The folder of an index: a private folder, a stamp that says what is in it, and the lock of its writer.

::

    index/               mode 0700: the engines' formats are trusted (Whoosh's is pickle)
      seal               empty; the stamp names its inode and time of change, which no copy of the folder can have
      current.json       the stamp: the current build, its engine, its shape, and the last change it holds
      lock               held by the one writer
      words.sqlite       the cache of segmented words
      whoosh-1/          a build; another is made beside it, then the stamp is replaced
        engine/          the engine's files
        lexicon.sqlite   the model of the library's words
      opensearch-1/      a build of which something is left on machines that did not answer
        engine/          what names it there
        left             empty

An index is read only where it was written. One that was unpacked, copied or restored has another seal, and one that
others can write to cannot be trusted either; both are made again from the library and never opened.
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
from search.index.index_fields import SHAPE

#: Seconds a writer waits for another.
LOCK_TIMEOUT = 30.0

_BUILD = re.compile(r"[a-z]+-[0-9]+")
#: The mark of a build that is left over.
_LEFT = "left"
#: What a user does about an index that cannot be used.
REINDEX = "Hãy chạy: ocop reindex"


@dataclass(slots=True)
class Stamp:
    """What the current build is."""

    #: The name of its folder.
    build: str
    engine: str
    #: See :data:`search.index.index_fields.SHAPE`.
    shape: int = SHAPE
    #: The last change of the library that it holds.
    sequence: int = 0
    #: A commit was begun and has not been confirmed.
    pending: bool = False
    #: File name → size, time of the last change to it (ns) and CRC-32, after the last commit.
    files: dict[str, list[int]] = field(default_factory=dict)
    #: See :meth:`IndexFolder.seal`.
    seal: list[int] = field(default_factory=list)


class IndexFolder:
    """The index folder of a library. Creating the object changes nothing on disk; :meth:`writing` makes the folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stamp = root / "current.json"

    # Where things are

    @property
    def words(self) -> Path:
        """The file of the cache of segmented words."""
        return self.root / "words.sqlite"

    def build(self, name: str) -> Path:
        """The folder of a build."""
        return self.root / name

    def engine(self, build: str) -> Path:
        """The folder of a build's engine."""
        return self.root / build / "engine"

    def lexicon(self, build: str) -> Path:
        """The file of a build's lexicon."""
        return self.root / build / "lexicon.sqlite"

    # Trust

    def seal(self) -> list[int]:
        """Inode and time of change (ns) of the seal, which cannot be carried to another place; empty without a seal."""
        try:
            found = (self.root / "seal").lstat()
        except OSError:
            return []
        return [found.st_ino, found.st_ctime_ns] if stat.S_ISREG(found.st_mode) and _is_own(found) else []

    def check_trusted(self) -> None:
        """Raises LibraryDamaged unless the folder is this user's own, StaleIndex where others can write to it."""
        if stat.S_IMODE(self._own_folder().st_mode) & 0o022:
            raise StaleIndex(
                f"Người khác ghi được vào thư mục chỉ mục {self.root} nên không thể tin nó.",
                REINDEX,
                reason=StaleReason.UNTRUSTED,
            )

    def _own_folder(self) -> os.stat_result:
        found = self.root.lstat()
        if not stat.S_ISDIR(found.st_mode) or not _is_own(found):
            raise LibraryDamaged(
                f"Thư mục chỉ mục {self.root} không phải của riêng người dùng này nên không thể tin.",
                "Hãy xóa thư mục đó rồi chạy: ocop reindex",
            )
        return found

    # Writing

    @contextmanager
    def writing(self, timeout: float = LOCK_TIMEOUT) -> Iterator[None]:
        """Holds the writer's lock. The folder is made where it is not there, and emptied where it cannot be trusted.

        timeout: seconds to wait. Raises LibraryBusy when another process holds the lock longer, LibraryDamaged where
        something else is in the folder's place.
        """
        untrusted = self.root.is_dir() and not self.root.is_symlink() and self._writable_by_others()
        self._make()
        if (self.root / "lock").is_symlink():
            (self.root / "lock").unlink()
        lock = FileLock(self.root / "lock", timeout=timeout, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise LibraryBusy(
                "Chỉ mục đang được một tiến trình khác ghi.", "Hãy đợi tiến trình kia xong rồi thử lại."
            ) from error
        try:
            if untrusted or not self.seal():
                self._empty_and_seal()
            yield
        finally:
            lock.release()

    def _writable_by_others(self) -> bool:
        return bool(stat.S_IMODE(self.root.lstat().st_mode) & 0o022)

    def _make(self) -> None:
        """Makes the folder, and makes it private."""
        make_folder(self.root.parent)
        self.root.mkdir(mode=0o700, exist_ok=True)
        found = self._own_folder()
        if stat.S_IMODE(found.st_mode) & 0o077:
            self.root.chmod(0o700)

    def _empty_and_seal(self) -> None:
        """Removes everything but the lock and makes a new seal. Only for the holder of the lock."""
        for found in self.root.iterdir():
            if found.name == "lock":
                continue
            if found.is_dir() and not found.is_symlink():
                shutil.rmtree(found)
            else:
                found.unlink()
        os.close(os.open(self.root / "seal", os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
        sync_folder(self.root)

    def new_build(self, engine: str) -> str:
        """Makes the folder of a new build and returns its name."""
        number = 1
        while self.build(f"{engine}-{number}").exists():
            number += 1
        name = f"{engine}-{number}"
        self.engine(name).mkdir(mode=0o700, parents=True)
        return name

    def remove_build(self, name: str) -> None:
        """Removes a build as far as it can be removed."""
        shutil.rmtree(self.build(name), ignore_errors=True)

    def leave_build(self, name: str) -> None:
        """Keeps of a build only what names it on other machines, which could not be reached to remove it there."""
        self.lexicon(name).unlink(missing_ok=True)
        (self.build(name) / _LEFT).touch()

    def left_builds(self) -> list[str]:
        """The builds of :meth:`leave_build`."""
        return [name for name in self.builds() if (self.build(name) / _LEFT).exists()]

    def builds(self) -> list[str]:
        """The names of all builds, used or left over."""
        return [found.name for found in self.root.iterdir() if found.is_dir()]

    # The stamp

    def stamp(self) -> Stamp | None:
        """The stamp; None where there is no index.

        Raises StaleIndex where the stamp cannot be read (reason DAMAGED), is of another shape (OTHER_VERSION), or where
        others can write to the folder (UNTRUSTED).
        """
        try:
            self.check_trusted()
            data = json.loads(self._stamp.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, OSError) as error:
            raise StaleIndex("Chỉ mục hỏng: không đọc được dấu của nó.", REINDEX, reason=StaleReason.DAMAGED) from error
        try:
            stamp = Stamp(**data)
            valid = bool(_BUILD.fullmatch(stamp.build)) and isinstance(stamp.sequence, int)
        except TypeError:
            valid = False
        if not valid or stamp.shape != SHAPE:
            raise StaleIndex(
                "Chỉ mục được lập theo cách của phiên bản khác.", REINDEX, reason=StaleReason.OTHER_VERSION
            )
        return stamp

    def stamped_engine(self) -> str | None:
        """The engine named by the stamp, whether or not the rest of the stamp can be used."""
        try:
            name = json.loads(self._stamp.read_text("utf-8"))["engine"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return name if isinstance(name, str) else None

    def version(self) -> tuple[int, int]:
        """A value that changes whenever the stamp is written; (0, 0) without a stamp."""
        try:
            found = self._stamp.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_mtime_ns, found.st_ino

    def write(self, stamp: Stamp) -> None:
        """Replaces the stamp: a reader sees the old one or the new one. Fills in its files and its seal."""
        if not stamp.pending:
            stamp.files = self._files(stamp.build, stamp.files)
        stamp.seal = self.seal()
        beside = self._stamp.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(asdict(stamp), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._stamp)
        sync_folder(self.root)

    def _files(self, build: str, before: dict[str, list[int]]) -> dict[str, list[int]]:
        """Size, time of change and checksum of the engine's files. Files that are as in *before* are not read again."""
        files = {}
        for file in sorted(self.engine(build).iterdir()):
            if file.is_file() and not file.name.startswith(".") and "LOCK" not in file.name:
                found = file.stat()
                now = [found.st_size, found.st_ctime_ns]
                old = before.get(file.name, [])
                files[file.name] = old if old[:2] == now else [*now, checksum(file)]
        return files

    # Checks

    def is_complete(self, stamp: Stamp) -> bool:
        """Whether the index was made here and its files are those of the stamp, by size and time of change.

        While a commit is under way the stamp does not say which files there should be, and they are not compared.
        """
        build, engine = self.build(stamp.build), self.engine(stamp.build)
        try:
            if not stamp.seal or stamp.seal != self.seal():
                return False
            if not all(_is_own(path.lstat()) for path in (build, engine, *build.iterdir(), *engine.iterdir())):
                return False
            if stamp.pending:
                return True
            states = ((expected, (engine / name).stat()) for name, expected in stamp.files.items())
            return all(expected[:2] == [found.st_size, found.st_ctime_ns] for expected, found in states)
        except (OSError, TypeError):
            return False

    def is_sound(self, stamp: Stamp) -> bool:
        """Whether every file still has its checksum; reads all of them."""
        engine = self.engine(stamp.build)
        try:
            return stamp.pending or all(checksum(engine / name) == entry[2] for name, entry in stamp.files.items())
        except (OSError, TypeError, IndexError):
            return False


def engine_of_build(name: str) -> str:
    """The engine that a build was made with (``tantivy-2``)."""
    return name.rpartition("-")[0]


def checksum(file: Path) -> int:
    """CRC-32 of a file. It shows decay and accidents; the seal and the folder's owner protect against other people."""
    crc = 0
    with file.open("rb") as opened:
        while block := opened.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return crc


def _is_own(found: os.stat_result) -> bool:
    return found.st_uid == os.getuid() and not stat.S_ISLNK(found.st_mode)
