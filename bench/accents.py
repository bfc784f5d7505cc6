"""How well queries with no, half or wrong diacritics find a known article: ``python -m bench.accents``.

500 articles with a heading of their own: the heading is the query, the article the only right answer. Figures are
Recall@10. ``--without-titles`` leaves the headings out of the index, so the text alone must answer.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import unicodedata
from collections import Counter
from contextlib import closing
from pathlib import Path

from bench import articles
from corpus.fold import fold
from corpus.segment import words as segment_words
from search.compiler.compile import compile_query
from search.engine import Engine, EngineQuery
from search.engines import ENGINES, open_engine
from search.language.lexicon import Lexicon
from search.language.tokens import folded_keys
from search.request import QueryOptions

QUERIES, SEED = 500, 20_240_611
#: Syllables of a heading that is used as a query.
SHORTEST, LONGEST = 3, 12
_TONES = "\u0300\u0301\u0303\u0309\u0323"

#: (id of the right answer, query)
KnownItem = tuple[int, str]


def known_items(headings: list[str], most: int, seed: int = SEED) -> list[KnownItem]:
    """Headings that no other article has, as queries."""
    keys = [" ".join(folded_keys(heading)) for heading in headings]
    times = Counter(keys)
    good = [
        (id_, heading)
        for id_, (heading, key) in enumerate(zip(headings, keys, strict=True), 1)
        if times[key] == 1
        and SHORTEST <= len(key.split()) <= LONGEST
        and fold(heading) != heading.lower()
        and _is_plain(heading)
    ]
    return random.Random(seed).sample(good, min(most, len(good)))


def _is_plain(heading: str) -> bool:
    return all(char.isalnum() or char in " ,.-" for char in heading)


def half_marked(heading: str, chance: random.Random) -> str:
    """*heading* with about half of its syllables without diacritics."""
    return " ".join(_unmarked(word) if chance.random() < 0.5 else word for word in heading.split())


def _unmarked(word: str) -> str:
    bare = fold(word)
    return bare.upper() if word.isupper() else bare


def with_wrong_tone(heading: str, chance: random.Random) -> str:
    """*heading* with another tone on one of its syllables."""
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


def recall(engine: Engine, lexicon: Lexicon, queries: list[KnownItem], *, literal: bool) -> tuple[float, float]:
    """The shares of queries whose article is among the first ten, and the very first."""
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
    """Recall@10 (and @1) of each kind of query, with and without restoring diacritics."""
    found = articles.documents(most, titles=titles)
    made = articles.engine_documents(found)
    chosen = known_items([articles.heading_of(row) for row in articles.rows(most)], queries)
    chance = random.Random(SEED)
    kinds = {
        "accented": chosen,
        "unaccented": [(id_, fold(heading)) for id_, heading in chosen],
        "half_accented": [(id_, half_marked(heading, chance)) for id_, heading in chosen],
        "misspelt_tone": [(id_, with_wrong_tone(heading, chance)) for id_, heading in chosen],
    }
    figures: dict[str, float] = {"articles": len(found), "queries": len(chosen)}
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_engine(engine_name, Path(folder))) as engine,
        closing(Lexicon(Path(folder) / "lexicon.sqlite")) as lexicon,
    ):
        engine.update(made, [], fresh=True)
        lexicon.learn((document, own.text["exact"]) for document, own in zip(found, made, strict=True))
        for kind, asked in kinds.items():
            for suffix, literal in (("", False), ("_not_restored", True)):
                among, first = recall(engine, lexicon, asked, literal=literal)
                figures[f"{kind}{suffix}"], figures[f"{kind}{suffix}_first"] = among, first
    figures["unaccented_of_accented"] = figures["unaccented"] / max(figures["accented"], 1e-9)
    return figures


def main() -> None:
    """Prints the figures, one a line or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--engine", choices=list(ENGINES), default="tantivy")
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
