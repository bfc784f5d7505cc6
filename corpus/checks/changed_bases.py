"""Căn cứ that changed since a document was signed: replaced, repealed, ended, expired in part, or amended meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.checks.effect_status import EffectReader
from corpus.graph.graph import Filter, Graph
from corpus.law.effect import EffectStatus, state_on, today
from corpus.library import LibraryView
from corpus.library.values import Summary
from corpus.vocabulary import Effect

#: Effects that end a document: what rests on it must be looked at, and it need not be looked at itself any more.
ENDED = frozenset({Effect.REPLACED, Effect.REPEALED, Effect.EXPIRED, Effect.PERIOD_OVER})
#: Effects that a document takes on by a change after its issue.
CHANGED = ENDED | {Effect.PARTLY_EXPIRED, Effect.AMENDED}


@dataclass(frozen=True, slots=True)
class ChangedBasis:
    """A legal basis that is not what it was when the document was signed."""

    source: int
    target: Summary
    at_signing: EffectStatus
    today: EffectStatus


def changed_bases(view: LibraryView, graph: Graph, documents: Iterable[Summary]) -> Iterator[ChangedBasis]:
    """The changed legal bases of *documents*, in their order; also where the day of signing is not known.

    Only what is sure counts: a basis that may have changed is a matter of the document's own page.
    """
    effects, now = EffectReader(view, graph), today()
    for document in documents:
        links = graph.cites(document.id, within=Filter(reach="legal", facts=False))
        targets = view.summaries({link.target for link in links})
        effects.gather(targets.values())
        for link in links:
            if link.target not in targets:
                continue
            found = effects.status(link.target, now)
            own = [proof for proof in effects.proofs(link.target) if proof.by != document.id]
            signed = state_on(own, document.date)
            if found.state in CHANGED and found.state != signed.state:
                yield ChangedBasis(document.id, targets[link.target], signed, found)
