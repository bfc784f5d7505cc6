"""Writes docs/map.md: every file of the product with the first sentence of its docstring."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

HEAD = """\
# Code map

Every file of the product and of the benchmarks with the first sentence of its docstring. Written by
`python -m tools.code_map`; a test keeps it complete. How the parts work together and which may import which:
[developer's guide](developing.md).

```
file ──► ingest ──► corpus ──► search ──► webui
         reads      keeps      finds      shows
```

Data files: `corpus/data`, `ingest/data`, `search/data`. Errors and their exit codes: `corpus/errors.py`. The shape of a
record: `docs/record.schema.json`.
"""

ROOMS = ("corpus", "ingest", "search", "webui", "bench")


def sentence(path: Path) -> str:
    """The first sentence of the module's docstring, in one line."""
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = re.split(r"(?<=\.)\s(?=[A-ZĐ])|\n\n", doc.strip(), maxsplit=1)[0]
    return " ".join(first.split()).rstrip(":.") + "."


def files(room: str) -> list[str]:
    """The Python files of *room* that git knows or would add, in order."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", room],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return sorted(n for n in set(listing) if n.endswith(".py") and (ROOT / n).exists())


def main() -> None:
    """Write the map."""
    parts = [HEAD]
    for room in ROOMS:
        rows = [n for n in files(room) if not n.endswith("__init__.py") and "/versions/" not in n]
        parts.append(f"\n## {room}\n\n| File | Purpose |\n|---|---|\n")
        parts.extend(f"| `{name}` | {sentence(ROOT / name)} |\n" for name in rows)
    (ROOT / "docs" / "map.md").write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
