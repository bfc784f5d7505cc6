"""What is hidden: documents of restricted circulation, and documents that only such ones cite.

A document marked LƯU HÀNH NỘI BỘ or XEM XONG TRẢ LẠI (Nghị định 30/2020/NĐ-CP, phụ lục I) is kept but shown to the
signed-in alone. This is the only module that decides it: :class:`corpus.library.view.LibraryView` asks :func:`visible`
once, and every query of a view carries the answer.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, true

from corpus.fold import letters
from corpus.library.schema import nodes

_MARKS = {"LUUHANHNOIBO", "XEMXONGTRALAI"}


def is_restricted(circulation: str | None) -> bool:
    """Whether a phạm vi lưu hành as printed restricts who may see the document."""
    return letters(circulation or "") in _MARKS


@cache
def visible(restricted: bool) -> ColumnElement[bool]:
    """The condition that a row of ``nodes`` may be shown; *restricted*: to those who may see restricted documents.

    The same object for the same answer, so that queries made with it can be kept.
    """
    return true() if restricted else nodes.c.restricted.is_(False)
