"""The files that paths of a command line mean: folders are searched; hidden files and links are left out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import UsageError


@dataclass(slots=True)
class Found:
    """The files, and what was left out."""

    #: Absolute, each once, in order.
    files: list[Path] = field(default_factory=list)
    #: The library's folder, where it lies in a folder that was searched.
    library: Path | None = None
    #: Links in folders.
    links: int = 0
    #: Those of them whose target is missing.
    broken: list[Path] = field(default_factory=list)

    @property
    def left_out(self) -> str:
        """What was left out, as sentences; "" for nothing."""
        library = f"Bỏ qua thư mục của kho ({self.library})." if self.library else ""
        return " ".join(words for words in (library, self._links()) if words)

    def _links(self) -> str:
        if not self.links:
            return ""
        words = f"Bỏ qua {self.links} liên kết trong thư mục"
        if self.broken:
            named = ", ".join(str(path) for path in self.broken[:3]) + ("…" if len(self.broken) > 3 else "")
            words += f", trong đó {len(self.broken)} liên kết hỏng ({named})"
        return words + ". Muốn nạp tệp mà liên kết trỏ tới thì ghi thẳng tên liên kết."


def walk(paths: Iterable[Path], library: Path | None = None) -> Found:
    """The files that *paths* mean. Raises UsageError for a path that is not there.

    A folder that contains *library* is searched without it. A path inside the library is taken as it is (files of an
    upload that could not be read).
    """
    found = Found()
    seen: dict[Path, None] = {}
    for path in paths:
        path = Path(os.path.abspath(path))
        if path.is_dir():
            own = _below(path, library)
            found.library = own or found.library
            for file in sorted(path.rglob("*")):
                if own is not None and file.is_relative_to(own):
                    continue
                if any(part.startswith(".") for part in file.relative_to(path).parts):
                    continue
                if file.is_symlink():
                    found.links += 1
                    if not file.exists():
                        found.broken.append(file)
                elif not file.is_dir():  # pipes and the like as well: reading gives the reason
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
    """The path of *library* below *folder*; None where it lies elsewhere."""
    if library is None or not any((library / name).exists() for name in ("library.db", "originals")):
        return None
    inside, outside = library.resolve(), folder.resolve()
    return folder / inside.relative_to(outside) if inside.is_relative_to(outside) else None
