"""PDF files with a text layer: lines, words with boxes, offsets, damaged files."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import ReadFailure
from corpus.model import Box
from ingest.limits import Limits
from ingest.options import ReadOptions
from ingest.read import read
from tests.ingest.support import read_whole, verdict_of
from tests.support.reading_files import BODY, draw_lines, new_canvas, text_pdf


def rotated_by_half(box: Box) -> Box:
    """*box* on a page that is shown upside down."""
    x0, y0, x1, y1 = box
    return (1 - x1, 1 - y1, 1 - x0, 1 - y0)


def test_lines_words_and_offsets(tmp_path: Path) -> None:
    with read(text_pdf(tmp_path / "a.pdf", [BODY, BODY[3:]])) as reading:
        assert reading.source == "text"
        assert reading.pages[0].text.split("\n") == list(BODY)
        assert reading.text == "\f".join(p.text for p in reading.pages)
        words = reading.pages[0].load_words()
        assert [w.text for w in words] == " ".join(BODY).split()
        for word in words:
            assert reading.pages[0].text[word.start : word.end] == word.text
            x0, y0, x1, y1 = word.box
            assert 0 <= x0 < x1 <= 1
            assert 0 <= y0 < y1 <= 1
        assert words[0].box[1] < words[-1].box[1]


def test_a_hyphen_at_a_line_end_is_kept(tmp_path: Path) -> None:
    lines = ("thực hiện Quyết định số 490/QĐ-", "TTg ngày 07 tháng 5 năm 2018 của Thủ tướng Chính phủ")
    with read(text_pdf(tmp_path / "a.pdf", [lines])) as reading:
        assert reading.pages[0].text == "\n".join(lines)
        assert [w.text for w in reading.pages[0].load_words()][5:7] == ["490/QĐ-", "TTg"]


def test_words_behind_a_character_of_two_utf16_units_have_their_own_boxes(tmp_path: Path) -> None:
    plain, astral = ("Hình a kèm theo Quyết định", "Hình \U0001d434 kèm theo Quyết định")
    with read(text_pdf(tmp_path / "a.pdf", [(*BODY, plain, plain), (*BODY, astral, plain)])) as reading:
        first, second = ([w for w in page.load_words() if w.start > page.text.find("Hình")] for page in reading.pages)
    assert [w.text for w in second][1:] == [w.text for w in first][1:]
    for a, b in zip(first[5:], second[5:], strict=True):  # the second line is the same on both pages
        assert a.box == pytest.approx(b.box, abs=1e-4)


def test_sideways_text_is_read_in_whole_lines(tmp_path: Path) -> None:
    canvas = new_canvas(tmp_path / "a.pdf")
    canvas.translate(595, 0)
    canvas.rotate(90)
    draw_lines(canvas, BODY, top=520)
    canvas.save()
    with read(tmp_path / "a.pdf") as reading:
        assert reading.pages[0].text.split("\n") == list(BODY)
        words = reading.pages[0].load_words()
        assert [w.text for w in words] == " ".join(BODY).split()
        assert all(0 <= v <= 1 for w in words for v in w.box)


def test_boxes_of_a_rotated_page_belong_to_the_page_as_shown(tmp_path: Path) -> None:
    import pypdfium2

    text_pdf(tmp_path / "a.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    document[0].set_rotation(180)
    document.save(tmp_path / "b.pdf")
    document.close()
    with read(tmp_path / "a.pdf") as upright, read(tmp_path / "b.pdf") as turned:
        first, same = upright.pages[0].load_words()[0], turned.pages[0].load_words()[0]
        assert same.text == first.text
        assert same.box == pytest.approx(rotated_by_half(first.box), abs=0.002)


def test_text_stamped_on_as_an_annotation_is_read(tmp_path: Path) -> None:
    import pypdfium2
    import pypdfium2.raw as raw

    text_pdf(tmp_path / "a.pdf", [("Số:        /QĐ-UBND", *BODY)])
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    page = document[0]
    stamp = raw.FPDFPage_CreateAnnot(page, raw.FPDF_ANNOT_STAMP)
    raw.FPDFAnnot_SetRect(stamp, raw.FS_RECTF(90, 790, 130, 760))
    number = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 11.0)
    raw.FPDFText_SetText(number, (raw.FPDF_WCHAR * 5)(*b"1593", 0))
    raw.FPDFPageObj_Transform(number, 1, 0, 0, 1, 92, 770)
    raw.FPDFAnnot_AppendObject(stamp, number)
    raw.FPDFPage_CloseAnnot(stamp)
    document.save(tmp_path / "b.pdf")
    document.close()
    with read(tmp_path / "b.pdf") as reading:
        assert "1593" in reading.text
        word = next(w for w in reading.pages[0].load_words() if "1593" in w.text)
        assert word.box[1] < 0.12


def test_form_fields_are_read(tmp_path: Path) -> None:
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_lines(canvas, ("Số:            /QĐ-UBND", *BODY))
    canvas.acroForm.textfield(name="so", value="1593", x=88, y=764, width=40, height=16, fontSize=9)
    canvas.save()
    reading = read_whole(tmp_path / "a.pdf")
    assert reading.source == "text"
    assert "1593" in reading.text


def test_a_pdf_with_a_password_is_refused_unless_anyone_may_open_it(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    assert verdict_of(text_pdf(tmp_path / "a.pdf", encrypt=StandardEncryption("secret"))) == "ma_hoa"
    free = text_pdf(tmp_path / "b.pdf", encrypt=StandardEncryption("", "owner"))
    assert read_whole(free).text.startswith("QUYẾT ĐỊNH")


def test_a_truncated_pdf_is_refused_or_read_completely(tmp_path: Path) -> None:
    whole = text_pdf(tmp_path / "a.pdf", [BODY] * 6)
    data, expected = whole.read_bytes(), read_whole(whole).text
    cut, outcomes = tmp_path / "cut.pdf", set()
    for part in range(5, 100, 5):
        cut.write_bytes(data[: len(data) * part // 100])
        try:
            text = read_whole(cut).text
        except ReadFailure as error:
            outcomes.add(error.verdict)
        else:
            assert text == expected
    assert outcomes <= {"hong", "trong"}


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    file = text_pdf(tmp_path / "a.pdf", [BODY] * 3)
    assert verdict_of(file, ReadOptions(limits=Limits(pages=2))) == "qua_lon"


def test_lines_written_from_the_foot_of_the_page_to_its_top_are_put_in_order(tmp_path: Path) -> None:
    canvas = new_canvas(tmp_path / "a.pdf")
    canvas.setFont("Serif", 9)
    for number, line in reversed(list(enumerate(BODY))):
        canvas.drawString(60, 780 - 18 * number, line)
    canvas.save()
    with read(tmp_path / "a.pdf") as reading:
        page = reading.pages[0]
        assert page.text.split("\n") == list(BODY)
        assert page.notes == ["các dòng xếp ngược trong tệp, đã xếp lại"]
        words = page.load_words()
        assert [word.text for word in words] == " ".join(BODY).split()
        assert words[0].box[1] < words[-1].box[1]
