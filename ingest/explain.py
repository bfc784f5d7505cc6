"""How a reading came about: zones, both readers, the choice and its reason, and the page with the boxes drawn."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadFailure
from corpus.fold import squeeze
from corpus.model import Failure
from ingest.extract import record_of
from ingest.layout import voting
from ingest.layout.header import read_header
from ingest.layout.lines import lines_of
from ingest.layout.zones import divide
from ingest.page import Reading
from ingest.read import read

if TYPE_CHECKING:
    from PIL.Image import Image

_DPI = 100


def explain(path: str, options: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What was seen in the file at *path* and why each value was chosen, as JSON data; its failure for a bad file.

    ``pages``: number, source, confidence, notes. ``zones``: name, part, page, first words. ``fields``: name → value,
    confidence, needs_review, inferred, reasons, and for what was read twice ``first`` (the first reader's value) and
    ``second`` (candidates of the second reader with probabilities). options: as :func:`ingest.extract.read_record`, and
    ``picture``: where to write the first page with its boxes (PNG), None for no picture.
    """
    chosen = dict(options or {})
    second_reader = bool(chosen.pop("second_reader", True))
    picture = chosen.pop("picture", None)
    try:
        with read(Path(path), **chosen) as reading:
            told = _told(reading, second_reader)
            if picture:
                _draw(reading, told, Path(picture))
            return told
    except ReadFailure as failure:
        return Failure(path, str(failure), failure.verdict).as_json()


def _told(reading: Reading, second_reader: bool) -> dict[str, Any]:
    record = record_of(reading, second_reader=second_reader)
    fields: dict[str, dict[str, Any]] = {}
    for name, seen in record.fields.items():
        fields[name] = {
            "value": getattr(record, name),
            "page": seen.page,
            "bbox": seen.bbox,
            "confidence": seen.confidence,
            "needs_review": seen.needs_review,
            "inferred": seen.inferred,
            "reasons": seen.reasons,
        }
    first = next((p for p in reading.pages if p.text.strip()), None)
    zones = []
    if first is not None:
        header = read_header(lines_of(first, reading.starts[first.number - 1]), ocr=first.source == "ocr")
        structure = divide(reading.text, reading.starts, header.end if header.anchored else None, header.title_span)
        zones = [
            {
                "name": zone.name,
                "part": zone.part,
                "page": reading.page_at(zone.start),
                "start": zone.start,
                "end": zone.end,
                "text": squeeze(reading.text[zone.start : zone.end])[:80],
            }
            for zone in structure.zones
        ]
        if first.source == "ocr" and second_reader:
            before = {name: header.value(name) for name in ("so_ky_hieu", "date")}
            candidates = voting.settle(header, first)
            for name, parts in (("so_ky_hieu", ("number",)), ("date", ("day", "month"))):
                if name in fields and any(p in candidates for p in parts):
                    fields[name]["first"] = before[name]
                    fields[name]["second"] = {p: candidates[p] for p in parts if p in candidates}
    return {
        "path": record.path,
        "kind": record.kind,
        "pages": [
            {"number": p.number, "source": p.source, "confidence": p.confidence, "notes": p.notes}
            for p in reading.pages
        ],
        "zones": zones,
        "fields": fields,
        "citations": len(record.citations),
    }


def _draw(reading: Reading, told: Mapping[str, Any], target: Path) -> None:
    from PIL import ImageDraw

    first = next(p for p in reading.pages if p.text.strip())
    page = first.load_image(_DPI) if first.load_image is not None else _paper(first.width or 595, first.height or 842)
    draw = ImageDraw.Draw(page)
    for name, seen in told["fields"].items():
        if seen["bbox"] and seen["page"] == first.number:
            x0, y0, x1, y1 = seen["bbox"]
            box = (x0 * page.width, y0 * page.height, x1 * page.width, y1 * page.height)
            draw.rectangle(box, outline="red" if seen["needs_review"] else "blue", width=2)
            draw.text((box[0], max(0.0, box[1] - 11)), name, fill="red" if seen["needs_review"] else "blue")
    page.save(target, "PNG")


def _paper(width: float, height: float) -> Image:
    from PIL import Image as Pictures

    return Pictures.new("RGB", (round(width * _DPI / 72), round(height * _DPI / 72)), "white")
