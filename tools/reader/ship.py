"""Writes the weights that are shipped: exported, quantised, and held against the net they come from."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from ingest.ocr.reader.net import Net
from ingest.ocr.reader.shapes import batch
from tools.reader.export import in_bytes, quantised, to_onnx
from tools.reader.lines import Example, Sources, examples
from tools.reader.net import ReaderNet
from tools.reader.train import Options

#: Lines whose ranges set the steps of the int8 values, lines to which GELUs in bytes are fitted, and lines on which the
#: result is measured.
CALIBRATION, FITTED, MEASURED = 120, 400, 200


@dataclass(frozen=True, slots=True)
class Shipped:
    """How far the file is from the net: the largest difference of a probability of the exported net, and letters wrong
    per letter on held-out drawn lines, read greedily, of the net and of the int8 file."""

    difference: float
    cer: float
    cer_int8: float
    sha256: str


def ship(net: ReaderNet, options: Options, path: Path) -> Shipped:
    """Write *net* to *path* as the reader uses it."""
    held_out = examples(Sources.load(options.corpus, options.pages, held_out=True), seed=78)
    calibration = training_lines(options, FITTED)
    measured = list(islice(held_out, MEASURED))
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "net.onnx"
        to_onnx(net.eval(), whole)
        quantised(whole, path, calibration[:CALIBRATION], calibration)
        exported, shipped = Net(whole), Net(path)
        differences = []
        for example in measured[:20]:
            with torch.no_grad():
                ours = net(torch.from_numpy(batch([example.picture]))).softmax(-1)[0].numpy()
            differences.append(float(np.abs(ours - exported.chances([example.picture])[0]).max()))
        result = Shipped(
            max(differences),
            error_rate(exported, measured),
            error_rate(shipped, measured),
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
    print(result)
    return result


def training_lines(options: Options, count: int) -> list[NDArray[np.float32]]:
    """The first lines of those that int8 values are fitted to, each as a batch (1, 1, 32, W)."""
    lines = examples(Sources.load(options.corpus, options.pages, every=40), seed=77)
    return [batch([example.picture]) for example in islice(lines, count)]


def refit(options: Options, path: Path) -> str:
    """Put the GELUs and excitations of the weights at *path*, shipped when these stayed in floating point, into bytes.
    The file's new SHA-256."""
    onnx.save(in_bytes(onnx.load(path), training_lines(options, FITTED)), path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def error_rate(net: Net, lines: Sequence[Example]) -> float:
    """Letters wrong per letter of *lines*, read greedily."""
    from rapidfuzz.distance import Levenshtein

    wrong = letters = 0
    for example, chances in zip(lines, net.chances([example.picture for example in lines]), strict=True):
        wrong += Levenshtein.distance(greedy(chances, net.characters), example.text)
        letters += len(example.text)
    return wrong / max(1, letters)


def greedy(chances: NDArray[np.float32], characters: Sequence[str]) -> str:
    """The likeliest character of each place, repeats and blanks left out."""
    best = chances.argmax(axis=1)
    kept = best[np.flatnonzero(np.diff(best, prepend=0))]
    return "".join(characters[column - 1] for column in kept.tolist() if column)
