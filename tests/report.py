"""What a change won and lost on the labelled documents: ``python -m tests.report OLD NEW [--sets seeds,gazette,…]``.

OLD and NEW are commits (``.`` is the working tree). Each is unpacked into a folder of its own and asked to read the
same files by `ocop read --jsonl`, the contract that no commit breaks. Listed are the labelled citations and header
fields that only one of them has right, and the invented citations that came or went.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus.fold import fold
from corpus.so_ky_hieu import parse
from tests.paths import ROOT, SHARED

FIELDS = ("doc_type", "so_ky_hieu", "date", "issuer", "title", "signer")
SETS = ("samples", "seeds", "gazette", "references", "scans")

#: file → what was judged → whether it was right, and a line that names it.
Judged = dict[tuple[str, str], tuple[bool, str]]


def gold_of(name: str) -> tuple[dict[str, Any], Path]:
    """The labels of a set and the folder of its documents. Raises FileNotFoundError."""
    path = ROOT / "corpus" / "samples" / "gold.json" if name == "samples" else SHARED / "gold" / f"{name}.json"
    gold = json.loads(path.read_text(encoding="utf-8"))
    return gold, path.parent / gold["documents_root"]


def records_of(commit: str, files: list[Path]) -> dict[str, dict[str, Any]]:
    """What the reader of *commit* says of *files*, by file name."""
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        place = ROOT
        if commit != ".":
            archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
            subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
            place = Path(folder)
        command = [sys.executable, "-m", "webui", "read", "--jsonl", *map(str, files)]
        lines = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False).stdout.splitlines()
    return {Path(r["path"]).name: r for r in map(json.loads, (x for x in lines if x.startswith("{")))}


def _key(so_ky_hieu: str | None) -> str | None:
    parsed = parse(so_ky_hieu) if so_ky_hieu else None
    return "/".join(p for p in (parsed.number_key, parsed.year, parsed.sym_key) if p) if parsed else None


def _plain(value: Any) -> str:
    text = fold(str(value or "")).replace("uy ban nhan dan", "ubnd").replace("hoi dong nhan dan", "hdnd")
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def judge(document: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[tuple[str, bool, str]]:
    """(what, right, line) for every labelled citation, field and invented citation of one document."""
    own = _key(document.get("so_ky_hieu"))
    wanted = {k: c for c in document.get("citations") or [] if (k := _key(c.get("so_ky_hieu"))) and k != own}
    read = {k: c for c in record.get("citations") or [] if (k := _key(c.get("so_ky_hieu"))) and k != own}
    pages, zones = document.get("citation_pages"), document.get("citation_zones")
    for key, citation in wanted.items():
        yield f"citation {key}", key in read, citation.get("raw") or citation["so_ky_hieu"]
    for key, citation in read.items():
        labelled = (not pages or citation["page"] in pages) and (not zones or citation["zone"] in zones)
        if key not in wanted and labelled:
            yield f"invented {key}", False, citation["text"]
    for name in FIELDS:
        if name in document:
            right = _plain(document[name]) == _plain(record.get(name))
            yield f"field {name}", right, f"{name}: {document[name]} ↔ {record.get(name)}"


def judged(commit: str, sets: list[str]) -> Judged:
    """Everything that was judged for *commit*."""
    out: Judged = {}
    for name in sets:
        gold, folder = gold_of(name)
        files = [folder / d["file"] for d in gold["documents"]]
        records = records_of(commit, files)
        for document, path in zip(gold["documents"], files, strict=True):
            for what, right, line in judge(document, records.get(path.name) or {}):
                out[f"{name}/{path.name}", what] = (right, line)
    return out


def compare(old: Judged, new: Judged) -> tuple[list[str], list[str]]:
    """(won, lost) lines between two judgements; an invented citation that went away is won."""
    won, lost = [], []
    for key in sorted({*old, *new}):
        before = old[key][0] if key in old else key[1].startswith("invented")
        after = new[key][0] if key in new else key[1].startswith("invented")
        line = f"{key[0]}: {key[1]}: {' '.join((new.get(key) or old[key])[1].split())}"
        if after and not before:
            won.append(line)
        elif before and not after:
            lost.append(line)
    return won, lost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--sets", default="samples,seeds,gazette,references", help=f"any of {','.join(SETS)}")
    args = parser.parse_args()
    sets = args.sets.split(",")
    old, new = judged(args.old, sets), judged(args.new, sets)
    for name, some in (("old", old), ("new", new)):
        right = sum(r for r, _ in some.values())
        print(f"{name}: {right} right of {len(some)} judged")
    won, lost = compare(old, new)
    print(f"\n{len(won)} won")
    print("".join(f"  + {line}\n" for line in won), end="")
    print(f"{len(lost)} lost")
    print("".join(f"  - {line}\n" for line in lost), end="")


if __name__ == "__main__":
    main()
