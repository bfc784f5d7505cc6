"""The rules drawn on a PDF page: strokes along its edges, edges of stroked boxes, and bars as thin as a stroke."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pypdfium2.raw as raw

from corpus.model import Box
from ingest.formats.pdf_objects import PageObjects, bounds
from ingest.formats.pdf_text import page_to_fraction
from ingest.tables.rules import MOST_RULES, Rule, Rules

#: Strokes and shapes on a page from which its rules are looked at: two in each direction make a grid.
FEWEST_PATHS = 3
#: Points up to which a filled shape is a rule, from which a stroke is long enough, and by which a rule may be askew.
_THIN, _LONG, _ASKEW = 3.0, 6.0, 0.8
#: Points within which two rules are one.
_NEAR = 3.0
#: Forms may hold further ones this deep.
_MOST_DEPTH = 3
_Matrix = tuple[float, float, float, float, float, float]
_UNCHANGED: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_Line = tuple[float, float, float, float]


def page_rules(page: Any, objects: PageObjects) -> Rules:
    """The rules of a pdfium page among its objects, as it is shown."""
    width, height = page.get_size()
    rules = Rules(near_x=_NEAR / max(1.0, width), near_y=_NEAR / max(1.0, height))
    to_fraction = page_to_fraction(page)
    for line in _lines(objects.drawn, _UNCHANGED, 0):
        _put(rules, line, to_fraction)
        if len(rules.horizontal) + len(rules.vertical) > MOST_RULES:
            break
    return rules


def _put(rules: Rules, line: _Line, to_fraction: Callable[[float, float, float, float], Box]) -> None:
    x0, y0, x1, y1 = to_fraction(*line)
    if (x1 - x0) / rules.near_x >= (y1 - y0) / rules.near_y:
        rules.horizontal.append(Rule((y0 + y1) / 2, x0, x1))
    else:
        rules.vertical.append(Rule((x0 + x1) / 2, y0, y1))


def _lines(items: Iterable[Any], outer: _Matrix, depth: int) -> Iterator[_Line]:
    """Left, bottom, right and top of the rules among page objects."""
    for item in items:
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield from _path_lines(item, outer)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MOST_DEPTH:
            inner = (raw.FPDFFormObj_GetObject(item, at) for at in range(raw.FPDFFormObj_CountObjects(item)))
            yield from _lines(inner, _times(_matrix(item), outer), depth + 1)


def _path_lines(path: Any, outer: _Matrix) -> Iterator[_Line]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    if not (fill.value or stroke.value):
        return
    if not stroke.value:
        yield from _bar(_moved_box(bounds(path), outer))
        return
    count = raw.FPDFPath_CountSegments(path)
    if count > MOST_RULES:
        return
    for (ax, ay), (bx, by) in _pieces(path, count, _times(_matrix(path), outer)):
        if min(abs(ax - bx), abs(ay - by)) <= _ASKEW and max(abs(ax - bx), abs(ay - by)) >= _LONG:
            yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _bar(box: _Line) -> Iterator[_Line]:
    """The box of a filled shape where it is as thin as a rule."""
    width, height = box[2] - box[0], box[3] - box[1]
    if min(width, height) <= _THIN and max(width, height) >= _LONG:
        yield box


def _moved_box(box: _Line, m: _Matrix) -> _Line:
    if m is _UNCHANGED:
        return box
    corners = [_moved(x, y, m) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


_Point = tuple[float, float]


def _pieces(path: Any, count: int, matrix: _Matrix) -> Iterator[tuple[_Point, _Point]]:
    """The straight pieces of a path, in page space."""
    x, y = ctypes.c_float(), ctypes.c_float()
    first: _Point | None = None
    last: _Point | None = None
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, at)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = _moved(x.value, y.value, matrix)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            yield last, point
        last = point
        if raw.FPDFPathSegment_GetClose(segment) and first is not None and first != last:
            yield last, first
            last = first


def _matrix(item: Any) -> _Matrix:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, matrix):
        return _UNCHANGED
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(m: _Matrix, n: _Matrix) -> _Matrix:
    """The matrix that does *m*, then *n*."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _moved(x: float, y: float, m: _Matrix) -> _Point:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
