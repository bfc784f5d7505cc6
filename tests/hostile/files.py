"""Hostile files by kind, each with the outcomes that are right for it.

A kind is a function that yields (name, content, outcomes); the modules ``kinds_*`` register theirs.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.vocabulary import Verdict

#: What may become of a file: "kept" whole, "part" of it kept and marked incomplete, "opened" (it holds documents, which
#: have outcomes of their own), or a verdict.
Outcomes = frozenset[str]
KEPT: Outcomes = frozenset({"kept"})
PART: Outcomes = frozenset({"part"})
OPENED: Outcomes = frozenset({"opened"})
BROKEN: Outcomes = frozenset({Verdict.DAMAGED, Verdict.NO_TEXT})
HEAVY: Outcomes = frozenset({Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY, Verdict.TOO_LARGE})
FOREIGN: Outcomes = frozenset({Verdict.UNSUPPORTED})
LOCKED: Outcomes = frozenset({Verdict.ENCRYPTED})
ANY: Outcomes = KEPT | PART | BROKEN | FOREIGN

Made = Iterator[tuple[str, bytes, Outcomes]]
Kind = Callable[[random.Random], Made]

#: Every kind by its name.
KINDS: dict[str, Kind] = {}


@dataclass(frozen=True, slots=True)
class HostileFile:
    """One hostile file."""

    kind: str
    #: Bytes that need not be UTF-8.
    name: bytes
    data: bytes
    #: What may become of it.
    outcomes: Outcomes


def kind(name: str) -> Callable[[Kind], Kind]:
    """Registers a kind under its name."""

    def register(make: Kind) -> Kind:
        KINDS[name] = make
        return make

    return register


def all_files(seed: int = 0, kinds: tuple[str, ...] = ()) -> Iterator[HostileFile]:
    """Every hostile file, or those of some kinds; the same for the same seed."""
    for name, make in KINDS.items():
        if kinds and name not in kinds:
            continue
        for number, (file, data, outcomes) in enumerate(make(random.Random(f"{seed} {name}"))):
            own = file.encode("utf-8", "surrogateescape")
            # Unusual names are the point of that kind; others get a number, so that no two are the same.
            numbered = own if name == "names" else f"{number:03d}-".encode() + own
            yield HostileFile(name, numbered, data, outcomes)
