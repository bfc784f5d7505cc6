"""The characters that the line reader knows: all Vietnamese letters, digits and the signs of office documents."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
_SIGNS = "!\"#$%&'()*+,-./:;<=>?@[]_{}|~" + "–—“”‘’…§°²³½×±≤≥•→Ø€"

#: Column 0 of the net's output is "no character" (the blank of CTC); column 1 + n stands for ``CHARACTERS[n]``.
CHARACTERS: tuple[str, ...] = (*tuple(dict.fromkeys(_LETTERS + _LETTERS.upper() + "0123456789" + _SIGNS)), " ")
#: The column of each character.
COLUMN: dict[str, int] = {character: column for column, character in enumerate(CHARACTERS, start=1)}
#: Classes of the net, the blank included.
CLASSES = len(CHARACTERS) + 1

_LOOKALIKES = str.maketrans({"\u00a0": " ", "\t": " ", "−": "-", "‐": "-", "‑": "-", "─": "-", "Ð": "Đ", "ð": "đ"})


def readable(text: str) -> str:
    """*text* in the reader's alphabet: NFC, look-alikes replaced, every other character a space, spaces single."""
    text = unicodedata.normalize("NFC", text).translate(_LOOKALIKES)
    kept = "".join(c if c in COLUMN else "" if unicodedata.combining(c) else " " for c in text)
    return re.sub(r" +", " ", kept).strip()


def relatives(character: str) -> list[str]:
    """Characters that look like *character*, nearest first: ế gives ê, é, e.

    A class that the original net lacks begins as the mean of those of its relatives that it has.
    """
    letter, *marks = list(unicodedata.normalize("NFD", character))
    near = [unicodedata.normalize("NFC", letter + mark) for mark in marks] if len(marks) > 1 else []
    return [*near, *({"đ": "d", "Đ": "D"}.get(letter, letter),)]
