"""Form of the sheet: paper, margins, font, size of the text, page numbers, as the file states them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from corpus.checks.form.draft import FormDraft


class PageNumbers(StrEnum):
    """Where page numbers stand."""

    #: In the header, centred.
    TOP_CENTRE = "tren_giua"
    #: In the header, at a side.
    TOP_SIDE = "tren_ben"
    #: In the footer.
    BOTTOM = "duoi"
    NONE = "khong"


@dataclass(slots=True)
class Sheet:
    """What a file says of its pages. Lengths in millimetres, sizes in points; None where nothing is said."""

    width: float | None = None
    height: float | None = None
    top: float | None = None
    bottom: float | None = None
    left: float | None = None
    right: float | None = None
    #: Letters by font and by size; of paragraphs outside tables the sizes alone.
    fonts: dict[str, int] = field(default_factory=dict)
    sizes: dict[float, int] = field(default_factory=dict)
    page_numbers: PageNumbers = PageNumbers.NONE
    #: Whether the first page shows its number.
    first_numbered: bool = False
    #: Pages, as far as the file says.
    pages: int | None = None


#: Millimetres that a length may depart, and the share of letters in another font or size that is still none.
_SLACK, _SOME = 0.6, 0.05
_MARGINS = (
    ("top", "trên", 20.0, 25.0),
    ("bottom", "dưới", 20.0, 25.0),
    ("left", "trái", 30.0, 35.0),
    ("right", "phải", 15.0, 20.0),
)
_PARTY_MARGINS = (
    ("top", "trên", 20.0, 20.0),
    ("bottom", "dưới", 20.0, 20.0),
    ("left", "trái", 30.0, 30.0),
    ("right", "phải", 15.0, 15.0),
)
_A4 = (210.0, 297.0)
_FONT = "times new roman"
_SIZES, _PARTY_SIZES = (13.0, 14.0), (14.0, 15.0)


def check_sheet(draft: FormDraft, sheet: Sheet) -> None:
    """Note what the sheet has otherwise."""
    if sheet.width and sheet.height:
        sides = sorted((sheet.width, sheet.height))
        if any(abs(side - wanted) > 1.5 for side, wanted in zip(sides, _A4, strict=True)):
            draft.find("kho_giay", seen=f"{sheet.width:.0f} x {sheet.height:.0f} mm")
    letters = sum(sheet.fonts.values())
    others = [name for name, count in sheet.fonts.items() if _font(name) != _FONT and count > _SOME * letters]
    if others:
        draft.find("phong_chu", seen=", ".join(sorted(others)))
    _check_margins(draft, sheet)
    _check_sizes(draft, sheet)
    _check_page_numbers(draft, sheet)


def _font(name: str) -> str:
    return " ".join(name.lower().split())


def _check_margins(draft: FormDraft, sheet: Sheet) -> None:
    wrong = []
    for name, words, least, most in _PARTY_MARGINS if draft.is_party else _MARGINS:
        length = getattr(sheet, name)
        if length is not None and not least - _SLACK <= length <= most + _SLACK:
            wrong.append(f"{words} {length:.0f} mm")
    if wrong:
        draft.find("le", seen=", ".join(wrong))


def _check_sizes(draft: FormDraft, sheet: Sheet) -> None:
    letters = sum(sheet.sizes.values())
    least, most = _PARTY_SIZES if draft.is_party else _SIZES
    other = {size: n for size, n in sheet.sizes.items() if not least <= size <= most}
    if letters and sum(other.values()) > 0.3 * letters:
        draft.find("co_chu", seen=", ".join(f"{size:g}" for size in sorted(other, key=lambda s: -other[s])[:3]))


def _check_page_numbers(draft: FormDraft, sheet: Sheet) -> None:
    if sheet.page_numbers is PageNumbers.NONE:
        if sheet.pages is not None and sheet.pages > 1:
            draft.find("so_trang", seen="không có số trang")
        return
    if sheet.page_numbers is not PageNumbers.TOP_CENTRE:
        where = "ở lề dưới" if sheet.page_numbers is PageNumbers.BOTTOM else "không canh giữa"
        draft.find("so_trang", seen=where)
    if sheet.first_numbered:
        draft.find("so_trang_dau", seen="trang đầu có số")
