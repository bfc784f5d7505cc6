"""A better spelling of a query: syllables that the library does not have, and those that never stand so together.

A syllable is doubtful where it stands beside none of its neighbours anywhere in the library ("cong nhan san phan"). It
and an unknown one are replaced by the syllables one edit away, and the likeliest path through all readings is taken;
for a known syllable another must be much likelier.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.fold import nfc
from search.language import telex
from search.language.diacritics import Bigrams, Readings, best_path
from search.language.tokens import Token, folded_key, tokens

#: How much likelier a path must be for each known syllable that it replaces.
_KEEP_KNOWN = math.log(200.0)
#: Times that a replaced syllable must have been seen beside a neighbour.
_LEAST_SEEN = 3
#: Letters of a syllable that may be doubtful, and syllables of a query that is looked at.
_LEAST_LETTERS, _MOST_SYLLABLES = 3, 16


@dataclass(frozen=True, slots=True)
class SpellingModel:
    """What is asked of a model of the library's words."""

    #: Folded key → its readings as exact keys with the times seen; empty for an unknown syllable.
    readings: Callable[[str], Readings]
    #: Folded key → the folded keys one edit away, most frequent first.
    near: Callable[[str], Sequence[str]]
    bigrams: Bigrams


def corrected(model: SpellingModel, text: str) -> str | None:
    """*text* with wrong syllables corrected and diacritics restored; None where there is nothing better."""
    typed = tokens(text)
    if not 0 < len(typed) <= _MOST_SYLLABLES:
        return None
    own = [_own(model, token) for token in typed]
    wrong = [not readings for readings in own]
    readings = [known or {token.exact: 1} for known, token in zip(own, typed, strict=True)]
    doubtful = [
        not wrong[at] and len(token.folded) >= _LEAST_LETTERS and _stands_nowhere(model, readings, at)
        for at, token in enumerate(typed)
    ]
    others: list[Readings] = [{} for _ in typed]
    for at, token in enumerate(typed):
        if wrong[at] or doubtful[at]:
            others[at] = _others(model, token)
            kept = readings[at] if doubtful[at] or not others[at] else {}
            readings[at] = {**others[at], **kept}
    if not any(others):
        return None
    return _rewritten(text, typed, _chosen(model, typed, readings, others, doubtful))


def _chosen(
    model: SpellingModel,
    typed: Sequence[Token],
    readings: Sequence[Readings],
    others: Sequence[Readings],
    doubtful: Sequence[bool],
) -> list[str]:
    """The likeliest exact keys; a doubtful syllable stays where the other was hardly ever seen beside a neighbour."""

    def bonus(at: int, exact: str) -> float:
        return -_KEEP_KNOWN if doubtful[at] and folded_key(exact) != typed[at].folded else 0.0

    path = best_path(typed, readings, model.bigrams, bonus)
    changed = [at for at, exact in enumerate(path) if doubtful[at] and folded_key(exact) != typed[at].folded]
    if any(_most_seen(model, path, at) < _LEAST_SEEN for at in changed):
        kept = [
            {exact: times for exact, times in own.items() if not doubtful[at] or folded_key(exact) == typed[at].folded}
            for at, own in enumerate(readings)
        ]
        path = best_path(typed, kept, model.bigrams, bonus)
    return path


def _rewritten(text: str, typed: Sequence[Token], path: Sequence[str]) -> str | None:
    """*text* with the syllables of *path*; None where only diacritics differ."""
    if all(folded_key(exact) == token.folded for exact, token in zip(path, typed, strict=True)):
        return None
    parts, at = [], 0
    for token, exact in zip(typed, path, strict=True):
        parts += [text[at : token.start], exact if exact != token.exact else text[token.start : token.end]]
        at = token.end
    return nfc("".join([*parts, text[at:]]))  # a lone combining mark may follow a corrected syllable


def _own(model: SpellingModel, token: Token) -> Readings:
    """The readings of a syllable as typed; empty where the library does not have it, and one for what is no word."""
    if not token.folded.isalpha() or len(token.folded) < 2:
        return {token.exact: 1}
    known = model.readings(token.folded)
    if token.marked and known:
        return {token.exact: known.get(token.exact, 1)}
    return known


def _others(model: SpellingModel, token: Token) -> Readings:
    """What a syllable may be meant for: the one typed in Telex, or those one edit away."""
    meant = telex.decoded(token.exact)
    if meant and meant in model.readings(folded_key(meant)):
        return {meant: model.readings(folded_key(meant))[meant]}
    return {exact: times for near in model.near(token.folded) for exact, times in model.readings(near).items()}


def _stands_nowhere(model: SpellingModel, readings: Sequence[Readings], at: int) -> bool:
    """Whether a syllable has neighbours and was never seen beside any of them."""
    beside = [pair for pair in ((at - 1, at), (at, at + 1)) if pair[0] >= 0 and pair[1] < len(readings)]
    words = [(a, b) for a, b in beside if all(key.isalpha() for key in (*readings[a], *readings[b]))]
    return bool(words) and not any(model.bigrams.pairs(list(readings[a]), list(readings[b])) for a, b in words)


def _most_seen(model: SpellingModel, path: Sequence[str], at: int) -> int:
    """How often a syllable of *path* was seen beside the neighbour it is oftenest beside."""
    pairs = [(path[a], path[a + 1]) for a in (at - 1, at) if 0 <= a < len(path) - 1]
    return max((model.bigrams.pairs([a], [b]).get((a, b), 0) for a, b in pairs), default=0)
