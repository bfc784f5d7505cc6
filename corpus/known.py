"""Documents known beforehand, as data with source and certainty; they never overwrite what a real file says.

Tables: ``known_central`` (laws, decrees, circulars: Bộ Pháp điển and the national database), ``known_ocop`` (what OCOP
rests on). A row whose number and date disagree, or whose certainty is ``K?``, is unsure and settles no conflict.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache

from corpus import identity
from corpus.dates import is_edtf
from corpus.fold import letters
from corpus.identity import LAWS, Facts
from corpus.so_ky_hieu import parse
from corpus.tables import DATA, rows

TABLES = ("known_ocop", "known_central")


@dataclass(frozen=True, slots=True)
class Known:
    """One known document. status: what was shown on checked_on, "" for nothing; sure: passed the checks."""

    facts: Facts
    key: str
    bucket: str
    sure: bool
    status: str
    status_from: str
    effective_date: str
    checked_on: str
    source: str
    certainty: str


def _row(row: dict[str, str]) -> Known | None:
    printed = parse(row["so_ky_hieu"])
    if printed is None:
        return None
    date = row["date"] if is_edtf(row["date"]) else None
    facts = Facts(
        doc_type=row["doc_type"] or None,
        number=printed.number_key,
        symbol=printed.symbol,
        sym_key=printed.sym_key,
        party=printed.party,
        so_ky_hieu=str(printed),
        date=date,
        year=printed.year or (date or "")[:4] or None,
        issuer=row["issuer"] or None,
        issuer_key=identity.issuer_key(row["issuer"] or None, printed.symbol, ""),
        title=row["title"] or None,
    )
    if facts.doc_type in LAWS and facts.title:
        facts.law = identity.law_slug(facts.title)
    bucket = identity.bucket(facts)
    if bucket is None:
        return None
    sure = row["certainty"] != "K?" and (printed.year is None or date is None or date[:4] == printed.year)
    return Known(
        facts=facts,
        key=identity.key_of(facts),
        bucket=bucket,
        sure=sure,
        status=row["status"],
        status_from=row.get("status_from", ""),
        effective_date=row["effective_date"],
        checked_on=row["checked_on"],
        source=row["source"],
        certainty=row["certainty"],
    )


@cache
def all_rows() -> dict[str, Known]:
    """Known documents by key; where two tables name one, the first (OCOP) row stands."""
    found: dict[str, Known] = {}
    for table in TABLES:
        for row in rows(table):
            known = _row(row)
            if known is not None and known.facts.issuer_known:
                found.setdefault(known.key, known)
    return found


@cache
def _buckets() -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = defaultdict(list)
    for known in all_rows().values():
        found[known.bucket].append(known)
    return dict(found)


def in_bucket(bucket: str) -> list[Known]:
    return _buckets().get(bucket, [])


def get(key: str) -> Known | None:
    return all_rows().get(key)


@cache
def _laws() -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = defaultdict(list)
    for known in all_rows().values():
        if known.facts.law and known.facts.date and known.sure:
            found[known.facts.law].append(known)
    return {name: sorted(rows, key=lambda k: str(k.facts.date)) for name, rows in found.items()}


def law(slug: str, date: str | None, citing: str | None) -> Facts | None:
    """The law of that name: of the given date, else the latest not after the citing document's; None when unsure."""
    versions = _laws().get(slug, [])
    if date:
        fits = [k for k in versions if identity.compatible(k.facts.date, date)]
        return replace(fits[0].facts) if len(fits) == 1 else None
    if citing is None:
        return replace(versions[0].facts) if len(versions) == 1 else None
    fits = [k for k in versions if identity.not_after(k.facts.date, citing)]
    return replace(fits[-1].facts) if fits else None


@cache
def version() -> str:
    """Changes when the tables do: a library settled under another one is settled again."""
    digest = hashlib.sha256()
    for table in TABLES:
        digest.update((DATA / f"{table}.tsv").read_bytes())
    return digest.hexdigest()[:16]


@cache
def spelled(sym_key: str) -> str | None:
    """The usual spelling of a ký hiệu: ``QDTTG`` → ``QĐ-TTg``."""
    seen = [k.facts.symbol or "" for k in all_rows().values() if letters(k.facts.symbol or "") == sym_key]
    return max(sorted(set(seen)), key=seen.count) if seen else None
