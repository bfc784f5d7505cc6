"""Which files a folder on the command line means."""

from __future__ import annotations

from pathlib import Path

from corpus.library import Library
from webui.app.file_walk import walk


def test_the_library_inside_a_folder_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    kho = tmp_path / "con" / "kho"
    Library.open(kho, create=True).close()
    (kho / "pictures").mkdir()
    (kho / "pictures" / "x.png").write_bytes(b"x")
    (kho / "uploads" / "u").mkdir(parents=True)
    (kho / "uploads" / "u" / "0").write_text("u")
    (tmp_path / "link").symlink_to(tmp_path / "con")
    for start, files in (
        (tmp_path, [tmp_path / "a.txt"]),
        (kho, []),
        (tmp_path / "link", []),
        (kho / "uploads" / "u", [kho / "uploads" / "u" / "0"]),
    ):
        found = walk([start], kho)
        assert found.files == files
        assert (found.library is not None) == ("kho" not in str(start) or start == kho)
        assert ("Bỏ qua thư mục của kho" in found.left_out) == (found.library is not None)
    assert len(walk([tmp_path], tmp_path / "con").files) > 1  # no library there
