"""Numbers one digit apart in one document: a short mention that no full citation backs is likely a misread number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ingest.citations.mention import Mention


def misread_suspects(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions without a date whose number never has one, while a number one digit away has.

    ``39/2012/NĐ-CP`` beside ``59/2012/NĐ-CP ngày 23/7/2012``. They are only to be checked: both may be right.
    """
    dated: set[tuple[str, str | None, str]] = set()
    near: defaultdict[tuple[str, str | None, str], set[str]] = defaultdict(set)
    undated: list[Mention] = []
    for mention in mentions:
        number = mention.number
        if number is None or not number.number.isdigit():
            continue
        if mention.date is None:
            undated.append(mention)
            continue
        dated.add((number.number_key, number.year, number.sym_key))
        for pattern in _patterns(number.number_key):
            near[(pattern, number.year, number.sym_key)].add(number.number_key)
    found = []
    for mention in undated:
        number = mention.number
        assert number is not None
        key = (number.number_key, number.year, number.sym_key)
        if key in dated or len(number.number_key) < 2:
            continue
        if any(near.get((pattern, number.year, number.sym_key)) for pattern in _patterns(number.number_key)):
            found.append(mention)
    return found


def _patterns(digits: str) -> list[str]:
    """The number with each digit in turn left open: ``59`` → ``?9``, ``5?``."""
    return [f"{digits[:i]}?{digits[i + 1 :]}" for i in range(len(digits))]
