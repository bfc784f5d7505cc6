"""What the register and the known signers do about misreadings: a library of all labelled documents, taken in.

    python -m tools.neighbours GOLD.json DOCUMENTS [GOLD.json DOCUMENTS …] [--cache FOLDER] [--records OUT.jsonl]

Reads the documents into a library, and compares number, date and signer with the labels. For each field: how many were
read wrong; how many of these the reader had flagged, how many the library doubts, and for how many it proposes the
right value, first of all or among others; how many right ones it doubts, how many it changes. With --records the
records that ``ocop read --jsonl`` printed are taken in instead.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.library import Library, LibraryView
from corpus.library.known_signers import known_signers
from corpus.library.likely_numbers import likely_numbers
from corpus.library.register import RegisterDoubt, field_in_doubt, register_doubts
from corpus.library.values import Document
from corpus.record_json import parse_record
from tools.reliability import is_right, records_asked_for

FIELDS = ("so_ky_hieu", "date", "signer")


@dataclass(slots=True)
class Effect:
    """Counts of one field."""

    values: int = 0
    wrong: int = 0
    #: Of the wrong ones: flagged by the reader, doubted by the library, right value proposed first, or at all.
    flagged: int = 0
    doubted: int = 0
    proposed_first: int = 0
    proposed: int = 0
    #: Right values that the library doubts, those among them that the reader had not flagged, and those it changed.
    right_doubted: int = 0
    right_newly_doubted: int = 0
    right_changed: int = 0
    #: Right values beside which the library proposes another one first.
    misled: int = 0


def effects(pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]], folder: Path) -> dict[str, Effect]:
    """The counts of every field over pairs of a label and its record, all taken into a new library in *folder*."""
    counts = {field: Effect() for field in FIELDS}
    with Library.open(folder, create=True) as library:
        taken = [(label, record, library.intake.add(parse_record(record)).id) for label, record in pairs]
        view = library.view()
        doubts = {doubt.document: doubt for doubt in register_doubts(view)}
        for label, record, id in taken:
            _count(counts, label, record, view.document(id), _proposals(view, id, doubts.get(id)))
    return counts


@dataclass(frozen=True, slots=True)
class _Proposals:
    """What the library says of one document: the field it doubts by the register, and values by field."""

    doubted: str | None
    values: dict[str, list[str]]


def _proposals(view: LibraryView, id: int, doubt: RegisterDoubt | None) -> _Proposals:
    document = view.document(id)
    numbers = [one.value for one in likely_numbers(view, document)]
    doubted = None
    if doubt is not None and document.record is not None:
        doubted = field_in_doubt(document.record)
        if doubted == "so_ky_hieu" and doubt.number is not None and doubt.number not in numbers:
            numbers.append(doubt.number)
    signers = [one.value for one in known_signers(view, document)]
    return _Proposals(doubted, {"so_ky_hieu": numbers, "date": [], "signer": signers})


def _count(
    counts: Mapping[str, Effect],
    label: Mapping[str, Any],
    read: Mapping[str, Any],
    document: Document,
    proposals: _Proposals,
) -> None:
    record = document.record
    for field in FIELDS:
        if field not in label or record is None:
            continue
        of, evidence, value = counts[field], record.fields.get(field), getattr(record, field)
        flagged = evidence is not None and evidence.needs_review
        values = proposals.values[field]
        doubted = proposals.doubted == field or (field == "signer" and bool(values) and value not in values)
        fitting = [is_right(field, label[field], proposed) for proposed in values]
        of.values += 1
        if is_right(field, label[field], read.get(field)):
            of.right_doubted += doubted
            of.right_newly_doubted += doubted and not flagged
            of.right_changed += value != read.get(field)
            of.misled += fitting[:1] == [False]
        else:
            of.wrong += 1
            of.flagged += flagged
            of.doubted += doubted
            of.proposed_first += fitting[:1] == [True]
            of.proposed += any(fitting)


def printed(counts: Mapping[str, Effect]) -> str:
    """The counts as a table."""
    lines = [
        f"{'field':12} values wrong  flagged  doubted by library  right proposed first / at all"
        "  right doubted (unflagged before)  right changed  right with another proposed first"
    ]
    for field, of in counts.items():
        lines.append(
            f"{field:12} {of.values:6} {of.wrong:5}  {of.flagged:7}  {of.doubted:18}"
            f"  {f'{of.proposed_first} / {of.proposed}':>29}"
            f"  {f'{of.right_doubted} ({of.right_newly_doubted})':>32}  {of.right_changed:13}  {of.misled:33}"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Read the command line and print the table."""
    pairs = records_asked_for(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(printed(effects(pairs, Path(folder) / "kho")))


if __name__ == "__main__":
    main()
