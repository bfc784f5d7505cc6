"""What OCR may make of a text: which of two readings of the same words differ in nothing but the reading.

All compare words as keys: folded, without marks. Figures are excused only where strokes are alike ("l" for 1).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from corpus.fold import clean, fold

Span = tuple[int, int]

#: Letters and figures that OCR takes for one another.
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "8": "b"})
#: Likeness of two words from which OCR may have made one of the other.
_NEAR = 0.6
#: The longest stretch of no known word that a seal or a pen leaves.
_SPECKS = 3
#: Likeness, letters and words from which a stretch that stands elsewhere is the same one.
_MOVED_LIKE, _MOVED_LETTERS, _MOVED_WORDS = 0.8, 8, 2
#: Letters that remain where the end of a line was read twice.
_REMAINS = 3
#: Lines at the edge of a page that may be a running head or foot; likeness and letters from which a piece is of one.
_EDGE_LINES, _RUNNING_LIKE, _RUNNING_LETTERS = 5, 80, 6

_WORD = re.compile(r"[^\W_]+")


def is_same_words(ours: Sequence[str], theirs: Sequence[str], unknown: Sequence[bool]) -> bool:
    """Whether OCR may have made one stretch of the other. unknown: of each word whether it is no Vietnamese syllable.

    Words run together or torn apart, letters of like strokes, specks, and near words of which one is none.
    """
    joined = ["".join(ours), "".join(theirs)]
    if joined[0] == joined[1] or is_read_twice(ours, theirs):
        return True
    figures = [[key for key in side if key.isdigit()] for side in (ours, theirs)]
    words = any(not key.isdigit() for key in (*ours, *theirs))
    if words and joined[0] and joined[0].translate(_ALIKE) == joined[1].translate(_ALIKE):
        return True
    if figures[0] != figures[1]:
        return False
    if not joined[0] or not joined[1]:
        return len(unknown) <= _SPECKS and all(unknown)
    return any(unknown) and Levenshtein.normalized_similarity(*joined) >= _NEAR


def is_read_twice(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether a word is torn in two that overlap: "quốc" read as "quố", "uốc" where a line was cut.

    The letter at the cut may be another.
    """
    short, long = sorted((ours, theirs), key=len)
    if len(short) != 1 or len(long) != 2 or short[0].isdigit():
        return False
    whole, (first, last) = short[0], long
    begins = whole.startswith(first) or (len(first) > 2 and whole.startswith(first[:-1]))
    ends = whole.endswith(last) or (len(last) > 2 and whole.endswith(last[1:]))
    return begins and ends and len(first) + len(last) >= len(whole)


def is_repeat(words: Sequence[str], before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether *words*, which one version alone has, repeat those before or after them: a line's end read twice."""
    own = list(words)
    return not any(key.isdigit() for key in own) and own in (list(before[-len(own) :]), list(after[: len(own)]))


def is_moved(here: Sequence[str], there: Sequence[str]) -> bool:
    """Whether *there* has the words of *here*: OCR read a line out of its order."""
    if min(len(here), len(there)) < _MOVED_WORDS or [k for k in here if k.isdigit()] != [
        k for k in there if k.isdigit()
    ]:
        return False
    joined = "".join(here), "".join(there)
    like = Levenshtein.normalized_similarity(*joined)
    return min(map(len, joined)) >= _MOVED_LETTERS and like >= _MOVED_LIKE


def is_remains(words: Sequence[str], of: Sequence[str]) -> bool:
    """Whether *words* are no more than the end of the last or the beginning of the first of the words *of*."""
    left = "".join(words)
    return not left or (len(left) <= _REMAINS and bool(of) and (of[-1].endswith(left) or of[0].startswith(left)))


def running_lines(texts: Sequence[str], *, tolerant: bool) -> list[list[Span]]:
    """The running heads and feet of versions of one text: lines that stand at the edge of several pages of one of them.

    tolerant: pieces of them, as OCR leaves them, count as well.
    """
    found: list[set[Span]] = [set() for _ in texts]
    for last in (False, True):
        edges = [[_edge_lines(page, start, last=last) for page, start in _pages(text)] for text in texts]
        running: set[str] = set()
        for pages in edges:
            times = Counter(key for lines in pages for key in {key for key, _ in lines})
            running |= {key for key, seen in times.items() if seen > 1 and len(key) >= _RUNNING_LETTERS}
        for own, pages in zip(found, edges, strict=True):
            own.update(span for lines in pages for span in _running(lines, running, tolerant))
    return [sorted(own) for own in found]


def _pages(text: str) -> Iterable[tuple[str, int]]:
    at = 0
    for page in text.split("\f"):
        yield page, at
        at += len(page) + 1


def _edge_lines(page: str, start: int, *, last: bool) -> list[tuple[str, Span]]:
    """The lines nearest to the head or the foot of a page, the outermost first: what they say folded, and where."""
    found = []
    for match in re.finditer(r"[^\n]+", page):
        key = "".join(_WORD.findall(fold(clean(match.group()))))
        if key:
            found.append((key, (start + match.start(), start + match.end())))
    return found[::-1][:_EDGE_LINES] if last else found[:_EDGE_LINES]


def _running(lines: Sequence[tuple[str, Span]], running: set[str], tolerant: bool) -> Iterable[Span]:
    """Those of *lines* that are running ones, from the edge to the first that is none."""
    least = _RUNNING_LETTERS
    for key, span in lines:
        near = tolerant and any(
            fuzz.partial_ratio(key, one) >= _RUNNING_LIKE and least <= len(key) <= len(one) + _REMAINS
            for one in running
        )
        if key not in running and not near:
            return
        least = _REMAINS  # beside a piece that is sure a smaller one is enough
        yield span
