"""A library in PostgreSQL whose commands run as processes of their own, and documents for it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from bench.server import command
from corpus.library import Library
from corpus.library.store import HERE, Store
from tests.support.web_library import document_text

#: Settings of the commands: text alone, and no more threads than needed.
_QUIET = {"OCOP_OCR_MODE": "off", "OCOP_SECOND_READER": "false"}
#: Hashes of the files that kill who reads them.
_DEADLY = "OCOP_TEST_DEADLY"
#: Run by Python itself at its start. Whoever opens a file named by such a hash takes that for its name, and long; the
#: first process of a command that has such a one below it is killed: what reads a file may signal nobody.
_KILLER = f"""\
import ctypes, os, signal, sys, threading, time
from pathlib import Path

first = int(os.environ.setdefault("{_DEADLY}_FIRST", str(os.getpid())))
deadly = os.environ["{_DEADLY}"].split()

def look(event, arguments):
    if event == "open" and str(arguments[0]).rpartition("/")[2] in deadly:
        ctypes.CDLL(None).prctl(15, b"deadly")
        time.sleep(60)

def is_deadly(process):
    for task in Path("/proc", process, "task").iterdir():
        try:
            if (task / "comm").read_text().strip() == "deadly":
                return True
            if any(map(is_deadly, (task / "children").read_text().split())):
                return True
        except OSError:
            pass
    return False

def watch():
    while not is_deadly(str(first)):
        time.sleep(0.1)
    os.kill(first, signal.SIGKILL)

sys.addaudithook(look)
if first == os.getpid():
    threading.Thread(target=watch, daemon=True).start()
"""


def write_documents(folder: Path, count: int, *, first: int = 1) -> list[Path]:
    """Text files of plans that cite each other and decisions of the centre, numbered from *first*."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(first, first + count):
        body = (
            f"Căn cứ Quyết định số {919 + number % 7}/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ;\n"
            f"Căn cứ Kế hoạch số {max(1, number - 1)}/KH-UBND ngày 12/3/2024 của UBND tỉnh Thanh Hóa.\n"
            "I. MỤC ĐÍCH\n1. Tổ chức tập huấn cho các chủ thể."
        )
        title = f"Triển khai Chương trình mỗi xã một sản phẩm, đợt {number}"
        text = document_text("KẾ HOẠCH", f"{number}/KH-UBND", ("12", "3", "2024"), title, body)
        file = folder / f"kh-{number:04}.txt"
        file.write_text(text, encoding="utf-8")
        made.append(file)
    return made


class Office:
    """The library in *folder*, its tables at *url*; None for the file."""

    def __init__(self, folder: Path, url: str | None) -> None:
        self.folder = folder
        self.store = HERE if url is None else Store(url)
        self.environment = {**os.environ, **_QUIET, "OCOP_LIBRARY": str(folder)}
        if url is not None:
            self.environment["OCOP_DATABASE"] = url

    def kill_readers_of(self, folder: Path, files: Iterable[Path]) -> None:
        """Have each command killed (-9) that begins to read one of *files*. folder: for the program that does it."""
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(_KILLER)
        self.environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
        self.environment[_DEADLY] = " ".join(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """`ocop` with *arguments*, in a session of its own."""
        return subprocess.Popen(
            command(*map(str, arguments)),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str | Path, code: int = 0) -> str:
        """What `ocop` with *arguments* prints; it must end with *code*."""
        child = self.start(*arguments)
        out, _ = child.communicate()
        assert child.returncode == code, out
        return out

    def dump(self) -> list[str]:
        """The content of the library."""
        with Library.open(self.folder, store=self.store) as library:
            return list(library.view(restricted=True).dump())
