"""Reads a draft for checking: its record, and pictures of where its căn cứ are printed. Runs in workers."""

from __future__ import annotations

import io
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadFailure
from corpus.model import Citation, Failure, Record
from corpus.sentences import sentence_span
from corpus.vocabulary import Relation, Zone
from ingest.extract import record_of
from ingest.formats import WITH_PAGE_IMAGES, PictureSize
from ingest.formats.sniff import FileType, file_type_of
from ingest.ocr.page_position import POOR_CONFIDENCE
from ingest.options import DEFAULT_OPTIONS, ReadOptions
from ingest.page import Page, Reading
from ingest.page_pictures import cut, image_as_read
from ingest.read import read
from ingest.text_location import line_boxes, with_margin

if TYPE_CHECKING:
    from PIL.Image import Image

#: Dots per inch of the pictures, and bytes of one: legible, and forty of them are no burden.
CROP_DPI, CROP_BYTES = 110, 400_000
#: A scanned page with fewer words says nothing about a draft.
_FEW_WORDS = 8
_OPENING = re.compile(r"căn\s+cứ", re.IGNORECASE)


def read_draft(path: str, options: ReadOptions = DEFAULT_OPTIONS, max_crops: int = 0) -> dict[str, Any]:
    """A draft as JSON data: ``{"record", "crops", "poor", "sheet"}``, or its failure.

    crops: place in the record's citations → ``{"page", "png"}`` (hexadecimal), for the first *max_crops* căn cứ of a
    file that has page images. poor: numbers of pages that OCR read badly. sheet: what
    a .docx says of paper, margins, fonts and page numbers (:class:`corpus.checks.form.sheet.Sheet`); null for others.
    """
    try:
        with read(Path(path), options) as reading:
            record = record_of(reading, second_reader=options.second_reader, limits=options.limits)
            poor = [p.number for p in reading.pages if p.source == "ocr" and _is_badly_read(p)]
            has_images = file_type_of(Path(path)) in WITH_PAGE_IMAGES
            crops = _crops(Path(path), record, reading, options, max_crops) if has_images else {}
            sheet = _sheet(Path(path), options)
            return {"record": record.as_json(), "crops": crops, "poor": poor, "sheet": sheet}
    except ReadFailure as failure:
        return Failure(path, str(failure), failure.verdict).as_json()


def _sheet(path: Path, options: ReadOptions) -> dict[str, Any] | None:
    """The sheet of a .docx; None for other files, and where its properties cannot be read."""
    if file_type_of(path) is not FileType.DOCX:
        return None
    from ingest.formats.word_sheet import sheet_of
    from ingest.formats.xml_parts import DAMAGED

    try:
        sheet = sheet_of(path, options.limits)
    except DAMAGED:
        return None
    return asdict(sheet) if sheet is not None else None


def _is_badly_read(page: Page) -> bool:
    """Whether a căn cứ may be missed on the page: few words, or words the OCR is not sure of."""
    return page.confidence is None or page.confidence < POOR_CONFIDENCE or len(page.text.split()) < _FEW_WORDS


def _crops(
    path: Path, record: Record, reading: Reading, options: ReadOptions, max_crops: int
) -> dict[str, dict[str, Any]]:
    """Pictures of the căn cứ, by their place in ``record.citations``."""
    crops: dict[str, dict[str, Any]] = {}
    image: Image | None = None
    drawn = 0
    for ordinal, citation in enumerate(record.citations):
        if len(crops) >= max_crops:
            break
        if not _is_basis(citation) or citation.page is None:
            continue
        page, offset = reading.pages[citation.page - 1], reading.starts[citation.page - 1]
        start, end = _sentence(page.text, citation.start - offset, min(citation.end - offset, len(page.text)))
        boxes = line_boxes(page.load_words(), start, end)
        if not boxes:
            continue
        if image is None or drawn != page.number:
            size = PictureSize(dpi=CROP_DPI)
            image, drawn = image_as_read(path, page, size, options.limits).convert("L"), page.number
        buffer = io.BytesIO()
        cut(image, with_margin(boxes)).save(buffer, format="PNG", optimize=True)
        if buffer.tell() <= CROP_BYTES:
            crops[str(ordinal)] = {"page": page.number, "png": buffer.getvalue().hex()}
    return crops


def _is_basis(citation: Citation) -> bool:
    return citation.relation == Relation.LEGAL_BASIS and citation.zone in {Zone.PREAMBLE, Zone.BODY}


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """A căn cứ from its opening word to the end of its sentence.

    The sentence's own beginning would include the header, which has no full stop.
    """
    left, right = sentence_span(text, start, end)
    opening = [match.start() for match in _OPENING.finditer(text, left, start)]
    return (opening[-1] if opening else text.rfind("\n", left, start) + 1 or left), right
