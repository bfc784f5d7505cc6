"""States that are stored as a short value and shown to users in Vietnamese words."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class WordedEnum(StrEnum):
    """A :class:`~enum.StrEnum` whose members are written ``NAME = value, words``."""

    words: str

    def __new__(cls, value: str, words: str = "") -> Self:
        """A member with its stored *value* and Vietnamese *words*."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.words = words
        return made
