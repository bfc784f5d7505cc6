"""How well queries without, with half or with wrong marks find a known article: ``python -m bench.accents``.

500 articles with a heading of their own; the heading is the query, the article the only right answer. Figures are
Recall@10. ``--without-titles`` leaves headings out of the index, so that the text alone must answer.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

from bench import articles
from corpus.fold import fold
from corpus.segment import words as segment_words
from search.compiler.compile import compile_query
from search.engine import Engine, EngineQuery
from search.engines import open_engine
from search.language.lexicon import Lexicon
from search.language.tokens import folded_keys
from search.request import QueryOptions

QUERIES, SEED = 500, 20_240_611
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def known_items(headings: list[str], most: int, seed: int = SEED) -> list[tuple[int, str]]:
    """(document, heading) of headings of three to twelve syllables that no other article has."""
    keys = [" ".join(folded_keys(heading)) for heading in headings]
    count = Counter(keys)
    good = [
        (id_, heading)
        for id_, (heading, key) in enumerate(zip(headings, keys, strict=True), 1)
        if count[key] == 1 and 3 <= len(key.split()) <= 12 and fold(heading) != heading.lower() and _plain(heading)
    ]
    return random.Random(seed).sample(good, min(most, len(good)))


def _plain(heading: str) -> bool:
    return all(char.isalnum() or char in " ,.-" for char in heading)


def half(heading: str, chance: random.Random) -> str:
    """Every second syllable, by chance, without its marks."""
    return " ".join(_stripped(word) if chance.random() < 0.5 else word for word in heading.split())


def _stripped(word: str) -> str:
    bare = fold(word)
    return bare.upper() if word.isupper() else bare


def misspelt(heading: str, chance: random.Random) -> str:
    """One syllable with another tone than its own."""
    words = heading.split()
    toned = [i for i, word in enumerate(words) if any(t in unicodedata.normalize("NFD", word) for t in _TONES)]
    if toned:
        at = chance.choice(toned)
        letters = [unicodedata.normalize("NFD", char) for char in words[at]]
        for i, letter in enumerate(letters):
            old = next((char for char in letter if char in _TONES), None)
            if old:
                new = chance.choice([tone for tone in _TONES if tone != old])
                letters[i] = unicodedata.normalize("NFC", letter.replace(old, "")) + new
        words[at] = unicodedata.normalize("NFC", "".join(letters))
    return " ".join(words)


def recall(engine: Engine, lexicon: Lexicon, queries: list[tuple[int, str]], *, literal: bool) -> tuple[float, float]:
    """The shares of queries whose document is among the first ten, and the very first."""
    among, first = 0, 0
    for id_, text in queries:
        compiled = compile_query(
            text, engine, QueryOptions(literal=literal), restore=lexicon.restore, segment=segment_words
        )
        hits = engine.search(EngineQuery(tuple(compiled.plans))).hits
        among += any(hit.id == id_ for hit in hits)
        first += bool(hits) and hits[0].id == id_
    return among / len(queries), first / len(queries)


def measure(most: int, engine_name: str, *, titles: bool, queries: int = QUERIES) -> dict[str, float]:
    """Recall@10 (and @1) of each kind of query, with and without restoring marks."""
    found = articles.documents(most, titles=titles)
    made = articles.engine_documents(found)
    headings = [articles.title_of(row) for row in articles.rows(most)]
    chosen = known_items(headings, queries)
    chance = random.Random(SEED)
    kinds = {
        "accented": chosen,
        "unaccented": [(id_, fold(heading)) for id_, heading in chosen],
        "half_accented": [(id_, half(heading, chance)) for id_, heading in chosen],
        "misspelt_tone": [(id_, misspelt(heading, chance)) for id_, heading in chosen],
    }
    figures: dict[str, float] = {"articles": len(found), "queries": len(chosen)}
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(engine_name, Path(folder))
        engine.update(made, [], fresh=True)
        lexicon = Lexicon(Path(folder) / "lexicon.sqlite")
        lexicon.learn((document, own.text["exact"]) for document, own in zip(found, made, strict=True))
        for kind, asked in kinds.items():
            figures[kind], figures[f"{kind}_first"] = recall(engine, lexicon, asked, literal=False)
            figures[f"{kind}_not_restored"], figures[f"{kind}_not_restored_first"] = recall(
                engine, lexicon, asked, literal=True
            )
        lexicon.close()
        engine.close()
    figures["unaccented_of_accented"] = figures["unaccented"] / max(figures["accented"], 1e-9)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--without-titles", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    figures = measure(chosen.articles, chosen.engine, titles=not chosen.without_titles)
    if chosen.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:32}{figure:>10.3f}" if isinstance(figure, float) else f"{name:32}{figure:>10}")


if __name__ == "__main__":
    main()
