"""How a reading came about: zones, both readings of number and date, which was chosen and why, a picture with boxes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadFailure
from corpus.fold import squeeze
from corpus.model import Failure, Record
from ingest.extract import record_of
from ingest.layout import voting
from ingest.layout.header import read_header
from ingest.layout.header_values import Header
from ingest.layout.lines import lines_of
from ingest.layout.zones import divide
from ingest.ocr.witnesses import disputed
from ingest.options import DEFAULT_OPTIONS, ReadOptions
from ingest.page import Page, Reading, Word
from ingest.read import read

if TYPE_CHECKING:
    from PIL.Image import Image

_DPI = 100
#: Characters of a zone that are shown.
_EXCERPT = 80
#: A4 in points, for a text file's picture.
_WIDTH, _HEIGHT = 595, 842
#: Which parts of a value are read a second time.
_READ_TWICE = {"so_ky_hieu": ("number",), "date": ("day", "month")}


def explain(path: str, options: ReadOptions = DEFAULT_OPTIONS, picture: str | None = None) -> dict[str, Any]:
    """What was seen in the file at *path* and why each value was chosen, as JSON data; its failure for a bad file.

    ``pages``: number, source, engine, confidence, notes, and ``disputed``: the words that two OCR readers read
    differently, each with its reading by engine, the text that was taken and its confidence. ``zones``: name, part,
    page, first words. ``fields``: name → value, confidence, needs_review, inferred, reasons, and for values read twice
    ``first`` (the first reading) and ``second`` (candidates of the second with probabilities). picture: where to write
    the first page with its boxes (PNG).
    """
    try:
        with read(Path(path), options) as reading:
            explanation = _explanation(reading, options)
            if picture:
                _draw(reading, explanation, Path(picture))
            return explanation
    except ReadFailure as failure:
        return Failure(path, str(failure), failure.verdict).as_json()


def _explanation(reading: Reading, options: ReadOptions) -> dict[str, Any]:
    record = record_of(reading, second_reader=options.second_reader, limits=options.limits)
    fields = _fields(record)
    zones: list[dict[str, Any]] = []
    first = next((p for p in reading.pages if p.text.strip()), None)
    if first is not None:
        header = read_header(lines_of(first, reading.starts[first.number - 1]), ocr=first.source == "ocr")
        zones = _zones(reading, header)
        if first.source == "ocr" and options.second_reader:
            _add_second_readings(fields, header, first)
    return {
        "path": record.path,
        "kind": record.kind,
        "pages": [_page(page) for page in reading.pages],
        "zones": zones,
        "fields": fields,
        "citations": len(record.citations),
    }


def _page(page: Page) -> dict[str, Any]:
    seen = {"number": page.number, "source": page.source, "engine": page.engine, "confidence": page.confidence}
    return {**seen, "notes": page.notes, "disputed": [_dispute(w) for w in page.load_words() if disputed(w)]}


def _dispute(word: Word) -> dict[str, Any]:
    readings = {witness.engine: witness.text for witness in word.witnesses}
    return {"text": word.text, "confidence": word.confidence, "bbox": word.box, "readings": readings}


def _fields(record: Record) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "value": getattr(record, name),
            "page": seen.page,
            "bbox": seen.bbox,
            "confidence": seen.confidence,
            "needs_review": seen.needs_review,
            "inferred": seen.inferred,
            "reasons": seen.reasons,
        }
        for name, seen in record.fields.items()
    }


def _zones(reading: Reading, header: Header) -> list[dict[str, Any]]:
    structure = divide(reading.text, reading.starts, header)
    return [
        {
            "name": zone.name,
            "part": zone.part,
            "page": reading.page_at(zone.start),
            "start": zone.start,
            "end": zone.end,
            "text": squeeze(reading.text[zone.start : zone.end])[:_EXCERPT],
        }
        for zone in structure.zones
    ]


def _add_second_readings(fields: dict[str, dict[str, Any]], header: Header, page: Page) -> None:
    """Add to *fields* what both readings of number and date gave."""
    before = {name: header.value(name) for name in _READ_TWICE}
    candidates = voting.read_again(header, page)
    for name, parts in _READ_TWICE.items():
        if name in fields and any(p in candidates for p in parts):
            fields[name]["first"] = before[name]
            fields[name]["second"] = {p: candidates[p] for p in parts if p in candidates}


def _draw(reading: Reading, explanation: Mapping[str, Any], target: Path) -> None:
    """Write the first page with a box around every value: red for those to be checked, blue for the others."""
    from PIL import ImageDraw

    first = next(p for p in reading.pages if p.text.strip())
    page = first.load_image(_DPI).copy() if first.load_image is not None else _blank_page(first)
    draw = ImageDraw.Draw(page)
    for name, seen in explanation["fields"].items():
        if seen["bbox"] and seen["page"] == first.number:
            x0, y0, x1, y1 = seen["bbox"]
            box = (x0 * page.width, y0 * page.height, x1 * page.width, y1 * page.height)
            colour = "red" if seen["needs_review"] else "blue"
            draw.rectangle(box, outline=colour, width=2)
            draw.text((box[0], max(0.0, box[1] - 11)), name, fill=colour)
    page.save(target, "PNG")


def _blank_page(page: Page) -> Image:
    from PIL import Image as images

    width, height = page.width or _WIDTH, page.height or _HEIGHT
    return images.new("RGB", (round(width * _DPI / 72), round(height * _DPI / 72)), "white")
