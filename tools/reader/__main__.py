"""Training of the line reader from one command: ``python -m tools.reader all --corpus FILE --work FOLDER``.

Each step can be run alone; a step whose result is in the work folder already is not done again, and a training run that
was cut off goes on where it was.

    pages      cut lines out of born-digital PDFs (--printed FOLDER), to be trained on beside drawn ones
    fonts      which installed fonts have every letter
    sample     a picture of drawn lines, to look at
    tune       fine-tune the full net, from the recogniser in the rapidocr wheel or from --start
    slim       make the slim net from it, taught by it at first, then by the texts alone
    ship       export, quantise and write the weights with their description
    refit      put GELUs and excitations of weights that were shipped before into bytes
    counts     count syllable pairs
    calibrate  fit the confidence of words to labelled pages
    all        pages, tune, slim, ship, counts
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch

from ingest.ocr.reader import COUNTS, DATA, WEIGHTS
from ingest.ocr.reader.shapes import batch
from tools.reader import calibrate, counts, printed
from tools.reader.fonts import typefaces
from tools.reader.lines import Sources, batches, examples
from tools.reader.net import SLIM, ReaderNet
from tools.reader.ship import refit, ship
from tools.reader.slim import slimmed
from tools.reader.start import from_wheel
from tools.reader.train import Options, checkpoint, restore, train

#: Batches on which a slim net is fitted to its teacher.
_FITTED = 30


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = ["pages", "fonts", "sample", "tune", "slim", "ship", "refit", "counts", "calibrate", "all"]
    parser.add_argument("step", choices=steps)
    parser.add_argument("--corpus", type=Path, help="statute articles: JSON lines, gzip")
    parser.add_argument("--printed", type=Path, help="folder of born-digital PDFs")
    parser.add_argument("--work", type=Path, default=Path("reader-work"), help="where runs and checkpoints are kept")
    parser.add_argument("--start", type=Path, help="a checkpoint to fine-tune instead of the wheel's recogniser")
    parser.add_argument("--lines", type=int, default=250_000, help="lines the slim net learns from")
    parser.add_argument("--tune-lines", type=int, default=120_000, help="lines the full net learns from")
    parser.add_argument("--rate", type=float, default=1e-4, help="learning rate")
    parser.add_argument("--columns", type=int, default=2400, help="pixels of width in a batch of one process")
    parser.add_argument("--processes", type=int, default=2, help="processes that train, where there is no GPU")
    parser.add_argument("--workers", type=int, default=0, help="processes that make lines, for a GPU")
    parser.add_argument("--labelled", default="scans", help="labelled set that the confidence is fitted to")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the shipped weights go")
    return parser.parse_args(arguments)


def _options(given: argparse.Namespace, name: str, lines: int) -> Options:
    pages = given.work / "pages.pickle"
    return Options(
        out=given.work / name,
        corpus=given.corpus,
        pages=pages if pages.exists() else None,
        lines=lines,
        rate=given.rate,
        columns=given.columns,
        workers=given.workers,
        finish=lines // 8,
    )


def pages(given: argparse.Namespace) -> None:
    """Cut lines out of born-digital pages."""
    path = given.work / "pages.pickle"
    if given.printed is None or path.exists():
        return
    given.work.mkdir(parents=True, exist_ok=True)
    print(printed.save(printed.printed_lines(sorted(given.printed.glob("*.pdf"))), path), "printed lines")


def fonts(given: argparse.Namespace) -> None:
    """Print the fonts that have every letter, with their weights."""
    for face in typefaces():
        print(f"{face.weight:5.1f}  {face.path.name}  {''.join(sorted(face.lacks))}")


def sample(given: argparse.Namespace) -> None:
    """Write ``sample.png``: forty lines as the net sees them."""
    options = _options(given, "sample", 0)
    stream = examples(Sources.load(options.corpus, options.pages, every=20), random.randrange(10**6))
    sheet = np.full((40 * 36, 1200), 128, np.uint8)
    for row, example in zip(range(40), stream, strict=False):
        sheet[36 * row : 36 * row + 32, : example.picture.shape[1]] = example.picture
        print(example.text)
    given.work.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(given.work / "sample.png"), sheet)


def tune(given: argparse.Namespace) -> ReaderNet:
    """Fine-tune the full net."""
    start = restore(given.start) if given.start else from_wheel()
    return train(start, _options(given, "tune", given.tune_lines), processes=given.processes)


def slim(given: argparse.Namespace) -> ReaderNet:
    """Make the slim net and train it."""
    teacher = restore(given.work / "tune" / "run.pt")
    options = _options(given, "slim", given.lines)
    begun = given.work / "slim-begun.pt"
    if not begun.exists():
        stream = batches(examples(Sources.load(options.corpus, options.pages, every=40), seed=9), options.columns)
        pictures = [
            torch.from_numpy(batch([e.picture for e in lines]))
            for lines, _ in zip(stream, range(_FITTED), strict=False)
        ]
        torch.save(checkpoint(slimmed(teacher, SLIM, pictures)), begun)
    return train(restore(begun), replace(options, distil=given.lines // 6), teacher, given.processes)


def fit_confidence(given: argparse.Namespace) -> None:
    """Fit the confidence of words, and print how well it keeps its promise."""
    options = _options(given, "calibrate", 0)
    stream = examples(Sources.load(options.corpus, options.pages, held_out=True), seed=79)
    found = calibrate.calibrate(stream, given.labelled, DATA / "confidence.tsv")
    wrong = sum(not right for _, right in found)
    print(f"fitted to {len(found)} words, {wrong} of them read wrong")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a step."""
    given = _arguments(arguments)
    if given.corpus is None and given.step not in {"fonts", "pages"}:
        print("--corpus is missing", file=sys.stderr)
        return 2
    match given.step:
        case "pages":
            pages(given)
        case "fonts":
            fonts(given)
        case "sample":
            sample(given)
        case "tune":
            tune(given)
        case "slim":
            slim(given)
        case "ship":
            ship(restore(given.work / "slim" / "run.pt"), _options(given, "slim", 0), given.weights)
        case "refit":
            print(refit(_options(given, "slim", 0), given.weights))
        case "counts":
            print("words, pairs:", *counts.count(counts.tokens(given.corpus), COUNTS))
        case "calibrate":
            fit_confidence(given)
        case "all":
            pages(given)
            tune(given)
            ship(slim(given), _options(given, "slim", 0), given.weights)
            print("words, pairs:", *counts.count(counts.tokens(given.corpus), COUNTS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
