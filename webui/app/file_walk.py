"""Which files a command line means: folders gone through; hidden files and links left aside, links counted."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import UsageError


@dataclass(slots=True)
class Found:
    """files: absolute, each once, in order. links: left aside in folders; broken: those of them that lead nowhere.

    kept_out: the library's folder, where it lies in a folder that was gone through.
    """

    files: list[Path] = field(default_factory=list)
    kept_out: Path | None = None
    links: int = 0
    broken: list[Path] = field(default_factory=list)

    @property
    def aside(self) -> str:
        """What was left aside, as sentences; "" for nothing."""
        own = f"Bỏ qua thư mục của kho ({self.kept_out})." if self.kept_out else ""
        return " ".join(said for said in (own, self._links()) if said)

    def _links(self) -> str:
        if not self.links:
            return ""
        said = f"Bỏ qua {self.links} liên kết trong thư mục"
        if self.broken:
            named = ", ".join(str(path) for path in self.broken[:3]) + ("…" if len(self.broken) > 3 else "")
            said += f", trong đó {len(self.broken)} liên kết hỏng ({named})"
        return said + ". Muốn nạp tệp mà liên kết trỏ tới thì ghi thẳng tên liên kết."


def walk(paths: Iterable[Path], library: Path | None = None) -> Found:
    """The files meant by *paths*. Raises UsageError for a path that is not there.

    A folder that holds *library* is gone through without it: originals are no further places of their papers, pictures
    of pages no papers. What is named inside it is meant (files of an upload that got stuck).
    """
    found = Found()
    seen: dict[Path, None] = {}
    for path in paths:
        path = Path(os.path.abspath(path))
        if path.is_dir():
            own = _below(path, library)
            found.kept_out = own or found.kept_out
            for file in sorted(path.rglob("*")):
                if own is not None and file.is_relative_to(own):
                    continue
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


def _below(folder: Path, library: Path | None) -> Path | None:
    """*library* as it is met when *folder* is gone through; None where it lies elsewhere."""
    if library is None or not (library / "library.db").is_file():
        return None
    inside, outside = library.resolve(), folder.resolve()
    return folder / inside.relative_to(outside) if inside.is_relative_to(outside) else None
