"""What an engine stores of one document: the values of its fields (:mod:`search.index.index_fields`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from corpus import agencies, dates
from corpus.fold import letters, squeeze
from corpus.library.indexed import Indexed
from corpus.library.table_rows import cell_texts
from corpus.localities import Locality, locality
from corpus.segment import words as segment_words
from corpus.so_ky_hieu import number_key, parse
from search.index import number_terms
from search.index.index_fields import CELL, FOLDED_CELL, FOLDED_PAIR, PAIR, DocumentState
from search.language.common_pairs import common_pairs
from search.language.tokens import BREAK, exact_keys, folded_keys, folded_of, pair_keys

_ID_BITS = 37
_ID_MASK = (1 << _ID_BITS) - 1
#: Citations that count for sorting; more make no difference.
_MOST_CITED = 1 << 24
#: Words whose key is remembered.
_WORDS_KEPT = 50_000
#: Names of agencies whose syllables are remembered: a few issue most documents, and stand in most Nơi nhận.
_NAMES_KEPT = 5_000


@dataclass(slots=True)
class EngineDocument:
    """The values of one document's fields, by field name."""

    id: int
    text: dict[str, list[str]] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


def engine_document(document: Indexed, segment: Callable[[str], list[str]] = segment_words) -> EngineDocument:
    """What an engine stores of *document*. segment: finds the words of a text (:func:`corpus.segment.words`)."""
    title = heading(document)
    words = list(segment(title)) if title else []
    if document.words is not None:
        words += document.words
    elif document.text:
        words += segment(document.text)
    return of_words(document, [_word_key(word) for word in words])


@lru_cache(_WORDS_KEPT)
def _word_key(word: str) -> str:
    return "_".join(exact_keys(word))


def of_words(document: Indexed, words: list[str]) -> EngineDocument:
    """The same with *words* given: the exact keys of the words of several syllables in heading and text."""
    return EngineDocument(document.id, _text(document, words), _keys(document), numbers_of(document))


def heading(document: Indexed) -> str:
    """Loại, số ký hiệu, trích yếu and agency: the text of a stub, and the beginning of the text of other documents."""
    parts = (document.doc_type, document.so_ky_hieu or document.number, document.title, document.issuer)
    return squeeze(" ".join(part for part in parts if part))


def year_of(document: Indexed) -> int | None:
    """The year in the number (legal normative documents have one), else of the printed date."""
    parsed = parse(document.so_ky_hieu) if document.so_ky_hieu else None
    return int(parsed.year) if parsed and parsed.year else dates.year(document.date)


def issuer_label(document: Indexed) -> str | None:
    """One name for all spellings of an agency where its key is known, else the short name as printed."""
    if not document.issuer:
        return None
    named = agencies.name_of(document.issuer_key) if document.issuer_key else None
    return named or agencies.without_head(agencies.short(document.issuer))


@lru_cache(_NAMES_KEPT)
def agency_tokens(name: str) -> Sequence[str]:
    """The folded syllables of an agency's name, its abbreviations written in full (``NN&PTNT``)."""
    return tuple(folded_keys(agencies.full_slug(name).replace("-", " ")))


@lru_cache(_NAMES_KEPT)
def agency_keys(name: str) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """The folded syllables of an agency's name as printed, abbreviated (UBND) and in full."""
    return tuple(folded_keys(name)), tuple(folded_keys(agencies.short(name))), agency_tokens(name)


# Text fields


def _text(document: Indexed, words: list[str]) -> dict[str, list[str]]:
    exact = exact_keys(heading(document))
    if document.text:
        exact = [*exact, BREAK, *exact_keys(document.text)]
    folded = folded_of(exact)
    fields = {"exact": exact, "syl": folded, PAIR: pair_keys(exact), "word": words}
    fields[FOLDED_PAIR] = list(dict.fromkeys(common_pairs(folded)))
    if document.title:
        fields["title"] = folded_keys(document.title)
    if document.issuer:
        fields["issuer"] = _agency_names([document.issuer])
    if document.signer:
        fields["signer"] = folded_keys(document.signer)
    if document.recipients:
        fields["recipients"] = _agency_names(document.recipients)
    if document.tables:
        cells = [key for text in cell_texts(document.tables) for key in (*exact_keys(text), BREAK)]
        fields[CELL], fields[FOLDED_CELL] = cells, folded_of(cells)
    return fields


def _agency_names(names: Iterable[str]) -> list[str]:
    """Each name as printed, abbreviated (UBND) and in full, one after the other."""
    found: list[str] = []
    for name in names:
        seen: list[Sequence[str]] = []
        for tokens in agency_keys(name):
            if tokens and tokens not in seen:
                seen.append(tokens)
                found.extend((*tokens, BREAK))
    return found


# Key fields


def _keys(document: Indexed) -> dict[str, list[str]]:
    year = year_of(document)
    single = {
        "id": str(document.id),
        "kind": document.kind,
        "hieuluc": str(document.status),
        "loai": document.doc_type,
        "number": number_key(document.number) if document.number else None,
        "so": _number_term(document),
        "issuer_key": document.issuer_key,
        "coquan": issuer_label(document),
        "cap": document.level,
        "nam": str(year) if year else None,
        "nam_suy_doan": document.date_inferred[:4] if document.date_inferred and not year else None,
    }
    keys = {name: [value] for name, value in single.items() if value}
    where = locality_of(document)
    several = {
        "tinh": where.provinces,
        "tinh_nay": where.provinces_now,
        "huyen": where.districts,
        "xa": where.communes,
        "xa_nay": where.communes_now,
    }
    keys |= {name: list(values) for name, values in several.items() if values}
    keys["trangthai"] = _states(document)
    if document.text:
        keys["mention"] = sorted(number_terms.mentions(document.text))
    if document.basis:
        keys["basis"] = _ids(document.basis)
    if document.cites or document.basis:
        keys["cites"] = _ids((*document.cites, *document.basis))
    if document.provisions:
        keys["provision"] = [provision_key(*one) for one in document.provisions]
    return keys


def provision_key(id_: int, address: str) -> str:
    """The key of a provision of a document: ``148#dieu-5.khoan-1``."""
    return f"{id_}#{address}"


def locality_of(document: Indexed) -> Locality:
    """The provinces, districts and communes of a document."""
    return locality(
        document.issuer,
        document.issuer_key,
        document.parent_agency,
        document.place,
        document.area,
        document.date or document.date_inferred,
    )


def _ids(ids: Iterable[int]) -> list[str]:
    return [str(id_) for id_ in dict.fromkeys(ids)]


def _number_term(document: Indexed) -> str | None:
    """``4464|QD-VPDP``; ``148|`` where there is a number and no ký hiệu; None without a number."""
    parsed = parse(document.so_ky_hieu) if document.so_ky_hieu else None
    if parsed:
        return number_terms.term_of(parsed)
    if document.number:
        segments = [letters(s) for s in (document.symbol or "").replace("/", "-").split("-") if s]
        return number_terms.term(number_key(document.number), segments)
    return None


def _states(document: Indexed) -> list[str]:
    states = [DocumentState.HELD if document.held else DocumentState.STUB]
    if document.held and document.kind == "administrative" and not document.so_ky_hieu and not document.number:
        states.append(DocumentState.UNNUMBERED)
    if document.unsure:
        states.append(DocumentState.NEEDS_REVIEW)
    return [state.value for state in states]


# Number fields


def numbers_of(document: Indexed) -> dict[str, int]:
    """The values of the number fields."""
    made: dict[str, int] = {}
    day = 0
    if document.date:
        made["date_low"], made["date_high"] = _days(document.date)
        day = made["date_low"]
    if document.date_inferred:
        made["inferred_low"], made["inferred_high"] = _days(document.date_inferred)
    made["by_date"] = _sort_key(day, document.id)
    made["by_cited"] = _sort_key(min(document.cited_by, _MOST_CITED), document.id)
    made["doc_id"] = document.id
    return made


def _sort_key(value: int, id_: int) -> int:
    """A sort key, largest first. The id in the low bits puts the smaller id first among equals, in every engine."""
    return (value << _ID_BITS) | (_ID_MASK - id_)


def _days(date: str) -> tuple[int, int]:
    """First and last day of an EDTF date."""
    low, high = dates.interval(date)
    return day_number(low), day_number(high)


def day_number(iso: str) -> int:
    """``2024-06-11`` → 20240611."""
    return int(iso.replace("-", ""))
