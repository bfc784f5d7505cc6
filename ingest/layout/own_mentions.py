"""How a document writes a name elsewhere: its own mentions show case and marks that OCR of capitals lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from corpus.fold import canonical, clean, letters

#: Characters of a document that are searched, from its start and from its end.
_HEAD, _TAIL = 40_000, 10_000
#: Letters of a name from which a mention may differ by one.
_MIN_SLIP_LETTERS = 8
_TOKEN = re.compile(r"[^\W_]+(?:['’°?][^\W_]+)*")


@dataclass(slots=True)
class OwnMentions:
    """A document's text, prepared to be searched for names whatever their case and marks."""

    text: str
    _tokens: list[tuple[str, str]] = field(init=False, default_factory=list)
    _places: dict[str, list[int]] = field(init=False, default_factory=dict)
    _flat: str = field(init=False, default="")

    def __post_init__(self) -> None:
        text = clean(self.text if len(self.text) <= _HEAD + _TAIL else self.text[:_HEAD] + "\n" + self.text[-_TAIL:])
        self._tokens = [(letters(m.group()), m.group()) for m in _TOKEN.finditer(text)]
        for at, (key, _) in enumerate(self._tokens):
            self._places.setdefault(key, []).append(at)
        self._flat = "".join(key for key, _ in self._tokens)

    def holds(self, name: str) -> bool:
        """Whether the letters of *name* stand anywhere in the text, whatever the spaces and marks."""
        return letters(name) in self._flat

    def spellings(self, words: Sequence[str], *, slips: bool = False) -> Counter[tuple[str, ...]]:
        """How often each spelling of a run of words stands in the text in mixed case: words as printed → times.

        slips: whether one letter of the whole run may differ.
        """
        keys = [letters(word) for word in words]
        found: Counter[tuple[str, ...]] = Counter()
        if not all(keys):
            return found
        for at in self._starts(keys, slips):
            run = self._tokens[at : at + len(keys)]
            printed = tuple(word for _, word in run)
            if not _in_capitals(printed) and self._matches(keys, [key for key, _ in run], slips):
                found[printed] += 1
        return found

    def _starts(self, keys: Sequence[str], slips: bool) -> Iterator[int]:
        """Where a run may begin: at its first word, or one word before its second."""
        starts = set(self._places.get(keys[0], ()))
        if slips and len(keys) > 1:
            starts |= {at - 1 for at in self._places.get(keys[1], ()) if at > 0}
        yield from (at for at in sorted(starts) if at + len(keys) <= len(self._tokens))

    @staticmethod
    def _matches(keys: Sequence[str], run: Sequence[str], slips: bool) -> bool:
        if list(keys) == list(run):
            return True
        joined = "".join(keys)
        return slips and len(joined) >= _MIN_SLIP_LETTERS and Levenshtein.distance(joined, "".join(run)) <= 1

    def count(self, name: str) -> int:
        """How often a name stands in the text in this spelling, but for case and the two spellings of Đắk."""
        tokens = [m.group() for m in _TOKEN.finditer(clean(name))]
        wanted = [one_spelling(word) for word in tokens]
        return sum(
            [one_spelling(word) for _, word in self._tokens[at : at + len(wanted)]] == wanted
            for at in self._places.get(letters(tokens[0]) if tokens else "", ())
        )


def one_spelling(name: str) -> str:
    """A name in lower case without spaces and apostrophes, with one of the spellings of Đắk that offices mix."""
    return re.sub(r"[\W_]", "", re.sub(r"đ(?:ăk|ăc|ắc)\b", "đắk", canonical(name)))


def _in_capitals(words: Sequence[str]) -> bool:
    """Whether more than half of the letters are capitals, so that the case says nothing."""
    flat = [c for word in words for c in word if c.isalpha()]
    return sum(c.isupper() for c in flat) * 2 > len(flat)
