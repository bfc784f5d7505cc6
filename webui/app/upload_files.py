"""Uploads on disk: one folder each, held by the server that takes care of it, with its list in ``batch.json``."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from corpus import durable, storage_errors
from corpus.fold import nfc
from webui.app.ingest_report import FileReport

#: Times a batch is begun: one that brings the server down each time must not do so for ever.
MAX_TRIES = 3
LIST = "batch.json"
#: Characters of a file's name.
LONGEST_NAME = 120


@dataclass(slots=True)
class Batch:
    """The files of one upload; file *n* lies in ``folder`` as ``n``."""

    id: str
    #: The user who sent it.
    who: str
    names: list[str]
    folder: Path
    began: float = field(default_factory=time.time)
    #: When this server began to read it.
    started: float = field(default_factory=time.time)
    #: Of the files done so far.
    reports: list[FileReport] = field(default_factory=list)
    done: bool = False
    #: Why the whole batch stopped, in Vietnamese.
    error: str = ""
    #: How often a server has begun to read it.
    tries: int = 0

    @property
    def stuck(self) -> bool:
        """Whether it was begun so often that no server begins it again."""
        return self.tries >= MAX_TRIES

    def save(self) -> None:
        """Write the list into the folder, where the next server finds it. Raises DiskFull."""
        data = {"id": self.id, "who": self.who, "names": self.names, "began": self.began, "tries": self.tries}
        with storage_errors.translated():
            durable.write(self.folder / LIST, json.dumps(data, ensure_ascii=False).encode())

    def sync_files(self) -> None:
        """Return when the files' bytes are on the disk."""
        for number in range(len(self.names)):
            durable.sync_file(self.folder / str(number))


def read_list(folder: Path) -> Batch | None:
    """The batch that waits in *folder*; None where there is no list (never accepted) or none that can be read."""
    try:
        data = json.loads((folder / LIST).read_bytes())
        names = distinct_names(plain_name(name) for name in data["names"])
        return Batch(str(data["id"]), str(data["who"]), names, folder, float(data["began"]), tries=int(data["tries"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


class UploadFolders:
    """The folders of uploads below *root*.

    Each is held by a lock that ends with its server, so several servers of one library do not touch each other's.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._handles: dict[Path, int] = {}

    def new(self) -> Path:
        """An empty folder, held. Raises DiskFull."""
        with storage_errors.translated():
            durable.make_folder(self.root, 0o700)
        while True:
            with storage_errors.translated():
                folder = Path(tempfile.mkdtemp(dir=self.root))
            if self.hold(folder):  # else a server that was just starting took it for an abandoned one
                return folder

    def write(self, folder: Path, number: int, source: IO[bytes]) -> None:
        """Write file *number* of an upload. Raises DiskFull; the folder is deleted then."""
        try:
            with storage_errors.translated(), (folder / str(number)).open("wb") as out:
                shutil.copyfileobj(source, out)
        except BaseException:
            self.delete(folder)
            raise

    def accept(self, batch: Batch) -> None:
        """Make the files and the list of *batch* durable. Raises DiskFull; the folder is deleted then."""
        try:
            with storage_errors.translated():
                batch.sync_files()
                batch.save()
                durable.sync_folder(self.root)
        except BaseException:
            self.delete(batch.folder)
            raise

    def abandoned(self) -> list[Path]:
        """The folders that no living server holds; they are held from now on."""
        return [folder for folder in (self.root.iterdir() if self.root.is_dir() else ()) if self.hold(folder)]

    def hold(self, folder: Path) -> bool:
        """Lock *folder* for this process; False where another holds it, or it is gone or no folder."""
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), os.stat(folder)):  # else deleted before it was locked
                self._handles[folder] = handle
                return True
        except OSError:
            pass
        os.close(handle)
        return False

    def release(self, folder: Path) -> None:
        """Unlock *folder*."""
        if (handle := self._handles.pop(folder, None)) is not None:
            os.close(handle)

    def delete(self, folder: Path) -> None:
        """Delete *folder*, and only then unlock it."""
        shutil.rmtree(folder, ignore_errors=True)
        self.release(folder)

    def close(self) -> None:
        """Unlock every folder."""
        for folder in list(self._handles):
            self.release(folder)


def plain_name(name: str | None) -> str:
    """The name of an uploaded file without folders, control characters or characters that file systems refuse."""
    last = PurePosixPath(nfc(name or "").replace("\\", "/")).name
    cleaned = re.sub(r"[\x00-\x1f\x7f<>:\"|?*]", "_", last).strip(" .")
    return cleaned[-LONGEST_NAME:].strip(" .") or "tep"


def distinct_names(names: Iterable[str]) -> list[str]:
    """*names* in their order, each once: a further ``a.txt`` is ``a (2).txt``. Reports are found by these names."""
    found: dict[str, None] = {}
    for name in names:
        distinct, number = PurePosixPath(name), 1
        while name in found:
            number += 1
            mark = f" ({number}){distinct.suffix}"
            name = distinct.stem[-max(1, LONGEST_NAME - len(mark)) :] + mark
        found[name] = None
    return list(found)
