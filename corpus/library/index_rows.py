"""Documents for the search index: one query each for the nodes, links, counts and effects of several documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Connection, RowMapping, Select, bindparam, distinct, func, select

from corpus import agencies, sentences
from corpus.law import effect
from corpus.law.effect import Proof
from corpus.library import segmented
from corpus.library.database import chunks
from corpus.library.indexed import Indexed
from corpus.library.json_length import list_length
from corpus.library.schema import claims, mentions, nodes, records
from corpus.model import Pinpoint
from corpus.outline import addresses_of
from corpus.vocabulary import Effect

_T = TypeVar("_T")
#: Documents that one query reads.
_TOGETHER = 200
#: Lists of provisions of a stored citation.
_PROVISIONS = ("pinpoints", "reported_pinpoints")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CITED = mentions.join(claims, claims.c.id == mentions.c.claim_id)


#: Reads some documents.
_Read = Callable[[Connection, Sequence[int], ColumnElement[bool]], dict[int, _T]]


def _in_parts(
    read: _Read[_T], connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]
) -> dict[int, _T]:
    """What *read* gives of *ids*, asked for some hundred at a time."""
    found: dict[int, _T] = {}
    for part in chunks(ids, _TOGETHER):
        found |= read(connection, part, visible)
    return found


@cache
def _rows(visible: ColumnElement[bool]) -> Select[Any]:
    return (
        select(nodes, records.c.record, records.c.text, records.c.area)
        .select_from(nodes.outerjoin(records, records.c.node_id == nodes.c.id))
        .where(nodes.c.id.in_(_IDS), nodes.c.merged_into.is_(None), visible)
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What the other documents of a library say of one."""

    #: How many cite it.
    cited_by: int = 0
    #: That they replace, repeal or amend it; of a claim that is settled.
    proofs: Sequence[Proof] = field(default=())


NONE_KNOWN: Mapping[int, Standing] = MappingProxyType({})


def shown(
    connection: Connection,
    ids: Sequence[int],
    visible: ColumnElement[bool],
    standings: Mapping[int, Standing] = NONE_KNOWN,
) -> dict[int, Indexed]:
    """Those of *ids* that exist, are visible and not merged, without what only the index needs.

    That is: without their words, and without what they cite. standings: those that are known already.
    """
    unknown = [id for id in ids if id not in standings]
    every = {**standings, **(standings_of(connection, unknown, visible) if unknown else {})}

    def read(connection: Connection, part: Sequence[int], visible: ColumnElement[bool]) -> dict[int, Indexed]:
        return _made(connection, part, visible, {}, every)

    return _in_parts(read, connection, ids, visible)


def standings_of(connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]) -> dict[int, Standing]:
    """The standing of each of *ids*."""
    return _in_parts(_standings, connection, ids, visible)


def _standings(connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]) -> dict[int, Standing]:
    cited_by, proofs = _citing_counts(connection, ids, visible), _proofs(connection, ids, visible)
    return {id: Standing(cited_by.get(id, 0), proofs.get(id, ())) for id in ids}


def indexed(connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]) -> dict[int, Indexed]:
    """Those of *ids* that exist, are visible and not merged into others."""
    return _in_parts(_whole, connection, ids, visible)


def _whole(connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]) -> dict[int, Indexed]:
    links, standings = _links_from(connection, ids, visible), _standings(connection, ids, visible)
    made = _made(connection, ids, visible, links, standings)
    for node, kept in segmented.of_nodes(connection, list(made)).items():
        made[node].words = segmented.unpacked(kept, made[node].text)
    for source, provisions in _provisions_from(connection, ids, visible).items():
        if source in made:
            made[source].provisions = provisions
    return made


def _made(
    connection: Connection,
    ids: Sequence[int],
    visible: ColumnElement[bool],
    linked: Mapping[int, Sequence[tuple[int, bool]]],
    standings: Mapping[int, Standing],
) -> dict[int, Indexed]:
    """The documents of *ids* with these links."""
    found = connection.execute(_rows(visible), {"ids": ids}).mappings()
    return {row["id"]: _indexed(row, linked.get(row["id"], ()), standings[row["id"]]) for row in found}


def effects(connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]) -> dict[int, Effect]:
    """The effect of each of *ids* today; nothing of a record is read."""
    return _in_parts(_effects, connection, ids, visible)


def _effects(connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]) -> dict[int, Effect]:
    found = connection.execute(
        select(nodes).where(nodes.c.id.in_(ids), nodes.c.merged_into.is_(None), visible)
    ).mappings()
    proofs = _proofs(connection, ids, visible)
    return {row["id"]: _effect(row, proofs[row["id"]]) for row in found}


def _effect(row: RowMapping, proofs: Sequence[Proof]) -> Effect:
    """The effect of a node today. proofs: what others state of it."""
    own = effect.from_tables(row["known"], {}) if row["known"] else ()
    every = [*proofs, *own, *effect.from_title(int(row["id"]), row["title"])]
    return effect.state_on(every, effect.today()).state


def _indexed(row: RowMapping, linked: Sequence[tuple[int, bool]], standing: Standing) -> Indexed:
    """A document of a node with its record. linked: as of :func:`_links_from`."""
    node, held = int(row["id"]), bool(row["held"])
    record = (row["record"] if held else None) or {}
    text = row["text"] if held else ""
    return Indexed(
        id=node,
        held=held,
        kind=record.get("kind", "other") if held else "administrative",
        doc_type=row["doc_type"],
        number=record.get("number") if held else row["number_key"],
        symbol=record.get("symbol") if held else (row["facts"].get("f") or {}).get("symbol"),
        so_ky_hieu=row["so_ky_hieu"],
        number_key=row["number_key"],
        sym_key=row["sym_key"],
        date=row["date"],
        date_inferred=record.get("date_inferred"),
        issuer=row["issuer"],
        issuer_key=row["issuer_key"],
        parent_agency=record.get("parent_agency") or record.get("parent_agency_inferred"),
        level=agencies.level(row["issuer_key"]),
        area=row["area"] or "",
        place=record.get("place"),
        title=row["title"],
        signer=record.get("signer"),
        recipients=list(record.get("recipients") or []),
        text=text,
        page_starts=sentences.page_starts(text) if held else [],
        tables=list(record.get("tables") or []),
        basis=list(dict.fromkeys(target for target, legal in linked if legal)),
        cites=list(dict.fromkeys(target for target, _ in linked)),
        cited_by=standing.cited_by,
        status=_effect(row, standing.proofs),
        unsure=bool(row["unsure"]),
    )


def _links_from(
    connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]
) -> dict[int, list[tuple[int, bool]]]:
    """What each document cites, in order of mention: (target, whether as a legal basis)."""
    linked: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for link in connection.execute(
        select(mentions.c.source_id, claims.c.target_id, mentions.c.legal)
        .select_from(_CITED.join(nodes, nodes.c.id == claims.c.target_id))
        .where(mentions.c.source_id.in_(ids), claims.c.target_id != mentions.c.source_id, visible)
        .order_by(mentions.c.source_id, mentions.c.ordinal)
    ):
        linked[link.source_id].append((link.target_id, link.legal))
    return linked


def _provisions_from(
    connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]
) -> dict[int, list[tuple[int, str]]]:
    """The provisions that each document cites, with those that contain them: (document, address)."""
    found: dict[int, dict[tuple[int, str], None]] = defaultdict(dict)
    named = [mentions.c.citation[name] for name in _PROVISIONS]
    lengths = [list_length(mentions.c.citation, name) for name in _PROVISIONS]
    for source, target, *lists in connection.execute(
        select(mentions.c.source_id, claims.c.target_id, *named)
        .select_from(_CITED.join(nodes, nodes.c.id == claims.c.target_id))
        .where(mentions.c.source_id.in_(ids), claims.c.target_id != mentions.c.source_id, visible)
        .where(lengths[0] + lengths[1] > 0)
        .order_by(mentions.c.source_id, mentions.c.ordinal)
    ):
        for pinpoint in (Pinpoint(**one) for several in lists for one in several or ()):
            found[source].update(dict.fromkeys((int(target), address) for address in addresses_of(pinpoint)))
    return {source: list(provisions) for source, provisions in found.items()}


@cache
def _is_citing(visible: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """Conditions on a mention, its claim and its source: a visible document cites one of :ids."""
    return (
        claims.c.target_id.in_(_IDS),
        mentions.c.source_id != claims.c.target_id,
        visible,
        (nodes.c.merged_into + 0).is_(None),  # a sum, so that SQLite begins with the claims, which are few
    )


@cache
def _counting(visible: ColumnElement[bool]) -> Select[Any]:
    return (
        select(claims.c.target_id, func.count(distinct(mentions.c.source_id)))
        .select_from(_CITED.join(nodes, nodes.c.id == mentions.c.source_id))
        .where(*_is_citing(visible))
        .group_by(claims.c.target_id)
    )


def _citing_counts(connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]) -> dict[int, int]:
    found = connection.execute(_counting(visible), {"ids": ids})
    return {int(target): int(count) for target, count in found}


@cache
def _proving(visible: ColumnElement[bool]) -> Select[Any]:
    return (
        select(claims.c.target_id, mentions.c.relation, nodes.c.date, nodes.c.id)
        .select_from(_CITED.join(nodes, nodes.c.id == mentions.c.source_id))
        .where(*_is_citing(visible), claims.c.state == "settled", mentions.c.relation.in_(effect.BY_RELATION))
    )


def _proofs(connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]) -> dict[int, list[Proof]]:
    """What other documents state of the effect of each: that it is replaced, repealed or amended."""
    found: dict[int, list[Proof]] = defaultdict(list)
    for row in connection.execute(_proving(visible), {"ids": ids}):
        found[row.target_id].append(Proof(effect.BY_RELATION[row.relation], row.date, row.id, "", "van_ban"))
    return found
