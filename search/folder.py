"""Where an index lives: a private folder, a stamp that says what is in it, and the lock of its writer.

::

    index/               0700, ours alone: the engines' formats are trusted (Whoosh's is pickle)
      current.json       the stamp: which build is current, made by which engine, in which shape, up to which change
      lock               held by the one writer
      whoosh-1/engine/   a build; another is made beside it and the stamp swapped
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import LibraryBusy, LibraryDamaged, StaleIndex
from search.document import SHAPE

#: Seconds a writer waits for another.
WAIT = 30.0


@dataclass(slots=True)
class Stamp:
    """What the current build is. files: sizes after the last commit; pending: a commit had begun."""

    build: str
    engine: str
    shape: int = SHAPE
    sequence: int = 0
    pending: bool = False
    files: dict[str, int] = field(default_factory=dict)


class IndexFolder:
    """The index folder of a library. Making one touches nothing; :meth:`prepare` makes the folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stamp = root / "current.json"

    def prepare(self) -> None:
        """Makes the folder, private. Raises LibraryDamaged where something not ours stands there."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.check()

    def check(self) -> None:
        """Raises LibraryDamaged unless the folder is a real one, owned by this user and writable by nobody else."""
        found = self.root.lstat()
        if stat.S_ISDIR(found.st_mode) and not stat.S_ISLNK(found.st_mode) and _ours(found):
            if stat.S_IMODE(found.st_mode) & 0o077:
                if stat.S_IMODE(found.st_mode) & 0o022:
                    raise self._foreign()
                self.root.chmod(0o700)
            return
        raise self._foreign()

    def _foreign(self) -> LibraryDamaged:
        return LibraryDamaged(
            f"Thư mục chỉ mục {self.root} không phải của riêng người dùng này nên không thể tin.",
            "Hãy xóa thư mục đó rồi chạy: ocop reindex",
        )

    @contextmanager
    def writing(self, wait: float = WAIT) -> Iterator[None]:
        """Holds the writer's lock. Raises LibraryBusy when another holds it longer than *wait* seconds."""
        self.prepare()
        lock = FileLock(self.root / "lock", timeout=wait, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise LibraryBusy(
                "Chỉ mục đang được một tiến trình khác ghi.", "Hãy đợi tiến trình kia xong rồi thử lại."
            ) from error
        try:
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
            raise StaleIndex("Chỉ mục hỏng: không đọc được dấu của nó.", "Hãy chạy: ocop reindex") from error
        try:
            stamp = Stamp(**data)
            whole = isinstance(stamp.build, str) and isinstance(stamp.sequence, int) and "/" not in stamp.build
        except TypeError:
            whole = False
        if not whole or stamp.shape != SHAPE:
            raise StaleIndex("Chỉ mục được lập theo cách của phiên bản khác.", "Hãy chạy: ocop reindex")
        return stamp

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
            stamp.files = self.sizes(stamp.build)
        beside = self._stamp.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(asdict(stamp), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._stamp)

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

    def sizes(self, build: str) -> dict[str, int]:
        """Sizes of the engine's files that a commit leaves for good."""
        folder = self.root / build / "engine"
        return {
            file.name: file.stat().st_size
            for file in sorted(folder.iterdir())
            if file.is_file() and not file.name.startswith(".") and "LOCK" not in file.name
        }

    def whole(self, stamp: Stamp) -> bool:
        """Whether the engine's files are those of the stamp, and ours; not told while a commit is under way."""
        folder = self.root / stamp.build / "engine"
        try:
            if not all(_ours(path.lstat()) for path in (folder, *folder.iterdir())):
                return False
            return stamp.pending or all((folder / name).stat().st_size == size for name, size in stamp.files.items())
        except OSError:
            return False


def _ours(found: os.stat_result) -> bool:
    return found.st_uid == os.getuid() and not stat.S_ISLNK(found.st_mode)
