"""From rows of the database to the plain values of :mod:`corpus.library.values`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import RowMapping, select

from corpus import agencies, areas, sentences
from corpus.law import effect
from corpus.law.effect import Proof
from corpus.library.indexed import Indexed
from corpus.library.schema import claims, mentions
from corpus.library.values import Edge, Mention, Summary

#: Which relation stands for all mentions of one document by another: these first.
RELATION_ORDER = ("can_cu", "theo_de_nghi", "thuc_hien", "trien_khai", "thay_the", "bai_bo", "sua_doi_bo_sung")


MENTIONS = select(
    mentions.c.source_id,
    mentions.c.ordinal,
    mentions.c.citation,
    mentions.c.antecedent,
    mentions.c.claim_id,
    claims.c.target_id,
    claims.c.state,
    claims.c.method,
    claims.c.confidence.label("resolution"),
    claims.c.conflicts,
    claims.c.candidates,
).select_from(mentions.outerjoin(claims, claims.c.id == mentions.c.claim_id))


def outcome(row: RowMapping) -> tuple[str, int | None]:
    """State and target of a mention: one that means its own document is no citation of another."""
    if row["state"] is None or row["target_id"] == row["source_id"]:
        return "self", None
    return str(row["state"]), row["target_id"]


def summary(row: RowMapping) -> Summary:
    return Summary(
        id=int(row["id"]),
        doc_key=str(row["doc_key"]),
        held=bool(row["held"]),
        doc_type=row["doc_type"],
        so_ky_hieu=row["so_ky_hieu"],
        date=row["date"],
        issuer=row["issuer"],
        issuer_key=row["issuer_key"],
        title=row["title"],
        unsure=bool(row["unsure"]),
        restricted=bool(row["restricted"]),
        known=row["known"],
        known_only=bool(row["known_only"]),
    )


def indexed(row: RowMapping, linked: Sequence[tuple[int, bool]], cited_by: int, worth: Sequence[Proof]) -> Indexed:
    """A node with its record, text and area; linked: (target, whether a legal basis) in order; worth: by other files."""
    node, held = int(row["id"]), bool(row["held"])
    record = row["record"] if held else None
    said = (record or {}).get
    text = row["text"] if held else ""
    found = [*worth, *(effect.from_tables(row["known"], {}) if row["known"] else ())]
    found += effect.from_title(node, row["title"])
    then = agencies.province(row["issuer_key"], row["area"] or "")
    known_then = then if then in areas.provinces() else None
    return Indexed(
        id=node,
        held=held,
        kind=said("kind", "other") if held else "administrative",
        doc_type=row["doc_type"],
        number=said("number") if held else row["number_key"],
        symbol=said("symbol") if held else (row["facts"].get("f") or {}).get("symbol"),
        so_ky_hieu=row["so_ky_hieu"],
        number_key=row["number_key"],
        sym_key=row["sym_key"],
        date=row["date"],
        date_inferred=said("date_inferred"),
        issuer=row["issuer"],
        issuer_key=row["issuer_key"],
        parent_agency=said("parent_agency") or said("parent_agency_inferred"),
        level=agencies.level(row["issuer_key"]),
        province_then=known_then or (areas.beyond_table(row["issuer"]) if row["issuer"] else None),
        province_now=areas.now(known_then) if known_then else None,
        place=said("place"),
        title=row["title"],
        signer=said("signer"),
        recipients=list(said("recipients") or []),
        text=text,
        page_starts=sentences.page_starts(text) if held else [],
        basis=list(dict.fromkeys(target for target, legal in linked if legal)),
        cites=list(dict.fromkeys(target for target, _ in linked)),
        cited_by=cited_by,
        status=effect.state_on(found, effect.today()).state,
        unsure=bool(row["unsure"]),
    )


def edges(found: Iterable[Mention]) -> list[Edge]:
    grouped: dict[tuple[int, int], list[Mention]] = defaultdict(list)
    for mention in found:
        if mention.target is not None:
            grouped[mention.source, mention.target].append(mention)
    found_edges = []
    for (source, target), group in grouped.items():
        first = min(group, key=_weight)
        found_edges.append(
            Edge(
                source=source,
                target=target,
                relation=first.citation.relation,
                is_legal_basis=any(m.citation.is_legal_basis for m in group),
                wide_basis=any(m.wide_basis for m in group),
                inferred=all(m.state == "inferred" for m in group),
                confidence=max(m.confidence for m in group),
                mentions=group,
            )
        )
    return found_edges


def _weight(mention: Mention) -> tuple[bool, bool, int, int]:
    relation = mention.citation.relation
    rank = RELATION_ORDER.index(relation) if relation in RELATION_ORDER else len(RELATION_ORDER)
    return (not mention.citation.is_legal_basis, not mention.wide_basis, rank, mention.ordinal)
