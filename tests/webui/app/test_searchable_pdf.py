"""A scan as a PDF that can be searched: what other programs find in it, and where."""

from __future__ import annotations

import io
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from corpus.library import Library
from corpus.model import Box
from corpus.samples.source import FILES
from ingest.formats.pdf_text import load_words, text_layer
from ingest.page import Page, Word
from ingest.page_layer import PageLayer, layer_of
from ingest.pictures import Pictures
from tests.support.web_client import client_of
from webui.app.layered_pdf import LayeredPdf
from webui.cli.command import main

SCAN = "16-gm-2023.pdf"
#: How far in points a word may lie from where it is on the picture.
NEAR = 3.0
LETTERS = "aáàảãạăắằẳẵặâấầẩẫậeéèẻẽẹêếềểễệiíìỉĩịoóòỏõọôốồổỗộơớờởỡợuúùủũụưứừửữựyýỳỷỹỵđ"


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A library of one scan and one document with text, and the PDF that `ocop pdf` makes of the scan."""
    folder = tmp_path_factory.mktemp("quet")
    library, made = folder / "kho", folder / "tim-duoc.pdf"
    files = [str(FILES / SCAN), str(FILES / "18-kh-103-2023.pdf")]
    assert main(["ingest", *files, "--jobs", "1", "--library", str(library)]) == 0
    assert main(["pdf", "#1", "-o", str(made), "--library", str(library)]) == 0
    return library, made


def layers(library: Path) -> list[PageLayer]:
    """The pages as the reader sees them: picture and words."""
    from webui.app.document_reader import options_as_read
    from webui.app.settings import Settings

    with Library.open(library) as opened, closing(Pictures(opened.folder / "pictures")) as pictures:
        document = opened.view().document(1)
        assert document.sha256 is not None
        assert document.record is not None
        options = options_as_read(Settings(library=library), opened, document.sha256)
        path = opened.view().original(document.sha256)
        return [pictures.layer(path, page, options) for page in range(1, document.record.pages + 1)]


def far(seen: tuple[float, float, float, float], box: Box, layer: PageLayer) -> float:
    due = (box[0] * layer.width, box[1] * layer.height, box[2] * layer.width, box[3] * layer.height)
    return max(abs(a - b) for a, b in zip(seen, due, strict=True))


def has_letters(text: str) -> bool:
    return any(map(str.isalnum, text))


def test_words_lie_where_they_are_on_the_picture_for_two_programs(scanned: tuple[Path, Path]) -> None:
    library, made = scanned
    pages = layers(library)
    assert sum(len(page.words) for page in pages) > 100
    with pdfplumber.open(made) as opened, closing(pypdfium2.PdfDocument(made)) as document:
        assert len(opened.pages) == len(document) == len(pages)
        for number, layer in enumerate(pages):
            chars = iter([char for char in opened.pages[number].chars if char["text"] != " "])
            for text, box, _ in layer.words:
                own = [next(chars) for _ in text]
                assert "".join(char["text"] for char in own) == text
                seen = (own[0]["x0"], own[0]["top"], own[-1]["x1"], own[0]["bottom"])
                assert not has_letters(text) or far(seen, box, layer) < NEAR, text
            assert next(chars, None) is None
            _near_for_pdfium(document, number, layer)


def _near_for_pdfium(document: Any, number: int, layer: PageLayer) -> None:
    """Nine words of ten are found by pdfium as one word, and lie where they should."""
    with closing(document[number].get_textpage()) as textpage:
        seen = load_words(document[number], text_layer(document[number], textpage))
    places: dict[str, list[Word]] = {}
    for word in seen:
        places.setdefault(word.text, []).append(word)
    found = 0
    lettered = [(text, box) for text, box, _ in layer.words if has_letters(text)]
    for text, box in lettered:
        nearest = min(
            (far(_points(word.box, layer), box, layer) for word in places.get(text, [])), default=float("inf")
        )
        found += nearest < NEAR
    assert found >= 0.9 * len(lettered)


def _points(box: Box, layer: PageLayer) -> tuple[float, float, float, float]:
    return box[0] * layer.width, box[1] * layer.height, box[2] * layer.width, box[3] * layer.height


def test_the_picture_covers_the_page_and_the_text_is_not_seen(scanned: tuple[Path, Path]) -> None:
    with closing(pypdfium2.PdfDocument(scanned[1])) as document, pikepdf.open(scanned[1]) as parts:
        drawn = document[0].render(scale=1).to_pil().convert("L")
        content = parts.pages[0].Contents.read_bytes()
    assert sum(drawn.histogram()[:128]) > 1000  # print on it
    assert content.index(b"3 Tr") < content.index(b"/P Do")  # invisible, and under the picture


def test_the_file_says_what_pdf_a_asks_for(scanned: tuple[Path, Path]) -> None:
    with pikepdf.open(scanned[1]) as made:
        with made.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
            assert metadata["dc:title"] == str(made.docinfo["/Title"])
        assert made.Root.OutputIntents[0].DestOutputProfile.N == 3
        assert not made.is_encrypted
        assert "/ID" in made.trailer
        font = made.pages[0].Resources.Font.F
        assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
        assert "/ToUnicode" in font


def test_every_vietnamese_letter_can_be_searched() -> None:
    words = [LETTERS, LETTERS.upper()]
    placed = [Word(word, (0.1, y, 0.9, y + 0.02), 1.0, 0, 1) for word, y in zip(words, (0.2, 0.4), strict=True)]
    page = Page(1, "", "ocr", width=595, height=842, load_words=lambda: placed)
    made = LayeredPdf("Đủ chữ")
    made.add(layer_of(page, Image.new("1", (1000, 1400), 1)))
    made.add(layer_of(page, Image.new("RGB", (1000, 1400), (200, 20, 20))))
    with pdfplumber.open(io.BytesIO(made.finished())) as opened:
        assert [page.extract_text().split() for page in opened.pages] == [words, words]
        assert {page.images[0]["bits"] for page in opened.pages} == {1, 8}


def test_a_layer_survives_its_way_from_the_worker() -> None:
    layer = PageLayer(595.0, 842.0, 8, 1, "bits", b"\n\xff\n", [("Số:", (0.1, 0.2, 0.3, 0.4), 0)])
    assert PageLayer.of_bytes(layer.as_bytes()) == layer
    with pytest.raises(ValueError, match="weiß"):
        PageLayer.of_bytes(b'[1, 1, 1, 1, "wei\xc3\x9f", []]\n')


def test_the_page_offers_it_for_scans_alone(scanned: tuple[Path, Path]) -> None:
    with client_of((scanned[0], {})) as client:
        assert "/van-ban/1/tim-duoc.pdf" in client.get("/van-ban/1").text
        other = client.get("/api/find", params={"so": "103/KH-UBND"}).json()["data"][0]["id"]
        assert "tim-duoc.pdf" not in client.get(f"/van-ban/{other}").text
        assert client.get("/api/documents/1").json()["data"]["searchable_pdf"] == "/van-ban/1/tim-duoc.pdf"
        answer = client.get("/van-ban/1/tim-duoc.pdf")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.content == scanned[1].read_bytes()
        assert client.get(f"/van-ban/{other}/tim-duoc.pdf").status_code == 400


def test_without_the_words_that_were_read_nothing_is_made(
    scanned: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    library, made = scanned
    for folder in ("ocr", "pictures"):
        (library / folder).rename(library / f"{folder}-moved")
    try:
        target = made.with_name("khong.pdf")
        assert main(["pdf", "#1", "-o", str(target), "--library", str(library)]) == 3
        assert "ocop reocr '#1'" in capsys.readouterr().err
        assert not target.exists()
    finally:
        for folder in ("ocr", "pictures"):
            shutil.rmtree(library / folder, ignore_errors=True)
            (library / f"{folder}-moved").rename(library / folder)
