"""Where a library outgrows its search engine: it is said, or the index moves to the larger one if settings allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.errors import OcopError
from search.engines import ENGINES, advice

if TYPE_CHECKING:
    from corpus.library import Library
    from search.kept_index import KeptIndex
    from webui.app.settings import Settings


def open_index(settings: Settings, library: Library) -> KeptIndex:
    """The index of *library*, for one that brings it up to date and asks it nothing; opened at its first use."""
    from search.kept_index import KeptIndex

    return KeptIndex(library.folder, library.view(), settings.engine, settings.engine_address)


def look_after(index: KeptIndex, settings: Settings) -> str:
    """Moves the index to the larger engine where it is outgrown and ``grow_engine`` is set; a Vietnamese sentence.

    "" where the engine suits the library. Where ``engine`` names one, that one stays.
    """
    try:
        state = index.state()
    except OcopError:
        return ""  # an index that cannot be used is reported elsewhere
    name, documents = str(state["engine"]), int(state["documents"])
    outgrown = advice(name, documents)
    if not outgrown:
        return ""
    larger = ENGINES[name].larger
    if settings.engine is None and settings.grow_engine:
        index.rebuild(larger)
        moved = f"đã chuyển sang {larger.capitalize()}"
        return f"Kho có {documents} văn bản, vượt mức của máy tìm {name.capitalize()}: {moved}."
    return outgrown
