"""How well questions in words find the article that answers them.

``python -m bench.retrieval --articles F --questions F --engine E --json``. Articles are JSON lines ``{"id", "text"}``,
plain or gzipped, questions ``{"question", "relevant"}`` with the ids of the articles that answer. The first line of a
text is the article's title, and what stands before ``@`` in an id is the law it belongs to. Each question is asked as a
reader would type it, with its diacritics and without. Figures are the shares of questions with a right article first,
among five, among ten; ``folds`` gives them for every fifth of the questions. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import articles
from bench.timing import percentiles
from corpus.fold import fold, nfc
from corpus.library.indexed import Indexed
from corpus.segment import words as segment_words
from search import nearest
from search.compiler.compile import compile_query
from search.engine import Engine, EngineQuery
from search.engines import ENGINES, open_engine
from search.language.lexicon import Lexicon
from search.request import SearchRequest

FOLDS = 5
#: Rank of an article that is not among those looked at.
_ABSENT = 10**6
_TEN = 10


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the ids of the articles that answer it."""

    text: str
    relevant: frozenset[str]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file, one a line."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in data.decode().split("\n"):
        if line.strip():
            yield json.loads(line)


def documents(path: Path) -> tuple[list[str], list[Indexed]]:
    """The articles' ids, and each article as a document; document ids count from 1."""
    names, made = [], []
    for id_, row in enumerate(rows(path), 1):
        names.append(str(row["id"]))
        text = nfc(str(row["text"]))
        law, _, article = nfc(str(row["id"])).rpartition("@")
        title = text.strip().split("\n", 1)[0].strip()
        named = f"{law}, Điều {article}. {title}" if law else title
        made.append(Indexed(id_, True, kind="administrative", title=named, text=text, page_starts=[0]))
    return names, made


def questions(path: Path) -> list[Question]:
    """The questions of a file."""
    return [Question(nfc(str(row["question"])), frozenset(map(str, row["relevant"]))) for row in rows(path)]


class Asker:
    """Asks one engine."""

    def __init__(self, engine: Engine, lexicon: Lexicon, names: Sequence[str]) -> None:
        self._engine = engine
        self._lexicon = lexicon
        self._names = names
        #: Milliseconds of each question.
        self.took: list[float] = []

    def rank(self, question: Question, text: str) -> int:
        """The rank of the first right article for *text*, counted from 0."""
        began = time.perf_counter()
        found = self._first(text)
        self.took.append((time.perf_counter() - began) * 1_000)
        right = (rank for rank, id_ in enumerate(found) if self._names[id_ - 1] in question.relevant)
        return next(right, _ABSENT)

    def _first(self, text: str) -> list[int]:
        """The ids of the first ten, as a search gives them."""
        request = SearchRequest(text, degrees=True)
        compiled = compile_query(text, self._engine, restore=self._lexicon.restore, segment=segment_words)
        found = self._engine.search(EngineQuery(tuple(compiled.plans)))
        ids = [hit.id for hit in found.hits]
        if nearest.wanted(compiled, found.total, request):
            ids += [one.id for one in nearest.nearest(self._engine, compiled, None, found)]
        return ids[:_TEN]


def shares(ranks: Sequence[int]) -> dict[str, float]:
    """The shares of ranks that are first, among five and among ten."""
    return {f"r@{most}": round(statistics.mean(rank < most for rank in ranks), 4) for most in (1, 5, 10)}


def measure(articles_file: Path, questions_file: Path, engine_name: str) -> dict[str, Any]:
    """The figures of one engine."""
    names, found = documents(articles_file)
    asked = questions(questions_file)
    made = articles.engine_documents(found)
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_engine(engine_name, Path(folder))) as engine,
        closing(Lexicon(Path(folder) / "lexicon.sqlite")) as lexicon,
    ):
        engine.update(made, [], fresh=True)
        lexicon.learn((document, own.text["exact"]) for document, own in zip(found, made, strict=True))
        asker = Asker(engine, lexicon, names)
        ranks = [asker.rank(question, question.text) for question in asked]
        took = percentiles(asker.took)
        unmarked = [asker.rank(question, fold(question.text)) for question in asked]
    plain = shares(ranks)
    return {
        "engine": engine_name,
        "articles": len(found),
        "questions": len(asked),
        "milliseconds": took,
        "folds": [shares(ranks[first::FOLDS]) for first in range(min(FOLDS, len(ranks)))],
        "unaccented": shares(unmarked),
        "unaccented_of_accented": round(shares(unmarked)["r@1"] / max(plain["r@1"], 1e-9), 4),
        **plain,
    }


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--engine", choices=list(ENGINES), default="tantivy")
    parser.add_argument("--json", action="store_true", help="one JSON object, and nothing else")
    chosen = parser.parse_args()
    figures = measure(chosen.articles, chosen.questions, chosen.engine)
    if not chosen.json:
        for name, figure in figures.items():
            print(f"{name:24} {figure}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
