"""Where a file was met: its path, and for a document inside another file that file's path and the name in it.

Both stand in one text, ``PATH//NAME``: no path that was made canonical has two slashes behind its beginning.
"""

from __future__ import annotations

from corpus.fold import nfc
from corpus.model import Record

_BETWEEN = "//"


def place(path: str, inside: str | None) -> str:
    """The place of the document *inside* the file at *path*, or of that file itself."""
    return nfc(f"{path}{_BETWEEN}{inside}" if inside else path)


def place_of(record: Record) -> str:
    """The place at which the file of *record* was read."""
    return place(record.path, record.inside)


def split_place(text: str) -> tuple[str, str | None]:
    """(path, name inside) of a place."""
    at = text.find(_BETWEEN, 1)
    return (text, None) if at < 0 else (text[:at], text[at + len(_BETWEEN) :] or None)
