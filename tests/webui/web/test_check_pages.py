"""Draft check on the page and on the command line."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from PIL import Image, ImageDraw, ImageFont
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from tests.paths import SAMPLES
from tests.support.web_library import build, document_text
from webui.app.settings import Settings
from webui.cli.command import main
from webui.web.application import create_app

DRAFT = document_text(
    "KẾ HOẠCH", "      /KH-UBND", ("", "", "2026"), "Triển khai năm 2026 bí mật dự thảo",
    "Căn cứ Quyết định số 919/QĐ-TTg ngày 10/8/2022 của Thủ tướng Chính phủ;\n"
    "Căn cứ Kế hoạch số 45/KH-UBND ngày 12/3/2024 của UBND tỉnh Thanh Hóa.\n"
    "I. MỤC ĐÍCH\n1. Làm.",
)  # fmt: skip
FINE = document_text(
    "KẾ HOẠCH", "      /KH-UBND", ("", "", "2024"), "Việc khác",
    "Căn cứ Kế hoạch số 45/KH-UBND ngày 12/3/2024 của UBND tỉnh Thanh Hóa triển khai Chương trình mỗi xã một sản phẩm"
    " năm 2024.\nI. MỤC ĐÍCH\n1. Làm.",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("check")
    build(made / "kho", made / "tep")
    return made


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(library=folder / "kho")), raise_server_exceptions=False) as made:
        yield made


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"data": {"van_ban": "  "}}, 400, "Chưa có dự thảo. Hãy chọn tệp hoặc dán toàn văn."),
        ({"files": {"tep": ("trống.pdf", b"")}, "data": {"van_ban": "gõ <dở>"}}, 422, "trống.pdf: "),
        ({"files": {"tep": ("hỏng.pdf", b"%PDF-1.4 hong")}, "data": {"van_ban": "gõ <dở>"}}, 422, "hỏng.pdf: "),
    ],
)
def test_errors_are_shown_on_the_form_with_what_was_typed(
    client: TestClient, sent: dict[str, Any], status: int, words: str
) -> None:
    answer = client.post("/kiem-tra", **sent)
    assert answer.status_code == status
    alert, form = answer.text.split('role="alert">')[1].split("</p>", 1)
    assert alert.startswith(words)
    assert 'action="/kiem-tra"' in form
    assert ("gõ &lt;dở&gt;</textarea>" in form) == ("files" in sent)
    result = client.post("/kiem-tra", **{**sent, "data": {**sent["data"], "dang": "json"}})
    assert result.status_code == status


def test_a_wrong_date_is_shown_with_the_known_one(client: TestClient, folder: Path) -> None:
    answer = client.post("/kiem-tra", files={"tep": ("dự thảo.txt", DRAFT.encode())})
    assert answer.status_code == 200
    assert "10/8/2022" in answer.text
    assert "01/8/2022" in answer.text
    assert "✗ khác" in answer.text
    assert "sai</span>" not in answer.text
    for path in (folder / "kho").rglob("*"):
        if path.is_file():
            assert "bí mật dự thảo".encode() not in path.read_bytes(), path


def test_a_pasted_draft_is_checked_and_reported_as_json(client: TestClient) -> None:
    value = client.post("/kiem-tra", data={"van_ban": DRAFT, "dang": "json"}).json()["data"]
    assert value["needs_look"]
    first, second = value["bases"]
    verdicts = {f["field"]: f["verdict"] for f in first["fields"]}
    assert verdicts["so_ky_hieu"] == "khop"
    assert verdicts["date"] == "lech"
    assert second["source"] == "van_ban"
    assert {f["field"]: f["verdict"] for f in second["fields"]}["date"] == "khop"


def test_empty_unreadable_and_foreign_requests_are_refused(client: TestClient) -> None:
    assert client.post("/kiem-tra", data={"van_ban": "  "}).status_code == 400
    assert client.post("/kiem-tra", files={"tep": ("a.pdf", b"%PDF-1.4 x")}).status_code == 422
    assert (
        client.post("/kiem-tra", data={"van_ban": DRAFT}, headers={"Origin": "https://xau.example"}).status_code == 403
    )
    hostile = "</script><img src=x onerror=alert(1)>"
    page = client.post("/kiem-tra", files={"tep": (f"{hostile}.txt", (DRAFT + hostile).encode())}).text
    assert "<img src=x" not in page


def test_the_form_is_checked_with_the_places_of_the_rules(client: TestClient) -> None:
    draft = DRAFT.replace("Độc lập - Tự do - Hạnh phúc", "")
    form = client.post("/kiem-tra", data={"van_ban": draft, "dang": "json"}).json()["data"]["form"]
    assert form["rules"] == "hanh_chinh"
    assert "tieu_ngu" in {finding["rule"] for finding in form["findings"]}
    page = client.post("/kiem-tra", data={"van_ban": draft}).text
    assert "Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II khoản 1 điểm b" in page


def test_the_exit_code_says_whether_to_review(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = ["--library", str(folder / "kho")]
    for text, code in ((DRAFT, 1), (FINE, 0)):
        draft = tmp_path / "du-thao.txt"
        draft.write_text(text, encoding="utf-8")
        assert main(["check", str(draft), "--json", *library]) == code, capsys.readouterr()
        value = json.loads(capsys.readouterr().out)
        assert value["needs_look"] is bool(code)
    assert main(["check", str(tmp_path / "khong-co.txt"), *library]) == 19


def test_a_list_of_numbers_is_looked_up(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = tmp_path / "danh-sach.csv"
    asked.write_text("qd 919,ghi chú\n45/KH-UBND\n1/AB-CD\n", encoding="utf-8")
    assert main(["lookup", str(asked), "--json", "--library", str(folder / "kho")]) == 3
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [len(r["documents"]) for r in rows] == [1, 1, 0]
    assert main(["lookup", str(asked), "--library", str(folder / "kho")]) == 3
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("qd 919,một,")
    assert lines[3].startswith("1/AB-CD,không thấy")


@pytest.mark.parametrize("kind", ["graphml", "gexf", "dot", "nodes-csv", "edges-csv", "jsonld"])
def test_the_graph_is_exported(folder: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "ra"
    assert main(["export", "--format", kind, "--output", str(out), "--library", str(folder / "kho")]) == 0
    text = out.read_text(encoding="utf-8")
    assert ("can_cu" if kind == "edges-csv" else "45/KH-UBND") in text
    assert "12/TB-UBND" not in text


IMPOSSIBLE = document_text(
    "KẾ HOẠCH", "      /KH-UBND", ("", "", "2026"), "Việc khác",
    "Căn cứ Kế hoạch số 45/KH-UBND ngày 31/02/2024 của UBND tỉnh Thanh Hóa;\n"
    "Căn cứ Quyết định số 5555/QĐ-UBND ngày 01/3/2024 của UBND tỉnh Thanh Hóa.\n"
    "I. MỤC ĐÍCH\n1. Làm.",
)  # fmt: skip


def test_an_impossible_date_and_an_unknown_document_are_reported(client: TestClient) -> None:
    value = client.post("/kiem-tra", data={"van_ban": IMPOSSIBLE, "dang": "json"}).json()["data"]
    first, second = value["bases"]
    date = next(f for f in first["fields"] if f["field"] == "date")
    assert (date["verdict"], date["written"], date["known"]) == ("lech", "31/02/2024", "12/3/2024")
    assert first["needs_look"]
    assert value["needs_look"]
    assert not first["unseen"]
    assert second["unseen"]
    assert value["unseen"] == 1
    page = client.post("/kiem-tra", data={"van_ban": IMPOSSIBLE}).text
    assert "không có thật" in page
    assert "ngày này không có trong lịch" in page
    assert ">chưa thấy</span>" in page
    assert "Đối chiếu với: chưa thấy" not in page
    assert "0 văn bản" not in page


def test_the_suggested_wording_continues_in_lower_case(client: TestClient, folder: Path) -> None:
    asked = document_text(
        "KẾ HOẠCH", "      /KH-UBND", ("", "", "2026"), "Việc khác",
        "Căn cứ Quyết định số 88/QĐ-UBND ngày 21/5/2024 của UBND tỉnh Thanh Hóa.\nI. MỤC ĐÍCH\n1. Làm.",
    )  # fmt: skip
    value = client.post("/kiem-tra", data={"van_ban": asked, "dang": "json"}).json()["data"]
    assert "Thanh Hóa về việc phê duyệt" in value["bases"][0]["suggestion"]


FILES = SAMPLES / "files"


def test_pictures_of_bases_are_kept_in_memory_only(client: TestClient, folder: Path) -> None:
    before = {path for path in folder.rglob("*") if path.is_file()}
    draft = (FILES / "02-qd-1876-2018.pdf").read_bytes()
    answer = client.post("/kiem-tra", files={"tep": ("du-thao.pdf", draft)})
    assert answer.headers["cache-control"] == "no-store"
    addresses = re.findall(r'<img class="crop" src="(/kiem-tra/anh/[\w-]+/\d+\.png)"', answer.text)
    assert len(addresses) == answer.text.count('<section class="panel checked') >= 4
    for address in addresses:
        picture = client.get(address)
        assert picture.headers["content-type"] == "image/png"
        assert picture.headers["cache-control"] == "no-store"
        assert picture.content.startswith(b"\x89PNG")
    assert {path for path in folder.rglob("*") if path.is_file()} == before
    assert client.get("/kiem-tra/anh/doan-bua/0.png").status_code == 404
    kept = client.app.state.draft_pictures  # type: ignore[attr-defined]
    assert len(kept) >= 1


def _checked(client: TestClient, *bases: str, body: str = "I. MỤC ĐÍCH\n1. Làm.") -> dict[str, Any]:
    words = "".join(f"Căn cứ {basis};\n" for basis in bases)
    asked = document_text("KẾ HOẠCH", "      /KH-UBND", ("", "", "2026"), "Việc khác", words + body)
    value: dict[str, Any] = client.post("/kiem-tra", data={"van_ban": asked, "dang": "json"}).json()["data"]
    return value


def test_the_report_is_taken_away_as_word_excel_and_text(client: TestClient) -> None:
    shown = client.post("/kiem-tra", data={"van_ban": DRAFT})
    links = re.findall(r'href="(/kiem-tra/bao-cao/[^"]+)"', shown.text)
    assert [link.rpartition(".")[2] for link in links] == ["docx", "xlsx"]
    word, sheet = (client.get(link) for link in links)
    assert {word.headers["cache-control"], sheet.headers["cache-control"]} == {"no-store"}
    made = docx.Document(io.BytesIO(word.content))
    rows = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    table = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert rows[1][1].startswith("Quyết định số 919/QĐ-TTg ngày 10/8/2022")
    assert rows[1][2] == "nên xem lại"
    assert "ngày: dự thảo ghi 10/8/2022, đã biết 01/8/2022" in rows[1][3]
    assert "hết thời kỳ thực hiện (2021–2025)" in rows[1][4]
    assert rows[2][2] == "khớp"
    head = [str(value) for value in table[[row[0] for row in table].index("STT")]]
    at = [row[0] for row in table].index("STT")
    assert head == rows[0]
    assert [[str(value).removesuffix(".0") for value in row] for row in table[at + 1 : at + 3]] == rows[1:]
    copied = html.unescape(shown.text.split('id="ban-chu" tabindex="0">')[1].split("</pre>")[0])
    assert "1. Quyết định số 919/QĐ-TTg ngày 10/8/2022 của Thủ tướng Chính phủ – nên xem lại" in copied
    assert client.get("/kiem-tra/bao-cao/khac.docx").status_code == 404
    assert client.get(links[0].replace(".docx", ".exe")).status_code == 404


def test_an_issuer_that_contradicts_the_symbol_is_reported(client: TestClient) -> None:
    value = _checked(client, "Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Bộ trưởng Bộ Nông nghiệp và Môi trường")
    issuer = next(f for f in value["bases"][0]["fields"] if f["field"] == "issuer")
    assert (issuer["verdict"], issuer["known"]) == ("lech", "Thủ tướng Chính phủ")
    assert issuer["written"] == "Bộ trưởng Bộ Nông nghiệp và Môi trường"


def test_a_letter_in_place_of_a_digit_is_shown_as_typed(client: TestClient) -> None:
    value = _checked(client, "Quyết định số 9l9/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ")
    number = value["bases"][0]["fields"][0]
    assert (number["written"], number["known"]) == ("9l9/QĐ-TTg", "919/QĐ-TTg")
    assert value["bases"][0]["needs_look"]


def test_the_summary_counts_parts_of_the_whole(client: TestClient) -> None:
    law = "Luật Tổ chức chính quyền địa phương số 72/2025/QH15 ngày 16/6/2025"
    value = _checked(client, law, "Quyết định số 5555/QĐ-UBND ngày 01/3/2024 của UBND tỉnh Thanh Hóa")
    assert value["summary"].startswith("2 căn cứ, trong đó 1 chưa thấy ở đâu")
    assert value["scope"] == "Chỉ đối chiếu các căn cứ ở phần mở đầu."
    assert "issuer" not in {f["field"] for f in value["bases"][0]["fields"]}


def test_differences_outside_the_bases_are_listed(client: TestClient) -> None:
    body = "I. MỤC ĐÍCH\n1. Làm theo Quyết định số 919/QĐ-TTg ngày 02/8/2022 của Thủ tướng Chính phủ."
    value = _checked(client, "Kế hoạch số 45/KH-UBND ngày 12/3/2024 của UBND tỉnh Thanh Hóa", body=body)
    assert [o["so_ky_hieu"] for o in value["elsewhere"]] == ["919/QĐ-TTg"]
    assert "919/QĐ-TTg" in value["scope"]
    assert value["needs_look"]


def test_a_draft_without_bases_needs_review(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = tmp_path / "trong.txt"
    body = "I. MỤC ĐÍCH\n1. Làm theo Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ."
    draft.write_text(document_text("KẾ HOẠCH", "      /KH-UBND", ("", "", "2026"), "Việc", body), encoding="utf-8")
    assert main(["check", str(draft), "--library", str(folder / "kho")]) == 1
    out = capsys.readouterr().out
    assert "Không thấy căn cứ nào" in out
    assert "có 1 số hiệu: 919/QĐ-TTg" in out


def test_badly_read_pages_are_reported(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faint = tmp_path / "mo.png"
    image = Image.new("L", (1200, 1600), 255)
    ImageDraw.Draw(image).text((200, 300), "THANH PHO HUE", fill=60, font=ImageFont.load_default(70))
    image.save(faint)
    assert main(["check", str(faint), "--library", str(folder / "kho")]) == 1
    assert "Trang 1 đọc không rõ" in capsys.readouterr().out


def test_a_secret_draft_is_refused(
    client: TestClient, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = DRAFT.replace("KẾ HOẠCH\n", "TỐI MẬT\nKẾ HOẠCH\n", 1)
    assert "TỐI MẬT" in secret
    answer = client.post("/kiem-tra", data={"van_ban": secret})
    assert answer.status_code == 403
    assert "919/QĐ-TTg" not in answer.text
    draft = tmp_path / "mat.txt"
    draft.write_text(secret, encoding="utf-8")
    assert main(["check", str(draft), "--library", str(folder / "kho")]) == 11
    result = capsys.readouterr()
    assert "919/QĐ-TTg" not in result.out + result.err
