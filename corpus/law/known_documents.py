"""Known documents: rows of tables with source and certainty, which never overwrite what a file says.

========================  ==================================================================
table                     content
========================  ==================================================================
``known_central``         laws, decrees, circulars (Bộ Pháp điển, the national database)
``known_ocop``            the legal bases of the OCOP programme
``known_local``           documents of provinces, from public pages
``known_edges``           what one known document does to another
========================  ==================================================================

A row whose number and date disagree, or whose certainty is ``K?``, is not sure and decides no conflict.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from corpus import identity
from corpus.dates import is_edtf
from corpus.fold import letters
from corpus.identity import LAWS, Facts
from corpus.so_ky_hieu import parse
from corpus.tables import DATA, rows, rows_of
from corpus.vocabulary import Relation

#: Where several tables have one document the first of these counts.
TABLES = ("known_ocop", "known_local", "known_central")

#: A số ký hiệu whose bucket is its number and the first two letters of its ký hiệu, as of most rows.
_PLAIN_NUMBER = re.compile(
    r"0*(?P<number>[1-9][0-9]{0,4})(?:/(?P<year>(?:19|20)[0-9]{2}))?/"
    r"(?P<symbol>(?P<type>[A-ZĐ]{2})[A-Za-zĐđ]*(?:-[A-Za-zĐđ]+)*)"
)


class Known(NamedTuple):
    """One known document."""

    facts: Facts
    #: Its ``doc_key`` and bucket, see :mod:`corpus.identity`.
    key: str
    bucket: str
    #: Its certainty is not ``K?``, and its number agrees with its date.
    sure: bool
    #: Effect as the source showed it on the day it was checked; "" for nothing.
    status: str
    #: EDTF: from which day the status holds; "" where it is not known.
    status_from: str
    #: EDTF, "" where it is not known.
    effective_date: str
    #: EDTF: when the source was read.
    checked_on: str
    source: str
    #: S, V, K+, K~ or K?; see the comments of the tables.
    certainty: str


@cache
def _plain_symbol(symbol: str, *, after_year: bool) -> tuple[str, str, bool] | None:
    """What :func:`parse` says of this ký hiệu behind a plain number: itself, its key, and whether it is a party's."""
    printed = parse(f"1/2000/{symbol}" if after_year else f"1/{symbol}")
    return None if printed is None else (printed.symbol, printed.sym_key, printed.party)


def _facts_of_number(text: str) -> Facts | None:
    """What the số ký hiệu of a row says; None where it is none."""
    plain = _PLAIN_NUMBER.fullmatch(text)
    if plain is not None:
        number, year, symbol, _ = plain.groups()
        known = _plain_symbol(symbol, after_year=year is not None)
        if known is None:
            return None
        symbol, key, party = known
        return Facts(number=number, symbol=symbol, sym_key=key, party=party, so_ky_hieu=text, year=year)
    printed = parse(text)
    if printed is None:
        return None
    number, symbol, key, year = printed.number_key, printed.symbol, printed.sym_key, printed.year
    return Facts(number=number, symbol=symbol, sym_key=key, party=printed.party, so_ky_hieu=str(printed), year=year)


def _row(row: dict[str, str]) -> Known | None:
    facts = _facts_of_number(row["so_ky_hieu"])
    if facts is None:
        return None
    date = row["date"] if is_edtf(row["date"]) else None
    in_number = facts.year
    facts.doc_type, facts.issuer, facts.title = row["doc_type"] or None, row["issuer"] or None, row["title"] or None
    facts.date, facts.year = date, in_number or (date or "")[:4] or None
    facts.issuer_key = identity.issuer_key(facts.issuer, facts.symbol, "")
    if facts.doc_type in LAWS and facts.title:
        facts.law = identity.law_slug(facts.title)
    bucket = identity.bucket(facts)
    if bucket is None:
        return None
    sure = row["certainty"] != "K?" and (in_number is None or date is None or date[:4] == in_number)
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


def known_of(row: dict[str, str]) -> Known | None:
    """The known document of a row; None where its number or its agency cannot be told."""
    known = _row(row)
    return known if known is not None and known.facts.issuer_known else None


#: A table that was renewed without a release, as text; "" for none. One for the process: see :func:`renew`.
_renewed = [""]


def renew(text: str) -> None:
    """Let the rows of *text*, a table like ``known_central``, count before those of the program; "" for none.

    A library keeps the text and sets it when it is opened and before it is written to; it holds for the process.
    """
    if text != _renewed[0]:
        _renewed[0] = text
        for kept in (all_rows, _filed_rows, _others, symbols_in, _bucket, _days, _laws, version, *_KEPT):
            kept.cache_clear()


def _all_rows() -> Iterator[dict[str, str]]:
    """The rows of all tables, those that count first in front."""
    yield from rows_of(_renewed[0].splitlines())
    for table in TABLES:
        yield from rows(table)


@cache
def all_rows() -> dict[str, Known]:
    """All known documents by key."""
    found: dict[str, Known] = {}
    for row in _all_rows():
        known = _row(row)
        if known is not None and known.facts.issuer_known:
            found.setdefault(known.key, known)
    return found


class _FiledRow(NamedTuple):
    """A row that is not taken apart yet. symbol: its ký hiệu, where its number is plain."""

    place: int
    row: dict[str, str]
    symbol: str


@cache
def _filed_rows() -> dict[str, list[_FiledRow]]:
    """The rows by bucket, where the number alone tells it; the others under ""."""
    found: dict[str, list[_FiledRow]] = defaultdict(list)
    for place, row in enumerate(_all_rows()):
        plain = _PLAIN_NUMBER.fullmatch(row["so_ky_hieu"])
        bucket, symbol = (f"{plain['number']}:{letters(plain['type'])}", plain["symbol"]) if plain else ("", "")
        found[bucket].append(_FiledRow(place, row, symbol))
    return dict(found)


@cache
def _others() -> dict[str, list[tuple[int, Known]]]:
    """The rows whose bucket the number alone does not tell, by bucket."""
    found: dict[str, list[tuple[int, Known]]] = defaultdict(list)
    for place, known in _taken_apart(_filed_rows().get("", ())):
        found[known.bucket].append((place, known))
    return dict(found)


def _taken_apart(rows: Iterable[_FiledRow]) -> list[tuple[int, Known]]:
    every = ((place, _row(row)) for place, row, _ in rows)
    return [(place, known) for place, known in every if known is not None and known.facts.issuer_known]


@cache
def symbols_in(bucket: str) -> frozenset[str]:
    """The ký hiệu of the known documents of a bucket."""
    plain = {filed.symbol for filed in _filed_rows().get(bucket, ())} if bucket else set()
    return frozenset(plain | {str(known.facts.symbol) for _, known in _others().get(bucket, ())})


@cache
def _bucket(bucket: str, symbols: frozenset[str] | None = None) -> list[Known]:
    # A library asks for some of the rows, and taking one apart takes ten times as long as filing it.
    filed = _filed_rows().get(bucket, ()) if bucket else ()
    own = _taken_apart(one for one in filed if symbols is None or one.symbol in symbols)
    own += [one for one in _others().get(bucket, ()) if symbols is None or one[1].facts.symbol in symbols]
    found: dict[str, Known] = {}
    for _, known in sorted(own, key=itemgetter(0)):
        found.setdefault(known.key, known)
    return list(found.values())


def in_bucket(bucket: str, symbols: frozenset[str] | None = None) -> list[Known]:
    """The known documents of a bucket. symbols: those with one of these ký hiệu alone (:func:`symbols_in`)."""
    return _bucket(bucket, symbols)


def get(key: str) -> Known | None:
    """The known document of that key."""
    _, number, symbol, *_ = (*key.split("|"), "", "")
    return next((known for known in _bucket(f"{number}:{symbol[:2]}") if known.key == key), None)


@cache
def _days() -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = defaultdict(list)
    for known in all_rows().values():
        if known.facts.date:
            found[known.facts.date].append(known)
    return dict(found)


def dated(date: str) -> list[Known]:
    """The known documents of that day."""
    return _days().get(date, [])


@cache
def _laws() -> dict[str, list[Known]]:
    # Laws are asked for by every reading, which needs no other row.
    laws: dict[str, Known] = {}
    for row in (row for row in _all_rows() if row["doc_type"] in LAWS):
        known = _row(row)
        if known is not None and known.facts.issuer_known:
            laws.setdefault(known.key, known)
    found: dict[str, list[Known]] = defaultdict(list)
    for known in laws.values():
        if known.facts.law and known.facts.date and known.sure:
            found[known.facts.law].append(known)
    return {name: sorted(rows, key=lambda k: str(k.facts.date)) for name, rows in found.items()}


def law(slug: str, date: str | None, citing: str | None) -> Facts | None:
    """The law of that name: of *date*, else the latest that is not after *citing*, the date of the citing document.

    None where there is none, or where it is not clear which.
    """
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
    """A mark that changes with the tables; a library resolved with other tables is resolved again."""
    digest = hashlib.sha256()
    for table in (*TABLES, "known_edges"):
        digest.update((DATA / f"{table}.tsv").read_bytes())
    digest.update(_renewed[0].encode())
    return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class KnownEdge:
    """What one known document does to another."""

    #: Keys of the two documents: *source* cites, amends or replaces *target*.
    source: str
    target: str
    relation: str
    certainty: str
    #: Where it is known from.
    origin: str
    #: In Vietnamese, for a reader; may be empty.
    note: str

    @property
    def sure(self) -> bool:
        """Whether it is more than presumed (``K?``)."""
        return self.certainty != "K?"


def _key(so_ky_hieu: str, date: str, issuer: str) -> str:
    printed = parse(so_ky_hieu)
    if printed is None:
        raise ValueError(so_ky_hieu)
    facts = Facts(
        number=printed.number_key,
        symbol=printed.symbol,
        sym_key=printed.sym_key,
        party=printed.party,
        year=printed.year or date[:4],
        issuer_key=identity.issuer_key(issuer or None, printed.symbol, ""),
    )
    for known in in_bucket(identity.bucket(facts) or ""):
        other = known.facts
        if (other.sym_key, other.issuer_key, other.year) == (facts.sym_key, facts.issuer_key, facts.year):
            return known.key
    raise LookupError(f"{so_ky_hieu} {date} {issuer}")


@cache
def edges() -> tuple[KnownEdge, ...]:
    """Every known edge. Raises LookupError where an end is in no table."""
    return tuple(
        KnownEdge(
            _key(row["so_ky_hieu"], row["date"], row["issuer"]),
            _key(row["to_so_ky_hieu"], row["to_date"], row["to_issuer"]),
            row["relation"],
            row["certainty"],
            row["source"],
            row["note"],
        )
        for row in rows("known_edges")
    )


@cache
def _edges_by_target() -> dict[str, tuple[KnownEdge, ...]]:
    found: dict[str, list[KnownEdge]] = defaultdict(list)
    for edge in edges():
        found[edge.target].append(edge)
    return {key: tuple(several) for key, several in found.items()}


def edges_to(key: str) -> tuple[KnownEdge, ...]:
    """The known edges to the document *key*, in the order of the table."""
    return _edges_by_target().get(key, ())


#: Relations that change the effect of a document: both ends are shown as soon as one is in the library.
CHANGES = frozenset({Relation.REPLACES, Relation.REPEALS, Relation.AMENDS, Relation.CORRECTS})


@cache
def _neighbours() -> dict[str, frozenset[str]]:
    """Key → keys of what the document cites and of what changes its effect."""
    found: dict[str, set[str]] = defaultdict(set)
    for edge in edges():
        found[edge.source].add(edge.target)
        if edge.relation in CHANGES:
            found[edge.target].add(edge.source)
    return {key: frozenset(others) for key, others in found.items()}


def companions(present: set[str]) -> set[str]:
    """Known documents to show with those *present* in a library: their bases and what changed them, transitively."""
    seen, ahead = set(present), [key for key in present if key in _neighbours()]
    while ahead:
        for other in _neighbours().get(ahead.pop(), ()):
            if other not in seen:
                seen.add(other)
                ahead.append(other)
    return seen - present


@cache
def edge_buckets() -> dict[str, frozenset[str]]:
    """Bucket → keys in it that have known edges."""
    found: dict[str, set[str]] = defaultdict(set)
    for key in _neighbours():
        if (known := get(key)) is not None:
            found[known.bucket].add(key)
    return {bucket: frozenset(keys) for bucket, keys in found.items()}


#: What follows from the rows and is kept; made anew with them.
_KEPT = (edges, _edges_by_target, _neighbours, edge_buckets)
