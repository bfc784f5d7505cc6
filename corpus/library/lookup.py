"""Finding a document by what a user writes: a số hiệu in any spelling, a key, a path, ``#12``, a law's name.

Behind a số hiệu may stand its agency, its place, its year or its day: ``45/KH-UBND xã Đồng Mây năm 2023``.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from corpus import agencies, areas, dates, identity
from corpus.fold import clean, fold, letters, squeeze
from corpus.library.addresses import LARGEST_ID, head_of, redirected
from corpus.library.schema import files, nodes, records
from corpus.so_ky_hieu import PATTERN, code_of_type, from_match, number_key
from corpus.tables import rows as table_rows


def by_words(connection: Connection, said: str, visible: Any) -> list[RowMapping]:
    """The nodes *said* may name: by the first way of reading it that finds any. visible: which there are to the asker."""
    for look in (_find_id, _find_key, _find_path, _find_number, _find_law):
        rows = look(connection, said, visible)
        if rows:
            return rows
    return []


def _rows(connection: Connection, where: Any, visible: Any) -> list[RowMapping]:
    # Only what may be seen: one that is hidden must not stand in the way of a near one either.
    query = select(nodes).where(where, nodes.c.merged_into.is_(None), visible)
    return list(connection.execute(query).mappings())


def _find_id(connection: Connection, said: str, visible: Any) -> list[RowMapping]:
    match = re.fullmatch(r"#\s*(\d+)", said)
    if not match:
        return []
    wanted = int(match[1])
    if wanted > LARGEST_ID:  # no database holds it, and SQLite cannot even be asked
        return []
    return _rows(connection, nodes.c.id == head_of(connection, redirected(connection, wanted)), visible)


def _find_key(connection: Connection, said: str, visible: Any) -> list[RowMapping]:
    return _rows(connection, nodes.c.doc_key == said, visible) if "|" in said else []


def _find_path(connection: Connection, said: str, visible: Any) -> list[RowMapping]:
    for path in (said, str(Path(said).resolve()) if os.path.exists(said) else ""):
        query = (
            select(records.c.node_id)
            .join(files, files.c.sha256 == records.c.sha256)
            .join(nodes, nodes.c.id == records.c.node_id)
            .where(files.c.path == path, visible)
        )
        node = connection.execute(query).scalar()
        if node is not None:
            return _rows(connection, nodes.c.id == head_of(connection, int(node)), visible)
    return []


def _find_number(connection: Connection, said: str, visible: Any) -> list[RowMapping]:
    wanted = spoken_number(said)
    if wanted is None:
        return []
    number, year, symbol, rest = wanted
    rows = _rows(connection, nodes.c.number_key == number, visible)
    if year:
        dated = [r for r in rows if (r["facts"].get("f") or {}).get("year") == year]
        rows = dated or rows
    rows = _of_day(rows, rest)
    agency = _AGENCY.search(rest)
    if agency:
        rows = [r for r in rows if _of_agency(r, agency["name"])]
    elif place := _place_alone(rest):
        there = [r for r in rows if _of_agency(r, place)]
        rows = there if there or areas.province_named(place) else rows
    if not symbol:
        return rows
    exact = [r for r in rows if r["sym_key"] == symbol]
    return exact or _of_place_in_symbol(symbol, rows) or [r for r in rows if _near_symbol(symbol, r)]


#: A day or a year written behind a số hiệu, and the agency or place.
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?((?:19|20)\d\d)(?!\d)")
_IN_YEAR = re.compile(r"(?<![\w/.-])(?:năm\s+|nam\s+)?((?:19|20)\d\d)(?![\d/.-])", re.IGNORECASE)
_AGENCY = re.compile(
    r"(?:^|[\s,(])(?:(?:của|cua|do)\s+(?=\S)|(?=(?:ubnd|hđnd|hdnd|[uủ][yỷ] ban|h[oộ]i [đd][oồ]ng|ch[uủ] t[iị]ch|th[uủ] t[uư][oớ]ng|"
    r"ch[ií]nh ph[uủ]|qu[oố]c h[oộ]i|b[oộ]|s[oở]|ph[oò]ng|chi c[uụ]c|v[aă]n ph[oò]ng|ban|(?:t[iỉ]nh|huy[eệ]n|th[iị]|th[aà]nh) [uủ]y|"
    r"t[iỉ]nh|huy[eệ]n|qu[aậ]n|x[aã]|ph[uư][oờ]ng|th[iị] x[aã]|th[iị] tr[aấ]n|th[aà]nh ph[oố]|tp\.?|đ[aặ]c khu)(?!\w)))"
    r"(?P<name>[^\d,;()]+)",
    re.IGNORECASE,
)
_BEHIND_AGENCY = re.compile(r"\s(?:nam|ngay|ve|v/v|phe duyet|ban hanh)(?!\w).*$")


def _of_day(rows: list[RowMapping], rest: str) -> list[RowMapping]:
    """Those of the day, or else of the year, that *rest* names; all where it names none."""
    day = _DAY.search(rest)
    if day:
        wanted = dates.make(int(day[3]), int(day[2]), int(day[1]))
        return [r for r in rows if wanted and r["date"] and identity.compatible(r["date"], wanted)]
    year = _IN_YEAR.search(rest)
    if year:
        return [r for r in rows if year[1] in ((r["facts"].get("f") or {}).get("year"), (r["date"] or "")[:4])]
    return rows


def _place_alone(rest: str) -> str:
    """What may be a place's name without its kind ("Đồng Mây"): the few words behind a số hiệu; "" where there are more."""
    words = _IN_YEAR.sub(" ", _DAY.sub(" ", rest)).strip(" ,.;:()-").split()
    return " ".join(words) if len(words) <= _MOST_WORDS_OF_A_PLACE and "," not in "".join(words) else ""


#: "Bà Rịa - Vũng Tàu" has five.
_MOST_WORDS_OF_A_PLACE = 5


def _of_agency(row: RowMapping, said: str) -> bool:
    """Whether the agency or place that a user names is *row*'s: the words stand in its issuer, or the keys are equal."""
    wanted = squeeze(_BEHIND_AGENCY.sub("", fold(agencies.short(said))))
    issuer = (row["facts"].get("f") or {}).get("issuer") or ""
    known = squeeze(fold(agencies.short(issuer)))
    if wanted and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", known):
        return True
    own = row["issuer_key"] or ""
    named = areas.mentioned(said)
    if named and f"tinh:{named[0][0]}" in own:
        return True
    return bool(own) and agencies.issuer_key(squeeze(said)) == own


def _of_place_in_symbol(symbol: str, rows: list[RowMapping]) -> list[RowMapping]:
    """``45 kh ubnd xa dong may``: the ký hiệu, and behind it letters of the issuer; ``ke hoach 45 dong may``: its loại."""
    found = []
    for row in rows:
        key = row["sym_key"] or ""
        issuer = letters((row["facts"].get("f") or {}).get("issuer") or "")
        if len(key) > 3 and symbol.startswith(key) and len(symbol) > len(key) and symbol[len(key) :] in issuer:
            found.append(row)
            continue
        kind = letters(code_of_type(row["doc_type"] or "") or "")
        if kind and key.startswith(kind) and symbol.startswith(kind) and _words_of(row, symbol[len(kind) :]):
            found.append(row)
    return found


def _words_of(row: RowMapping, said: str) -> bool:
    """Whether letters are whole words of *row*'s issuer, one after the other."""
    words = [letters(w) for w in fold((row["facts"].get("f") or {}).get("issuer") or "").split()]
    return len(said) > 3 and any(
        said == "".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, len(words) + 1)
    )


def _near_symbol(symbol: str, row: RowMapping) -> bool:
    key = row["sym_key"] or ""
    if key.startswith(symbol) or (symbol.startswith(key) and len(key) > 3):
        return True
    printed = (row["facts"].get("f") or {}).get("symbol") or ""
    parts = [letters(p) for p in re.split(r"[-/]", printed) if p]
    if len(parts) < 2 or not symbol.startswith(parts[0]):
        return False
    rest = symbol[len(parts[0]) :]
    return bool(rest) and (rest in "".join(parts[1:]) or rest.endswith("".join(parts[1:])))


def _find_law(connection: Connection, said: str, visible: Any) -> list[RowMapping]:
    name = identity.law_slug(said)
    return _rows(connection, nodes.c.name_bucket == f"luat:{name}", visible) if len(name) > 3 else []


_SPOKEN = re.compile(r"(?<![\d/.,])(\d{1,6}(?:\.\d{1,2})?(?:[a-z](?![a-z]))?)(?:\s?/\s?((?:19|20)\d\d)(?!\d))?")


def spoken_number(said: str) -> tuple[str, str | None, str, str] | None:
    """A số hiệu in any spelling → (number key, year, letters of the ký hiệu or "", the words after it); None if none.

    ``quyet dinh 490`` → ("490", None, "QD", ""); ``4464 qd bnn vpdp`` → ("4464", None, "QDBNNVPDP", "").
    """
    text = squeeze(clean(said))
    match = PATTERN.search(text)
    if match:
        printed = from_match(match)
        return printed.number_key, printed.year, printed.sym_key, text[match.end() :]
    folded = fold(text)
    prefix = ""
    for row in sorted(table_rows("document_types"), key=lambda r: -len(r["name"])):
        name = fold(row["name"])
        if folded.startswith(name + " ") or folded == name:
            prefix, folded = letters(code_of_type(row["name"]) or ""), folded[len(name) :]
            break
    folded = re.sub(r"^\s*(?:so|s0)\b[\s:.]*", " ", folded)
    found = _SPOKEN.search(folded) or re.search(r"(?<=[a-z])(\d{1,6})(?![\d])()", folded)
    if not found:
        return None
    before = letters(re.sub(r"\bso\b", " ", folded[: found.start()]))
    after = folded[found.end() :]
    narrowing = re.search(r"\s(?:cua|do|nam|ngay)\s|$", after)
    assert narrowing is not None
    codes = re.match(r"[\s/-]*((?:[a-z&]{1,12}\d{0,2}(?:[\s/-]+|$)){1,5})$", after[: narrowing.start()])
    tail = letters(codes[1]) if codes else ""
    if len(before) > 12 or (before and prefix):
        return None
    symbol = tail if tail and tail.startswith(prefix) else (before or prefix) + tail
    return number_key(found[1]), found[2] or None, symbol, after[narrowing.start() :] if tail else after
