"""A value found in a document, with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.fold import nfc
from corpus.model import Evidence
from ingest.layout.lines import Segment, union


@dataclass(slots=True)
class Found:
    """A value with its evidence. Text in it is NFC: cut between a letter and its mark, it is composed again."""

    value: object
    evidence: Evidence

    def __post_init__(self) -> None:
        if isinstance(self.value, str):
            self.value = nfc(self.value)
        elif isinstance(self.value, list):
            self.value = [nfc(one) for one in self.value]


def evidence_of(
    segments: Sequence[Segment], confidence: float, *, reasons: Sequence[str] = (), needs_review: bool = False
) -> Evidence:
    """Evidence for a value seen in *segments*; its box is that on the page of the first one."""
    page = segments[0].page
    return Evidence(
        round(confidence, 3),
        needs_review,
        page=page,
        bbox=union([s.box for s in segments if s.page == page]),
        start=min(s.start for s in segments),
        end=max(s.end for s in segments),
        reasons=list(reasons),
    )
