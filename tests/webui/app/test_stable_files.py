"""Stable files: files that change, go away or become links are not taken."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from webui.app.stable_files import FileChanged, StableFiles, is_temporary_name


def rested(files: StableFiles) -> list[str]:
    found = list(files.scan())
    for file in found:
        files.finish(file)
    return ["/".join(file.parts) for file in found]


def test_a_file_changed_between_scan_and_opening_is_not_read(tmp_path: Path) -> None:
    for name in ("doi", "lien-ket", "ong", "thu-muc", "mat"):
        (tmp_path / "sau").mkdir(exist_ok=True)
        (tmp_path / "sau" / name).write_text("xin chào")
    files = StableFiles(tmp_path, quiet=0.0)
    assert list(files.scan()) == []
    found = {file.parts[-1]: file for file in files.scan()}
    assert len(found) == 5
    for name in found:
        if name != "doi":
            (tmp_path / "sau" / name).unlink()
    (tmp_path / "sau" / "doi").write_text("xin chào!")
    (tmp_path / "sau" / "lien-ket").symlink_to(tmp_path / "sau" / "doi")
    os.mkfifo(tmp_path / "sau" / "ong")
    (tmp_path / "sau" / "thu-muc").mkdir()
    for file in found.values():
        with pytest.raises(FileChanged), files.open(file):
            pytest.fail("opened")
    (tmp_path / "sau").rename(tmp_path / "that")
    (tmp_path / "sau").symlink_to(tmp_path / "that")
    with pytest.raises(FileChanged), files.open(found["doi"]):
        pytest.fail("followed a folder's link")


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("một")
    files = StableFiles(tmp_path, quiet=0.0)
    list(files.scan())
    (file,) = files.scan()
    opened = files.open(file)
    opened.__enter__().read()
    path.write_text("một hai")
    with pytest.raises(FileChanged):
        opened.__exit__(None, None, None)


def test_a_folder_that_was_away_is_not_read_again(tmp_path: Path) -> None:
    folder, away = tmp_path / "den", tmp_path / "di"
    (folder / "con").mkdir(parents=True)
    (folder / "con" / "a.txt").write_text("một")
    files = StableFiles(folder, quiet=0.0)
    assert [rested(files), rested(files), rested(files)] == [[], ["con/a.txt"], []]
    folder.rename(away)
    with pytest.raises(OSError, match="No such"):
        rested(files)
    away.rename(folder)
    assert [rested(files), rested(files)] == [[], []]


@pytest.mark.parametrize(
    ("name", "passing"),
    [("~$a.docx", True), (".a", True), ("A.TMP", True), ("a.pdf.crdownload", True), ("Thumbs.db", True),
     ("a.pdf", False), ("tmp", False), ("a.tmp.pdf", False), ("part.pdf", False)],
)  # fmt: skip
def test_names_of_hidden_and_unfinished_files(name: str, passing: bool) -> None:
    assert is_temporary_name(name) is passing


def test_a_file_that_is_still_written_is_not_stable(tmp_path: Path) -> None:
    """A slow scanner: the file changes before it was unchanged for long enough, until it is complete."""
    now = 0.0
    files = StableFiles(tmp_path, quiet=10.0, clock=lambda: now)
    with (tmp_path / "cham.txt").open("w", encoding="utf-8") as slow:
        for _ in range(5):
            slow.write("một trang")
            slow.flush()
            now += 6.0
            assert list(files.scan()) == []
    now += 9.0
    assert list(files.scan()) == []
    now += 1.0
    assert [file.parts for file in files.scan()] == [("cham.txt",)]
