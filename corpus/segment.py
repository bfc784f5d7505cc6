"""Vietnamese words (``tập huấn`` is one) by underthesea, made safe for documents.

Three things it cannot be trusted with (measured, underthesea 9.5): it cuts a số hiệu to pieces, it is quadratic on
``1.1.1.1…``, and it rewrites some letters, so that its tokens are no spans of the text. Hence numbers and dates are
masked first, long lines are cut and rubbish left out, and only words come out, never offsets.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from functools import cache

from corpus.fold import clean
from corpus.so_ky_hieu import PATTERN

#: Characters given to underthesea at once. Its cost grows with the square of a line's dotted rubbish.
MAX_LINE = 500
#: Characters of one document that are segmented; what follows is found by its syllables.
MAX_TEXT = 400_000

_DATE = re.compile(r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}")
# What no word is made of: dotted or dashed rubbish, digits and symbols, runs without a space too long for a word.
_RUBBISH = re.compile(r"(?:\S{0,3}[.…_*=~|<>\-]){4,}\S*|\S{40,}|[\d.,:/%+()\[\]{}]{2,}")
# A line that opens a list ends the one before it. The look ahead is bounded: a page may be blank for miles.
_SENTENCE = re.compile(r"[.;:!?]\s|[\n\f](?=\s{0,40}[-+*•])")
_WORD = re.compile(r"[^\W\d_]+(?:\s[^\W\d_]+)+")
_loading = threading.Lock()


@cache
def _tokenizer() -> Callable[[str], list[str]]:
    """underthesea's tokenizer, loaded on first use; the handler it hangs on the root logger is taken off again."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    from underthesea.pipeline.word_tokenize import word_tokenize

    def tokenize(sentence: str) -> list[str]:
        return list(word_tokenize(sentence))

    tokenize("văn bản")  # loads the model, which may add a handler as well
    for handler in list(root.handlers):
        if handler not in before:
            root.removeHandler(handler)
    root.setLevel(level)
    return tokenize


def pieces(text: str) -> Iterator[str]:
    """The parts of a text that are given to the segmenter: sentences, unmasked matter taken out, none over MAX_LINE."""
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

    Words of one syllable are left out (a syllable index has them). Hard line breaks do not part a word.
    """
    with _loading:
        tokenize = _tokenizer()
    found: list[str] = []
    for piece in pieces(text):
        found.extend(token for token in tokenize(piece) if " " in token and _WORD.fullmatch(token))
    return found
