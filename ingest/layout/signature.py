"""Who signs, under which title and form, and Nơi nhận: ô 7 and 9b of Nghị định 30/2020/NĐ-CP, Phụ lục I.

The two stand beside each other and come out of OCR on one line ("Nơi nhận: KT. GIÁM ĐỐC"); with boxes they are told
apart by place, without by what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from corpus.fold import clean, fold, letters, squeeze
from ingest.layout import cues
from ingest.layout.found import Found, evidence_of
from ingest.layout.lines import Line, Segment
from ingest.layout.person_names import has_doubtful_marks, is_name_line, person_of
from ingest.layout.recipients import heading_line, read_recipients, split_columns
from ingest.layout.signature_rereading import reread
from ingest.layout.signer_titles import deputy_of, title_of
from ingest.layout.signing_forms import SigningForm, signing_form
from ingest.page import Page
from ingest.syllables import is_syllable

#: Characters of a line that may be a title or a form, and lines below it in which a name must stand.
_MAX_TITLE_LINE, _NAME_LINES = 90, 9
#: A name that the page's own OCR gave with less confidence is read again.
_READ_NAME = 0.8
#: Confidence of a name and of a title below which a scan's value is checked by a person.
_SURE_NAME, _SURE_TITLE = 0.6, 0.5
#: A name of two syllables that OCR gave with less confidence is none.
_TWO_SYLLABLES_READ = 0.45
_REASON_UNSURE, _REASON_UNTITLED = "con dấu che hoặc OCR không chắc", "không đọc được chức vụ bên trên tên"
_CONSONANTS = "BCDFGHKLMNPQRSTVXJWZ"
#: The text in the picture of a digital signature.
_DIGITAL_SIGNATURE = re.compile(
    r"(?i)\b(k[ýy] b[ởo]i|ng[àa]y\s?k[ýy]|th[ờo]i gian k[ýy]|ng[ưu][ờo]i k[ýy]|c[ơo] quan\s?:)"
)
#: Lines of Nơi nhận above the title that is signed under.
_SIGNED_WITHIN = 40
#: Letters of a line of running text.
_RUNNING_TEXT = 40
#: The title of an annex (folded).
_BEGINS_ANNEX = re.compile(r"^(?:phu luc|phu bieu|danh sach|bieu mau|mau so|\(?(?:ban hanh )?kem theo)\b")
#: By how much of the page's width a title may stand right of the name below it.
_OFF_CENTRE = 0.02
#: How far below the first line of the block a title may stand and be seen when its column is read again.
_REREAD_HEIGHT = 0.15
#: The same for the title of a head, which may be all that is left of "KT." and its deputy.
_SURE_HEAD = 0.65
#: How much of "PHÓ" and the office a blurred line must resemble.
_LIKE_DEPUTY = 0.62


def find_signature(text: str, start: int, *, ocr: bool) -> int | None:
    """Offset of the line where the signature block of the document itself begins, looked for from *start* on.

    That is the first "Nơi nhận" at the start of a line, or the first title or form ("TM. CHÍNH PHỦ") in capitals that
    a person's name follows; attachments come behind it. Where the closing "./." is pages before any of these, which
    then belong to an attachment, it is the line of the closing.
    """
    lines = list(_lines_from(text, start))
    closing: int | None = None
    for index, (offset, line) in enumerate(lines):
        opens = cues.opens_recipients(fold(line), ocr=ocr) or (
            _may_be_title(line) and _is_followed_by_name(lines, index)
        )
        if opens and not ocr and closing is None and _body_goes_on(lines, index):
            continue
        if opens:
            is_attached = closing is not None and cues.NATION.search(fold(text[closing:offset]))
            return closing if is_attached else offset
        if closing is None and cues.CLOSING.search(line):
            closing = offset
    return closing


def last_long_line(text: str, start: int, end: int | None) -> int | None:
    """Offset of the last line between two offsets that is long enough for running text; None where there is none.

    A scan without "Nơi nhận" and without a readable title is signed below it.
    """
    long = [at for at, line in _lines_from(text[:end], start) if len(letters(line)) >= _RUNNING_TEXT]
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
    """(offset, cleaned line) of each line that is not empty."""
    at = start
    for line in re.split(r"[\n\f]", text[start:]):
        if line.strip():
            yield at, clean(line)
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
    found |= _read_column(right, ocr=ocr)
    if ocr and page is not None and lines and _is_doubted(found):
        again = _read_column(reread(page, _anchor(lines, right)), ocr=True, alone=True)
        if _is_cut_short(found, again):
            return found
        for name, better in again.items():
            worse = name not in found or found[name].evidence.confidence < better.evidence.confidence
            if worse or name == "signer_title":
                found[name] = better
        if "signer" not in found and "signer_title" in found:  # seen under a title that only the second look shows
            found |= {k: v for k, v in _read_column(right, ocr=True, alone=True).items() if k == "signer"}
    return found


def _is_cut_short(found: dict[str, Found], again: dict[str, Found]) -> bool:
    """Whether the second look gave another name, in doubt, for one without doubt: a part of it, or a block below."""
    first, second = found.get("signer"), again.get("signer")
    if first is None or second is None or first.value == second.value:
        return False
    return second.evidence.needs_review and not first.evidence.needs_review


def _is_doubted(found: dict[str, Found]) -> bool:
    """Whether the name or the title is missing or in doubt, so that another look at the column may help."""
    signer, title = found.get("signer"), found.get("signer_title")
    if signer is None or signer.evidence.confidence < _READ_NAME:
        return True
    return title is None or title.evidence.needs_review


def _anchor(lines: Sequence[Line], right: Sequence[Segment]) -> Line:
    """The line at which the column is read again: the block's first, or that of a title which stands far below it."""
    first = lines[0]
    for line in lines:
        is_far = line.box is not None and first.box is not None and line.box[1] - first.box[1] > _REREAD_HEIGHT
        if is_far and any(s in right and (signing_form(s.text, ocr=True) or title_of(s.text)) for s in line.segments):
            return line
    return first


@dataclass(slots=True)
class _Column:
    """What stands in the signature's column, from top to bottom."""

    #: Forms with the office signed for.
    forms: list[tuple[SigningForm, Segment]] = field(default_factory=list)
    #: Titles without a form.
    titles: list[tuple[str, Segment]] = field(default_factory=list)
    #: The last name.
    signer: tuple[str, Segment] | None = None


def _read_column(segments: Sequence[Segment], *, ocr: bool, alone: bool = False) -> dict[str, Found]:
    """Form, title and name from the signature's column.

    alone: the segments are that column and nothing else, so a name may stand under a title that was not read.
    """
    column = _parsed(segments, ocr=ocr, alone=alone)
    found: dict[str, Found] = {}
    if column.forms:
        names = [form.name for form, _ in column.forms]
        found["signing_form"] = Found(names, evidence_of([s for _, s in column.forms], 0.95))
    title = _signer_title(column, segments, ocr)
    if title is not None:
        found["signer_title"] = title
    if column.signer:
        found["signer"] = _signer(*column.signer, ocr, is_titled=bool(column.titles or column.forms))
    return found


def _parsed(segments: Sequence[Segment], *, ocr: bool, alone: bool) -> _Column:
    column = _Column()
    for segment in segments:
        text = squeeze(clean(segment.text)).strip(" |_~'\"[]“”‘’")
        form = signing_form(text, ocr=ocr)
        title = (
            None
            if form
            else title_of(text, ocr=ocr) or (_title_behind_specks(text) if ocr and not column.titles else None)
        )
        if form or title:
            if column.signer is not None:
                break  # a second signer, or the signer of an attachment
            if form:
                column.forms.append((form, segment))
            elif title:
                column.titles.append((title, segment))
            continue
        if column.signer is not None and not ocr:
            break  # the first name below the title; those further down belong to a list
        if _DIGITAL_SIGNATURE.search(text):
            continue
        person = person_of(text)
        if ocr and person and not _is_readable(person[0], segment):
            continue
        is_expected = column.titles or column.forms or (alone and person and len(person[0].split()) > 2)
        if person and is_expected and not cues.SIGNED.match(text) and len(text) <= len(person[0]) + 14:
            at = max(0, segment.text.find(person[0].split()[0]))
            column.signer = (person[0], segment.part(at, len(segment.text)))
    return column


def _is_readable(name: str, segment: Segment) -> bool:
    """Whether a name that OCR read has syllables that can be spoken; two that are hardly read are strokes of a pen."""
    parts = name.split()
    if not name[:1].isupper() or not all(letters(p).strip(_CONSONANTS) or p in "YHK" for p in parts):
        return False
    if any(len(p) < 2 and p not in "YHK" for p in parts):
        return False
    return len(parts) > 2 or segment.mean_confidence >= _TWO_SYLLABLES_READ


def _signer(name: str, segment: Segment, ocr: bool, *, is_titled: bool) -> Found:
    confidence = segment.mean_confidence if ocr else 1.0
    unusual = any(not is_syllable(part.lower()) for part in name.split())
    unusual = unusual or has_doubtful_marks(name)
    review = ocr and (confidence < _SURE_NAME or unusual or len(name.split()) < 3 or not is_titled)
    reasons = [_REASON_UNSURE if is_titled else _REASON_UNTITLED] if review else []
    return Found(name, evidence_of([segment], max(confidence, 0.2), needs_review=review, reasons=reasons))


def _title_behind_specks(text: str) -> str | None:
    """A title behind specks of a seal ("VY GIÁM ĐỐC")."""
    words = text.split()
    for skip in (1, 2):
        if len(words) > skip and sum(len(w) for w in words[:skip]) <= 4:
            title = title_of(" ".join(words[skip:]), ocr=True)
            if title:
                return title
    return None


def _signer_title(column: _Column, segments: Sequence[Segment], ocr: bool) -> Found | None:
    """The title the signer signs under."""
    chosen = _signed_under(column.titles)
    reasons: list[str] = []
    if ocr:
        deputy = _deputy(column, segments)
        if deputy and (chosen is None or not _is_deputy(chosen[0])):
            chosen, reasons = deputy, ["chức vụ bị che, suy từ KT. hoặc dòng dưới"]
    if chosen is None:
        return None
    title, segment = chosen
    confidence = min(segment.mean_confidence, 0.6 if reasons else 1.0) if ocr else 1.0
    # "GIÁM ĐỐC" alone may be the line below a KT. that a seal or a pen covers: only a deputy is certain.
    alone = not _is_deputy(title) and not any(form.name == "TM." for form, _ in column.forms)
    may_be_deputy = alone and (_has_unread_line_below(segment, segments) or _lost_its_beginning(segment, column))
    unsure = confidence < (_SURE_HEAD if alone else _SURE_TITLE) or bool(reasons) or may_be_deputy
    review = ocr and unsure
    if review and not reasons:
        reasons = ["OCR không chắc, có thể còn dòng chức vụ bị che"]
    return Found(title, evidence_of([segment], max(confidence, 0.2), needs_review=review, reasons=reasons))


def _is_deputy(title: str) -> bool:
    return fold(title).startswith(("pho ", "thu truong"))


def _signed_under(titles: Sequence[tuple[str, Segment]]) -> tuple[str, Segment] | None:
    """The first title without a form; of "GIÁM ĐỐC / PHÓ GIÁM ĐỐC" the deputy, since a KT. was not read.

    An office below a post ("TRƯỞNG BAN" above "GIÁM ĐỐC SỞ Y TẾ") does not replace the post (ô 7b).
    """
    if not titles:
        return None
    for title, segment in titles[1:]:
        if _is_deputy(title) and fold(titles[0][0]).split(" ")[0] == fold(title).split(" ")[1]:
            return title, segment
    return titles[0]


def _deputy(column: _Column, segments: Sequence[Segment]) -> tuple[str, Segment] | None:
    """The deputy who signs KT., readable or not; two lines of one office below each other are KT. and its deputy."""
    for form, segment in column.forms:
        if form.name == "KT.":
            title = title_of(form.office, ocr=True)
            if title and not _is_deputy(title):
                return deputy_of(title), segment
    if column.titles and not _is_deputy(column.titles[0][0]):
        title, above = column.titles[0]
        office = letters(title)
        at = next((i for i, s in enumerate(segments) if s is above), None)
        for segment in segments[at + 1 : at + 3] if at is not None else []:
            printed = letters(segment.text)
            alike = SequenceMatcher(None, printed, "PHO" + office, autojunk=False)
            if 4 <= len(printed) <= 16 and alike.ratio() >= _LIKE_DEPUTY:
                return deputy_of(title), segment
    return None


def _has_unread_line_below(title: Segment, segments: Sequence[Segment]) -> bool:
    """Whether a line that was not understood stands right below a title, where a second title would."""
    if not title.box:
        return False
    height = title.box[3] - title.box[1]
    return any(
        s.box is not None
        and s is not title
        and 0 < (s.box[1] + s.box[3]) / 2 - title.box[3] < 1.6 * height
        and len(letters(s.text)) >= 4
        and _is_partly_capitals(s.text)
        and not is_name_line(s.text)
        for s in segments
    )


def _is_partly_capitals(text: str) -> bool:
    """Whether half of the letters are capitals, as in a title that OCR blurred; strokes of a pen give small letters."""
    flat = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in flat) * 2 >= len(flat)


def _lost_its_beginning(title: Segment, column: _Column) -> bool:
    """Whether a title stands right of the centre that it shares with the name: a KT. before it was not read."""
    if column.signer is None or title.box is None or column.signer[1].box is None:
        return False
    return title.centre - column.signer[1].centre > _OFF_CENTRE
