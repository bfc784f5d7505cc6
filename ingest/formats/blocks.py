"""Text as word processors hold it: paragraphs of runs with fonts, and tables of cells that hold blocks again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.formats.flow import flow_page, table_lines
from ingest.formats.legacy_runs import paragraph_texts
from ingest.formats.legacy_stretches import Run
from ingest.page import Page
from ingest.tables.flow_cells import ONE, CellLines, Span


@dataclass(slots=True)
class Paragraph:
    """A paragraph; ``\\n`` in a run is a line break, ``\\t`` a tab."""

    runs: list[Run] = field(default_factory=list)


@dataclass(slots=True)
class Cell:
    """A cell of a table."""

    blocks: list[Block]
    span: Span = ONE


@dataclass(slots=True)
class Table:
    """A table: rows of cells of blocks."""

    rows: list[list[Cell]] = field(default_factory=list)


Block = Paragraph | Table


def plain_paragraphs(lines: Sequence[str]) -> list[Block]:
    """A paragraph for each line, its font unknown."""
    return [Paragraph([(line, "")]) for line in lines]


def blocks_page(blocks: Sequence[Block], notes: Sequence[str] = ()) -> Page:
    """The one page of a file that consists of *blocks*, text in legacy encodings converted."""
    texts, encodings = paragraph_texts([paragraph.runs for paragraph in _paragraphs(blocks)])
    converted = [f"đã chuyển từ bảng mã {name.upper()}" for name in encodings]
    return flow_page(list(_lines(blocks, iter(texts))), [*notes, *converted])


def _paragraphs(blocks: Sequence[Block]) -> Iterator[Paragraph]:
    """All paragraphs, those of cells among them, in the order of :func:`_lines`."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for row in block.rows:
                for cell in row:
                    yield from _paragraphs(cell.blocks)


def _lines(blocks: Sequence[Block], texts: Iterator[str]) -> Iterator[str]:
    """The lines of *blocks*; *texts* gives the text of each paragraph in turn."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (line.strip(" ") for line in next(texts).split("\n") if line.strip())
        else:
            rows = [[CellLines(_lines(cell.blocks, texts), cell.span) for cell in row] for row in block.rows]
            yield from table_lines(rows)
