"""Documents of restricted circulation: a reader who may not see them learns nothing of them, by no detour."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.errors import NotFound
from corpus.library import Library
from corpus.model import Record
from tests.support.libraries import INTERNAL, TINH, cite, connected_records, dump_of, record


def test_a_restricted_document_is_shown_in_a_restricted_view_only(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        ids = [library.intake.add(each).id for each in connected_records()]
        hidden, cited = ids[-1], ids[0]
        public, restricted = library.view(), library.view(restricted=True)
        assert hidden not in {summary.id for summary in public.documents()}
        for call in (public.document, public.indexed, public.mentions, public.cites, public.cited_by):
            with pytest.raises(NotFound):
                call(hidden)
        assert hidden not in {edge.source for edge in public.cited_by(cited)}
        assert hidden in {edge.source for edge in restricted.cited_by(cited)}
        assert {change.kind for change in public.changes(0) if change.id == hidden} == {"delete"}
        assert public.status().held == len(ids) - 1
        assert restricted.status().held == len(ids)
        assert (public.indexed(cited).cited_by, restricted.indexed(cited).cited_by) == (4, 5)


def test_a_document_that_only_a_restricted_one_cites_is_hidden_too(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        for each in connected_records():
            library.intake.add(each)
        assert library.view().find("33/KH-UBND") == []
        assert len(library.view(restricted=True).find("33/KH-UBND")) == 1
        assert not any("33/KH-UBND" in line for line in library.view().dump())


def test_a_hidden_document_does_not_keep_a_near_one_from_being_found(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        near = library.intake.add(record("1084/QĐ-UBND-HC", "2024-01-02", TINH)).id
        assert [each.id for each in library.view().find("1084/QĐ-UBND")] == [near]
        exact = library.intake.add(record("1084/QĐ-UBND", "2024-05-06", TINH, circulation=INTERNAL)).id
        assert [each.id for each in library.view().find("1084/QĐ-UBND")] == [near]
        assert [each.id for each in library.view(restricted=True).find("1084/QĐ-UBND")] == [exact]


def test_a_public_document_does_not_show_the_file_of_a_restricted_copy(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        public = library.intake.add(record("1/KH-UBND", "2024-01-02", TINH, path="kế hoạch.pdf")).id
        copy = record("2/KH-UBND", "2024-01-02", TINH, path="mật danh Bão Táp.pdf", circulation=INTERNAL)
        library.edits.merge(public, library.intake.add(copy).id, "một văn bản")
        found = library.view().document(public)
        assert (found.paths, found.merged) == (["kế hoạch.pdf"], [])
        assert library.view().find("mật danh Bão Táp.pdf") == []
        assert len(library.view(restricted=True).document(public).paths) == 2
        assert [each.id for each in library.view(restricted=True).find("mật danh Bão Táp.pdf")] == [public]


# ---------------------------------------------------------------- documents that are only cited


def public_dump(folder: Path, *records: Record) -> list[str]:
    """What the dump shows to a reader who may not see restricted documents."""
    with Library.open(folder, create=True, facts=False) as library:
        for each in records:
            library.intake.add(each)
        return [line for line in library.view().dump() if json.loads(line)["what"] != "failure"]


@pytest.mark.parametrize(
    ("public", "restricted"),
    [
        (cite("990/QĐ-UBND", None, TINH), cite("990/QĐ-UBND", "2024-03-05", TINH)),
        (cite("55/QĐ-BTC"), cite("55/QĐ-BTC", "2024-03-05")),
        (cite("55/QĐ-BTC"), cite("55/QĐ-BTC", "2024-03-05", "Bộ Tài chính", title="Kế hoạch mật danh")),
        (cite("4464/QĐ-VPĐP", "2020-11-06", "Bộ NN&PTNT"), cite("4464/QĐ-BNN-VPĐP", "2020-11-06", "Bộ NN&PTNT")),
        (
            cite(None, None, None, doc_type="Luật", title="Chăn bò"),
            cite(None, "2015-06-19", None, doc_type="Luật", title="Chăn bò"),
        ),
    ],
)
def test_a_stub_shows_nothing_that_only_a_restricted_document_states(
    tmp_path: Path, public: dict[str, object], restricted: dict[str, object]
) -> None:
    open_ = record("1/KH-UBND", "2025-01-01", TINH, [public])
    closed = record("2/KH-UBND", "2025-01-01", TINH, [restricted], circulation=INTERNAL)
    alone = public_dump(tmp_path / "a", open_)
    assert public_dump(tmp_path / "b", open_, closed) == alone
    assert public_dump(tmp_path / "c", closed, open_) == alone


def test_stubs_that_only_a_restricted_document_distinguishes_stay_two(tmp_path: Path) -> None:
    records = [
        record("2/KH-UBND", "2025-01-01", TINH, [cite("55/QĐ-BTC", "2023-03-05")], circulation=INTERNAL),
        record("1/KH-UBND", "2025-01-01", TINH, [cite("55/QĐ-BTC")]),
        record("3/KH-UBND", "2022-01-01", TINH, [cite("55/QĐ-BTC")]),
    ]
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        ids = [library.intake.add(each).id for each in records]
        later, earlier = (library.view().mentions(id)[0].target for id in ids[1:])
        assert later != earlier
        assert later == library.view(restricted=True).mentions(ids[0])[0].target
        assert "2023" not in str([library.view().document(id).summary for id in (later, earlier) if id])
        before = list(library.view(restricted=True).dump())
        library.resolve_again()
        assert list(library.view(restricted=True).dump()) == before
    assert dump_of(tmp_path / "m", records[::-1]) == before


# ---------------------------------------------------------------- citations


def test_the_date_of_a_restricted_document_is_not_shown_by_those_that_cite_it(tmp_path: Path) -> None:
    held = record("12/TB-UBND", "2025-06-05", TINH, circulation=INTERNAL)
    cited = record("1/KH-UBND", "2025-07-01", TINH, [cite("12/TB-UBND", "2025-06-06", TINH)])
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library.intake.add(held)
        id = library.intake.add(cited).id
        (seen,) = library.view(restricted=True).mentions(id)
        assert seen.conflicts == ["date: 2025-06-06 / 2025-06-05"]
        (shown,) = library.view().mentions(id)
        assert (shown.target, shown.state, shown.method, shown.confidence) == (None, "unresolved", "", 0.0)
        assert (shown.conflicts, shown.candidates, shown.citation.target) == ([], [], None)
        assert "2025-06-05" not in "".join(library.view().dump())


def public_resolutions(folder: Path, citing: Record, *others: Record) -> list[tuple[object, ...]]:
    """How a public view shows the citations of *citing* in a library that holds *others*."""
    with Library.open(folder, create=True, facts=False) as library:
        for other in others:
            library.intake.add(other)
        return [
            (m.citation.target, m.state, m.method, m.confidence, m.conflicts, len(m.candidates))
            for m in library.view().mentions(library.intake.add(citing).id)
        ]


UNDATED = record("1/KH-UBND", "2025-07-01", TINH, [cite("55/QĐ-BTC"), cite("56/QĐ-UBND", None, "UBND tỉnh")])
BY_NAME = record("1/KH-UBND", "2025-07-01", TINH, [cite(None, None, None, doc_type="Luật", title="Chăn bò")])


@pytest.mark.parametrize(
    ("citing", "public", "restricted"),
    [
        (UNDATED, record("55/QĐ-BTC", "2023-03-05"), record("55/QĐ-BTC", "2024-03-05", circulation=INTERNAL)),
        (
            UNDATED,
            record("56/QĐ-UBND", "2023-03-05", TINH),
            record("56/QĐ-UBND", "2024-03-05", TINH, circulation=INTERNAL),
        ),
        (
            UNDATED,
            record("2/KH-UBND", "2025-01-01", TINH, [cite("55/QĐ-BTC", "2023-03-05")]),
            record("3/KH-UBND", "2025-01-01", TINH, [cite("55/QĐ-BTC", "2024-03-05")], circulation=INTERNAL),
        ),
        (
            BY_NAME,
            record("7/2015/QH13", "2015-06-19", "Quốc hội", doc_type="Luật", title="Luật Chăn bò"),
            record(
                "8/2018/QH14", "2018-06-19", "Quốc hội", doc_type="Luật", title="Luật Chăn bò", circulation=INTERNAL
            ),
        ),
        (
            record("1/KH-UBND", "2025-07-01", TINH, [cite("55/QĐ-BTC", "2024-03-05")]),
            record("55/QĐ-BTC", "2024-03-05"),
            record("55/QĐ-BTC", "2024-03-05", circulation=INTERNAL, title="bản nội bộ"),
        ),
    ],
)
def test_a_restricted_document_makes_no_citation_ambiguous_in_a_public_view(
    tmp_path: Path, citing: Record, public: Record, restricted: Record
) -> None:
    alone = public_resolutions(tmp_path / "a", citing, public)
    assert alone[0][1] != "ambiguous"
    assert public_resolutions(tmp_path / "b", citing, public, restricted) == alone
    assert public_resolutions(tmp_path / "c", citing, restricted, public) == alone
