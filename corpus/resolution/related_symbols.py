"""Which ký hiệu of one number may be one document's: rows of the tables with another do not matter to what is cited."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from corpus.fold import letters
from corpus.identity import symbol_parts, within_symbol
from corpus.resolution.clusters import Item

#: Buckets whose ký hiệu are remembered.
_KEPT = 10_000


def _may_be_one(a: str, b: str) -> bool:
    """Whether they are equal, or one is the other with parts left out."""
    if letters(a) == letters(b):
        return True
    return len(symbol_parts(a)) != len(symbol_parts(b)) and (within_symbol(a, b) or within_symbol(b, a))


@lru_cache(_KEPT)
def _families(symbols: frozenset[str]) -> list[frozenset[str]]:
    """Those that may be one, directly or through others."""
    families: list[frozenset[str]] = []
    for symbol in symbols:
        near = [family for family in families if any(_may_be_one(symbol, other) for other in family)]
        families = [family for family in families if family not in near] + [frozenset({symbol}).union(*near)]
    return families


def related(symbols: frozenset[str], items: Iterable[Item], shown: Iterable[str] = ()) -> frozenset[str] | None:
    """Those of *symbols*, the ký hiệu of a bucket's rows, whose rows may matter to what *items* mean; None for all.

    shown: ký hiệu of rows that are to be shown in any case. All matter to a bare number, which may mean any row, and
    beside what is withheld, which must not be given the key of one.
    """
    wanted = set(shown)
    for item in items:
        if not item.facts.sym_key or item.restricted or item.hidden_votes:
            return None
        wanted.add(item.facts.symbol or "")
    near = (
        family for family in _families(symbols) if any(_may_be_one(one, other) for one in family for other in wanted)
    )
    return frozenset().union(*near)
