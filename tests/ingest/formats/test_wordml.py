"""The XML of Word files beyond plain paragraphs: header parts, lists, changes, hidden text, embedded files."""

from __future__ import annotations

from pathlib import Path

from tests.ingest.support import lines_of_text, verdict_of
from tests.support.word_parts import paragraph, word_file

ARTICLES = (
    '<w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="Điều %1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>'
    '<w:lvlText w:val="%2)"/></w:lvl><w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="-"/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="4"/></w:num>'
    '<w:num w:numId="8"><w:abstractNumId w:val="4"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
    "</w:lvlOverride></w:num>"
)
LETTERHEAD = (
    "<w:tbl><w:tr><w:tc>" + paragraph("ỦY BAN NHÂN DÂN XÃ VÂN LĨNH") + paragraph("Số: 12/QĐ-UBND") + "</w:tc><w:tc>"
    + paragraph("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") + paragraph("Vân Lĩnh, ngày 05 tháng 01 năm 2024")
    + "</w:tc></w:tr></w:tbl>"
)  # fmt: skip
FIRST_HEADER = '<w:sectPr><w:headerReference w:type="first" r:id="header1"/><w:titlePg/></w:sectPr>'


def numbered(text: str, level: int = 0, list_id: int = 7) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def test_automatic_numbers_are_text(tmp_path: Path) -> None:
    body = (
        numbered("Bãi bỏ Quyết định.") + numbered("mục một", 1) + numbered("mục hai", 1) + numbered("gạch", 2)
        + numbered("Hiệu lực.") + numbered("mục một", 1) + numbered("Thi hành.", 0, 8) + paragraph("Hết")
    )  # fmt: skip
    assert lines_of_text(word_file(tmp_path / "a.docx", body, {"numbering": ARTICLES})) == [
        "Điều 1. Bãi bỏ Quyết định.",
        "a) mục một",
        "b) mục hai",
        "- gạch",
        "Điều 2. Hiệu lực.",
        "a) mục một",
        "Điều 5. Thi hành.",
        "Hết",
    ]


def test_a_list_named_by_a_style_is_counted(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Dieu"><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="DieuNho"><w:basedOn w:val="Dieu"/></w:style>'
    )
    body = paragraph("Một", '<w:pStyle w:val="Dieu"/>') + paragraph("Hai", '<w:pStyle w:val="DieuNho"/>')
    file = word_file(tmp_path / "a.docx", body, {"numbering": ARTICLES, "styles": styles})
    assert lines_of_text(file) == ["Điều 1. Một", "Điều 2. Hai"]


def test_a_letterhead_in_the_first_page_header_comes_first(tmp_path: Path) -> None:
    body = paragraph("QUYẾT ĐỊNH") + FIRST_HEADER
    lines = lines_of_text(word_file(tmp_path / "a.docx", body, {"header1": LETTERHEAD}))
    assert lines[:3] == ["ỦY BAN NHÂN DÂN XÃ VÂN LĨNH", "Số: 12/QĐ-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert lines[-1] == "QUYẾT ĐỊNH"


def test_running_headers_and_second_letterheads_are_no_text(tmp_path: Path) -> None:
    running = {"header1": paragraph("CÔNG BÁO/Số 12/Ngày 05-01-2024")}
    assert lines_of_text(word_file(tmp_path / "a.docx", paragraph("QUYẾT ĐỊNH") + FIRST_HEADER, running)) == [
        "QUYẾT ĐỊNH"
    ]
    both = word_file(tmp_path / "b.docx", LETTERHEAD + paragraph("QUYẾT ĐỊNH") + FIRST_HEADER, {"header1": LETTERHEAD})
    assert lines_of_text(both).count("Số: 12/QĐ-UBND") == 1


def test_hidden_and_deleted_text_is_no_text(tmp_path: Path) -> None:
    styles = '<w:style w:type="character" w:styleId="An"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = (
        paragraph("Thấy") + paragraph("Ẩn", run="<w:vanish/>") + paragraph("Ẩn nữa", run='<w:rStyle w:val="An"/>')
        + paragraph("Vẫn thấy", run='<w:rStyle w:val="An"/><w:vanish w:val="0"/>')
        + "<w:p><w:del><w:r><w:delText>Xóa</w:delText></w:r></w:del><w:ins><w:r><w:t>Thêm</w:t></w:r></w:ins></w:p>"
        + "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>Nối </w:t></w:r></w:p>" + paragraph("liền")
        + "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>" + paragraph("Hàng xóa") + "</w:tc></w:tr>"
        + "<w:tr><w:tc>" + paragraph("Hàng giữ") + "</w:tc></w:tr></w:tbl>"
    )  # fmt: skip
    assert lines_of_text(word_file(tmp_path / "a.docx", body, {"styles": styles})) == [
        "Thấy",
        "Vẫn thấy",
        "Thêm",
        "Nối liền",
        "Hàng giữ",
    ]


def test_fields_give_their_results_and_controls_their_content(tmp_path: Path) -> None:
    def field(step: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{step}"/></w:r>'

    body = (
        "<w:p>" + field("begin") + "<w:r><w:instrText>REF so </w:instrText></w:r>" + field("begin")
        + "<w:r><w:t>bên trong</w:t></w:r>" + field("end") + field("separate") + "<w:r><w:t>12/QĐ-UBND</w:t></w:r>"
        + field("end") + "</w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + paragraph("Bấm để nhập")
        + "</w:sdtContent></w:sdt><w:sdt><w:sdtPr/><w:sdtContent>" + paragraph("Đã nhập") + "</w:sdtContent></w:sdt>"
    )  # fmt: skip
    assert lines_of_text(word_file(tmp_path / "a.docx", body)) == ["12/QĐ-UBND", "Đã nhập"]


def test_a_text_box_follows_its_paragraph_and_footnotes_come_last(tmp_path: Path) -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('Trong khung')}</w:txbxContent></w:pict></w:r>"
    body = f"<w:p><w:r><w:t>Đoạn</w:t></w:r>{box}</w:p>" + paragraph("Sau")
    notes = f'<w:footnote w:type="separator">{paragraph("bỏ")}</w:footnote>'
    notes += f"<w:footnote>{paragraph('Chú thích')}</w:footnote>"
    file = word_file(tmp_path / "a.docx", body, {"footnotes": notes})
    assert lines_of_text(file) == ["Đoạn", "Trong khung", "Sau", "Chú thích"]


def test_strict_files_are_read_as_others(tmp_path: Path) -> None:
    file = word_file(tmp_path / "a.docx", LETTERHEAD + numbered("Một"), {"numbering": ARTICLES}, strict=True)
    assert lines_of_text(file)[-1] == "Điều 1. Một"
    assert len(lines_of_text(file)) == 5


def test_embedded_documents_stand_where_they_are_embedded(tmp_path: Path) -> None:
    inner = word_file(tmp_path / "inner.docx", paragraph("Từ Word")).read_bytes()
    parts: dict[str, str | bytes] = {
        "one.docx": inner,
        "two.html": "<html><body><p>Từ web</p></body></html>",
        "three.rtf": "{\\rtf1 T\\u7915? RTF}",
        "four.bin": b"\x00\x01\x02" * 100,
    }
    body = "".join(f'<w:altChunk r:id="{name}"/>' for name in ("one", "two", "three", "four", "none"))
    file = word_file(tmp_path / "a.docx", paragraph("Đầu") + body + paragraph("Cuối"), parts)
    assert lines_of_text(file) == ["Đầu", "Từ Word", "Từ web", "Từ RTF", "Cuối"]


def test_documents_embedded_in_each_other_end(tmp_path: Path) -> None:
    data = word_file(tmp_path / "0.docx", paragraph("Lõi")).read_bytes()
    for depth in range(1, 8):
        file = word_file(
            tmp_path / f"{depth}.docx", paragraph(str(depth)) + '<w:altChunk r:id="in"/>', {"in.docx": data}
        )
        data = file.read_bytes()
    assert lines_of_text(tmp_path / "2.docx") == ["2", "1", "Lõi"]
    assert lines_of_text(tmp_path / "7.docx") == ["7", "6", "5", "4"]


def test_word_2003_xml_with_changes_and_a_printed_number(tmp_path: Path) -> None:
    file = tmp_path / "a.doc"
    file.write_text(
        '<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
        'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" '
        'xmlns:aml="http://schemas.microsoft.com/aml/2001/core"><w:body><wx:sect>'
        '<w:p><w:pPr><w:listPr><wx:t wx:val="Điều 3."/></w:listPr></w:pPr><w:r><w:t>Thi hành</w:t></w:r></w:p>'
        '<w:p><aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:delText>Xóa</w:delText></w:r></aml:content>'
        '</aml:annotation><aml:annotation w:type="Word.Insertion"><aml:content><w:r><w:t>Thêm</w:t></w:r>'
        "</aml:content></aml:annotation></w:p></wx:sect></w:body></w:wordDocument>",
        encoding="utf-8",
    )
    assert lines_of_text(file) == ["Điều 3. Thi hành", "Thêm"]


def test_a_word_package_in_one_xml_file(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    file.write_text(
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
        '<pkg:part pkg:name="/_rels/.rels"><pkg:xmlData><Relationships><Relationship Id="r1" '
        f'Type="{office}" Target="word/document.xml"/></Relationships></pkg:xmlData></pkg:part>'
        '<pkg:part pkg:name="/word/document.xml"><pkg:xmlData><w:document '
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        + paragraph("Một tệp") + "</w:body></w:document></pkg:xmlData></pkg:part></pkg:package>",
        encoding="utf-8",
    )  # fmt: skip
    assert lines_of_text(file) == ["Một tệp"]


def test_a_word_file_without_a_body_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "a.doc"
    file.write_text(
        '<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>'
    )
    assert verdict_of(file) == "hong"
