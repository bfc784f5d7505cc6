"""Who signs where a seal, a pen or a stamp covers the name: pictures of signatures, read by the real engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

from ingest.layout.found import Found
from ingest.layout.lines import Segment, lines_of
from ingest.layout.signature import read_signature, signature_lines
from ingest.layout.signature_column import centred_head
from ingest.page import Page, Word
from tests.ingest.layout.support import Rows, drawn_page

_FONTS = Path("/usr/share/fonts/truetype/dejavu")
_SIZE = (1654, 2339)
_RED, _BLUE, _BLACK = (215, 45, 55), (70, 90, 205), (20, 20, 20)
#: Where the name stands, in pixels at 200 dots an inch.
_NAME = (1180, 700)


def _font(size: int, *, italic: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / ("DejaVuSerif-BoldItalic.ttf" if italic else "DejaVuSerif.ttf")), size)


def _sheet(*titles: str) -> Image.Image:
    """A sheet with the titles of a signature below each other."""
    sheet = Image.new("RGB", _SIZE, "white")
    for number, title in enumerate(titles):
        y = (0.056 + 0.02 * number) * _SIZE[1]
        ImageDraw.Draw(sheet).text((_NAME[0], y), title, _BLACK, font=_font(32), anchor="mm")
    return sheet


def _stamp(sheet: Image.Image, text: str, at: tuple[int, int], *, slant: float) -> None:
    """Stamp red words in slanted letters."""
    layer = Image.new("L", (700, 300))
    ImageDraw.Draw(layer).text((350, 150), text, 255, font=_font(40, italic=True), anchor="mm")
    layer = layer.rotate(slant, Image.Resampling.BICUBIC)
    sheet.paste(_RED, (at[0] - 350, at[1] - 150), layer)


def _cover(sheet: Image.Image) -> None:
    """A red seal over the left part of the name, and a stroke of a blue pen through it."""
    ink = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(ink)
    x, y = _NAME[0] - 160, _NAME[1] - 60
    for radius, wide in ((140, 8), (122, 3), (84, 3)):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_RED, width=wide)
    draw.line((x, y + 30, x + 80, y - 60, x + 200, y + 45, x + 330, y - 60), fill=_BLUE, width=4)
    sheet.paste(ImageChops.multiply(sheet, ink))


def _page(sheet: Image.Image, *read: str) -> Page:
    """A page of whose signature OCR read the given lines and no more."""
    rows: Rows = [[(0.1, "Nơi nhận:"), (0.62, read[0])], *([(0.62, line)] for line in read[1:])]
    page = drawn_page(rows)
    page.engine = "tesseract"
    page.load_image = lambda dpi: sheet.resize((round(_SIZE[0] * dpi / 200), round(_SIZE[1] * dpi / 200)))
    return page


def _signed(page: Page) -> dict[str, Found]:
    return read_signature(signature_lines(lines_of(page, 0), 0), page=page, ocr=True)


def test_a_name_under_a_seal_is_read_without_its_red() -> None:
    sheet = _sheet("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    ImageDraw.Draw(sheet).text(_NAME, "Trần Quốc Bảo", _BLACK, font=_font(34), anchor="mm")
    _cover(sheet)
    found = _signed(_page(sheet, "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"))
    assert (found["signer"].value, found["signer_title"].value) == ("Trần Quốc Bảo", "Phó Giám đốc")
    assert not found["signer"].evidence.needs_review


def test_a_slanted_rubber_stamp_is_searched_for_a_name() -> None:
    sheet = _sheet("CHỦ TỊCH")
    _stamp(sheet, "Phạm Minh Châu", _NAME, slant=9)
    assert _signed(_page(sheet, "CHỦ TỊCH"))["signer"].value == "Phạm Minh Châu"


def test_a_searched_name_that_several_looks_see_is_no_guess() -> None:
    sheet = _sheet("CHỦ TỊCH")
    looks = [
        [("Phạm Minh Châu", -0.55, 0.2, 0.5, 0.3, 0.8, 0.33)],
        [],
        [("Phạm Minh Châu", -0.6, 0.2, 0.5, 0.3, 0.8, 0.33)],
    ]
    assert _searched(sheet, [*looks, *looks])["signer"].evidence.needs_review is False
    other = [("Phạm Minh Chánh", -0.65, 0.2, 0.5, 0.3, 0.8, 0.33)]
    assert _searched(sheet, [*looks, *looks, other])["signer"].evidence.needs_review is True
    assert _searched(sheet, looks)["signer"].evidence.needs_review is True


def _searched(sheet: Image.Image, looks: Sequence[Sequence[Sequence[object]]]) -> dict[str, Found]:
    """The signature where the remembered results of the search are the given ones."""
    page = _page(sheet, "CHỦ TỊCH")
    results = iter(looks)
    page.recall = lambda key, look: [list(n) for n in next(results, [])] if key.startswith("stamped name") else look()
    return _signed(page)


def test_a_stamped_kt_makes_a_deputy_of_the_printed_title() -> None:
    sheet = _sheet("GIÁM ĐỐC")
    ImageDraw.Draw(sheet).text((_NAME[0] - 210, 0.056 * _SIZE[1]), "KT.", _RED, font=_font(36), anchor="mm")
    ImageDraw.Draw(sheet).text(_NAME, "Trần Quốc Bảo", _BLACK, font=_font(34), anchor="mm")
    found = _signed(_page(sheet, "GIÁM ĐỐC"))
    assert found["signer_title"].value == "Phó Giám đốc"


def test_nothing_can_be_hidden_before_a_title_centred_above_its_name() -> None:
    """One engine that sees a head's title is enough where title and name share one axis."""

    def row(text: str, centre: float, y: float) -> Segment:
        wide = 0.011 * len(text)
        box = (centre - wide / 2, y, centre + wide / 2, y + 0.012)
        return Segment(text, 0, len(text), 1, box, 0.95, [Word(text, box, 0.95, 0, len(text))])

    name = row("Trần Quốc Bảo", 0.7, 0.3)
    assert centred_head([row("GIÁM ĐỐC", 0.705, 0.2), name]) == "Giám đốc"
    assert centred_head([row("GIÁM ĐỐC", 0.725, 0.2), name]) is None, "KT. may stand before it"
    assert centred_head([row("Z2 GIÁM ĐỐC", 0.705, 0.2), name]) is None
    assert centred_head([row("GIÁM ĐỐC", 0.705, 0.2), row("Quốc Bảo", 0.7, 0.3)]) is None, "the name is cut"
    assert centred_head([row("PHÓ GIÁM ĐỐC", 0.7, 0.2), name]) is None


def test_what_a_program_put_over_the_name_is_left_out() -> None:
    bare = _sheet("GIÁM ĐỐC")
    ImageDraw.Draw(bare).text(_NAME, "Trần Quốc Bảo", _BLACK, font=_font(34), anchor="mm")
    covered = bare.copy()
    ImageDraw.Draw(covered).rectangle((_NAME[0] - 300, _NAME[1] - 60, _NAME[0] + 300, _NAME[1] + 60), fill="white")
    ImageDraw.Draw(covered).text(_NAME, "Người ký: SỞ CÔNG THƯƠNG", _RED, font=_font(30), anchor="mm")
    page = _page(covered, "GIÁM ĐỐC")
    page.load_bare_image = lambda dpi: bare.resize((round(_SIZE[0] * dpi / 200), round(_SIZE[1] * dpi / 200)))
    assert _signed(page)["signer"].value == "Trần Quốc Bảo"


def test_a_name_whose_last_syllable_was_read_in_two_is_to_be_checked() -> None:
    rows: Rows = [[(0.1, "Nơi nhận:"), (0.58, "TM. ỦY BAN NHÂN DÂN")], [(0.62, "CHỦ TỊCH")], [(0.6, "Trần Văn Qu ảo")]]
    assert _signed(drawn_page(rows, confidence=0.99))["signer"].evidence.needs_review


def test_a_name_that_lost_its_surname_is_to_be_checked() -> None:
    rows: Rows = [[(0.1, "Nơi nhận:"), (0.58, "TM. ỦY BAN NHÂN DÂN")], [(0.62, "CHỦ TỊCH")], [(0.62, "Văn Bảo")]]
    page = drawn_page(rows, confidence=0.99)
    assert _signed(page)["signer"].evidence.needs_review


def test_a_heads_title_that_one_engine_alone_gave_is_to_be_checked() -> None:
    blank = Image.new("RGB", _SIZE, "white")
    title = _signed(_page(blank, "GIÁM ĐỐC"))["signer_title"]
    assert title.value == "Giám đốc"
    assert title.evidence.needs_review
    signed_for_all = _signed(_page(blank, "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"))["signer_title"]
    assert not signed_for_all.evidence.needs_review


def test_a_name_that_is_sure_stays_where_only_the_title_is_looked_at_again() -> None:
    sheet = _sheet("GIÁM ĐỐC")
    ImageDraw.Draw(sheet).text(_NAME, "Trần Quốc Bão", _BLACK, font=_font(34), anchor="mm")
    page = _page(sheet, "GIÁM ĐỐC", "Trần Quốc Bảo")
    words = [replace(w, confidence=0.55) if w.text in {"GIÁM", "ĐỐC"} else w for w in page.load_words()]
    page.load_words = lambda: words
    found = _signed(page)
    assert found["signer"].value == "Trần Quốc Bảo"
    assert found["signer_title"].value == "Giám đốc"
    assert found["signer_title"].evidence.confidence > 0.55, "it was looked at again"
