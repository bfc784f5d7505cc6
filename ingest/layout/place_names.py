"""Names of units that OCR read, put right by the gazetteer and by what else the document says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from corpus import gazetteer
from corpus.fold import canonical, letters
from corpus.gazetteer import Level, Unit
from ingest.layout.own_mentions import OwnMentions, one_spelling

#: Kinds that a địa danh without a word for its kind may be of.
_KINDS = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "xã", "phường", "thị trấn", "đặc khu")
#: Letters of a name from which one letter, and two letters, may be misread.
_ONE_SLIP, _TWO_SLIPS = 6, 11
#: What speaks for a name: its own spelling was read; a unit above it is named in the document; it is a province; each
#: of the first three mentions of it in the document.
_READ, _ABOVE, _PROVINCE, _MENTION = 1.5, 2.0, 1.0, 0.5
#: By how much the best name must lead to be chosen.
_LEAD = 0.5


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """What a place's name is taken to be."""

    name: str
    #: Whether gazetteer and document leave no doubt.
    is_sure: bool


def restored_place(read: str, mentions: OwnMentions, *, kind: str | None = None) -> PlaceReading:
    """The name of a unit that OCR read as *read*; the reading itself where the gazetteer has nothing like it.

    kind: ``huyện``, where the document prints it; only units of that kind are then thought of.
    """
    kinds = (kind,) if kind in _KINDS else _KINDS
    units = [unit for one in kinds for unit in gazetteer.named(read, kind=one)]
    is_slip = not units
    if is_slip:
        near = _with_slips(read, kinds) or _without_a_speck(read, kinds)
        units = [u for u in near if _support(u, mentions) or mentions.count(u.name)]
    if not units:
        return PlaceReading(read, is_sure=mentions.count(read) > 1)
    scores = _scores(units, read, mentions)
    best = max(scores, key=lambda name: (scores[name], _likeness(name, read)))
    others = [score for name, score in scores.items() if name != best]
    leads = not others or scores[best] - max(others) >= _LEAD
    if not leads and best != read and canonical(read) in {canonical(name) for name in scores}:
        return PlaceReading(read, is_sure=False)
    is_changed = canonical(best) != canonical(read)
    if is_changed and _is_commune(best, units) and scores[best] < _ABOVE and not mentions.count(best):
        if mentions.spellings(read.split()).get(tuple(read.split()), 0) > 1:
            return PlaceReading(read, is_sure=True)  # written so again and again: a commune that the gazetteer lacks
        leads = False
    if one_spelling(best) == one_spelling(read) and canonical(best).count(" ") == canonical(read).count(" "):
        best = read
    return PlaceReading(best, is_sure=leads and (not is_slip or scores[best] >= 2 * _MENTION))


def _is_commune(name: str, units: Sequence[Unit]) -> bool:
    """Whether all units of that name are communes; provinces and districts are few, and the gazetteer has them all."""
    return all(unit.level is Level.COMMUNE for unit in units if unit.name == name)


def _scores(units: Sequence[Unit], read: str, mentions: OwnMentions) -> dict[str, float]:
    """What speaks for each spelling among the names of *units*."""
    scores: dict[str, float] = {}
    for unit in units:
        score = _support(unit, mentions) + (_PROVINCE if unit.level is Level.PROVINCE else 0.0)
        scores[unit.name] = max(score, scores.get(unit.name, 0.0))
    for name in scores:
        is_read = canonical(name) == canonical(read)
        times = mentions.count(name) - (1 if is_read else 0)
        scores[name] += (_READ if is_read else 0.0) + _MENTION * min(3, max(0, times))
    return scores


def _support(unit: Unit, mentions: OwnMentions) -> float:
    """Whether the document names a unit above this one, with or without its marks."""
    above = [one for one in gazetteer.above(unit) if letters(one.name) != letters(unit.name)]
    return _ABOVE if any(mentions.holds(one.full_name) for one in above) else 0.0


def _with_slips(read: str, kinds: Sequence[str]) -> list[Unit]:
    key = letters(read)
    slips = 0 if len(key) < _ONE_SLIP else 1 if len(key) < _TWO_SLIPS else 2
    if not slips:
        return []
    found: list[Unit] = []
    for kind in kinds:
        for other in gazetteer.keys_of_kind(kind):
            if abs(len(other) - len(key)) <= slips and Levenshtein.distance(key, other, score_cutoff=slips) <= slips:
                found += gazetteer.named(other, kind=kind)
    return found


def _without_a_speck(read: str, kinds: Sequence[str]) -> list[Unit]:
    """Units named like *read* without one of its words, which then is a speck that OCR took for a syllable."""
    words = read.split()
    rests = {" ".join(words[:at] + words[at + 1 :]) for at in range(len(words))} if len(words) > 2 else set()
    return [unit for rest in sorted(rests) for kind in kinds for unit in gazetteer.named(rest, kind=kind)]


def _likeness(name: str, read: str) -> int:
    return -Levenshtein.distance(canonical(name), canonical(read))
