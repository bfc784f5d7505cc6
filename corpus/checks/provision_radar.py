"""Radar: for each căn cứ, and each citation of a provision, whether a change touched what is cited.

A law that was amended elsewhere calls for no review of a document that rests on another article. Only documents of the
library are looked at: where none is held that amends the cited one, or one that does could not be read provision by
provision, the answer is "unknown" and says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus import provisions
from corpus.checks.effect_status import EffectReader
from corpus.graph.graph import Filter, Graph
from corpus.law.effect import BY_RELATION, EffectStatus, today
from corpus.library import LibraryView
from corpus.library.amending import AmendedProvisions, amended_provisions_of
from corpus.library.values import Mention, Summary
from corpus.model import Pinpoint
from corpus.vocabulary import Effect, MentionState, ProvisionState

_ENDED = frozenset({Effect.REPLACED, Effect.REPEALED, Effect.EXPIRED, Effect.PERIOD_OVER})
_CHANGING = Filter(relations=frozenset(BY_RELATION))


@dataclass(slots=True)
class RadarFinding:
    """One cited document, or provisions of it, with what became of it by a day."""

    mention: Mention
    #: None where it is not known which document is meant.
    target: Summary | None
    state: ProvisionState
    #: The sentences that change what is cited, in order of day.
    touches: list[AmendedProvisions] = field(default_factory=list)
    #: Where the whole document is no longer in force: the effect with its proofs.
    effect: EffectStatus | None = None
    #: Documents that amend the cited one and were compared provision by provision.
    compared: list[Summary] = field(default_factory=list)
    #: What could not be verified, in Vietnamese.
    unverified: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Radar:
    """The findings for one document on a day."""

    document: Summary
    #: EDTF; None for the day of signing where that is not known.
    on: str | None
    findings: list[RadarFinding]
    #: Citations that are neither a basis nor name a provision: they were not looked at.
    left_out: int


@dataclass(slots=True)
class _Known:
    """What is known of one cited document."""

    changes: list[AmendedProvisions]
    effect: EffectStatus
    #: Documents that amend it without a provision that could be read.
    unread: list[Summary]

    def without(self, own: int) -> _Known:
        """The same but for what document *own* itself changes in it."""
        changes = [change for change in self.changes if change.by.id != own]
        return _Known(changes, self.effect, [one for one in self.unread if one.id != own])


class CitedDocuments:
    """What is known of cited documents, looked up once for several citing ones."""

    def __init__(self, view: LibraryView, graph: Graph, effects: EffectReader | None = None) -> None:
        """effects: a reader that keeps what it gathers, where the caller asks for more."""
        self._view = view
        self._graph = graph
        self._effects = effects or EffectReader(view, graph)
        self._known: dict[tuple[int, str], _Known] = {}

    def of(self, targets: Mapping[int, Summary], day: str) -> dict[int, _Known]:
        """What is known of several on a day, by id."""
        missing = [id for id in targets if (id, day) not in self._known]
        changes = amended_provisions_of(self._view, missing)
        self._effects.gather(targets[id] for id in missing)
        links = self._graph.links_to(missing, within=_CHANGING)
        sources = self._view.summaries({link.source for found in links.values() for link in found})
        for id in missing:
            read = {change.by.id for change in changes[id]}
            others = [sources[s] for s in sorted({link.source for link in links[id]} - read) if s in sources]
            unread = [one for one in others if one.date is None or one.date <= day]
            self._known[id, day] = _Known(changes[id], self._effects.status(id, day), unread)
        return {id: self._known[id, day] for id in targets}


def radar(
    view: LibraryView,
    graph: Graph,
    id: int,
    *,
    on: str | None = None,
    cited: CitedDocuments | None = None,
    mentions: Sequence[Mention] | None = None,
) -> Radar:
    """The findings for a document on a day (EDTF), today unless given. Raises NotFound.

    cited: shared by the radars of several documents. mentions: those of the document, where the caller has them.
    """
    document = view.summary(id)
    day = on or today()
    cited = cited or CitedDocuments(view, graph)
    every = view.mentions(id, sentences=False) if mentions is None else mentions
    looked_at = [m for m in every if m.state is not MentionState.SELF and (m.citation.is_legal_basis or _pins(m))]
    targets = view.summaries({m.target for m in looked_at if m.target is not None})
    known = {target: one.without(document.id) for target, one in cited.of(targets, day).items()}
    findings: list[RadarFinding] = []
    seen: set[tuple[object, str]] = set()
    for mention in looked_at:
        key = (mention.target or mention.citation.text, provisions.list_words(_pins(mention)))
        if key not in seen:
            seen.add(key)
            target = targets.get(mention.target) if mention.target is not None else None
            findings.append(_finding(mention, target, known[target.id] if target else None, day))
    left_out = sum(1 for m in every if m.state is not MentionState.SELF) - len(looked_at)
    return Radar(document, day, findings, left_out)


def _pins(mention: Mention) -> Sequence[Pinpoint]:
    return mention.citation.pinpoints


def _finding(mention: Mention, target: Summary | None, known: _Known | None, day: str) -> RadarFinding:
    if target is None or known is None:
        return RadarFinding(mention, None, ProvisionState.UNKNOWN, unverified=["chưa xác định được văn bản được dẫn"])
    finding = RadarFinding(mention, target, ProvisionState.UNKNOWN)
    if known.effect.state in _ENDED:
        finding.state, finding.effect = ProvisionState.TOUCHED, known.effect
        return finding
    begun = [change for change in known.changes if _has_begun(change, day)]
    finding.compared = list({change.by.id: change.by for change in begun}.values())
    finding.unverified = [f"{one.name} sửa đổi văn bản này nhưng chưa rõ sửa điều khoản nào" for one in known.unread]
    for change in begun:
        meeting = _meets(_pins(mention), change)
        if meeting:
            finding.touches.append(change)
        elif meeting is None:
            finding.unverified.append(f"chưa rõ có đụng tới hay không: {change.by.name}, “{change.sentence}”")
    if finding.touches:
        finding.state = ProvisionState.TOUCHED
        if any(change.since is None for change in finding.touches):
            finding.unverified.append("chưa rõ ngày có hiệu lực của nội dung sửa đổi")
    elif not begun:
        finding.unverified.append("kho không có văn bản nào sửa đổi văn bản này tính đến ngày đó để đối chiếu")
    elif not finding.unverified and mention.state is not MentionState.SETTLED:
        finding.unverified.append("văn bản được dẫn mới là suy đoán")
    elif not finding.unverified:
        finding.state = ProvisionState.UNTOUCHED
    return finding


def _has_begun(change: AmendedProvisions, day: str) -> bool:
    """Whether a change may hold on a day; one of unknown day holds from the date of its document."""
    since = change.since or change.by.date
    return since is None or since <= day


def _meets(pins: Sequence[Pinpoint], change: AmendedProvisions) -> bool | None:
    """Whether a change touches what is cited; None where it may."""
    if not pins:
        return True
    meetings = {provisions.meet(pin, changed) for pin in pins for changed in change.amendment.pinpoints}
    if True in meetings:
        return True
    unsure = None in meetings or change.amendment.needs_review
    return None if unsure else False
