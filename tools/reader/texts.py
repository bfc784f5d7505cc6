"""What synthetic lines say: statute text, forms of office documents filled at random, and syllables of every tone.

Running text teaches the frequent words; forms teach số ký hiệu, dates, headings, table cells and signatures; syllables
drawn evenly over onset, rhyme and tone teach the net to look at the marks instead of guessing them from the word.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.tables import rows
from ingest.data import DATA as INGEST_DATA
from ingest.syllables import is_syllable
from tools.reader.alphabet import readable

DATA = Path(__file__).parent / "data"
#: One article in so many is kept for validation and never trained on.
HELD_OUT = 50

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_TELEPHONES = ("0{} {} {}", "0{}.{}.{}", "(0{}) {}{}", "0{}{}{}")
_TIMES = ("{} giờ {:02d}", "{} giờ {:02d} phút", "{}h{:02d}")
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_FIELD = re.compile(r"\{(\w+)\}")


def articles(path: Path, *, held_out: bool = False, every: int = 1, longest: int = 3000) -> list[str]:
    """Texts of statute articles (JSON lines, gzip, keys ``title`` and ``text``) in the reader's alphabet.

    held_out: those kept for validation, else all others. every: of those one in so many. longest: characters taken.
    """
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if (number % HELD_OUT == HELD_OUT - 1) is not held_out or number % every:
                continue
            article = json.loads(line)
            text = readable(article["text"][:longest])
            if len(text) > 20:
                found.append(text)
    return found


def syllables() -> list[str]:
    """All Vietnamese syllables, lower case, by onset, rhyme and tone."""
    table = rows("syllables", INGEST_DATA)
    onsets = ["", *(r["spelling"] for r in table if r["part"] == "onset")]
    rhymes = [r["spelling"] for r in table if r["part"] == "rhyme"]
    found = set()
    for onset in onsets:
        for rhyme in rhymes:
            for tone in _TONES:
                word = onset + _toned(rhyme, tone)
                if is_syllable(word):
                    found.add(word)
    return sorted(found)


def _toned(rhyme: str, tone: str) -> str:
    """*rhyme* with a combining *tone* on its main vowel: the one with a mark of its own, else by the usual rule."""
    vowels = [at for at, c in enumerate(rhyme) if unicodedata.normalize("NFD", c)[0] in "aeiouy"]
    if not tone or not vowels:
        return rhyme
    marked = [at for at in vowels if unicodedata.normalize("NFD", rhyme[at]) != rhyme[at]]
    closed = vowels[-1] < len(rhyme) - 1
    at = marked[-1] if marked else vowels[-1] if len(vowels) == 1 or closed else vowels[-2]
    return unicodedata.normalize("NFC", rhyme[: at + 1] + tone + rhyme[at + 1 :])


class Texts:
    """Draws the text of one line after the other.

    articles: running text to draw from. All randomness comes from *chance*.
    """

    def __init__(self, running: Sequence[str], chance: random.Random) -> None:
        self._chance = chance
        self._running = [text.split(" ") for text in running]
        self._syllables = syllables()
        # Letters with two marks (ố, ẫ, ợ) are misread most.
        self._hard = [s for s in self._syllables if any(len(unicodedata.normalize("NFD", c)) == 3 for c in s)]
        forms = rows("line_forms", DATA)
        self._forms = [r["line"] for r in forms]
        self._weights = [float(r["weight"]) for r in forms]
        self._types = [r["name"] for r in rows("document_types")]
        self._codes = [r["code"] for r in rows("document_types") if r["code"]] + ["UBND", "HĐND", "QĐ", "NĐ", "TTg"]
        self._agencies = [r["name"] for r in rows("agencies")] + [r["name"] for r in rows("agency_names")]
        self._agency_codes = [c for r in rows("agencies") for c in r["codes"].split("|") if c]
        self._agency_codes += [
            "UBND",
            "HĐND",
            "SYT",
            "SNV",
            "STC",
            "SNN",
            "SNNMT",
            "VPĐP",
            "VP",
            "TU",
            "BCĐ",
            "VX",
            "NN",
        ]
        self._provinces = [r["name"] for r in rows("provinces")]
        self._titles = [r["title"] for r in rows("signer_titles", INGEST_DATA)]
        self._surnames = [r["surname"] for r in rows("surnames", INGEST_DATA)]
        self._names = [r["name"] for r in rows("given_names", DATA)]

    def line(self, longest: int) -> str:
        """The text of one line, at most about *longest* characters, never empty."""
        chance, kind = self._chance, self._chance.random()
        if kind < 0.46:
            text = self._run(chance.randint(2, 24))
        elif kind < 0.78:
            text = self._form()
        elif kind < 0.86:
            text = self._row()
        else:
            text = self._drawn_syllables(chance.randint(2, 18))
        if chance.random() < 0.08:
            text = text.upper()
        return self._cut(readable(text), longest) or "số"

    def _cut(self, text: str, longest: int) -> str:
        if len(text) <= longest:
            return text
        start = self._chance.randint(0, len(text) - longest)
        start = text.find(" ", start) + 1 if start else 0
        part = text[start : start + longest]
        return part[: part.rfind(" ")] if " " in part[8:] else part

    def _run(self, words: int) -> str:
        article = self._chance.choice(self._running)
        start = self._chance.randint(0, max(0, len(article) - words))
        return " ".join(article[start : start + words])

    def _drawn_syllables(self, count: int) -> str:
        chance = self._chance
        drawn = [chance.choice(self._hard if chance.random() < 0.5 else self._syllables) for _ in range(count)]
        style = chance.random()
        if style < 0.2:
            drawn = [s.upper() for s in drawn]
        elif style < 0.4:
            drawn = [s.capitalize() for s in drawn]
        return " ".join(s + chance.choice(["", "", "", "", "", ",", ";", "."]) for s in drawn)

    def _row(self) -> str:
        return " ".join(self._cell() for _ in range(self._chance.randint(1, 7)))

    def _form(self) -> str:
        form = self._chance.choices(self._forms, self._weights)[0]
        return _FIELD.sub(lambda field: self._filled(field[1]), form)

    def _filled(self, field: str) -> str:
        if field.isupper():
            return self._filled(field.lower()).upper()
        if field[0].isupper():
            return self._filled(field.lower()).capitalize()
        makers: dict[str, Callable[[], str]] = {
            "loai": lambda: self._chance.choice(self._types),
            "co_quan": lambda: self._chance.choice(self._agencies),
            "tinh": lambda: self._chance.choice(self._provinces),
            "chuc_vu": lambda: self._chance.choice(self._titles),
            "ten": self._name,
            "ten_ngan": lambda: self._chance.choice(self._names),
            "chu": lambda: self._run(self._chance.randint(2, 9)).lower(),
            "ky": lambda: self._chance.choice(self._agency_codes),
            "ky_hieu": self._symbol,
            "so_ky_hieu": self._number_and_symbol,
            "vt": lambda: self._chance.choice(self._agency_codes),
            "ngay": self._date,
            "o": self._cell,
        }
        return makers[field]() if field in makers else self._figure(field)

    def _figure(self, field: str) -> str:
        integer, choice = self._chance.randint, self._chance.choice
        makers: dict[str, Callable[[], str]] = {
            "so": lambda: str(choice([integer(1, 99), integer(100, 999), integer(1000, 9999)])).zfill(2),
            "stt": lambda: f"{integer(1, 300)}{choice(['', '.', ''])}",
            "d": lambda: f"{integer(1, 31):02d}",
            "m": lambda: choice([f"{integer(1, 12):02d}", str(integer(1, 12))]),
            "y": lambda: str(integer(1990, 2030)),
            "y2": lambda: str(integer(2020, 2035)),
            "n": lambda: str(integer(1, 40)),
            "diem": lambda: choice("abcdđeghiklmnopq"),
            "la_ma": lambda: choice(_ROMAN),
            "so_lon": lambda: f"{integer(1, 10 ** integer(4, 11)):,}".replace(",", choice(".., ")),
            "tien": lambda: f"{integer(1, 9999)},{integer(0, 999)}",
            "phan_tram": lambda: f"{integer(0, 120)}{choice(['', f',{integer(0, 99)}', f'.{integer(0, 9)}'])}%",
            "dien_thoai": lambda: choice(_TELEPHONES).format(integer(20, 999), integer(100, 999), integer(1000, 9999)),
            "gio": lambda: f"{integer(0, 23):02d}:{integer(0, 59):02d}:{integer(0, 59):02d}",
            "gio_phut": lambda: choice(_TIMES).format(integer(0, 23), choice([0, 15, 30, 45, integer(0, 59)])),
            "mien": lambda: f"{self._plain()}.{self._plain()}.gov.vn",
            "thu_dien_tu": lambda: f"{self._plain()}@{self._plain()}.gov.vn",
        }
        return makers[field]()

    def _plain(self) -> str:
        word = unicodedata.normalize("NFD", self._chance.choice(self._syllables))
        return "".join(c for c in word if not unicodedata.combining(c)).replace("đ", "d")

    def _symbol(self) -> str:
        chance = self._chance
        first, second = chance.choice(self._codes), chance.choice(self._agency_codes)
        forms = [f"{first}-{second}"] * 4 + [f"{second}-{chance.choice(self._agency_codes)}"] * 2
        forms += [
            f"{first}/{second}",
            f"{first}-{second}-{chance.choice(self._agency_codes)}",
            f"{first}-{second}.{second}",
        ]
        return chance.choice(forms)

    def _number_and_symbol(self) -> str:
        chance, number, year = self._chance, self._figure("so"), self._figure("y")
        forms = [f"{number}/{self._symbol()}"] * 4 + [f"{number}/{year}/{self._symbol()}"] * 2
        forms += [f"{number}-{self._symbol()}", f"{number}/{year}/QH{chance.randint(9, 16)}"]
        return chance.choice(forms)

    def _date(self) -> str:
        day, month, year = self._chance.randint(1, 31), self._chance.randint(1, 12), self._figure("y")
        forms = [f"{day:02d}/{month:02d}/{year}", f"{day}/{month}/{year}", f"{day:02d}/{month}/{year}"]
        forms += [
            f"{day:02d} tháng {month:02d} năm {year}",
            f"{day} tháng {month} năm {year}",
            f"{day:02d}-{month}-{year}",
        ]
        return self._chance.choice(forms)

    def _name(self) -> str:
        given = [self._chance.choice(self._names) for _ in range(self._chance.choice([1, 2, 2, 2, 3]))]
        return " ".join([self._chance.choice(self._surnames), *given])

    def _cell(self) -> str:
        chance = self._chance
        field = chance.choice(["so", "so_lon", "phan_tram", "tien", "y", "so", "ngay", "so_ky_hieu", "chu", "ten"])
        value = self._filled(field)
        return value if field != "chu" else " ".join(value.split(" ")[: chance.randint(1, 3)])
