"""The command line itself: help, errors in Vietnamese and as data, exit codes."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from corpus.errors import OcopError
from corpus.vocabulary import Verdict
from tests.support.shell import Shell
from webui.cli.command import main
from webui.cli.vietnamese_help import EXIT_CODES


def test_folders_equal_ends_and_empty_lists_are_explained(ocop: Shell, files: Path) -> None:
    ocop("check", files, code=2)
    assert "là thư mục" in ocop.error
    assert "cùng một văn bản" in ocop("path", "88/QĐ-UBND", "88/QĐ-UBND")
    assert "Chưa có người dùng nào" in ocop("user", "list")
    assert "Nhật ký chưa có việc nào" in ocop("audit")
    ocop("lookup", files / "khong-co.csv", code=Verdict.NOT_OPENED.exit_code)
    assert "Không có tệp" in ocop.error
    assert main(["read", str(files)]) == 2
    assert "ocop ingest" in ocop.capture.readouterr().err


def test_a_missing_library_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(tmp_path / "khong", capsys)
    shell("status", code=3)
    assert "ocop ingest" in shell.error
    shell("ingest", tmp_path / "khong-co-gi", code=2)


def test_command_line_errors_are_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, words in (
        (["lạ"], "Không có lệnh"),
        (["show"], "Thiếu"),
        (["show", "x", "--lạ"], "Không có tùy chọn"),
        (["cites", "x", "--depth", "nhiều"], "không hợp lệ"),
        (["remove", "x"], "--reason"),
    ):
        assert main(arguments) == 2
        assert words in capsys.readouterr().err
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "Cách dùng" in shown
    assert "Usage" not in shown


def test_similar_names_are_suggested_and_no_english_remains(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, words in (
        (["serch"], "Có phải ý bạn là: search"),
        (["search", "x", "--srot", "y"], "Có phải ý bạn là: --sort"),
        (["serve", "--port", "abc"], "Giá trị của --port / -p không hợp lệ"),
        (["search"], "Thiếu CÂU_TÌM."),
    ):
        assert main(arguments) == 2
        error = capsys.readouterr().err
        assert words in error
        assert "Did you mean" not in error
    for command in ("read", "search", "serve"):
        main([command, "--help"])
        shown = capsys.readouterr().out
        assert not {"<bool>", "....", "list[", "Usage"} & set(shown.split())
        assert "{" not in shown.splitlines()[1]


def test_every_exit_code_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    kinds, codes = [OcopError], set()
    while kinds:
        kind = kinds.pop()
        codes.add(kind.exit_code)
        kinds += kind.__subclasses__()
    codes |= {verdict.exit_code for verdict in Verdict} | {0, 130}
    assert codes == set(EXIT_CODES)
    main(["--help"])
    shown = capsys.readouterr().out
    for code in EXIT_CODES:
        assert f" {code} " in shown


def test_json_output_includes_errors(tmp_path: Path, ocop: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    result = ocop.json("show", "45/KH-UBND", code=4)
    assert result["ok"] is False
    assert result["error"]["code"] == "nhieu_van_ban"
    assert len(result["error"]["documents"]) == 2
    assert "12/3/2024" in ocop.error  # people read days so, and programs as EDTF
    assert {d["date"] for d in result["error"]["documents"]} == {"2024-03-12", "2024-03-13"}
    assert ocop.json("search", '"mỗi', code=5)["error"]["position"] == 0
    capsys.readouterr()
    assert main(["show", "x", "--lạ", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["message"].startswith("Không có tùy chọn --lạ.")


def test_a_port_in_use_is_reported_in_vietnamese(ocop: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ocop("serve", "--port", str(taken.getsockname()[1]), code=2)
    assert "đang có chương trình khác dùng cổng này. Hãy chọn cổng khác" in ocop.error


def test_invalid_settings_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("OCOP_PORT", "cổng")
    assert main(["status"]) == 2
    assert "OCOP_PORT" in capsys.readouterr().err
