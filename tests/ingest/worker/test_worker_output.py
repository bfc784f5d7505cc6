"""Reading and removing what a worker left: regular files only, no links followed, folders with all they hold."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.worker import worker_output


def test_only_a_regular_file_of_the_allowed_size_is_read(tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "good")
    (tmp_path / "zero").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    assert worker_output.read(tmp_path, "good", 5) == b"12345"
    for name, size in (("good", 4), ("link", 9), ("zero", 9), ("pipe", 9), (".", 9), ("none", 9)):
        with pytest.raises((OSError, ValueError)):
            worker_output.read(tmp_path, name, size)


def test_a_folder_replaced_by_a_link_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "value").write_text("theirs", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "other")
    worker_output.delete(tmp_path / "link", "value")
    with pytest.raises(NotADirectoryError):
        worker_output.read(tmp_path / "link", "value", 99)
    assert worker_output.remove(tmp_path / "link")
    assert (tmp_path / "other" / "value").read_text(encoding="utf-8") == "theirs"


def test_folders_nobody_may_enter_are_removed_by_force(tmp_path: Path) -> None:
    closed = tmp_path / "own" / "a" / "b"
    closed.mkdir(parents=True)
    (closed / "c").write_text("x", encoding="utf-8")
    closed.chmod(0)
    closed.parent.chmod(0)
    worker_output.remove_forcibly(tmp_path / "own")
    assert not (tmp_path / "own").exists()
