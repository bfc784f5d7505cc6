"""What a settling writes: gathered, and written in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, delete, insert, select, update

from corpus.library.database import chunks, update_rows
from corpus.library.schema import claims, nodes, redirects

#: The name of the parameter that says which row is updated.
_ROW = "row_id"


class SettledRows:
    """The writes of one settling, on its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        #: Names of columns → values of the rows in which they are set.
        self._updates: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
        #: Stubs that are still cited by their name alone; tried again when the names are settled.
        self._late: dict[int, RowMapping] = {}
        self._gone: set[int] = set()

    def update_node(self, node: int, values: Mapping[str, Any]) -> None:
        """Set columns of a node, at the next :meth:`flush`."""
        self._updates[nodes, tuple(values)].append({**values, _ROW: node})

    def update_claim(self, claim: int, values: Mapping[str, Any]) -> None:
        """Set columns of a claim, at the next :meth:`flush`."""
        self._updates[claims, tuple(values)].append({**values, _ROW: claim})

    def flush(self) -> None:
        """Write what was gathered."""
        for (table, _), rows in self._updates.items():
            update_rows(self._connection, table, _ROW, rows)
        self._updates.clear()

    def drop(self, stubs: Iterable[RowMapping], leads_to: Mapping[int, int]) -> set[int]:
        """Delete stubs that nothing means any more, unless people merged them or others into them; those deleted.

        leads_to: the one document that took all mentions of a stub, to which its address leads from now on.
        """
        unused = {int(row["id"]): row for row in stubs if row["merged_into"] is None}
        merged = self._those(nodes.c.merged_into, unused)
        cited = self._those(claims.c.target_id, unused) - merged
        for stub in sorted(cited):  # by its name alone, so it is no longer a law of that name
            self.update_node(stub, {"name_bucket": None})
            self._late[stub] = unused[stub]
        self.flush()
        gone = sorted(set(unused) - merged - cited)
        for stub in gone:
            if stub in leads_to:
                successor = leads_to[stub]
                moved = update(redirects).where(redirects.c.new_id == stub).values(new_id=successor)
                self._connection.execute(moved)
                self._connection.execute(insert(redirects).values(old_id=stub, new_id=successor))
        for part in chunks(gone):
            self._connection.execute(delete(nodes).where(nodes.c.id.in_(part)))
        self._gone |= set(gone)
        return set(gone)

    def drop_late(self) -> set[int]:
        """Try the stubs again that were cited by their name alone; those deleted."""
        late, self._late = list(self._late.values()), {}
        return self.drop(late, {}) if late else set()

    def take_gone(self) -> set[int]:
        """The stubs deleted since the last call."""
        gone, self._gone = self._gone, set()
        return gone

    def _those(self, column: ColumnElement[int], ids: Iterable[int]) -> set[int]:
        """Those of *ids* that are a value of *column* somewhere."""
        found: set[int] = set()
        for part in chunks(sorted(ids)):
            found.update(self._connection.execute(select(column).where(column.in_(part)).distinct()).scalars())
        return found
