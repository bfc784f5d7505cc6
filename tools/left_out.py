"""The reliability table with whole offices left out of every threshold, beside the one as shipped.

    python -m tools.left_out GOLD.json DOCUMENTS [GOLD.json DOCUMENTS …] [--cache FOLDER] [--records OUT.jsonl]

For each field of the scans among the documents, a value stands unflagged where its confidence reaches a threshold and
no rule speaks against it. Shipped thresholds were chosen with these documents in view. Here the values of each office
are judged by a threshold that is chosen from the values of all other offices: for number and date as
``tools/calibrate.py`` does, for the others the lowest at which at most one in a hundred of theirs (and one in all) is
wrong and unflagged. What a rule flags (a seal, a contradiction, nothing found) stays flagged. The tables of names
(syllables, surnames, agencies, units) hold nothing from labelled documents, so nothing is to be left out of them.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.fold import fold
from ingest.layout.signature_column import SURE_NAME, SURE_TITLE
from ingest.layout.voting import SURE
from tools.calibrate import Pair, chosen, curve, silent
from tools.reliability import is_right, records_asked_for

#: The fields that a confidence decides on, with the thresholds as shipped; 0 where rules alone decide.
SHIPPED = {
    **SURE,
    "symbol": 0.0,
    "issuer": 0.0,
    "parent_agency": 0.0,
    "place": 0.0,
    "title": 0.0,
    "signer": SURE_NAME,
    "signer_title": SURE_TITLE,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A value of a scan with what a rule and the shipped threshold say of it."""

    pair: Pair
    is_flagged: bool
    #: Flagged whatever its confidence.
    by_rule: bool


@dataclass(slots=True)
class Beside:
    """Counts of one field: as shipped, and with each office left out."""

    values: int = 0
    right: int = 0
    silent: int = 0
    flagged_right: int = 0
    left_out_silent: int = 0
    left_out_flagged_right: int = 0


def judged(pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, list[Judged]]:
    """The values of the scans among pairs of a label and its record, by field."""
    found: dict[str, list[Judged]] = {field: [] for field in SHIPPED}
    for label, record in pairs:
        if record.get("source") == "text":
            continue
        office = fold(f"{label.get('parent_agency') or ''} {label.get('issuer') or ''}").strip() or label["file"]
        for field, sure in SHIPPED.items():
            if field not in label:
                continue
            seen = (record.get("fields") or {}).get(field) or {}
            value, flagged = record.get(field), bool(seen.get("needs_review"))
            confidence = float(seen.get("confidence", 1.0))
            pair = Pair(confidence, is_right(field, label[field], value), label["file"], str(value), office)
            by_rule = flagged and (value is None or confidence >= sure)
            found[field].append(Judged(pair, flagged, by_rule))
    return found


def side_by_side(found: Mapping[str, Sequence[Judged]]) -> dict[str, Beside]:
    """The counts of every field."""
    counts = {}
    for field, values in found.items():
        of = Beside(len(values), sum(v.pair.right for v in values))
        of.silent = sum(not v.is_flagged and not v.pair.right for v in values)
        of.flagged_right = sum(v.is_flagged and v.pair.right for v in values)
        for office in {v.pair.office for v in values}:
            rest = [v.pair for v in values if v.pair.office != office and not v.by_rule]
            threshold = _threshold(field, rest)
            for value in (v for v in values if v.pair.office == office):
                flagged = value.by_rule or value.pair.confidence < threshold
                of.left_out_silent += not flagged and not value.pair.right
                of.left_out_flagged_right += flagged and value.pair.right
        counts[field] = of
    return counts


def _threshold(field: str, rest: Sequence[Pair]) -> float:
    """The threshold of a field that the values of other offices give."""
    if not rest:
        return SHIPPED[field]
    if field in SURE:
        return chosen(rest, curve(rest))
    allowed = max(1, math.ceil(len(rest) / 100))
    levels = (0.0, *sorted(p.confidence for p in rest))
    return min((level for level in levels if silent(rest, level) <= allowed), default=1.0)


def printed(counts: Mapping[str, Beside]) -> str:
    """The table as text."""
    lines = [f"{'field':14} values right  silent: shipped  left out  flagged though right: shipped  left out"]
    for field, of in counts.items():
        lines.append(
            f"{field:14} {of.values:6} {of.right:5}  {of.silent:15}  {of.left_out_silent:8}"
            f"  {of.flagged_right:29}  {of.left_out_flagged_right:8}"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Read the command line and print the table."""
    pairs = records_asked_for(__doc__)
    sys.stdout.write(printed(side_by_side(judged(pairs))))


if __name__ == "__main__":
    main()
