"""Fuzzed: headers, citations, and whole documents."""

from __future__ import annotations

import re
from collections.abc import Iterable

import ingest.citations
from corpus import dates, so_ky_hieu
from corpus.fold import clean, fold, letters, nfc
from corpus.model import Citation
from corpus.record_json import parse_record
from corpus.vocabulary import Relation, Zone
from ingest.extract import record_of
from ingest.layout.header import read_header, read_plain_header
from ingest.layout.lines import lines_of
from ingest.layout.zones import divide
from ingest.page import PAGE_BREAK, Page, Reading, Word
from tests.fuzz.promises import check_evidence, check_strings, check_sure_value, must

#: Rows of a text that are laid out as a page, and words of a row.
_ROWS, _WORDS_OF_ROW = 80, 60
#: A printed page number, which may stand between two halves of a name.
_PAGE_NUMBER = re.compile(r"(?<=\f)\s*\d{1,4}\s*(?=\n)")


def header(text: str) -> set[str]:
    """The header of a page, read from plain text and from words with boxes."""
    stored = nfc(text).replace(PAGE_BREAK, "\n")
    kinds: set[str] = set()
    for how in ("plain", ("boxes", "ocr")[len(stored) % 2]):
        page = Page(1, stored, "ocr" if how == "ocr" else "text", 595.0, 842.0)
        if how != "plain":
            words = _words(stored)
            page.load_words = lambda words=words: words  # type: ignore[misc]
        found = read_header(lines_of(page, 0), ocr=how == "ocr")
        must(0 <= found.end <= len(stored), "end", found.end)
        for name, one in found.fields.items():
            printed = check_evidence(name, one.evidence, stored)
            check_strings(one.value, name)
            check_sure_value(name, one.value, one.evidence, printed)
            if name == "date" and one.value is not None:
                must(dates.is_edtf(str(one.value)), "date", one.value)
            if name == "so_ky_hieu" and one.value and not one.evidence.needs_review:
                kinds.add(f"{how} number parses {so_ky_hieu.parse(str(one.value)) is not None}")
            kinds.add(f"{how} {name} {one.value is None} {one.evidence.needs_review} {sorted(one.evidence.reasons)}")
        kinds.add(f"{how} {found.anchored} {found.party}")
    return kinds


def _words(text: str) -> list[Word]:
    """Words with boxes, as if the text were typed on a page of its own width."""
    rows = text.split("\n")[:_ROWS]
    width = max(80, *(len(row) for row in rows))
    words, at = [], 0
    for index, row in enumerate(rows):
        y = index / max(80, len(rows))
        for match in list(re.finditer(r"[^\s]+", row))[:_WORDS_OF_ROW]:
            box = (match.start() / width, y, match.end() / width, y + 0.009)
            # Some words have low confidence, by a rule that is the same in every run.
            confidence = 0.3 if sum(map(ord, match.group())) % 11 == 0 else 0.96
            words.append(Word(match.group(), box, confidence, at + match.start(), at + match.end()))
        at += len(row) + 1
    return words


def citations(text: str) -> set[str]:
    """The zones and the citations of a text."""
    stored = nfc(text)
    starts = [0, *(i + 1 for i, char in enumerate(stored) if char == PAGE_BREAK)]
    structure = divide(stored, starts, read_plain_header(stored))
    must(structure.zones[0].start == 0 and structure.zones[-1].end == len(stored), "zones cover")
    for first, second in zip(structure.zones, structure.zones[1:], strict=False):
        must(first.end == second.start, "zones meet", first, second)
    found = ingest.citations.find_citations(
        stored, structure, own=so_ky_hieu.parse("12/QĐ-UBND"), issuer="UBND tỉnh Thanh Hóa", date="2023-05-04"
    )
    _check_citations(found, stored, len(starts))
    return {
        f"{c.relation} {c.zone} {c.is_legal_basis} {c.so_ky_hieu is None} {c.number is None} {c.date and len(c.date)} "
        f"{c.issuer is None} {c.title is None} {c.needs_review} {c.target} {c.doc_type}"
        for c in found
    }


def _check_citations(found: Iterable[Citation], stored: str, pages: int) -> None:
    last = -1
    known = letters(stored) + " " + letters(_PAGE_NUMBER.sub("", stored))
    for one in found:
        must(0 <= one.start < one.end <= len(stored), "span", one)
        must(stored[one.start : one.end] == one.text, "text", one)
        must(one.start > last, "order", one)
        must(one.page is None or 1 <= one.page <= pages, "page", one.page)
        must(0.0 <= one.confidence <= 1.0, "confidence", one)
        must(
            not one.is_legal_basis or (one.zone is Zone.PREAMBLE and one.relation is Relation.LEGAL_BASIS), "basis", one
        )
        must(one.date is None or dates.is_edtf(one.date), "date", one.date)
        check_strings([one.doc_type, one.number, one.symbol, one.so_ky_hieu, one.issuer, one.title], "citation")
        if one.so_ky_hieu:
            again = so_ky_hieu.parse(one.so_ky_hieu)
            must(again is not None and str(again) == one.so_ky_hieu, "format, parse", one.so_ky_hieu)
        if not one.needs_review:
            for value in (one.number, one.symbol, one.issuer, one.title):
                must(value is None or letters(value) in known, "not in the text", value, one.text)
            must(one.date is None or one.date[:4] in clean(stored), "year not in the text", one.date)
        last = one.start


def reading_of(text: str, name: str = "a.txt") -> Reading:
    """A text as a reader of files would hand it on."""
    pages = [Page(index + 1, part, "text") for index, part in enumerate(text.split(PAGE_BREAK))]
    return Reading(name, letters(fold(text))[:64].ljust(64, "0"), pages)


def record(text: str) -> set[str]:
    """A whole document: its values and citations, and the record's way to JSON and back."""
    stored = nfc(text)
    made = record_of(reading_of(stored))
    must(made.text == stored, "text")
    for name, evidence in made.fields.items():
        printed = check_evidence(name, evidence, stored)
        value = getattr(made, name, None)
        check_strings(value, name)
        check_sure_value(name, value, evidence, printed)
        if name in {"date", "date_inferred", "effective_date", "expiry"} and value is not None:
            must(dates.is_edtf(str(value)), name, value)
    _check_citations(made.citations, stored, stored.count(PAGE_BREAK) + 1)
    data = made.as_json()
    check_strings({key: value for key, value in data.items() if key != "text"}, "record")
    must(parse_record(data).as_json() == data, "JSON and back")
    return {f"{name} {getattr(made, name, None) is None} {e.needs_review}" for name, e in made.fields.items()}
