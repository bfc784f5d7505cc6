"""Vietnamese names of persons: a surname of the table and one to five capitalised syllables."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz.distance import Levenshtein

from corpus.fold import canonical, fold
from corpus.tables import rows
from ingest.data import DATA
from ingest.layout.signer_titles import is_like_a_title
from ingest.syllables import is_syllable

_MAX_SYLLABLES, _MAX_SYLLABLE_LETTERS = 6, 7
#: Letters of a word before a name that are specks of a seal; letters of a surname in which one may be misread.
_SPECK, _LONG_SURNAME = 2, 5
#: No name is so long; a whole page may be one line.
_MAX_LINE = 200
# Words in capitals that go on with an agency's name ("… ĐIỀU PHỐI / NÔNG THÔN MỚI TỈNH") and are in no person's.
_AGENCY_WORDS = re.compile(r"\b(va|tinh|huyen|thi xa|thanh pho|xa|phuong|nha nuoc|nong thon|phong|so|bo|ban|cuc)\b")


@cache
def _surnames() -> frozenset[str]:
    return frozenset(canonical(r["surname"]) for r in rows("surnames", DATA))


@cache
def _name_syllables() -> tuple[frozenset[str], frozenset[str]]:
    """The common syllables of given and middle names, with their marks and without."""
    syllables = [canonical(r["syllable"]) for r in rows("name_syllables", DATA)]
    return frozenset(syllables), frozenset(fold(one) for one in syllables)


def has_doubtful_marks(name: str) -> bool:
    """Whether a syllable behind the surname is no common one, but would be with other marks (``Đỉnh`` for Đình)."""
    marked, folded = _name_syllables()
    known = marked | _surnames()  # a mother's surname is a common middle name
    return any(canonical(part) not in known and fold(part) in folded for part in name.split()[1:])


def person_of(text: str) -> tuple[str, int] | None:
    """(name, its offset) of the first person's name in *text*; None where there is none."""
    words = list(re.finditer(r"[^\W\d_]+", text))
    for first, word in enumerate(words):
        surname = _surname_in(word.group())
        if surname is None:
            continue
        syllables = []
        for following in words[first + 1 : first + _MAX_SYLLABLES + 2]:
            syllable = following.group()
            if not syllable[:1].isupper() or len(syllable) > _MAX_SYLLABLE_LETTERS:
                break
            syllables.append(syllable)
        parts = [surname, *syllables]
        if _is_name(parts):
            name = " ".join(p.capitalize() if p.isupper() else p for p in parts)
            is_agency = (text.isupper() or len(parts) == 2) and _AGENCY_WORDS.search(fold(name))
            if not is_like_a_title(name) and not is_agency:
                return name, word.end() - len(surname)
    return None


def _surname_in(word: str) -> str | None:
    """The surname a word is, or ends with behind a speck or two ("WPhạm"); None where it is none."""
    if canonical(word) in _surnames():
        return word
    if word.isupper() and len(word) > 1:
        return None
    ends = (word[i:] for i in (1, 2))
    return next((end for end in ends if canonical(end) in _surnames() and end[:1].isupper()), None)


def _is_name(parts: list[str]) -> bool:
    """Whether surname and syllables make a name: of a sensible length, and written in one way throughout."""
    if not 2 <= len(parts) <= _MAX_SYLLABLES or sum(len(p) > 1 for p in parts) < 2:
        return False
    return all(p.isupper() for p in parts) or not any(p.isupper() and len(p) > 1 for p in parts)


def is_name_line(text: str) -> bool:
    """Whether a line is a person's name and little else."""
    if len(text) > _MAX_LINE:
        return False
    person = person_of(text)
    return person is not None and len(text.strip()) <= len(person[0]) + 8


def combined_readings(first: str, second: str) -> str:
    """One name from two readings of a line.

    The first reader sees marks better, the second one letters under ink: ``Đỉnh Trọng Nghĩa`` and ``Đinh Trong Nghĩa``
    give ``Đinh Trọng Nghĩa``. The first one's syllable counts where both have the same letters, except for a surname
    that is none.
    """
    a, b = (re.findall(r"[^\W\d_]+", t) for t in (first, second))
    if len(a) != len(b):
        return second
    combined = []
    for index, (one, other) in enumerate(zip(a, b, strict=True)):
        same = fold(one) == fold(other) and is_syllable(one.lower())
        surname = index > 0 or canonical(one) in _surnames() or canonical(other) not in _surnames()
        combined.append(one if same and surname else other)
    return " ".join(combined)


def _ends_so(surname: str, rest: str) -> bool:
    """Whether *rest* is a surname without its first letter, or without two where three and more are left."""
    return surname[1:] == rest or (len(rest) >= 3 and surname[2:] == rest)


@cache
def _surnames_by_letters() -> dict[str, list[str]]:
    """The surnames by their letters without marks."""
    found: dict[str, list[str]] = {}
    for surname in _surnames():
        found.setdefault(fold(surname), []).append(surname)
    return found


def with_surname(text: str) -> str | None:
    """``Nguyên Hải Yến`` → ``Nguyễn Hải Yến``: the first syllable on a scan is no surname, and one surname is near it.

    Near are other marks, and one other letter in a surname of five and more; small letters read as capitals ("LỆ Hoàng
    Anh") are put right too. None where nothing is to be put right.
    """
    words = list(re.finditer(r"[^\W\d_]+", text))
    begins = words[: 2 if words and len(words[0].group()) <= _SPECK else 1]
    for word, following in zip(begins, words[1:], strict=False):
        near = _near_surnames(word.group())
        is_misread = word.group().istitle() and canonical(word.group()) not in _surnames()
        is_raised = word.group().isupper() and len(word.group()) > 1
        is_name = following.group().istitle() and (is_misread or is_raised)
        if not is_name or len(near) != 1:
            continue
        restored = text[: word.start()] + near[0].capitalize() + text[word.end() :]
        person = person_of(restored)
        if person is not None and person[1] == word.start() and not _AGENCY_WORDS.search(fold(person[0])):
            return restored
    return None


def _near_surnames(syllable: str) -> list[str]:
    key = fold(syllable)
    by_letters = _surnames_by_letters()
    if key in by_letters or len(key) < _LONG_SURNAME:
        return by_letters.get(key, [])
    return [s for k, found in by_letters.items() if Levenshtein.distance(k, key, score_cutoff=1) <= 1 for s in found]


def with_first_letter(text: str) -> str | None:
    """``guyễn Hải Yến`` → ``Nguyễn Hải Yến``: a seal covers the first letters, and only one surname ends so."""
    words = re.findall(r"[^\W\d_]+", text)
    for at in range(len(words) - 2):
        if not words[at][:1].islower() or len(words[at]) < 2:
            continue
        fitting = [s for s in _surnames() if _ends_so(s, canonical(words[at]))]
        restored = " ".join([fitting[0].capitalize(), *words[at + 1 :]]) if len(fitting) == 1 else ""
        if restored and is_name_line(restored) and len(words[at + 1 :]) in {2, 3}:
            return restored
    return None
