"""`ocop move --originals-to` and `OCOP_ORIGINALS`: a library whose originals are in a shared folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import UsageError
from tests.cluster.office import Office, write_documents
from webui.app.settings import load


def test_originals_move_to_a_shared_folder_and_back(tmp_path: Path) -> None:
    office, place = Office(tmp_path / "kho", None), tmp_path / "chung"
    write_documents(tmp_path / "tep", 3)
    office.run("ingest", tmp_path / "tep")
    assert "Đã chép 3 tệp gốc." in office.run("move", "--originals-to", place)
    assert "đã ở nơi ấy" in office.run("move", "--originals-to", "kho", code=2)
    assert "đúng một trong hai" in office.run("move", code=2)
    for kept in (office.folder / "originals").glob("*/*"):
        kept.unlink()
    assert "Tệp gốc bị mất" in office.run("doctor", "--deep", code=22)
    office.environment["OCOP_ORIGINALS"] = str(place)
    office.run("doctor", "--deep")
    office.run("ingest", *write_documents(tmp_path / "moi", 1, first=9))
    assert sum(1 for _ in place.glob("??/*")) == 4
    assert "về" in office.run("move", "--originals-to", "kho")
    assert sum(1 for _ in (office.folder / "originals").glob("*/*")) == 4


@pytest.mark.parametrize("address", ["ftp://may/kho", "s3://", "s3://khoa:bi-mat@kho/goc", "file:///tmp"])
def test_an_address_that_leads_nowhere_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_ORIGINALS", address)
    with pytest.raises(UsageError, match="OCOP_ORIGINALS"):
        load()


def test_a_folder_is_absolute_whatever_the_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCOP_ORIGINALS", "chung")
    assert load().store.originals == str(tmp_path / "chung")
