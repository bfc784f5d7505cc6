"""What is fuzzed, and what must hold of every answer.

A target is called with any string. It passes the boundary as a file's text or a typed query does (:func:`corpus.fold.nfc`),
calls the parser and checks what came out; it returns what the answer is like, in words, which tells new kinds of inputs.
Anything but a QueryError that escapes is a fault, and so is a :class:`Breach`.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import corpus.dates
import corpus.fold
import corpus.library.lookup
import corpus.so_ky_hieu
import ingest.citations
import ingest.layout.agency_names
import ingest.layout.effect_dates
import ingest.layout.header
import ingest.layout.signature
import ingest.layout.zones
import search.compiler.compile
import search.compiler.text_plans
import search.index.number_terms
import search.query.date_query
import search.query.number_query
import search.query.parser
import search.query.query_tree
from corpus import dates, so_ky_hieu
from corpus.errors import QueryError
from corpus.fold import canonical, clean, fold, letters, nfc, squeeze
from corpus.library import Library
from corpus.model import Citation, Evidence
from corpus.record_json import parse_record
from ingest.extract import record_of
from ingest.layout.header import read_header
from ingest.layout.lines import lines_of
from ingest.layout.zones import divide
from ingest.page import PAGE_BREAK, Page, Reading, Word
from search.request import SearchRequest
from search.searcher import Search


class Breach(AssertionError):
    """An answer that breaks a promise."""


def must(true: object, *said: object) -> None:
    if not true:
        raise Breach(" ".join(repr(one)[:200] for one in said))


@dataclass(frozen=True, slots=True)
class Target:
    """call: see the module. modules: whose lines are counted. base, each: seconds of processor time an input may take, and
    more for each character of it; set to several times what the slowest known text takes on the machine of docs/figures.md.
    most: characters of an input.
    """

    name: str
    call: Callable[[str], set[str]]
    modules: tuple[ModuleType, ...]
    base: float
    each: float
    most: int = 20_000

    def bound(self, text: str) -> float:
        return self.base + self.each * len(text)


def _folding(text: str) -> str:
    """Checks the folding of any text; the stored text."""
    stored = nfc(text)
    must(stored == nfc(stored), "nfc twice", stored)
    must(unicodedata.is_normalized("NFC", stored), "not NFC", stored)
    stored.encode("utf-8")
    plain, folded, settled = clean(stored), fold(stored), canonical(stored)
    must(len(plain) == len(folded) == len(settled) == len(stored), "lengths", stored)
    must(clean(plain) == plain, "clean twice", stored)
    must(fold(folded) == folded, "fold twice", stored, folded, fold(folded))
    must(fold(plain) == folded, "fold of clean", stored)
    must(canonical(settled) == settled, "canonical twice", stored, settled, canonical(settled))
    must(letters(letters(stored)) == letters(stored), "letters twice", stored)
    return stored


def _whole(value: Any, where: str) -> None:
    """Every string in JSON data is NFC and can be written."""
    if isinstance(value, str):
        must(unicodedata.is_normalized("NFC", value), where, "not NFC", value)
        value.encode("utf-8")
    elif isinstance(value, dict):
        for key, one in value.items():
            _whole(one, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for one in value:
            _whole(one, where)


def _printed_number(value: so_ky_hieu.SoKyHieu) -> None:
    printed = str(value)
    again = so_ky_hieu.parse(printed)
    must(again is not None and str(again) == printed, "format, parse", printed, again)
    must(value.number[:1].isdigit() and printed.isprintable(), "number", printed)
    must(value.number_key.isascii() or value.number_key[-1] in "đĐ", "digits", printed)
    must(value.year is None or re.fullmatch(r"(?:19|20)\d\d", value.year, re.ASCII), "year", printed)
    _whole([printed, value.symbol, value.number_key, value.sym_key, value.doc_type], "số ký hiệu")


def number(text: str) -> set[str]:
    stored = _folding(text)
    plain = clean(stored)
    seen: set[str] = set()
    whole = so_ky_hieu.parse(text)
    found = [("whole", whole)] if whole else []
    found += [("A", so_ky_hieu.from_match(match)) for match in so_ky_hieu.PATTERN.finditer(plain)]
    found += [("D", so_ky_hieu.from_older(match)) for match in so_ky_hieu.OLDER.finditer(plain)]
    known = letters(stored)
    for how, value in found:
        _printed_number(value)
        must(letters(value.number) in known and letters(value.symbol) in known, "not in the text", str(value))
        seen.add(
            f"{how} {value.year is not None} {value.party} {value.joint} {value.doc_type is None} {len(value.segments)}"
        )
    _whole(sorted(search.index.number_terms.mentions(stored)), "mentions")
    spoken = corpus.library.lookup.spoken_number(stored)
    if spoken:
        _whole(list(spoken[:3]), "spoken")
        seen.add(f"spoken {spoken[1] is not None} {bool(spoken[2])} {bool(spoken[3])}")
    return seen


# ---------------------------------------------------------------- header


def _words(text: str) -> list[Word]:
    """Words with boxes, as if the text were typed on a page of its own width: columns by place."""
    rows = text.split("\n")[:80]
    wide = max(80, *(len(row) for row in rows))
    words, at = [], 0
    for index, row in enumerate(rows):
        y = index / max(80, len(rows))
        for match in list(re.finditer(r"[^\s]+", row))[:60]:
            box = (match.start() / wide, y, match.end() / wide, y + 0.009)
            # Some words are doubted, by a rule that stays the same from run to run.
            sure = 0.3 if sum(map(ord, match.group())) % 11 == 0 else 0.96
            words.append(Word(match.group(), box, sure, at + match.start(), at + match.end()))
        at += len(row) + 1
    return words


def _evidence(name: str, seen: Evidence, text: str) -> str | None:
    """Checks a value's evidence; the text it points at."""
    must(0.0 <= seen.confidence <= 1.0, name, "confidence", seen.confidence)
    if seen.start is None:
        return None
    must(
        seen.end is not None and 0 <= seen.start < seen.end <= len(text), name, "span", seen.start, seen.end, len(text)
    )
    return text[seen.start : seen.end]


def _sure(name: str, value: object, seen: Evidence, said: str | None) -> None:
    """What is not doubted stands where it is said to stand."""
    if seen.needs_review or seen.inferred or value is None or said is None or "được sửa" in " ".join(seen.reasons):
        return
    if name in {"number", "symbol", "so_ky_hieu", "title", "place", "signer"}:
        must(_inside(letters(str(value)), letters(said)), name, "not where it is said to be", value, said)
    elif name == "date":
        must(str(value)[:4] in re.sub(r"\D", "", clean(said)), name, value, said)


def _inside(part: str, whole: str) -> bool:
    """Whether *part* stands in *whole*, in order, other letters allowed between (a page's margin, a stamp)."""
    if part in whole:
        return True
    rest = iter(whole)
    return all(char in rest for char in part)


def header(text: str) -> set[str]:
    stored = nfc(text).replace(PAGE_BREAK, "\n")
    seen: set[str] = set()
    for how in ("plain", ("boxes", "ocr")[len(stored) % 2]):
        page = Page(1, stored, "ocr" if how == "ocr" else "text", 595.0, 842.0)
        if how != "plain":
            words = _words(stored)
            page.load_words = lambda words=words: words  # type: ignore[misc]
        found = read_header(lines_of(page, 0), ocr=how == "ocr")
        must(0 <= found.end <= len(stored), "end", found.end)
        for name, one in found.fields.items():
            said = _evidence(name, one.evidence, stored)
            _whole(one.value, name)
            _sure(name, one.value, one.evidence, said)
            if name == "date" and one.value is not None:
                must(dates.is_edtf(str(one.value)), "date", one.value)
            if name == "so_ky_hieu" and one.value and not one.evidence.needs_review:
                again = so_ky_hieu.parse(str(one.value))
                seen.add(f"{how} number parses {again is not None}")
            seen.add(f"{how} {name} {one.value is None} {one.evidence.needs_review} {sorted(one.evidence.reasons)}")
        seen.add(f"{how} {found.anchored} {found.party}")
    return seen


# ---------------------------------------------------------------- citations


def citations(text: str) -> set[str]:
    stored = nfc(text)
    starts = [0, *(i + 1 for i, char in enumerate(stored) if char == PAGE_BREAK)]
    structure = divide(stored, starts)
    must(structure.zones[0].start == 0 and structure.zones[-1].end == len(stored), "zones cover")
    for a, b in zip(structure.zones, structure.zones[1:], strict=False):
        must(a.end == b.start, "zones meet", a, b)
    found = ingest.citations.find_citations(
        stored, structure, own=so_ky_hieu.parse("12/QĐ-UBND"), issuer="UBND tỉnh Thanh Hóa", date="2023-05-04"
    )
    _cited(found, stored, len(starts))
    return {
        f"{c.relation} {c.zone} {c.is_legal_basis} {c.so_ky_hieu is None} {c.number is None} {c.date and len(c.date)} "
        f"{c.issuer is None} {c.title is None} {c.needs_review} {c.target} {c.doc_type}"
        for c in found
    }  # fmt: skip


#: A page's printed number between two halves of a name is no part of it.
_PAGE_NUMBER = re.compile(r"(?<=\f)\s*\d{1,4}\s*(?=\n)")


def _cited(found: Iterable[Citation], stored: str, pages: int) -> None:
    last = -1
    known, plain = letters(stored) + " " + letters(_PAGE_NUMBER.sub("", stored)), clean(stored)
    for one in found:
        must(0 <= one.start < one.end <= len(stored), "span", one)
        must(stored[one.start : one.end] == one.text, "text", one)
        must(one.start > last, "order", one)
        must(one.page is None or 1 <= one.page <= pages, "page", one.page)
        must(0.0 <= one.confidence <= 1.0, "confidence", one)
        must(not one.is_legal_basis or (one.zone == "preamble" and one.relation == "can_cu"), "basis", one)
        must(one.date is None or dates.is_edtf(one.date), "date", one.date)
        _whole([one.doc_type, one.number, one.symbol, one.so_ky_hieu, one.issuer, one.title], "citation")
        if one.so_ky_hieu:
            again = so_ky_hieu.parse(one.so_ky_hieu)
            must(again is not None and str(again) == one.so_ky_hieu, "format, parse", one.so_ky_hieu)
        if not one.needs_review:
            for value in (one.number, one.symbol, one.issuer, one.title):
                must(value is None or letters(value) in known, "not in the text", value, one.text)
            must(one.date is None or one.date[:4] in plain, "year not in the text", one.date)
        last = one.start


# ---------------------------------------------------------------- query


@cache
def _library() -> tuple[Library, Search]:
    """A small library of sample texts with its index, kept for the life of the process."""
    from tests.fuzz.material import documents

    folder = Path(tempfile.mkdtemp(prefix="ocop-fuzz-"))
    library = Library.open(folder, create=True)
    for index, text in enumerate(documents()[:8]):
        record = record_of(_reading(text, f"{index}.txt"))
        library.intake.add(record)
    engine = Search(folder, library.view())
    engine.catch_up()
    return library, engine


def query(text: str) -> set[str]:
    stored = nfc(text)
    _, engine = _library()
    seen: set[str] = set()
    try:
        tree = search.query.parser.parse(text)
        seen |= {type(leaf).__name__ for leaf in search.query.query_tree.leaves(tree)}
    except QueryError as error:
        must(0 <= error.position <= len(stored), "position", error.position, len(stored))
        must((len(error.message) > 5 and error.message.isprintable()) or text, "message", error.message)
        seen.add(f"QueryError {re.sub('“.*”', '', error.message)}")
    try:
        search.query.date_query.parse(stored, 0)
        seen.add("date")
    except QueryError:
        pass
    try:
        found = engine.search(SearchRequest(text, snippets=1))
    except QueryError as error:
        must(error.message, "message")
        seen.add(f"search {re.sub('“.*”', '', error.message)}")
        return seen
    _whole([found.query, found.restored, found.did_you_mean, found.notes], "results")
    for hit in found.hits:
        for snippet in hit.snippets:
            for start, end in snippet.highlights:
                must(0 <= start < end <= len(snippet.text), "highlight", start, end)
            printed = hit.document.text[snippet.start : snippet.end]
            must(squeeze(printed) == squeeze(snippet.text) and len(printed) == len(snippet.text), "snippet", snippet)
    recognised = search.query.number_query.recognise(text)
    seen.add(f"{recognised is not None} {sorted(found.tiers)} {bool(found.restored)} {bool(found.did_you_mean)}")
    engine.suggest(text)
    return seen


# ---------------------------------------------------------------- further boundaries


def _reading(text: str, name: str = "a.txt") -> Reading:
    pages = [Page(index + 1, part, "text") for index, part in enumerate(text.split(PAGE_BREAK))]
    return Reading(name, letters(fold(text))[:64].ljust(64, "0"), pages)


def record(text: str) -> set[str]:
    """A whole document: signature, effect dates, conclusions, and the record's way to JSON and back."""
    stored = nfc(text)
    made = record_of(_reading(stored))
    must(made.text == stored, "text")
    for name, seen in made.fields.items():
        said = _evidence(name, seen, stored)
        value = getattr(made, name, None)
        _whole(value, name)
        _sure(name, value, seen, said)
        if name in {"date", "date_inferred", "effective_date", "expiry"} and value is not None:
            must(dates.is_edtf(str(value)), name, value)
    _cited(made.citations, stored, stored.count(PAGE_BREAK) + 1)
    data = made.as_json()
    _whole({key: value for key, value in data.items() if key != "text"}, "record")
    must(parse_record(data).as_json() == data, "JSON and back")
    return {f"{name} {getattr(made, name, None) is None} {seen.needs_review}" for name, seen in made.fields.items()}


def lookup(text: str) -> set[str]:
    """A line of `ocop lookup`, and what a person writes where a document is meant."""
    from webui.app import addressing

    library, _ = _library()
    found = addressing.find(library.view(), text, paths=False)
    return {f"{len(found)} {text[:1].isdigit()} {text[:1] == '#'}"}


def day(text: str) -> set[str]:
    """Dates as typed."""
    stored = nfc(text)
    wrong = dates.impossible(stored)
    must(wrong is None or wrong in " ".join(stored.split()), "impossible", wrong)
    seen = {f"impossible {wrong is not None}"}
    if dates.is_edtf(stored):
        low, high = dates.interval(stored)
        must(low <= high and dates.overlap(stored, low), "interval", stored)
        must(dates.vietnamese(stored).isprintable(), "vietnamese", stored)
        seen.add(f"edtf {len(stored)}")
    try:
        low_day, high_day = search.query.date_query.parse(text, 0)
        seen.add(f"span {low_day == high_day}")
    except QueryError as error:
        seen.add(re.sub("“.*”", "", error.message))
    return seen


_NUMBERS = (corpus.so_ky_hieu, corpus.fold, search.query.number_query, search.index.number_terms, corpus.library.lookup)
# By name: a package's attribute may be the function of a module's name.
_VERBS = (
    "context", "classify", "clean", "find", "issuers", "laws", "lists", "mention", "misread_numbers", "numberless", "repair", "self_citation",
    "tokenise",
)  # fmt: skip
_CITATIONS = (*(import_module(f"ingest.citations.{verb}") for verb in _VERBS), ingest.citations, ingest.layout.zones)
_QUERIES = (
    search.query.parser, search.compiler.compile, search.compiler.text_plans, search.query.number_query, search.query.date_query,
)  # fmt: skip
_RECORDS = (ingest.layout.signature, ingest.layout.effect_dates, ingest.layout.zones, ingest.layout.header)

TARGETS = {
    target.name: target
    for target in (
        Target("so_ky_hieu", number, _NUMBERS, 0.02, 40e-6),
        Target("header", header, (ingest.layout.header, ingest.layout.agency_names), 0.1, 60e-6),
        Target("citations", citations, _CITATIONS, 0.05, 40e-6),
        Target("query", query, _QUERIES, 0.5, 20e-6, most=2_000),
        Target("record", record, _RECORDS, 0.1, 100e-6),
        Target("lookup", lookup, (corpus.library.lookup,), 0.2, 40e-6, most=2_000),
        Target("dates", day, (corpus.dates, search.query.date_query), 0.02, 20e-6, most=2_000),
    )
}
#: The parsers that must be fuzzed; the rest are further boundaries.
MAIN = ("so_ky_hieu", "header", "citations", "query")
