"""New inputs from old ones: mutations that know what goes wrong in this field, drawn from one random source."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from random import Random

from tests.fuzz.material import QUERY_PIECES, words

#: Look-alikes of a character, and what fonts, keyboards and OCR make of it.
LOOK_ALIKES = {
    "Đ": "ÐƉD",
    "đ": "ðd",
    "-": "–—‐−\u00ad_.",
    "/": "⁄∕1|Il7",
    ".": "…․。",
    ":": "：;",
    '"': "“”„«»",
    "'": "’‘",
    "0": "OoQ०０",
    "1": "Il|Í１١²",
    "2": "Z２",
    "3": "３٣",
    "5": "S５",
    "8": "B８",
    "A": "АΑＡ",
    "B": "ВΒ",
    "C": "СC̀",
    "E": "ЕΕ",
    "H": "НΗ",
    "K": "КΚ",
    "M": "М",
    "O": "ОΟ0",
    "P": "РΡ",
    "T": "ТΤ",
    "X": "ХΧ",
    "I": "Ііİ",
    "Q": "ＱO",
    "i": "ıі",
    "s": "ſß",
    "n": "ŉ",
    "f": "ﬁﬂ",
    "ơ": "ờo\u031b",
    "ư": "u\u031b",
    "ê": "e\u0302",
    "ố": "ồỗo\u0302\u0301",
    "ộ": "o\u0323\u0302",
    "ế": "e\u0301\u0302",
    " ": "\u00a0\u2009\u3000\t\u200b\n",
}
#: Combining marks.
MARKS = "\u0301\u0300\u0309\u0303\u0323\u0302\u0306\u031b\u0327\u0338\u20dd\u0489\u0345"
CONTROLS = "\x00\x01\x07\x08\x0b\x0c\x0d\x1b\x1f\x7f\x85\u2028\u2029\ufffe\uffff\ufffd"
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2066\u2069\u2060\ufeff\u180e\u034f\U000e0001"
FOREIGN = "ﷺşΐﬃ𝔔𝟙中й𒐫👩‍👩‍👧ⅣⅫ①㉈½৪໙ạ̈ǅﬀ"
#: Lone surrogate halves: never in good text, and refused or replaced at every boundary.
SURROGATES = "\ud800\udbff\udc00\udfff"

Mutation = Callable[[Random, str], str]


def _span(random: Random, text: str, most: int = 200) -> tuple[int, int]:
    start = random.randrange(len(text) + 1)
    return start, min(len(text), start + int(most ** random.random()))


def _put(random: Random, text: str, piece: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + piece + text[at:]


def insert_word(random: Random, text: str) -> str:
    """A word of the field put in."""
    return _put(random, text, random.choice(words()))


def replace_word(random: Random, text: str) -> str:
    """A piece replaced by a word of the field."""
    start, end = _span(random, text, 30)
    return text[:start] + random.choice(words()) + text[end:]


def delete(random: Random, text: str) -> str:
    """A piece left out."""
    start, end = _span(random, text)
    return text[:start] + text[end:]


def double(random: Random, text: str) -> str:
    """A piece doubled."""
    start, end = _span(random, text)
    return text[:end] + text[start:]


def repeat(random: Random, text: str) -> str:
    """A piece repeated, up to some thousand times."""
    start, end = _span(random, text, 40)
    times = int(4 ** (random.random() * 6))
    return text[:start] + text[start:end] * times + text[end:]


def move(random: Random, text: str) -> str:
    """A piece moved."""
    start, end = _span(random, text)
    return _put(random, text[:start] + text[end:], text[start:end])


def look_alike(random: Random, text: str) -> str:
    """Up to six characters replaced by look-alikes."""
    places = [i for i, char in enumerate(text[:3000]) if char in LOOK_ALIKES]
    for at in sorted(random.sample(places, min(len(places), random.randint(1, 6))), reverse=True):
        text = text[:at] + random.choice(LOOK_ALIKES[text[at]]) + text[at + 1 :]
    return text


def marks(random: Random, text: str) -> str:
    """Combining marks put in."""
    return _put(random, text, "".join(random.choices(MARKS, k=random.choice((1, 1, 2, 50)))))


def decompose(random: Random, text: str) -> str:
    """A piece in another normal form."""
    start, end = _span(random, text)
    form = random.choice(("NFD", "NFD", "NFKD", "NFKC"))
    return text[:start] + unicodedata.normalize(form, text[start:end]) + text[end:]  # type: ignore[arg-type]


def bare(random: Random, text: str) -> str:
    """A piece without diacritics."""
    start, end = _span(random, text)
    plain = "".join(c for c in unicodedata.normalize("NFD", text[start:end]) if not unicodedata.combining(c))
    return text[:start] + plain + text[end:]


def invisible(random: Random, text: str) -> str:
    """Invisible and control characters put in."""
    return _put(random, text, "".join(random.choices(INVISIBLE + CONTROLS, k=random.choice((1, 1, 3, 30)))))


def foreign(random: Random, text: str) -> str:
    """A character of another script put in."""
    return _put(random, text, random.choice(FOREIGN))


def surrogate(random: Random, text: str) -> str:
    """A lone surrogate half put in."""
    return _put(random, text, random.choice(SURROGATES))


def case(random: Random, text: str) -> str:
    """A piece in other case."""
    start, end = _span(random, text)
    change = random.choice((str.upper, str.lower, str.title, str.swapcase))
    return text[:start] + change(text[start:end]) + text[end:]


def digits(random: Random, text: str) -> str:
    """A number put in, some of them too long or too large."""
    long = "9" * random.choice((4, 6, 7, 30, 5000))
    piece = random.choice(("0", "00", long, "-1", "1e9", "20212", "32", "13", "1900", "２０２４", "٢٠", "1.000.000"))
    return _put(random, text, piece)


def spaces(random: Random, text: str) -> str:
    """White space changed."""
    gaps = [i for i, char in enumerate(text[:3000]) if char in " \n"]
    if not gaps:
        return _put(random, text, random.choice((" ", "\n", "   ")))
    at = random.choice(gaps)
    return text[:at] + random.choice(("", "\n", "  ", "    ", "\n\n", "\f", "\n \n", "\t")) + text[at + 1 :]


def lines(random: Random, text: str) -> str:
    """Lines in another order."""
    found = text.split("\n")
    random.shuffle(found) if random.random() < 0.3 else found.insert(0, found.pop(random.randrange(len(found))))
    return "\n".join(found)


def brackets(random: Random, text: str) -> str:
    """Brackets and quotation marks put in."""
    return _put(random, text, random.choice("()[]{}\"'“”«»<>") * random.choice((1, 2, 9, 300)))


def query_piece(random: Random, text: str) -> str:
    """A piece of the query language put in."""
    return _put(random, text, random.choice(QUERY_PIECES))


#: Twice where a mutation often finds something.
_COMMON: tuple[Mutation, ...] = (
    *(
        insert_word,
        insert_word,
        replace_word,
        replace_word,
        delete,
        double,
        repeat,
        move,
        look_alike,
        look_alike,
        marks,
    ),
    *(decompose, bare, invisible, foreign, surrogate, case, digits, spaces, lines, brackets),
)
_OF_QUERIES = (*_COMMON, *[query_piece] * 8)


def mutated(random: Random, target: str, pool: Sequence[str], most: int) -> str:
    """A new input of at most *most* characters for *target*, from one or two of *pool*."""
    text = random.choice(pool)
    if len(text) > 400 and random.random() < 0.7:  # an excerpt: most faults show within a paragraph
        start = random.randrange(len(text))
        text = text[start : start + int(40 * 100 ** random.random())]
    if random.random() < 0.2:
        other = random.choice(pool)
        cut, from_ = random.randrange(len(text) + 1), random.randrange(len(other) + 1)
        text = text[:cut] + other[from_ : from_ + 2000]
    choices = _OF_QUERIES if target in {"query", "lookup"} else _COMMON
    for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
        text = random.choice(choices)(random, text)[:most]
    return text
