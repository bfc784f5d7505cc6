"""The effect of a document in one sentence: the relation of each proof, and what was searched where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.graph.graph import Graph
from corpus.library import Library, LibraryView
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from tests.support.web_library import document_text
from webui.app import effects

#: Name → (type, number, day, body).
TEXTS = {
    "cu": ("QUYẾT ĐỊNH", "10/QĐ-UBND", ("05", "3", "2019"), "Điều 1. Ban hành quy định về tập huấn."),
    "sua": (
        "QUYẾT ĐỊNH", "20/QĐ-UBND", ("06", "4", "2020"),
        "Điều 1. Sửa đổi, bổ sung một số điều của Quyết định số 10/QĐ-UBND ngày 05/3/2019 của UBND tỉnh Thanh Hóa.",
    ),
    "moi": (
        "QUYẾT ĐỊNH", "30/QĐ-UBND", ("07", "5", "2021"),
        "Điều 2. Quyết định này thay thế Quyết định số 10/QĐ-UBND ngày 05/3/2019 của UBND tỉnh Thanh Hóa.",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LibraryView, dict[str, int]]]:
    folder: Path = tmp_path_factory.mktemp("effect-words")
    ids = {}
    with Library.open(folder / "kho", create=True) as opened:
        for name, (kind, number, day, body) in TEXTS.items():
            path = folder / f"{name}.txt"
            text = document_text(kind, number, day, "Về tập huấn", f"QUYẾT ĐỊNH:\n{body}")
            path.write_text(text, encoding="utf-8")
            record = parse_record(read_record(str(path)))
            ids[name] = opened.intake.add(record, path, reader_version=READER_VERSION).id
        yield opened.view(), ids


def test_a_sentence_tells_who_replaced_from_who_amended(library: tuple[LibraryView, dict[str, int]]) -> None:
    view, ids = library
    found = effects.of(view, Graph(view), ids["cu"])
    assert found["sentence"] == (
        "Bị thay thế bởi Quyết định 30/QĐ-UBND từ ngày 07/5/2021;"
        " đã được sửa đổi, bổ sung bởi Quyết định 20/QĐ-UBND từ ngày 06/4/2020."
    )
    assert [p["words"] for p in found["proofs"]] == ["bị thay thế", "bị sửa đổi, bổ sung"]


def test_silence_says_what_was_searched(library: tuple[LibraryView, dict[str, int]]) -> None:
    view, ids = library
    found = effects.of(view, Graph(view), ids["moi"])
    assert found["looked_at"] == 3
    assert found["sentence"] == (
        "Chưa thấy văn bản nào trong kho sửa đổi, thay thế, bãi bỏ"
        " (đã tra 3 văn bản có toàn văn và danh mục kèm theo phần mềm)."
    )


def test_a_document_of_a_doubtful_number_proves_nothing(tmp_path: Path) -> None:
    ids = {}
    with Library.open(tmp_path / "kho", create=True) as opened:
        for name, (kind, number, day, body) in TEXTS.items():
            path = tmp_path / f"{name}.txt"
            path.write_text(document_text(kind, number, day, "Về tập huấn", f"QUYẾT ĐỊNH:\n{body}"), encoding="utf-8")
            record = parse_record(read_record(str(path)))
            if name == "moi":
                record.fields["so_ky_hieu"].needs_review = True
            ids[name] = opened.intake.add(record, path, reader_version=READER_VERSION).id
        view = opened.view()
        found = effects.of(view, Graph(view), ids["cu"])
        assert found["state"] == "bi_sua_doi"
        assert [(h["words"], h["by"]["number_unsure"]) for h in found["hints"]] == [("bị thay thế", True)]
        assert found["sentence"].endswith("; 1 văn bản có thể đã làm thay đổi hiệu lực, chưa chắc.")
