"""The rows of the known-documents tables in one bucket: most are no document that anything in a library means.

Which rows may be one document with given items is told by what the steps of :mod:`corpus.resolution.bucket` compare:
group key and year, full dates, ký hiệu. The clusters of the other rows are the same whatever else a bucket has.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

from corpus import identity
from corpus.identity import Facts
from corpus.resolution.clusters import Cluster, Item, order
from corpus.resolution.grouping import group_key

#: Characters of a full date.
_FULL = len("2024-01-31")


class TableRows:
    """Some rows, all of one bucket. clustered: the clusters of items by themselves.

    What is given out of rows is shared, and must not be changed.
    """

    def __init__(self, rows: Iterable[Item], clustered: Callable[[list[Item]], list[Cluster]]) -> None:
        self._clustered = clustered
        self._rows = sorted(rows, key=order)
        #: Whether each row says all that identifies a document: only then are they told apart.
        self._complete = all(_is_complete(row.facts) for row in self._rows)
        #: Group key → year → places of rows; full date → places of rows.
        self._by_group: dict[tuple[str, str, str], dict[str, list[int]]] = {}
        self._by_date: dict[str, list[int]] = {}
        for at, row in enumerate(self._rows):
            years = self._by_group.setdefault(group_key(row.facts), {})
            years.setdefault(str(row.facts.year), []).append(at)
            if row.facts.date and len(row.facts.date) == _FULL:
                self._by_date.setdefault(row.facts.date, []).append(at)
        #: For each row the first of the part that it is in: rows of several parts are never one document.
        self._part = self._joined()
        self._clusters: dict[int, list[Cluster]] = {}

    def _joined(self) -> list[int]:
        """The parts: rows of one identity, or of one date, are in one."""
        part = list(range(len(self._rows)))
        together = [several for years in self._by_group.values() for several in years.values() if len(several) > 1]
        together += [several for several in self._by_date.values() if len(several) > 1]
        changed = bool(together)
        while changed:
            changed = False
            for several in together:
                least = min(part[at] for at in several)
                for at in several:
                    changed |= part[at] != least
                    part[at] = least
        return part

    def parts_near(self, items: Iterable[Item]) -> set[int]:
        """The parts with a row that may be one document with one of *items*."""
        if not self._complete:
            return set(self._part)
        facts = {id(item.facts): item.facts for item in items if item.facts.sym_key}
        return {self._part[at] for one in facts.values() for at in self._near(one)}

    def _near(self, facts: Facts) -> Iterator[int]:
        """The rows that may be the document that *facts* are of."""
        if facts.year:
            years = self._by_group.get(group_key(facts), {})
            yield from years.get(facts.year, ())
            if facts.date and len(facts.date) == _FULL:
                yield from self._by_date.get(facts.date, ())
                for at in (at for several in years.values() for at in several):
                    if identity.one_slip(facts.date, self._rows[at].facts.date or ""):
                        yield at
        if not _is_complete(facts):  # they are placed by their ký hiệu
            yield from (at for at, row in enumerate(self._rows) if _shares_symbol(facts, row.facts))

    def rows(self, parts: set[int]) -> list[Item]:
        """The rows of these parts."""
        return [row for row, part in zip(self._rows, self._part, strict=True) if part in parts]

    def clusters_beside(self, parts: set[int], only: Container[str | None] | None = None) -> list[Cluster]:
        """The clusters of the rows that are in none of *parts*; *only* those of rows with these keys."""
        wanted = {
            part
            for row, part in zip(self._rows, self._part, strict=True)
            if part not in parts and (only is None or row.source in only)
        }
        return [cluster for part in sorted(wanted) for cluster in self._of_part(part)]

    def _of_part(self, part: int) -> list[Cluster]:
        found = self._clusters.get(part)
        if found is None:
            found = self._clusters[part] = self._clustered(self.rows({part}))
        return found


def _is_complete(facts: Facts) -> bool:
    return bool(facts.sym_key and facts.issuer_known and facts.year)


def _shares_symbol(facts: Facts, row: Facts) -> bool:
    return facts.sym_key == row.sym_key or identity.within_symbol(facts.symbol or "", row.symbol or "")
