"""A better spelling: of unknown syllables, and of known ones that never stand side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.index.engine_document import engine_document
from search.language.lexicon import Lexicon
from tests.support.search_library import held

_TEXT = (
    "Công nhận sản phẩm OCOP, xây dựng nông thôn mới, xúc tiến thương mại và truyền thông. Chia phần việc theo quy "
    "trình phân hạng; san lấp mặt bằng; lời nói và tiếng nói. Tập huấn chuyển đổi số. "
)


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lexicon]:
    made = Lexicon(Path(tmp_path_factory.mktemp("spelling")) / "lexicon.sqlite")
    document = held(1, _TEXT * 8)
    made.learn([(document, engine_document(document, lambda _: []).text["exact"])])
    yield made
    made.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tap huấm chuyen doi", "tập huấn chuyển đổi"),
        ("tap hun chuyen doi so", "tập huấn chuyển đổi số"),
        ("cong nhan san phan", "công nhận sản phẩm"),
        ("nong thong moi", "nông thôn mới"),
        ("xúc tiếng thương mại", "xúc tiến thương mại"),
        ("công nhận sản phẩm", None),
        ("cong nhan san pham", None),
        ("phân hạng truyền thông", None),
        ("zzzzqqq", None),
        ("96", None),
        ("", None),
    ],
)
def test_the_likeliest_spelling_by_the_neighbours(lexicon: Lexicon, typed: str, meant: str | None) -> None:
    assert lexicon.corrected(typed) == meant
