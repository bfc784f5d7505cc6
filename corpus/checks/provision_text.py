"""A provision as it stood on a day, as far as the texts of a library show it.

The document's own text gives it as it was issued. Sentences of other documents of the library that change it are put in
their order: one that gives a new wording replaces it, one that repeals it ends it. Where a change can not be applied
(it gives no wording, it changes a part or the whole around the provision, its day is not known), the text is not made
up: what was known before is given, and what was not applied is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.errors import UsageError
from corpus.law.effect import today
from corpus.library import LibraryView
from corpus.library.amending import AmendedProvisions, amended_provisions
from corpus.library.values import Summary
from corpus.model import Pinpoint
from corpus.outline import anchor_of, find, outline
from corpus.provisions import meet, words
from corpus.vocabulary import Change

_NEW_WORDING = frozenset({Change.AMENDS, Change.REPLACES, Change.ADDS, Change.CORRECTS})


@dataclass(slots=True)
class ProvisionText:
    """A provision of a document on a day."""

    document: Summary
    provision: Pinpoint
    #: EDTF.
    on: str
    #: Its wording; None where it is not held, did not exist yet, or has been repealed.
    text: str | None
    #: The document whose text gives the wording.
    source: Summary | None
    #: Repealed by that day.
    repealed: bool = False
    #: The changes that were applied, in order of day.
    applied: list[AmendedProvisions] = field(default_factory=list)
    #: Changes that touch it by that day and were not applied.
    not_applied: list[AmendedProvisions] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether every known change by that day is in the text."""
        return not self.not_applied and (self.text is not None or self.repealed)


def provision_text(view: LibraryView, id: int, provision: Pinpoint, on: str | None = None) -> ProvisionText:
    """The provision of document *id* on a day (EDTF), today unless given. Raises NotFound.

    Raises UsageError where neither the document nor a change of it has such a provision.
    """
    found = view.document(id)
    day = on or today()
    stands = ProvisionText(found.summary, provision, day, None, None)
    if found.record is not None:
        unit = find(outline(found.record.text), provision)
        if unit is not None:
            stands.text, stands.source = found.record.text[unit.start : unit.end].strip(), found.summary
    changes = [one for one in amended_provisions(view, id) if _touches(one, provision)]
    if stands.text is None and found.record is not None and not changes:
        raise UsageError(f"Không thấy “{words(provision)}” trong văn bản.", "Hãy ghi như “khoản 1 Điều 5”.")
    for change in changes:
        if change.since is None or change.since <= day:
            _apply(stands, change)
    return stands


def _touches(change: AmendedProvisions, provision: Pinpoint) -> bool:
    return any(meet(provision, one) is not False for one in change.amendment.pinpoints)


def _apply(stands: ProvisionText, change: AmendedProvisions) -> None:
    """Put one change into the text, or note that it was not."""
    named = [anchor_of(one) for one in change.amendment.pinpoints]
    wanted = anchor_of(stands.provision)
    contained = any(wanted == one or wanted.startswith(f"{one}.") for one in named)
    kind = change.amendment.change
    if change.since is None or change.amendment.needs_review:
        stands.not_applied.append(change)
    elif kind is Change.REPEALS and contained:
        stands.text, stands.source, stands.repealed = None, change.by, True
        stands.applied.append(change)
    elif kind in _NEW_WORDING and change.wording and named == [wanted]:
        stands.text, stands.source, stands.repealed = change.wording.strip(), change.by, False
        stands.applied.append(change)
    else:
        stands.not_applied.append(change)
