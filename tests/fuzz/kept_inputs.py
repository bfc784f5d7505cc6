"""The kept inputs: ``tests/fuzz_corpus/<target>.jsonl``, one JSON string a line, unprintable characters escaped.

So the files can be read and compared in git whatever an input holds. A long repetition of one piece is kept as
``{"piece": …, "times": …, "before": …, "after": …}``.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tests.paths import ROOT

FOLDER = ROOT / "tests" / "fuzz_corpus"
#: A piece that is repeated at least 16 times.
_REPETITION = re.compile(r"(.{1,60}?)\1{15,}", re.DOTALL)
#: Characters in which a repetition is looked for, and the shortest text in which it is worth it.
_SEARCHED, _WORTH_PACKING = 4_000, 300


def load(target: str) -> list[str]:
    """The kept inputs of *target*, in order."""
    path = FOLDER / f"{target}.jsonl"
    if not path.exists():
        return []
    return [from_line(line) for line in path.read_text("utf-8").split("\n") if line]


def save(target: str, texts: list[str]) -> None:
    """Replaces the kept inputs by *texts*, each once."""
    FOLDER.mkdir(exist_ok=True)
    lines = [to_line(text) for text in dict.fromkeys(texts)]
    (FOLDER / f"{target}.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")


def to_line(text: str) -> str:
    """The line that keeps *text*."""
    found = _REPETITION.search(text[:_SEARCHED]) if len(text) > _WORTH_PACKING else None
    if found is None:
        return _printable(json.dumps(text, ensure_ascii=False))
    piece, start = found[1], found.start()
    end = start
    while text.startswith(piece, end):
        end += len(piece)
    packed = {"piece": piece, "times": (end - start) // len(piece), "before": text[:start], "after": text[end:]}
    return _printable(json.dumps(packed, ensure_ascii=False))


def from_line(line: str) -> str:
    """The text that :func:`to_line` kept."""
    value: Any = json.loads(line)
    if isinstance(value, str):
        return value
    return str(value["before"] + value["piece"] * value["times"] + value["after"])


def _printable(line: str) -> str:
    return "".join(c if c.isprintable() else _escaped(c) for c in line)


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
