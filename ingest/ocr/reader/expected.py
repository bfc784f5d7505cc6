"""Which syllable the neighbours of a word expect in its place, of those that differ from it in marks alone.

Most wrong letters are a wrong mark, and a word with a wrong mark is often another word: "tiếp cong dân". The counts of
syllable pairs know that "công" stands there; only the ink decides whether it does, so such a word is looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus.fold import canonical, fold
from ingest.ocr.reader.decode import PlacedWord, spoken
from ingest.ocr.reader.pairs import Pairs

# A word whose least certain letter is more certain than this is not looked at; chances are no less than this.
_BEYOND_DOUBT, _LEAST_CHANCE = 0.998, -13.0
_CORE = re.compile(r"[^\W\d_]+")


class Expected(NamedTuple):
    """A text for a word, and how much likelier the neighbours make it than what was read (natural logarithm)."""

    text: str
    by: float


#: Nothing is expected that was not read.
NOTHING = Expected("", 0.0)


def expected(placed: Sequence[PlacedWord], pairs: Pairs) -> list[Expected]:
    """For each word of a line what its neighbours expect; :data:`NOTHING` where it is what was read or nothing else
    was in question."""
    return [_expected(placed, at, pairs) for at in range(len(placed))]


def _expected(placed: Sequence[PlacedWord], at: int, pairs: Pairs) -> Expected:
    letters = placed[at].letters
    if min([letter.confidence for letter in letters]) > _BEYOND_DOUBT:
        return NOTHING
    text = placed[at].text
    here = spoken(text)
    if here is None or here.is_symbol or len(here.words) != 1:
        return NOTHING
    before = spoken(placed[at - 1].text) if at else None
    behind = spoken(placed[at + 1].text) if at + 1 < len(placed) and here.last == here.words[0] else None
    word, last, first = here.words[0], before.last if before else "", behind.words[0] if behind else ""
    read = _score(pairs, last, word, first)
    others = [(_score(pairs, last, other, first), other) for other in _relatives(word, pairs)]
    best, other = max(others, default=(read, word))
    return Expected(_instead(text, other), best - read) if best > read else NOTHING


def _score(pairs: Pairs, before: str, word: str, behind: str) -> float:
    chance = max(_LEAST_CHANCE, pairs.chance(before, word))
    return chance + max(_LEAST_CHANCE, pairs.chance(word, behind)) if behind else chance


@lru_cache(maxsize=1 << 12)
def _relatives(word: str, pairs: Pairs) -> tuple[str, ...]:
    """The words that the counts know with the letters of *word* and other marks; not "hòa" for "hoà"."""
    near = pairs.by_letters.get(fold(word), ())
    return tuple(other for other in near if len(other) == len(word) and canonical(other) != canonical(word))


def _instead(text: str, word: str) -> str:
    """*text* with *word* for its letters; capitals stay."""
    found = _CORE.search(text)
    assert found is not None
    kept = "".join(b.upper() if a.isupper() else b for a, b in zip(found[0], word, strict=True))
    return text[: found.start()] + kept + text[found.end() :]
