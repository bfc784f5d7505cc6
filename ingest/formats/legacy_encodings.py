"""Vietnamese encodings older than Unicode: TCVN3 (ABC) and VNI, converted only where the result proves right.

Both put Vietnamese letters in the places of Western ones, so the text consists of letters and is still unreadable. A
conversion is accepted when its result is valid Vietnamese and the text before was not.
"""

from __future__ import annotations

import re
from functools import cache

from corpus.fold import nfc
from corpus.tables import rows
from ingest.data import DATA
from ingest.syllables import quality

#: Share of valid syllables a conversion must reach.
ACCEPTED = 0.90
#: Share of valid syllables below which a text is suspected to be in a legacy encoding.
SUSPECT = 0.75


@cache
def _table(encoding: str) -> tuple[re.Pattern[str], dict[str, str]]:
    pairs = {r["legacy"]: r["letter"] for r in rows("legacy_encodings", DATA) if r["encoding"] == encoding}
    longest_first = sorted(pairs, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), pairs


def convert(text: str, encoding: str) -> str:
    """*text* in Unicode, from *encoding* (``tcvn3`` or ``vni``)."""
    pattern, pairs = _table(encoding)
    return nfc(pattern.sub(lambda m: pairs[m.group()], text))


def convert_font(text: str, font: str) -> str | None:
    """*text* set in *font*, in Unicode; None where the font's name does not name a legacy encoding.

    Capital fonts (``.VnTimeH``) print small letters as capitals: TCVN3 has no code for capitals with a tone.
    """
    name = font.rpartition("+")[2]
    if name.lower().startswith(".vn"):
        converted = convert(text, "tcvn3")
        return converted.upper() if re.fullmatch(r"\.Vn\w*H", name.partition(",")[0].partition("-")[0]) else converted
    if name.lower().startswith("vni"):
        return convert(text, "vni")
    return None


def detect(text: str) -> tuple[str, str] | None:
    """(encoding, converted text) where *text* is certainly Vietnamese in a legacy encoding, else None."""
    before = quality(text)
    if before.judged < 4 or before.validity >= SUSPECT:
        return None
    best: tuple[float, str, str] | None = None
    for encoding in ("tcvn3", "vni"):
        converted = convert(text, encoding)
        after = quality(converted)
        if after.validity >= ACCEPTED and after.marking > 0.3 and (best is None or after.validity > best[0]):
            best = (after.validity, encoding, converted)
    return (best[1], best[2]) if best else None
