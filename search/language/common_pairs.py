"""Pairs of adjacent syllables that are both common (``search/data/common_syllables.tsv``).

Documents that have such a pair are few beside those that have both syllables, so a phrase is looked for in them alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from corpus.tables import rows
from search.data import DATA
from search.language.tokens import pair_key


@cache
def _common() -> frozenset[str]:
    return frozenset(row["syllable"] for row in rows("common_syllables", DATA))


def common_pairs(folded: Sequence[str]) -> list[str]:
    """The pairs of adjacent folded keys that are both common, in order."""
    common = _common()
    return [pair_key(first, second) for first, second in pairwise(folded) if first in common and second in common]
