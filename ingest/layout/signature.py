"""Ô 7 and 9b of Nghị định 30/2020/NĐ-CP Phụ lục I: who signs, under which title and form, and Nơi nhận.

The two stand side by side and come out of OCR on one line ("Nơi nhận: KT. GIÁM ĐỐC"); with boxes they are told apart
by place, without by what they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from corpus.fold import canonical, clean, fold, letters, squeeze
from corpus.model import Box
from corpus.tables import rows
from ingest.data import DATA
from ingest.layout import agency_names
from ingest.layout.header import NATION, Found, evidence, sub
from ingest.layout.lines import Line, Segment, union
from ingest.ocr import second_reader
from ingest.ocr.engine import Arrangement, engine_of
from ingest.page import Page, Word
from ingest.syllables import is_syllable

if TYPE_CHECKING:
    from PIL.Image import Image


_FORM = re.compile(
    r"^\W{0,3}(TM|T/M|KT|K/T|TL|T/L|TUQ|TU\.Q|Q|Quyền)\s?[./,]?\s(?=\s*\S)|^\W{0,3}(TM|KT|TL|TUQ)[./,]?(?=[A-ZĐ])",
    re.IGNORECASE,
)
_FORM_NAMES = {
    "TM": "TM.",
    "T/M": "TM.",
    "KT": "KT.",
    "K/T": "KT.",
    "TL": "TL.",
    "T/L": "TL.",
    "TUQ": "TUQ.",
    "TU.Q": "TUQ.",
    "Q": "Q.",
    "QUYỀN": "Q.",
}
_RECIPIENTS = re.compile(r"(?:n.{0,2}i|\w{1,4})\s+nh.n\s*[:;.]|^n.i nh.n\b", re.IGNORECASE)
_SIGNED = re.compile(r"^\W*(đã ký|da ky|\(?đã ký\)?)\W*$", re.IGNORECASE)
# Capitals that go on with an office's name ("… ĐIỀU PHỐI / NÔNG THÔN MỚI TỈNH") and no person's.
_OFFICE_WORDS = re.compile(r"\b(va|tinh|huyen|thi xa|thanh pho|xa|phuong|nha nuoc|nong thon|phong|so|bo|ban|cuc)\b")
_OPENS = re.compile(r"^\W{0,4}(?:\w{1,3}\W)?n.{0,2}i nh.n\s?(?:[:;.,]|$)")
# What OCR makes of the italic "Nơi": any short word that is none of those that stand before "nhận" in sentences.
_OPENS_BLURRED = re.compile(
    r"^\W{0,4}(?!tiep|xac|giao|cong|phap|ca |benh|chung|ghi|thu|hon|nguyen|tu |the )\w{2,4} nhan\s?[:;](?=.{0,24}$)"
)
_CLOSING = re.compile(r"\.\s?/\s?[.,;]\W{0,4}\w{0,4}\W{0,4}$")
_DPI = 200
_COLOURED = 0.002  # share of pixels that makes a picture one with coloured ink
_HALF_TONES = 0.02  # share of pixels between ink and paper that a seal in grey leaves; edges of letters leave less
_READ_NAME = 0.8  # a name the page gave with less is looked at again
_SURE_NAME = 0.88  # no further look is taken for a surer name
#: Raised when a closer look at a signature would come out different.
LOOK = "5"
_ITEM = re.compile(r"^[^\w(]{0,4}[-–+•=~](?=\s?\S)\s?")
_LAST = re.compile(r"^\W{0,5}l.{1,2}u\b", re.IGNORECASE)


@cache
def _titles() -> dict[str, str]:
    return {letters(r["title"]): r["title"] for r in rows("signer_titles", DATA)}


@cache
def _surnames() -> frozenset[str]:
    return frozenset(canonical(r["surname"]) for r in rows("surnames", DATA))


def title_of(text: str, *, ocr: bool = False) -> str | None:
    """The signer's title that *text* is or begins with ("GIÁM ĐỐC SỞ Y TẾ" → "Giám đốc Sở Y tế"), None if it is none."""
    text = squeeze(clean(text)).strip(" .,:;-_'\"|~()[]")
    text = re.sub(r"(?<=[A-ZĐÀ-Ỹ]{3})[a-z\W]{1,3}$", "", text)  # specks behind capitals: "PHÓ THỦ TƯỚNGy]"
    if not text or len(text) > 70:
        return None
    capitals = [c for c in text if c.isalpha()]
    shouting = sum(c.isupper() for c in capitals) >= 0.7 * len(capitals) if capitals else False
    words = text.split()
    for count in range(len(words), 0, -1):
        key = letters(" ".join(words[:count]))
        name = _titles().get(key)
        if name is None and ocr and shouting and len(key) >= 7 and count == len(words):
            near = {n for k, n in _titles().items() if agency_names.within(key, k, 1)}
            name = near.pop() if len(near) == 1 else None
        if name is None:
            continue
        rest = " ".join(words[count:])
        if len(letters(rest)) <= 2:  # nothing, or specks
            return name if shouting or text[:1].isupper() else None
        if shouting and rest[:1].isalpha():
            return f"{name} {agency_names.read(rest)[0]}"
        return None
    return None


def person_of(text: str) -> tuple[str, int] | None:
    """(name, offset) of a person's name that *text* holds at its end: a surname and one to five capitalised syllables."""
    words = list(re.finditer(r"[^\W\d_]+", text))
    for first, word in enumerate(words):
        surname = word.group()
        if canonical(surname) not in _surnames():
            if surname.isupper() and len(surname) > 1:
                continue
            trimmed = next(
                (surname[i:] for i in (1, 2) if canonical(surname[i:]) in _surnames() and surname[i:][:1].isupper()),
                None,
            )
            if trimmed is None:
                continue
            surname = trimmed
        syllables = []
        for following in words[first + 1 : first + 8]:  # a name has six syllables at most
            syllable = following.group()
            if not syllable[:1].isupper() or len(syllable) > 7:
                break
            syllables.append(syllable)
        parts = [surname, *syllables]
        if (
            2 <= len(parts) <= 6
            and sum(len(p) > 1 for p in parts) >= 2
            and (all(p.isupper() for p in parts) or not any(p.isupper() and len(p) > 1 for p in parts))
        ):
            name = " ".join(p.capitalize() if p.isupper() else p for p in parts)
            if not _like_a_title(name) and not (
                (text.isupper() or len(parts) == 2) and _OFFICE_WORDS.search(fold(name))
            ):
                return name, word.end() - len(surname)
    return None


@cache
def _like_a_title(text: str) -> bool:
    """Whether a line is a title that OCR blurred ("Phó Giám Đóc"), which no person is called."""
    key = letters(text)
    return len(key) >= 7 and any(
        abs(len(key) - len(title)) < 4 and SequenceMatcher(None, key, title, autojunk=False).ratio() > 0.85
        for title in _titles()
    )


def find_signature(text: str, start: int, *, ocr: bool) -> int | None:
    """Offset of the line where the signing of the document itself begins, looked for from *start* on.

    The first "Nơi nhận" at the start of a line, or the first title or form ("TM. CHÍNH PHỦ") in capitals that a
    person's name follows: what is attached stands behind it. Where the closing "./." stands pages before any of these
    (they are an attachment's then), the line of the closing.
    """
    lines: list[tuple[int, str]] = []
    at = start
    for raw in re.split(r"[\n\f]", text[start:]):
        if raw.strip():
            lines.append((at, clean(raw)))
        at += len(raw) + 1
    closing: int | None = None
    for index, (offset, line) in enumerate(lines):
        opens = _OPENS.match(fold(line)) or (_OPENS_BLURRED.match(fold(line)) if ocr else None)
        titled = len(line) < 90 and line.upper() == line and (_FORM.match(line) or title_of(line))
        if not opens and titled:
            opens = any(_name_line(text) for _, text in lines[index + 1 : index + 10]) or None  # type: ignore[assignment]
        if opens:
            other = closing is not None and NATION.search(fold(text[closing:offset]))
            return closing if other else offset
        if closing is None and _CLOSING.search(line):
            closing = offset
    return closing


def _name_line(text: str) -> bool:
    if len(text) > 200:  # no name is so long, and a page may be one line
        return False
    person = person_of(text)
    return person is not None and len(text.strip()) <= len(person[0]) + 8


def zone_of(lines: Sequence[Line], start: int) -> list[Line]:
    """The lines of a page that belong to the signing that begins at offset *start* (and the one or two above it: KT.
    often stands a little higher than Nơi nhận)."""
    first = next((i for i, line in enumerate(lines) if any(s.start <= start < s.end for s in line.segments)), None)
    if first is None:
        first = next((i for i, line in enumerate(lines) if line.start >= start), len(lines))
    begin = first
    while begin > 0 and first - begin < 3 and _above(lines[begin - 1], lines[first]):
        begin -= 1
    return list(lines[begin:])


def _above(line: Line, first: Line) -> bool:
    if not line.box or not first.box or first.box[1] - line.box[3] > 0.03:
        return False
    return all(s.box is not None and s.box[0] > 0.45 for s in line.segments)


def reread(page: Page, anchor: Line) -> list[Segment]:
    """The signature's column of a scan, read by itself: the seal over it keeps the page's own reading from seeing it.

    Segments of the column, top to bottom, without offsets of their own (they carry the anchor's).
    """
    if page.load_image is None or anchor.box is None:
        return []
    area = (0.42, max(0.0, anchor.box[1] - 0.035), 0.985, min(1.0, anchor.box[1] + 0.3))
    if _CLOSING.search(anchor.text):
        area = (0.42, anchor.box[3], 0.985, min(1.0, anchor.box[3] + 0.34))
    where = " ".join(f"{v:.3f}" for v in area)
    best: list[Segment] = []
    surest = 0.0
    column = _Column(page, area)
    for psm, ink in ((6, "grey"), (6, "not red"), (6, "black"), (6, "darkest")):
        words = page.recall(f"signature {LOOK} {psm} {ink} {where}", partial(column.look, psm, ink))
        segments = _segments(words, area, page.number, anchor)
        sure = max((_mean(s) for s in segments if _name_line(s.text) and len(s.text.split()) > 2), default=0.0)
        if sure > surest or not best:
            best, surest = segments, sure
        if surest >= _SURE_NAME:
            break
    return best if surest else best + _by_second_reader(page, best)


def _by_second_reader(page: Page, segments: Sequence[Segment]) -> list[Segment]:
    """The lowest line that the second reader takes for a person's name, where the first saw none."""
    if not second_reader.available() or page.load_image is None:
        return []
    lines = [s for s in segments if s.box and s.box[2] - s.box[0] > 0.06][-6:][::-1]
    where = " ".join(f"{v:.3f}" for s in lines for v in s.box or ())

    def look() -> list[list[Any]]:
        assert page.load_image is not None
        picture = page.load_image(300)
        width, height = picture.size
        read = []
        for segment in lines:
            x0, y0, x1, y1 = segment.box or (0, 0, 1, 1)
            left, right = int((x0 - 0.03) * width), int((x1 + 0.05) * width)
            area = (left, int((y0 - 0.004) * height), right, int((y1 + 0.004) * height))
            text, confidence = second_reader.read_line(picture.crop(area))
            read.append([text, round(confidence, 3)])
        return read

    for segment, (text, confidence) in zip(lines, page.recall(f"signer {LOOK} {where}", look), strict=True):
        printed = clean(_two_readings(segment.text, text))
        if _name_line(printed):
            word = Word(printed, segment.box or (0, 0, 0, 0), min(confidence, 0.7), segment.start, segment.end)
            return [Segment(printed, segment.start, segment.end, segment.page, segment.box, word.confidence, [word])]
    for segment in reversed(segments):
        restored = _with_first_letter(clean(segment.text))
        if restored:
            word = Word(restored, segment.box or (0, 0, 0, 0), min(_mean(segment), 0.5), segment.start, segment.end)
            return [Segment(restored, segment.start, segment.end, segment.page, segment.box, word.confidence, [word])]
    return []


def _two_readings(first: str, second: str) -> str:
    """One name from two readings of a line: the first reader sees marks better, the second letters under ink.

    ``Đỉnh Trọng Nghĩa`` + ``Đinh Trong Nghĩa`` → ``Đinh Trọng Nghĩa``: the first's syllable where both have the same
    letters, but for a surname that is none.
    """
    a, b = (re.findall(r"[^\W\d_]+", t) for t in (first, second))
    if len(a) != len(b):
        return second
    merged = []
    for index, (one, other) in enumerate(zip(a, b, strict=True)):
        same = fold(one) == fold(other) and is_syllable(one.lower())
        surname = index > 0 or canonical(one) in _surnames() or canonical(other) not in _surnames()
        merged.append(one if same and surname else other)
    return " ".join(merged)


def _with_first_letter(text: str) -> str | None:
    """``guyễn Hải Yến`` → ``Nguyễn Hải Yến``: the seal took the first letter and only one surname ends so."""
    words = re.findall(r"[^\W\d_]+", text)
    for at in range(len(words) - 2):
        if not words[at][:1].islower() or len(words[at]) < 2:
            continue
        fitting = [s for s in _surnames() if s[1:] == canonical(words[at])]
        restored = " ".join([fitting[0].capitalize(), *words[at + 1 :]]) if len(fitting) == 1 else ""
        if restored and _name_line(restored) and len(words[at + 1 :]) in {2, 3}:
            return restored
    return None


class _Column:
    """The signature's column as a picture, drawn once for all looks at it."""

    def __init__(self, page: Page, area: Box) -> None:
        self._page = page
        self._area = area
        self._drawn: Image | None = None

    def _picture(self) -> Image:
        if self._drawn is None:
            assert self._page.load_image is not None
            picture = self._page.load_image(_DPI)
            x0, y0, x1, y1 = self._area
            width, height = picture.size
            crop = picture.crop((int(x0 * width), int(y0 * height), int(x1 * width), int(y1 * height)))
            self._drawn = crop.convert("RGB")
        return self._drawn

    def look(self, psm: int, ink: str) -> list[list[Any]]:
        """Words read with one way of seeing the ink; none where that way shows nothing that "grey" does not."""
        seen = _seen(self._picture(), ink)
        if seen is None:
            return []
        words = engine_of(self._page.engine).read_region(seen, Arrangement(psm), _DPI)
        return [[w.text, *(round(v, 4) for v in w.box), round(w.confidence, 3)] for w in words]


def _seen(picture: Image, ink: str) -> Image | None:
    """*picture* in grey, as *ink* says; None where the paper has no such ink (no colour, no half-tones).

    Seen through the red channel the seal fades; the lightest of the three leaves only what is black in all (the name
    may be printed in black under a blue signature, or stamped in blue itself). A seal scanned in grey is paler than
    printed letters.
    """
    from PIL import ImageChops

    if ink == "grey":
        return picture.convert("L")
    red, green, blue = picture.split()
    lightest = ImageChops.lighter(red, ImageChops.lighter(green, blue))
    if ink == "darkest":
        counts = lightest.histogram()
        half_tones = sum(counts[90:190]) / max(1, sum(counts))
        return lightest.point([0 if v < 90 else 255 for v in range(256)]) if half_tones > _HALF_TONES else None
    darkest = ImageChops.darker(red, ImageChops.darker(green, blue))
    coloured = sum(ImageChops.subtract(lightest, darkest).histogram()[60:]) / (picture.width * picture.height)
    if coloured < _COLOURED:
        return None
    return red if ink == "not red" else lightest


def _segments(words: Sequence[Sequence[Any]], area: Box, page: int, anchor: Line) -> list[Segment]:
    rows_: dict[int, list[Word]] = {}
    x0, y0, x1, y1 = area
    row, end = 0, 0.0
    for text, left, top, right, bottom, confidence in words:
        if left < end - 0.005:  # back to the left edge: the next line
            row += 1
        end = right
        box = (x0 + left * (x1 - x0), y0 + top * (y1 - y0), x0 + right * (x1 - x0), y0 + bottom * (y1 - y0))
        word = Word(text, box, confidence, anchor.start, anchor.end)
        rows_.setdefault(row, []).append(word)
    return [
        Segment(
            clean(" ".join(w.text for w in ws)),
            anchor.start,
            anchor.end,
            page,
            union([w.box for w in ws]),
            min(w.confidence for w in ws),
            ws,
        )
        for ws in rows_.values()
    ]


def read_signature(lines: Sequence[Line], *, page: Page | None = None, ocr: bool) -> dict[str, Found]:
    """signer, signer_title, signing_form and recipients from the lines of the signature and Nơi nhận.

    page: where they stand, for a closer look when the seal hides the name.
    """
    found: dict[str, Found] = {}
    start = next((i for i, line in enumerate(lines) if _RECIPIENTS.search(_recipient_text(line))), None)
    left, right = _columns(lines, start)
    recipients = _recipients(left) if start is not None else None
    if recipients and recipients[0]:
        found["recipients"] = Found(recipients[0], evidence(recipients[1], 0.9 if ocr else 0.98))
    _signing(right, found, ocr)
    if (
        ocr
        and page is not None
        and lines
        and ("signer" not in found or found["signer"].evidence.confidence < _READ_NAME)
    ):
        closer: dict[str, Found] = {}
        _signing(reread(page, lines[0]), closer, ocr, alone=True)
        for name, better in closer.items():
            if (
                name not in found
                or found[name].evidence.confidence < better.evidence.confidence
                or name == "signer_title"
            ):
                found[name] = better
    return found


def _recipient_text(line: Line) -> str:
    return clean(line.text)[:60]


def _columns(lines: Sequence[Line], start: int | None) -> tuple[list[Segment], list[Segment]]:
    """Nơi nhận's segments and the signature's. A box decides; without one a title, a form or a name does."""
    left: list[Segment] = []
    right: list[Segment] = []
    ended = start is None
    edge = None
    if start is not None:
        box = next((s.box for s in lines[start].segments if s.box), None)
        edge = box[0] + 0.27 if box else None
    for index, line in enumerate(lines):
        for segment in line.segments:
            if index == start:
                match = _RECIPIENTS.search(segment.text)
                if match:
                    left.append(sub(segment, match.start(), match.end()))
                    if segment.text[match.end() :].strip():
                        right.append(sub(segment, match.end(), len(segment.text)))
                    continue
            if start is None or index < start:
                if not segment.box or segment.box[0] > 0.42:  # of two who sign together, the right one heads the paper
                    right.append(segment)
            elif segment.box and edge is not None:
                (right if segment.box[0] > edge else left).append(segment)
            elif ended or title_of(segment.text) or _FORM.match(segment.text) or _SIGNED.match(segment.text):
                right.append(segment)
            else:
                left.append(segment)
                if _LAST.match(segment.text.strip(" -–+")):
                    ended = True
    return left, right


def _recipients(segments: Sequence[Segment]) -> tuple[list[str], list[Segment]] | None:
    items: list[str] = []
    seen: list[Segment] = []
    for segment in segments:
        text = squeeze(clean(segment.text))
        match = _RECIPIENTS.search(text)
        if match and not seen:
            seen.append(segment)
            text = text[match.end() :].strip()
            if not text:
                continue
        if not seen:
            continue
        if _ITEM.match(text):
            items.append(_ITEM.sub("", text))
        elif items and letters(text):
            items[-1] += " " + text
        elif letters(text):
            items.append(text)
        seen.append(segment)
        if items and _LAST.match(items[-1]) and len(items[-1]) > 4:
            break
    if not seen:
        return None
    cleaned = [re.sub(r"[\s.;,:]+(?:/\.)?$", "", item).strip() for item in items]
    return [item for item in cleaned if letters(item)], seen


def _signing(segments: Sequence[Segment], found: dict[str, Found], ocr: bool, *, alone: bool = False) -> None:
    """alone: the segments are the signature's column and nothing else, so a name may stand under an unread title."""
    forms: list[tuple[str, str, Segment]] = []  # form, the title signed for, where
    plain: list[tuple[str, Segment]] = []  # titles without a form, in order
    signer: tuple[str, Segment] | None = None
    for segment in segments:
        text = squeeze(clean(segment.text)).strip(" |_~'\"[]“”‘’")
        form = _form(text, ocr)
        if form:
            if signer is not None:
                break
            forms.append((form[0], form[1], segment))
            continue
        title = title_of(text, ocr=ocr) or (_title_inside(text) if ocr and not plain else None)
        if title:
            if signer is not None:
                break  # a second signer, or an attachment's
            plain.append((title, segment))
            continue
        person = person_of(text)
        if not (plain or forms or (alone and person and len(person[0].split()) > 2)) or _SIGNED.match(text):
            continue
        if person and len(text) <= len(person[0]) + 14:
            signer = (person[0], sub(segment, max(0, segment.text.find(person[0].split()[0])), len(segment.text)))
    if forms:
        found["signing_form"] = Found([name for name, _, _ in forms], evidence([s for _, _, s in forms], 0.95))
    _put_title(found, forms, plain, segments, ocr)
    if signer:
        confidence = _mean(signer[1]) if ocr else 1.0
        odd = any(not is_syllable(part.lower()) for part in signer[0].split())
        review = ocr and (confidence < 0.6 or odd or len(signer[0].split()) < 3)
        reasons = ["con dấu che hoặc OCR không chắc"] if review else []
        found["signer"] = Found(
            signer[0], evidence([signer[1]], max(confidence, 0.2), needs_review=review, reasons=reasons)
        )


def _mean(segment: Segment) -> float:
    sure = [w.confidence for w in segment.words]
    return sum(sure) / len(sure) if sure else segment.confidence


def _form(text: str, ocr: bool) -> tuple[str, str] | None:
    """("KT.", "GIÁM ĐỐC") for a line that signs in another's name. In a scan the form may be half hidden: "VT. GIÁM ĐỐC"."""
    match = _FORM.match(text)
    if match and (text.upper() == text or match.group().strip()[:2].isupper()):
        rest = text[match.end() :]
        if title_of(rest, ocr=ocr) or (len(letters(rest)) >= 5 and rest.upper() == rest):
            return _FORM_NAMES[(match[1] or match[2]).upper()], rest
    if ocr:
        inside = re.match(r"^.{0,8}?(?<![A-ZĐ])(KT|TM|TL|TUQ)[.,]\s?(?=[A-ZĐ]{2})", text)
        if inside and title_of(text[inside.end() :], ocr=True):
            return _FORM_NAMES[inside[1]], text[inside.end() :]
        half = re.match(r"^\W{0,3}[A-ZĐ]{0,2}[TI1][.,:;]?\s?[-–]?\s?(?=[A-ZĐ]{2})", text)
        if half and letters(half.group()) not in {"PHOT"}:
            rest = text[half.end() :]
            office = title_of(rest, ocr=True)
            if office and len(letters(rest)) <= len(letters(office)) + 3 and title_of(text, ocr=True) is None:
                return "KT.", rest
    return None


def _put_title(
    found: dict[str, Found],
    forms: Sequence[tuple[str, str, Segment]],
    plain: Sequence[tuple[str, Segment]],
    segments: Sequence[Segment],
    ocr: bool,
) -> None:
    chosen = _signed_under(plain)
    reasons: list[str] = []
    if ocr:
        deputy = _deputy(forms, plain, segments)
        if deputy and (chosen is None or not fold(chosen[0]).startswith("pho ")):
            chosen, reasons = deputy, ["chức vụ bị che, suy từ KT. hoặc dòng dưới"]
    if chosen:
        confidence = min(_mean(chosen[1]), 0.6 if reasons else 1.0) if ocr else 1.0
        # "GIÁM ĐỐC" alone may be the line under a KT. that a seal or a pen hides: only a clear deputy is sure.
        alone = not fold(chosen[0]).startswith("pho ") and not any(name == "TM." for name, _, _ in forms)
        review = ocr and (confidence < 0.5 or bool(reasons) or (alone and _something_under(chosen[1], segments)))
        if review and not reasons:
            reasons = ["OCR không chắc, có thể còn dòng chức vụ bị che"]
        found["signer_title"] = Found(
            chosen[0], evidence([chosen[1]], max(confidence, 0.2), needs_review=review, reasons=reasons)
        )


def _something_under(title: Segment, segments: Sequence[Segment]) -> bool:
    """Whether a line that nobody could read stands right under a title, where a second title would."""
    if not title.box:
        return False
    height = title.box[3] - title.box[1]
    return any(
        s.box is not None
        and s is not title
        and 0 < (s.box[1] + s.box[3]) / 2 - title.box[3] < 1.6 * height
        and len(letters(s.text)) >= 3
        and not _name_line(s.text)
        for s in segments
    )


def _deputy(
    forms: Sequence[tuple[str, str, Segment]], plain: Sequence[tuple[str, Segment]], segments: Sequence[Segment]
) -> tuple[str, Segment] | None:
    """Who signs KT. is the deputy, readable or not; two lines of one office under each other are KT. and its deputy."""
    for name, office, segment in forms:
        if name == "KT.":
            title = title_of(office, ocr=True)
            if title and not fold(title).startswith("pho "):
                return f"Phó {title}", segment
    if plain and not fold(plain[0][0]).startswith("pho "):
        office = letters(plain[0][0])
        at = next((i for i, s in enumerate(segments) if s is plain[0][1]), None)
        for segment in segments[at + 1 : at + 3] if at is not None else []:
            printed = letters(segment.text)
            if (
                4 <= len(printed) <= 16
                and SequenceMatcher(None, printed, "PHO" + office, autojunk=False).ratio() >= 0.62
            ):
                return f"Phó {plain[0][0]}", segment
    return None


def _title_inside(text: str) -> str | None:
    """A title behind specks of the seal ("VY GIÁM ĐỐC")."""
    words = text.split()
    for skip in (1, 2):
        if len(words) > skip and sum(len(w) for w in words[:skip]) <= 4:
            title = title_of(" ".join(words[skip:]), ocr=True)
            if title:
                return title
    return None


def _signed_under(titles: Sequence[tuple[str, Segment]]) -> tuple[str, Segment] | None:
    """The signer's own title: the first without a form, but "GIÁM ĐỐC / PHÓ GIÁM ĐỐC" has a KT. nobody could read.

    An office under a post ("TRƯỞNG BAN" above "GIÁM ĐỐC SỞ Y TẾ") leaves the post (ô 7b).
    """
    if not titles:
        return None
    for title, segment in titles[1:]:
        if fold(title).startswith("pho ") and fold(titles[0][0]).split(" ")[0] == fold(title).split(" ")[1]:
            return title, segment
    return titles[0]
