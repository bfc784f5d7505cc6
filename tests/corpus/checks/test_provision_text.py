"""A provision as it stood on a day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.checks.provision_text import ProvisionText, provision_text
from corpus.errors import UsageError
from corpus.library import Library, LibraryView
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.provisions.one import provision_of
from ingest.reader_version import READER_VERSION
from tests.support.web_library import document_text

ISSUED = "Quyết định số 20/QĐ-UBND ngày 01/3/2020 của UBND tỉnh Thanh Hóa"
ORIGINAL = document_text(
    "QUYẾT ĐỊNH",
    "20/QĐ-UBND",
    ("01", "3", "2020"),
    "Ban hành mức hỗ trợ",
    "Căn cứ Luật Tổ chức chính quyền địa phương;\nQUYẾT ĐỊNH:\nĐiều 1. Mức hỗ trợ\n1. Mức chung là 10 triệu đồng.\n"
    "2. Mức riêng là 20 triệu đồng.\nĐiều 2. Thời hạn\n1. Thời hạn là 12 tháng.\n"
    "Điều 3. Quyết định này có hiệu lực từ ngày ký.",
)


def amending(number: str, day: tuple[str, str, str], sentences: str) -> str:
    """A decision that changes the one of 2020."""
    return document_text(
        "QUYẾT ĐỊNH",
        f"{number}/QĐ-UBND",
        day,
        f"Sửa đổi, bổ sung một số điều của {ISSUED}",
        f"Căn cứ Luật Tổ chức chính quyền địa phương;\nQUYẾT ĐỊNH:\n"
        f"Điều 1. Sửa đổi, bổ sung một số điều của {ISSUED}\n{sentences}\n"
        f"Điều 2. Quyết định này có hiệu lực thi hành kể từ ngày {day[0]} tháng {day[1]} năm {day[2]}.",
    )


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryView]:
    folder = tmp_path_factory.mktemp("provision")
    first = "1. Sửa đổi khoản 1 Điều 1 như sau:\n“1. Mức chung là 15 triệu đồng.”\n2. Bãi bỏ khoản 1 Điều 2."
    second = "1. Thay thế cụm từ “20 triệu” bằng cụm từ “25 triệu” tại khoản 2 Điều 1."
    texts = (ORIGINAL, amending("30", ("01", "4", "2021"), first), amending("40", ("01", "5", "2022"), second))
    with Library.open(folder / "kho", create=True, facts=False) as library:
        for number, text in enumerate(texts):
            path = folder / f"{number}.txt"
            path.write_text(text, encoding="utf-8")
            library.intake.add(parse_record(read_record(str(path))), path, reader_version=READER_VERSION)
        yield library.view()


def stood(view: LibraryView, typed: str, on: str) -> ProvisionText:
    own = next(one for one in view.documents() if one.so_ky_hieu == "20/QĐ-UBND")
    wanted = provision_of(typed)
    assert wanted is not None
    return provision_text(view, own.id, wanted, on)


def test_before_a_change_the_text_is_the_one_issued(view: LibraryView) -> None:
    found = stood(view, "khoản 1 Điều 1", "2021-03-31")
    assert (found.text, found.is_complete) == ("1. Mức chung là 10 triệu đồng.", True)
    assert not found.applied


def test_from_its_day_a_new_wording_stands(view: LibraryView) -> None:
    found = stood(view, "khoản 1 Điều 1", "2021-04-01")
    assert (found.text, found.is_complete) == ("1. Mức chung là 15 triệu đồng.", True)
    assert found.source is not None
    assert found.source.so_ky_hieu == "30/QĐ-UBND"


def test_a_repealed_provision_has_no_text(view: LibraryView) -> None:
    assert stood(view, "khoản 1 Điều 2", "2021-03-31").text == "1. Thời hạn là 12 tháng."
    found = stood(view, "khoản 1 Điều 2", "2023-01-01")
    assert (found.text, found.repealed, found.is_complete) == (None, True, True)


def test_what_cannot_be_applied_is_said(view: LibraryView) -> None:
    found = stood(view, "khoản 2 Điều 1", "2023-01-01")
    assert (found.text, found.is_complete) == ("2. Mức riêng là 20 triệu đồng.", False)
    assert [one.by.so_ky_hieu for one in found.not_applied] == ["40/QĐ-UBND"]
    whole = stood(view, "Điều 1", "2023-01-01")
    assert len(whole.not_applied) == 2


def test_a_provision_that_is_not_there(view: LibraryView) -> None:
    with pytest.raises(UsageError):
        stood(view, "Điều 9", "2023-01-01")
