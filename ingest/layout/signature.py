"""Who signs, under which title and form, and Nơi nhận: ô 7 and 9b of Nghị định 30/2020/NĐ-CP, Phụ lục I.

The two stand beside each other and come out of OCR on one line ("Nơi nhận: KT. GIÁM ĐỐC"); with boxes they are told
apart by place, without by what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.fold import cleaned_text, fold, folded_text, letters
from ingest.layout import cues
from ingest.layout.covered_signature import read_covered
from ingest.layout.found import Found, evidence_of
from ingest.layout.lines import Line, Segment
from ingest.layout.person_names import is_name_line
from ingest.layout.recipients import heading_line, read_recipients, split_columns
from ingest.layout.signature_column import read_column
from ingest.layout.signer_titles import title_of
from ingest.layout.signing_forms import signing_form
from ingest.page import Page

#: Characters of a line that may be a title or a form, and lines below it in which a name must stand.
_MAX_TITLE_LINE, _NAME_LINES = 90, 9
#: A name that the page's own OCR gave with less confidence is read again.
_READ_NAME = 0.8
#: Lines of Nơi nhận above the title that is signed under.
_SIGNED_WITHIN = 40
#: Letters of a line of running text.
_RUNNING_TEXT = 40
#: The title of an annex (folded).
_BEGINS_ANNEX = re.compile(r"^(?:phu luc|phu bieu|danh sach|bieu mau|mau so|\(?(?:ban hanh )?kem theo)\b")
#: How far below the first line of the block a title may stand and be seen when its column is read again.
_REREAD_HEIGHT = 0.15


def find_signature(text: str, start: int, *, ocr: bool) -> int | None:
    """Offset of the line where the signature block of the document itself begins, looked for from *start* on.

    That is the first "Nơi nhận" at the start of a line, or the first title or form ("TM. CHÍNH PHỦ") in capitals that
    a person's name follows; attachments come behind it. Where a letterhead stands before any of these, they belong to
    an attachment: then it is the line of the closing "./.", or of a form whose name could not be read.
    """
    lines = list(_lines_from(cleaned_text(text), start))
    folded = folded_text(text)
    closing: int | None = None
    form: int | None = None
    for index, (offset, line) in enumerate(lines):
        is_title = _may_be_title(line)
        opens = cues.opens_recipients(folded[offset : offset + len(line)], ocr=ocr) or (
            is_title and _is_followed_by_name(lines, index)
        )
        if opens and not ocr and closing is None and _body_goes_on(lines, index):
            continue
        if opens:
            own = min((at for at in (closing, form) if at is not None), default=None)
            is_attached = own is not None and cues.NATION.search(folded[own:offset])
            return own if is_attached else offset
        if closing is None and cues.CLOSING.search(line):
            closing = offset
        if form is None and ocr and is_title and cues.SIGNING_FORM.match(line):
            form = offset
    return closing if closing is not None else form


def last_long_line(text: str, start: int, end: int | None) -> int | None:
    """Offset of the last line between two offsets that is long enough for running text; None where there is none.

    A scan without "Nơi nhận" and without a readable title is signed below it.
    """
    long = [at for at, line in _lines_from(cleaned_text(text)[:end], start) if len(letters(line)) >= _RUNNING_TEXT]
    return long[-1] if long else None


def _body_goes_on(lines: Sequence[tuple[int, str]], index: int) -> bool:
    """Whether the document is closed ("./.", "Nơi nhận:") and signed further down: here stands an example in its text.

    No letterhead and no annex begins in between.
    """
    for at in range(index + 1, len(lines)):
        line = lines[at][1]
        folded = fold(line)
        if cues.CLOSING.search(line) or cues.opens_recipients(folded, ocr=False):
            return any(
                _may_be_title(text) and _is_followed_by_name(lines, n)
                for n, (_, text) in enumerate(lines[at + 1 : at + 1 + _SIGNED_WITHIN], at + 1)
            )
        is_annex = _BEGINS_ANNEX.match(folded) and (cues.is_mostly_capitals(line) or line.startswith("("))
        if is_annex or cues.is_emblem_line(line, folded):
            return False
    return False


def _lines_from(text: str, start: int) -> Iterator[tuple[int, str]]:
    """(offset, line) of each line of a cleaned text that is not empty."""
    at = start
    for line in re.split(r"[\n\f]", text[start:]):
        if line.strip():
            yield at, line
        at += len(line) + 1


def _may_be_title(line: str) -> bool:
    if len(line) >= _MAX_TITLE_LINE or line.upper() != line:
        return False
    return bool(cues.SIGNING_FORM.match(line) or title_of(line))


def _is_followed_by_name(lines: Sequence[tuple[int, str]], index: int) -> bool:
    return any(is_name_line(text) for _, text in lines[index + 1 : index + 1 + _NAME_LINES])


def signature_lines(lines: Sequence[Line], start: int, end: int | None = None) -> list[Line]:
    """The lines of a page that belong to the signature block which begins at offset *start*.

    The line or two above it are included: KT. is often printed a little higher than Nơi nhận. end: offset where an
    annex, a list of members, a form or another document begins in the text; None where nothing follows.
    """
    if end is not None:
        lines = [line for line in lines if line.start < end]
    first = next((i for i, line in enumerate(lines) if any(s.start <= start < s.end for s in line.segments)), None)
    if first is None:
        first = next((i for i, line in enumerate(lines) if line.start >= start), len(lines))
    begin = first
    while begin > 0 and first - begin < 3 and _is_just_above(lines[begin - 1], lines[first]):
        begin -= 1
    return list(lines[begin:])


def _is_just_above(line: Line, first: Line) -> bool:
    if not line.box or not first.box or first.box[1] - line.box[3] > 0.03:
        return False
    return all(s.box is not None and s.box[0] > 0.45 for s in line.segments)


def read_signature(lines: Sequence[Line], *, page: Page | None = None, ocr: bool) -> dict[str, Found]:
    """signer, signer_title, signing_form and recipients from the lines of signature and Nơi nhận.

    page: where they stand, to read the column again when a seal covers the name.
    """
    found: dict[str, Found] = {}
    heading = heading_line(lines)
    left, right = split_columns(lines, heading)
    recipients = read_recipients(left) if heading is not None else None
    if recipients and recipients[0]:
        found["recipients"] = Found(recipients[0], evidence_of(recipients[1], 0.9 if ocr else 0.98))
    found |= read_column(right, ocr=ocr)
    signer, title = found.get("signer"), found.get("signer_title")
    is_named = signer is not None and signer.evidence.confidence >= _READ_NAME and not signer.evidence.needs_review
    is_titled = title is not None and not title.evidence.needs_review
    if ocr and page is not None and lines and not (is_named and is_titled):
        found |= read_covered(page, _anchor(lines, right, signer), right, found, title_only=is_named)
    return found


def _anchor(lines: Sequence[Line], right: Sequence[Segment], signer: Found | None) -> Line:
    """The line at which the column is read again: the block's first, or that of a title which stands far below it.

    A title below the *signer* belongs to another signature: of somebody who passed the document on, or of a copy.
    """
    first = lines[0]
    named_at = signer.evidence.start if signer is not None else None
    for line in lines:
        if named_at is not None and line.start > named_at:
            break
        is_far = line.box is not None and first.box is not None and line.box[1] - first.box[1] > _REREAD_HEIGHT
        if is_far and any(s in right and (signing_form(s.text, ocr=True) or title_of(s.text)) for s in line.segments):
            return line
    return first
