"""The agencies of a header: ô 2 of Nghị định 30/2020/NĐ-CP, Phụ lục I, the issuer below its parent agency."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from corpus.fold import fold, letters, squeeze
from corpus.tables import rows
from ingest.data import DATA
from ingest.layout import agency_names, cues
from ingest.layout.header_values import Header
from ingest.layout.lines import Segment

#: Signs and specks around a name.
_EDGE = " *-_.,|~'\"‘’:"
#: Letters of stamps that stand above the agencies.
_STAMPS = frozenset({"SAOY", "SAOYBANCHINH", "SAOLUC", "TRICHSAO", "DUTHAO", "CONGVANDEN", "HOATOC", "KHAN", "DEN"})
#: A ký hiệu of the party without its number ("-KH/ĐU").
_PARTY_SYMBOL = re.compile(r"\W*[A-ZĐ][A-Za-zĐđ]{1,4}\s?/\s?[A-ZĐ]{2,8}\W*")
#: How quốc hiệu begins (folded), however the rest of it was read.
_NATION_BEGINS = re.compile(r"\bcon?g\s+h\w{1,3}\s+x\w{1,2}\s+h\w{1,2}\b")
#: How far left of quốc hiệu a segment of its column may begin, as a fraction of the page's width.
_COLUMN_EDGE = 0.02
#: A line that goes on with the name above it: its area.
_AREA = re.compile(r"(tinh|thanh pho|tp|huyen|quan|thi xa|xa|phuong|thi tran|dac khu)\b")


@cache
def _agency_starts() -> re.Pattern[str]:
    starts = sorted((r["start"] for r in rows("agency_starts", DATA)), key=len, reverse=True)
    return re.compile(r"^(?:" + "|".join(starts) + r")\b")


def put_agencies(header: Header, left: Sequence[Segment], *, ocr: bool) -> None:
    """Put issuer and parent agency into the header, from the segments above the number."""
    names: list[list[Segment]] = []
    for segment in _without_emblem(left):
        segment = _without_specks(segment)
        text = segment.text.strip(_EDGE)
        if len(letters(text)) < 3 or (ocr and segment.confidence < 0.1 and len(text) < 6):
            continue
        if not cues.is_mostly_capitals(text) or _is_no_name(text):
            continue
        if names and _goes_on(names[-1][-1], fold(text)):
            names[-1].append(segment)
        else:
            names.append([segment])
    for field_name, group in zip(("issuer", "parent_agency"), reversed(names), strict=False):
        if field_name == "parent_agency" and ocr and not _begins_an_agency(group[0]):
            continue  # a stamp, or specks
        value, repaired = _name(group, ocr=ocr)
        header.put(field_name, value, group, 0.8 if repaired else 0.95)
        if repaired:
            evidence = header.fields[field_name].evidence
            evidence.restored_from = squeeze(" ".join(segment.text.strip(_EDGE) for segment in group))
            evidence.reasons.append("tên được sửa theo bảng")


def _begins_an_agency(segment: Segment) -> bool:
    folded = segment.folded.strip(_EDGE)
    return bool(_agency_starts().match(folded) or _agency_starts().match(_with_split_syllable(folded)))


def _is_no_name(text: str) -> bool:
    """Whether a line is what others put above or below the agencies: a stamp, or a ký hiệu that was not understood."""
    if letters(text) in _STAMPS or (re.search(r"\d", text) and cues.SYMBOL.search(text)):
        return True
    return bool(_PARTY_SYMBOL.fullmatch(text))


def _without_emblem(segments: Sequence[Segment]) -> list[Segment]:
    """The segments without a quốc hiệu that OCR misread, so that it opened no column, nor what is right of it."""
    kept: list[Segment] = []
    edge: float | None = None
    for segment in segments:
        match = _NATION_BEGINS.search(segment.folded)
        if match:
            emblem = segment.part(match.start(), len(segment.text))
            edge = emblem.box[0] if emblem.box else None
            if not letters(segment.text[: match.start()]):
                continue
            segment = segment.part(0, match.start())
        if edge is None or segment.box is None or segment.box[0] < edge - _COLUMN_EDGE:
            kept.append(segment)
    return kept


def _goes_on(above: Segment, folded: str) -> bool:
    """Whether a line continues the name above it: its area, or the second of two who issue together ("SỞ A -")."""
    if above.text.rstrip().endswith("-"):
        return True
    starts = _agency_starts().match(folded) or _agency_starts().match(_with_split_syllable(folded))
    return bool((_AREA.match(folded) or not starts) and not folded.startswith(("tinh uy", "thanh uy")))


def _with_split_syllable(folded: str) -> str:
    """``soy te`` → ``so y te``: OCR joins the one-letter syllable of Sở Y tế."""
    return re.sub(r"^(so|bo)(?=[a-z])", r"\1 ", folded)


def _without_specks(segment: Segment) -> Segment:
    """The segment without specks that OCR read as a word before the name ("Ý UBND TỈNH …")."""
    for word in list(re.finditer(r"\S+", segment.text))[1:3]:
        before = segment.text[: word.start()]
        if len(letters(before)) <= 2 and _agency_starts().match(fold(segment.text[word.start() :])):
            if _agency_starts().match(segment.folded.strip(_EDGE)):
                return segment
            return segment.part(word.start(), len(segment.text))
    return segment


def _name(group: Sequence[Segment], *, ocr: bool) -> tuple[str, bool]:
    """(the name over one or more lines, whether it was repaired); "-" at the end of a line joins two agencies."""
    parts: list[str] = []
    for index, segment in enumerate(group):
        text = segment.text.strip(_EDGE)
        if parts and not parts[-1].endswith(" -"):
            parts[-1] = f"{parts[-1]} {text}"
        else:
            parts.append(text)
        following = group[index + 1].folded.strip(_EDGE) if index + 1 < len(group) else ""
        if segment.text.rstrip().endswith("-") and _agency_starts().match(following):
            parts[-1] += " -"
    names = [agency_names.read(squeeze(p.removesuffix(" -")), ocr=ocr) for p in parts]
    return " - ".join(name for name, _ in names), any(repaired for _, repaired in names)
