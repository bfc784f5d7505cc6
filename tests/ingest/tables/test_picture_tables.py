"""Tables on pictures of pages: rules found on the picture, words as they were read, doubts where something was not."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from bench.made_tables import MadeTable, product_table, task_table, write_pdf
from corpus.model import Table
from ingest.page import Page, Reading, Word
from ingest.read import read
from ingest.tables.find import find_tables
from ingest.tables.grid import Grid, GridCell
from ingest.tables.page_table import doubt_rules_for_digits, filled, without_rules, without_specks
from ingest.tables.picture_rules import may_have_table, moved, picture_rules

pytest.importorskip("cv2")


def picture(path: Path, number: int, dpi: float, skew: float) -> Image.Image:
    """A page drawn in grey, askew by some degrees, on paper that is not quite white."""
    with pdfium.PdfDocument(path) as document:
        drawn: Image.Image = document[number - 1].render(scale=dpi / 72, grayscale=True).to_pil()
    return drawn.rotate(skew, fillcolor=255).point(lambda value: 40 + value * 4 // 5)


def tables_of(path: Path, *, skew: float = 0.0, lost: str = "") -> list[Table]:
    """The tables of a PDF read as pictures: its own words stand for those of an OCR engine that reads without a slip.

    lost: a word that the engine did not read.
    """
    with read(path) as reading:
        pages = [as_picture(path, page, skew, lost) for page in reading.pages]
        return find_tables(Reading(reading.path, reading.sha256, pages))


def as_picture(path: Path, page: Page, skew: float, lost: str) -> Page:
    slope, aspect = math.tan(math.radians(skew)), page.width / page.height
    words = [
        replace(word, confidence=0.97, box=moved(word.box, slope, aspect))
        for word in page.load_words()
        if word.text != lost
    ]
    return replace(
        page,
        source="ocr",
        load_rules=None,
        load_words=lambda: words,
        load_image=lambda dpi: picture(path, page.number, dpi, skew),
    )


def cells(table: Table) -> set[tuple[int, int, int, int, str]]:
    return {(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells if c.text}


def wanted(made: MadeTable) -> set[tuple[int, int, int, int, str]]:
    return {cell for cell in made.cells if cell[4]}


@pytest.mark.parametrize("skew", [0.0, 0.25, -0.9])
def test_a_table_over_two_pages_by_its_rules_on_the_picture(tmp_path: Path, skew: float) -> None:
    made = product_table(random.Random(7), 24, groups=True, two_headings=True)
    (table,) = tables_of(write_pdf(tmp_path / "a.pdf", [made]), skew=skew)
    assert cells(table) == wanted(made)
    assert not any(cell.needs_review for cell in table.cells)


def test_ink_that_no_word_covers_is_a_doubt(tmp_path: Path) -> None:
    made = task_table(random.Random(7), 4)
    (table,) = tables_of(write_pdf(tmp_path / "a.pdf", [made]), lost="2")
    doubtful = [(cell.row, cell.column) for cell in table.cells if cell.needs_review]
    assert doubtful == [(2, 0)]


def test_poorly_read_digits_are_a_doubt(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [task_table(random.Random(7), 4)])
    with read(path) as reading:
        page = as_picture(path, reading.pages[0], 0.0, "")
        words = [replace(w, confidence=0.5) if w.text == "3" else w for w in page.load_words()]
        page = replace(page, load_words=lambda: words)
        (table,) = find_tables(Reading(reading.path, reading.sha256, [page]))
    assert [(cell.row, cell.column) for cell in table.cells if cell.needs_review] == [(3, 0)]


def test_running_text_is_not_searched_for_rules() -> None:
    words = [
        Word(
            f"chữ{n}",
            (0.1 + 0.08 * (n % 10), 0.1 + 0.02 * (n // 10), 0.17 + 0.08 * (n % 10), 0.115 + 0.02 * (n // 10)),
            1.0,
            n,
            n,
        )
        for n in range(300)
    ]
    assert not may_have_table(words, 0.707)


def test_words_run_together_and_rules_read_as_ones_are_doubts() -> None:
    grid = Grid([0.1, 0.3, 0.5, 0.7], [0.1, 0.2], [GridCell(0, column, 1, 1) for column in range(3)])

    def word(text: str, x0: float, x1: float) -> Word:
        return Word(text, (x0, 0.12, x1, 0.14), 0.95, 0, len(text))

    table = filled(grid, [word("4,61|4,36", 0.15, 0.45), word("1,321", 0.55, 0.699)], 1, 0, ocr=True)
    doubt_rules_for_digits(table)
    assert [cell.uneven for cell in table.cells] == [True, True, True]
    alone = filled(grid, [word("l", 0.2, 0.21), word("1,32", 0.35, 0.45), word("sao", 0.55, 0.6)], 1, 0, ocr=True)
    doubt_rules_for_digits(alone)
    assert [cell.uneven for cell in alone.cells] == [True, False, False]
    parted = [word("1.427.500.00", 0.15, 0.2), word("o", 0.21, 0.22), word("Loại", 0.32, 0.36), word("l", 0.37, 0.38)]
    beside = filled(grid, parted, 1, 0, ocr=True)
    doubt_rules_for_digits(beside)
    assert [cell.uneven for cell in beside.cells] == [True, False, False]


@pytest.mark.parametrize(
    ("read", "kept"), [("[17]", "[17]"), ("[26]=[24]", "[26]=[24]"), ("|12|", "12"), ("[12", "12"), ("[|", None)]
)
def test_rules_read_as_signs_are_taken_off_but_brackets_in_pairs_stay(read: str, kept: str | None) -> None:
    word = without_rules(Word(read, (0, 0, 1, 1), 0.9, 3, 3 + len(read)))
    assert (word and word.text) == kept
    assert word is None or read[word.start - 3 : word.end - 3] == word.text


@pytest.mark.parametrize(("wide", "kept"), [(0.02, "[]"), (0.2, None)])
def test_a_box_to_tick_stays_and_the_rules_of_an_empty_cell_go(wide: float, kept: str | None) -> None:
    word = without_rules(Word("[]", (0.1, 0.1, 0.1 + wide, 0.112), 0.9, 0, 2))
    assert (word and word.text) == kept


def test_dots_to_be_written_on_are_no_specks() -> None:
    grid = Grid([0.1, 0.3, 0.5], [0.1, 0.2], [GridCell(0, column, 1, 1) for column in range(2)])
    words = [Word(text, (x, 0.12, x + 0.05, 0.14), 0.95, 0, len(text)) for text, x in (("Tên:", 0.12), ("......", 0.2))]
    table = filled(grid, [*words, Word("b", (0.32, 0.12, 0.33, 0.14), 0.95, 0, 1)], 1, 0, ocr=True)
    table.cells[1].words.append(Word(".", (0.4, 0.12, 0.41, 0.14), 0.95, 0, 1))
    without_specks(table)
    assert [[word.text for word in cell.words] for cell in table.cells] == [["Tên:", "......"], ["b"]]


def test_bold_headings_that_touch_are_no_rule(tmp_path: Path) -> None:
    """At 110 dots an inch the bars of "STT" are one stroke from side to side."""
    picture = Image.new("L", (910, 1286), 255)
    pen = ImageDraw.Draw(picture)
    for x in (100, 146, 600):
        pen.line([(x, 200), (x, 400)], fill=0, width=2)
    for y in (200, 240, 320, 400):
        pen.line([(100, y), (600, y)], fill=0, width=2)
    for left in (106, 118, 130):
        pen.line([(left, 214), (left + 11, 214)], fill=0, width=2)
        pen.line([(left + 5, 214), (left + 5, 228)], fill=0, width=3)
    found = picture_rules(Page(1, "", "ocr", load_image=lambda dpi: picture))
    assert sorted(round(rule.at * 1286) for rule in found.horizontal) == [201, 241, 321, 401]


def test_a_page_with_text_in_fields_is_searched_whatever_its_words(tmp_path: Path) -> None:
    made = product_table(random.Random(7), 3)
    path = write_pdf(tmp_path / "a.pdf", [made])
    with read(path) as reading:
        page = as_picture(path, reading.pages[0], 0.0, "")
        words = [word for word in page.load_words() if 0.12 < word.box[0] < 0.45]
        page = replace(page, load_words=lambda: words)
        assert not may_have_table(words, 0.707)
        assert not find_tables(Reading(reading.path, reading.sha256, [page]))
        assert find_tables(Reading(reading.path, reading.sha256, [replace(page, has_fields=True)]))
