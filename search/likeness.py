"""Documents with a text near that of another, by the pairs of adjacent syllables that tell it apart.

The telling pairs of a document are those that it has often and the library seldom. A document is the nearer the more of
their weight (BM25) it has, as a share of what the document itself has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from itertools import islice, pairwise
from math import log

from corpus.library.indexed import Indexed
from search.engine import Engine, EngineQuery, TierPlan
from search.index.engine_document import heading
from search.index.index_fields import PAIR, DocumentState
from search.language.lexicon import Lexicon
from search.language.tokens import exact_keys, pair_key
from search.plan import And, Term, any_of

#: Characters of a text that are looked at.
_MOST_TEXT = 30_000
#: Pairs that are weighed, and those that are looked up.
_TELLING, _LOOKED_UP = 24, 400
#: Of these the telling ones are chosen; a pair that more than this share of the held documents has is none.
_EXAMINED, _COMMON = 2 * _TELLING, 0.7
#: The least likeness of a document that is listed.
_LEAST = 0.15
#: From this share of common pairs on, two texts are the same but for details.
SAME_TEXT = 0.8


@dataclass(frozen=True, slots=True)
class Alike:
    """A document with a near text; likeness from 0 to 1."""

    id: int
    likeness: float


def alike(engine: Engine, lexicon: Lexicon, document: Indexed, limit: int) -> list[Alike]:
    """The held documents whose text is nearest to that of *document*, best first, without itself."""
    pairs = telling_pairs(engine, lexicon, document)
    if not pairs:
        return []
    held = Term("trangthai", DocumentState.HELD.value)
    plan = And((any_of([Term(PAIR, pair) for pair in pairs]), held))
    hits = engine.search(EngineQuery((TierPlan(plan),), limit=limit + 1, counted=False)).hits
    if not hits:
        return []
    own = next((hit.score for hit in hits if hit.id == document.id), hits[0].score)
    found = [Alike(hit.id, min(hit.score / own, 1.0)) for hit in hits if hit.id != document.id]
    return [one for one in found if one.likeness >= _LEAST]


def telling_pairs(engine: Engine, lexicon: Lexicon, document: Indexed) -> list[str]:
    """The pairs of syllables that tell *document* apart, most telling first; pairs of numbers are no subject."""
    keys = exact_keys(f"{heading(document)}\n{document.text[:_MOST_TEXT]}")
    every = Counter(pairwise(keys))
    own = Counter({pair: times for pair, times in every.items() if pair[0].isalpha() and pair[1].isalpha()})
    looked_up = [pair for pair, _ in own.most_common(_LOOKED_UP)]
    times = lexicon.pair_times(looked_up)
    total = max(sum(times.values()), 1)
    # What the library has no oftener than the document itself, nothing else has.
    weights = {pair: own[pair] * log(1 + total / times[pair]) for pair in looked_up if times.get(pair, 0) > own[pair]}
    best = [pair_key(*pair) for pair in sorted(weights, key=lambda pair: (-weights[pair], pair))[:_EXAMINED]]
    most = engine.frequency("trangthai", DocumentState.HELD.value) * _COMMON
    return list(islice((pair for pair in best if engine.frequency(PAIR, pair) <= most), _TELLING))


#: The different pairs of adjacent syllables of a text.
Pairs = Set[tuple[str, str]]


def pairs_of(text: str) -> Pairs:
    """The pairs of a text, as far as it is looked at."""
    return set(pairwise(exact_keys(text[:_MOST_TEXT])))


def common_share(one: Pairs, other: Pairs) -> float:
    """The share of the different pairs of two texts that both have (Jaccard)."""
    common = len(one & other)
    whole = len(one) + len(other) - common
    return common / whole if whole else 0.0
