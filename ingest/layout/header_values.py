"""What is read of a header: its fields with their evidence, and where it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.layout.found import Found, evidence_of
from ingest.layout.lines import Segment


@dataclass(slots=True)
class Header:
    """A header as far as it was read."""

    #: Name of a record's field → value. A value of None was looked for and is not there (a blank number).
    fields: dict[str, Found] = field(default_factory=dict)
    #: Offset in the document's text where the header ends and the running text begins.
    end: int = 0
    #: Offset where the two columns (ô 1 to 4) end.
    columns_end: int = 0
    #: Start and end of the trích yếu.
    title_span: tuple[int, int] | None = None
    #: Whether there is a header at all: quốc hiệu, a number, or a type.
    anchored: bool = False
    #: Whether quốc hiệu, tiêu ngữ or the party's name is there (ô 1).
    has_emblem: bool = False
    #: Whether a number, or a blank for one, is there (ô 3).
    has_number: bool = False
    #: What is read where the số stands, "" for a blank, and the year behind it; None without a line of ô 3.
    number_seen: str | None = None
    number_year: str | None = None
    #: What is read where day and month of ô 4 stand; "" where nothing is.
    day_seen: str = ""
    month_seen: str = ""
    #: Whether it is a document of the party.
    party: bool = False

    def value(self, name: str) -> object:
        """The value of a field; None where it was not found."""
        found = self.fields.get(name)
        return found.value if found else None

    def put(
        self,
        name: str,
        value: object,
        segments: Sequence[Segment],
        confidence: float,
        *,
        reasons: Sequence[str] = (),
        needs_review: bool = False,
    ) -> None:
        """Set a field to a value seen in *segments*."""
        evidence = evidence_of(segments, confidence, reasons=reasons, needs_review=needs_review)
        self.fields[name] = Found(value, evidence)
