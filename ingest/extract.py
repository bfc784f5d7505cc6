"""File → record: the one function a worker runs.

reading (pages, words) → header and signature by layout → zones → citations → what may be concluded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus import dates
from corpus.errors import ReadFailure
from corpus.fold import clean
from corpus.model import Citation, Evidence, Failure, Incomplete, Record, is_secret
from corpus.resolution.within_document import read_mentions
from corpus.so_ky_hieu import parse
from corpus.vocabulary import Verdict
from ingest.citations import find_citations
from ingest.layout import inference, voting
from ingest.layout.effect_dates import effect_dates
from ingest.layout.header import Found, Header, read_header
from ingest.layout.lines import lines_of
from ingest.layout.signature import find_signature, read_signature, zone_of
from ingest.layout.zones import Structure, divide
from ingest.limits import now
from ingest.page import Reading
from ingest.progress import Rescue
from ingest.read import read

#: Raise it when records of the same file would come out different: an ingest reads such files again.
READER_VERSION = "2"

# Below this Tesseract's digits are often others (domain 6.4).
_BLURRED = 0.4
_ADOPTED = re.compile(r"thông\s+qua\s+ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")


def read_record(path: str, options: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The record of the file at *path* as JSON data, or its failure (keys path, error, verdict).

    options: ``second_reader`` (True unless switched off), ``rescue`` (:class:`ingest.progress.Rescue` as JSON data, in
    an attempt after a failure), and those of :func:`ingest.read.read` (``mode``, ``cache``,
    ``ocr_jobs``, ``page_seconds``). Never raises for a bad file.
    """
    chosen = dict(options or {})
    second_reader = bool(chosen.pop("second_reader", True))
    rescue = Rescue.from_json(chosen.pop("rescue", None))
    try:
        with read(Path(path), **chosen, rescue=rescue) as reading:
            if rescue is not None and reading.pages[0].unread:  # which would tell a secret paper
                raise ReadFailure("Không đọc được trang đầu.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.")
            if rescue is not None and rescue.bare:
                record = _bare(reading)
            else:
                record = record_of(reading, second_reader=second_reader)
            _doubt_unread(record, reading, rescue)
            return record.as_json()
    except ReadFailure as failure:
        return Failure(path, str(failure), failure.verdict).as_json()


def record_of(reading: Reading, *, second_reader: bool = True) -> Record:
    """Everything said of one reading."""
    record = Record(reading.path, reading.sha256, len(reading.pages), reading.source, reading.text)
    first = next((p for p in reading.pages if p.text.strip()), None)
    if first is None:
        return record
    ocr = first.source == "ocr"
    header = read_header(lines_of(first, reading.starts[first.number - 1]), ocr=ocr)
    if ocr and second_reader:
        voting.settle(header, first)
    structure = divide(reading.text, reading.starts, header.end if header.anchored else None, header.title_span)
    signature = _signature(reading, structure)
    record.kind = _kind(header, signature)
    structure.kind = record.kind
    if record.kind == "administrative":
        for name, found in {**header.fields, **signature}.items():
            _keep(record, name, found)
        _adoption_date(record)
        if ocr and record.signer is None:
            record.fields["signer"] = Evidence(0.0, True, reasons=["không thấy tên người ký, có thể bị con dấu che"])
        if ocr and record.signer_title is None:
            record.fields["signer_title"] = Evidence(0.0, True, reasons=["không thấy chức vụ, có thể bị con dấu che"])
    record.fields["kind"] = Evidence(0.95 if header.anchored or record.kind == "other" else 0.7)
    own = parse(record.so_ky_hieu) if record.so_ky_hieu else None
    record.citations = find_citations(reading.text, structure, own=own, issuer=record.issuer, date=record.date)
    _not_too_many(record)
    if record.kind == "administrative":
        _dated_before_its_basis(record)
        _signed_digitally(record, reading)
        _infer(record, header)
        for name, found in effect_dates(record, structure).items():
            _keep(record, name, found)
    _finish(record, reading)
    _doubt_blurred(record, reading)
    read_mentions(record)
    return record


def _not_too_many(record: Record) -> None:
    """Keep as many citations as the limits allow and say how many there are."""
    most, found = now().citations, len(record.citations)
    if found > most:
        record.citations = record.citations[:most]
        record.fields["kind"].needs_review = True
        record.fields["kind"].reasons.append(f"chỉ giữ {most} dẫn chiếu đầu trong {found}")


def _bare(reading: Reading) -> Record:
    """The text alone, nothing concluded from it but that it must not be kept."""
    record = Record(reading.path, reading.sha256, len(reading.pages), reading.source, reading.text)
    for line in reading.pages[0].text.splitlines():
        if is_secret(line):
            record.secrecy = line.strip()
            record.fields["secrecy"] = Evidence(0.5, True, reasons=["dòng chữ ở trang đầu"])
            break
    return record


def _doubt_unread(record: Record, reading: Reading, rescue: Rescue | None) -> None:
    """A document of which pages are missing is kept and says so: a person looks at it, the next ingest tries again."""
    unread = [page for page in reading.pages if page.unread]
    if not unread and (rescue is None or not rescue.bare):
        return
    record.incomplete = Incomplete(
        len(reading.pages) - len(unread),
        Verdict.of(rescue.verdict) if rescue else unread[0].unread_verdict,
        analysed=rescue is None or not rescue.bare,
        note="" if rescue else f"trang {unread[0].number} {unread[0].unread}",
    )
    seen = record.fields.setdefault("kind", Evidence(0.3))
    seen.needs_review, seen.confidence = True, min(seen.confidence, 0.3)
    seen.reasons += record.incomplete.words(record.pages)


def _signature(reading: Reading, structure: Structure) -> dict[str, Found]:
    """Who signed the document itself, read on the page where its signing begins."""
    body = next((z.start for z in structure.zones if z.part == 0 and z.name in {"body", "preamble"}), 0)
    start = find_signature(reading.text, body, ocr=reading.source != "text")
    if start is None:
        return {}
    page = reading.pages[reading.page_at(start) - 1]
    offset = reading.starts[page.number - 1]
    found = read_signature(zone_of(lines_of(page, offset), start), page=page, ocr=page.source == "ocr")
    if "signer" not in found and page.number < len(reading.pages) and start - offset > 0.8 * len(page.text):
        following = reading.pages[page.number]  # Nơi nhận at the foot of a page, the name on the next one
        more = read_signature(lines_of(following, reading.starts[page.number])[:12], ocr=following.source == "ocr")
        for name, value in more.items():
            found.setdefault(name, value)
    return found


def _kind(header: Header, signature: Mapping[str, Found]) -> Any:
    """administrative when any of quốc hiệu, số ký hiệu, signing block or Nơi nhận is there (domain rule 1.5.7)."""
    printed = header.anchored or "recipients" in signature or ("signer" in signature and "signer_title" in signature)
    return "administrative" if printed else "other"


def _keep(record: Record, name: str, found: Found) -> None:
    setattr(record, name, found.value)
    record.fields[name] = found.evidence


def _adoption_date(record: Record) -> None:
    """A law or resolution of the Quốc hội has no place-and-date line: the day it was passed stands at its end."""
    if record.date is not None or not (record.symbol or "").startswith(("QH", "UBTVQH", "PL", "NQ-UBTVQH")):
        return
    for match in _ADOPTED.finditer(clean(record.text)):
        day, month, year = (int(g) for g in match.groups())
        value = dates.make(year, month, day)
        if value:
            _keep(record, "date", Found(value, Evidence(0.95, start=match.start(), end=match.end())))
            return


def _dated_before_its_basis(record: Record) -> None:
    """Nothing is dated before what it rests on: such a date is doubted, on both sides."""
    seen = record.fields.get("date")
    if record.date is None or len(record.date) < 10 or seen is None:
        return
    for citation in record.citations:
        if citation.is_legal_basis and citation.date and len(citation.date) == 10 and citation.date > record.date:
            citation.needs_review = True
            seen.needs_review = True
            seen.confidence = min(seen.confidence, 0.5)
            reason = f"sớm hơn căn cứ {citation.so_ky_hieu or citation.text[:40]} ({dates.vietnamese(citation.date)})"
            if reason not in seen.reasons:
                seen.reasons.append(reason)


def _signed_digitally(record: Record, reading: Reading) -> None:
    """What was signed on a day is not dated later; the name in the signature is told to a reviewer and fills nothing."""
    days = [signature.day for signature in reading.signatures if signature.day]
    seen = record.fields.get("date")
    if days and record.date and seen is not None and record.date > min(days)[: len(record.date)]:
        seen.needs_review = True
        seen.confidence = min(seen.confidence, 0.5)
        seen.reasons.append(f"muộn hơn ngày ký số {dates.vietnamese(min(days))}")
    told = record.fields.get("signer") or seen or record.fields.get("issuer")
    for signature in reading.signatures:
        if told is not None and (signature.signer or signature.day):
            day = f"ngày {dates.vietnamese(signature.day)}" if signature.day else "không rõ ngày"
            hint = f"chữ ký số: {signature.signer or 'không rõ tên'}, {day}, chưa kiểm tra"
            if hint not in told.reasons:
                told.reasons.append(hint)


def _infer(record: Record, header: Header) -> None:
    if record.issuer is None:
        guess = inference.issuer(record.text, symbol=record.symbol, place=record.place)
        if guess:
            _keep(record, "issuer", guess)
    if record.date is None:
        guess = inference.year(record.title, record.citations)
        if guess:
            _keep(record, "date_inferred", guess)
    if record.parent_agency is None:
        guess = inference.parent(record.issuer, record.text)
        if guess:
            _keep(record, "parent_agency_inferred", guess)


def _doubt_blurred(record: Record, reading: Reading) -> None:
    """A cited number or date that OCR itself was not sure of is doubted, however well it parses."""
    for page, offset in zip(reading.pages, reading.starts, strict=True):
        cited = [c for c in record.citations if c.page == page.number and (c.so_ky_hieu or c.date)]
        if page.source != "ocr" or not cited:
            continue
        figures = [w for w in page.load_words() if any(c.isdigit() for c in w.text) and w.confidence < _BLURRED]
        for citation in cited:
            for word in figures:
                if offset + word.start < citation.end and offset + word.end > citation.start:
                    citation.needs_review = True
                    citation.confidence = round(min(citation.confidence, max(0.1, word.confidence)), 3)


def _finish(record: Record, reading: Reading) -> None:
    for evidence in record.fields.values():
        if evidence.page is None and evidence.start is not None:
            evidence.page = reading.page_at(evidence.start)
    citation: Citation
    for citation in record.citations:
        citation.page = citation.page or reading.page_at(citation.start)
        if record.kind != "administrative":
            citation.is_legal_basis = False
