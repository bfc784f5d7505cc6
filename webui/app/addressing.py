"""Which document a person means: ``12`` and ``#12`` are ids, a path is a file, all else is looked up as a number."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from corpus.errors import Ambiguous, NotFound
from webui.app.duplicates import are_indistinguishable

if TYPE_CHECKING:
    from corpus.library import LibraryView
    from corpus.library.values import Summary


class Several(Ambiguous):
    """Several documents match; ``found`` lists them."""

    def __init__(self, words: str, found: list[Summary]) -> None:
        more = "hoặc ghi thêm cơ quan, năm hay ngày."
        if are_indistinguishable(found):
            more = (
                "vì chúng cùng số, cơ quan và năm; nếu là một văn bản thì gộp lại: "
                f"ocop merge {found[0].id} {found[1].id} --reason …"
            )
        super().__init__(
            f"Có {len(found)} văn bản ứng với “{words}”.", f"Hãy chọn một bằng mã, ví dụ #{found[0].id}, {more}"
        )
        self.found = found


def find(library: LibraryView, words: str, *, paths: bool = True) -> list[Summary]:
    """The documents that *words* may name; an existing id names that document only.

    paths: whether a file's path names its document.
    """
    if words.strip().isdigit():
        found = library.find(f"#{words.strip()}")
        if found:
            return found
    if not paths and words.lstrip().startswith(("/", ".", "~")):
        return []
    if paths and os.path.exists(words):
        found = library.find(os.path.abspath(words))
        if found:
            return found
    return library.find(words)


def one(library: LibraryView, words: str, *, paths: bool = True) -> Summary:
    """The one document that *words* name. Raises NotFound, Several."""
    found = find(library, words, paths=paths)
    if not found:
        raise NotFound(f"Không có văn bản nào ứng với “{words}” trong kho.", "Hãy thử `ocop search`.")
    if len(found) > 1:
        raise Several(words, found)
    return found[0]
