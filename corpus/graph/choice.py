"""Which graph answers for a library: one held in memory, or its tables where they are large or on a server.

In memory a million citations take some 200 MB in every process that asks. Where several processes share a library on a
server, none of them needs a graph of its own.
"""

from __future__ import annotations

from sqlalchemy import func, select

from corpus.graph.graph import Graph
from corpus.graph.stored_graph import StoredGraph
from corpus.library import LibraryView
from corpus.library.schema import mentions

#: Mentions up to which a library in a file has its graph in memory.
MOST_IN_MEMORY = 2_000_000


def graph_of(view: LibraryView) -> Graph:
    """The graph of what *view* shows; call its ``refresh`` before use, as of every graph."""
    return StoredGraph(view) if view.is_shared or _mentions(view) > MOST_IN_MEMORY else Graph(view)


def _mentions(view: LibraryView) -> int:
    """About how many mentions are stored: the last id, found without counting."""
    with view.reading() as connection:
        return int(connection.execute(select(func.max(mentions.c.id))).scalar() or 0)
