"""The model of the library's words: counting, restoring diacritics, correcting, completing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.library.indexed import Indexed
from search.language.completions import completion_key
from search.language.lexicon import Lexicon
from search.language.tokens import exact_keys, tokens
from tests.support.search_library import held, stub


def learn(lexicon: Lexicon, *documents: Indexed) -> None:
    lexicon.learn([(document, exact_keys(document.text)) for document in documents])


@pytest.fixture
def lexicon(tmp_path: Path) -> Iterator[Lexicon]:
    made = Lexicon(tmp_path / "lexicon.sqlite")
    yield made
    made.close()


def restored(lexicon: Lexicon, text: str) -> str | None:
    exact = lexicon.restore(tokens(text))
    return " ".join(exact) if exact else None


def test_the_neighbour_decides_between_two_readings(lexicon: Lexicon) -> None:
    learn(lexicon, held(1, "biểu trưng " * 5 + "ở trung ương " * 8 + "biểu mẫu"))
    assert restored(lexicon, "bieu trung") == "biểu trưng"
    assert restored(lexicon, "trung uong") == "trung ương"


def test_syllables_typed_with_diacritics_stay(lexicon: Lexicon) -> None:
    learn(lexicon, held(1, "kế hoạch " * 9))
    assert restored(lexicon, "kẻ hoach") == "kẻ hoạch"
    assert restored(lexicon, "kế hoạch") is None


def test_unknown_syllables_and_numbers_stay(lexicon: Lexicon) -> None:
    learn(lexicon, held(1, "kế hoạch " * 9))
    assert restored(lexicon, "zzz 2024") is None


def test_a_text_without_diacritics_is_not_counted(lexicon: Lexicon) -> None:
    learn(lexicon, held(1, "ke hoach tap huan " * 9))
    assert lexicon.corrected("hoachh") is None


def test_a_document_is_counted_once(lexicon: Lexicon) -> None:
    learn(lexicon, held(1, "bàn " * 3), held(2, "bán " * 4))
    for _ in range(3):
        learn(lexicon, held(1, "bàn " * 3))
    assert restored(lexicon, "ban") == "bán"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tập huuấn", "tập huấn"),
        ("huaans", "huấn"),
        ("Tập, huuan!", "Tập, huấn!"),
        ("tập huấn", None),
        ("xyzxyz", None),
    ],
)
def test_unknown_syllables_are_corrected(lexicon: Lexicon, typed: str, meant: str | None) -> None:
    learn(lexicon, held(1, "tập huấn khuyến nông " * 5))
    assert lexicon.corrected(typed) == meant


def test_numbers_are_completed_before_titles(lexicon: Lexicon) -> None:
    title = "12 chỉ tiêu"
    learn(lexicon, stub(1, so_ky_hieu="12/KH-UBND", issuer="UBND tỉnh Lai Châu", date="2023"), stub(2, title=title))
    assert lexicon.complete("12", 5)[0] == ("12/KH-UBND", "so_hieu", "UBND tỉnh Lai Châu, 2023", 1)
    assert ("12 chỉ tiêu", "trich_yeu", "", 2) in lexicon.complete("chi t", 5)


def test_completions_follow_the_last_state_of_a_document(lexicon: Lexicon) -> None:
    learn(lexicon, stub(1, title="tập huấn"))
    learn(lexicon, stub(1, title="chuyển đổi"))
    assert lexicon.complete("tap", 5) == []
    lexicon.learn([], gone=[1])
    assert lexicon.complete("chuyen", 5) == []


def test_a_number_is_completed_however_it_is_spaced() -> None:
    assert completion_key("919 / QĐ - TTg") == completion_key("919/qd-ttg")


def test_a_damaged_file_is_not_sound(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.sqlite"
    lexicon = Lexicon(path)
    learn(lexicon, held(1, "tập huấn " * 2_000))
    lexicon.prune()
    assert lexicon.is_sound()
    lexicon.close()
    content = bytearray(path.read_bytes())
    content[5_000:9_000] = b"\xff" * 4_000
    path.write_bytes(content)
    damaged = Lexicon(path)
    assert not damaged.is_sound()
    damaged.close()
