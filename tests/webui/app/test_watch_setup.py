"""Folders that may be watched."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import UsageError
from webui.app.watch_setup import check_folders
from webui.cli.command import main


def test_the_library_itself_cannot_be_watched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "tren" / "kho"
    (home / "originals").mkdir(parents=True)
    (tmp_path / "loi-tat").symlink_to(tmp_path / "tren")
    for folder in (home, home / "originals", tmp_path / "tren", tmp_path, tmp_path / "loi-tat", Path("/")):
        assert main(["watch", str(folder), "--library", str(home)]) == 2, folder
        assert "không theo dõi được" in capsys.readouterr().err
    assert main(["watch", str(tmp_path / "khong-co"), "--library", str(home)]) == 2
    assert "Không có thư mục" in capsys.readouterr().err
    beside = tmp_path / "canh"
    (beside / "con").mkdir(parents=True)
    assert check_folders([beside], home) == [beside]
    with pytest.raises(UsageError, match="lồng"):
        check_folders([beside, beside / "con"], home)
