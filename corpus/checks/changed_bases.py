"""Căn cứ that changed since a document was signed: replaced, repealed, ended, expired in part, or amended meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.checks.effect_status import EffectReader
from corpus.graph.graph import Filter, Graph
from corpus.law.effect import EffectStatus, state_on, today
from corpus.library import LibraryView
from corpus.library.database import chunks
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


#: Documents whose bases are looked at together.
_TOGETHER = 200


def changed_bases(
    view: LibraryView, graph: Graph, documents: Iterable[Summary], reader: EffectReader | None = None
) -> Iterator[ChangedBasis]:
    """The changed legal bases of *documents*, in their order; also where the day of signing is not known.

    Only what is sure counts: a basis that may have changed is a matter of the document's own page. reader: one that
    keeps what it gathers, where the caller asks for more.
    """
    effects, now = reader or EffectReader(view, graph), today()
    for part in chunks(list(documents), _TOGETHER):
        links = [graph.cites(document.id, within=Filter(reach="legal", facts=False)) for document in part]
        targets = view.summaries({link.target for found in links for link in found})
        effects.gather(targets.values())
        for document, found in zip(part, links, strict=True):
            for link in found:
                if link.target in targets:
                    one = _compared(effects, document, targets[link.target], now)
                    if one is not None:
                        yield one


def _compared(effects: EffectReader, document: Summary, target: Summary, now: str) -> ChangedBasis | None:
    """The legal basis *target* of *document* where it is not what it was at signing."""
    found = effects.status(target.id, now)
    if found.state not in CHANGED:
        return None
    own = [proof for proof in effects.proofs(target.id) if proof.by != document.id]
    signed = state_on(own, document.date)
    return ChangedBasis(document.id, target, signed, found) if found.state != signed.state else None
