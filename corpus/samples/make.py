"""Makes the sample documents: ``python -m corpus.samples.make`` writes ``files/`` and ``gold.json``.

The same sources give the same bytes. With names of samples (``qd-1876-2018``) only those files are written.
"""

from __future__ import annotations

import json
import sys

from corpus.samples import layout, plain, scan, word
from corpus.samples.source import FILES, HERE, Sample, gold, load

_NOTE = (
    "Văn bản mẫu của một tỉnh không có thật. Derived by make.py from content/; page and zone are known by construction. "
    "scan marks pictures of pages; sample names the cited file where it is one of these; wrong marks a citation whose "
    "number or date is meant to be wrong."
)


def make(sample: Sample) -> bytes:
    """The sample's file. Completes its citations with ``page`` (PDF) or ``start`` and ``end`` (text)."""
    if sample.form == "txt":
        return plain.write(sample)
    if sample.form == "docx":
        return word.write(sample)
    laid = layout.lay_out(sample)
    for index, citation in enumerate(sample.citations):
        citation["page"] = laid.pages[index]
    return scan.scan(sample, laid) if sample.form == "scan" else laid.pdf


def main(names: list[str]) -> int:
    missing = layout.missing_fonts() + scan.missing_fonts()
    if missing:
        print("Thiếu phông chữ để làm văn bản mẫu (xem README.md của thư mục):", *missing, sep="\n  ", file=sys.stderr)
        return 1
    samples = load()
    FILES.mkdir(exist_ok=True)
    for sample in samples:
        if names and sample.name not in names:
            if sample.form in ("text", "scan"):
                laid = layout.lay_out(sample)
                for index, citation in enumerate(sample.citations):
                    citation["page"] = laid.pages[index]
            elif sample.form == "txt":
                plain.write(sample)
            continue
        (FILES / sample.file).write_bytes(make(sample))
    if not names:
        for stale in {p.name for p in FILES.iterdir()} - {s.file for s in samples}:
            (FILES / stale).unlink()
    document = {"documents_root": "files", "note": _NOTE, "documents": [gold(s) for s in samples]}
    (HERE / "gold.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(samples)} văn bản mẫu, {sum((FILES / s.file).stat().st_size for s in samples) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
