"""File → record: the one function a worker runs.

A reading (pages, words) gives header and signature by layout, then zones, then citations, then what may be inferred.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus import dates
from corpus.errors import ReadFailure
from corpus.fold import cleaned_text
from corpus.model import Evidence, Failure, Kind, Record, is_secret
from corpus.resolution.within_document import read_mentions
from corpus.so_ky_hieu import parse
from corpus.vocabulary import Verdict
from ingest import doubts
from ingest.citations import read_cited
from ingest.layout import inference, voting
from ingest.layout.effect_dates import effect_dates
from ingest.layout.filled_blanks import doubt_filled_blanks
from ingest.layout.found import Found
from ingest.layout.header import read_header
from ingest.layout.header_values import Header
from ingest.layout.lines import lines_of
from ingest.layout.name_restoring import restore_citations, restore_header
from ingest.layout.own_mentions import OwnMentions
from ingest.layout.second_header import second_header
from ingest.layout.signature import find_signature, last_long_line, read_signature, signature_lines
from ingest.layout.two_headers import TwoHeaders
from ingest.layout.unsigned import is_unsigned
from ingest.layout.urgency_stamps import find_urgency
from ingest.layout.zones import Structure, ZoneName, divide
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.options import DEFAULT_OPTIONS, ReadOptions
from ingest.page import PAGE_BREAK, Page, Reading
from ingest.read import read
from ingest.tables.find import find_tables

_ADOPTED = re.compile(r"thông\s+qua\s+ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")
#: Ký hiệu of laws and resolutions of the Quốc hội and its standing committee begin so.
_NATIONAL_ASSEMBLY = ("QH", "UBTVQH", "PL", "NQ-UBTVQH")
#: Stands above the words that are struck out in the file.
_STRUCK_HEADING = "[Chữ bị gạch bỏ khi sửa, chưa được chấp nhận]"
#: Lines of the following page on which a name may stand whose Nơi nhận ends the page before, and how far down that page
#: Nơi nhận must begin (as a share of its text).
_NAME_LINES, _NEAR_PAGE_END = 12, 0.8


def read_record(path: str, options: ReadOptions = DEFAULT_OPTIONS) -> dict[str, Any]:
    """The record of the file at *path* as JSON data, or its failure (keys path, error, verdict). Raises MissingTool."""
    rescue = options.rescue
    try:
        with read(Path(path), options) as reading:
            if rescue is not None and reading.pages[0].unread:  # the page that shows whether the document is secret
                raise ReadFailure("Không đọc được trang đầu.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.")
            if rescue is not None and rescue.text_only:
                record = _text_only(reading)
            else:
                record = record_of(reading, second_reader=options.second_reader, limits=options.limits)
            doubts.mark_incomplete(record, reading, rescue)
            return record.as_json()
    except ReadFailure as failure:
        return Failure(path, str(failure), failure.verdict).as_json()


def record_of(reading: Reading, *, second_reader: bool = True, limits: Limits = DEFAULT_LIMITS) -> Record:
    """Everything known of one reading."""
    record = Record(reading.path, reading.sha256, len(reading.pages), reading.source, reading.text)
    first = next((p for p in reading.pages if p.text.strip()), None)
    if first is None:
        return record
    ocr = first.source == "ocr"
    mentions = OwnMentions(reading.text) if ocr else None
    header = _header(reading, first, mentions, second_reader=second_reader)
    structure = divide(reading.text, reading.starts, header)
    signature = _signature(reading, structure)
    record.kind = _kind(header, signature, ocr=ocr)
    structure.kind = record.kind
    if record.kind == "administrative":
        for name, found in {**header.fields, **signature}.items():
            _keep(record, name, found)
        _find_adoption_date(record)
        if ocr:
            doubts.mark_missing_names(record)
            doubts.mark_missing_signer(record, is_unsigned=not signature and is_unsigned(reading.pages))
        elif first.width and (record.signer_title or record.signing_form):
            doubts.mark_missing_name(record)
    record.fields["kind"] = Evidence(0.95 if header.anchored or record.kind == "other" else 0.7)
    own = parse(record.so_ky_hieu) if record.so_ky_hieu else None
    cited = read_cited(reading.text, structure, own=own, issuer=record.issuer, date=record.date)
    record.citations, record.own_references, record.amendments = cited.citations, cited.own_references, cited.amendments
    doubts.cap_citations(record, limits.citations)
    if mentions is not None:
        restore_citations(record.citations, mentions)
    if record.kind == "administrative":
        doubts.compare_with_bases(record)
        doubts.compare_with_signatures(record, reading.signatures)
        _infer(record)
        for name, found in effect_dates(record, structure).items():
            _keep(record, name, found)
    record.tables = find_tables(reading)
    record.turned_pages = [(page.number, page.rotation) for page in reading.pages if page.rotation]
    _add_pages(record, reading)
    doubts.mark_unsure_figures(record, reading)
    doubts.mark_blurred_citations(record, reading)
    doubts.mark_misprinted(record)
    read_mentions(record)
    _add_what_says_nothing(record, reading)
    return record


def _header(reading: Reading, page: Page, mentions: OwnMentions | None, *, second_reader: bool) -> Header:
    """The header, which stands on *page*; with *mentions*, of a scan: read again, weighed, its names put right."""
    offset = reading.starts[page.number - 1]
    lines = lines_of(page, offset)
    header = read_header(lines, ocr=mentions is not None)
    if mentions is None:
        doubt_filled_blanks(header, page)
        return header
    other = second_header(page, lines, header)
    two = TwoHeaders(header, other, page, offset) if other is not None else None
    if two is not None:
        two.weigh_lines()
    if second_reader:
        find_urgency(header, page)  # first: it looks at the picture that was drawn last
        voting.read_again(header, page, other)
    restore_header(header, mentions, reading.text)
    if two is not None:
        restore_header(two.other, mentions, reading.text)
        two.weigh_names(mentions)
    return header


def _add_what_says_nothing(record: Record, reading: Reading) -> None:
    """Add what nothing is concluded from: struck words on a page behind the text, and that a file is a spreadsheet."""
    if reading.struck:
        record.text += f"{PAGE_BREAK}{_STRUCK_HEADING}\n{reading.struck}"
        record.pages += 1
    if reading.is_spreadsheet and record.kind == "other":
        record.kind = "spreadsheet"


def _text_only(reading: Reading) -> Record:
    """The text alone; nothing is concluded from it but that a secret document must not be kept."""
    record = Record(reading.path, reading.sha256, len(reading.pages), reading.source, reading.text)
    for line in reading.pages[0].text.splitlines():
        if is_secret(line):
            record.secrecy = line.strip()
            record.fields["secrecy"] = Evidence(0.5, True, reasons=["dòng chữ ở trang đầu"])
            break
    return record


def _signature(reading: Reading, structure: Structure) -> dict[str, Found]:
    """Who signed the document itself, read on the page where its signature block begins."""
    body = next((z.start for z in structure.zones if z.part == 0 and z.name in {ZoneName.BODY, ZoneName.PREAMBLE}), 0)
    ocr = reading.source != "text"
    start = find_signature(reading.text, body, ocr=ocr)
    if start is None and not ocr:
        start = find_signature(reading.text, 0, ocr=False)  # a text layer may hold the header last
    elif start is None:
        start = last_long_line(reading.text, body, _end_of_signature(structure, body))
    if start is None:
        return {}
    page = reading.pages[reading.page_at(start) - 1]
    offset = reading.starts[page.number - 1]
    end = _end_of_signature(structure, start) if page.source == "text" else None  # OCR may mix the lines of columns
    found = read_signature(signature_lines(lines_of(page, offset), start, end), page=page, ocr=page.source == "ocr")
    near_end = start - offset > _NEAR_PAGE_END * len(page.text)
    if "signer" not in found and page.number < len(reading.pages) and near_end:
        following = reading.pages[page.number]  # Nơi nhận at the foot of one page, the name on the next
        lines = lines_of(following, reading.starts[page.number])[:_NAME_LINES]
        for name, value in read_signature(lines, ocr=following.source == "ocr").items():
            found.setdefault(name, value)
    return found


def _end_of_signature(structure: Structure, start: int) -> int | None:
    """Where the first attachment behind the signature block begins; None where none follows."""
    return next((z.start for z in structure.zones if z.part > 0 and z.start > start), None)


def _kind(header: Header, signature: Mapping[str, Found], *, ocr: bool) -> Kind:
    """Administrative where quốc hiệu, số ký hiệu, a signature block or Nơi nhận was found.

    On a scan that may have lost its letterhead and the signer a form ("TM. ỦY BAN NHÂN DÂN") is enough: only papers of
    agencies are signed so.
    """
    signed = "signer" in signature and "signer_title" in signature
    signed = signed or (ocr and "signing_form" in signature)
    return "administrative" if header.anchored or "recipients" in signature or signed else "other"


def _keep(record: Record, name: str, found: Found) -> None:
    setattr(record, name, found.value)
    record.fields[name] = found.evidence


def _find_adoption_date(record: Record) -> None:
    """The date of a law or a resolution of the Quốc hội, which has no place-and-date line: stated at its end."""
    if record.date is not None or not (record.symbol or "").startswith(_NATIONAL_ASSEMBLY):
        return
    for match in _ADOPTED.finditer(cleaned_text(record.text)):
        day, month, year = (int(g) for g in match.groups())
        value = dates.make(year, month, day)
        if value:
            _keep(record, "date", Found(value, Evidence(0.95, start=match.start(), end=match.end())))
            return


def _infer(record: Record) -> None:
    """Fill what the document does not print but lets one conclude."""
    if record.issuer is None:
        guess = inference.issuer(record.text, symbol=record.symbol, place=record.place)
        if guess:
            _keep(record, "issuer", guess)
    if record.date is None:
        guess = inference.year(record.title, record.citations)
        if guess:
            _keep(record, "date_inferred", guess)
    is_signed = record.signing_form or record.recipients or record.signer
    if record.signer_title is None and "signer_title" in record.fields and is_signed:  # a scan on which it was not read
        guess = inference.signer_title(record.issuer, record.signing_form or ())
        if guess:
            _keep(record, "signer_title", guess)
    if record.parent_agency is None:
        guess = inference.parent(record.issuer, record.text)
        if guess:
            _keep(record, "parent_agency_inferred", guess)


def _add_pages(record: Record, reading: Reading) -> None:
    """Add the page to evidence and citations that have an offset only."""
    for evidence in record.fields.values():
        if evidence.page is None and evidence.start is not None:
            evidence.page = reading.page_at(evidence.start)
    for citation in record.citations:
        citation.page = citation.page or reading.page_at(citation.start)
        if record.kind != "administrative":
            citation.is_legal_basis = False
