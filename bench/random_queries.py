"""Random strings as queries: ``python -m bench.random_queries [--strings 10000] [--json]``.

Strings are runs of words of the field, signs of the query language, numbers, marks and characters of every script.
Each must give a tree or the query error. Figures: trees, errors, other exceptions (none is right), and the processor
time of one parse in milliseconds (p50, p95 and the longest).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

from bench.timing import percentiles
from corpus.errors import QueryError
from search.query.asked_number import asked_number
from search.query.parser import parse
from search.query.question import question_of

SEED = 919
_WORDS = ("tập", "huấn", "ocop", "kế hoạch", "919/QĐ-TTg", "96", "2021-2025", "AND", "OR", "NOT", "số", "Ủy", "xã", "1")
_SIGNS: tuple[str, ...] = (
    *'"()*~:-|/.,?!',
    "loai:",
    "so:",
    "ngay:",
    "cancu:",
    '"a b"~3',
    "tập*",
    "huần~",
    ">=",
    "..",
    "  ",
    "\n",
)
_LONGEST = 60


def strings(count: int, seed: int = SEED) -> Iterator[str]:
    """*count* random strings, some of them far too long."""
    chance = random.Random(seed)
    for number in range(count):
        length = chance.randrange(1, _LONGEST if number % 50 else 800)
        yield "".join(_piece(chance) for _ in range(length))


def _piece(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.4:
        return chance.choice(_WORDS) + chance.choice(("", " "))
    if kind < 0.7:
        return chance.choice(_SIGNS)
    if kind < 0.8:
        return " "
    if kind < 0.9:
        return chr(chance.randrange(0x300, 0x370))
    return chr(
        chance.choice((chance.randrange(0x20, 0x2FF), chance.randrange(0x1E00, 0x1F00), chance.randrange(0x110000)))
    )


def measure(count: int) -> dict[str, Any]:
    """The figures of *count* strings."""
    took: list[float] = []
    outcomes = {"trees": 0, "errors": 0}
    failures: list[str] = []
    for text in strings(count):
        began = time.thread_time()
        try:
            question_of(text)
            asked_number(text)
            parse(text)
            outcomes["trees"] += 1
        except QueryError:
            outcomes["errors"] += 1
        except Exception as error:  # what is looked for here
            failures.append(f"{type(error).__name__}: {text!r}")
        took.append((time.thread_time() - began) * 1_000)
    return {"strings": count, **outcomes, "failures": failures, **percentiles(took), "longest_ms": round(max(took), 3)}


def main() -> int:
    """Prints the figures; 1 where any string gave another exception than the query error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strings", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    figures = measure(chosen.strings)
    if chosen.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        for name, figure in figures.items():
            print(f"{name:12} {figure}")
    return 1 if figures["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
