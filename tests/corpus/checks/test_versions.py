"""Two versions of a text compared: what counts as a difference, and what OCR is excused."""

from __future__ import annotations

from corpus.checks.ocr_noise import running_lines
from corpus.checks.versions import Certainty, Difference, Version, differences
from ingest.syllables import is_syllable

PLAN = (
    "I. MỤC ĐÍCH\n1. Tổ chức tập huấn cho 120 chủ thể trước ngày 15/6/2024.\n"
    "2. Phấn đấu có 10 sản phẩm đạt 4 sao.\nII. TỔ CHỨC THỰC HIỆN\n"
    "1. Sở Công Thương chủ trì hướng dẫn. Các huyện báo cáo hằng quý.\n"
)


def _compared(old: str, new: str, *, tolerant: bool = False) -> list[Difference]:
    versions = [Version(text, [(0, len(text))]) for text in (old, new)]
    return differences(*versions, tolerant=tolerant, is_syllable=is_syllable)


def test_layout_case_and_page_numbers_are_no_differences() -> None:
    other = PLAN.replace(" cho ", "\n cho\t").replace("II. TỔ CHỨC", "\f2\nII. Tổ chức").replace("15/6", "15/06")
    assert _compared(PLAN, other) == []


def test_a_changed_day_number_and_sentence_are_each_found() -> None:
    for scanned in (False, True):
        new = PLAN.replace("15/6/2024", "18/6/2024").replace("10 sản phẩm", "12 sản phẩm")
        new = new.replace("Các huyện báo cáo hằng quý.", "Các huyện tự chủ kinh phí và báo cáo hằng quý.")
        found = _compared(PLAN, new, tolerant=scanned)
        assert [(one.numbers, one.added, one.dropped) for one in found] == [
            (True, False, False),
            (True, False, False),
            (False, False, False),
        ]
        words = [[new[start:end] for start, end in one.new.marks] for one in found]
        assert words == [["18"], ["12"], ["tự chủ kinh phí và"]]
        assert [[unit.name for unit in one.new.units] for one in found] == [
            ["Mục I", "khoản 1"],
            ["Mục I", "khoản 2"],
            ["Mục II", "khoản 1"],
        ]


def test_a_sentence_of_one_version_alone_is_added_or_dropped() -> None:
    more = PLAN.replace("4 sao.\n", "4 sao.\n3. Hỗ trợ bao bì, tem truy xuất nguồn gốc.\n")
    (added,) = _compared(PLAN, more)
    assert added.added
    assert "truy xuất" in more[slice(*added.new.span)]
    (dropped,) = _compared(more, PLAN)
    assert dropped.dropped


def test_marks_and_broken_words_are_excused_to_ocr_alone() -> None:
    noisy = PLAN.replace("hướng dẫn", "hưởng dân").replace("chủ thể", "chũthể").replace("120", "l20")
    noisy = noisy.replace("sản phẩm", "sản phâim").replace("TỔ CHỨC", "TỎ CHỨC ~ ÿx")
    assert _compared(PLAN, noisy, tolerant=True) == []
    assert len(_compared(PLAN, noisy)) == 3, "sentences"


def test_another_known_word_is_a_difference_on_a_scan_too() -> None:
    for new in (PLAN.replace("Sở Công Thương", "Sở Nội vụ"), PLAN.replace("hướng dẫn", "kiểm tra")):
        assert len(_compared(PLAN, new, tolerant=True)) == 1
    assert len(_compared(PLAN, PLAN.replace("chủ trì hướng dẫn", "chủ trì không hướng dẫn"), tolerant=True)) == 1


def test_a_line_out_of_order_and_a_line_end_read_twice_are_excused_to_ocr_alone() -> None:
    moved = PLAN.replace("cho 120 chủ thể ", "").replace("4 sao.", "4 sao.\ncho 120 chủ thể")
    twice = PLAN.replace("tập huấn", "tập huấn huấn").replace("Thương", "Thươ ương")
    for noisy in (moved, twice):
        assert _compared(PLAN, noisy, tolerant=True) == []
        assert _compared(PLAN, noisy)
    changed = moved.replace("120", "150")
    assert _compared(PLAN, changed, tolerant=True), "a moved line with another figure is told"


def test_a_figure_read_with_doubt_is_unsure_and_one_read_surely_is_not() -> None:
    new = PLAN.replace("15/6/2024", "18/6/2024").replace("10 sản phẩm", "12 sản phẩm")
    at = new.index("18/6")
    versions = Version(PLAN, [(0, len(PLAN))]), Version(new, [(0, len(new))], [(at, at + len("18/6/2024"))])
    found = differences(*versions, tolerant=True, is_syllable=is_syllable)
    assert [one.certainty for one in found] == [Certainty.UNSURE, Certainty.SURE]
    found = differences(*versions, tolerant=False, is_syllable=is_syllable)
    assert {one.certainty for one in found} == {Certainty.SURE}


def test_the_raised_sign_of_a_note_read_as_a_letter_is_a_slip_and_a_changed_number_is_not() -> None:
    noted = PLAN.replace("tập huấn", "tập huấn(1)")
    for other in (PLAN.replace("tập huấn", "tập huấnU"), PLAN):
        for pair in ((noted, other), (other, noted)):
            (found,) = _compared(*pair, tolerant=True)
            assert found.certainty is Certainty.SLIP
    both = _compared(noted, PLAN.replace("tập huấn", "tập huấnU").replace("120", "150"), tolerant=True)
    assert {difference.certainty for difference in both} == {Certainty.SLIP, Certainty.SURE}
    (one,) = _compared(noted, noted.replace("(1)", "(2)"), tolerant=True)
    assert one.certainty is Certainty.SURE
    (one,) = _compared(PLAN.replace("10 sản", "10 (1) sản"), PLAN.replace("10 sản", "10 (7) sản"), tolerant=True)
    assert one.certainty is Certainty.SURE
    assert _compared(noted, PLAN.replace("tập huấn", "tập huấnU"))[0].certainty is Certainty.SURE


def test_figures_alone_on_a_line_inside_a_page_are_no_page_numbers() -> None:
    table = "TT\nTên\n3 sao\n1\nChè\n12\n2\nMật ong\n7\nHết bảng.\n"
    assert len(_compared(table, table.replace("\n12\n", "\n14\n"))) == 1
    assert _compared(table, f"3\n{table}\f4\n", tolerant=True) == []


def test_running_heads_and_feet_are_found_in_pieces_too() -> None:
    foot = "BẢN DỰ THẢO - không có giá trị pháp lý"
    old = f"Trang một nói một chuyện.\n{foot}\fTrang hai nói chuyện khác.\n{foot}"
    new = "Trang một nói một chuyện.\nBẢN DỰ THẢO - khôn\ntrị pháp lý\fTrang hai nói chuyện khác.\nBẢN DỰ THẢO"
    spans = running_lines([old, new], tolerant=True)
    assert [[text[start:end] for start, end in own] for text, own in zip((old, new), spans, strict=True)] == [
        [foot, foot],
        ["BẢN DỰ THẢO - khôn", "trị pháp lý", "BẢN DỰ THẢO"],
    ]
    assert running_lines([new.split("\f")[0]], tolerant=True) == [[]]
