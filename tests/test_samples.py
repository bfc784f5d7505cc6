"""The project's own samples: gold and files belong together, and the documents hang together."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from functools import cache
from typing import Any

import pypdfium2 as pdfium
import pytest

from corpus.dates import is_edtf
from corpus.samples import layout, make, source

ROOT = source.HERE
Gold = dict[str, Any]


@cache
def _gold() -> tuple[Gold, ...]:
    return tuple(json.loads((ROOT / "gold.json").read_text(encoding="utf-8"))["documents"])


@cache
def _samples() -> tuple[source.Sample, ...]:
    return tuple(source.load())


def _sample(name: str) -> source.Sample:
    """A fresh copy: making a file completes its citations."""
    return next(s for s in source.load() if s.name == name)


def test_every_document_of_gold_is_there_and_no_other() -> None:
    names = [d["file"] for d in _gold()]
    assert len(names) >= 25
    assert sorted(names) == sorted(p.name for p in source.FILES.iterdir())
    sizes = [p.stat().st_size for p in source.FILES.iterdir()]
    assert max(sizes) < 600_000
    assert sum(sizes) < 8_000_000


def test_kinds_of_file_and_of_document() -> None:
    forms = Counter(s.form for s in _samples())
    assert forms["text"] >= 8
    assert forms["scan"] >= 12
    assert forms["docx"] >= 4
    assert forms["txt"] >= 1
    assert {s.data["year"] for s in _samples()} >= {2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026}
    types = {s.data["doc_type"] for s in _samples()}
    assert types >= {"Quyết định", "Kế hoạch", "Công văn", "Giấy mời", "Tờ trình", "Báo cáo", "Thông báo", "Công điện"}
    assert any(d["so_ky_hieu"] is None for d in _gold())
    assert any(d.get("number_handwritten") for d in _gold())
    assert all(is_edtf(d["date"]) for d in _gold())


def test_gold_follows_from_the_sources() -> None:
    """Pages and offsets are left out: they come with the making."""
    for sample, written in zip(_samples(), _gold(), strict=True):
        derived = source.gold(sample)
        told = json.loads(json.dumps(derived, ensure_ascii=False))
        for citation in [*written["citations"], *told["citations"]]:
            for key in ("page", "start", "end"):
                citation.pop(key, None)
        assert told == written, sample.name


def test_citations_of_samples_have_their_number_and_date() -> None:
    by_file = {d["file"]: d for d in _gold()}
    inside = 0
    for document in _gold():
        for citation in document["citations"]:
            target = citation.get("sample")
            if target is None or target == "self":
                continue
            inside += 1
            cited = by_file[target]
            assert citation["so_ky_hieu"] == cited["so_ky_hieu"]
            assert citation["doc_type"] == cited["doc_type"]
            if not citation.get("wrong"):
                assert citation["date"] in (None, cited["date"])
            assert cited["date"] <= document["date"], (document["file"], target)
    assert inside >= 60


def test_a_citation_that_disagrees_is_refused() -> None:
    sample = source.Sample("x", {"form": "txt", "number": "1", "symbol": "KH-UBND", "year": 2024, "month": 1, "day": 2})
    sample.data |= {"body": "Căn cứ [[Quyết định số 490/QĐ-TTg ngày 08/5/2018 của Thủ tướng Chính phủ]];"}
    known = [{"number": "490/QĐ-TTg", "date": "2018-05-07", "type": "Quyết định", "issuer": "Thủ tướng Chính phủ"}]
    with pytest.raises(ValueError, match="490"):
        source._read(sample, known)


def test_replaced_amended_repealed_and_corrected() -> None:
    edges = {(d["file"][:2], c["relation"], c["so_ky_hieu"]) for d in _gold() for c in d["citations"]}
    assert {
        ("07", "sua_doi_bo_sung", "1876/QĐ-UBND"),
        ("08", "dinh_chinh", "1120/QĐ-UBND"),
        ("09", "bai_bo", "15/2018/NQ-HĐND"),
        ("11", "thay_the", "1876/QĐ-UBND"),
        ("11", "thay_the", "1120/QĐ-UBND"),
        ("12", "thay_the", "2214/QĐ-UBND"),
        ("26", "sua_doi_bo_sung", "735/QĐ-UBND"),
        ("28", "thay_the", "735/QĐ-UBND"),
        ("28", "bai_bo", "640/QĐ-UBND"),
    } <= edges


def test_four_levels_from_an_invitation_up_to_the_centre() -> None:
    by_file = {d["file"]: d for d in _gold()}

    def ways(file: str) -> list[list[str]]:
        """Each chain of grounds from a document up to one that is not among the samples."""
        chains = []
        for citation in by_file[file]["citations"]:
            if citation["relation"] not in ("can_cu", "thuc_hien", "trien_khai") or citation["zone"] != "preamble":
                continue
            target = citation.get("sample")
            number = citation["so_ky_hieu"] or citation["raw"]
            chains += [[number, *rest] for rest in ways(target)] if target else [[number]]
        return chains

    assert ["78/KH-UBND", "96/KH-UBND", "2450/QĐ-UBND", "919/QĐ-TTg"] in ways("16-gm-2023.pdf")
    assert ["18/KH-UBND", "640/QĐ-UBND", "1489/QĐ-TTg"] in ways("30-gm-thach-dam-2026.txt")


@pytest.mark.parametrize("name", [s.name for s in _samples()])
def test_each_is_marked_as_a_sample(name: str) -> None:
    sample = next(s for s in _samples() if s.name == name)
    path = source.FILES / sample.file
    if sample.form == "txt":
        assert source.MARK in path.read_text(encoding="utf-8")
    elif sample.form == "docx":
        with zipfile.ZipFile(path) as word:
            footers = [word.read(n).decode() for n in word.namelist() if "footer" in n]
        assert any(source.MARK in f for f in footers)
    else:
        with pdfium.PdfDocument(path) as document:
            assert source.MARK in document.get_metadata_value("Title")
            texts = [page.get_textpage().get_text_range() for page in document]
        # A scan has no text at all; its mark is in the picture.
        assert all((source.MARK in text) == (sample.form == "text") for text in texts)


@pytest.mark.parametrize("name", ["29-cv-ngoc-tra-2024", "14-kh-78-2023"])
def test_made_twice_the_same(name: str) -> None:
    assert make.make(_sample(name)) == make.make(_sample(name))


@pytest.mark.skipif(bool(layout.missing_fonts()), reason="thiếu phông chữ để làm văn bản mẫu")
def test_laid_out_twice_the_same() -> None:
    first, second = (layout.lay_out(_sample("02-qd-1876-2018")) for _ in range(2))
    assert first.pdf == second.pdf
    assert first.pages == second.pages


def test_offsets_of_plain_text() -> None:
    for document in _gold():
        if not document["file"].endswith(".txt"):
            continue
        sample = _sample(document["file"].removesuffix(".txt"))
        text = make.make(sample).decode("utf-8")
        for citation in sample.citations:
            assert " ".join(text[citation["start"] : citation["end"]].split()) == citation["raw"]
