"""Ô 7 and 9b of Nghị định 30/2020/NĐ-CP Phụ lục I: who signs, under which title and form, and Nơi nhận.

The two stand side by side and come out of OCR on one line ("Nơi nhận: KT. GIÁM ĐỐC"); with boxes they are told apart
by place, without by what they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from corpus.fold import canonical, clean, fold, letters, squeeze
from corpus.tables import rows
from ingest import agency_names
from ingest.header import Found, evidence, sub
from ingest.layout import Line, Segment

DATA = Path(__file__).parent / "data"

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
    text = squeeze(clean(text)).strip(" .,:;-_'\"|~()")
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
        if not rest:
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
            trimmed = next(
                (surname[i:] for i in (1, 2) if canonical(surname[i:]) in _surnames() and surname[i:][:1].isupper()),
                None,
            )
            if trimmed is None:
                continue
            surname = trimmed
        rest = words[first + 1 :]
        syllables = []
        for following in rest:
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
            return " ".join(p.capitalize() if p.isupper() else p for p in parts), word.end() - len(surname)
    return None


def read_signature(lines: Sequence[Line], *, ocr: bool) -> dict[str, Found]:
    """signer, signer_title, signing_form and recipients from the lines of the signature and Nơi nhận."""
    found: dict[str, Found] = {}
    start = next((i for i, line in enumerate(lines) if _RECIPIENTS.search(_recipient_text(line))), None)
    left, right = _columns(lines, start)
    recipients = _recipients(left) if start is not None else None
    if recipients and recipients[0]:
        found["recipients"] = Found(recipients[0], evidence(recipients[1], 0.9 if ocr else 0.98))
    _signing(right, found, ocr)
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


def _signing(segments: Sequence[Segment], found: dict[str, Found], ocr: bool) -> None:
    forms: list[str] = []
    plain: list[tuple[str, Segment]] = []  # titles without a form, in order
    formed: list[tuple[str, Segment]] = []
    signer: tuple[str, Segment] | None = None
    begun = False
    for segment in segments:
        text = squeeze(clean(segment.text)).strip(" |_~'\"[]")
        match = _FORM.match(text)
        if match and (text.upper() == text or match.group().strip()[:2].isupper()):
            rest = text[match.end() :]
            if title_of(rest, ocr=ocr) or (len(letters(rest)) >= 5 and rest.upper() == rest):
                name = (match[1] or match[2]).upper()
                forms.append(_FORM_NAMES[name])
                formed.append((rest, segment))
                begun = True
                continue
        title = title_of(text, ocr=ocr)
        if title is None and ocr and begun is False:
            title = _title_inside(text)
        if title:
            if signer is not None:
                break  # a second signer, or an attachment's
            plain.append((title, segment))
            begun = True
            continue
        if not begun or _SIGNED.match(text):
            continue
        person = person_of(text)
        if person and len(text) <= len(person[0]) + 14:
            signer = (person[0], sub(segment, min(person[1], len(segment.text) - 1), len(segment.text)))
    if forms:
        found["signing_form"] = Found(forms, evidence([s for _, s in formed], 0.95))
    chosen = _signed_under(plain)
    if chosen:
        confidence = chosen[1].confidence if ocr else 1.0
        review = ocr and confidence < 0.5
        found["signer_title"] = Found(
            chosen[0],
            evidence(
                [chosen[1]], max(confidence, 0.3), needs_review=review, reasons=["OCR không chắc"] if review else []
            ),
        )
    if signer:
        confidence = signer[1].confidence if ocr else 1.0
        review = ocr and confidence < 0.8
        found["signer"] = Found(
            signer[0],
            evidence(
                [signer[1]], max(confidence, 0.2), needs_review=review, reasons=["OCR không chắc"] if review else []
            ),
        )


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
