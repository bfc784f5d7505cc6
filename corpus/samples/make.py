"""Makes the sample documents: ``python -m corpus.samples.make`` writes ``files/`` and ``gold.json``.

The same sources give the same bytes. With names of samples (``qd-1876-2018``) only those files are written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from corpus.samples import scan, spreadsheet, text_file, typesetting, word_file
from corpus.samples.gold import gold
from corpus.samples.pdf_layout import lay_out
from corpus.samples.sheet import LaidOut
from corpus.samples.source import FILES, HERE, RECOGNITIONS, Sample, load

_NOTE = (
    "Văn bản mẫu của một tỉnh không có thật. Derived by make.py from content/; page and zone are known by "
    "construction. scan marks pictures of pages; sample names the cited file where it is one of these; wrong marks a "
    "citation whose number or date is meant to be wrong."
)


def make(sample: Sample) -> bytes:
    """The sample's file. Adds to its citations ``page`` (PDF) or ``start`` and ``end`` (plain text)."""
    if sample.form == "txt":
        return text_file.write(sample)
    if sample.form == "docx":
        return word_file.write(sample)
    if sample.form == "xlsx":
        return spreadsheet.write(sample)
    laid_out = _laid_out(sample)
    return scan.scan(sample, laid_out) if sample.form == "scan" else laid_out.pdf


def _write(samples: list[Sample], folder: Path, names: list[str]) -> None:
    """The files of *names* among *samples*, of all where it is empty; files of no sample are removed then."""
    folder.mkdir(exist_ok=True)
    for sample in samples:
        if names and sample.name not in names:
            _complete(sample)
        else:
            (folder / sample.file).write_bytes(make(sample))
    if not names:
        for stale in {path.name for path in folder.iterdir()} - {sample.file for sample in samples}:
            (folder / stale).unlink()


def _laid_out(sample: Sample) -> LaidOut:
    """The sample as a PDF; adds the pages of its citations."""
    laid_out = lay_out(sample)
    for index, citation in enumerate(sample.citations):
        citation["page"] = laid_out.pages[index]
    return laid_out


def _complete(sample: Sample) -> None:
    """Add the pages or offsets of a sample's citations without making its file."""
    if sample.form in ("text", "scan"):
        _laid_out(sample)
    elif sample.form == "txt":
        text_file.write(sample)


def main(names: list[str]) -> int:
    """Write the files of *names*, of all samples where it is empty, and ``gold.json``; the exit code."""
    missing = typesetting.missing_fonts() + scan.missing_fonts()
    if missing:
        print("Thiếu phông chữ để làm văn bản mẫu (xem README.md của thư mục):", *missing, sep="\n  ", file=sys.stderr)
        return 1
    samples = load()
    _write(samples, FILES, names)
    _write(load(RECOGNITIONS / "content"), RECOGNITIONS / "files", names)
    document = {"documents_root": "files", "note": _NOTE, "documents": [gold(sample) for sample in samples]}
    (HERE / "gold.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    size = sum((FILES / sample.file).stat().st_size for sample in samples)
    print(f"{len(samples)} văn bản mẫu, {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
