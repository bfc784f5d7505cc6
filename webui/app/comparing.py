"""Two documents compared: căn cứ added and dropped first, then the head, then the text by article and section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from corpus.checks.ocr_noise import running_lines
from corpus.checks.versions import Certainty, Difference, Side, Version, differences
from corpus.errors import UsageError
from corpus.fold import clean, fold, squeeze
from corpus.outline import UnitKind, outline
from ingest.syllables import is_syllable
from webui.app import json_shapes
from webui.app.labels import DATES, FIELDS, date_text

if TYPE_CHECKING:
    from corpus.library import LibraryView
    from corpus.library.values import Document, Mention
    from corpus.model import Record

#: Differences of the text that are listed; the list says how many there are.
MOST = 400
#: What is compared of the head, in the order of a document.
_HEAD = ("issuer", "so_ky_hieu", "date", "doc_type", "title", "signer_title", "signer")
#: Values that stand above the text, and those that stand below it.
_ABOVE = ("so_ky_hieu", "date", "issuer", "parent_agency", "doc_type", "title", "addressees")
_BELOW = ("recipients", "signing_form", "signer_title", "signer")
#: Kinds of a difference, in words.
WORDS = {"them": "thêm", "bo": "bỏ", "doi": "đổi"}


def compare(library: LibraryView, old: int, new: int) -> dict[str, Any]:
    """How document *new* differs from *old*. Raises NotFound, UsageError where one has no text.

    ``{"old", "new", "scanned", "bases": {"added", "dropped", "kept"}, "head": [{"field", "label", "old", "new",
    "unsure"}], "parts": [{"heading", "rows"}], "unsure", "slips", "total", "cut"}``; unsure: parts with figures whose
    reading is in doubt; slips: parts with what OCR may have missed; neither counts. A row: ``{"kind", "words", "old",
    "new", "numbers"}``, old and new: ``{"text", "marks", "at", "page"}`` or None; marks: [start, end) in text.
    """
    documents = [library.document(id) for id in (old, new)]
    for document in documents:
        if document.record is None:
            raise UsageError(
                f"Kho chưa có toàn văn của {document.summary.name}.", "Chỉ so được hai văn bản đã có tệp trong kho."
            )
    records = [document.record for document in documents if document.record is not None]
    scanned = any(record.source != "text" for record in records)
    mentions = [library.mentions(document.id, sentences=False) for document in documents]
    bases = _bases(library, mentions, scanned)
    running = running_lines([record.text for record in records], tolerant=scanned)
    versions = [
        Version(record.text, _without(_body(record), lines), _doubted(record))
        for record, lines in zip(records, running, strict=True)
    ]
    every = differences(versions[0], versions[1], tolerant=scanned, is_syllable=is_syllable)
    told = [[m for m in side if _place(m) in one] for side, one in zip(mentions, bases.pop("told"), strict=True)]
    found = [one for one in every if one.certainty is Certainty.SURE and not _is_told(one, told)]
    unsure, slips = ([one for one in every if one.certainty is c] for c in (Certainty.UNSURE, Certainty.SLIP))
    return {
        "old": json_shapes.summary(documents[0].summary),
        "new": json_shapes.summary(documents[1].summary),
        "scanned": scanned,
        "bases": bases,
        "head": _head(documents[0], documents[1], scanned),
        "parts": _parts(found[:MOST], versions),
        "unsure": _parts(unsure[:MOST], versions),
        "slips": _parts(slips[:MOST], versions),
        "total": len(found),
        "cut": len(found) > MOST,
    }


def _place(mention: Mention) -> tuple[int, int]:
    return mention.citation.start, mention.citation.end


def _bases(library: LibraryView, mentions: Sequence[Sequence[Mention]], scanned: bool) -> dict[str, Any]:
    """The căn cứ that both have, and those of one alone; told: the places of the latter, by version."""
    named = library.summaries({m.target for side in mentions for m in side if m.target is not None})
    sides: list[dict[object, list[Mention]]] = []
    for side in mentions:
        keys: dict[object, list[Mention]] = {}
        for one in side:
            if one.citation.is_legal_basis:
                keys.setdefault(_key(one, scanned), []).append(one)
        sides.append(keys)

    def shaped(side: dict[object, list[Mention]], keys: Iterable[object]) -> list[dict[str, Any]]:
        rows = []
        for key in keys:
            one = side[key][0]
            target = named.get(one.target) if one.target is not None else None
            rows.append(
                {
                    "text": squeeze(one.citation.text),
                    "document": json_shapes.summary(target) if target else None,
                    "unsure": one.citation.needs_review,
                }
            )
        return rows

    old, new = sides
    dropped, added = [key for key in old if key not in new], [key for key in new if key not in old]
    return {
        "added": shaped(new, added),
        "dropped": shaped(old, dropped),
        "kept": shaped(new, [key for key in new if key in old]),
        "told": [
            {_place(m) for key in dropped for m in old[key]},
            {_place(m) for key in added for m in new[key]},
        ],
    }


def _key(mention: Mention, scanned: bool) -> object:
    """What makes two căn cứ the same: the document meant; of one that is not settled its number, else its words."""
    if mention.target is not None:
        return mention.target
    words = mention.citation.so_ky_hieu or mention.citation.text
    return squeeze(fold(clean(words))) if scanned else squeeze(clean(words)).lower()


def _is_told(one: Difference, told: Sequence[Sequence[Mention]]) -> bool:
    """Whether a difference is no more than căn cứ that are listed as added or dropped."""
    sides = zip((one.old, one.new), told, strict=True)
    return all(
        side.span[0] == side.span[1] or any(_is_inside(_place(mention), side.span) for mention in bases)
        for side, bases in sides
    )


def _is_inside(place: tuple[int, int], span: tuple[int, int]) -> bool:
    return span[0] <= place[0] and place[1] <= span[1]


def _head(old: Document, new: Document, scanned: bool) -> list[dict[str, Any]]:
    """The values of the head that differ. unsure: one of them was read with doubt."""
    rows = []
    for name in _HEAD:
        values = [getattr(document.record, name) for document in (old, new)]
        if _plain(values[0], scanned) == _plain(values[1], scanned):
            continue
        seen = [document.record.fields.get(name) for document in (old, new) if document.record]
        rows.append(
            {
                "field": name,
                "label": FIELDS[name],
                "old": date_text(values[0]) if name in DATES and values[0] else values[0],
                "new": date_text(values[1]) if name in DATES and values[1] else values[1],
                "unsure": any(one is not None and one.needs_review for one in seen),
            }
        )
    return rows


def _plain(value: str | None, scanned: bool) -> str:
    """A value for comparing: its letters and figures."""
    words = clean(value or "").lower()
    return "".join(c for c in (fold(words) if scanned else words) if c.isalnum())


def _body(record: Record) -> list[tuple[int, int]]:
    """The text without letterhead and signature, and the annexes behind them."""
    ends = [seen.end for name in _ABOVE if (seen := record.fields.get(name)) and seen.end is not None]
    starts = [seen.start for name in _BELOW if (seen := record.fields.get(name)) and seen.start is not None]
    annexes = [unit.start for unit in outline(record.text) if unit.kind is UnitKind.APPENDIX]
    length = len(record.text)
    first = min((one.start for one in record.citations if one.is_legal_basis), default=length)
    above = [end for end in ends if end <= first]
    start = max(above, default=0)
    end = min((at for at in starts if at > start), default=length)
    annex = min((at for at in annexes if at >= end), default=length)
    return [(start, end), (annex, length)] if annex < length else [(start, end)]


def _without(spans: Sequence[tuple[int, int]], lines: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """*spans* without the *lines* inside them; both are in order."""
    found = []
    for start, end in spans:
        at = start
        for left, right in lines:
            if at <= left and right <= end:
                found.append((at, left))
                at = right
        found.append((at, end))
    return [(start, end) for start, end in found if start < end]


def _doubted(record: Record) -> list[tuple[int, int]]:
    """Where figures were read with doubt: by the words, by the citations and cells that are to be checked."""
    doubted = list(record.unsure_figures)
    doubted += [(one.start, one.end) for one in record.citations if one.needs_review]
    doubted += [span for table in record.tables for cell in table.cells if cell.needs_review for span in cell.spans]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(doubted):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _parts(found: Sequence[Difference], versions: Sequence[Version]) -> list[dict[str, Any]]:
    """The differences by unit, in the order of the new version."""
    return [
        {"heading": heading, "rows": [_row(one, versions) for one in rows]}
        for heading, rows in ((h, list(r)) for h, r in groupby(found, key=_heading))
    ]


def _heading(one: Difference) -> str:
    """The unit of a difference: "Điều 3, khoản 2"; of the old version where only that has it."""
    units = (one.old if one.dropped else one.new).units
    named = [unit for unit in units if unit.kind not in {UnitKind.POINT}]
    return ", ".join(unit.name for unit in named[-2:]) or "Phần mở đầu"


def _row(one: Difference, versions: Sequence[Version]) -> dict[str, Any]:
    kind = "them" if one.added else "bo" if one.dropped else "doi"
    return {
        "kind": kind,
        "words": WORDS[kind],
        "old": None if one.added else _shown(one.old, versions[0].text),
        "new": None if one.dropped else _shown(one.new, versions[1].text),
        "numbers": one.numbers and kind == "doi",
    }


def _shown(side: Side, text: str) -> dict[str, Any]:
    start, end = side.span
    parts, marks, at, length = [], [], start, 0
    for left, right in [*side.marks, (end, end)]:
        before = _line(text[at:left])
        parts.append(before)
        length += len(before)
        if left < right:
            words = _line(text[left:right])
            marks.append([length, length + len(words)])
            parts.append(words)
            length += len(words)
        at = right
    return {"text": "".join(parts), "marks": marks, "at": f"{start}-{end}", "page": text.count("\f", 0, start) + 1}


def _line(text: str) -> str:
    """*text* with a single space for every run of white space."""
    return "".join(" " if c.isspace() else c for c in text)
