"""Vietnamese before Unicode: TCVN3 (ABC) and VNI text made Unicode, only where the result proves itself.

Both encodings put Vietnamese letters in the places of Western ones, so the text "has characters" and is still
unreadable. A conversion is accepted when the outcome is valid Vietnamese and the text before it was not.
"""

from __future__ import annotations

import re
from functools import cache

from corpus.fold import nfc
from corpus.tables import rows
from ingest.data import DATA
from ingest.syllables import quality

#: A conversion must reach this share of valid syllables (domain specification 6.3).
ACCEPTED = 0.90
#: Text with a smaller share is suspected.
SUSPECT = 0.75


@cache
def _table(encoding: str) -> tuple[re.Pattern[str], dict[str, str]]:
    pairs = {r["legacy"]: r["letter"] for r in rows("legacy_encodings", DATA) if r["encoding"] == encoding}
    longest_first = sorted(pairs, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), pairs


def convert(text: str, encoding: str) -> str:
    """*text* with the letters of *encoding* (``tcvn3`` or ``vni``) made Unicode."""
    pattern, pairs = _table(encoding)
    return nfc(pattern.sub(lambda m: pairs[m.group()], text))


def convert_font(text: str, font: str) -> str | None:
    """*text* set in *font* made Unicode, or None when the font's name does not tell a legacy encoding.

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
    """(encoding, converted text) when *text* is surely legacy Vietnamese, else None."""
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
