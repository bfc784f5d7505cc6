"""How likely the figures of a header are, by the rules for writing them (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date as Day

from rapidfuzz.distance import Levenshtein

#: Share of a lone digit that counts where two are prescribed, and of a 4 or 7 that stands for the 1 of two digits.
_LONE_DIGIT, _SLANTED_ONE = 0.15, 0.7

#: From when offices rest on Saturdays (Quyết định 188/1999/QĐ-TTg: the week of 40 hours).
_TWO_DAYS_OFF = Day(1999, 10, 2)
#: How much oftener than any day a working day and a day off date a document: of the 4,732 documents since then in
#: ``corpus/data/known_*.tsv`` 80 are dated on Saturdays and 54 on Sundays.
_WORKING_DAY, _DAY_OFF = 1.36, 0.1


def number_weight(number: str) -> float:
    """How likely a register holds this number.

    Leading digits occur as in running counts (Benford's law), numbers of five digits are rare, and a leading 0 comes
    only, and always, before a single digit (Nghị định 30/2020/NĐ-CP: 05, not 5).
    """
    value = int(number)
    if value == 0:
        return 1e-6
    if number[0] == "0":
        return math.log10(1 + 1 / value) if len(number) == 2 else 1e-4
    share = math.log10(1 + 1 / int(number[0]))
    return share * {1: 0.2, 5: 0.2}.get(len(number), 1.0)


def day_or_month_weights(strings: Mapping[str, float], highest: int) -> tuple[dict[int, float], float]:
    """(days or months up to *highest* that the strings may mean, with their weights; the weight of no digit at all).

    Days below 10 and months 1 and 2 are written with a 0 (Nghị định 30/2020/NĐ-CP, Phụ lục I): of one that stands alone
    the first digit was probably lost. A pen's 1 is read as 4 or 7, which begin no day or month of two digits.
    """
    valid: dict[int, float] = {}
    for string, probability in strings.items():
        if not string:
            continue
        alone = len(string) == 1 and (highest > 12 or string in "12")
        if string[0] in "47" and len(string) == 2:
            string, probability = "1" + string[1], probability * _SLANTED_ONE
        if 1 <= int(string) <= highest:
            weight = probability * (_LONE_DIGIT if alone else 1.0)
            valid[int(string)] = valid.get(int(string), 0.0) + weight
    return valid, strings.get("", 0.0) * _LONE_DIGIT


def partly_read(seen: str, highest: int) -> list[int]:
    """Days or months up to *highest* of two figures, one of which was *seen* beside a sign that is none ("A9": 9, 19,
    29); none where both or neither was seen."""
    signs = re.sub(r"[^\w%&#$?]|_", "", seen)
    figure = [at for at, sign in enumerate(signs) if sign.isdigit()]
    if len(signs) != 2 or len(figure) != 1:
        return []
    return [value for value in range(1, highest + 1) if f"{value:02}"[figure[0]] == signs[figure[0]]]


def calendar_weight(year: int, month: int, day: int) -> float:
    """How likely a document is dated that day, beside others: 0 where the calendar has none, low on a day off.

    1 on average over the days of a week.
    """
    try:
        dated = Day(year, month, day)
    except ValueError:
        return 0.0
    if dated < _TWO_DAYS_OFF:
        return 1.0
    return _DAY_OFF if dated.weekday() >= 5 else _WORKING_DAY


def start_of_year(text: str, year: str) -> int:
    """Where the slash and the year at the end of *text* begin, of which characters may be misread or lost."""
    ends = range(len(text), 0, -1)
    return min(ends, key=lambda at: Levenshtein.distance(text[at:], f"/{year}"))
