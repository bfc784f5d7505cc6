"""Fuzzed: what a person types: queries, numbers to look up, dates."""

from __future__ import annotations

import re
import tempfile
from functools import cache
from pathlib import Path

from corpus import dates
from corpus.errors import QueryError
from corpus.fold import nfc, squeeze
from corpus.library import Library
from corpus.spoken_number import recognise
from ingest.extract import record_of
from search.query import date_query
from search.query.parser import parse
from search.query.query_tree import leaves
from search.request import SearchRequest
from search.results import Results
from search.searcher import Search
from tests.fuzz.material import documents
from tests.fuzz.promises import check_strings, must
from tests.fuzz.target_documents import reading_of
from webui.app import addressing

_QUOTED = re.compile("“.*?”")


@cache
def library() -> tuple[Library, Search]:
    """A small library of sample texts with its index, kept for the life of the process."""
    folder = Path(tempfile.mkdtemp(prefix="ocop-fuzz-"))
    made = Library.open(folder, create=True)
    for index, text in enumerate(documents()[:8]):
        made.intake.add(record_of(reading_of(text, f"{index}.txt")))
    search = Search(folder, made.view())
    search.catch_up()
    return made, search


def query(text: str) -> set[str]:
    """A query: parsed or refused with a message, and its results."""
    stored = nfc(text)
    kinds: set[str] = set()
    try:
        kinds |= {type(leaf).__name__ for leaf in leaves(parse(text))}
    except QueryError as error:
        must(0 <= error.position <= len(stored), "position", error.position, len(stored))
        must((len(error.message) > 5 and error.message.isprintable()) or text, "message", error.message)
        kinds.add(f"QueryError {_without_quotes(error)}")
    kinds |= _date(stored)
    _, search = library()
    try:
        results = search.search(SearchRequest(text, snippets=1))
    except QueryError as error:
        must(error.message, "message")
        kinds.add(f"search {_without_quotes(error)}")
        return kinds
    _check_results(results)
    search.suggest(text)
    recognised = recognise(text) is not None
    kinds.add(f"{recognised} {sorted(results.tiers)} {bool(results.restored)} {bool(results.did_you_mean)}")
    return kinds


def _without_quotes(error: QueryError) -> str:
    """The message without what was typed."""
    return _QUOTED.sub("", error.message)


def _date(stored: str) -> set[str]:
    try:
        date_query.parse(stored, 0)
    except QueryError:
        return set()
    return {"date"}


def _check_results(results: Results) -> None:
    check_strings([results.query, results.restored, results.did_you_mean, results.notes], "results")
    for hit in results.hits:
        for snippet in hit.snippets:
            for start, end in snippet.highlights:
                must(0 <= start < end <= len(snippet.text), "highlight", start, end)
            printed = hit.document.text[snippet.start : snippet.end]
            must(squeeze(printed) == squeeze(snippet.text) and len(printed) == len(snippet.text), "snippet", snippet)


def lookup(text: str) -> set[str]:
    """A line of `ocop lookup`, and what a person writes where a document is meant."""
    found = addressing.find(library()[0].view(), text, paths=False)
    return {f"{len(found)} {text[:1].isdigit()} {text[:1] == '#'}"}


def day(text: str) -> set[str]:
    """Dates as they are typed."""
    stored = nfc(text)
    wrong = dates.impossible(stored)
    must(wrong is None or wrong in " ".join(stored.split()), "impossible", wrong)
    kinds = {f"impossible {wrong is not None}"}
    if dates.is_edtf(stored):
        low, high = dates.interval(stored)
        must(low <= high and dates.overlap(stored, low), "interval", stored)
        must(dates.vietnamese(stored).isprintable(), "vietnamese", stored)
        kinds.add(f"edtf {len(stored)}")
    try:
        low_day, high_day = date_query.parse(text, 0)
        kinds.add(f"range {low_day == high_day}")
    except QueryError as error:
        kinds.add(_without_quotes(error))
    return kinds
