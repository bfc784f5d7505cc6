"""The signature's column, from top to bottom: form, title and name (ô 7 of Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from corpus.fold import clean, fold, letters, squeeze
from ingest.layout import cues
from ingest.layout.found import Found, evidence_of
from ingest.layout.lines import Segment
from ingest.layout.person_names import has_doubtful_marks, is_name_line, person_of, with_first_letter, with_surname
from ingest.layout.signer_titles import deputy_of, title_of
from ingest.layout.signing_forms import SigningForm, signing_form
from ingest.syllables import is_syllable

#: Confidence of a name and of a title below which a scan's value is checked by a person.
SURE_NAME, SURE_TITLE = 0.8, 0.5
#: The same for a name of two syllables, which may have lost a third.
_SURE_SHORT_NAME = 0.85
#: Syllables of a name that has lost none.
_WHOLE = 3
#: Usual middle names (folded): a name that begins so has lost its surname.
_USUAL_MIDDLE = ("van", "thi")
#: A name of two syllables that OCR gave with less confidence is none.
_TWO_SYLLABLES_READ = 0.45
_REASON_UNSURE, _REASON_UNTITLED = "con dấu che hoặc OCR không chắc", "không đọc được chức vụ bên trên tên"
#: What a name can be sure of at most whose surname was put right.
_RESTORED = 0.7
#: The same for a name whose last syllable was read in two, and what then follows it ("Trần Qu ảo"); and for a short
#: name behind a word that is more than specks of a seal.
_CUT, _FOLLOWING, _WORD_BEFORE = 0.4, re.compile(r"\s+([^\W\d_]{2,})"), re.compile(r"[^\W\d_]{3,}")
_CONSONANTS = "BCDFGHKLMNPQRSTVXJWZ"
#: The text in the picture of a digital signature.
_DIGITAL_SIGNATURE = re.compile(
    r"(?i)\b(k[ýy] b[ởo]i|ng[àa]y\s?k[ýy]|th[ờo]i gian k[ýy]|ng[ưu][ờo]i k[ýy]|c[ơo] quan\s?:)"
)
#: Share of the page's height that pen and seal need (18 mm).
_ROOM_TO_SIGN = 0.06
#: By how much of the page's width a title may stand right of the name below it.
_OFF_CENTRE = 0.02
#: The same for the title of a head, which may be all that is left of "KT." and its deputy.
SURE_HEAD = 0.75
#: How far, as a fraction of the page's width, a title and the name below it may be from one axis to stand centred. A
#: hidden "KT. " or "PHÓ " moves what is left of the line by .022 and more, half of its width.
_CENTRED = 0.012
_LONE_FORM = re.compile(r"\W*(KT|TL|TUQ)[.,]?")
#: How much of "PHÓ" and the office a blurred line must resemble.
_LIKE_DEPUTY = 0.62
#: The same for a line that may be what is left of it.
_PARTLY_DEPUTY = 0.3


@dataclass(slots=True)
class _Column:
    """What stands in the signature's column, from top to bottom."""

    #: Forms with the office signed for.
    forms: list[tuple[SigningForm, Segment]] = field(default_factory=list)
    #: Titles without a form.
    titles: list[tuple[str, Segment]] = field(default_factory=list)
    #: Forms without an office, as a rubber stamp sets "KT." before or above a printed title.
    lone: list[SigningForm] = field(default_factory=list)
    #: The last name.
    signer: tuple[str, Segment] | None = None

    def is_far_above(self, segment: Segment) -> bool:
        """Whether room for pen and seal lies between the last title or form and *segment*: those of one signature
        stand one below the other."""
        above = [s.box[3] for _, s in (*self.forms, *self.titles) if s.box is not None]
        return bool(above) and segment.box is not None and segment.box[1] - max(above) > _ROOM_TO_SIGN


def read_column(segments: Sequence[Segment], *, ocr: bool, alone: bool = False) -> dict[str, Found]:
    """signer, signer_title and signing_form from the signature's column.

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


def centred_head(segments: Sequence[Segment]) -> str | None:
    """The head's title of a scan's column that stands alone on its line, centred above a whole name; None where none.

    Title and name share one axis (ô 7 of Nghị định 30/2020/NĐ-CP, Phụ lục I): nothing that a seal hides, such as "KT."
    or "PHÓ", can stand before such a title.
    """
    column = _parsed(segments, ocr=True, alone=True)
    if not column.titles or column.signer is None:
        return None
    title, above = column.titles[0]
    name, below = column.signer
    is_bare = fold(letters(above.text)) == fold(letters(title)) and letters(below.text) == letters(name)
    if is_deputy(title) or not is_bare or len(name.split()) < _WHOLE or above.box is None or below.box is None:
        return None
    return title if abs(above.centre - below.centre) <= _CENTRED else None


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
            if column.signer is not None or (ocr and column.is_far_above(segment)):
                break  # a second signer, or the signer of an attachment
            if form:
                column.forms.append((form, segment))
            elif title:
                column.titles.append((title, segment))
            continue
        if ocr and (lone := _LONE_FORM.fullmatch(text)):
            column.lone.append(SigningForm(f"{lone[1]}.", ""))
            continue
        if column.signer is not None and not ocr:
            break  # the first name below the title; those further down belong to a list
        if _DIGITAL_SIGNATURE.search(text):
            continue
        name = _name_in(text, segment, ocr=ocr, alone=alone)
        is_expected = column.titles or column.forms or (alone and name and len(name[0].split()) > 2)
        if name and is_expected:
            column.signer = name
    return column


def _name_in(text: str, segment: Segment, *, ocr: bool, alone: bool) -> tuple[str, Segment] | None:
    """The name that a line is, and where it stands; None where it is none, or no name that can be spoken."""
    restored = (with_surname(text) or (with_first_letter(text) if alone else None)) if ocr else None
    person = person_of(restored or text)
    if person is None or (ocr and not _is_readable(person[0], segment)):
        return None
    name = person[0]
    if cues.SIGNED.match(text) or len(text) > len(name) + 14:
        return None
    if restored:
        return name, _doubted(segment, _RESTORED)
    where = segment.part(max(0, segment.text.find(name.split()[0])), len(segment.text))
    following = _FOLLOWING.match(restored or text, person[1] + len(name)) if ocr else None
    is_cut = (following and following[1].islower()) or (ocr and _has_lost_its_beginning(text[: person[1]], name))
    return name, _doubted(where, _CUT) if is_cut else where


def _has_lost_its_beginning(before: str, name: str) -> bool:
    """Whether a name too short to be whole stands behind a word: "Nguyên ị Lê Hà" is no "Lê Hà"."""
    return len(name.split()) < _WHOLE and _WORD_BEFORE.search(before) is not None


def _doubted(segment: Segment, most: float) -> Segment:
    """A segment of whose text a part was restored or lost: its confidence is *most* at most."""
    words = [replace(word, confidence=min(word.confidence, most)) for word in segment.words]
    return replace(segment, words=words, confidence=min(segment.confidence, most))


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
    reasons = review_of_name(name, confidence, is_titled=is_titled) if ocr else []
    return Found(name, evidence_of([segment], max(confidence, 0.2), needs_review=bool(reasons), reasons=reasons))


def review_of_name(
    name: str, confidence: float, *, is_titled: bool, has_rivals: bool = False, is_agreed: bool = False
) -> list[str]:
    """Why a person should check a name that OCR read with that confidence; empty where nobody need.

    has_rivals: whether another look gave another name. is_agreed: whether two engines gave this one.
    """
    parts = name.split()
    unusual = any(not is_syllable(part.lower()) for part in parts) or (has_doubtful_marks(name) and not is_agreed)
    short = len(parts) < 3 and (confidence < _SURE_SHORT_NAME or fold(parts[0]) in _USUAL_MIDDLE)
    if confidence >= SURE_NAME and not unusual and not short and is_titled and not has_rivals:
        return []
    return [_REASON_UNSURE if is_titled else _REASON_UNTITLED]


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
        if deputy and (chosen is None or not is_deputy(chosen[0])):
            chosen, reasons = deputy, ["chức vụ bị che, suy từ KT. hoặc dòng dưới"]
    if chosen is None:
        return None
    title, segment = chosen
    confidence = min(segment.mean_confidence, 0.6 if reasons else 1.0) if ocr else 1.0
    # "GIÁM ĐỐC" alone may be the line below a KT. that a seal or a pen covers: only a deputy is certain.
    alone = not is_deputy(title) and not any(form.name == "TM." for form, _ in column.forms)
    may_be_deputy = alone and (
        _has_unread_line_below(segment, segments)
        or _lost_its_beginning(segment, column)
        or (ocr and title_of(segment.text, ocr=True) is None)  # what stands before it may be a "KT."
    )
    unsure = confidence < (SURE_HEAD if alone else SURE_TITLE) or bool(reasons) or may_be_deputy
    review = ocr and unsure
    if review and not reasons:
        reasons = ["OCR không chắc, có thể còn dòng chức vụ bị che"]
    return Found(title, evidence_of([segment], max(confidence, 0.2), needs_review=review, reasons=reasons))


def is_deputy(title: str) -> bool:
    """Whether a title is that of a deputy, who signs for the head."""
    return fold(title).startswith(("pho ", "thu truong"))


def _signed_under(titles: Sequence[tuple[str, Segment]]) -> tuple[str, Segment] | None:
    """The first title without a form; of "GIÁM ĐỐC / PHÓ GIÁM ĐỐC" the deputy, since a KT. was not read.

    An office below a post ("TRƯỞNG BAN" above "GIÁM ĐỐC SỞ Y TẾ") does not replace the post (ô 7b).
    """
    if not titles:
        return None
    for title, segment in titles[1:]:
        if is_deputy(title) and fold(titles[0][0]).split(" ")[0] == fold(title).split(" ")[1]:
            return title, segment
    return titles[0]


def _deputy(column: _Column, segments: Sequence[Segment]) -> tuple[str, Segment] | None:
    """The deputy who signs KT., readable or not; two lines of one office below each other are KT. and its deputy."""
    for form, segment in column.forms:
        if form.name == "KT.":
            title = title_of(form.office, ocr=True)
            if title and not is_deputy(title):
                return deputy_of(title), segment
    if column.titles and not is_deputy(column.titles[0][0]):
        title, above = column.titles[0]
        if any(form.name == "KT." for form in column.lone):
            return deputy_of(title), above
        at = next((i for i, s in enumerate(segments) if s is above), None)
        for segment in segments[at + 1 : at + 3] if at is not None else []:
            printed = letters(segment.text)
            if 4 <= len(printed) <= 16 and _resembles_deputy(segment.text, title) >= _LIKE_DEPUTY:
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
        and _resembles_deputy(s.text, title.text) >= _PARTLY_DEPUTY
        for s in segments
    )


def _resembles_deputy(text: str, office: str) -> float:
    """How much a line is like the title of an office's deputy."""
    return SequenceMatcher(None, letters(text), "PHO" + letters(office), autojunk=False).ratio()


def offices_signed_for(segments: Sequence[Segment]) -> set[str]:
    """The offices that lines of a scan's column sign for: "TL. CHỦ TỊCH" gives ``Chủ tịch``."""
    forms = (signing_form(squeeze(clean(s.text)).strip(" |_~'\"[]“”‘’"), ocr=True) for s in segments)
    return {title for form in forms if form and (title := title_of(form.office, ocr=True))}


def _is_partly_capitals(text: str) -> bool:
    """Whether half of the letters are capitals, as in a title that OCR blurred; strokes of a pen give small letters."""
    flat = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in flat) * 2 >= len(flat)


def _lost_its_beginning(title: Segment, column: _Column) -> bool:
    """Whether a title stands right of the centre that it shares with the name: a KT. before it was not read."""
    if column.signer is None or title.box is None or column.signer[1].box is None:
        return False
    return title.centre - column.signer[1].centre > _OFF_CENTRE
