"""Số, ký hiệu: the identity printed on a document, e.g. ``06/2024/TT-BKHĐT``, ``1084/QĐ-UBND-HC``, ``05-NQ/TW``.

Sources: Nghị định 30/2020/NĐ-CP, phụ lục I, mục II.3; Nghị định 34/2016/NĐ-CP for the year in the number of legal
normative documents (QPPL); Hướng dẫn 36-HD/VPTW for the hyphen in the numbers of party documents.

=====  ==========================  =============================================
form   shape                       example
=====  ==========================  =============================================
A      number/year/symbol          24/2024/NĐ-CP, 22/2023/QH15
B      number/symbol               490/QĐ-TTg, 596/VPĐP-OCOP
C      number-symbol/agency        05-NQ/TW, 34-CTr/TU
D      number-symbol (older)       235-HĐBT; only after a type word and "số"
=====  ==========================  =============================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.fold import clean, letters
from corpus.tables import rows

_UP = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_LOW = "a-zđàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
# An abbreviation: capitals with at most two small letters between and after them (QyĐ, TTg, TTr), so that an ordinary
# word ("Sở", "Chủ") is none; a single capital (L-CTN).
_ABBREVIATION = (
    rf"[{_UP}](?:(?:[{_LOW}]{{0,2}}[{_UP}]){{1,14}}[{_LOW}]{{0,2}}|[bcdđghklmnpqrstvwx]{{1,2}}(?![{_LOW}]))?"
)
# Digits are 0 to 9 alone, as \d matches those of other scripts too.
#: One part of a ký hiệu; digits may follow it (QH15, NHNN7).
SEGMENT = rf"{_ABBREVIATION}(?:\s?&\s?{_ABBREVIATION})?[0-9]{{0,3}}"
#: The số: "06", "66.7", "12a".
NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,2})?(?:[a-hkđA-HK]|\s[a-hđ](?=\s?/))?"
#: A year that is part of the number.
YEAR = r"(?:19|20)[0-9]{2}"
# A line break may follow a hyphen ("4464/QĐ-\n\nVPĐP" is one ký hiệu), and the hyphen may be repeated after it.
_HYPHEN = r"(?:\s?-[\s-]{0,4}|_)"
# A full stop between capitals ("QĐ.UBND") is a slip for the hyphen.
#: The ký hiệu: segments joined by hyphens or slashes.
CHAIN = rf"{SEGMENT}(?:(?:{_HYPHEN}|\s?/\s?|\.(?=[{_UP}]{{2}})){SEGMENT}){{0,7}}"
# No letter or digit may follow, unless the space before the next word was lost ("TT-BTCngày").
_END = r"(?=[^\w]|$|_|ngày|của|về)"

#: Where a số ký hiệu (forms A, B, C) may stand in cleaned text. Groups: number, year, symbol.
PATTERN = re.compile(
    rf"(?<![\w/,])(?<!\d[.:\-])(?P<number>{NUMBER})"
    rf"(?:\s?/\s?(?P<year>{YEAR})\s?/\s{{0,2}}|\s?/\s{{0,2}}|\s?-\s?(?={SEGMENT}\s?/\s?{SEGMENT}{_END}))"
    rf"(?P<symbol>{CHAIN}){_END}"
)

#: Form D, older shapes, which count only after a type word or "số". Groups as in PATTERN; sep: after the number.
OLDER = re.compile(
    rf"(?<![\w/,])(?<!\d[.:])(?P<number>[0-9]{{1,6}}[a-hkđ]?)"
    rf"(?:(?P<glued>[A-ZĐ]{{2,4}}|[CT]Tr|QyĐ)(?P<sep>\s?/\s?)"
    rf"|\s?/\s?(?P<short>[0-9]{{2}})\s?/\s?(?=QH|UBTVQH)"
    rf"|\s?/\s?(?P<year>{YEAR})(?P<sep2>\s?-\s?)(?=[{_UP}]{{2}}|L-{SEGMENT}(?!\w))"
    rf"|(?P<sep3>\s?-\s?))"
    rf"(?P<symbol>{CHAIN}){_END}"
)


_SPACES = re.compile(r"\s+")
_JOINTS = re.compile(r"[-._]+")

#: Texts of which the số ký hiệu is remembered: the documents of an office cite the same ones over and over.
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class SoKyHieu:
    """One số ký hiệu and its parts."""

    #: As printed: "06", "66.7", "12a".
    number: str
    #: Where it is part of the number (QPPL).
    year: str | None
    #: Without spaces: "QĐ-TTg", "NQ/TW".
    symbol: str
    #: Form C.
    party: bool = False
    #: What separates number and ký hiệu in form D; None for the other forms.
    joint: str | None = None

    def __str__(self) -> str:
        if self.joint is not None:
            return f"{self.number}{'/' + self.year if self.year else ''}{self.joint}{self.symbol}"
        if self.party:
            return f"{self.number}-{self.symbol}"
        return "/".join(p for p in (self.number, self.year, self.symbol) if p)

    @property
    def number_key(self) -> str:
        """See :func:`number_key`."""
        return number_key(self.number)

    @property
    def sym_key(self) -> str:
        """The ký hiệu as folded letters and digits: ``QDTTG``."""
        return letters(self.symbol)

    @property
    def segments(self) -> list[str]:
        """The parts of the ký hiệu: ``["QĐ", "TTg"]``."""
        return [s for s in re.split(r"[-/]", self.symbol) if s]

    @property
    def doc_type(self) -> str | None:
        """The loại that the ký hiệu names, None for a công văn's (no loại) or an unknown code."""
        return type_of_symbol(self.symbol)


@lru_cache(_KEPT)
def parse(text: str) -> SoKyHieu | None:
    """The số ký hiệu that is the whole of *text*, or None; spaces, dashes and look-alikes are tolerated.

    >>> str(parse("4464/QĐ-\\n\\nVPĐP"))
    '4464/QĐ-VPĐP'
    """
    cleaned = clean(text).strip()
    match = PATTERN.fullmatch(cleaned)
    if match:
        return from_match(match)
    older = OLDER.fullmatch(cleaned)
    return from_older(older) if older else None


def from_match(match: re.Match[str]) -> SoKyHieu:
    """What a match of :data:`PATTERN` means."""
    symbol = normal_symbol(match["symbol"])
    party = "-" in match.string[match.end("number") : match.start("symbol")]
    return SoKyHieu(_SPACES.sub("", match["number"]), match["year"], symbol, party)


def from_older(match: re.Match[str]) -> SoKyHieu:
    """What a match of :data:`OLDER` means."""
    symbol = normal_symbol(match["symbol"])
    if match["glued"]:
        return SoKyHieu(match["number"], None, match["glued"] + match["sep"].strip() + symbol, False, "")
    if match["year"]:
        return SoKyHieu(match["number"], match["year"], symbol, False, match["sep2"].strip())
    if match["short"]:
        return SoKyHieu(match["number"], None, symbol, False, f"/{match['short']}/")
    return SoKyHieu(match["number"], None, symbol, False, "-")


def normal_symbol(symbol: str) -> str:
    """A ký hiệu as it should be printed: no spaces, a hyphen where a full stop or a low line slipped in."""
    return _JOINTS.sub("-", _SPACES.sub("", symbol))


def number_key(number: str) -> str:
    """A number without leading zeros: ``06`` → ``6``; letters and dots are kept: ``12a``, ``66.7``."""
    return number.lstrip("0") or "0"


@cache
def _codes() -> dict[str, str]:
    """Code → loại; the first row of a code wins (QĐ is Quyết định until a written type says Quy định)."""
    codes: dict[str, str] = {}
    for row in rows("document_types"):
        if row["code"]:
            codes.setdefault(row["code"], row["name"])
    return codes


_GLUED = re.compile(
    r"(?P<code>QĐ|NĐ|NQ|TTr|TT|CT|KH|TB|BC|CĐ|KL|HD)(?:TTg|CP|UBND|HĐND|UBTVQH|BCĐ|TW|TU|B[A-ZĐ&]{2,})[A-ZĐ]*\d{0,2}"
)


@cache
def type_of_symbol(symbol: str) -> str | None:
    """The loại that the first segment of a ký hiệu names: ``QĐ-TTg`` → Quyết định; ``QH15``, ``SYT-NVY`` → None.

    A hyphen may be lost before an agency's code: ``QĐTTg`` → Quyết định.
    """
    first = re.split(r"[-/]", symbol)[0]
    if first.startswith("TTLT"):
        return "Thông tư liên tịch"
    glued = None if first in _codes() else _GLUED.fullmatch(first)
    return _codes().get(glued["code"] if glued else first)


@cache
def _codes_of_types() -> dict[str, str]:
    """Loại → code, "" where it has none; the first row of a loại wins."""
    codes: dict[str, str] = {}
    for row in rows("document_types"):
        codes.setdefault(row["name"], row["code"])
    return codes


def code_of_type(doc_type: str) -> str | None:
    """The code of a loại: ``Kế hoạch`` → ``KH``; None for a công văn, a law or an unknown type."""
    return _codes_of_types().get(doc_type) or None
