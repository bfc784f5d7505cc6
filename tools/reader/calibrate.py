"""Fits the confidence of words: how often a word is right, given what the net and the counts make of it.

Words come from held-out lines of the training material (drawn and born-digital, degraded like scans) and from the gold
strings of one labelled set of scans. The curve is a logistic regression with a small ridge, solved by Newton's method;
its weights go to ``ingest/ocr/reader/data/confidence.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.matching import aligned, find, plain
from bench.reader import FOUND, gold_cases
from ingest.ocr.reader.confidence import FEATURES, features
from ingest.ocr.reader.decode import known, words
from ingest.ocr.reader.line_reader import LineReader
from ingest.ocr.reader.net import Net, shipped
from ingest.ocr.reader.pairs import Pairs
from ingest.ocr.reader.pairs import shipped as shipped_pairs
from ingest.ocr.witnesses import bare
from tools.reader.lines import Example

#: Lines of the training material that are looked at, and the pull of each weight to zero.
LINES, _RIDGE = 400, 0.5
_ROUNDS = 30

#: What is known of a word, and whether it is right.
Judged = tuple[tuple[float, ...], bool]


def judged(read: Sequence[tuple[str, tuple[float, ...]]], text: str) -> Iterator[Judged]:
    """Each word of a line that was *read*, held against what stands in its place in *text*."""
    joined = " ".join(word for word, _ in read)
    places, at = aligned(joined, text), 0
    for word, seen in read:
        first, last = places[at], places[at + len(word)]
        at += len(word) + 1
        before = text[:first].rfind(" ") + 1
        behind = text.find(" ", last)
        there = text[before : behind if behind >= 0 else len(text)]
        yield seen, bare(plain(word)) == bare(there)


def of_lines(examples: Iterable[Example], net: Net, pairs: Pairs) -> Iterator[Judged]:
    """The words of lines whose text is known."""
    for example in examples:
        read = [
            (word.text, features(word.chance, [c.confidence for c in word.letters], known(word.text, pairs)))
            for word in words(net.chances([example.picture])[0], net.characters, pairs)
        ]
        yield from judged(read, plain(example.text))


def of_scans(name: str, reader: LineReader, pairs: Pairs, every: int = 1) -> Iterator[Judged]:
    """The words of the gold strings on the first pages of a labelled set of scans. every: second, third … document."""
    for case in islice(gold_cases(name), 0, None, every):
        page = [word for line in reader.read(case.image(), 200) for word in line.words]
        text = plain(" ".join(word.text for word in page))
        spans = list(re.finditer(r"\S+", text))
        if len(spans) != len(page):
            continue
        for string in case.strings:
            match = find(string, text)
            if match.wrong >= FOUND * len(string):
                continue
            inside = [n for n, span in enumerate(spans) if span.start() >= match.start and span.end() <= match.end]
            read = [
                (
                    plain(page[n].text),
                    features(page[n].chance, [c.confidence for c in page[n].letters], known(page[n].text, pairs)),
                )
                for n in inside
            ]
            yield from judged(read, string)


def fitted_weights(found: Sequence[Judged]) -> NDArray[np.float64]:
    """The weights of :data:`ingest.ocr.reader.confidence.FEATURES` that make the words' outcomes likeliest."""
    x = np.array([seen for seen, _ in found], dtype=np.float64)
    y = np.array([right for _, right in found], dtype=np.float64)
    weights = np.zeros(x.shape[1])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (y - chance) - _RIDGE * weights
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + _RIDGE * np.eye(x.shape[1])
        weights += np.linalg.solve(bend, slope)
    return weights


def save(weights: NDArray[np.float64], count: int, path: Path) -> None:
    """Write the table of weights."""
    head = f"# Weights of ingest/ocr/reader/confidence.py, fitted by python -m tools.reader calibrate to {count} words."
    rows = [f"{name}\t{weight:.3f}" for name, weight in zip(FEATURES, weights.tolist(), strict=True)]
    path.write_text("\n".join([head, "feature\tweight", *rows]) + "\n", encoding="utf-8")


def calibrate(examples: Iterable[Example], labelled: str, path: Path) -> list[Judged]:
    """Fit the curve to held-out *examples* and to the set *labelled*, and write it; the words it was fitted to."""
    pairs, net = shipped_pairs(), shipped()
    found = list(of_lines(islice(examples, LINES), net, pairs))
    found += of_scans(labelled, LineReader(), pairs)
    save(fitted_weights(found), len(found), path)
    return found
