"""Writes docs/map.md anew: the prose below, then every file of the rooms with the first sentence of its docstring."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

HEAD = """\
# The map of the house

Made by `python -m tools.code_map` from the files' own first sentences; a test keeps it complete.

Data flows one way:

```
file ──► ingest ──► corpus ──► search ──► webui
         reads       knows      finds      shows
```

- **ingest** turns a file into a record: pages and words, then layout, metadata, citations. Each file is read by a
  worker process that can be killed alone; its only output is one record.
- **corpus** keeps documents and what is known of them: the record model, số ký hiệu, agencies and areas, folding and
  segmentation, the store, resolution of citations, the graph, known documents, samples. It imports no other room.
- **search** answers queries over an index that is derived: it catches up from the store's change numbers and can be
  rebuilt at any time.
- **webui** is the pages, the API, the settings and the `ocop` command: thin, and the only room that calls all others.

Domain tables are data, not code: `corpus/data`, `ingest/data`, `search/data`. Errors and their exit codes:
`corpus/errors.py`. The shape of a record: `docs/record.schema.json`.
"""

ROOMS = ("corpus", "ingest", "search", "webui", "bench")


def sentence(path: Path) -> str:
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = re.split(r"(?<=\.)\s(?=[A-ZĐ])|\n\n", doc.strip(), maxsplit=1)[0]
    return " ".join(first.split()).rstrip(":.") + "."


def files(room: str) -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", room],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return sorted(n for n in set(listing) if n.endswith(".py") and (ROOT / n).exists())


def main() -> None:
    parts = [HEAD]
    for room in ROOMS:
        rows = [n for n in files(room) if not n.endswith("__init__.py") and "/versions/" not in n]
        parts.append(f"\n## {room}\n\n| file | what it is for |\n|---|---|\n")
        parts.extend(f"| `{name}` | {sentence(ROOT / name)} |\n" for name in rows)
    (ROOT / "docs" / "map.md").write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
