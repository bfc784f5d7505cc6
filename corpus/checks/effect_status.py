"""Căn cứ health: what a document was worth on a day, with the proof; "không đủ dữ liệu" unless something says so.

Proofs, strongest first: a document of the library that replaces, repeals or amends it (the sentence is quoted); the
known-documents tables (with their certainty and the day they were checked); a title that names it; the period in its
own title ("giai đoạn 2018-2020"). A portal's "đang có hiệu lực" is no proof, and neither is silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.fold import fold
from corpus.graph.graph import Filter, Graph, Link
from corpus.law import known_documents
from corpus.law.effect import (
    BY_RELATION,
    EffectStatus,
    Proof,
    from_record,
    from_tables,
    from_title,
    state_on,
    today,
)
from corpus.library import LibraryView
from corpus.library.values import Mention, Summary
from corpus.vocabulary import Effect

# "Điều 3. Quyết định này …": the article that says so, no part of what it speaks of.
_OWN_ARTICLE = re.compile(r"\s*dieu \d+\s?[.:]")
_PART = re.compile(r"\b(?:diem [a-z]|khoan \d+|dieu \d+|muc \d+|phu luc|chuong [ivx]+)\b")


@dataclass(frozen=True, slots=True)
class BasisStatus:
    """One căn cứ of a document: how it stood at signing (on None: the date is not known) and today."""

    link: Link
    target: Summary
    at_signing: EffectStatus
    today: EffectStatus


def proofs(view: LibraryView, graph: Graph, id: int) -> list[Proof]:
    """Everything that speaks of the effect of a document. Raises NotFound."""
    return _proofs(view, graph, view.summary(id))


def _proofs(view: LibraryView, graph: Graph, here: Summary) -> list[Proof]:
    found: list[Proof] = []
    changing = Filter(relations=frozenset(BY_RELATION))
    links = graph.cited_by_links(here.id, within=changing)
    sources = view.summaries({link.source for link in links})
    telling = list(dict.fromkeys(link.source for link in links if not link.fact and link.source in sources))
    edges = view.cited_from(here.id, telling, sentences=True)
    said = {edge.source: edge.mentions for edge in edges}
    kinds = view.kinds(telling)
    for link in links:
        if link.source not in sources:
            continue
        source = sources[link.source]
        if not link.fact:
            found += _from_file(link, source, said.get(link.source, []), kinds.get(link.source))
        elif not _in_tables(link, here, sources[link.source]):
            state = BY_RELATION[link.relation]
            found.append(Proof(state, source.date, source.id, source.title or "", "trich_yeu"))
    if here.known:
        found += from_tables(here.known, {s.known: s.id for s in sources.values() if s.known})
    found += from_title(here.id, here.title)
    if here.held and view.states_own_effect(here.id):
        record = view.document(here.id).record
        found += from_record(here.id, record) if record else ()
    return found


def _in_tables(link: Link, here: Summary, source: Summary) -> bool:
    return any(
        (e.source, e.target, e.relation) == (source.known, here.known, link.relation)
        for e in known_documents.edges()
        if here.known
    )


def _from_file(link: Link, source: Summary, said: Iterable[Mention], kind: str | None) -> Iterable[Proof]:
    for mention in said:
        if mention.target != link.target or mention.citation.relation != link.relation:
            continue
        state = BY_RELATION[link.relation]
        at = mention.sentence.find(mention.citation.text[:20])
        before = _OWN_ARTICLE.sub("", fold(mention.sentence[: max(at, 0)]), count=1)
        if state in {Effect.REPLACED, Effect.REPEALED} and _PART.search(before[-120:]):
            state = Effect.PARTLY_EXPIRED
        sure = (
            mention.state == "settled"
            and not mention.citation.needs_review
            and mention.confidence >= 0.7
            and kind == "administrative"
        )
        yield Proof(
            state,
            source.date,
            source.id,
            mention.sentence,
            "van_ban",
            mention.citation.page,
            sure=sure,
        )


def effect_status(view: LibraryView, graph: Graph, id: int, *, on: str | None = None) -> EffectStatus:
    """The state of a document on a day (today unless given). Raises NotFound."""
    return state_on(proofs(view, graph, id), on or today())


def known_effect_status(key: str, *, on: str | None = None) -> EffectStatus:
    """The state on a day of a document that only the tables know: what they and its own title say."""
    row = known_documents.get(key)
    found = [*from_tables(key, {}), *from_title(None, row.facts.title if row else None)]
    return state_on(found, on or today())


def basis_statuses(view: LibraryView, graph: Graph, id: int, *, on: str | None = None) -> list[BasisStatus]:
    """Each legal basis of a document, how it stood on its date and stands today (*on*). Raises NotFound."""
    here = view.document(id)
    signed = here.summary.date or (here.record.date_inferred if here.record else None)
    links = graph.cites(here.id, within=Filter(reach="legal", facts=False))
    targets = view.summaries({link.target for link in links})
    answer = []
    for link in links:
        if link.target in targets:
            found = _proofs(view, graph, targets[link.target])
            # What the document itself does to its basis ("thay thế") does not make that basis stale at its signing.
            others = [p for p in found if p.by != here.id]
            answer.append(
                BasisStatus(link, targets[link.target], state_on(others, signed), state_on(found, on or today()))
            )
    return answer
