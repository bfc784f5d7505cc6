"""The articles of ../shared/corpora as documents, their words segmented once and kept under out/."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from corpus.fold import nfc
from corpus.library.indexed import Indexed
from corpus.segment import words as segment_words
from corpus.so_ky_hieu import parse
from search.index.engine_document import EngineDocument, engine_document, text_with_heading
from search.index.word_cache import WordCache

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpora" / "articles.jsonl.gz"
OUT = ROOT / "out" / "bench"

# "Điều 36.3.LQ.1. Thanh niên": what comes before the heading's words.
_NUMBERING = re.compile(r"^Điều\s+[\w.\-Đđ]+\.\s*")


def rows(most: int | None = None) -> Iterator[dict[str, Any]]:
    """The articles as they are in the file. Raises FileNotFoundError where the corpus is not there."""
    with gzip.open(CORPUS, "rt", encoding="utf-8") as file:
        for line in islice(file, most):
            yield json.loads(line)


def title_of(row: dict[str, Any]) -> str:
    """The article's heading without its numbering."""
    return _NUMBERING.sub("", nfc(row["title"])).strip()


def documents(most: int | None = None, *, titles: bool = True) -> list[Indexed]:
    """Each article as a held document, ids from 1; *titles*: whether headings are part of them."""
    made = []
    for id_, row in enumerate(rows(most), 1):
        number = row["so_ky_hieu"] or None
        parsed = parse(number) if number else None
        made.append(
            Indexed(
                id_, True, kind="administrative", doc_type=parsed.doc_type if parsed else None,
                number=parsed.number if parsed else None, symbol=parsed.symbol if parsed else None,
                so_ky_hieu=number if parsed else None, date=parsed.year if parsed else None,
                title=title_of(row) if titles else None, text=nfc(row["text"]), page_starts=[0],
            )
        )  # fmt: skip
    return made


def engine_documents(found: list[Indexed], workers: int = 2) -> list[EngineDocument]:
    """What engines are given. Segments what is not in the cache yet, with *workers* processes."""
    OUT.mkdir(parents=True, exist_ok=True)
    words = cached_words([text_with_heading(document) for document in found], workers)
    return [engine_document(document, partial(_given, own)) for document, own in zip(found, words, strict=True)]


def _given(own: list[str], _text: str) -> list[str]:
    return own


def cached_words(texts: list[str], workers: int = 2) -> list[list[str]]:
    """The words of each text, from the cache where they are there."""
    OUT.mkdir(parents=True, exist_ok=True)
    missing: list[str] = []

    def note(text: str) -> list[str]:
        missing.append(text)
        raise _Missing

    cache = WordCache(OUT / "words.sqlite", note)
    for text in texts:
        try:
            cache(text)
        except _Missing:
            continue
    cache.close()
    if missing:
        with ProcessPoolExecutor(workers) as pool:
            fresh = iter(pool.map(segment_words, missing, chunksize=64))
            cache = WordCache(OUT / "words.sqlite", lambda _text: next(fresh))
            cache.begin()
            for at, text in enumerate(missing):
                cache(text)
                if at % 100 == 99:
                    cache.commit()
                    cache.begin()
                if at % 2_000 == 1_999:
                    print(f"  {at + 1}/{len(missing)} articles segmented", flush=True)
            cache.close()
    cache = WordCache(OUT / "words.sqlite", segment_words)
    try:
        return [cache(text) for text in texts]
    finally:
        cache.close()


class _Missing(Exception):
    """A text whose words are not in the cache."""
