"""The effect of a document on a day, with the proofs; unknown unless something says so.

Proofs, strongest first: a document of the library that replaces, repeals or amends it (the sentence is quoted); the
known-documents tables (with their certainty and the day they were checked); a title that names it; the period in its
own title ("giai đoạn 2018-2020"). A portal's "đang có hiệu lực" is no proof, and neither is silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
from corpus.vocabulary import Effect, MentionState

# "Điều 3. Quyết định này …": the number of the article that says so is no part of what it changes.
_OWN_ARTICLE = re.compile(r"\s*dieu \d+\s?[.:]")
# A part of a document before its name: then only that part is replaced or repealed.
_PART = re.compile(r"\b(?:diem [a-z]|khoan \d+|dieu \d+|muc \d+|phu luc|chuong [ivx]+)\b")
#: Characters before the name in which such a part may stand.
_BEFORE = 120
#: Confidence from which a mention is a proof, not a hint.
_SURE = 0.7

_CHANGING = Filter(relations=frozenset(BY_RELATION))


@dataclass(frozen=True, slots=True)
class BasisStatus:
    """One legal basis of a document."""

    link: Link
    target: Summary
    #: On the date of the document; its day is None where that is not known.
    at_signing: EffectStatus
    today: EffectStatus


def effect_status(view: LibraryView, graph: Graph, id: int, *, on: str | None = None) -> EffectStatus:
    """The effect of a document on a day (EDTF), today unless given. Raises NotFound."""
    return state_on(proofs(view, graph, id), on or today())


def known_effect_status(key: str, *, on: str | None = None) -> EffectStatus:
    """The same of a document that only the known-documents tables have: what they and its title say."""
    row = known_documents.get(key)
    found = [*from_tables(key, {}), *from_title(None, row.facts.title if row else None)]
    return state_on(found, on or today())


def basis_statuses(view: LibraryView, graph: Graph, id: int, *, on: str | None = None) -> list[BasisStatus]:
    """Each legal basis of a document: its effect on the document's date, and today (or *on*). Raises NotFound."""
    here = view.document(id)
    signed = here.summary.date or (here.record.date_inferred if here.record else None)
    links = graph.cites(here.id, within=Filter(reach="legal", facts=False))
    targets = view.summaries({link.target for link in links})
    found = []
    for link in links:
        if link.target in targets:
            target = targets[link.target]
            every = _proofs(view, graph, target)
            # What the document itself does to its basis does not count at its own signing.
            others = [p for p in every if p.by != here.id]
            found.append(BasisStatus(link, target, state_on(others, signed), state_on(every, on or today())))
    return found


def proofs(view: LibraryView, graph: Graph, id: int) -> list[Proof]:
    """All proofs of the effect of a document. Raises NotFound."""
    return _proofs(view, graph, view.summary(id))


def _proofs(view: LibraryView, graph: Graph, here: Summary) -> list[Proof]:
    links = graph.cited_by_links(here.id, within=_CHANGING)
    sources = view.summaries({link.source for link in links})
    citing = list(dict.fromkeys(link.source for link in links if not link.fact and link.source in sources))
    mentions = {edge.source: edge.mentions for edge in view.cited_from(here.id, citing, sentences=True)}
    kinds = view.kinds(citing)
    found: list[Proof] = []
    for link in links:
        if link.source not in sources:
            continue
        source = sources[link.source]
        if not link.fact:
            found += _from_mentions(link, source, mentions.get(link.source, []), kinds.get(link.source))
        elif not _is_in_tables(link, here, source):
            state = BY_RELATION[link.relation]
            found.append(Proof(state, source.date, source.id, source.title or "", "trich_yeu"))
    if here.known:
        found += from_tables(here.known, {s.known: s.id for s in sources.values() if s.known})
    found += from_title(here.id, here.title)
    if here.held and view.states_own_effect(here.id):
        record = view.document(here.id).record
        found += from_record(here.id, record) if record else ()
    return found


def _is_in_tables(link: Link, here: Summary, source: Summary) -> bool:
    """Whether the tables have that link; else a title does."""
    return here.known is not None and any(
        (edge.source, edge.target, edge.relation) == (source.known, here.known, link.relation)
        for edge in known_documents.edges()
    )


def _from_mentions(link: Link, source: Summary, mentions: Iterable[Mention], kind: str | None) -> Iterator[Proof]:
    """What *source* says of the target; kind: of its document."""
    for mention in mentions:
        if mention.target != link.target or mention.citation.relation != link.relation:
            continue
        state = BY_RELATION[link.relation]
        if state in {Effect.REPLACED, Effect.REPEALED} and _PART.search(_before(mention)):
            state = Effect.PARTLY_EXPIRED
        sure = (
            mention.state is MentionState.SETTLED
            and not mention.citation.needs_review
            and mention.confidence >= _SURE
            and kind == "administrative"
            and not source.number_unsure
        )
        page = mention.citation.page
        yield Proof(state, source.date, source.id, mention.sentence, "van_ban", page, sure=sure)


def _before(mention: Mention) -> str:
    """The folded words of the sentence before the mention, without the number of their own article."""
    at = mention.sentence.find(mention.citation.text[:20])
    return _OWN_ARTICLE.sub("", fold(mention.sentence[: max(at, 0)]), count=1)[-_BEFORE:]
