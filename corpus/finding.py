"""Finding a document by what a user writes: a số hiệu in any spelling, a key, a path, ``#12``, a law's name."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from corpus import areas, identity
from corpus.fold import clean, fold, letters, squeeze
from corpus.schema import files, nodes, records, redirects
from corpus.settling import head_of
from corpus.so_ky_hieu import PATTERN, code_of_type, from_match, number_key
from corpus.tables import rows as table_rows


def by_words(connection: Connection, said: str) -> list[RowMapping]:
    """The nodes *said* may name: by the first way of reading it that finds any."""
    for look in (_find_id, _find_key, _find_path, _find_number, _find_law):
        rows = look(connection, said)
        if rows:
            return rows
    return []


def _rows(connection: Connection, where: Any) -> list[RowMapping]:
    return list(connection.execute(select(nodes).where(where, nodes.c.merged_into.is_(None))).mappings())


def _find_id(connection: Connection, said: str) -> list[RowMapping]:
    match = re.fullmatch(r"#\s*(\d+)", said)
    if not match:
        return []
    wanted = int(match[1])
    if wanted >= 2**63:  # no database holds it, and SQLite cannot even be asked
        return []
    onward = connection.execute(select(redirects.c.new_id).where(redirects.c.old_id == wanted)).scalar()
    wanted = wanted if onward is None else int(onward)
    return _rows(connection, nodes.c.id == head_of(connection, wanted))


def _find_key(connection: Connection, said: str) -> list[RowMapping]:
    return _rows(connection, nodes.c.doc_key == said) if "|" in said else []


def _find_path(connection: Connection, said: str) -> list[RowMapping]:
    for path in (said, str(Path(said).resolve()) if os.path.exists(said) else ""):
        query = select(records.c.node_id).join(files, files.c.sha256 == records.c.sha256).where(files.c.path == path)
        node = connection.execute(query).scalar()
        if node is not None:
            return _rows(connection, nodes.c.id == head_of(connection, int(node)))
    return []


def _find_number(connection: Connection, said: str) -> list[RowMapping]:
    wanted = spoken_number(said)
    if wanted is None:
        return []
    number, year, symbol, rest = wanted
    rows = _rows(connection, nodes.c.number_key == number)
    if year:
        dated = [r for r in rows if (r["facts"].get("f") or {}).get("year") == year]
        rows = dated or rows
    named = areas.mentioned(rest)
    if named:
        rows = [r for r in rows if f"tinh:{named[0][0]}" in (r["issuer_key"] or "")]
    if not symbol:
        return rows
    exact = [r for r in rows if r["sym_key"] == symbol]
    return exact or [r for r in rows if _near_symbol(symbol, r)]


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


def _find_law(connection: Connection, said: str) -> list[RowMapping]:
    name = identity.law_slug(said)
    return _rows(connection, nodes.c.name_bucket == f"luat:{name}") if len(name) > 3 else []


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
    codes = re.match(r"[\s/-]*((?:[a-z&]{1,12}\d{0,2}(?:[\s/-]+|$)){1,5})$", after)
    tail = letters(codes[1]) if codes else ""
    if len(before) > 12 or (before and prefix):
        return None
    symbol = tail if tail and tail.startswith(prefix) else (before or prefix) + tail
    return number_key(found[1]), found[2] or None, symbol, "" if tail else after
