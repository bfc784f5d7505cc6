"""Commands as a first-time user types them, over a small library."""

from __future__ import annotations

import csv
import io
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.support.shell import Shell
from tests.support.web_library import ORDER, PLAN, document_text
from webui.app.settings import load
from webui.cli.command import main

#: The same number of a commune; a document that cites another one with a wrong date.
COMMUNE = PLAN.replace("TỈNH THANH HÓA", "XÃ ĐỒNG MÂY").replace("Thanh Hóa, ngày 12", "Đồng Mây, ngày 14")
SWAPPED = document_text(
    "QUYẾT ĐỊNH", "90/QĐ-UBND", ("21", "6", "2024"), "Về việc thành lập Tổ tư vấn OCOP",
    "Căn cứ Kế hoạch số 45/KH-UBND ngày 03/12/2024 của UBND tỉnh Thanh Hóa triển khai Chương trình mỗi xã một sản"
    " phẩm;\n"
    "Căn cứ Quyết định số 919/QĐ-TTg ngày 08/01/2022 của Thủ tướng Chính phủ.\n"
    "QUYẾT ĐỊNH:\nĐiều 1. Thành lập Tổ tư vấn.",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("lan-dau")
    (root / "tep").mkdir()
    for name, text in (("ke-hoach", PLAN), ("quyet-dinh", ORDER), ("xa", COMMUNE), ("dao-ngay", SWAPPED)):
        (root / "tep" / f"{name}.txt").write_text(text, encoding="utf-8")
    assert main(["ingest", str(root / "tep"), "--jobs", "1", "--library", str(root / "kho")]) == 0
    return root / "kho"


@pytest.fixture
def ocop(tmp_path: Path, made: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    shutil.copytree(made, tmp_path / "kho", ignore=shutil.ignore_patterns("index"))
    shell = Shell(tmp_path / "kho", capsys)
    shell("reindex")
    return shell


def test_the_default_library_is_in_the_checkout_wherever_a_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load().library == ROOT / "library"
    assert load(library=Path("kho")).library == tmp_path / "kho"
    monkeypatch.setenv("OCOP_LIBRARY", "khac")
    assert load().library == tmp_path / "khac"


def test_a_missing_library_is_named_by_its_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["status", "--library", "kho"]) == 3
    assert f"Chưa có kho văn bản ở {tmp_path / 'kho'}." in capsys.readouterr().err
    assert not (tmp_path / "kho").exists()


def test_a_number_of_another_date_is_marked(ocop: Shell) -> None:
    def days(words: str) -> list[bool]:
        return [h["other_day"] for h in ocop.json("search", words)["hits"] if h["tier"] == "so_hieu"]

    assert days("quyết định 88 ngày 20/5/2024") == days("88/QĐ-UBND ngày 20 tháng 5 năm 2024") == [False]
    assert days("quyết định 88") == days("88/QĐ-UBND năm 2024") == [False]
    assert days("quyet dinh 88 ngay 21/5/2024") == days("88/QĐ-UBND ngày 21 tháng 5 năm 2024") == [True]
    assert "khác ngày đã ghi" in ocop("search", "quyết định 88 ngày 21/5/2024")


def test_a_citation_with_another_date_shows_the_printed_one(ocop: Shell) -> None:
    line = next(line for line in ocop("show", "90/QĐ-UBND").splitlines() if "919/QĐ-TTg" in line)
    assert "01/8/2022" in line
    assert line.endswith("(văn bản này ghi ngày 08/01/2022)")
    assert "(nơi dẫn ghi ngày 08/01/2022)" in ocop("cites", "90/QĐ-UBND")
    assert "(văn bản này ghi" not in ocop("show", "88/QĐ-UBND")
    result = [line for line in ocop("cited-by", "919/QĐ-TTg").splitlines() if "nơi dẫn ghi" in line]
    assert len(result) == 1
    assert "90/QĐ-UBND" in result[0]
    tree = ocop.json("cites", "90/QĐ-UBND")
    assert [c["conflicts"] for c in tree["children"] if "919" in c["document"]["name"]] == [
        ["date: 2022-01-08 / 2022-08-01"]
    ]


def test_a_rescan_is_reported_with_the_command_that_merges_it(ocop: Shell, tmp_path: Path) -> None:
    first = ocop.json("show", "88/QĐ-UBND")["id"]
    (tmp_path / "quét lại.txt").write_text(ORDER.replace("Phê duyệt", "Phe duyệt"), encoding="utf-8")
    ocop("ingest", tmp_path / "quét lại.txt", "--jobs", "1")
    words = ocop.error
    assert f"Có thể là một với #{first} Quyết định 88/QĐ-UBND ngày 20/5/2024" in words
    second = ocop.json("show", tmp_path / "quét lại.txt")["id"]
    assert f"ocop merge {first} {second}" in words
    ocop("show", "88/QĐ-UBND", code=4)
    assert f"ocop merge {first} {second} --reason" in ocop.error
    assert "ghi thêm cơ quan" not in ocop.error
    ocop("merge", str(first), str(second), "--reason", "quét lại")
    assert ocop.json("show", "88/QĐ-UBND")["id"] == first


@pytest.mark.parametrize(
    "text",
    [
        "45/KH-UBND Đồng Mây", "ke hoach 45 xa dong may", "ke hoach 45 dong may", "45 kh ubnd dong may",
        "Kế hoạch số 45 Đồng Mây năm 2024", "45/KH-UBND Đồng Mây ngày 14/3/2024",
    ],
)  # fmt: skip
def test_a_place_behind_a_number_names_the_agency(ocop: Shell, text: str) -> None:
    for words in ([text], text.split()):
        assert ocop.json("show", *words)["issuer"] == "Ủy ban nhân dân xã Đồng Mây"


def test_an_unknown_place_is_not_guessed(ocop: Shell) -> None:
    assert "tỉnh Thanh Hóa" in ocop.json("show", "45/KH-UBND Thanh Hóa")["issuer"]
    ocop("show", "45/KH-UBND Lào Cai", code=3)
    ocop("show", "45/KH-UBND phát triển sản phẩm", code=4)
    ocop("remove", "88/QĐ-UBND", "90/QĐ-UBND", "--reason", "thử", code=2)
    ocop("remove", "1", "2", "--reason", "thử", code=2)
    assert "mỗi lần một văn bản" in ocop.error


def test_a_closed_output_pipe_is_no_failure(ocop: Shell) -> None:
    command = [sys.executable, "-m", "webui", "dump", "--library", str(ocop.library)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert (running.stderr.read(), running.wait()) == (b"", 0)


def test_suggested_commands_can_be_run_as_printed(ocop: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ocop("backup", tmp_path, code=2)
    assert "là thư mục. Hãy ghi tên tệp" in ocop.error
    monkeypatch.chdir(tmp_path)
    result = ocop("backup", "bản sao.zip").partition("Phục hồi bằng: ")[2]
    assert shlex.split(result)[:3] == ["ocop", "restore", str(tmp_path / "bản sao.zip")]
    monkeypatch.setattr(sys, "stdin", io.StringIO("mật khẩu dài lắm\n"))
    ocop("user", "add", "Nguyễn Văn A", "--password-stdin", code=2)
    assert "không dấu, không dấu cách" in ocop.error
    ocop("search", "tinhnay:khongco", code=5)
    assert 'tinhnay:"Quảng Ngãi"' in ocop.error
    assert 'nguoiky:"nguyen van an"' in ocop("search", "nguoiky:nguyen van an")
    for words in ('nguoiky:"nguyen van an"', "nguoiky:an", "nguoiky:an AND ocop", "nguoiky:an loai:KH"):
        assert "chỉ lấy tiếng" not in ocop("search", words), words


def test_a_document_without_number_or_title_is_not_shown_by_its_key(ocop: Shell, tmp_path: Path) -> None:
    (tmp_path / "ghi chép.txt").write_text("danh sách hộ tham gia\n1. ông An\n2. bà Bình\n", encoding="utf-8")
    ocop("ingest", tmp_path / "ghi chép.txt", "--jobs", "1")
    shown = ocop("show", tmp_path / "ghi chép.txt")
    assert "Văn bản không số" in shown
    assert "ghi chép.txt" in shown
    for out in (shown, ocop("search", "hộ tham gia"), ocop("cites", tmp_path / "ghi chép.txt")):
        assert "draft|" not in out


def test_a_looked_up_list_marks_doubts_and_opens_in_a_spreadsheet(
    ocop: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("88/QĐ-UBND\n919/QĐ-TTg\n"))
    printed = ocop("lookup", "-")
    rows = list(csv.DictReader(printed.splitlines()))
    assert [(row["Số, ký hiệu"], row["Có tệp"]) for row in rows] == [("88/QĐ-UBND", "có"), ("919/QĐ-TTg", "không")]
    shown = {bool(ocop.json("show", row["Đã hỏi"])["unsure"]): row["Cần kiểm tra"] for row in rows}
    assert shown.items() <= {True: "có", False: "không"}.items()
    assert not printed.startswith("\ufeff")
    (tmp_path / "hỏi.txt").write_text("88/QĐ-UBND\n919/QĐ-TTg\n", encoding="utf-8")
    assert "2 dòng" in ocop("lookup", tmp_path / "hỏi.txt", "-o", tmp_path / "ra.csv")
    assert (tmp_path / "ra.csv").read_bytes().decode("utf-8") == "\ufeff" + printed
    for kind, mark in (("nodes-csv", True), ("edges-csv", True), ("dot", False)):
        ocop("export", "-f", kind, "-o", tmp_path / "do-thi")
        assert (tmp_path / "do-thi").read_bytes().startswith(b"\xef\xbb\xbf") is mark
