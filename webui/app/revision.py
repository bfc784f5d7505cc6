"""What must be revised: documents that rest on a changed one, and an agency's documents with changed căn cứ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from corpus import identity
from corpus.checks.changed_bases import ENDED, changed_bases
from corpus.checks.effect_status import EffectReader
from corpus.errors import NotFound
from corpus.fold import fold, squeeze
from corpus.law.effect import EffectStatus, today
from corpus.library.schema import nodes
from corpus.vocabulary import Relation
from webui.app import document_view, effect_words, effects, json_shapes
from webui.app.labels import RELATIONS

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView

#: Documents that one list looks at; the list says where it ends.
MOST = 1_000
#: An issuer whose name was not read.
NO_AGENCY = "chưa rõ cơ quan"
#: Relations by which a document rests on another without having it as a legal basis.
_WIDE = frozenset({Relation.BASIS_OF_TASK, Relation.PROPOSED_IN, Relation.IMPLEMENTS, Relation.DEPLOYS})
_BASES = _WIDE | {Relation.LEGAL_BASIS}


class Need(StrEnum):
    """What is to be done with a document that rests on a changed one. Each has a heading for a page."""

    heading: str

    def __new__(cls, value: str, heading: str = "") -> Need:
        """A member with its stored *value* and its heading."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.heading = heading
        return made

    #: It is a legal basis of a document that still stands.
    LOOK = "can_xem", "Chưa thấy bị thay thế, cần xem lại"
    #: The document has itself been replaced, repealed or has ended.
    ENDED = "da_het", "Chính nó đã bị thay thế, bãi bỏ hoặc hết hiệu lực"
    #: It rests on it widely only: a proposal, a task.
    WIDE = "rong", "Chỉ thực hiện hoặc theo đề nghị, không phải căn cứ"
    #: One of several documents that a citation may mean.
    POSSIBLE = "co_the", "Có thể dựa vào, chưa chắc là văn bản nào"


def of_document(library: LibraryView, graph: Graph, id: int, *, agency: str = "") -> dict[str, Any]:
    """The documents that rest directly on document *id*, by what is to be done with each. Raises NotFound.

    ``{"document", "effect", "changed", "groups": [{"need", "heading", "rows"}], "agencies", "total", "cut"}``; a row
    has the document, its agency, its effect today, and how it cites. agency: only documents of that name.
    """
    here = library.summary(id)
    reader, now = EffectReader(library, graph), today()
    citing = [one for one in graph.citing(here.id) if one.is_legal_basis or one.wide_basis or one.relation in _WIDE]
    named = library.summaries([one.source for one in citing[:MOST]])
    reader.gather(named.values())
    rows: dict[Need, list[dict[str, Any]]] = {need: [] for need in Need}
    for one in citing[:MOST]:
        if one.source in named:
            status = reader.status(one.source, now)
            need = Need.ENDED if status.state in ENDED else Need.LOOK if one.is_legal_basis else Need.WIDE
            rows[need].append(_row(json_shapes.summary(named[one.source]), status, RELATIONS[one.relation]))
    for document, how in _possible(library, graph, here.id, set(named)):
        rows[Need.POSSIBLE].append(_row(document, reader.status(document["id"], now), how))
    counts = _agencies(rows)
    if agency:
        rows = {need: [row for row in found if row["agency"] == agency] for need, found in rows.items()}
    effect = effects.of(library, graph, here.id)
    return {
        "document": json_shapes.summary(here),
        "effect": effect,
        "changed": effect["state"] in ENDED or effect["state"] in {"bi_sua_doi", "het_hieu_luc_mot_phan"},
        "groups": [{"need": str(need), "heading": need.heading, "rows": _sorted(rows[need])} for need in Need],
        "agencies": counts,
        "total": sum(map(len, rows.values())),
        "cut": len(citing) > MOST,
    }


def _possible(library: LibraryView, graph: Graph, id: int, known: set[int]) -> Iterator[tuple[dict[str, Any], str]]:
    """Documents beside those of *known* that may rest on *id*: by an unsettled citation, or by the tables."""
    for one in document_view.possible_sources(library, id):
        if one["basis"] and one["document"]["id"] not in known:
            yield one["document"], f"ghi “{one['text']}”"
    links = [link for link in graph.cited_by_links(id) if link.fact and link.relation in _BASES]
    named = library.summaries({link.source for link in links} - known)
    for link in links:
        if link.source in named:
            words = f"{RELATIONS[link.relation]}, theo {effects.ORIGINS['bang']}"
            yield json_shapes.summary(named.pop(link.source)), words


def _row(document: dict[str, Any], status: EffectStatus, how: str) -> dict[str, Any]:
    """how: in which way it rests on the changed document, in words."""
    return {
        "document": document,
        "agency": document["issuer"] or NO_AGENCY,
        "state": str(status.state),
        "words": effect_words.state_words(status),
        "how": how,
    }


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By agency, newest first within one."""
    newest = sorted(rows, key=lambda row: row["document"]["date"] or "", reverse=True)
    return sorted(newest, key=lambda row: fold(row["agency"]))


def _agencies(rows: Mapping[Need, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """``{"name", "total", "look"}`` of each agency, those with most to look at first."""
    counts: dict[str, list[int]] = {}
    for need, found in rows.items():
        for row in found:
            count = counts.setdefault(row["agency"], [0, 0])
            count[0] += 1
            count[1] += need is Need.LOOK
    ordered = sorted(counts.items(), key=lambda item: (-item[1][1], -item[1][0], fold(item[0])))
    return [{"name": name, "total": total, "look": look} for name, (total, look) in ordered]


def agencies(library: LibraryView, limit: int = 200) -> list[dict[str, Any]]:
    """The agencies with most held documents: ``{"name", "key", "total"}``; of spellings the most frequent one."""
    total = func.count()
    query = (
        select(nodes.c.issuer_key, nodes.c.issuer, total)
        .where(nodes.c.held.is_(True), nodes.c.merged_into.is_(None), nodes.c.issuer.is_not(None), library.visible)
        .group_by(nodes.c.issuer_key, nodes.c.issuer)
        .order_by(total.desc())
    )
    found: dict[str, dict[str, Any]] = {}
    with library.reading() as connection:
        for key, name, count in connection.execute(query):
            one = found.setdefault(key or fold(name), {"name": name, "key": key, "total": 0})
            one["total"] += int(count)
    return sorted(found.values(), key=lambda one: (-one["total"], fold(one["name"])))[:limit]


def of_agency(library: LibraryView, graph: Graph, name: str) -> dict[str, Any]:
    """The documents of an agency whose căn cứ changed since signing. Raises NotFound where it has no documents.

    ``{"agency", "looked_at", "rows": [{"document", "state", "words", "bases"}], "cut"}``, newest first; bases: the
    changed ones with their effect at signing and today. Documents that have themselves ended are left out.
    """
    name = squeeze(name)
    key = identity.issuer_key(name, None, "")
    wanted = nodes.c.issuer_key == key if key and not key.endswith("?") else nodes.c.issuer == name
    query = (
        select(nodes.c.id)
        .where(nodes.c.held.is_(True), nodes.c.merged_into.is_(None), library.visible)
        .where(wanted | (nodes.c.issuer == name))
        .order_by(func.coalesce(nodes.c.date, "").desc(), nodes.c.id)
    )
    with library.reading() as connection:
        ids = [int(id) for id in connection.execute(query).scalars()]
    if not ids:
        raise NotFound(f"Kho không có văn bản nào của “{name[:200]}”.", "Hãy chọn cơ quan trong danh sách.")
    named = library.summaries(ids[:MOST])
    reader, now = EffectReader(library, graph), today()
    reader.gather(named.values())
    standing = {id: status for id in ids[:MOST] if (status := reader.status(id, now)).state not in ENDED}
    bases: dict[int, list[dict[str, Any]]] = {}
    for one in changed_bases(library, graph, (named[id] for id in standing)):
        basis = {
            "document": json_shapes.summary(one.target),
            "at_signing": effect_words.state_words(one.at_signing),
            "state": str(one.today.state),
            "words": one.today.words,
            "proofs": effects.shaped(library, one.today, one.target)["proofs"],
        }
        bases.setdefault(one.source, []).append(basis)
    rows = [
        {
            "document": json_shapes.summary(named[id]),
            "state": str(standing[id].state),
            "words": effect_words.state_words(standing[id]),
            "bases": bases[id],
        }
        for id in standing
        if id in bases
    ]
    return {"agency": name, "looked_at": len(ids[:MOST]), "rows": rows, "cut": len(ids) > MOST}
