"""Training examples: pictures of lines with their texts, endless and repeatable from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from ingest.ocr.reader.shapes import STRIDE, Grey, fitted
from tools.reader import printed
from tools.reader.fonts import Typeface, typefaces
from tools.reader.render import draw_line
from tools.reader.scan import scanned
from tools.reader.texts import Texts, articles

#: Widths relative to height vary this much about the squeeze that the reader uses.
_SQUEEZES = (0.70, 0.94)
#: Characters of a line, at most, and how often.
_LENGTHS, _SHARES = (28, 60, 110), (0.45, 0.33, 0.22)
#: Share of lines cut from born-digital pages, where there are any.
_PRINTED_SHARE = 0.4
_WIDEST = 1200


@dataclass(frozen=True, slots=True)
class Example:
    """A fitted picture (32, W) of a line and what it says."""

    picture: Grey
    text: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What lines are made of; loading it takes seconds, so it is shared by all streams of a process."""

    running: Sequence[str]
    faces: Sequence[Typeface]
    pages: Sequence[printed.PrintedLine]

    @classmethod
    def load(cls, corpus: Path, pages: Path | None = None, *, held_out: bool = False, every: int = 4) -> Sources:
        """corpus: statute articles. pages: file of :func:`tools.reader.printed.save`.

        held_out: the lines kept for validation, else all others.
        """
        lines = printed.load(pages) if pages is not None else []
        kept = [line for n, line in enumerate(lines) if (n % 50 == 49) is held_out]
        running = articles(corpus, held_out=held_out, every=1 if held_out else every)
        return cls(running, typefaces(), kept)


def examples(sources: Sources, seed: int) -> Iterator[Example]:
    """Endless lines; the same *seed* gives the same lines."""
    chance, noise = random.Random(seed), np.random.default_rng(seed)
    texts = Texts(sources.running, chance)
    while True:
        longest = chance.choices(_LENGTHS, _SHARES)[0]
        if sources.pages and chance.random() < _PRINTED_SHARE:
            line = printed.cut(chance.choice(sources.pages), longest, chance)
        else:
            drawn = draw_line(texts.line(longest), sources.faces, chance)
            if drawn is None:
                continue
            line = drawn
        picture = fitted(scanned(line, chance, noise), chance.uniform(*_SQUEEZES))
        if picture.shape[1] <= _WIDEST and places_needed(line.text) < picture.shape[1] // STRIDE:
            yield Example(picture, line.text)


def places_needed(text: str) -> int:
    """Places of the net's output that CTC needs for *text*: a blank between two equal characters."""
    return len(text) + sum(a == b for a, b in pairwise(text))


def batches(lines: Iterator[Example], columns: int, pool: int = 64) -> Iterator[list[Example]]:
    """Lines of similar width together: each batch is at most *columns* pixels wide in all, padding included."""
    while True:
        waiting = sorted((next(lines) for _ in range(pool)), key=lambda e: e.picture.shape[1])
        groups: list[list[Example]] = []
        for example in waiting:
            width = example.picture.shape[1]
            if groups and (len(groups[-1]) + 1) * width <= columns:
                groups[-1].append(example)
            else:
                groups.append([example])
        random.Random(len(waiting[-1].text)).shuffle(groups)
        yield from groups
