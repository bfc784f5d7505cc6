"""The reliability table: of the values that stand unflagged, how many are wrong, for each field.

    python -m tools.reliability GOLD.json DOCUMENTS [GOLD.json DOCUMENTS …] [--cache FOLDER] [--records OUT.jsonl]

Reads the labelled documents and compares every value with its label. A field may stand unflagged only where at most one
in a hundred is wrong, and a flag on a right value costs a person's time: the table shows both. A field that a label
leaves out is not counted; one that is null must come back null. With --records the records that ``ocop read --jsonl``
printed are compared instead.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from corpus import agencies
from corpus.fold import fold, letters
from ingest.extract import read_record
from ingest.options import ReadOptions

#: The fields of the header and the signature, in the order of the table.
FIELDS = (
    "doc_type",
    "so_ky_hieu",
    "symbol",
    "date",
    "issuer",
    "parent_agency",
    "place",
    "title",
    "signer",
    "signer_title",
    "urgency",
)
#: Likeness of titles from which a slip of OCR is forgiven; a line too many or too few is not.
_SAME_TITLE = 0.95


@dataclass(slots=True)
class Reliability:
    """Counts of one field."""

    values: int = 0
    right: int = 0
    unflagged: int = 0
    unflagged_wrong: int = 0
    flagged_right: int = 0

    def add(self, *, right: bool, flagged: bool) -> None:
        """Count one value."""
        self.values += 1
        self.right += right
        self.unflagged += not flagged
        self.unflagged_wrong += not flagged and not right
        self.flagged_right += flagged and right


def is_right(field: str, label: str | None, value: str | None) -> bool:
    """Whether a value says what its label says, in whatever spelling."""
    if label is None or value is None:
        return label is None and value is None
    if field in {"so_ky_hieu", "symbol"}:
        return letters(value).lstrip("0") == letters(label).lstrip("0")
    if field == "date":
        return value == label
    if field in {"issuer", "parent_agency"}:
        return _plain(agencies.short(value)) == _plain(agencies.short(label))
    if field == "title":
        return SequenceMatcher(None, fold(label), fold(value), autojunk=False).ratio() >= _SAME_TITLE
    return _plain(value) == _plain(label)


def _plain(text: str) -> str:
    """Lower case, letters and digits only; marks count, but for the spellings of Đắk that offices mix."""
    return "".join(c for c in text.lower() if c.isalnum()).replace("đăk", "đắk")


def table(pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, Reliability]:
    """The counts of every field over pairs of a label and its record."""
    counts = {field: Reliability() for field in FIELDS}
    for label, record in pairs:
        for field in FIELDS:
            if field in label:
                seen = (record.get("fields") or {}).get(field) or {}
                right = is_right(field, label[field], record.get(field))
                counts[field].add(right=right, flagged=bool(seen.get("needs_review")))
    return counts


def labelled_records(
    labelled: Sequence[Path], cache: Path | None, saved: Sequence[Path]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Pairs of a label and its record.

    labelled: gold files, each with its folder of documents behind it. saved: files of records (JSON lines), taken
    instead of reading the documents of those names.
    """
    records = {
        Path(record["path"]).name: record
        for path in saved
        for record in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    }
    pairs: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
    for gold, documents in zip(labelled[::2], labelled[1::2], strict=True):
        for label in json.loads(gold.read_text(encoding="utf-8"))["documents"]:
            path = documents / label["file"]
            pairs.append((label, records.get(path.name) or read_record(str(path), ReadOptions(cache=cache))))
    return pairs


def records_asked_for(description: str | None) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Labels and records (:func:`labelled_records`) of the files that the command line names."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", nargs="+", type=Path, metavar="GOLD DOCUMENTS")
    parser.add_argument("--cache", type=Path, help="folder of the OCR cache")
    parser.add_argument("--records", type=Path, action="append", default=[], help="records that were saved")
    arguments = parser.parse_args()
    if len(arguments.labelled) % 2:
        parser.error("each gold file needs its folder of documents")
    return labelled_records(arguments.labelled, arguments.cache, arguments.records)


def main() -> None:
    """Read the command line and print the table."""
    pairs = records_asked_for(__doc__)
    sys.stdout.write(printed(table(pairs)))


def printed(counts: Mapping[str, Reliability]) -> str:
    """The table as text."""
    lines = [f"{'field':14} values right  unflagged wrong  share  right but flagged"]
    for field, of in counts.items():
        if of.values:
            share = of.unflagged_wrong / of.unflagged if of.unflagged else 0.0
            lines.append(
                f"{field:14} {of.values:6} {of.right:5}  {of.unflagged:9} {of.unflagged_wrong:5}  {share:5.1%}"
                f"  {of.flagged_right}"
            )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
