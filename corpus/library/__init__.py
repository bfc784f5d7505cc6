"""The library: one folder with the originals, the database and (the search room's) index.

::

    originals/<sha256[:2]>/<sha256>   the files as they came
    library.db                        SQLite, WAL; or elsewhere: :class:`corpus.library.store.Store`
    index/                            kept by the search room from :meth:`LibraryView.changes`

Many readers, one writer at a time; some documents a transaction. An open :class:`Library` may be used from several
threads.

Reading::

    with Library.open(folder) as library:
        view = library.view()
        document = view.document(view.find("490/QĐ-TTg")[0].id)
        for edge in view.cites(document.id): ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus.library.library import Library
    from corpus.library.view import LibraryView

__all__ = ["Library", "LibraryView"]


def __getattr__(name: str) -> Any:
    """Import the two classes when they are first used: commands that open no library start without SQLAlchemy."""
    if name == "Library":
        from corpus.library.library import Library

        return Library
    if name == "LibraryView":
        from corpus.library.view import LibraryView

        return LibraryView
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
