"""A library in PostgreSQL whose commands run as processes of their own, and documents for it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from bench.server import command
from corpus.library import Library
from corpus.library.store import HERE, Store
from tests.support.web_library import document_text

#: Settings of the commands: text alone, and no more threads than needed.
_QUIET = {"OCOP_OCR_MODE": "off", "OCOP_SECOND_READER": "false"}


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
