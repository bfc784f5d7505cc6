"""How sure the second reader must be: from labelled scans to ``ingest/data/calibration.tsv``.

    python -m tools.calibrate GOLD.json DOCUMENTS [GOLD.json DOCUMENTS …] [--cache FOLDER] [--write]

For every labelled scan, ``ingest/layout/voting.py`` decides the number and the day; each has a raw confidence, and is
right or wrong. One logistic curve through all of them, regularised towards "the confidence is the probability",
estimates how often a value of a given confidence is wrong. The threshold of a field is the lowest at which both the
wrong values seen and those the curve expects among the unflagged are at most one in 120: a quarter of what is allowed,
since the scans of another office will be worse. The choice is evaluated with whole offices left out: the scans of
each office are judged by the thresholds chosen without them. Values flagged for a reason other than the threshold are
left out.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import OcopError
from corpus.fold import fold, letters
from corpus.so_ky_hieu import number_key, parse
from ingest.data import DATA
from ingest.layout import voting
from ingest.layout.header import read_header
from ingest.layout.lines import lines_of
from ingest.layout.second_header import second_header
from ingest.ocr import second_reader
from ingest.options import ReadOptions
from ingest.read import read

OUT = DATA / "calibration.tsv"
ALLOWED = 1 / 120
#: How far above the surest wrong value the threshold is, as a share of the way to certainty.
_MARGIN = 0.25
FIELDS = ("so_ky_hieu", "date")
#: Thresholds that are shown beside the chosen one.
SHOWN = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True)
class Pair:
    """A value that was settled: how sure, and whether it is what a person read."""

    confidence: float
    right: bool
    file: str
    read_value: str
    #: The office that issued the document, as labelled; empty where the label names none.
    office: str = ""


def alike(field: str, read_value: object, gold: object) -> bool:
    if field != "so_ky_hieu" or not read_value or not gold:
        return read_value == gold
    a, b = parse(str(read_value)), parse(str(gold))
    if a is None or b is None:  # a form that citations do not have ("17/HHTL-2025")
        return letters(str(read_value)) == letters(str(gold))
    return (number_key(a.number), a.sym_key) == (number_key(b.number), b.sym_key)


def pairs_of(gold: Path, documents: Path, cache: Path | None) -> dict[str, list[Pair]]:
    """The pairs of one gold file, by field; what is no scan is passed over."""
    found: dict[str, list[Pair]] = {field: [] for field in FIELDS}
    for labelled in json.loads(gold.read_text(encoding="utf-8"))["documents"]:
        path = documents / labelled["file"]
        if path.suffix.lower() not in {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff"}:
            continue
        try:
            with read(path, ReadOptions(cache=cache)) as reading:
                first = next((p for p in reading.pages if p.text.strip()), None)
                if first is None or first.source != "ocr":
                    continue
                lines = lines_of(first, reading.starts[first.number - 1])
                header = read_header(lines, ocr=True)
                settled = voting.read_again(header, first, second_header(first, lines, header))
        except OcopError as error:
            print(f"  {labelled['file']}: {error}", file=sys.stderr)
            continue
        for field, parts in (("so_ky_hieu", {"number"}), ("date", {"day", "month"})):
            seen = header.fields.get(field)
            if seen is None or not parts <= settled.keys():
                continue
            right = alike(field, seen.value, labelled.get(field))
            office = fold(f"{labelled.get('parent_agency') or ''} {labelled.get('issuer') or ''}").strip()
            found[field].append(Pair(seen.evidence.confidence, right, labelled["file"], str(seen.value), office))
    return found


def silent(pairs: Sequence[Pair], threshold: float) -> int:
    return sum(not p.right and p.confidence >= threshold for p in pairs)


def flagged(pairs: Sequence[Pair], threshold: float) -> int:
    return sum(p.confidence < threshold for p in pairs)


def curve(pairs: Sequence[Pair]) -> tuple[float, float]:
    """(slope, shift) of the logistic curve from the log odds of the confidence to those of being right."""
    points = [(_log_odds(p.confidence), float(p.right)) for p in pairs]
    slope, shift = 1.0, 0.0
    for _ in range(100):  # Newton's steps; the prior (slope 1, shift 0) weighs as one value does
        gradient = [slope - 1, shift]
        hessian = [1.0, 0.0, 1.0]
        for x, y in points:
            q = _share(slope * x + shift)
            gradient[0] += (q - y) * x
            gradient[1] += q - y
            hessian[0] += q * (1 - q) * x * x
            hessian[1] += q * (1 - q) * x
            hessian[2] += q * (1 - q)
        determinant = hessian[0] * hessian[2] - hessian[1] ** 2
        slope -= (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant
        shift -= (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant
    return slope, shift


def _log_odds(share: float) -> float:
    share = min(0.999, max(0.001, share))
    return math.log(share / (1 - share))


def _share(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def expected(pairs: Sequence[Pair], threshold: float, shape: tuple[float, float]) -> float:
    """How many of the unflagged the curve expects to be wrong."""
    return sum(1 - _share(shape[0] * _log_odds(p.confidence) + shape[1]) for p in pairs if p.confidence >= threshold)


def chosen(pairs: Sequence[Pair], shape: tuple[float, float]) -> float:
    """The threshold: in the middle of the gap under the least sure value that may stand unflagged.

    It is also well above the surest wrong value that it flags: another office's may be a little surer.
    """
    below = 0.0
    for level in sorted({p.confidence for p in pairs}):
        if max(silent(pairs, level), expected(pairs, level, shape)) <= ALLOWED * len(pairs):
            worst = max((p.confidence for p in pairs if not p.right and p.confidence < level), default=0.0)
            return round(max((below + level) / 2, worst + _MARGIN * (1 - worst)), 3)
        below = level
    return 0.999


def offices_left_out(pairs: Sequence[Pair], others: Sequence[Pair]) -> tuple[int, int]:
    """(silent errors, flags) when the scans of each office are judged by what the others give.

    others: values of the other fields, which the curve goes through too.
    """
    wrong = flags = 0
    for office in {_office(pair) for pair in pairs}:
        rest = [p for p in pairs if _office(p) != office]
        threshold = chosen(rest, curve([*rest, *(p for p in others if _office(p) != office)]))
        for pair in pairs:
            if _office(pair) == office:
                flags += pair.confidence < threshold
                wrong += not pair.right and pair.confidence >= threshold
    return wrong, flags


def _office(pair: Pair) -> str:
    return pair.office or pair.file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", nargs="+", type=Path, metavar="GOLD DOCUMENTS")
    parser.add_argument("--cache", type=Path, help="folder of the OCR cache")
    parser.add_argument("--write", action="store_true", help=f"write {OUT.name}")
    arguments = parser.parse_args()
    if len(arguments.labelled) % 2:
        parser.error("each gold file needs its folder of documents")
    if not second_reader.available():
        parser.error("the second reader is not installed (make setup)")
    pairs: dict[str, list[Pair]] = {field: [] for field in FIELDS}
    sources = []
    for gold, documents in zip(arguments.labelled[::2], arguments.labelled[1::2], strict=True):
        of_one = pairs_of(gold, documents, arguments.cache)
        sources.append(f"{gold.parent.name}/{gold.name}: {max(len(p) for p in of_one.values())} scans")
        for field in FIELDS:
            pairs[field] += of_one[field]
    everything = [pair for field in FIELDS for pair in pairs[field]]
    shape = curve(everything)
    print(f"curve: slope {shape[0]:.2f}, shift {shape[1]:.2f}")
    lines = ["field\tsure\tvalues\tright\tsilent\tflagged\tleft_out_silent\tleft_out_flagged\tsource"]
    for field in FIELDS:
        of = pairs[field]
        if not of:
            parser.error(f"nothing was settled of {field}")
        sure = chosen(of, shape)
        right = sum(p.right for p in of)
        left_silent, left_flagged = offices_left_out(
            of, [p for other in FIELDS if other != field for p in pairs[other]]
        )
        print(f"{field}: {len(of)} values, {right} right")
        for threshold in sorted({*SHOWN, sure}):
            mark = "  ← chosen" if threshold == sure else ""
            likely = expected(of, threshold, shape)
            print(
                f"  {threshold:5.3f}  silent {silent(of, threshold):2d} (expected {likely:4.2f})"
                f"  flagged {flagged(of, threshold):2d}{mark}"
            )
        print(f"  offices left out: silent {left_silent}, flagged {left_flagged}")
        for pair in sorted((p for p in of if not p.right), key=lambda p: -p.confidence):
            print(f"  wrong at {pair.confidence:.3f}: {pair.file} {pair.read_value}")
        figures = (sure, len(of), right, silent(of, sure), flagged(of, sure), left_silent, left_flagged)
        lines.append("\t".join([field, *map(str, figures), "; ".join(sources)]))
    if arguments.write:
        head = (
            "# How sure the second reader must be for a value to stand unflagged. Made by python -m tools.calibrate.\n"
        )
        OUT.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
