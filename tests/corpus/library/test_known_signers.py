"""Signers that other documents of the same agency and time suggest for a name that a seal covers."""

from __future__ import annotations

from pathlib import Path

from corpus.library import Library
from corpus.library.known_signers import known_signers
from corpus.model import Evidence, Record
from tests.support.libraries import TINH, record


def signed(number: str, date: str, signer: str | None, *, sure: bool = True, issuer: str = TINH) -> Record:
    """A document with a signer, read with or without doubt."""
    found = record(number, date, issuer)
    found.signer, found.signer_title = signer, "Phó Chủ tịch"
    found.fields["signer"] = Evidence(0.95 if sure else 0.2, needs_review=not sure)
    found.fields["signer_title"] = Evidence(0.95)
    return found


def test_signers_of_the_agency_about_that_time_are_offered(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        for number, signer in (("1", "Trần Quốc Bảo"), ("2", "Trần Quốc Bảo"), ("3", "Lê Minh Châu")):
            library.intake.add(signed(f"{number}/KH-UBND", "2024-03-01", signer))
        library.intake.add(signed("4/KH-UBND", "2015-03-01", "Ngô Văn Xưa"))
        library.intake.add(signed("5/KH-UBND", "2024-03-01", "Đỗ Thị Khác", issuer="UBND tỉnh Nghệ An"))
        library.intake.add(signed("6/KH-UBND", "2024-03-01", "Vũ Văn Mờ", sure=False))
        hidden = library.intake.add(signed("7/KH-UBND", "2024-04-01", None, sure=False)).id
        view = library.view()
        found = known_signers(view, view.document(hidden))
        assert [(one.value, one.signed) for one in found] == [("Trần Quốc Bảo", 2), ("Lê Minh Châu", 1)]


def test_the_name_nearest_to_what_was_read_comes_first_and_a_choice_ends_the_doubt(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        for number, signer in (("1", "Trần Quốc Bảo"), ("2", "Trần Quốc Bảo"), ("3", "Lê Minh Châu")):
            library.intake.add(signed(f"{number}/KH-UBND", "2024-03-01", signer))
        misread = library.intake.add(signed("7/KH-UBND", "2024-04-01", "Lé Minh Chau", sure=False)).id
        found = known_signers(library.view(), library.view().document(misread))
        assert found[0].value == "Lê Minh Châu"
        library.edits.correct(misread, "signer", found[0].value, who="lan")
        assert known_signers(library.view(), library.view().document(misread)) == []


def test_nothing_is_offered_where_the_signer_is_sure_or_the_agency_unknown(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        first = library.intake.add(signed("1/KH-UBND", "2024-03-01", "Trần Quốc Bảo")).id
        library.intake.add(signed("2/KH-UBND", "2024-03-01", "Lê Minh Châu"))
        undated = library.intake.add(signed("3/KH-UBND", "2024-03-02", None, sure=False, issuer="UBND")).id
        view = library.view()
        assert known_signers(view, view.document(first)) == []
        assert known_signers(view, view.document(undated)) == []
