"""Doubtful values are marked on the page of a document; a document without a number has a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from corpus.library import Library
from corpus.model import FIELDS, Evidence
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from search.searcher import Search
from tests.support.web_library import PLAN
from webui.app import metadata_card
from webui.app.settings import Settings
from webui.web.application import create_app
from webui.web.pages import image_pages as images


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, dict[str, int]]]:
    folder = tmp_path_factory.mktemp("doubts")
    ids = {}
    with Library.open(folder / "kho", create=True) as library:
        for name in ("con-dau", "so-trong", "khong-ten"):
            path = folder / f"{name}.txt"
            path.write_text(PLAN + name, encoding="utf-8")
            record = parse_record(read_record(str(path)))
            if name == "con-dau":
                record.signer_title = None
                record.fields["signer_title"] = Evidence(0.0, needs_review=True, reasons=["có thể bị con dấu che"])
                record.fields["date"] = replace(record.fields["date"], needs_review=True)
            else:
                record.so_ky_hieu = record.number = record.symbol = None
                record.fields.pop("so_ky_hieu", None)
            if name == "khong-ten":
                record.title = record.doc_type = record.issuer = record.date = None
                record.kind = "other"
            ids[name] = library.intake.add(record, path, reader_version=READER_VERSION).id
        Search(folder / "kho", library.view()).catch_up()
    with TestClient(create_app(Settings(library=folder / "kho"))) as client:
        yield client, ids


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_doubtful_missing_value_is_in_the_card_and_counted(
    site: tuple[TestClient, dict[str, int]],
) -> None:
    client, ids = site
    page = client.get(f"/van-ban/{ids['con-dau']}").text
    result = text_of(page)
    assert "Chức vụ người ký (không đọc được) cần kiểm tra có thể bị con dấu che" in result
    assert "Có 2 giá trị cần kiểm tra : Ngày ban hành , Chức vụ người ký ." in result
    for name in ("date", "signer_title"):
        assert f'href="#muc-{name}"' in page
        assert f'id="muc-{name}"' in page


def test_every_doubtful_field_has_a_row(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    library = client.app.state.library  # type: ignore[attr-defined]
    document = library.view().document(ids["con-dau"])
    for name in set(FIELDS) - {"kind"}:
        document.record.fields = {name: Evidence(0.1, needs_review=True)}
        assert [row["name"] for row in metadata_card.card(document) if row["unsure"]] == [name]


def test_no_page_title_is_a_key(site: tuple[TestClient, dict[str, int]]) -> None:
    client, ids = site
    for name, title in (
        ("so-trong", "Văn bản không số – Kế hoạch Triển khai Chương trình mỗi xã một sản phẩm năm 2024"),
        ("khong-ten", "Văn bản không số – khong-ten.txt"),
    ):
        page = client.get(f"/van-ban/{ids[name]}").text
        assert f"<title>{title} – Căn Cứ</title>" in page
        assert "draft|" not in text_of(page)
        assert "draft|" not in client.get(f"/van-ban/{ids[name]}/luoc-do").text


def test_the_margin_of_a_crop_leaves_out_neighbouring_lines() -> None:
    # Lines of 14 pt on A4 stand 0.02 of the page's height apart; the letters of the next begin 0.004 beyond a box.
    assert images.with_margin((0.3, 0.2, 0.5, 0.215)) == pytest.approx((0.28, 0.197, 0.52, 0.218))
    assert images.with_margin((0.0, 0.0, 1.0, 1.0)) == (0.0, 0.0, 1.0, 1.0)
