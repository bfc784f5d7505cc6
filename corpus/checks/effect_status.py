"""The effect of a document on a day, with the proofs; unknown unless something says so.

Proofs, strongest first: a document of the library that replaces, repeals or amends it (the sentence is quoted); the
known-documents tables (with their certainty and the day they were checked); a title that names it; the period in its
own title ("giai đoạn 2018-2020"). A portal's "đang có hiệu lực" is no proof, and neither is silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from corpus.library.values import Document, Mention, Summary
from corpus.vocabulary import Effect, MentionState

# "Điều 3. Quyết định này …": the number of the article that says so is no part of what it changes.
_OWN_ARTICLE = re.compile(r"\s*dieu \d+\s?[.:]")
# A part of a document before its name: then only that part is replaced or repealed.
_PART = re.compile(r"\b(?:diem [a-z]|khoan \d+|dieu \d+|muc \d+|phu luc|chuong [ivx]+)\b")
#: Characters before the name in which such a part may stand.
_BEFORE = 120
#: Confidence from which a mention is a proof, not a hint.
_SURE = 0.7

#: Links that may change the effect of their target.
CHANGING = Filter(relations=frozenset(BY_RELATION))


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


class EffectReader:
    """Effects of many documents on many days; the proofs of each document are gathered once, of many at a time."""

    def __init__(self, view: LibraryView, graph: Graph) -> None:
        self._view = view
        self._graph = graph
        self._kept: dict[int, list[Proof]] = {}

    def gather(self, documents: Iterable[Summary]) -> None:
        """Gather the proofs of *documents* together, which costs less than one by one."""
        missing = {one.id: one for one in documents if one.id not in self._kept}
        if missing:
            self._kept |= _all_proofs(self._view, self._graph, missing)

    def proofs(self, id: int) -> list[Proof]:
        """All proofs of the effect of a document. Raises NotFound."""
        if id not in self._kept:
            here = self._view.summary(id)
            self.gather([here])
            self._kept[id] = self._kept[here.id]
        return self._kept[id]

    def status(self, id: int, on: str | None) -> EffectStatus:
        """The effect of a document on a day (EDTF). Raises NotFound."""
        return state_on(self.proofs(id), on)


def basis_statuses(
    view: LibraryView, graph: Graph, here: Document, *, on: str | None = None, reader: EffectReader | None = None
) -> list[BasisStatus]:
    """Each legal basis of a document: its effect on the document's date, and today (or *on*).

    reader: one that keeps what it gathers, where the caller asks for more.
    """
    reader = reader or EffectReader(view, graph)
    signed = here.summary.date or (here.record.date_inferred if here.record else None)
    links = graph.cites(here.id, within=Filter(reach="legal", facts=False))
    targets = view.summaries({link.target for link in links})
    reader.gather(targets.values())
    found = []
    for link in links:
        if link.target in targets:
            target = targets[link.target]
            every = reader.proofs(target.id)
            # What the document itself does to its basis does not count at its own signing.
            others = [p for p in every if p.by != here.id]
            found.append(BasisStatus(link, target, state_on(others, signed), state_on(every, on or today())))
    return found


def proofs(view: LibraryView, graph: Graph, id: int) -> list[Proof]:
    """All proofs of the effect of a document. Raises NotFound."""
    return EffectReader(view, graph).proofs(id)


def _all_proofs(view: LibraryView, graph: Graph, documents: Mapping[int, Summary]) -> dict[int, list[Proof]]:
    links = graph.links_to(list(documents), within=CHANGING)
    every = [link for found in links.values() for link in found]
    sources = view.summaries({link.source for link in every})
    kinds = view.kinds(sorted({link.source for link in every if not link.fact and link.source in sources}))
    stating = view.bare_records(view.stating_own_effect([one.id for one in documents.values() if one.held]))
    return {
        id: [
            *_from_links(view, here, links[id], sources, kinds),
            *_from_tables_and_title(here, [sources[link.source] for link in links[id] if link.source in sources]),
            *(from_record(id, stating[id]) if id in stating else ()),
        ]
        for id, here in documents.items()
    }


def _from_tables_and_title(here: Summary, sources: Iterable[Summary]) -> Iterator[Proof]:
    if here.known:
        yield from from_tables(here.known, {s.known: s.id for s in sources if s.known})
    yield from from_title(here.id, here.title)


def _from_links(
    view: LibraryView, here: Summary, links: Sequence[Link], sources: Mapping[int, Summary], kinds: Mapping[int, str]
) -> list[Proof]:
    """What documents of the library and titles say of *here*."""
    citing = list(dict.fromkeys(link.source for link in links if not link.fact and link.source in sources))
    mentions = {edge.source: edge.mentions for edge in view.cited_from(here.id, citing, sentences=True)}
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
    return found


def _is_in_tables(link: Link, here: Summary, source: Summary) -> bool:
    """Whether the tables have that link; else a title does."""
    return here.known is not None and any(
        (edge.source, edge.relation) == (source.known, link.relation) for edge in known_documents.edges_to(here.known)
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
