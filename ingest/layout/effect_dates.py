"""When a document takes effect and when it ends, by its own text: ``có hiệu lực từ ngày …``, ``giai đoạn 2021-2025``.

Nghị định 34/2016/NĐ-CP, Điều 61, and Luật 80/2015/QH13, Điều 151, require the day in the last article. Where it stands
in words ("kể từ ngày ký"), it is the date of signing: inferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus import dates
from corpus.fold import fold, folded_text
from corpus.model import Evidence, Record
from ingest.layout.found import Found
from ingest.layout.zones import Structure, Zone, ZoneName

_DAY = r"(?:ngay\s+)?(\d{1,2})\s*(?:/|-|\.|\s+thang\s+)\s*(\d{1,2})\s*(?:/|-|\.|\s+nam\s+)\s*(\d{4})"
# "Thông tư này có hiệu lực": the effect of another ("Quyết định số 5 có hiệu lực …") is not this document's.
_TAKES_EFFECT = r"\b(?:\w+\s+)?\w+\s+nay\s+co\s+hieu\s+luc(?:\s+thi\s+hanh)?\s*(?:ke\s+)?tu\s+"
_EFFECT = re.compile(rf"{_TAKES_EFFECT}(?:{_DAY}|(?P<signing>ngay\s+(?:ky|ban\s+hanh)))")
_UNTIL = re.compile(
    rf"co\s+hieu\s+luc[^.;]{{0,80}}?\bden\s+(?:het\s+)?{_DAY}|\bnay\s+het\s+hieu\s+luc\s+(?:ke\s+)?tu\s+{_DAY}"
)
# What all of these say, and within how many characters before and behind it the rest stands.
_IN_EFFECT = re.compile(r"hieu\s+luc")
_AROUND = 200
_PERIOD = re.compile(r"giai\s+doan\s+(?:tu\s+)?(?:nam\s+)?(20\d\d|19\d\d)\s*(?:-|den(?:\s+nam)?)\s*(20\d\d|19\d\d)")
_YEAR = re.compile(r"\bnam\s+(20\d\d)\b")


def effect_dates(record: Record, structure: Structure) -> dict[str, Found]:
    """effective_date and expiry (EDTF days) and period (EDTF interval or year) of *record*, each with evidence."""
    found: dict[str, Found] = {}
    period = _period(record.title or "")
    if period:
        title = record.fields.get("title")
        page, start, end = (title.page, title.start, title.end) if title else (None, None, None)
        found["period"] = Found(period, Evidence(0.9, page=page, start=start, end=end, reasons=["theo trích yếu"]))
    folded = folded_text(record.text)
    for zone in structure.zones:
        if zone.part != 0 or zone.name != ZoneName.BODY:
            continue
        for match in _near_effect(_EFFECT, folded, zone):
            effect = _effect(match, record)
            if effect is not None:
                found.setdefault("effective_date", effect)
        for match in _near_effect(_UNTIL, folded, zone):
            day, month, year = (int(g) for g in match.groups() if g)
            value = dates.make(year, month, day)
            if value:
                found.setdefault("expiry", Found(value, Evidence(0.85, start=match.start(), end=match.end())))
    return found


def _near_effect(pattern: re.Pattern[str], folded: str, zone: Zone) -> Iterator[re.Match[str]]:
    """The matches of *pattern* around the words "hiệu lực", without trying it at every other word of the zone."""
    for cue in _IN_EFFECT.finditer(folded, zone.start, zone.end):
        start, end = max(zone.start, cue.start() - _AROUND), min(zone.end, cue.end() + _AROUND)
        yield from pattern.finditer(folded, start, end)


def _effect(match: re.Match[str], record: Record) -> Found | None:
    """The day of effect; None where it is no date, or the date of signing is not known."""
    start, end = match.span()
    if match["signing"]:
        if not record.date or len(record.date) != 10:
            return None
        seen = record.fields.get("date")
        confidence = min(0.9, seen.confidence if seen else 0.9)
        review = bool(seen and seen.needs_review)
        evidence = Evidence(confidence, review, True, start=start, end=end, reasons=["có hiệu lực từ ngày ký"])
        return Found(record.date, evidence)
    day, month, year = (int(g) for g in match.groups()[:3])
    value = dates.make(year, month, day)
    if not value:
        return None
    early = record.date is not None and len(record.date) == 10 and value < record.date
    reasons = ["sớm hơn ngày ban hành"] if early else []
    return Found(value, Evidence(0.6 if early else 0.95, early, start=start, end=end, reasons=reasons))


def _period(title: str) -> str | None:
    folded = fold(title)
    match = _PERIOD.search(folded)
    if match and match[1] <= match[2]:
        return f"{match[1]}/{match[2]}"
    years = set(_YEAR.findall(folded))
    return years.pop() if len(years) == 1 else None
