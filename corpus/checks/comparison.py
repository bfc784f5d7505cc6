"""One field of a citation compared with what is known of the document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

from corpus.library.values import Considered
from corpus.model import Citation


class Comparison(StrEnum):
    """How what is written compares with what is known. DIFFERS never means that the draft is wrong."""

    sign: str

    def __new__(cls, value: str, sign: str = "") -> Self:
        """A member with its stored *value* and the sign that is shown for it."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.sign = sign
        return made

    MATCHES = "khop", "✓"
    DIFFERS = "lech", "✗"
    UNKNOWN = "khong_ro", "không rõ"


#: Fields that every căn cứ is checked for, in order.
FIELDS = ("so_ky_hieu", "date", "issuer", "title")
#: Fields as a user reads them.
NAMES: dict[str, str] = {
    "doc_type": "loại",
    "so_ky_hieu": "số hiệu",
    "date": "ngày",
    "issuer": "cơ quan",
    "title": "trích yếu",
}

#: Where a căn cứ is known from: a held document, the tables, or how others cite it.
KnownFrom = Literal["van_ban", "bang", "dan_chieu"]


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """One field of a căn cứ."""

    field: str
    verdict: Comparison
    #: As the draft has it; None where it has none.
    written: str | None
    #: What is known; None where nothing is.
    known: str | None
    #: In Vietnamese, for a reader.
    note: str = ""
    #: A person should look at it although the two need not differ: a letter may have been read as a digit.
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class WrittenBasis:
    """A căn cứ as the draft has it."""

    citation: Citation
    considered: Considered
    #: The issuer as written, also where the citation leaves it out.
    issuer: str | None
    #: The text was typed, not read from a picture.
    typed: bool
