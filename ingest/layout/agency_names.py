"""Names of agencies as headers print them, in capitals, turned into names as sentences print them."""

from __future__ import annotations

from functools import cache

from rapidfuzz.distance import Levenshtein

from corpus import areas
from corpus.fold import canonical, clean, letters, squeeze
from corpus.tables import rows
from ingest.layout import name_grammar

#: Words of an agency's name; a longer text is none and is left as it is.
_MAX_WORDS = 60
#: Letters of a name from which one slip of OCR, and two, are repaired by the table of known agencies.
_ONE_SLIP, _TWO_SLIPS = 6, 16


@cache
def _known() -> dict[str, str]:
    """Letters of a printed form → the name: central agencies, local ones, UBND and HĐND of every province."""
    names: dict[str, str] = {}
    for row in rows("agencies"):
        names[letters(row["name"])] = row["name"]
    for row in rows("agency_names"):
        names.setdefault(letters(row["name"]), row["name"])
        if row["name"].startswith("Sở "):
            names.setdefault(letters(row["name"] + " tỉnh"), row["name"] + " tỉnh")
    for province in areas.provinces().values():
        full = f"{province.kind} {province.name}"
        for head in ("UBND", "Ủy ban nhân dân", "HĐND", "Hội đồng nhân dân"):
            names[letters(f"{head} {full}")] = f"{head} {full}"
        for row in rows("agency_names"):
            if row["name"].startswith("Sở "):
                names.setdefault(letters(f"{row['name']} {province.name}"), f"{row['name']} {province.name}")
    return names


def known(printed: str, *, ocr: bool) -> tuple[str, bool] | None:
    """(name, whether the letters match exactly) for a printed agency that the tables hold; None for any other.

    Born-digital text is not corrected: marks that differ there make it another name. In a scan a slip or two of OCR are
    allowed, unless the first word shows another kind of body ("Sở Thương mại" is no misread "Bộ Thương mại").
    """
    key = letters(printed)
    name = _known().get(key)
    if name is not None:
        return (name, True) if ocr or canonical(name) == canonical(printed) else None
    slips = 0 if not ocr or len(key) < _ONE_SLIP else 1 if len(key) < _TWO_SLIPS else 2
    if not slips or _is_another_place(printed):
        return None
    near = {
        name
        for k, name in _known().items()
        if Levenshtein.distance(key, k, score_cutoff=slips) <= slips and _first_word(name) == _first_word(printed)
    }
    return (near.pop(), False) if len(near) == 1 else None


def _first_word(name: str) -> str:
    return letters(name.split()[0])


def _is_another_place(printed: str) -> bool:
    """Whether the name ends with the name of a unit, so that no letter of it is a slip."""
    from corpus import gazetteer

    found = name_grammar.parts(printed.split(), ocr=True)
    last = found[-1] if found else None
    return last is not None and last.kind is name_grammar.PartKind.PLACE and bool(gazetteer.named(last.text))


def from_capitals(printed: str, *, ocr: bool = False) -> str:
    """``SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG`` → ``Sở Nông nghiệp và Môi trường``; mixed case is left as it is.

    ocr: whether words that lost their marks get them back.
    """
    text = squeeze(clean(printed))
    if text != text.upper() or text.count(" ") >= _MAX_WORDS:
        return text
    return " ".join(part.text for part in name_grammar.parts(text.split(), ocr=ocr))


def read(printed: str, *, ocr: bool) -> tuple[str, bool]:
    """(the name of a printed agency, whether its letters were repaired)."""
    text = squeeze(clean(printed))
    if text.count(" ") >= _MAX_WORDS:
        return text, False
    found = known(text, ocr=ocr)
    name = found[0] if found else from_capitals(text, ocr=ocr)
    return name, canonical(name) != canonical(text) and not _is_abbreviated(name, text)


def _is_abbreviated(name: str, printed: str) -> bool:
    """Whether two forms differ only by what the tables write out or abbreviate."""
    return letters(name) == letters(printed) and canonical(name.replace(".", "")) == canonical(printed.replace(".", ""))
