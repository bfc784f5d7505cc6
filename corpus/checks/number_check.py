"""Type, number and date compared."""

from __future__ import annotations

import re

from corpus import identity
from corpus.checks.comparison import Comparison, FieldCheck, KnownFrom, WrittenBasis
from corpus.fold import clean, fold, squeeze
from corpus.identity import LAWS, Facts
from corpus.law import known_documents
from corpus.library.values import Reference
from corpus.model import Citation
from corpus.so_ky_hieu import code_of_type, type_of_symbol

# The ký hiệu of the Quốc hội, which its laws and resolutions share.
_ASSEMBLY = re.compile(r"(?:UBTV)?QH\d+")
_NUMERAL = re.compile(r"(?<![\w/])(?P<number>\w{1,8})\s?(?=[/-]\s{0,2}[^\W_])")


def check_type(basis: WrittenBasis, facts: Facts) -> list[FieldCheck]:
    """The loại, only where it is written and the ký hiệu names another: "Nghị định số 148/QĐ-TTg"."""
    citation = basis.citation
    written = citation.doc_type
    if written is None or not fold(squeeze(citation.text)).startswith(fold(written)):
        return []  # carried from a list, or an everyday word for it
    meant = type_of_symbol(citation.symbol) if citation.symbol else None
    note = f"ký hiệu {citation.symbol} là của {meant}"
    if meant is None and citation.symbol and _ASSEMBLY.fullmatch(citation.symbol):
        meant = facts.doc_type if written not in LAWS and facts.doc_type in LAWS else None
        note = ""
    if meant is None or fold(meant) == fold(written) or code_of_type(meant) == code_of_type(written):
        return []
    return [FieldCheck("doc_type", Comparison.DIFFERS, written, meant, note)]


def check_number(basis: WrittenBasis, facts: Facts) -> FieldCheck:
    """The số ký hiệu; a law may be cited by its name and date alone."""
    citation = basis.citation
    number, known = citation.so_ky_hieu, facts.so_ky_hieu
    if number is None:
        by_name = citation.doc_type in LAWS
        note = "luật được dẫn bằng tên và ngày" if by_name else "không ghi số, ký hiệu đầy đủ"
        verdict = Comparison.MATCHES if by_name and known else Comparison.UNKNOWN
        return FieldCheck("so_ky_hieu", verdict, None, known, note)
    typed = misspelled(citation)
    if typed is not None:
        # What was typed is the draft's own; what was seen in a picture may be a fault of reading.
        seen = "viết" if basis.typed else "trên ảnh đọc là"
        verdict = Comparison.DIFFERS if basis.typed else Comparison.UNKNOWN
        note = f"{seen} “{typed}”, hiểu là {number}"
        return FieldCheck("so_ky_hieu", verdict, typed, known or number, note, doubtful=True)
    if known is None:
        return FieldCheck("so_ky_hieu", Comparison.UNKNOWN, number, None)
    if _plain(number) == _plain(known):
        return FieldCheck("so_ky_hieu", Comparison.MATCHES, number, known)
    return FieldCheck("so_ky_hieu", Comparison.DIFFERS, number, known, "ký hiệu viết khác")


def _plain(number: str) -> str:
    """A leading zero is no difference; a lost hyphen or a shortened ký hiệu is one."""
    return number.lstrip("0").replace(" ", "")


def misspelled(citation: Citation) -> str | None:
    """The số hiệu as it is really written, where a letter of its number was read as a digit: ``1O15/QĐ-UBND``."""
    text = squeeze(clean(citation.text))
    number = re.match(r"\d+", citation.so_ky_hieu or "")
    if number is None or _as_digits(number.group()).search(text):
        return None
    for seen in _NUMERAL.finditer(text):
        written = seen["number"]
        if re.search(r"\d", written) and not written.isdigit() and len(written) == len(number.group()):
            rest = (citation.so_ky_hieu or "")[number.end() :]
            return written + rest
    return None


def _as_digits(number: str) -> re.Pattern[str]:
    """The number written in digits, before a year or a ký hiệu."""
    digits = number.lstrip("0")
    return re.compile(
        rf"(?<![^\W\d_])0*{digits}[.\d]*[^\W\d_]?\s?(?:/\s?\d{{2,4}}\s?)?(?:[/-]\s{{0,2}}|(?=[A-ZĐ]))[^\W\d_]"
    )


def check_date(citation: Citation, reference: Reference, known_from: KnownFrom) -> FieldCheck:
    """The date; it differs only from one that is sure, or that several documents give."""
    written, known = citation.date, reference.facts.date
    if written is None or known is None:
        return FieldCheck("date", Comparison.UNKNOWN, written, known, "không ghi ngày" if written is None else "")
    if written == known:
        return FieldCheck("date", Comparison.MATCHES, written, known)
    contested = len(reference.conflicts.get("date", {})) > 1
    row = known_documents.get(reference.known) if reference.known else None
    sure = known_from == "van_ban" or (known_from == "bang" and row is not None and row.sure)
    if not sure and (contested or reference.votes < 2):
        note = "các văn bản khác cũng ghi không thống nhất" if contested else ""
        return FieldCheck("date", Comparison.UNKNOWN, written, known, note)
    if identity.compatible(written, known):
        verdict = Comparison.MATCHES if len(written) < len(known) else Comparison.UNKNOWN
        return FieldCheck("date", verdict, written, known)
    return FieldCheck("date", Comparison.DIFFERS, written, known)
