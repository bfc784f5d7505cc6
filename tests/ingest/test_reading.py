"""Reading files: types by content, encodings, text PDFs, Word, and honest verdicts for what cannot be read."""

from __future__ import annotations

import unicodedata
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from corpus.errors import ReadFailure
from corpus.record_json import parse_record
from ingest import limits
from ingest.extract import read_record
from ingest.formats.legacy_encodings import convert, detect
from ingest.formats.sniff import file_type
from ingest.formats.text import decode
from ingest.page import Reading, displayed_box
from ingest.read import read
from ingest.syllables import is_syllable, quality
from tests.paths import SHARED
from tests.support.reading_files import BODY, FONT, draw_lines, picture, scan_pdf, text_pdf

SENTENCE = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;"


def text_of(path: Path, **options: object) -> Reading:
    with read(path, **options) as reading:  # type: ignore[arg-type]
        return reading


def verdict(path: Path) -> str:
    with pytest.raises(ReadFailure) as caught, read(path):
        pass
    assert str(caught.value).strip()
    return caught.value.verdict


# --- plain text ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_files_are_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.pdf"  # the name lies, the content counts
    file.write_bytes((SENTENCE * 30).encode(encoding))
    assert text_of(file).text == SENTENCE * 30


def test_windows_1258_is_recognised() -> None:
    # The code page has no precomposed ế: base letter and a combining tone.
    split = "".join(
        c if c.encode("cp1258", "ignore") else unicodedata.normalize("NFC", unicodedata.normalize("NFD", c)[:-1])
        + unicodedata.normalize("NFD", c)[-1]
        for c in SENTENCE.replace("ị", "i\u0323").replace("ứ", "ư\u0301").replace("ủ", "u\u0309")
    )  # fmt: skip
    decoded = decode(split.encode("cp1258", "ignore"))
    assert decoded.encoding == "cp1258"
    assert "Căn cứ Quyết định" in decoded.text


def test_tcvn3_and_vni_are_converted() -> None:
    tcvn3 = "Uû ban nh©n d©n tØnh Thanh Hãa ban hµnh QuyÕt ®Þnh nµy ®Ó h­íng dÉn thùc hiÖn"
    vni = "Uûy ban nhaân daân tænh Thanh Hoùa ban haønh Quyeát ñònh naøy ñeå höôùng daãn thöïc hieän"
    assert convert(tcvn3, "tcvn3").startswith("Uỷ ban nhân dân tỉnh Thanh Hóa ban hành Quyết định này để hướng dẫn")
    assert convert(vni, "vni") == "Ủy ban nhân dân tỉnh Thanh Hóa ban hành Quyết định này để hướng dẫn thực hiện"
    assert decode(tcvn3.encode("cp1252")).encoding == "tcvn3"
    assert decode(vni.encode("cp1252")).encoding == "vni"
    assert detect(SENTENCE) is None


def test_mojibake_is_undone_only_when_certain() -> None:
    damaged = "".join(
        bytes([b]).decode("cp1252", "ignore") or chr(b) for b in SENTENCE.encode()
    )  # fmt: skip
    assert decode(damaged.encode()).text == SENTENCE
    assert decode(SENTENCE.encode()).note == ""
    half = damaged + " và một đoạn đúng"
    assert decode(half.encode()).text == half


def test_unknown_bytes_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("Пример русского текста в старой кодировке".encode("koi8-r"))
    assert verdict(file) == "khong_ho_tro"


def test_form_feeds_part_pages_and_text_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"{SENTENCE}\r\n\fTrang hai\fTrang ba", encoding="utf-8")
    reading = text_of(file)
    assert [p.text for p in reading.pages] == [f"{SENTENCE}\n", "Trang hai", "Trang ba"]
    assert reading.page_at(reading.text.index("hai")) == 2


def test_seeds_are_stored_as_their_nfc_text() -> None:
    folder = SHARED / "documents" / "seeds"
    if not folder.is_dir():
        pytest.skip("no shared documents")
    for file in sorted(folder.glob("*.txt")):
        assert text_of(file).text == unicodedata.normalize("NFC", file.read_text(encoding="utf-8"))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=80))
def test_utf8_never_fails_to_decode(text: str) -> None:
    decode(text.encode())


# --- syllables ---


def test_syllables() -> None:
    for word in [
        "nghiêng",
        "Quyết",
        "giếng",
        "gì",
        "quốc",
        "uỷ",
        "ủy",
        "khuya",
        "ngoằn",
        "Đắk",
        "hoá",
        "thuở",
        "yêu",
        "xoong",
        "QUYẾT",
    ]:
        assert is_syllable(word), word
    for word in ["quyêt̉", "hoạtđộng", "củaBộ", "ệc", "ngh", "strn", "cạt́", "nhanch", "các̀", "khãc"]:
        assert not is_syllable(unicodedata.normalize("NFC", word)), word
    assert quality(SENTENCE).validity == 1.0


# --- PDF with a text layer ---


def test_text_pdf_lines_words_and_offsets(tmp_path: Path) -> None:
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


def test_hyphen_at_a_line_end_is_kept(tmp_path: Path) -> None:
    lines = ("thực hiện Quyết định số 490/QĐ-", "TTg ngày 07 tháng 5 năm 2018 của Thủ tướng Chính phủ")
    with read(text_pdf(tmp_path / "a.pdf", [lines])) as reading:
        assert reading.pages[0].text == "\n".join(lines)
        assert [w.text for w in reading.pages[0].load_words()][5:7] == ["490/QĐ-", "TTg"]


def test_sideways_text_is_read_in_whole_lines(tmp_path: Path) -> None:
    from tests.support.reading_files import _canvas

    canvas = _canvas(tmp_path / "a.pdf")
    canvas.translate(595, 0)
    canvas.rotate(90)
    draw_lines(canvas, BODY, top=520)
    canvas.save()
    with read(tmp_path / "a.pdf") as reading:
        assert reading.pages[0].text.split("\n") == list(BODY)
        words = reading.pages[0].load_words()
        assert [w.text for w in words] == " ".join(BODY).split()
        assert all(0 <= v <= 1 for w in words for v in w.box)


def test_words_of_a_rotated_page_lie_on_the_page_as_shown(tmp_path: Path) -> None:
    import pypdfium2

    text_pdf(tmp_path / "a.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    document[0].set_rotation(180)
    document.save(tmp_path / "b.pdf")
    document.close()
    with read(tmp_path / "a.pdf") as upright, read(tmp_path / "b.pdf") as turned:
        first, same = upright.pages[0].load_words()[0], turned.pages[0].load_words()[0]
        assert same.text == first.text
        assert same.box == pytest.approx(displayed_box(first.box, 180), abs=0.002)


def test_free_text_stamped_as_an_annotation_is_read(tmp_path: Path) -> None:
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


def test_foreign_text_is_left_alone(tmp_path: Path) -> None:
    lines = ["The quick brown fox jumps over the lazy dog while nobody watches them closely."] * 5
    reading = text_of(text_pdf(tmp_path / "a.pdf", [lines]))
    assert reading.source == "text"


def test_legacy_fonts_are_converted(tmp_path: Path) -> None:
    from tests.support.reading_files import _canvas

    canvas = _canvas(tmp_path / "a.pdf")
    lines = ["Uû ban nh©n d©n tØnh ban hµnh QuyÕt ®Þnh nµy", "®Ó h­íng dÉn thùc hiÖn chÝnh s¸ch cña Nhµ n­íc"]
    draw_lines(canvas, lines)
    canvas.save()
    reading = text_of(tmp_path / "a.pdf")
    assert reading.source == "text"
    expected = "Uỷ ban nhân dân tỉnh ban hành Quyết định này\nđể hướng dẫn thực hiện chính sách của Nhà nước"
    assert reading.text == expected
    assert "TCVN3" in reading.pages[0].notes[-1]


# --- Word ---


def header_docx(path: Path) -> Path:
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nTỈNH THANH HÓA"
    table.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    table.cell(0, 1).add_paragraph("Độc lập - Tự do - Hạnh phúc")
    table.cell(1, 0).text = "Số: 12/QĐ\u2011UBND"
    table.cell(1, 1).text = "Thanh Hóa, ngày 05 tháng 01 năm 2024"
    document.add_paragraph("QUYẾT ĐỊNH")
    items = document.add_table(2, 3)
    for row, cells in enumerate((("STT", "Sản phẩm", "Hạng"), ("1", "Nước mắm", "4 sao"))):
        for column, text in enumerate(cells):
            items.cell(row, column).text = text
    document.save(str(path))
    return path


def test_word_header_by_columns_tables_by_rows(tmp_path: Path) -> None:
    reading = text_of(header_docx(tmp_path / "a.txt"))
    assert reading.source == "text"
    assert reading.text.split("\n") == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH THANH HÓA",
        "Số: 12/QĐ\u2011UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Thanh Hóa, ngày 05 tháng 01 năm 2024",
        "QUYẾT ĐỊNH",
        "STT\tSản phẩm\tHạng",
        "1\tNước mắm\t4 sao",
    ]
    assert reading.pages[0].load_words() == []


def test_word_bomb_is_refused_by_what_it_unpacks_to(tmp_path: Path) -> None:
    file = header_docx(tmp_path / "a.docx")
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.bin", b"\0" * 3_000_000)
    assert file.stat().st_size < 100_000
    with limits.within(limits.Limits(unpacked_bytes=2_000_000)):
        assert verdict(file) == "qua_lon"


# --- what cannot be read ---


def test_verdicts(tmp_path: Path) -> None:
    def made(name: str, data: bytes) -> Path:
        file = tmp_path / name
        file.write_bytes(data)
        return file

    assert verdict(tmp_path / "none.pdf") == "mat_tep"
    assert verdict(tmp_path) == "mat_tep"
    assert verdict(made("empty.pdf", b"")) == "trong"
    assert verdict(made("blank.txt", b" \n\n ")) == "trong"
    assert verdict(made("a.pdf", b"%PDF-1.7\nrubbish" * 20)) == "hong"
    assert verdict(made("a.png", b"\x89PNG\r\n\x1a\n" + b"rubbish" * 20)) == "hong"
    assert verdict(made("a.docx", b"PK\x03\x04rubbish")) == "hong"
    assert verdict(made("a.rar", b"Rar!\x1a\x07\x01\x00")) == "khong_ho_tro"
    assert verdict(made("a.bin", bytes(range(256)) * 4)) == "khong_ho_tro"
    assert verdict(made("a.eml", b"From: a@b\r\nTo: c@d\r\nSubject: x\r\n\r\nhello")) == "khong_ho_tro"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    assert verdict(tmp_path / "a.zip") == "khong_ho_tro"
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert verdict(made("b.docx", office)) == "ma_hoa"


def test_a_pdf_under_a_password(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    assert verdict(text_pdf(tmp_path / "a.pdf", encrypt=StandardEncryption("secret"))) == "ma_hoa"
    free = text_pdf(tmp_path / "b.pdf", encrypt=StandardEncryption("", "owner"))
    assert text_of(free).text.startswith("QUYẾT ĐỊNH")


def test_a_cut_pdf_is_never_read_as_if_whole(tmp_path: Path) -> None:
    whole = text_pdf(tmp_path / "a.pdf", [BODY] * 6)
    data, expected = whole.read_bytes(), text_of(whole).text
    cut, outcomes = tmp_path / "cut.pdf", set()
    for part in range(5, 100, 5):
        cut.write_bytes(data[: len(data) * part // 100])
        try:
            text = text_of(cut).text
        except ReadFailure as error:
            outcomes.add(error.verdict)
        else:
            assert text == expected
    assert outcomes <= {"hong", "trong"}


def test_limits(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a" * 101)
    Image.new("L", (100, 100), 255).save(tmp_path / "a.png")
    low = limits.Limits(pages=2, text_bytes=100, memory=10_000)
    with limits.within(low):
        for file in (text_pdf(tmp_path / "a.pdf", [BODY] * 3), tmp_path / "a.txt", tmp_path / "a.png"):
            assert verdict(file) == "qua_lon", file
    with limits.within(limits.Limits(file_bytes=100)):
        assert verdict(tmp_path / "a.txt") == "qua_lon"


def test_pages_and_citations_of_a_text_are_limited(tmp_path: Path) -> None:
    many = tmp_path / "pages.txt"
    many.write_text("Trang có chữ.\f" * 12, encoding="utf-8")
    with limits.within(limits.Limits(pages=10)):
        told = read_record(str(many))
    assert (told["verdict"], "13 trang" in told["error"]) == ("qua_lon", True)
    dense = tmp_path / "dense.txt"
    dense.write_text(
        "\n".join(f"Theo Quyết định số {n}/QĐ-TTg ngày 01/8/2022;" for n in range(1, 31)), encoding="utf-8"
    )
    with limits.within(limits.Limits(citations=20)):
        record = parse_record(read_record(str(dense)))
    assert len(record.citations) == 20
    seen = record.fields["kind"]
    assert seen.needs_review
    assert "chỉ giữ 20 dẫn chiếu đầu trong 30" in seen.reasons
    assert record.incomplete is None


def test_a_large_picture_is_made_smaller_before_it_is_refused(tmp_path: Path) -> None:
    from ingest.formats.image import frame

    for name, mode in (("a.png", "L"), ("a.jpg", "RGB"), ("a.tif", "1"), ("b.png", "P"), ("b.tif", "I;16")):
        Image.new(mode, (3000, 2000)).save(tmp_path / name, dpi=(300, 300))
        whole, dpi = frame(tmp_path / name, 0)
        assert (whole.size, dpi) == ((3000, 2000), 300)
        with limits.within(limits.Limits(page_pixels=1_000_000)):
            small, lower = frame(tmp_path / name, 0)
        assert small.width * small.height <= 1_000_000, name
        assert lower == round(300 * small.width / 3000), name


def test_modes_without_ocr(tmp_path: Path) -> None:
    scan = scan_pdf(tmp_path / "a.pdf", [picture(dpi=72)])
    with pytest.raises(ReadFailure) as caught, read(scan, mode="off"):
        pass
    assert caught.value.verdict == "trong"


def test_type_by_content(tmp_path: Path) -> None:
    picture(dpi=72).save(tmp_path / "a.txt", "TIFF")
    assert file_type(tmp_path / "a.txt") == "tiff"
    assert file_type(text_pdf(tmp_path / "a.png")) == "pdf"
    assert file_type(header_docx(tmp_path / "a.doc")) == "docx"
    assert FONT.endswith(".ttf")
