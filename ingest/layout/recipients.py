"""Nơi nhận: ô 9b of Nghị định 30/2020/NĐ-CP, Phụ lục I, beside the signature."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.fold import clean, letters, squeeze
from ingest.layout import cues
from ingest.layout.lines import Line, Segment
from ingest.layout.person_names import is_name_line
from ingest.layout.signer_titles import title_of

#: Characters of a line within which the heading must stand.
_HEADING_AT = 60
#: Where the signature's column begins: to the right of the heading by this, and on the page where there is no heading.
_RIGHT_OF_HEADING, _RIGHT_HALF = 0.27, 0.42


def heading_line(lines: Sequence[Line]) -> int | None:
    """The index of the line with "Nơi nhận:"."""
    return next((i for i, line in enumerate(lines) if cues.RECIPIENTS.search(clean(line.text)[:_HEADING_AT])), None)


def split_columns(lines: Sequence[Line], heading: int | None) -> tuple[list[Segment], list[Segment]]:
    """The segments of Nơi nhận and those of the signature.

    With boxes the place decides; without, a title, a form or "Đã ký" belongs to the signature.
    """
    left: list[Segment] = []
    right: list[Segment] = []
    edge = None
    if heading is not None:
        box = next((s.box for s in lines[heading].segments if s.box), None)
        edge = box[0] + _RIGHT_OF_HEADING if box else None
    ended = heading is None
    signed = alone = False
    for index, line in enumerate(lines):
        for segment in line.segments:
            match = cues.RECIPIENTS.search(segment.text) if index == heading else None
            if match:
                left.append(segment.part(match.start(), match.end()))
                if segment.text[match.end() :].strip():
                    right.append(segment.part(match.end(), len(segment.text)))
            elif heading is None or index < heading:
                # Of two who sign together, the one on the right heads the document.
                if not segment.box or segment.box[0] > _RIGHT_HALF:
                    right.append(segment)
            elif segment.box and edge is not None:
                (right if segment.box[0] > edge else left).append(segment)
            elif ended or _belongs_to_signature(segment.text):
                right.append(segment)
                signed, alone = True, alone or len(line.segments) == 1
            elif signed and not cues.RECIPIENT_ITEM.match(segment.text) and (alone or is_name_line(segment.text)):
                right.append(segment)  # below the title, with or without "Lưu" before it
            else:
                left.append(segment)
                ended = bool(cues.LAST_RECIPIENT.match(segment.text.strip(" -–+")))
    return left, right


def _belongs_to_signature(text: str) -> bool:
    return bool(title_of(text) or cues.SIGNING_FORM.match(text) or cues.SIGNED.match(text))


def read_recipients(segments: Sequence[Segment]) -> tuple[list[str], list[Segment]] | None:
    """(the recipients, where they stand) from the segments of the left column; None where there is no heading."""
    items: list[str] = []
    seen: list[Segment] = []
    for segment in segments:
        text = squeeze(clean(segment.text))
        match = cues.RECIPIENTS.search(text)
        if match and not seen:
            seen.append(segment)
            text = text[match.end() :].strip()
            if not text:
                continue
        if not seen:
            continue
        if cues.RECIPIENT_ITEM.match(text):
            items.append(cues.RECIPIENT_ITEM.sub("", text))
        elif items and letters(text):
            items[-1] += " " + text
        elif letters(text):
            items.append(text)
        seen.append(segment)
        if items and cues.LAST_RECIPIENT.match(items[-1]) and len(items[-1]) > 4:
            break
    if not seen:
        return None
    cleaned = [re.sub(r"[\s.;,:]+(?:/\.)?$", "", item).strip() for item in items]
    return [item for item in cleaned if letters(item)], seen
