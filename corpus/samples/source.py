"""The sources of the samples: one TOML file a document in ``content/``.

A body is one paragraph a line:

=================  ==================================================================================
``~ text``         italic paragraph (a căn cứ)
``= text``         centred bold line (``QUYẾT ĐỊNH:``)
``! text``         bold paragraph (a heading)
``| a | b``        table row; ``|: 10 60 30`` before it gives the columns' widths in percent
``|! a | b``       heading of a table over several pages: printed again on each; in such tables a cell ``<`` belongs
                   to the one on its left, ``^`` to the one above
``^ text``         footnote of the ``[^]`` mark before it
``---``            ends the preamble
anything else      a justified paragraph with its first line indented
=================  ==================================================================================

Inside a line ``**bold**`` and ``[[citation|relation; key=value]]``; see :mod:`corpus.samples.citations`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.samples import citations

#: The folder of the samples.
HERE = Path(__file__).parent
#: Their sources.
CONTENT = HERE / "content"
#: The documents made from them.
FILES = HERE / "files"
#: Decisions with annexes of several pages, and the register of their products; a set of their own.
RECOGNITIONS = HERE / "recognitions"
#: What marks each as a sample.
MARK = "VĂN BẢN MẪU"

_BRACKETS = re.compile(r"\[\[(.+?)\]\]")
_PIECES = re.compile(r"(\*\*|\[\[.+?\]\]|\[\^\])")
#: A bar between cells, not one inside the brackets of a citation.
_CELL_BAR = re.compile(r"\|(?![^\[]*\]\])")
_BLOCK_KINDS = {"~": "basis", "=": "centre", "!": "heading", "^": "footnote"}
_FILE_TYPES = {"docx": "docx", "txt": "txt", "xlsx": "xlsx"}


@dataclass(frozen=True)
class Run:
    """Words of one style."""

    text: str
    bold: bool = False
    italic: bool = False
    #: An index into :attr:`Sample.citations`.
    citation: int | None = None
    #: The number of a footnote that is referred to here; the text is empty then.
    note: int | None = None


@dataclass(frozen=True)
class Block:
    """One paragraph or row."""

    #: text, basis, centre, heading, footnote, row, head (a row that is a heading) or widths.
    kind: str
    runs: tuple[Run, ...] = ()
    #: Of a row.
    cells: tuple[tuple[Run, ...], ...] = ()
    #: Of widths: the columns of the rows that follow, in percent.
    widths: tuple[int, ...] = ()


@dataclass
class Part:
    """The document itself (index 0) or an attachment, which begins on a page of its own."""

    index: int
    data: dict[str, Any]
    title: tuple[Run, ...] = ()
    under_title: tuple[Run, ...] = ()
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Sample:
    """One document."""

    name: str
    #: What its source says.
    data: dict[str, Any]
    parts: list[Part] = field(default_factory=list)
    #: Its citations as ``gold.json`` lists them.
    citations: list[dict[str, Any]] = field(default_factory=list)
    #: How many footnotes it has.
    notes: int = 0

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.{_FILE_TYPES.get(self.form, 'pdf')}"

    @property
    def form(self) -> str:
        """How it is made: text (a PDF with text), scan, docx, txt or xlsx (the tables of its attachments)."""
        return str(self.data["form"])

    @property
    def so_ky_hieu(self) -> str | None:
        """Its số ký hiệu; None where it has no number."""
        number, symbol = self.data["number"], self.data["symbol"]
        return f"{number}{'-' if self.data.get('party') else '/'}{symbol}" if number else None

    @property
    def date(self) -> str:
        """Its date, EDTF."""
        parts = [f"{self.data['year']:04d}"]
        for key in ("month", "day"):
            if not self.data[key]:
                break
            parts.append(f"{int(self.data[key]):02d}")
        return "-".join(parts)

    @property
    def full_issuer(self) -> str:
        """The issuer with its area: "Sở Công Thương" under "UBND tỉnh X" is "Sở Công Thương tỉnh X"."""
        issuer, parent = str(self.data["issuer"]), self.data.get("parent")
        area = str(parent).removeprefix("UBND ") if parent else ""
        return f"{issuer} {area}".strip() if area and area.split(" ", 1)[-1] not in issuer else issuer


def load(content: Path = CONTENT) -> list[Sample]:
    """All samples in the order of their names. Raises ValueError for a source with a mistake."""
    samples = [
        Sample(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(content.glob("*.toml"))
        if path.stem != "register"
    ]
    register: list[dict[str, Any]] = tomllib.loads((CONTENT / "register.toml").read_text(encoding="utf-8"))["document"]
    known = [dict(entry) for entry in register]
    for sample in samples:
        if sample.so_ky_hieu:
            known.append(
                {
                    "number": sample.so_ky_hieu,
                    "date": sample.date,
                    "type": sample.data["doc_type"],
                    "issuer": sample.full_issuer,
                    "sample": sample.file,
                }
            )
    for sample in samples:
        read_parts(sample, known)
    return samples


def read_parts(sample: Sample, known: list[dict[str, Any]]) -> None:
    """Read the parts and citations of *sample* from its source.

    known: the documents that may be cited, with number, date, type, issuer, and sample where it is one of these. Raises
    ValueError for a citation that does not agree with them.
    """
    for index, data in enumerate([sample.data, *sample.data.get("parts", [])]):
        part = Part(index, data)
        reader = _Reader(sample, known, index)
        part.title = tuple(reader.runs(data.get("title", ""), reader.zone("title")))
        part.under_title = tuple(reader.runs(data.get("under_title", ""), reader.zone("title")))
        zone = reader.zone("preamble")
        for line in data["body"].splitlines():
            line = line.strip()
            if line == "---":
                zone = reader.zone("body")
            elif line:
                part.blocks.append(reader.block(line, zone))
        sample.parts.append(part)


class _Reader:
    """Reads lines of one part of a sample; index: of the part."""

    def __init__(self, sample: Sample, known: list[dict[str, Any]], index: int) -> None:
        self._sample = sample
        self._known = known
        self._index = index

    def zone(self, zone: str) -> str:
        """*zone*, or "attachment" in an attachment."""
        return "attachment" if self._index else zone

    def block(self, line: str, zone: str) -> Block:
        """The block of a line of the body."""
        if line.startswith("|:"):
            return Block("widths", widths=tuple(int(width) for width in line[2:].split()))
        if line.startswith("|!"):
            return Block("head", cells=self.block(f"|{line[2:]}", zone).cells)
        if line.startswith("|"):
            cells = _CELL_BAR.split(line.removeprefix("|").removesuffix("|"))
            return Block("row", cells=tuple(tuple(self.runs(cell.strip(), zone)) for cell in cells))
        kind = _BLOCK_KINDS.get(line[0], "text") if line[1:2] == " " else "text"
        text = line[2:] if kind != "text" else line
        return Block(kind, runs=tuple(self.runs(text, self.zone("footnote") if kind == "footnote" else zone)))

    def runs(self, text: str, zone: str) -> Iterator[Run]:
        """The runs of a text; its citations are added to the sample's."""
        context = citations.Context(zone, self._index, text.removeprefix("- ").replace("**", ""))
        sample = self._sample
        bold = False
        for piece in _PIECES.split(text):
            match = _BRACKETS.fullmatch(piece)
            if piece == "**":
                bold = not bold
            elif piece == "[^]":
                sample.notes += 1
                yield Run("", note=sample.notes)
            elif match:
                words, _, options = match[1].partition("|")
                try:
                    gold = citations.read(words, options, context, self._known, own_file=sample.file)
                except ValueError as error:
                    raise ValueError(f"{sample.name}: {error}") from error
                sample.citations.append(gold)
                yield Run(words, bold, citation=len(sample.citations) - 1)
            elif piece:
                yield Run(piece, bold)


def listed(names: list[str]) -> list[str]:
    """*names* as lines of a list: hyphens before them, semicolons and at last a full stop after them."""
    return [f"- {name}{'.' if at == len(names) - 1 else ';'}" for at, name in enumerate(names)]


def plain(runs: tuple[Run, ...]) -> str:
    """The words of *runs*."""
    return "".join(run.text for run in runs)
