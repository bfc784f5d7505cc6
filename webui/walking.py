"""Which files a command line means: folders gone through; hidden files and links left aside, links counted."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import UsageError


@dataclass(slots=True)
class Found:
    """files: absolute, each once, in order. links: left aside in folders; broken: those of them that lead nowhere."""

    files: list[Path] = field(default_factory=list)
    links: int = 0
    broken: list[Path] = field(default_factory=list)

    @property
    def aside(self) -> str:
        """What was left aside, as a sentence; "" for nothing."""
        if not self.links:
            return ""
        said = f"Bỏ qua {self.links} liên kết trong thư mục"
        if self.broken:
            named = ", ".join(str(path) for path in self.broken[:3]) + ("…" if len(self.broken) > 3 else "")
            said += f", trong đó {len(self.broken)} liên kết hỏng ({named})"
        return said + ". Muốn nạp tệp mà liên kết trỏ tới thì ghi thẳng tên liên kết."


def walk(paths: Iterable[Path]) -> Found:
    """The files meant by *paths*. Raises UsageError for a path that is not there."""
    found = Found()
    seen: dict[Path, None] = {}
    for path in paths:
        path = Path(os.path.abspath(path))
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                if any(part.startswith(".") for part in file.relative_to(path).parts):
                    continue
                if file.is_symlink():
                    found.links += 1
                    if not file.exists():
                        found.broken.append(file)
                elif not file.is_dir():  # pipes and the like as well: the reader says what they are
                    seen[file] = None
        elif path.exists():
            seen[path] = None
        elif path.is_symlink():
            raise UsageError(f"Liên kết “{path}” hỏng: không còn tệp nó trỏ tới.", "Hãy kiểm tra lại đường dẫn.")
        else:
            raise UsageError(f"Không có tệp hay thư mục “{path}”.", "Hãy kiểm tra lại đường dẫn.")
    found.files = list(seen)
    return found
