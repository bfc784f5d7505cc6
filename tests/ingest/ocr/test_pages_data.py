"""The transcribed pages: their format, their size, and that they belong to the scans beside the checkout."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from typing import Any

import pytest

from tests.paths import ROOT, SHARED

FOLDER = ROOT / "tests" / "data" / "pages"
INDEX: list[dict[str, Any]] = json.loads((FOLDER / "index.json").read_text("utf-8"))
TEXTS = {entry["text"]: (FOLDER / entry["text"]).read_text("utf-8") for entry in INDEX}
#: Stand-ins for handwriting and for letters that cannot be read.
MARKS = ("⟨hand⟩", "⟨?⟩")


def words(text: str) -> list[str]:
    """Printed words of a transcription: no cell separators, no marks."""
    for mark in MARKS:
        text = text.replace(mark, " ")
    return [word for word in text.split() if word != "|"]


def test_each_entry_is_complete() -> None:
    """Every page has all fields, stands once, and has one text file; no text file is left over."""
    for entry in INDEX:
        assert set(entry) == {"file", "sha256", "page", "office", "kind", "text"}
        assert entry["file"].startswith("documents/")
        assert re.fullmatch(r"[0-9a-f]{64}", entry["sha256"])
        assert entry["page"] >= 1
        assert entry["office"]
        assert entry["kind"] in {"first", "inner", "table"}
        assert (entry["kind"] == "first") == (entry["page"] == 1)
    assert len({(entry["file"], entry["page"]) for entry in INDEX}) == len(INDEX)
    assert {path.name for path in FOLDER.glob("*.txt")} == set(TEXTS)
    assert len(TEXTS) == len(INDEX)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_text_follows_the_rules_of_the_format(name: str) -> None:
    """NFC, one space between words, no mark other than the two that are defined, no empty cell at a row's end."""
    text = TEXTS[name]
    assert unicodedata.is_normalized("NFC", text)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\n\n\n" not in text
    assert not re.search(r"[\t\r\u00a0\u200b-\u200f\u00ad\ufeff…]|  ", text)
    bare = text
    for mark in MARKS:
        bare = bare.replace(mark, "")
    assert "⟨" not in bare
    assert "⟩" not in bare
    for line in text.split("\n"):
        assert line == line.strip()
        assert not line.endswith("|")
        assert not re.search(r"[^ ]\||\|[^ ]", line)


def test_letters_are_those_of_vietnamese_print() -> None:
    """No letter from another script that only looks alike, and no combining mark left apart."""
    letters = {char for text in TEXTS.values() for char in text if char.isalpha()}
    names = {char: unicodedata.name(char) for char in letters}
    assert [char for char, name in names.items() if not name.startswith("LATIN ")] == []
    assert not any(unicodedata.combining(char) for text in TEXTS.values() for char in text)


def test_pages_are_many_and_varied() -> None:
    """Enough pages, offices, tables, words and numbers to measure a reader on; no office outweighs the rest."""
    offices = Counter(entry["office"] for entry in INDEX)
    kinds = Counter(entry["kind"] for entry in INDEX)
    printed = [word for text in TEXTS.values() for word in words(text)]
    assert len(INDEX) >= 24
    assert len(offices) >= 12
    assert max(offices.values()) <= 4
    assert kinds["table"] >= 6
    assert kinds["inner"] + kinds["table"] > kinds["first"]
    assert sum(entry["file"].startswith("documents/scans/") for entry in INDEX) <= 6
    assert len(printed) >= 2500
    assert sum(any(char.isdigit() for char in word) for word in printed) >= 700


@pytest.mark.parametrize("file", sorted({entry["file"] for entry in INDEX}))
def test_scans_beside_the_checkout_are_the_ones_transcribed(file: str) -> None:
    """A scan that was exchanged for another would make its transcription wrong."""
    path = SHARED / file
    if not path.exists():
        pytest.skip("the real documents are not beside this checkout")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert {entry["sha256"] for entry in INDEX if entry["file"] == file} == {digest}
