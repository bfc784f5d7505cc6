"""Fields of tables: the lines that stand between rules, and the picture of a page without the rules of its tables.

A rule that is left in the picture of a line is read as a letter: as "1", "|" or "[" beside it, and above or below a
short line it makes the letters small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ingest.ocr.reader.components import Pieces
from ingest.ocr.reader.finder import Run
from ingest.ocr.reader.leaders import find_leaders
from ingest.ocr.reader.shapes import Grey


def in_fields(runs: Sequence[Run], found: Pieces) -> list[Run]:
    """*runs*, those with a rule on all four sides as ``ruled``."""
    if found.tables is None:
        return list(runs)
    return [replace(run, ruled=_is_enclosed(run, found)) for run in runs]


def dots_in_fields(found: Pieces) -> tuple[list[Run], Pieces]:
    """The rows of dots that rules enclose, as ``ruled`` runs, and the page's pieces without their dots as marks."""
    if found.tables is None:
        return [], found
    inside = [(run, numbers) for run, numbers in find_leaders(found) if _is_enclosed(run, found)]
    if not inside:
        return [], found
    mark = found.mark.copy()
    mark[[number for _, numbers in inside for number in numbers]] = False
    return [replace(run, ruled=True) for run, _ in inside], replace(found, mark=mark)


def _is_enclosed(run: Run, found: Pieces) -> bool:
    across, down = (run.left + run.right) / 2, run.middle
    upright = found.upright[(found.upright[:, 1] <= down) & (found.upright[:, 3] >= down)]
    level = found.level[(found.level[:, 0] <= across) & (found.level[:, 2] >= across)]
    beside = (upright[:, 2] <= across).any() and (upright[:, 0] >= across).any()
    return bool(beside and (level[:, 3] <= down).any() and (level[:, 1] >= down).any())


def without_rules(page: Grey, tables: Grey | None) -> Grey:
    """*page* (H, W) with paper where *tables*, a picture of any smaller size, has rules."""
    if tables is None:
        return page
    rules = cv2.dilate(tables, np.ones((3, 3), np.uint8))
    rules = cv2.resize(rules, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_NEAREST)
    wiped = page.copy()
    wiped[rules > 0] = int(np.median(page[::4, ::4]))
    return wiped
