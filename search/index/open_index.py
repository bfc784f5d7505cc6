"""The current build of an index, opened. It follows the stamp: readers move on to a new commit or a new build."""

from __future__ import annotations

import pickle
import sqlite3
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from corpus.errors import OcopError, StaleIndex
from corpus.vocabulary import StaleReason
from search.engine import Engine, EngineAddress
from search.engines import DEFAULT, ENGINES, open_engine
from search.index.index_folder import REINDEX, IndexFolder, Stamp
from search.language.lexicon import Lexicon

#: What reading damaged files may raise. None of them is an OcopError.
DAMAGE = (OSError, ValueError, EOFError, struct.error, zlib.error, pickle.PickleError, sqlite3.DatabaseError)
#: A writer may be between its commit and its stamp: how often that is waited for, and seconds each time.
_ATTEMPTS, _WAIT = 20, 0.05
#: The version of a folder without a stamp.
_NO_VERSION = (0, 0)


@dataclass(frozen=True, slots=True)
class OpenBuild:
    """A build whose files are open."""

    engine: Engine
    lexicon: Lexicon
    stamp: Stamp


class OpenIndex:
    """The index in *folder*, opened at first use. May be used by many threads."""

    def __init__(
        self, folder: IndexFolder, wanted_engine: str | None = None, address: EngineAddress | None = None
    ) -> None:
        """wanted_engine: None for the one the index was made with. address: of an engine on other machines."""
        self.folder = folder
        self.address = address
        self.wanted_engine = wanted_engine
        self._lock = threading.RLock()
        self._current: OpenBuild | None = None
        self._retired: list[OpenBuild] = []
        self._version = _NO_VERSION

    def engine_name(self) -> str:
        """The engine that is wanted, else the one the index was made with, else the default."""
        stamped = self.folder.stamped_engine()
        return self.wanted_engine or (stamped if stamped in ENGINES else DEFAULT)

    def check_engine(self, stamp: Stamp) -> None:
        """Raises StaleIndex where the index was made with another engine than the one wanted."""
        if self.wanted_engine and stamp.engine != self.wanted_engine:
            raise StaleIndex(
                f"Chỉ mục đang dùng máy tìm {stamp.engine}, cài đặt chọn {self.wanted_engine}.",
                f"Hãy chạy: ocop reindex --engine {self.wanted_engine}",
                reason=StaleReason.OTHER_ENGINE,
            )

    def current(self) -> OpenBuild:
        """The build that the stamp names now. Raises StaleIndex where there is no index that can be used."""
        with self._lock:
            version = self.folder.version()
            if self._current is not None and version == self._version and version != _NO_VERSION:
                return self._current
            for attempt in range(_ATTEMPTS):
                stamp = self.folder.stamp()
                if stamp is None:
                    raise StaleIndex("Kho chưa có chỉ mục.", REINDEX, reason=StaleReason.MISSING)
                self.check_engine(stamp)
                try:
                    return self.open(stamp)
                except StaleIndex:
                    if attempt == _ATTEMPTS - 1 or self.folder.version() == version:
                        raise
                    version = self.folder.version()
                    time.sleep(_WAIT)
        raise AssertionError("unreachable")

    def open(self, stamp: Stamp) -> OpenBuild:
        """The build of a stamp; its files are opened once. Raises StaleIndex where they are damaged."""
        with self._lock:
            current = self._current
            if current is not None and current.stamp.build == stamp.build:
                version = self.folder.version()
                try:
                    current.engine.reload()
                except OcopError:
                    raise
                except Exception as error:  # engines raise errors of their own over damaged files
                    raise damaged() from error
                self._current, self._version = OpenBuild(current.engine, current.lexicon, stamp), version
                return self._current
            lexicon = self.folder.lexicon(stamp.build)
            if not self.folder.is_complete(stamp) or not lexicon.exists() or stamp.engine not in ENGINES:
                raise damaged()
            try:
                engine = open_engine(stamp.engine, self.folder.engine(stamp.build), self.address)
                opened = OpenBuild(engine, Lexicon(lexicon), stamp)
            except OcopError:
                raise
            except Exception as error:  # engines raise errors of their own over damaged files
                raise damaged() from error
            self._retire()
            self._current, self._version = opened, self.folder.version()
            return opened

    def _retire(self) -> None:
        """Sets the open build aside. Other threads may still be reading it, so it is closed with the whole."""
        if self._current is not None:
            self._retired.append(self._current)
            self._current = None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Errors over damaged files come out as StaleIndex; errors of the program are left as they are."""
        try:
            yield
        except OcopError:
            raise
        except Exception as error:
            current = self._current
            if isinstance(error, DAMAGE) or current is None or not self.folder.is_sound(current.stamp):
                raise damaged() from error
            raise

    def close(self) -> None:
        """Releases all files; the next use opens them again."""
        with self._lock:
            self._retire()
            for build in self._retired:
                build.engine.close()
                build.lexicon.close()
            self._retired.clear()
            self._version = _NO_VERSION


def damaged() -> StaleIndex:
    """The error for files of an index that cannot be read."""
    return StaleIndex(
        "Chỉ mục hỏng hoặc đang được thay.",
        "Hãy thử lại; nếu vẫn lỗi, chạy: ocop reindex",
        reason=StaleReason.DAMAGED,
    )
