"""The kept corpus: ``tests/fuzz_corpus/<target>.jsonl``, one JSON string a line, everything unprintable escaped.

Escaped so that the files can be read, compared and kept in git whatever is in an input. A long run of one piece is kept as
``{"piece": …, "times": …, "before": …, "after": …}``.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tests.paths import ROOT

FOLDER = ROOT / "tests" / "fuzz_corpus"
_RUN = re.compile(r"(.{1,60}?)\1{15,}", re.DOTALL)


def load(target: str) -> list[str]:
    """The kept inputs of *target*, in order."""
    path = FOLDER / f"{target}.jsonl"
    if not path.exists():
        return []
    return [read(one) for one in path.read_text("utf-8").split("\n") if one]


def save(target: str, texts: list[str]) -> None:
    """Keeps exactly *texts*, each once."""
    FOLDER.mkdir(exist_ok=True)
    lines = [line(text) for text in dict.fromkeys(texts)]
    (FOLDER / f"{target}.jsonl").write_text("".join(f"{one}\n" for one in lines), "utf-8")


def line(text: str) -> str:
    """The line that keeps *text*."""
    found = _RUN.search(text[:4000]) if len(text) > 300 else None
    if found is None:
        return _printable(json.dumps(text, ensure_ascii=False))
    piece, start = found[1], found.start()
    end = start
    while text.startswith(piece, end):
        end += len(piece)
    packed = {"piece": piece, "times": (end - start) // len(piece), "before": text[:start], "after": text[end:]}
    return _printable(json.dumps(packed, ensure_ascii=False))


def _printable(line: str) -> str:
    return "".join(c if c.isprintable() else _escaped(c) for c in line)


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def read(line: str) -> str:
    """The text that :func:`line` kept."""
    value: Any = json.loads(line)
    if isinstance(value, str):
        return value
    return str(value["before"] + value["piece"] * value["times"] + value["after"])
