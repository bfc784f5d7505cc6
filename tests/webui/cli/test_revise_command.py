"""`ocop revise`: what must be looked at again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.web_library import build
from webui.cli.command import main


def test_it_prints_what_rests_on_a_document_and_on_changed_bases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path / "kho", tmp_path / "tep")
    monkeypatch.setenv("OCOP_LIBRARY", str(tmp_path / "kho"))
    assert main(["revise", "919/QĐ-TTg", "-o", str(tmp_path / "bang.xlsx")]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Chưa thấy bị thay thế, cần xem lại (2):" in shown
    assert "Quyết định 88/QĐ-UBND" in shown
    assert (tmp_path / "bang.xlsx").read_bytes().startswith(b"PK")
    assert main(["revise", "--agency", "UBND tỉnh Thanh Hóa"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "văn bản cần rà soát" in shown
    assert "tại ngày ký chưa thấy thay đổi, hiện nay hết thời kỳ thực hiện" in shown
    assert main(["revise"]) == 2
