"""The labels of the samples: they follow from the sources, agree with one another, and cover what is to be tested."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from corpus.dates import is_edtf
from corpus.samples import gold, source

Gold = dict[str, Any]


@cache
def labels() -> tuple[Gold, ...]:
    return tuple(json.loads((source.HERE / "gold.json").read_text(encoding="utf-8"))["documents"])


@cache
def samples() -> tuple[source.Sample, ...]:
    return tuple(source.load())


def test_labels_and_files_are_of_the_same_documents() -> None:
    names = [label["file"] for label in labels()]
    assert len(names) >= 25
    assert sorted(names) == sorted(path.name for path in source.FILES.iterdir())


def test_files_are_small_enough_for_a_repository() -> None:
    sizes = [path.stat().st_size for path in source.FILES.iterdir()]
    assert max(sizes) < 600_000
    assert sum(sizes) < 8_000_000


def test_samples_cover_file_types_years_and_document_types() -> None:
    forms = Counter(sample.form for sample in samples())
    assert forms["text"] >= 8
    assert forms["scan"] >= 12
    assert forms["docx"] >= 4
    assert forms["txt"] >= 1
    assert {sample.data["year"] for sample in samples()} >= set(range(2018, 2027))
    types = {sample.data["doc_type"] for sample in samples()}
    assert types >= {"Quyết định", "Kế hoạch", "Công văn", "Giấy mời", "Tờ trình", "Báo cáo", "Thông báo", "Công điện"}
    assert any(label["so_ky_hieu"] is None for label in labels())
    assert any(label.get("number_handwritten") for label in labels())
    assert all(is_edtf(label["date"]) for label in labels())


def test_labels_follow_from_the_sources() -> None:
    """But for pages and offsets, which are known when a file is made."""
    for sample, stored in zip(samples(), labels(), strict=True):
        derived = json.loads(json.dumps(gold.gold(sample), ensure_ascii=False))
        for citation in [*stored["citations"], *derived["citations"]]:
            for key in ("page", "start", "end"):
                citation.pop(key, None)
        assert derived == stored, sample.name


def test_citations_of_samples_have_the_number_and_date_of_the_cited_sample() -> None:
    by_file = {label["file"]: label for label in labels()}
    pairs = [
        (label, citation, by_file[citation["sample"]])
        for label in labels()
        for citation in label["citations"]
        if citation.get("sample") not in (None, "self")
    ]
    assert len(pairs) >= 60
    for label, citation, cited in pairs:
        assert citation["so_ky_hieu"] == cited["so_ky_hieu"]
        assert citation["doc_type"] == cited["doc_type"]
        assert citation.get("wrong") or citation["date"] in (None, cited["date"])
        assert cited["date"] <= label["date"], (label["file"], cited["file"])


def test_a_citation_with_another_date_than_the_register_has_is_refused() -> None:
    sample = source.Sample("x", {"form": "txt", "number": "1", "symbol": "KH-UBND", "year": 2024, "month": 1, "day": 2})
    sample.data |= {"body": "Căn cứ [[Quyết định số 490/QĐ-TTg ngày 08/5/2018 của Thủ tướng Chính phủ]];"}
    known = [{"number": "490/QĐ-TTg", "date": "2018-05-07", "type": "Quyết định", "issuer": "Thủ tướng Chính phủ"}]
    with pytest.raises(ValueError, match="490"):
        source.read_parts(sample, known)


def test_samples_replace_amend_repeal_and_correct_one_another() -> None:
    edges = {
        (label["file"][:2], citation["relation"], citation["so_ky_hieu"])
        for label in labels()
        for citation in label["citations"]
    }
    assert edges >= {
        ("07", "sua_doi_bo_sung", "1876/QĐ-UBND"),
        ("08", "dinh_chinh", "1120/QĐ-UBND"),
        ("09", "bai_bo", "15/2018/NQ-HĐND"),
        ("11", "thay_the", "1876/QĐ-UBND"),
        ("11", "thay_the", "1120/QĐ-UBND"),
        ("12", "thay_the", "2214/QĐ-UBND"),
        ("26", "sua_doi_bo_sung", "735/QĐ-UBND"),
        ("28", "thay_the", "735/QĐ-UBND"),
        ("28", "bai_bo", "640/QĐ-UBND"),
    }


def chains_of_grounds(file: str, by_file: dict[str, Gold]) -> list[list[str]]:
    """Each chain of grounds from a document up to one that is not among the samples."""
    chains = []
    for citation in by_file[file]["citations"]:
        if citation["relation"] not in ("can_cu", "thuc_hien", "trien_khai") or citation["zone"] != "preamble":
            continue
        target = citation.get("sample")
        number = citation["so_ky_hieu"] or citation["raw"]
        chains += [[number, *rest] for rest in chains_of_grounds(target, by_file)] if target else [[number]]
    return chains


def test_grounds_lead_over_four_levels_from_an_invitation_to_a_central_decision() -> None:
    by_file = {label["file"]: label for label in labels()}
    invitation = chains_of_grounds("16-gm-2023.pdf", by_file)
    assert ["78/KH-UBND", "96/KH-UBND", "2450/QĐ-UBND", "919/QĐ-TTg"] in invitation
    later = chains_of_grounds("30-gm-thach-dam-2026.txt", by_file)
    assert ["18/KH-UBND", "640/QĐ-UBND", "1489/QĐ-TTg"] in later
