"""The form in which somebody signs for another: TM., KT., TL., TUQ., Q. (Nghị định 30/2020/NĐ-CP, Phụ lục I, ô 7a)."""

from __future__ import annotations

import re
from typing import NamedTuple

from corpus.fold import letters
from ingest.layout import cues
from ingest.layout.signer_titles import title_of

_INSIDE = re.compile(r"^.{0,8}?(?<![A-ZĐ])(KT|TM|TL|TUQ)[.,;:]\s?(?=[A-ZĐ]{2})")
_HALF_HIDDEN = re.compile(r"^\W{0,3}[A-ZĐ]{0,2}[TI1K][.,:;]?\s?[-–]?\s?(?=[A-ZĐ]{2})")


class SigningForm(NamedTuple):
    """A form and the office signed for: ("KT.", "GIÁM ĐỐC")."""

    name: str
    office: str


def signing_form(text: str, *, ocr: bool) -> SigningForm | None:
    """The form of a line that signs for another; None for any other line. In a scan it may be half hidden."""
    match = cues.SIGNING_FORM.match(text)
    if match and (text.upper() == text or match.group().strip()[:2].isupper()):
        office = text[match.end() :]
        if title_of(office, ocr=ocr) or (len(letters(office)) >= 5 and office.upper() == office):
            return SigningForm(cues.SIGNING_FORMS[(match[1] or match[2]).upper()], office)
    return _blurred_form(text) if ocr else None


def _blurred_form(text: str) -> SigningForm | None:
    """A form behind specks ("| KT. GIÁM ĐỐC") or half hidden by a seal ("VT. GIÁM ĐỐC")."""
    inside = _INSIDE.match(text)
    if inside and title_of(text[inside.end() :], ocr=True):
        return SigningForm(cues.SIGNING_FORMS[inside[1]], text[inside.end() :])
    half = _HALF_HIDDEN.match(text)
    if half and letters(half.group()) != "PHOT":
        office = text[half.end() :]
        title = title_of(office, ocr=True)
        if title and len(letters(office)) <= len(letters(title)) + 3 and title_of(text, ocr=True) is None:
            return SigningForm("KT.", office)
    return None
