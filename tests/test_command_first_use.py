"""What somebody meets who types the commands for the first time, beside a made library of a few papers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_command_library import Shell
from webui.command import main
from webui.settings import load

ROOT = Path(__file__).parents[1]


@pytest.fixture
def ocop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path / "kho", capsys)


def test_the_default_library_is_beside_the_source_wherever_a_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load().library == ROOT / "library"
    assert load(library=Path("kho")).library == tmp_path / "kho"
    monkeypatch.setenv("OCOP_LIBRARY", "khac")
    assert load().library == tmp_path / "khac"


def test_a_missing_library_is_named_by_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["status", "--library", "kho"]) == 3
    assert f"Chưa có kho văn bản ở {tmp_path / 'kho'}." in capsys.readouterr().err
    assert not (tmp_path / "kho").exists()
