"""How a document stands in an index: the fields, what goes into them, and the stamp of this shape.

========  =====================================================================================================
text      ordered tokens with positions; the first four are scored
keys      exact values, any number a document
numbers   one whole number a document, for ranges and sorting
========  =====================================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus import agencies, areas, dates
from corpus.fold import fold, letters, squeeze
from corpus.library.indexed import Indexed
from corpus.so_ky_hieu import number_key, parse
from corpus.vocabulary import Effect
from search import numbers
from search.plan import SCORED
from search.tokens import BREAK, exact_keys, folded_key, folded_keys

#: Raised whenever fields or analysis change: an index of another shape is refused.
SHAPE = 4

#: Text fields. exact, syl: all syllables, exact and folded. title: folded. word: words of several syllables.
TEXT = (*SCORED, "issuer", "signer", "recipients")
#: Text fields in which phrases are asked for.
POSITIONS = ("exact", "syl", "title", "issuer", "signer", "recipients")
KEYS = (
    "id", "kind", "loai", "number", "so", "mention", "issuer_key", "coquan", "cap", "tinh", "tinh_nay", "nam",
    "nam_suy_doan", "hieuluc", "trangthai", "basis", "cites",
)  # fmt: skip
#: Key fields offered as facets.
FACETS = ("loai", "coquan", "cap", "tinh", "tinh_nay", "nam", "hieuluc", "kind", "trangthai")
NUMBERS = ("date_low", "date_high", "inferred_low", "inferred_high", "by_date", "by_cited", "doc_id")

#: States of a document in the library, as keys of ``trangthai`` and in words (folded).
STATES = {
    "co_van_ban": "có văn bản",
    "chi_duoc_dan": "chỉ được dẫn",
    "chua_co_so": "chưa có số",
    "can_kiem_tra": "cần kiểm tra",
    "can_cu_het_hieu_luc": "căn cứ hết hiệu lực",
}
#: Effect statuses, as keys of ``hieuluc`` and in words.
EFFECTS: dict[str, str] = {str(effect): effect.words for effect in Effect}
#: Statuses of a basis that make what rests on it doubtful.
SPENT = (Effect.EXPIRED, Effect.PERIOD_OVER, Effect.REPLACED, Effect.REPEALED)

_LOW_BITS = 37
_ID_MASK = (1 << _LOW_BITS) - 1


@dataclass(slots=True)
class EngineDocument:
    """What an engine stores of one document."""

    id: int
    text: dict[str, list[str]] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


def head(document: Indexed) -> str:
    """The line a stub is found by, and that stands before the text of a held document: loại, số, trích yếu, cơ quan."""
    parts = (document.doc_type, document.so_ky_hieu or document.number, document.title, document.issuer)
    return squeeze(" ".join(part for part in parts if part))


def year_of(document: Indexed) -> int | None:
    """The year in the number (QPPL), else of the printed date."""
    parsed = parse(document.so_ky_hieu) if document.so_ky_hieu else None
    return int(parsed.year) if parsed and parsed.year else dates.year(document.date)


def number_term(document: Indexed) -> str | None:
    """``4464|QD-VPDP``; ``148|`` where there is a number and no ký hiệu; None without a number."""
    parsed = parse(document.so_ky_hieu) if document.so_ky_hieu else None
    if parsed:
        return numbers.of_so_ky_hieu(parsed)
    if document.number:
        symbol = [letters(s) for s in (document.symbol or "").replace("/", "-").split("-") if s]
        return numbers.term(number_key(document.number), symbol)
    return None


def issuer_label(document: Indexed) -> str | None:
    """One name for all spellings of an agency where its key tells it, else the short name as printed."""
    if not document.issuer:
        return None
    named = agencies.name_of(document.issuer_key) if document.issuer_key else None
    return named or agencies.without_head(agencies.short(document.issuer))


def agency_tokens(name: str) -> list[str]:
    """Folded tokens of an agency's name, its abbreviations written out (``NN&PTNT``)."""
    return folded_keys(agencies.full_slug(name).replace("-", " "))


def state_of(document: Indexed) -> list[str]:
    states = ["co_van_ban" if document.held else "chi_duoc_dan"]
    if document.held and document.kind == "administrative" and not document.so_ky_hieu and not document.number:
        states.append("chua_co_so")
    if document.unsure:
        states.append("can_kiem_tra")
    return states


def of_indexed(document: Indexed, words: list[str]) -> EngineDocument:
    """The engine's document. *words*: exact keys of the words of several syllables (``tập_huấn``) of title and text."""
    made = EngineDocument(document.id)
    _fill_text(made, document, words)
    _fill_keys(made, document)
    made.numbers = numbers_of(document)
    return made


def _fill_text(made: EngineDocument, document: Indexed, words: list[str]) -> None:
    exact = exact_keys(head(document))
    if document.text:
        exact = [*exact, BREAK, *exact_keys(document.text)]
    made.text["exact"] = exact
    made.text["syl"] = [folded_key(key) for key in exact]
    made.text["word"] = words
    if document.title:
        made.text["title"] = folded_keys(document.title)
    if document.issuer:
        made.text["issuer"] = _agencies([document.issuer])
    if document.signer:
        made.text["signer"] = folded_keys(document.signer)
    if document.recipients:
        made.text["recipients"] = _agencies(document.recipients)


def _agencies(names: list[str]) -> list[str]:
    """Names as printed, in short (UBND) and with their words written out, one after the other."""
    found: list[str] = []
    for name in names:
        seen: list[list[str]] = []
        for tokens in (
            folded_keys(name),
            folded_keys(agencies.short(name)),
            agency_tokens(name),
        ):
            if tokens and tokens not in seen:
                seen.append(tokens)
                found.extend((*tokens, BREAK))
    return found


def _fill_keys(made: EngineDocument, document: Indexed) -> None:
    keys = made.keys
    keys["id"] = [str(document.id)]
    keys["kind"] = [document.kind]
    keys["hieuluc"] = [str(document.status)]
    keys["trangthai"] = state_of(document)
    if document.doc_type:
        keys["loai"] = [document.doc_type]
    if document.number:
        keys["number"] = [number_key(document.number)]
    stored = number_term(document)
    if stored:
        keys["so"] = [stored]
    if document.text:
        keys["mention"] = sorted(numbers.mentions(document.text))
    if document.issuer_key:
        keys["issuer_key"] = [document.issuer_key]
    label = issuer_label(document)
    if label:
        keys["coquan"] = [label]
    if document.level:
        keys["cap"] = [document.level]
    if document.province_then:
        keys["tinh"] = [document.province_then]
    if document.province_now:
        keys["tinh_nay"] = [document.province_now]
    year = year_of(document)
    if year:
        keys["nam"] = [str(year)]
    elif document.date_inferred:
        keys["nam_suy_doan"] = [document.date_inferred[:4]]
    if document.basis:
        keys["basis"] = [str(id_) for id_ in dict.fromkeys(document.basis)]
    if document.cites or document.basis:
        keys["cites"] = [str(id_) for id_ in dict.fromkeys((*document.cites, *document.basis))]


def numbers_of(document: Indexed) -> dict[str, int]:
    """The numbers of :data:`NUMBERS` that a document has."""
    made: dict[str, int] = {}
    day = 0
    if document.date:
        low, high = (day_number(end) for end in dates.interval(document.date))
        made["date_low"], made["date_high"] = low, high
        day = low
    if document.date_inferred:
        low, high = (day_number(end) for end in dates.interval(document.date_inferred))
        made["inferred_low"], made["inferred_high"] = low, high
    # The id in the low bits settles ties alike in every engine: among equals, the smaller id first.
    made["by_date"] = (day << _LOW_BITS) | (_ID_MASK - document.id)
    made["by_cited"] = (min(document.cited_by, 1 << 24) << _LOW_BITS) | (_ID_MASK - document.id)
    made["doc_id"] = document.id
    return made


def day_number(iso: str) -> int:
    """``2024-06-11`` → 20240611."""
    return int(iso.replace("-", ""))


def province_name(name: str) -> str:
    """A province's name folded, without its level word."""
    bare = fold(squeeze(name))
    for level in ("tinh ", "thanh pho ", "tp. ", "tp "):
        bare = bare.removeprefix(level)
    return bare


def province_id(name: str) -> str | None:
    """The province a user means by a name or an id, with or without its level word."""
    bare = province_name(name)
    if bare.replace(" ", "-") in areas.provinces():
        return bare.replace(" ", "-")
    return areas.province_named(bare)
