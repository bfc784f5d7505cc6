"""The articles of ``../shared/corpora`` as documents. Their words are segmented once and kept under ``out/``."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from corpus.fold import nfc
from corpus.library.indexed import Indexed
from corpus.segment import words as segment_words
from corpus.so_ky_hieu import parse
from search.index.engine_document import EngineDocument, heading, of_words
from search.index.word_cache import WordCache
from search.language.tokens import exact_keys

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpora" / "articles.jsonl.gz"
OUT = ROOT / "out" / "bench"

#: "Điều 36.3.LQ.1. " before the words of a heading.
_NUMBERING = re.compile(r"^Điều\s+[\w.\-Đđ]+\.\s*")
#: Texts of one transaction of the cache, and of one line of progress.
_COMMIT, _PROGRESS = 100, 2_000


def rows(most: int | None = None) -> Iterator[dict[str, Any]]:
    """The articles as they are in the file. Raises FileNotFoundError where the corpus is absent."""
    with gzip.open(CORPUS, "rt", encoding="utf-8") as file:
        for line in islice(file, most):
            yield json.loads(line)


def heading_of(row: dict[str, Any]) -> str:
    """The article's heading without its numbering."""
    return _NUMBERING.sub("", nfc(row["title"])).strip()


def documents(most: int | None = None, *, titles: bool = True) -> list[Indexed]:
    """Each article as a document of the library, ids from 1. titles: whether headings are part of them."""
    made = []
    for id_, row in enumerate(rows(most), 1):
        parsed = parse(row["so_ky_hieu"]) if row["so_ky_hieu"] else None
        article = Indexed(
            id_,
            True,
            kind="administrative",
            title=heading_of(row) if titles else None,
            text=nfc(row["text"]),
            page_starts=[0],
        )
        if parsed:
            article.so_ky_hieu = row["so_ky_hieu"]
            article.number, article.symbol = parsed.number, parsed.symbol
            article.doc_type, article.date = parsed.doc_type, parsed.year
        made.append(article)
    return made


def engine_documents(found: list[Indexed], workers: int = 2) -> list[EngineDocument]:
    """What engines are given. What the cache lacks is segmented, by *workers* processes."""
    texts = ["\n".join(part for part in (heading(document), document.text) if part) for document in found]
    words = _cached_words(texts, workers)
    return [
        of_words(document, ["_".join(exact_keys(word)) for word in own])
        for document, own in zip(found, words, strict=True)
    ]


class _NotCached(Exception):
    """A text whose words are not in the cache."""


def _refuse(_text: str) -> list[str]:
    raise _NotCached


def _cached_words(texts: list[str], workers: int) -> list[list[str]]:
    """The words of each text."""
    OUT.mkdir(parents=True, exist_ok=True)
    missing = []
    with closing(WordCache(OUT / "words.sqlite", _refuse)) as cache:
        for text in texts:
            try:
                cache(text)
            except _NotCached:
                missing.append(text)
    if missing:
        _segment(missing, workers)
    with closing(WordCache(OUT / "words.sqlite", segment_words)) as cache:
        return [cache(text) for text in texts]


def _segment(texts: list[str], workers: int) -> None:
    """Segments *texts* into the cache."""
    with ProcessPoolExecutor(workers) as pool:
        segmented = iter(pool.map(segment_words, texts, chunksize=64))
        with closing(WordCache(OUT / "words.sqlite", lambda _text: next(segmented))) as cache:
            cache.begin()
            for number, text in enumerate(texts, 1):
                cache(text)
                if number % _COMMIT == 0:
                    cache.commit()
                    cache.begin()
                if number % _PROGRESS == 0:
                    print(f"  {number}/{len(texts)} articles segmented", flush=True)
