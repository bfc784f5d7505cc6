"""The manual of the query language in the user's guide: every example finds something, on both engines."""

import re
from collections.abc import Iterator

import pytest

from corpus.library.indexed import Indexed
from corpus.vocabulary import Effect
from search.query import field_names
from search.searcher import ENGINES, Search
from tests.paths import ROOT
from tests.support.markdown import rows, section
from tests.support.search_library import Library, numbered

GUIDE = ROOT / "docs" / "huong-dan-su-dung.md"


def examples() -> list[str]:
    """The queries of the manual's table."""
    manual = section(GUIDE.read_text("utf-8"), "## Cách viết câu tìm")
    return [example for _, cell in rows(manual) for example in re.findall(r"`([^`]+)`", cell)]


def library() -> Library:
    return Library(
        [
            numbered(
                Indexed(
                    1, True, kind="administrative", doc_type="Kế hoạch", date="2024-06-11", basis=[3], cites=[4],
                    issuer="UBND tỉnh Thanh Hóa", title="Tổ chức tập huấn OCOP", signer="Nguyễn Lâm",
                    recipients=["Sở Nông nghiệp và PTNT tỉnh"], page_starts=[0],
                    text="Tập huấn OCOP về đánh giá, phân hạng \n\n sản phẩm tại siêu thị, cửa hàng theo chương trình.",
                )
            ),
            numbered(
                Indexed(
                    2, False, kind="administrative", doc_type="Kế hoạch", so_ky_hieu="81/KH-UBND", date="2022-03-14",
                    issuer="UBND tỉnh Thanh Hóa", title="triển khai Chương trình mỗi xã một sản phẩm",
                )
            ),
            numbered(
                Indexed(
                    3, False, kind="administrative", doc_type="Quyết định", so_ky_hieu="919/QĐ-TTg", date="2022-08-01",
                    issuer="Thủ tướng Chính phủ", title="phê duyệt Chương trình", status=Effect.PERIOD_OVER,
                )
            ),
            numbered(
                Indexed(
                    4, False, kind="administrative", doc_type="Quyết định", so_ky_hieu="148/QĐ-TTg", date="2023-02-24",
                    issuer="Thủ tướng Chính phủ", title="ban hành Bộ tiêu chí",
                )
            ),
        ]
    )  # fmt: skip


@pytest.fixture(scope="module", params=ENGINES)
def search(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    made = Search(tmp_path_factory.mktemp("manual"), library(), request.param)
    made.catch_up()
    yield made
    made.close()


@pytest.mark.parametrize("example", examples())
def test_the_example_finds_something(search: Search, example: str) -> None:
    assert search.search(example).total > 0


def test_every_field_is_in_the_manual() -> None:
    text = " ".join(examples())
    assert [name for name in set(field_names().values()) if f"{name}:" not in text] == []
