"""Counts syllables and pairs of them in statute articles for :mod:`ingest.ocr.reader.pairs`."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from ingest.ocr.reader.pairs import STEPS
from ingest.syllables import is_syllable

#: What is counted: runs of letters, and the marks that end a clause (after them anything may follow).
TOKEN = re.compile(r"[^\W\d_]+|[.;:,]")
#: Words and pairs seen less often say nothing; the file stays small.
_LEAST_WORD, _LEAST_PAIR = 3, 3


def tokens(path: Path) -> Iterator[list[str]]:
    """The tokens of each article (JSON lines, gzip), in lower case: title, then text."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            text = unicodedata.normalize("NFC", f"{article['title']}. {article['text']}").lower()
            yield TOKEN.findall(text)


def count(articles: Iterable[list[str]], path: Path) -> tuple[int, int]:
    """Write the counts of *articles* to *path*; how many words and pairs are in it."""
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for article in articles:
        words.update(article)
        pairs.update(pairwise(article))
    kept = sorted(w for w, n in words.items() if n >= _LEAST_WORD and (is_syllable(w) or n >= 30 or len(w) == 1))
    number = {word: at for at, word in enumerate(kept)}
    keys = sorted(
        (number[a] * len(kept) + number[b], n)
        for (a, b), n in pairs.items()
        if n >= _LEAST_PAIR and a in number and b in number
    )
    gaps = np.diff([key for key, _ in keys], prepend=0).astype(np.uint32)
    np.savez_compressed(
        path,
        words=np.frombuffer("\n".join(kept).encode("utf-8"), np.uint8),
        counts=_packed([words[w] for w in kept]),
        gaps=gaps,
        pairs=_packed([n for _, n in keys]),
    )
    return len(kept), len(keys)


def _packed(counts: list[int]) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.minimum(255, np.rint(np.log1p(counts) * STEPS)).astype(np.uint8)
