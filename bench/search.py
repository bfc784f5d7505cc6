"""How fast the engines build and answer: ``python -m bench.search --engines whoosh,tantivy [--quick]``.

Documents are the articles of ../shared/corpora, their words segmented once and kept under out/. Queries are runs of one to
six words of headings, common terms among them, and phrases. For each size and engine: documents a second, bytes, and p50
and p95 of a whole answer of ten ids (parsing, compiling, searching, mapping to ids), beside *raw* figures of the same run:
tantivy-py with the same compiled queries and fields, and SQLite FTS5 with the same tokens (first tier only). Snippets,
facets and the restoring of marks are timed apart, and so are answers while another process commits.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy

from bench import articles
from corpus.errors import NotFound
from corpus.fold import fold
from corpus.library.indexed import Indexed
from corpus.segment import words as segment_words
from search.compiler.compile import CompiledQuery, compile_query
from search.engine import Engine, EngineQuery
from search.engines import open_engine
from search.engines.tantivy import TantivyEngine, tantivy_document, tantivy_schema
from search.index.engine_document import EngineDocument
from search.index.index_fields import FACETS
from search.language.lexicon import Lexicon
from search.request import QueryOptions, SearchRequest
from search.searcher import Search
from search.snippets import passages

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


@dataclass(slots=True)
class Queries:
    """The texts asked: all words, and phrases."""

    words: list[str]
    phrases: list[str]


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


def milliseconds(action: Callable[[str], object], texts: Iterable[str]) -> dict[str, float]:
    """p50 and p95 of an action over texts, and p95 of processor time, which a busy machine does not blur.

    The first quarter is asked once before, uncounted.
    """
    asked = list(texts)
    for text in asked[: len(asked) // 4]:
        action(text)
    spent, worked = [], []
    for text in asked:
        began, before = time.perf_counter(), time.thread_time()
        action(text)
        spent.append((time.perf_counter() - began) * 1_000)
        worked.append((time.thread_time() - before) * 1_000)
    return figures(spent) | {"cpu_p95": figures(worked)["p95"]}


def figures(spent: list[float]) -> dict[str, float]:
    cut = statistics.quantiles(spent, n=100, method="inclusive")
    return {"p50": round(cut[49], 3), "p95": round(cut[94], 3)}


def compiled(engine: Engine, text: str, lexicon: Lexicon | None = None) -> CompiledQuery:
    restore = lexicon.restore if lexicon else None
    return compile_query(text, engine, QueryOptions(literal=lexicon is None), restore=restore, segment=segment_words)


# Ours


def ours(name: str, found: list[Indexed], made: list[EngineDocument], asked: Queries, folder: Path) -> dict[str, Any]:
    engine = open_engine(name, folder)
    began = time.perf_counter()
    engine.update(made, [], fresh=True)
    built = time.perf_counter() - began
    report: dict[str, Any] = {"documents_a_second": round(len(made) / built), "bytes": engine.size()}

    def answer(text: str) -> list[int]:
        return [hit.id for hit in engine.search(EngineQuery(tuple(compiled(engine, text).plans))).hits]

    report["and"] = milliseconds(answer, asked.words)
    report["phrase"] = milliseconds(answer, asked.phrases)
    report["parse_and_compile"] = milliseconds(lambda text: compiled(engine, text), asked.words)
    report["with_facets"] = milliseconds(
        lambda text: engine.search(EngineQuery(tuple(compiled(engine, text).plans), facets=FACETS)), asked.words
    )
    by_id = {document.id: document for document in found}
    tops = {text: (compiled(engine, text).needles, answer(text)) for text in asked.words}
    report["snippets_of_ten"] = milliseconds(
        lambda text: [passages(by_id[id_].text, by_id[id_].page_starts, tops[text][0]) for id_ in tops[text][1]],
        asked.words,
    )
    report["top"] = {text: answer(text) for text in (*asked.words, *asked.phrases)}
    if isinstance(engine, TantivyEngine):
        report["raw"] = raw_tantivy(engine, made, asked, folder.parent / "raw")
    engine.close()
    return report


# Beside it


def raw_tantivy(engine: TantivyEngine, made: list[EngineDocument], asked: Queries, folder: Path) -> dict[str, Any]:
    """tantivy-py by itself: the same fields from ready documents, the same queries ready compiled."""
    folder.mkdir()
    schema = tantivy_schema()
    began = time.perf_counter()
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer(128_000_000, 1)
    for document in made:
        writer.add_document(tantivy_document(document))
    writer.commit()
    writer.wait_merging_threads()
    built = time.perf_counter() - began
    index.reload()
    searcher = index.searcher()
    ready = {text: engine.tier_queries(compiled(engine, text).plans) for text in (*asked.words, *asked.phrases)}

    def answer(text: str) -> list[Any]:
        ids: list[Any] = []
        for query in ready[text]:
            result = searcher.search(query, limit=max(10 - len(ids), 1))
            ids += searcher.fast_field_values("doc_id", [address for _, address in result.hits])
        return ids

    return {
        "documents_a_second": round(len(made) / built),
        "and": milliseconds(answer, asked.words),
        "phrase": milliseconds(answer, asked.phrases),
    }


def fts5(made: list[EngineDocument], asked: Queries, folder: Path) -> dict[str, Any]:
    """SQLite FTS5 with the same tokens: the exact reading of each query alone, ranked by its own BM25."""
    path = folder / "fts5.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute(
        "CREATE VIRTUAL TABLE t USING fts5(exact, syl, title, word, content='', "
        "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
    )
    began = time.perf_counter()
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO t(rowid, exact, syl, title, word) VALUES (?, ?, ?, ?, ?)",
        ((d.id, *(" ".join(d.text.get(field, ())) for field in ("exact", "syl", "title", "word"))) for d in made),
    )
    connection.execute("COMMIT")
    built = time.perf_counter() - began

    def answer(text: str) -> list[Any]:
        from search.language.tokens import exact_keys

        keys = exact_keys(text)
        if text.startswith('"'):
            match = 'exact : "' + " ".join(keys) + '"'
        else:
            match = " AND ".join(f'exact : "{key}"' for key in keys)
        return connection.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (match,)).fetchall()

    report = {
        "documents_a_second": round(len(made) / built),
        "bytes": path.stat().st_size,
        "and": milliseconds(answer, asked.words),
        "phrase": milliseconds(answer, asked.phrases),
    }
    connection.close()
    return report


def restoring(found: list[Indexed], made: list[EngineDocument], asked: Queries, folder: Path) -> dict[str, Any]:
    """Training the model of marks, its size, and putting marks on a query typed without."""
    path = folder / "lexicon.sqlite"
    lexicon = Lexicon(path)
    began = time.perf_counter()
    lexicon.learn((document, own.text["exact"]) for document, own in zip(found, made, strict=True))
    lexicon.prune()
    report: dict[str, Any] = {
        "documents_a_second": round(len(found) / (time.perf_counter() - began)),
        "bytes": path.stat().st_size,
    }
    from search.language.tokens import tokens

    report["restore"] = milliseconds(lambda text: lexicon.restore(tokens(fold(text))), asked.words)
    report["suggest"] = milliseconds(lambda text: lexicon.complete(fold(text)[:6], 8), asked.words)
    lexicon.close()
    return report


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


# Answers while a writer commits


@dataclass(frozen=True, slots=True)
class _Change:
    seq: int
    id: int
    kind: str


class _Library:
    """Documents as a source: *known* of them are there."""

    def __init__(self, found: list[Indexed], known: int) -> None:
        self._found, self.known = found, known

    def changes(self, since: int = 0) -> list[_Change]:
        return [_Change(number, number, "put") for number in range(since + 1, self.known + 1)]

    def sequence(self) -> int:
        return self.known

    def forgotten(self) -> int:
        return 0

    def indexed_some(self, ids: Sequence[int]) -> dict[int, Indexed]:
        return {id: self._found[id - 1] for id in ids if 0 < id <= len(self._found)}

    def indexed(self, id: int) -> Indexed:
        if not 0 < id <= len(self._found):
            raise NotFound("không có", "")
        return self._found[id - 1]


def _write(folder: Path, count: int, batch: int) -> None:
    found = articles.documents(count * 2)
    library = _Library(found, count)
    search = Search(folder, library)
    while library.known < count * 2:
        library.known = min(library.known + batch, count * 2)
        search.catch_up()
    search.close()


def while_writing(name: str, count: int, asked: Queries) -> dict[str, Any]:
    """Answers of this process while another commits *count* documents in ten commits."""
    found = articles.documents(count * 2)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        search = Search(folder, _Library(found, count), name)
        search.catch_up()
        writer = multiprocessing.get_context("spawn").Process(target=_write, args=(folder, count, count // 10))
        writer.start()
        spent, errors = [], 0
        chance = random.Random(SEED)
        while writer.is_alive():
            began = time.perf_counter()
            try:
                search.search(SearchRequest(chance.choice(asked.words), facets=False, snippets=0))
            except Exception as error:  # counted, whatever it is
                errors += 1
                print(f"  {type(error).__name__}: {error}")
            spent.append((time.perf_counter() - began) * 1_000)
            time.sleep(0.005)
        writer.join()
        documents = search.state()["documents"]
        search.close()
    return {"answers": len(spent), "errors": errors, "documents": documents, **figures(spent)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", default="whoosh,tantivy")
    parser.add_argument("--quick", action="store_true", help="2,000 articles, fewer queries")
    parser.add_argument("--sizes", help="instead of 5000,20000,all")
    parser.add_argument("--skip-writing", action="store_true", help="no answers while another process commits")
    parser.add_argument("--workers", type=int, default=2, help="processes that segment words")
    chosen = parser.parse_args()
    sizes: Sequence[int | None] = QUICK_SIZES if chosen.quick else SIZES
    if chosen.sizes:
        sizes = [None if size == "all" else int(size) for size in chosen.sizes.split(",")]
    report: dict[str, Any] = {}
    for size in sizes:
        found = articles.documents(size)
        began = time.perf_counter()
        made = articles.engine_documents(found, chosen.workers)
        print(f"{len(found)} articles (analysed in {time.perf_counter() - began:.0f} s)", flush=True)
        asked = queries([document.title or "" for document in found], 5 if chosen.quick else 25)
        engines: dict[str, dict[str, Any]] = {}
        folder = Path(tempfile.mkdtemp(prefix="bench-search-"))
        try:
            for name in chosen.engines.split(","):
                (folder / name / "index").mkdir(parents=True)
                engines[name] = ours(name, found, made, asked, folder / name / "index")
                _print(name, engines[name])
            beside = {"fts5": fts5(made, asked, folder), "restoring": restoring(found, made, asked, folder)}
            for name, own in beside.items():
                _print(name, own)
        finally:
            shutil.rmtree(folder)
        common = overlap(engines)
        print(f"  first ten in common: {common}", flush=True)
        for own in engines.values():
            own.pop("top")
        report[str(len(found))] = {**engines, **beside, "overlap_of_ten": common}
    count = 500 if chosen.quick else 5_000
    for name in () if chosen.skip_writing else chosen.engines.split(","):
        busy = while_writing(name, count, asked)
        report[f"while_writing_{name}"] = busy
        print(f"while another process commits {count} documents, {name}: {busy}", flush=True)
    articles.OUT.mkdir(parents=True, exist_ok=True)
    (articles.OUT / "search.json").write_text(json.dumps(report, indent=1, ensure_ascii=False), "utf-8")


def _print(name: str, own: dict[str, Any]) -> None:
    for key, value in own.items():
        if key == "raw":
            _print(f"raw {name}", value)
        elif key != "top":
            print(f"  {name:12} {key:20} {value}", flush=True)


if __name__ == "__main__":
    main()
