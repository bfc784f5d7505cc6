"""Plain text: encodings are recognised where they are certain, and refused where they are not."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.text import decode
from ingest.limits import Limits
from ingest.options import ReadOptions
from tests.ingest.support import read_whole, verdict_of
from tests.paths import SHARED

SENTENCE = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes((SENTENCE * 30).encode(encoding))
    assert read_whole(file).text == SENTENCE * 30


def test_windows_1258_is_recognised() -> None:
    # The code page has no precomposed ế: it writes the base letter and a combining tone.
    def split(char: str) -> str:
        decomposed = unicodedata.normalize("NFD", char)
        return unicodedata.normalize("NFC", decomposed[:-1]) + decomposed[-1]

    text = SENTENCE.replace("ị", "i\u0323").replace("ứ", "ư\u0301").replace("ủ", "u\u0309")
    text = "".join(c if c.encode("cp1258", "ignore") else split(c) for c in text)
    decoded = decode(text.encode("cp1258", "ignore"))
    assert decoded.encoding == "cp1258"
    assert "Căn cứ Quyết định" in decoded.text


def test_legacy_vietnamese_encodings_are_recognised() -> None:
    tcvn3 = "Uû ban nh©n d©n tØnh Thanh Hãa ban hµnh QuyÕt ®Þnh nµy ®Ó h­íng dÉn thùc hiÖn"
    vni = "Uûy ban nhaân daân tænh Thanh Hoùa ban haønh Quyeát ñònh naøy ñeå höôùng daãn thöïc hieän"
    assert decode(tcvn3.encode("cp1252")).encoding == "tcvn3"
    assert decode(vni.encode("cp1252")).encoding == "vni"


def test_mojibake_is_undone_only_where_every_character_can_be() -> None:
    damaged = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in SENTENCE.encode())
    assert decode(damaged.encode()).text == SENTENCE
    assert decode(SENTENCE.encode()).note == ""
    partly = damaged + " và một đoạn đúng"
    assert decode(partly.encode()).text == partly


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("Пример русского текста в старой кодировке".encode("koi8-r"))
    assert verdict_of(file) == "khong_ho_tro"


def test_form_feeds_separate_pages(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"{SENTENCE}\r\n\fTrang hai\fTrang ba", encoding="utf-8")
    reading = read_whole(file)
    assert [p.text for p in reading.pages] == [f"{SENTENCE}\n", "Trang hai", "Trang ba"]
    assert reading.page_at(reading.text.index("hai")) == 2


def test_a_text_over_the_limits_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("a" * 101)
    assert verdict_of(file, ReadOptions(limits=Limits(text_bytes=100))) == "qua_lon"
    assert verdict_of(file, ReadOptions(limits=Limits(file_bytes=100))) == "qua_lon"


def test_the_stored_text_of_labelled_texts_is_their_nfc() -> None:
    folder = SHARED / "documents" / "seeds"
    if not folder.is_dir():
        pytest.skip("no shared documents")
    for file in sorted(folder.glob("*.txt")):
        assert read_whole(file).text == unicodedata.normalize("NFC", file.read_text(encoding="utf-8"))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=80))
def test_valid_utf8_is_always_decoded(text: str) -> None:
    decode(text.encode())
