"""Vietnamese words of several syllables (``tập huấn``) by underthesea, made safe for documents.

underthesea 9.5 cuts a số hiệu to pieces, takes quadratic time on ``1.1.1.1…``, and rewrites some letters, so that its
tokens are no spans of the text. Therefore numbers and dates are masked first, long lines are cut, runs of dots and
symbols are left out, and only words are returned, never offsets.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from corpus.fold import clean
from corpus.so_ky_hieu import PATTERN

#: Characters given to underthesea at once; its time grows with the square of the dots in a line.
MAX_LINE = 500
#: Characters of one document that are segmented; the rest of it is found by its syllables.
MAX_TEXT = 400_000
#: Short texts are what people ask for, again with each page and filter: the words of so many are remembered.
_SHORT, _REMEMBERED = 200, 4096
#: The same of short pieces of texts, such as names of agencies and of kinds of documents.
_SHORT_PIECE, _PIECES_REMEMBERED = 80, 4096

_DATE = re.compile(r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}")
# What no word is made of: dotted or dashed lines, digits and symbols, runs of characters too long for a word.
_RUBBISH = re.compile(r"(?:\S{0,3}[.…_*=~|<>\-]){4,}\S*|\S{40,}|[\d.,:/%+()\[\]{}]{2,}")
# A line that opens a list ends the sentence before it. The lookahead is bounded, as a page may be mostly blank.
_SENTENCE = re.compile(r"[.;:!?]\s|[\n\f](?=\s{0,40}[-+*•])")
_WORD = re.compile(r"[^\W\d_]+(?:\s[^\W\d_]+)+")
_loading = threading.Lock()


@cache
def _tokenizer() -> Callable[[str], list[str]]:
    """underthesea's tokenizer, loaded on first use; the handlers that it adds to the root logger are removed."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    from underthesea.pipeline.word_tokenize import word_tokenize

    def tokenize(sentence: str) -> list[str]:
        return list(word_tokenize(sentence))

    tokenize("văn bản")  # loads the model, which may add handlers as well
    for handler in list(root.handlers):
        if handler not in before:
            root.removeHandler(handler)
    root.setLevel(level)
    return tokenize


def pieces(text: str) -> Iterator[str]:
    """The parts of a text that are given to underthesea: sentences with numbers masked, none longer than MAX_LINE."""
    masked = _DATE.sub(" . ", PATTERN.sub(" . ", clean(text[:MAX_TEXT])))
    for sentence in _SENTENCE.split(masked):
        line = " ".join(_RUBBISH.sub(" , ", sentence).split())
        while len(line) > MAX_LINE:
            cut = line.rfind(" ", 0, MAX_LINE)
            cut = cut if cut > 0 else MAX_LINE
            yield line[:cut]
            line = line[cut:].strip()
        if any(char.isalpha() for char in line):
            yield line


def words(text: str) -> list[str]:
    """The words of several syllables in a text, as written and in order: ``["Ủy ban", "tập huấn", …]``.

    Words of one syllable are left out, as syllables are indexed by themselves. A line break does not split a word.
    """
    return list(_words_of_short(text)) if len(text) <= _SHORT else _words(text)


@lru_cache(maxsize=_REMEMBERED)
def _words_of_short(text: str) -> tuple[str, ...]:
    return tuple(_words(text))


def _words(text: str) -> list[str]:
    found: list[str] = []
    for piece in pieces(text):
        found += _words_of_short_piece(piece) if len(piece) <= _SHORT_PIECE else _words_of_piece(piece)
    return found


@lru_cache(maxsize=_PIECES_REMEMBERED)
def _words_of_short_piece(piece: str) -> tuple[str, ...]:
    return tuple(_words_of_piece(piece))


def _words_of_piece(piece: str) -> list[str]:
    with _loading:
        tokenize = _tokenizer()
    return [token for token in tokenize(piece) if " " in token and _WORD.fullmatch(token)]
