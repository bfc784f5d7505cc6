"""Documents that people merge: one address leads to the other, until the merge is undone."""

from __future__ import annotations

from pathlib import Path

from corpus.library import Library
from tests.support.libraries import TINH, cite, connected_records, record


def test_a_merged_address_leads_to_the_document_that_is_held(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        ids = [library.intake.add(each).id for each in connected_records()]
        before = list(library.view().dump())
        stub = next(each for each in library.view().documents(held=False) if each.so_ky_hieu == "148/QĐ-TTg")
        entry = library.edits.merge(stub.id, ids[1], "một văn bản, ngày dẫn sai")
        assert library.view().where(stub.id) == ids[1]
        assert library.view().document(stub.id).id == ids[1]
        assert {edge.source for edge in library.view().cited_by(stub.id)} == {ids[4], ids[5]}
        assert [change.kind for change in library.view().changes(0) if change.id == stub.id] == ["delete"]
        library.edits.undo(entry)
        assert list(library.view().dump()) == before
        assert library.view().where(stub.id) == stub.id


def test_two_copies_of_one_document_are_listed_and_not_merged_by_themselves(tmp_path: Path) -> None:
    draft, signed = connected_records()[0], connected_records()[0]
    draft.sha256, draft.date = "0" * 64, "2018"
    with Library.open(tmp_path / "l", create=True) as library:
        first, second = library.intake.add(draft).id, library.intake.add(signed).id
        assert library.view().document(first).copies == [second]
        source = library.intake.add(connected_records()[3]).id
        assert library.view().cites(source)[0].target == second  # the copy with a full date
        library.edits.merge(second, first, "bản dự thảo")
        assert library.view().document(first).id == second
        assert library.view().document(second).merged == [first]
        assert len(library.view().find("490/QĐ-TTg")) == 1


def test_merges_undone_in_the_order_they_were_made_leave_the_library_as_before(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        a, b, c = (library.intake.add(record(f"{n}/QĐ-UBND", "2024-01-01", TINH, title=str(n))).id for n in (1, 2, 3))
        before = list(library.view().dump())
        first, second = library.edits.merge(a, b, "x"), library.edits.merge(c, a, "x")
        assert {library.view().where(id) for id in (a, b, c)} == {c}
        library.edits.undo(first)
        assert [library.view().where(id) for id in (a, b, c)] == [c, b, c]
        library.edits.undo(second)
        assert [library.view().where(id) for id in (a, b, c)] == [a, b, c]
        assert list(library.view().dump()) == before
        assert {change.id for change in library.view().changes() if change.kind == "put"} >= {a, b, c}


def test_an_altered_copy_does_not_take_over_what_cites_the_original(tmp_path: Path) -> None:
    title = "phê duyệt Đề án mỗi xã một sản phẩm"
    for at, altered in enumerate(("phê duyệt Đề án nông thôn mới", "ban hành Quy chế làm việc", "công bố thủ tục")):
        with Library.open(tmp_path / str(at), create=True, facts=False) as library:
            original = library.intake.add(record("5/QĐ-UBND", "2022-01-05", TINH, title=title)).id
            cites = [cite("5/QĐ-UBND", "2022-01-05", TINH, title=title)]
            source = library.intake.add(record("9/KH-UBND", "2022-02-01", TINH, cites)).id
            copy = library.intake.add(record("5/QĐ-UBND", "2022-01-05", TINH, title=altered)).id
            view = library.view()
            assert view.document(original).copies == [copy]
            assert [edge.source for edge in view.cited_by(original)] == [source]
            assert view.cited_by(copy) == []
