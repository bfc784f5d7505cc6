"""How fast the engines build and answer: ``python -m bench.search --engines whoosh,tantivy [--quick]``.

Documents are the articles of ``../shared/corpora``. Queries are runs of one to six words of their headings, common
terms, and phrases. For each size and engine: documents a second, bytes, and p50 and p95 of a whole answer of ten ids
(parsing, compiling, searching), and of plans that are ready. Beside them, in the same run: tantivy-py with the same
compiled queries, and SQLite FTS5 with the same tokens. Snippets, facets and restoring diacritics are timed apart, and
so are answers while another process commits.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from bench import articles, search_while_writing
from bench.search_rivals import Queries, fts5, tantivy_alone
from bench.timing import milliseconds, timed
from corpus.fold import fold
from corpus.library.indexed import Indexed
from corpus.segment import words as segment_words
from search.compiler.compile import CompiledQuery, compile_query
from search.engine import Engine, EngineQuery, TierPlan
from search.engines import open_engine
from search.engines.tantivy import TantivyEngine
from search.index.engine_document import EngineDocument
from search.index.index_fields import FACETS
from search.language.lexicon import Lexicon
from search.language.tokens import tokens
from search.request import QueryOptions
from search.snippets import passages

#: Articles of each round; None is all of them.
SIZES, QUICK_SIZES = (5_000, 20_000, None), (2_000,)
COMMON = (
    "quy định",
    "cơ quan nhà nước",
    "trách nhiệm của cơ quan",
    "hồ sơ",
    "thủ tục hành chính",
    "phạm vi điều chỉnh",
)
SEED = 919


def queries(headings: Sequence[str], each: int) -> Queries:
    """*each* runs of one to six words, the common terms, and as many phrases of two to four words."""
    chance = random.Random(SEED)
    plain = [
        heading.replace(",", "").split() for heading in headings if heading.replace(",", "").replace(" ", "").isalnum()
    ]
    words = list(COMMON)
    for length in range(1, 7):
        long = [heading for heading in plain if len(heading) >= length]
        words.extend(_run(chance.choice(long), length, chance) for _ in range(each))
    phrases = [f'"{term}"' for term in COMMON if " " in term]
    for length in (2, 3, 4):
        long = [heading for heading in plain if len(heading) >= length]
        phrases.extend(f'"{_run(chance.choice(long), length, chance)}"' for _ in range(each * 2))
    return Queries(words, phrases)


def _run(heading: list[str], length: int, chance: random.Random) -> str:
    at = chance.randrange(len(heading) - length + 1)
    return " ".join(heading[at : at + length])


def compiled(engine: Engine, text: str) -> CompiledQuery:
    """A query compiled without restoring diacritics."""
    return compile_query(text, engine, QueryOptions(literal=True), segment=segment_words)


class Answers:
    """Answers of ten ids from one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ids(self, text: str) -> list[int]:
        """The first ten ids."""
        query = EngineQuery(tuple(compiled(self._engine, text).plans))
        return [hit.id for hit in self._engine.search(query).hits]

    def with_facets(self, text: str) -> None:
        """The first ten ids and all facets."""
        self._engine.search(EngineQuery(tuple(compiled(self._engine, text).plans), facets=FACETS))


def ours(name: str, found: list[Indexed], made: list[EngineDocument], asked: Queries, folder: Path) -> dict[str, Any]:
    """The figures of one engine. found, made: the documents, and what the engine is given of them."""
    with closing(open_engine(name, folder)) as engine:
        built, _ = timed(lambda: engine.update(made, [], fresh=True))
        answers = Answers(engine)
        by_id = {document.id: document for document in found}
        tops = {text: (compiled(engine, text).needles, answers.ids(text)) for text in asked.words}

        def snippets(text: str) -> None:
            needles, ids = tops[text]
            for id_ in ids:
                passages(by_id[id_].text, by_id[id_].page_starts, needles)

        report: dict[str, Any] = {
            "documents_a_second": round(len(made) / built),
            "bytes": engine.size(),
            "and": milliseconds(answers.ids, asked.words),
            "phrase": milliseconds(answers.ids, asked.phrases),
            "parse_and_compile": milliseconds(lambda text: compiled(engine, text), asked.words),
            "with_facets": milliseconds(answers.with_facets, asked.words),
            "snippets_of_ten": milliseconds(snippets, asked.words),
            "top": {text: answers.ids(text) for text in (*asked.words, *asked.phrases)},
        }
        if isinstance(engine, TantivyEngine):
            plans = {text: compiled(engine, text).plans for text in (*asked.words, *asked.phrases)}
            planned = _of_plans(engine, plans)
            report["and_planned"] = milliseconds(planned, asked.words)
            report["phrase_planned"] = milliseconds(planned, asked.phrases)
            report["raw"] = tantivy_alone(engine, made, asked, plans, folder.parent / "raw")
    return report


def _of_plans(engine: Engine, plans: dict[str, list[TierPlan]]) -> Callable[[str], object]:
    """Answers from plans that are ready, to compare with the engine alone; no answer comes from a cache."""
    calls = count()
    return lambda text: engine.search(EngineQuery(tuple(plans[text]), limit=10 + next(calls) % 7))


def restoring(found: list[Indexed], made: list[EngineDocument], asked: Queries, folder: Path) -> dict[str, Any]:
    """Training the model of diacritics, its size, and restoring diacritics of a query typed without."""
    path = folder / "lexicon.sqlite"
    with closing(Lexicon(path)) as lexicon:

        def train() -> None:
            lexicon.learn((document, own.text["exact"]) for document, own in zip(found, made, strict=True))
            lexicon.prune()

        trained, _ = timed(train)
        return {
            "documents_a_second": round(len(found) / trained),
            "bytes": path.stat().st_size,
            "restore": milliseconds(lambda text: lexicon.restore(tokens(fold(text))), asked.words),
            "suggest": milliseconds(lambda text: lexicon.complete(fold(text)[:6], 8), asked.words),
        }


def overlap(reports: dict[str, dict[str, Any]]) -> float | None:
    """How many of the first ten two engines have in common, on average."""
    tops = [report["top"] for report in reports.values() if "top" in report]
    if len(tops) < 2:
        return None
    shares = [
        len(set(tops[0][text]) & set(tops[1][text])) / max(len(tops[0][text]), len(tops[1][text]))
        for text in tops[0]
        if tops[0][text] or tops[1][text]
    ]
    return round(statistics.mean(shares), 3)


def measure(size: int | None, engine_names: Sequence[str], each: int, workers: int) -> tuple[Queries, dict[str, Any]]:
    """The queries asked, and the figures of all engines over *size* articles."""
    found = articles.documents(size)
    seconds, made = timed(lambda: articles.engine_documents(found, workers))
    print(f"{len(found)} articles (analysed in {seconds:.0f} s)", flush=True)
    asked = queries([document.title or "" for document in found], each)
    engines: dict[str, dict[str, Any]] = {}
    folder = Path(tempfile.mkdtemp(prefix="bench-search-"))
    try:
        for name in engine_names:
            (folder / name / "index").mkdir(parents=True)
            engines[name] = ours(name, found, made, asked, folder / name / "index")
            print_report(name, engines[name])
        beside = {"fts5": fts5(made, asked, folder), "restoring": restoring(found, made, asked, folder)}
        for name, report in beside.items():
            print_report(name, report)
    finally:
        shutil.rmtree(folder)
    common = overlap(engines)
    print(f"  first ten in common: {common}", flush=True)
    for report in engines.values():
        report.pop("top")
    return asked, {"articles": len(found), **engines, **beside, "overlap_of_ten": common}


def print_report(name: str, report: dict[str, Any]) -> None:
    """One line a figure."""
    for key, value in report.items():
        if key == "raw":
            print_report(f"raw {name}", value)
        elif key != "top":
            print(f"  {name:12} {key:20} {value}", flush=True)


def main() -> None:
    """Measures, prints, and writes the figures as JSON under ``out/``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", default="whoosh,tantivy")
    parser.add_argument("--quick", action="store_true", help="2,000 articles, fewer queries")
    parser.add_argument("--sizes", help="instead of 5000,20000,all")
    parser.add_argument("--skip-writing", action="store_true", help="no answers while another process commits")
    parser.add_argument("--workers", type=int, default=2, help="processes that segment words")
    chosen = parser.parse_args()
    names = chosen.engines.split(",")
    sizes: Sequence[int | None] = QUICK_SIZES if chosen.quick else SIZES
    if chosen.sizes:
        sizes = [None if size == "all" else int(size) for size in chosen.sizes.split(",")]
    report: dict[str, Any] = {}
    asked = Queries([], [])
    for size in sizes:
        asked, figures = measure(size, names, 5 if chosen.quick else 25, chosen.workers)
        report[str(figures.pop("articles"))] = figures
    count = 500 if chosen.quick else 5_000
    for name in () if chosen.skip_writing else names:
        busy = search_while_writing.measure(name, count, asked.words)
        report[f"while_writing_{name}"] = busy
        print(f"while another process commits {count} documents, {name}: {busy}", flush=True)
    articles.OUT.mkdir(parents=True, exist_ok=True)
    (articles.OUT / "search.json").write_text(json.dumps(report, indent=1, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
