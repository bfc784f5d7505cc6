"""What is no file, and files that change while they are read."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

from corpus.vocabulary import Verdict
from tests.hostile.files import FOREIGN
from tests.hostile.good_files import good_files
from tests.hostile.harness import Harness, Planned, Tally
from tests.support.reading_files import BODY

#: Files that change, of each type.
_MOVING = 12
#: Seconds between two changes, and between two files that vanish.
_DISTURB, _VANISH = 0.02, 0.7


def not_files(harness: Harness) -> Tally:
    """Pipes, sockets, devices, folders, links and unreadable files in place of files."""
    tally = Tally("not files")
    folder = harness.folder / "inputs" / "not-files"
    folder.mkdir()
    os.mkfifo(folder / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(folder / "socket.pdf"))
    (folder / "folder.pdf").mkdir()
    (folder / "loop.pdf").symlink_to("loop.pdf")
    (folder / "circle").symlink_to(folder)
    closed = folder / "closed.txt"
    closed.write_text("\n".join([*BODY, "không ai được đọc"]), encoding="utf-8")
    closed.chmod(0)
    unreadable = frozenset({Verdict.NOT_OPENED, Verdict.NO_TEXT})
    named = [
        Planned(Path("/dev/zero"), FOREIGN),
        Planned(Path("/dev/full"), FOREIGN),
        Planned(Path("/proc/self/mem"), unreadable),
        Planned(Path("/proc/self/environ"), unreadable | FOREIGN | {"kept"}),
    ]
    inside = [
        Planned(folder / "pipe.pdf", FOREIGN),
        Planned(folder / "socket.pdf", FOREIGN),
        Planned(closed, frozenset({"kept" if os.geteuid() == 0 else Verdict.NOT_OPENED})),
        *(harness.good_file(folder, f"{number}-") for number in range(4)),
    ]
    harness.ingest([*inside, *named], tally, [folder, *(one.path for one in named)])
    shutil.rmtree(folder)
    return tally


def moving_files(harness: Harness) -> Tally:
    """Files that grow, shrink, go or become others while they are read."""
    tally = Tally("moving files")
    folder = harness.folder / "inputs" / "moving"
    folder.mkdir()
    # Any state that a file was in may be read. What must not be is a crash, or an original that is not its record's.
    outcomes = frozenset({"kept", "part", "gone before it was read"})
    outcomes |= {Verdict.CHANGED, Verdict.NOT_OPENED, Verdict.DAMAGED, Verdict.NO_TEXT, Verdict.UNSUPPORTED}
    planned = []
    for number in range(_MOVING):
        for ending in ("pdf", "txt"):
            path = folder / f"{number:02d}-moving.{ending}"
            path.write_bytes(good_files()[ending] + b"\n%% %d" % number)
            planned.append(Planned(path, outcomes))
        planned.append(harness.good_file(folder, f"{number:02d}-~"))
    paths = [one.path for one in planned if not one.marker]
    harness.moving = frozenset(str(path) for path in paths) | {str(path.with_suffix(".part")) for path in paths}
    done = threading.Event()
    threads = [threading.Thread(target=change, args=(paths, done)) for change in (_disturb, _remove)]

    def begin() -> None:
        for thread in threads:
            thread.start()

    try:
        harness.ingest(planned, tally, [folder], meanwhile=begin)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    for original in (harness.library / "originals").glob("*/*"):
        if hashlib.sha256(original.read_bytes()).hexdigest() != original.name:
            tally.breaches.append(f"an original is not what its name says: {original.name}")
    shutil.rmtree(folder)
    return tally


def _disturb(paths: list[Path], done: threading.Event) -> None:
    """Changes three files in four, each in its own way, until *done*."""
    while not done.wait(_DISTURB):
        for number, path in enumerate(paths):
            with suppress(OSError):
                match number % 4:
                    case 0:
                        with path.open("ab") as file:
                            file.write(b"\n% more of it")
                    case 1:
                        os.truncate(path, max(200, path.stat().st_size - 5))
                    case 2:
                        other = path.with_suffix(".part")
                        other.write_bytes(good_files()["pdf"] + str(time.time_ns()).encode())
                        other.replace(path)


def _remove(paths: list[Path], done: threading.Event) -> None:
    """Removes every fourth file, one after the other, until *done*."""
    for path in paths[3::4]:
        if done.wait(_VANISH):
            return
        path.unlink()
