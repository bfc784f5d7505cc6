"""Which document a person means: ``12`` and ``#12`` are ids, all else is for :mod:`corpus.library.lookup`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from corpus.errors import Ambiguous, NotFound
from webui.app.duplicates import are_one

if TYPE_CHECKING:
    from corpus.library import LibraryView
    from corpus.library.values import Summary


class Several(Ambiguous):
    """Several documents match; ``found`` lists them."""

    def __init__(self, said: str, found: list[Summary]) -> None:
        more = "hoặc ghi thêm cơ quan, năm hay ngày."
        if are_one(found):
            more = (
                "vì chúng cùng số, cơ quan và năm; nếu là một văn bản thì gộp lại: "
                f"ocop merge {found[0].id} {found[1].id} --reason …"
            )
        super().__init__(
            f"Có {len(found)} văn bản ứng với “{said}”.", f"Hãy chọn một bằng mã, ví dụ #{found[0].id}, {more}"
        )
        self.found = found


def find(library: LibraryView, said: str, *, paths: bool = True) -> list[Summary]:
    """The documents *said* may name; an id that exists is that document alone. paths: it may be a file's path."""
    if said.strip().isdigit():
        found = library.find(f"#{said.strip()}")
        if found:
            return found
    if not paths and said.lstrip().startswith(("/", ".", "~")):
        return []
    if paths and os.path.exists(said):
        found = library.find(os.path.abspath(said))
        if found:
            return found
    return library.find(said)


def one(library: LibraryView, said: str, *, paths: bool = True) -> Summary:
    """The one document *said* names. Raises NotFound, Several."""
    found = find(library, said, paths=paths)
    if not found:
        raise NotFound(f"Không có văn bản nào ứng với “{said}” trong kho.", "Hãy thử `ocop search`.")
    if len(found) > 1:
        raise Several(said, found)
    return found[0]
