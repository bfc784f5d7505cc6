"""The check of form: copies of the samples with planted faults, the samples themselves, the gazette."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from corpus.checks.form.check import FormCheck, check_form
from corpus.checks.form.rules import RuleSet, all_rules
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.formats.word_sheet import sheet_of
from ingest.limits import DEFAULT_LIMITS
from tests.paths import SAMPLES

DECISION, PLAN, NOTICE = "28-qd-1015-2026.docx", "14-kh-78-2023.docx", "20-tb-189-2024.docx"
LETTER, PARTY = "29-cv-ngoc-tra-2024.txt", "01-ctr-12-tu-2018.pdf"

#: (sample, what it says, what its copy says, the rule that finds it).
FAULTS = [
    (DECISION, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n", "", "quoc_hieu"),
    (PLAN, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Cộng hòa xã hội chủ nghĩa Việt Nam", "quoc_hieu"),
    (PLAN, "Độc lập - Tự do - Hạnh phúc\n", "", "tieu_ngu"),
    (NOTICE, "Độc lập - Tự do - Hạnh phúc", "Độc lập-Tự do-Hạnh phúc", "tieu_ngu"),
    (DECISION, "Số: 1015/QĐ-UBND\n", "", "so"),
    (DECISION, "Số: 1015/QĐ-UBND", "Số 1015/QĐ-UBND", "so_hai_cham"),
    (PLAN, "Số: 78/KH-UBND", "Số: 8/KH-UBND", "so_khong"),
    (PLAN, "Số: 78/KH-UBND", "Số: 78-KH/UBND", "so_gach_cheo"),
    (DECISION, "Số: 1015/QĐ-UBND", "Số: 1015/QĐ - UBND", "so_gach_cheo"),
    (PLAN, "Số: 78/KH-UBND", "Số: 78/QĐ-UBND", "ky_hieu_loai"),
    (NOTICE, "Số: 189/TB-UBND", "Số: 189/UBND-NN", "ky_hieu_loai"),
    (PLAN, "Thạch Đàm, ngày 12 tháng 5 năm 2023\n", "", "dia_danh"),
    (NOTICE, "Vân Lĩnh, ngày 22", "Vân Lĩnh ngày 22", "dia_danh"),
    (PLAN, "ngày 12 tháng 5 năm 2023\nKẾ HOẠCH", "ngày 2 tháng 5 năm 2023\nKẾ HOẠCH", "ngay_khong"),
    (DECISION, "ngày 20 tháng 6 năm 2026\nQUYẾT ĐỊNH", "ngày 20 tháng 2 năm 2027\nQUYẾT ĐỊNH", "ngay_khong"),
    (LETTER, "V/v rà soát sản phẩm OCOP hết thời hạn\ncông nhận năm 2024\n", "", "ten_loai"),
    (NOTICE, "THÔNG BÁO\nKết luận", "THÔNG BÁO\nV/v kết luận", "trich_yeu_vv"),
    (
        DECISION,
        "số 72/2025/QH15 ngày 16 tháng 6 năm 2025;",
        "số 72/2025/QH15 ngày 16 tháng 6 năm 2025.",
        "can_cu_cham_phay",
    ),
    (
        PLAN,
        "Chương trình mỗi xã một sản phẩm;\nCăn cứ",
        "Chương trình mỗi xã một sản phẩm,\nCăn cứ",
        "can_cu_cham_phay",
    ),
    (
        PLAN,
        "giai đoạn 2021 - 2025;\nThực hiện Kế hoạch số 96/KH-UBND ngày 20/3/2023 của UBND tỉnh về",
        "giai đoạn 2021 - 2025;\nỦy ban nhân dân huyện thực hiện",
        "can_cu_cham",
    ),
    (DECISION, "2025;\nCăn cứ Quyết định", "2025; Quyết định", "can_cu_xuong_dong"),
    (PLAN, "Quyết định số 148/QĐ-TTg ngày 24/02/2023 của", "Quyết định số 148/QĐ-TTg của", "can_cu_du"),
    (PLAN, "ngày 24/02/2023 của Thủ tướng Chính phủ ban hành", "ngày 24/02/2023 ban hành", "can_cu_du"),
    (DECISION, "Căn cứ Quyết định số 26/2026", "Căn cứ QĐ số 26/2026", "can_cu_viet_tat"),
    (PLAN, "24/02/2023 của Thủ tướng Chính phủ", "24/02/2023 của TTg", "can_cu_viet_tat"),
    (PLAN, "Căn cứ Quyết định số 2450/QĐ-UBND", "Căn cứ Nghị định số 52/2018/NĐ-CP", "can_cu_bac"),
    (
        PLAN,
        "Căn cứ Quyết định số 2450/QĐ-UBND ngày 28/11/2022 của UBND tỉnh",
        "Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ",
        "can_cu_ngay",
    ),
    (PLAN, "148/QĐ-TTg ngày 24/02/2023", "148/QĐ-TTg ngày 24/02/2024", "can_cu_sau_ngay"),
    (DECISION, "Điều 3. Quyết định", "Điều 4. Quyết định", "dieu_so"),
    (DECISION, "Điều 2. Hội đồng", "Điều 2: Hội đồng", "dieu_cham"),
    (DECISION, "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nLý Quốc Hưng", "", "nguoi_ky"),
    (PLAN, "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", "CHỦ TỊCH", "tm"),
    (PLAN, "CHỦ TỊCH\nTriệu", "PHÓ CHỦ TỊCH\nTriệu", "kt"),
    (NOTICE, "KT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG", "KT. CHÁNH VĂN PHÒNG\nCHÁNH VĂN PHÒNG", "kt_pho"),
    (DECISION, "TM. ỦY BAN", "T/M ỦY BAN", "viet_tat_ky"),
    (PLAN, "Triệu Văn Phúc", "ThS. Triệu Văn Phúc", "hoc_ham"),
    (LETTER, "Kính gửi:\n- Phòng Kinh tế thị xã;\n- UBND các xã, phường.\n", "", "kinh_gui"),
    (LETTER, "- Như trên;   ", "- Sở Tài chính;", "nhu_tren"),
    (NOTICE, "Nơi nhận:", "Nơi nhận", "noi_nhan_hai_cham"),
    (PLAN, "- UBND tỉnh (b/c);", "- UBND tỉnh (b/c),", "noi_nhan_dong"),
    (PLAN, "- Lưu: VT, NN.", "- Lưu: VT, NN", "luu"),
    (NOTICE, "- Lưu: VT, NN.\n", "", "luu"),
    (
        DECISION,
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
        "Độc lập - Tự do - Hạnh phúc\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "thu_tu",
    ),
    (PLAN, "ỦY BAN NHÂN DÂN\nHUYỆN THẠCH ĐÀM\nSố", "Số", "co_quan"),
    (
        PLAN,
        "Thực hiện Chương trình mỗi xã một sản phẩm trên địa bàn huyện Thạch Đàm năm 2023 và giai đoạn 2023 - 2025\n",
        "",
        "trich_yeu",
    ),
    (PLAN, "Nơi nhận:\n- UBND tỉnh (b/c);\n", "", "noi_nhan"),
    (PLAN, "III. NHIỆM VỤ", "Phụ lục 1\nPhụ lục 2\nIII. NHIỆM VỤ", "phu_luc_so"),
    (PARTY, "ĐẢNG CỘNG SẢN VIỆT NAM\n", "", "tieu_de_dang"),
    (PARTY, "ĐẢNG CỘNG SẢN VIỆT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "tieu_de_dang"),
    (PARTY, "Số 12-CTr/TU", "Số 12/CTr-TU", "so_dang"),
    (PARTY, "Số 12-CTr/TU", "Số 2-CTr/TU", "so_khong_dang"),
    (PARTY, "T/M BAN THƯỜNG VỤ", "TM. BAN THƯỜNG VỤ", "viet_tat_ky_dang"),
    (PARTY, "- Lưu Văn phòng Tỉnh ủy.", "- Thường trực Tỉnh ủy.", "luu_dang"),
]

#: What the samples themselves have otherwise than the rules: căn cứ behind one another on a line, ";" behind the last,
#: and ";" in Nơi nhận of the party, where its rules ask for ",".
OWN = {
    "01-ctr-12-tu-2018.pdf": {"noi_nhan_dong_dang"},
    "02-qd-1876-2018.pdf": {"can_cu_xuong_dong"},
    "04-kh-45-2019.docx": {"can_cu_cham"},
    "18-kh-103-2023.pdf": {"can_cu_xuong_dong", "can_cu_cham"},
}
#: The born-digital samples of administrative documents.
TEXTS = sorted(path.name for path in (SAMPLES / "files").iterdir() if path.suffix in (".docx", ".txt"))
TEXTS += ["01-ctr-12-tu-2018.pdf", "02-qd-1876-2018.pdf", "07-qd-1120-2020.pdf", "08-cv-2305-2020.pdf"]
TEXTS += ["11-qd-2450-2022.pdf", "18-kh-103-2023.pdf", "21-bc-342-2024.pdf", "25-cv-1175-2025.pdf"]


@cache
def text_of(sample: str) -> str:
    """The text of a sample."""
    return str(read_record(str(SAMPLES / "files" / sample))["text"])


def checked(path: Path) -> FormCheck:
    """The check of form of a file."""
    sheet = sheet_of(path, DEFAULT_LIMITS) if path.suffix == ".docx" else None
    return check_form(parse_record(read_record(str(path))), sheet)


def keys(found: FormCheck) -> set[str]:
    return {finding.rule.key for finding in found.findings}


def test_every_planted_fault_is_found_and_hardly_anything_else(tmp_path: Path) -> None:
    missed, false_alarms = [], []
    for number, (sample, old, new, key) in enumerate(FAULTS):
        text = text_of(sample)
        assert old in text, (sample, old)
        path = tmp_path / f"{number}.txt"
        path.write_text(text.replace(old, new), encoding="utf-8")
        found = keys(checked(path))
        if key not in found:
            missed.append((sample, new, key, found))
        further = found - {key} - OWN.get(sample, set())
        if further:
            false_alarms.append((sample, old, key, further))
    print(f"planted faults: {len(FAULTS)}, missed: {len(missed)}, copies with another alarm: {len(false_alarms)}")
    assert not missed
    assert len(false_alarms) * 10 <= len(FAULTS), false_alarms


def test_the_samples_raise_no_false_alarm() -> None:
    for sample in TEXTS:
        found = checked(SAMPLES / "files" / sample)
        assert keys(found) == OWN.get(sample, set()), sample
        assert found.rules is (RuleSet.PARTY if sample == PARTY else RuleSet.STATE)


def _letter_paper(document: docx.document.Document) -> None:
    document.sections[0].page_width, document.sections[0].page_height = Cm(21.59), Cm(27.94)


def _margins(document: docx.document.Document) -> None:
    document.sections[0].left_margin = Cm(2)


def _font(document: docx.document.Document) -> None:
    document.styles["Normal"].font.name = "Arial"


def _size(document: docx.document.Document) -> None:
    document.styles["Normal"].font.size = Pt(12)


def _numbered(document: docx.document.Document, *, centred: bool, footer: bool = False, first: bool = False) -> None:
    section = document.sections[0]
    section.different_first_page_header_footer = not first
    part = section.footer if footer else section.header
    paragraph = part.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.RIGHT
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _numbers_below(document: docx.document.Document) -> None:
    _numbered(document, centred=True, footer=True)


def _numbers_aside(document: docx.document.Document) -> None:
    _numbered(document, centred=False)


def _numbered_first(document: docx.document.Document) -> None:
    _numbered(document, centred=True, first=True)


def _numbered_right(document: docx.document.Document) -> None:
    _numbered(document, centred=True)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_letter_paper, {"kho_giay"}),
        (_margins, {"le"}),
        (_font, {"phong_chu"}),
        (_size, {"co_chu"}),
        (_numbers_below, {"so_trang"}),
        (_numbers_aside, {"so_trang"}),
        (_numbered_first, {"so_trang_dau"}),
        (_numbered_right, set()),
    ],
)
def test_paper_fonts_and_page_numbers_of_a_word_file(change: object, expected: set[str], tmp_path: Path) -> None:
    document = docx.Document(str(SAMPLES / "files" / PLAN))
    change(document)  # type: ignore[operator]
    path = tmp_path / "du-thao.docx"
    document.save(str(path))
    assert keys(checked(path)) == expected


def test_legislation_and_other_texts_are_not_checked(tmp_path: Path) -> None:
    found = checked(SAMPLES / "files" / "09-nq-08-2021.pdf")
    assert (found.rules, found.findings) == (None, [])
    assert found.unchecked
    path = tmp_path / "bai.txt"
    path.write_text("Hôm qua có lễ hội ở làng.\n", encoding="utf-8")
    assert checked(path).rules is None


def test_of_a_scan_only_the_days_are_checked() -> None:
    record = parse_record(read_record(str(SAMPLES / "files" / PLAN)))
    record.source = "ocr"
    record.text = record.text.replace("Nơi nhận:", "Nơi nhận")
    found = check_form(record)
    assert (found.rules, found.findings) == (RuleSet.STATE, [])
    assert len(found.unchecked) == 2


def test_every_rule_has_place_and_advice() -> None:
    for rule in all_rules():
        assert rule.place
        assert rule.advice.endswith(".")
        assert rule.key.endswith("_dang") is (rule.rules is RuleSet.PARTY)


#: Departures of administrative documents in the gazette, each looked at: two căn cứ in one line, laws not in order of
#: day, a space before the stroke of the number.
IN_GAZETTE = {
    "gazette-31.pdf": {"can_cu_xuong_dong"},
    "gazette-32.pdf": {"can_cu_xuong_dong"},
    "gazette-34.pdf": {"can_cu_xuong_dong"},
    "gazette-37.pdf": {"can_cu_ngay"},
    "gazette-38.pdf": {"so_gach_cheo"},
}


@pytest.mark.long
def test_alarms_on_the_gazette(shared: Path) -> None:
    documents, alarms = 0, []
    for path in sorted((shared / "documents" / "gazette").glob("*.pdf")):
        found = checked(path)
        if found.rules is not None:
            documents += 1
            alarms += [(path.name, key) for key in keys(found) - IN_GAZETTE.get(path.name, set())]
    print(f"administrative documents: {documents}, false alarms: {len(alarms)} {alarms}")
    assert documents
    assert len(alarms) * 10 <= documents
