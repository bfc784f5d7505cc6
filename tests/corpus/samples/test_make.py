"""The files of the samples: marked as samples, the same bytes each time, with true offsets."""

from __future__ import annotations

import json
import zipfile

import pypdfium2 as pdfium
import pytest

from corpus.samples import make, source, typesetting
from corpus.samples.pdf_layout import lay_out


def fresh(name: str) -> source.Sample:
    """A copy of its own: making a file adds to the citations."""
    return next(sample for sample in source.load() if sample.name == name)


@pytest.mark.parametrize("sample", source.load(), ids=lambda sample: sample.name)
def test_every_file_is_marked_as_a_sample(sample: source.Sample) -> None:
    path = source.FILES / sample.file
    if sample.form == "txt":
        assert source.MARK in path.read_text(encoding="utf-8")
    elif sample.form == "docx":
        with zipfile.ZipFile(path) as word:
            footers = [word.read(name).decode() for name in word.namelist() if "footer" in name]
        assert any(source.MARK in footer for footer in footers)
    else:
        with pdfium.PdfDocument(path) as document:
            assert source.MARK in document.get_metadata_value("Title")
            texts = [page.get_textpage().get_text_range() for page in document]
        # A scan has no text: its mark is in the picture.
        assert all((source.MARK in text) == (sample.form == "text") for text in texts)


@pytest.mark.parametrize("name", ["29-cv-ngoc-tra-2024", "14-kh-78-2023"])
def test_a_text_or_word_file_has_the_same_bytes_each_time(name: str) -> None:
    assert make.make(fresh(name)) == make.make(fresh(name))


@pytest.mark.skipif(bool(typesetting.missing_fonts()), reason="thiếu phông chữ để làm văn bản mẫu")
def test_a_pdf_has_the_same_bytes_and_pages_each_time() -> None:
    first, second = (lay_out(fresh("02-qd-1876-2018")) for _ in range(2))
    assert first.pdf == second.pdf
    assert first.pages == second.pages


def test_offsets_of_a_plain_text_are_those_of_the_citations() -> None:
    labels = json.loads((source.HERE / "gold.json").read_text(encoding="utf-8"))["documents"]
    names = [label["file"].removesuffix(".txt") for label in labels if label["file"].endswith(".txt")]
    assert names
    for name in names:
        sample = fresh(name)
        text = make.make(sample).decode("utf-8")
        for citation in sample.citations:
            assert " ".join(text[citation["start"] : citation["end"]].split()) == citation["raw"]
