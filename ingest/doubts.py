"""Marks values of a record that a person should check, by comparing what was read in different places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus import dates
from corpus.model import Evidence, Incomplete, Record
from ingest.layout.unsigned import REASON as BLANK
from ingest.ocr.witnesses import disputed
from ingest.page import DigitalSignature, Reading
from ingest.syllables import is_misprinted
from ingest.worker.rescue import Rescue

#: Below this confidence, digits read by Tesseract are often wrong.
_BLURRED = 0.4
#: Confidence of a date that something else contradicts, and of the kind of a document read in part.
_CONTRADICTED, _PARTLY_READ = 0.5, 0.3
#: Words of the name of an agency, at least.
_ISSUER_WORDS = 2
#: Confidence that a scan without words of a signature and with blank paper in its place is not signed.
_UNSIGNED = 0.9
#: Confidence of a date that a digital signature confirms.
_CONFIRMED = 0.9


def cap_citations(record: Record, limit: int) -> None:
    """Keep at most *limit* citations, and note how many there are."""
    found = len(record.citations)
    if found > limit:
        record.citations = record.citations[:limit]
        for amendment in record.amendments:
            if amendment.citation is not None and amendment.citation >= limit:
                amendment.citation, amendment.needs_review = None, True
        record.fields["kind"].needs_review = True
        record.fields["kind"].reasons.append(f"chỉ giữ {limit} dẫn chiếu đầu trong {found}")


def mark_incomplete(record: Record, reading: Reading, rescue: Rescue | None) -> None:
    """Mark a document with missing pages: a person checks it, and the next ingest reads it again."""
    unread = [(page.number, page.unread) for page in reading.pages if page.unread]
    text_only = rescue is not None and rescue.text_only
    if not unread and not text_only:
        return
    pages_read = len(reading.pages) - len(unread)
    if rescue is not None:
        record.incomplete = Incomplete(pages_read, rescue.verdict, analysed=not text_only)
    else:
        number, first = unread[0]
        record.incomplete = Incomplete(pages_read, first.verdict, note=f"trang {number} {first.words}")
    seen = record.fields.setdefault("kind", Evidence(_PARTLY_READ))
    seen.needs_review, seen.confidence = True, min(seen.confidence, _PARTLY_READ)
    seen.reasons += record.incomplete.words(record.pages)


def mark_misprinted(record: Record) -> None:
    """Mark values of a text layer with a letter no Vietnamese text has: its character map is wrong ("QUẢNG PHÖ")."""
    for name, evidence in record.fields.items() if record.source == "text" else ():
        value = getattr(record, name, None)
        if isinstance(value, str) and any(map(is_misprinted, re.findall(r"[^\W\d_]+", value))):
            evidence.needs_review = True
            evidence.reasons.append("có chữ cái không phải tiếng Việt")


def mark_missing_names(record: Record) -> None:
    """Mark a scan on which issuer, địa danh or trích yếu was not found: nearly every document prints them."""
    if record.issuer is None:
        record.fields["issuer"] = Evidence(0.0, True, reasons=["không thấy tên cơ quan ban hành"])
    elif len(re.findall(r"[^\W\d_]+", record.issuer)) < _ISSUER_WORDS and "issuer" in record.fields:
        # "(Dân": what is left of a line; no agency has a name of one word.
        record.fields["issuer"].needs_review = True
        record.fields["issuer"].reasons.append("tên cơ quan đọc không trọn")
    if record.place is None:
        record.fields["place"] = Evidence(0.0, True, reasons=["không thấy địa danh"])
    if record.date is not None and record.symbol is None and "so_ky_hieu" not in record.fields:
        # ô 3 stands on the line of ô 4.
        for name in ("so_ky_hieu", "symbol"):
            record.fields[name] = Evidence(0.0, True, reasons=["không thấy số, ký hiệu bên cạnh ngày tháng"])
    if record.title is None and "title" not in record.fields:
        record.fields["title"] = Evidence(0.0, True, reasons=["không thấy trích yếu"])


def mark_missing_name(record: Record) -> None:
    """Mark a document that is signed and shows no name: a seal, or the picture of a signature, may cover it."""
    if record.signer is None:
        record.fields["signer"] = Evidence(0.0, True, reasons=["không thấy tên người ký, có thể bị con dấu che"])


def mark_missing_signer(record: Record, *, is_unsigned: bool) -> None:
    """Mark a scan whose signer or title was not found: a seal may cover them, unless nothing stands in their place."""
    if is_unsigned:
        for name in ("signer", "signer_title"):
            record.fields[name] = Evidence(_UNSIGNED, reasons=[BLANK])
        return
    mark_missing_name(record)
    if record.signer_title is None:
        record.fields["signer_title"] = Evidence(0.0, True, reasons=["không thấy chức vụ, có thể bị con dấu che"])


def compare_with_bases(record: Record) -> None:
    """Mark the document's date and that of a legal basis where the document is dated before it."""
    seen = record.fields.get("date")
    if record.date is None or len(record.date) < 10 or seen is None:
        return
    for citation in record.citations:
        if citation.is_legal_basis and citation.date and len(citation.date) == 10 and citation.date > record.date:
            citation.needs_review = True
            seen.needs_review = True
            seen.confidence = min(seen.confidence, _CONTRADICTED)
            reason = f"sớm hơn căn cứ {citation.so_ky_hieu or citation.text[:40]} ({dates.vietnamese(citation.date)})"
            if reason not in seen.reasons:
                seen.reasons.append(reason)


def compare_with_signatures(record: Record, signatures: Sequence[DigitalSignature]) -> None:
    """Compare the date with the days of digital signatures, and note the signatures for a reviewer.

    The office stamps number and day after a person has signed, and signs last itself: a date later than every signature
    is doubted, and one that OCR was not sure of is confirmed by a signature of the same day. Signatures fill no field:
    their days may be those of a copy, their names are hints.
    """
    days = [signature.day for signature in signatures if signature.day]
    seen = record.fields.get("date")
    if days and record.date and seen is not None:
        if record.date > max(days)[: len(record.date)]:
            seen.needs_review = True
            seen.confidence = min(seen.confidence, _CONTRADICTED)
            seen.reasons.append(f"muộn hơn ngày ký số {dates.vietnamese(max(days))}")
        elif seen.needs_review and record.date in days:
            seen.reasons.append("trùng ngày ký số")
            seen.needs_review = False
            seen.confidence = max(seen.confidence, _CONFIRMED)
    noted = record.fields.get("signer") or seen or record.fields.get("issuer")
    for signature in signatures:
        if noted is not None and (signature.signer or signature.day):
            day = f"ngày {dates.vietnamese(signature.day)}" if signature.day else "không rõ ngày"
            hint = f"chữ ký số: {signature.signer or 'không rõ tên'}, {day}, chưa kiểm tra"
            if hint not in noted.reasons:
                noted.reasons.append(hint)


def mark_blurred_citations(record: Record, reading: Reading) -> None:
    """Mark citations with a number or date that OCR was not sure of, or that two readers read differently, however
    well it parses."""
    for page, offset in zip(reading.pages, reading.starts, strict=True):
        cited = [c for c in record.citations if c.page == page.number and (c.so_ky_hieu or c.date)]
        if page.source != "ocr" or not cited:
            continue
        figures = [
            w
            for w in page.load_words()
            if any(c.isdigit() for c in w.text) and (w.confidence < _BLURRED or disputed(w))
        ]
        for citation in cited:
            for word in figures:
                if offset + word.start < citation.end and offset + word.end > citation.start:
                    citation.needs_review = True
                    citation.confidence = round(min(citation.confidence, max(0.1, word.confidence)), 3)
