"""The commands over a library: what goes in, what is found again, and what each refusal says."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import OcopError
from corpus.vocabulary import Verdict
from tests.paths import ROOT
from tests.support.web_library import INTERNAL, ORDER, PLAN, paper
from webui.cli.command import main
from webui.cli.vietnamese_help import EXIT_CODES

#: Another province's plan of the same number: two documents, one số hiệu.
NAMESAKE = PLAN.replace("THANH HÓA", "NGHỆ AN").replace("Thanh Hóa,", "Nghệ An,").replace("12 tháng 3", "13 tháng 3")
SECRET = paper("BÁO CÁO", "7/BC-UBND", ("03", "4", "2024"), "Việc tối quan trọng", "Nội dung chỉ vài người biết.").replace(
    "Số: 7/BC-UBND", "Số: 7/BC-UBND\nTỐI MẬT"
)  # fmt: skip


class Shell:
    """Runs `ocop` in this process and keeps what it said."""

    def __init__(self, library: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.library = library
        self.capture = capture
        self.error = ""

    def __call__(self, *arguments: str | Path, code: int = 0) -> str:
        self.capture.readouterr()
        done = main([*map(str, arguments), "--library", str(self.library)])
        out, self.error = self.capture.readouterr()
        assert done == code, (out, self.error)
        return out

    def json(self, *arguments: str | Path, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of papers and the library that an ingest makes of them; each test has a copy of the library."""
    root = tmp_path_factory.mktemp("made")
    folder = root / "tep"
    (folder / "con" / ".an").mkdir(parents=True)
    (folder / "ke-hoach.txt").write_text(PLAN, encoding="utf-8")
    (folder / "con" / "quyet-dinh.txt").write_text(ORDER, encoding="utf-8")
    (folder / "con" / "cung-so.txt").write_text(NAMESAKE, encoding="utf-8")
    (folder / "con" / "noi-bo.txt").write_text(
        INTERNAL.replace("Số: 12/TB-UBND", "Số: 12/TB-UBND\nLƯU HÀNH NỘI BỘ"), encoding="utf-8"
    )
    (folder / "con" / ".an" / "tam.txt").write_text("bỏ qua", encoding="utf-8")
    (folder / "hong.pdf").write_bytes(b"%PDF-1.4 broken")
    with contextlib.redirect_stdout(io.TextIOWrapper(buffer := io.BytesIO(), encoding="utf-8")):
        code = main(["ingest", str(folder), "--jobs", "2", "--library", str(root / "kho"), "--json"])
        counts = json.loads(buffer.getvalue())["counts"]
    assert (code, counts) == (Verdict.DAMAGED.exit_code, {"new": 4, "failed": 1})
    return folder, root / "kho"


@pytest.fixture
def files(made: tuple[Path, Path]) -> Iterator[Path]:
    """The folder of papers; what a test adds to it is taken away again."""
    folder = made[0]
    before = set(folder.rglob("*"))
    yield folder
    for path in set(folder.rglob("*")) - before:
        path.unlink()


@pytest.fixture
def ocop(tmp_path: Path, made: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> Shell:
    shutil.copytree(made[1], tmp_path / "kho", ignore=shutil.ignore_patterns("index"))
    shell = Shell(tmp_path / "kho", capsys)
    shell("reindex")  # an index that was copied is not trusted
    return shell


def test_a_second_ingest_changes_nothing(ocop: Shell, files: Path) -> None:
    before = ocop("dump")
    told = ocop.json("ingest", files, code=Verdict.DAMAGED.exit_code)
    assert told["counts"] == {"unchanged": 4, "failed": 1}
    assert "hong.pdf" in told["problems"][0]["path"]
    assert told["problems"][0]["message"]
    assert ocop("dump") == before


def test_the_same_content_elsewhere_is_shown_as_a_duplicate(ocop: Shell, files: Path) -> None:
    (files / "ban-sao.txt").write_text(PLAN, encoding="utf-8")
    assert ocop.json("ingest", files / "ban-sao.txt")["counts"] == {"duplicate": 1}
    assert ocop.json("ingest", files / "ban-sao.txt")["counts"] == {"unchanged": 1}
    assert ocop.json("status")["duplicates"] == 1
    paths = ocop.json("show", files / "ke-hoach.txt")["files"]
    assert [Path(p).name for p in paths] == ["ban-sao.txt", "ke-hoach.txt"]


def test_the_same_content_twice_in_one_run_is_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "hai"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(PLAN, encoding="utf-8")
    shell = Shell(tmp_path / "kho", capsys)
    assert shell.json("ingest", folder)["counts"] == {"new": 1, "duplicate": 1}
    assert shell.json("status")["duplicates"] == 1


def test_a_secret_paper_is_refused_and_nothing_of_it_stays(ocop: Shell, files: Path) -> None:
    (files / "mat.txt").write_text(SECRET, encoding="utf-8")
    told = ocop.json("ingest", files / "mat.txt", code=Verdict.SECRET.exit_code)
    assert told["counts"] == {"refused": 1}
    assert ocop.json("ingest", files / "mat.txt", code=Verdict.SECRET.exit_code)["counts"] == {"refused": 1}
    assert ocop.json("status")["refused"] == 1
    for path in ocop.library.rglob("*"):
        if path.is_file():
            assert "vài người biết".encode() not in path.read_bytes(), path
    assert "7/BC-UBND" not in ocop("dump")


def test_a_restricted_paper_is_kept_but_not_shown(ocop: Shell) -> None:
    assert ocop.json("status")["held"] == 3
    assert ocop.json("search", "bí ẩn")["total"] == 0
    ocop("show", "12/TB-UBND", code=3)
    assert "12/TB-UBND" not in ocop("dump")


@pytest.mark.parametrize(
    "said", ["919/QĐ-TTg", "qd 919", "quyet dinh 919", "919qdttg", "QĐ919", "so 919/qđ-ttg", "qd-ttg 919"]
)
def test_a_document_is_named_by_its_number_in_any_spelling(ocop: Shell, said: str) -> None:
    assert ocop.json("show", said)["so_ky_hieu"] == "919/QĐ-TTg"


def test_several_documents_are_listed_never_picked(ocop: Shell) -> None:
    ocop("show", "45/KH-UBND", code=4)
    assert ocop.error.count("45/KH-UBND  (") == 2
    assert "tỉnh Nghệ An" in ocop.error
    assert "hoặc ghi thêm cơ quan, năm hay ngày" in ocop.error
    ocop("cites", "999/QĐ-TTg", code=3)
    assert "Không có văn bản nào" in ocop.error


def test_agency_year_and_day_behind_a_number_narrow_it(ocop: Shell) -> None:
    for said, agency in (
        ("45/KH-UBND tỉnh Nghệ An", "Nghệ An"),
        ("45/KH-UBND của UBND tỉnh Thanh Hóa", "Thanh Hóa"),
        ("45 kh ubnd tinh nghe an", "Nghệ An"),
        ("kế hoạch 45 của Ủy ban nhân dân tỉnh Nghệ An năm 2024", "Nghệ An"),
        ("45/KH-UBND ngày 13/3/2024", "Nghệ An"),
        ("45/KH-UBND (UBND tỉnh Thanh Hóa, 12/3/2024)", "Thanh Hóa"),
    ):
        found = ocop.json("show", said)
        assert (found["so_ky_hieu"], agency in found["issuer"]) == ("45/KH-UBND", True), said
    for said in ("45/KH-UBND năm 2019", "45/KH-UBND tỉnh Lào Cai", "45/KH-UBND ngày 14/3/2024"):
        ocop("show", said, code=3)


def test_cites_draws_the_bases_and_all_draws_every_mention(ocop: Shell, files: Path) -> None:
    plan = files / "ke-hoach.txt"
    out = ocop("cites", plan)
    assert "919/QĐ-TTg" in out
    assert "148/QĐ-TTg" in out
    assert "4464" not in out
    assert "4464/QĐ-BNN-VPĐP" in ocop("cites", plan, "--all")
    tree = ocop.json("cites", files / "con" / "quyet-dinh.txt", "--depth", "2")
    assert [c["document"]["so_ky_hieu"] for c in tree["children"]] == ["45/KH-UBND", "919/QĐ-TTg"]
    assert {c["document"]["so_ky_hieu"] for c in tree["children"][0]["children"]} == {"148/QĐ-TTg", "919/QĐ-TTg"}


def test_cited_by_goes_the_other_way(ocop: Shell) -> None:
    tree = ocop.json("cited-by", "148/QĐ-TTg")
    assert {c["document"]["so_ky_hieu"] for c in tree["children"]} == {"45/KH-UBND"}
    assert all(c["is_legal_basis"] for c in tree["children"])


def test_search_filters_and_refuses_in_words(ocop: Shell) -> None:
    found = ocop.json("search", "ocop", "-f", "loai=Quyết định", "-f", "trangthai=co_van_ban")
    assert [h["so_ky_hieu"] for h in found["hits"]] == ["88/QĐ-UBND"]
    ocop("search", '"mỗi xã', code=5)
    assert "Thiếu dấu ngoặc kép đóng" in ocop.error
    ocop("search", "ocop", "-f", "nam", code=2)
    ocop("search", "ocop", "--sort", "la", code=2)


def test_what_is_shown_of_a_search_says_what_is_doubtful(ocop: Shell, tmp_path: Path) -> None:
    torn = tmp_path / "van-linh.txt"
    torn.write_text(
        PLAN.replace("THANH HÓA", "VÂN LĨNH").replace("Thanh Hóa,", "Vân Lĩnh,").replace("tháng 3", "tháng 13"),
        encoding="utf-8",
    )
    ocop("ingest", torn)
    found = ocop.json("search", 'tinh:"Van Linh"')
    assert [h["issuer"] for h in found["hits"]] == ["Ủy ban nhân dân tỉnh Vân Lĩnh"]
    assert "“Vân Lĩnh” không có trong bảng tỉnh" in found["notes"][0]
    assert {f["value"]: f["label"] for f in found["facets"]["tinh"]} == {"Vân Lĩnh": "Vân Lĩnh (ngoài bảng tỉnh)"}
    assert "cần kiểm tra" in ocop("search", 'tinh:"Vân Lĩnh"')
    ocop("search", 'tinh:"Bông Lau"', code=5)
    loose = ocop.json("search", "tập huán")
    assert loose["total"]
    assert "bỏ dấu" in loose["notes"][-1]
    assert ocop("search", "cancu:99999/QĐ").count("Không có văn bản nào là “99999/QĐ”") == 1
    past = ocop("search", "tập huấn", "--page", "9")
    assert "Chỉ có 1 trang kết quả; không có trang 9." in past
    assert "Không tìm thấy" not in past


def test_filters_and_orders_have_vietnamese_names(ocop: Shell) -> None:
    for given, said in (("nam=abc", "không phải năm"), ("kin=a", "noidung"), ("ngay=abc", "")):
        ocop("search", "ocop", "-f", given, code=5 if given.startswith("ngay") else 2)
        assert said in ocop.error
    assert ocop.json("search", "ocop", "-f", "noidung=administrative")["total"]
    kinds = [ocop.json("search", "ocop", "-f", f"loai={said}")["total"] for said in ("KH", "ke hoach", "Kế hoạch")]
    assert kinds[0] == kinds[1] == kinds[2] > 0
    for names in (("ngay", "date"), ("duoc-dan", "cited"), ("lien-quan", "relevance")):
        new, old = ([h["id"] for h in ocop.json("search", "ocop", "--sort", n)["hits"]] for n in names)
        assert new == old


def test_a_list_is_looked_up_line_by_line(ocop: Shell, tmp_path: Path) -> None:
    asked = tmp_path / "danh-sach.csv"
    asked.write_text(
        "STT;Số, ký hiệu;Ghi chú\n1;45/KH-UBND;\n\n2;45/KH-UBND tỉnh Nghệ An;\n3;1/AB-CD;\n", encoding="utf-8"
    )
    rows = list(csv.DictReader(ocop("lookup", asked, code=3).splitlines()))
    assert [row["Kết quả"] for row in rows] == ["nhiều (2)", "dòng trống", "một", "không thấy"]
    assert [row["Mã"].isdigit() for row in rows] == [False, False, True, False]
    assert rows[0]["Các mã có thể"].count("#") == 2
    assert rows[2]["Ngày"] == "2024-03-13"
    asked.write_text("qd 919\nLuật Đấu thầu\n", encoding="utf-8")
    assert [r["asked"] for r in map(json.loads, ocop("lookup", asked, "--json", code=3).splitlines())] == [
        "qd 919", "Luật Đấu thầu",
    ]  # fmt: skip


def test_unlike_documents_are_not_merged_unawares(ocop: Shell) -> None:
    before = ocop("dump")
    ocop("merge", "919/QĐ-TTg", "88/QĐ-UBND", "--reason", "thử")
    assert "khác số, ký hiệu, ngày, cơ quan" in ocop.error
    ocop("undo", "1")
    ocop("merge", "45/KH-UBND tỉnh Nghệ An", "88/QĐ-UBND", "--reason", "thử", code=2)
    assert "khác loại" in ocop.error
    assert ocop("dump") == before
    out = ocop("merge", "45/KH-UBND tỉnh Nghệ An", "88/QĐ-UBND", "--reason", "thử", "--force")
    assert out.startswith("Đã gộp #")
    assert " vào #" in out


def test_the_index_is_accounted_for(ocop: Shell) -> None:
    status = ocop.json("status")
    assert status["held"] + status["stubs"] + status["known"] == status["index"]["documents"]
    assert f"({status['held']} có tệp + {status['stubs']} chỉ được dẫn + {status['known']} từ bảng đã biết)" in ocop(
        "status"
    )


def test_folders_same_ends_and_empty_lists_are_told(ocop: Shell, files: Path) -> None:
    ocop("check", files, code=2)
    assert "là thư mục" in ocop.error
    assert "cùng một văn bản" in ocop("path", "88/QĐ-UBND", "88/QĐ-UBND")
    assert "Chưa có người dùng nào" in ocop("user", "list")
    assert "Nhật ký chưa có việc nào" in ocop("audit")
    ocop("lookup", files / "khong-co.csv", code=Verdict.NOT_OPENED.exit_code)
    assert "Không có tệp" in ocop.error
    assert main(["read", str(files)]) == 2
    assert "ocop ingest" in ocop.capture.readouterr().err


def test_the_check_names_what_is_wrong(ocop: Shell, tmp_path: Path) -> None:
    draft = tmp_path / "du-thao.txt"
    bases = """Căn cứ Quyết định số 9999/QĐ-UBND ngày 31/02/2024 của UBND tỉnh Thanh Hóa;
Căn cứ Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ;
Căn cứ Kế hoạch số 45/KH-UBND;"""
    draft.write_text(
        PLAN.replace("45/KH-UBND", "    /KH-UBND").replace("I. MỤC ĐÍCH", f"{bases}\nI. MỤC ĐÍCH"), encoding="utf-8"
    )
    out = ocop("check", draft, code=1)
    for said in (
        "31/02/2024 (ngày này không có trong lịch)",
        "Chưa thấy văn bản đúng như cách ghi này trong kho",
        "có thể bị thay thế bởi Quyết định 26/2026/QĐ-TTg ngày 22/5/2026",
        "nhiều văn bản ứng với cách ghi này:",
        "hiệu lực hôm nay: không đủ dữ liệu",
        "1 chưa thấy ở đâu nên chưa đối chiếu được",
    ):
        assert said in out, out


def test_removing_is_audited_and_undone(ocop: Shell, files: Path) -> None:
    before = ocop("dump")
    entry = ocop.json("remove", "88/QĐ-UBND", "--reason", "nhập nhầm")["audit"]
    assert ocop.json("search", "kinh phí tập huấn")["total"] == 0
    assert ocop.json("ingest", files / "con" / "quyet-dinh.txt")["counts"] == {"removed": 1}
    ocop("undo", str(entry))
    assert ocop("dump") == before
    assert ocop.json("search", "kinh phí tập huấn")["total"] == 1
    assert [e["action"] for e in ocop.json("audit")] == ["remove", "undo"]
    told = ocop("audit")
    assert "gỡ: #" in told
    assert "Quyết định 88/QĐ-UBND (đã hoàn tác)" in told
    assert "lý do: nhập nhầm" in told
    assert "|" not in told  # no keys of ours


def test_merging_is_undone(ocop: Shell) -> None:
    before = ocop("dump")
    entry = ocop.json("merge", "919/QĐ-TTg", "148/QĐ-TTg", "--reason", "thử")["audit"]
    assert ocop.json("show", "919/QĐ-TTg")["merged"]
    ocop("undo", str(entry))
    assert ocop("dump") == before


def test_reindex_makes_the_index_anew_with_another_engine(ocop: Shell) -> None:
    assert ocop.json("reindex", "--engine", "tantivy")["engine"] == "tantivy"
    assert ocop.json("search", "tập huấn", "-f", "trangthai=co_van_ban")["total"] == 3
    ocop("reindex", "--engine", "gì", code=2)


def test_links_in_a_folder_are_left_aside_and_told(ocop: Shell, files: Path) -> None:
    (files / "lien-ket.txt").symlink_to(files / "ke-hoach.txt")
    (files / "hong.txt").symlink_to(files / "da-xoa.txt")
    told = ocop.json("ingest", files / "con", files, code=Verdict.DAMAGED.exit_code)
    assert (told["links_left_aside"], [Path(p).name for p in told["broken_links"]]) == (2, ["hong.txt"])
    assert "Bỏ qua 2 liên kết trong thư mục, trong đó 1 liên kết hỏng" in ocop.error
    ocop("ingest", files / "hong.txt", code=2)
    assert "không còn tệp nó trỏ tới" in ocop.error


def test_ctrl_c_in_a_pipe_is_told_and_keeps_what_is_done(tmp_path: Path) -> None:
    folder = tmp_path / "nhieu"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.txt").write_text(
            PLAN.replace("45/KH-UBND", f"{number + 100}/KH-UBND"), encoding="utf-8"
        )
    command = [sys.executable, "-m", "webui", "ingest", str(folder), "--jobs", "1", "--library", str(tmp_path / "kho")]
    running = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True
    )
    originals = tmp_path / "kho" / "originals"
    for _ in range(600):
        if originals.is_dir() and len(list(originals.rglob("*"))) > 4:
            break
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)
    out, error = running.communicate(timeout=60)
    assert (running.returncode, error) == (130, "Đã dừng.\n")
    assert out.startswith("Đã làm: ")
    kept = int(out.split()[2])
    assert 0 < kept < 60
    state = subprocess.run(
        [sys.executable, "-m", "webui", "status", "--json", "--library", str(tmp_path / "kho")],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    status = json.loads(state.stdout)
    assert status["held"] == kept
    assert status["index"]["behind"] == 0


def test_a_library_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(tmp_path / "khong", capsys)
    shell("status", code=3)
    assert "ocop ingest" in shell.error
    shell("ingest", tmp_path / "khong-co-gi", code=2)


def test_the_command_line_is_explained_in_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, said in (
        (["lạ"], "Không có lệnh"),
        (["show"], "Thiếu"),
        (["show", "x", "--lạ"], "Không có tùy chọn"),
        (["cites", "x", "--depth", "nhiều"], "không hợp lệ"),
        (["remove", "x"], "--reason"),
    ):
        assert main(arguments) == 2
        assert said in capsys.readouterr().err
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "Cách dùng" in shown
    assert "Usage" not in shown


def test_near_names_are_offered_and_no_english_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, said in (
        (["serch"], "Có phải ý bạn là: search"),
        (["search", "x", "--srot", "y"], "Có phải ý bạn là: --sort"),
        (["serve", "--port", "abc"], "Giá trị của --port / -p không hợp lệ"),
        (["search"], "Thiếu CÂU_TÌM."),
    ):
        assert main(arguments) == 2
        error = capsys.readouterr().err
        assert said in error
        assert "Did you mean" not in error
    for command in ("read", "search", "serve"):
        main([command, "--help"])
        shown = capsys.readouterr().out
        assert not {"<bool>", "....", "list[", "Usage"} & set(shown.split())
        assert "{" not in shown.splitlines()[1]


def test_every_exit_code_is_told(capsys: pytest.CaptureFixture[str]) -> None:
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


def test_an_error_is_data_too(tmp_path: Path, ocop: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    told = ocop.json("show", "45/KH-UBND", code=4)
    assert told["ok"] is False
    assert told["error"]["code"] == "nhieu_van_ban"
    assert len(told["error"]["documents"]) == 2
    assert "12/3/2024" in ocop.error  # people read days so, and programs as EDTF
    assert {d["date"] for d in told["error"]["documents"]} == {"2024-03-12", "2024-03-13"}
    assert ocop.json("search", '"mỗi', code=5)["error"]["position"] == 0
    capsys.readouterr()
    assert main(["show", "x", "--lạ", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["message"].startswith("Không có tùy chọn --lạ.")


def test_a_port_that_is_taken_is_told_in_vietnamese(ocop: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ocop("serve", "--port", str(taken.getsockname()[1]), code=2)
    assert "đang có chương trình khác dùng cổng này. Hãy chọn cổng khác" in ocop.error


def test_wrong_settings_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("OCOP_PORT", "cổng")
    assert main(["status"]) == 2
    assert "OCOP_PORT" in capsys.readouterr().err


@pytest.mark.long
def test_killed_at_random_moments_and_run_again_it_equals_an_uninterrupted_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "nhieu"
    folder.mkdir()
    for number in range(1, 25):
        body = (
            f"Căn cứ Kế hoạch số {number - 1}/KH-UBND ngày 12/3/2024 của UBND tỉnh Thanh Hóa;\n" if number > 1 else ""
        )
        text = paper(
            "KẾ HOẠCH", f"{number}/KH-UBND", ("12", "3", "2024"), f"Việc thứ {number}", body + "I. MỤC ĐÍCH\nLàm."
        )
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    whole, broken = Shell(tmp_path / "mot", capsys), Shell(tmp_path / "hai", capsys)
    whole("ingest", folder, "--jobs", "1")
    chance = random.Random(7)
    command = [sys.executable, "-m", "webui", "ingest", str(folder), "--jobs", "1", "--library", str(broken.library)]
    for _ in range(5):
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.5, 2.0))
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    broken("ingest", folder, "--jobs", "1")
    assert broken("dump") == whole("dump")
    found = [s.json("search", "việc", "--sort", "date")["total"] for s in (whole, broken)]
    assert found[0] == found[1] == 24
