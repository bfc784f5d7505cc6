"""A person states which document a citation means: kept through new readings, undone, never of a hidden document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import UsageError
from corpus.library import Library, confirmations
from corpus.library.doctor import examine
from corpus.record_json import parse_record
from corpus.vocabulary import MentionState
from ingest.extract import read_record
from tests.support.web_library import document_text

PLAN = document_text(
    "KẾ HOẠCH", "46/KH-UBND", ("15", "6", "2024"), "Triển khai Chương trình mỗi xã một sản phẩm",
    "Căn cứ Quyết định số 24/QĐ-UBND về tập huấn.\nI. MỤC ĐÍCH\n1. Theo Quyết định số 24/QĐ-UBND, mở lớp.",
)  # fmt: skip
ORDERS = {
    year: document_text("QUYẾT ĐỊNH", "24/QĐ-UBND", ("02", "3", year), "Về tập huấn", "QUYẾT ĐỊNH:\nĐiều 1. Mở.")
    for year in ("2022", "2023")
}


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[Library, dict[str, int]]]:
    with Library.open(tmp_path / "kho", create=True) as library:
        yield library, {name: add(library, tmp_path, name, text) for name, text in {"ke-hoach": PLAN, **ORDERS}.items()}


def add(library: Library, folder: Path, name: str, text: str, version: str = "1") -> int:
    path = folder / f"{name}.txt"
    path.write_text(text, encoding="utf-8")
    return library.intake.add(parse_record(read_record(str(path))), path, reader_version=version).id


def targets(library: Library, ids: dict[str, int]) -> list[int | None]:
    return [one.target for one in library.view().mentions(ids["ke-hoach"])]


def test_a_confirmation_settles_all_citations_alike(held: tuple[Library, dict[str, int]]) -> None:
    library, ids = held
    assert targets(library, ids) == [None, None]
    entry = library.edits.confirm(ids["ke-hoach"], 0, ids["2023"], who="lan")
    assert targets(library, ids) == [ids["2023"]] * 2
    assert {one.state for one in library.view().mentions(ids["ke-hoach"])} == {MentionState.SETTLED}
    assert library.view().may_be_cited_by(ids["2022"]) == []
    found = confirmations.of_document(library.view(), ids["ke-hoach"])
    assert [(one.id, one.who, one.target) for one in found] == [(entry, "lan", ids["2023"])]


def test_it_outlives_a_new_reading_and_new_rules(held: tuple[Library, dict[str, int]], tmp_path: Path) -> None:
    library, ids = held
    library.edits.confirm(ids["ke-hoach"], 0, ids["2023"], who="lan")
    add(library, tmp_path, "ke-hoach", PLAN, version="2")
    assert targets(library, ids) == [ids["2023"]] * 2
    library.resolve_again()
    assert targets(library, ids) == [ids["2023"]] * 2
    assert examine(tmp_path / "kho").findings == []


def test_it_is_undone(held: tuple[Library, dict[str, int]]) -> None:
    library, ids = held
    entry = library.edits.confirm(ids["ke-hoach"], 0, ids["2023"], who="lan")
    library.edits.undo(entry)
    assert targets(library, ids) == [None, None]
    assert len(library.view().may_be_cited_by(ids["2022"])) == 2
    with pytest.raises(UsageError):
        library.edits.undo(entry)


def test_only_a_candidate_is_taken(held: tuple[Library, dict[str, int]]) -> None:
    library, ids = held
    with pytest.raises(UsageError):
        library.edits.confirm(ids["ke-hoach"], 0, ids["ke-hoach"], who="lan")
    with pytest.raises(UsageError):
        library.edits.confirm(ids["ke-hoach"], 99, ids["2023"], who="lan")
    assert targets(library, ids) == [None, None]


def test_a_public_document_is_not_made_to_cite_a_restricted_one(tmp_path: Path) -> None:
    with Library.open(tmp_path / "kho", create=True) as library:
        plan = add(library, tmp_path, "ke-hoach", PLAN)
        add(library, tmp_path, "2022", ORDERS["2022"])
        path = tmp_path / "2023.txt"
        path.write_text(ORDERS["2023"], encoding="utf-8")
        record = parse_record(read_record(str(path)))
        record.circulation = "LƯU HÀNH NỘI BỘ"
        hidden = library.intake.add(record, path, reader_version="1").id
        with pytest.raises(UsageError):
            library.edits.confirm(plan, 0, hidden, who="lan")
