"""What is drawn on a PDF page besides its text: images, strokes, annotations."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

# Annotations that show text on the page: numbers and dates are often stamped on in this way.
_TEXT_ANNOTATIONS = {raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_WIDGET}


def _address(handle: Any) -> int | None:
    """The address behind a pointer or a function."""
    return ctypes.cast(handle, ctypes.c_void_p).value


# Asked of every object of every page, and by plain addresses: to make a pointer object of each takes as long again.
_object_at = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(_address(raw.FPDFPage_GetObject) or 0)
_type_of = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(_address(raw.FPDFPageObj_GetType) or 0)


@dataclass(slots=True)
class PageObjects:
    """The objects on a page."""

    #: Objects directly on the page, of any kind.
    count: int
    #: Strokes and shapes, those inside forms included.
    paths: int
    #: pdfium's handles of the images directly on the page.
    images: list[Any]
    #: Share of the page covered by images, 0 to 1.
    coverage: float
    #: pdfium's handles of the strokes and shapes, and of the forms, directly on the page.
    drawn: list[Any]
    #: Left, bottom, right and top of the images and of the forms that hold some, in points.
    pictures: list[tuple[float, float, float, float]]


def page_objects(page: Any) -> PageObjects:
    """The objects on a pdfium page."""
    images: list[Any] = []
    forms: list[Any] = []
    drawn: list[Any] = []
    count = raw.FPDFPage_CountObjects(page)
    handle, address, is_text = page.raw, _address(page.raw), raw.FPDF_PAGEOBJ_TEXT
    for at in range(count):
        kind = _type_of(_object_at(address, at))
        if kind == is_text:  # as nearly all are
            continue
        item = raw.FPDFPage_GetObject(handle, at)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            drawn.append(item)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            images.append(item)
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            forms.append(item)
            drawn.append(item)
    paths = len(drawn) - len(forms)
    covered = [bounds(item) for item in images]
    for form in forms:
        inner = [raw.FPDFFormObj_GetObject(form, i) for i in range(raw.FPDFFormObj_CountObjects(form))]
        kinds = [raw.FPDFPageObj_GetType(item) for item in inner]
        paths += kinds.count(raw.FPDF_PAGEOBJ_PATH)
        if raw.FPDF_PAGEOBJ_IMAGE in kinds or raw.FPDF_PAGEOBJ_FORM in kinds:
            # The bounds of an image inside a form are in the form's own space; the form's bounds stand in for them.
            covered.append(bounds(form))
    return PageObjects(count, paths, images, _coverage(page, covered), drawn, covered)


def _coverage(page: Any, boxes: list[tuple[float, float, float, float]]) -> float:
    x0, y0, x1, y1 = page.get_bbox()
    area = max(1.0, (x1 - x0) * (y1 - y0))
    covered = sum(max(0.0, min(b[2], x1) - max(b[0], x0)) * max(0.0, min(b[3], y1) - max(b[1], y0)) for b in boxes)
    share: float = min(1.0, covered / area)
    return share


def bounds(item: Any) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a page object, in points."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def pixel_size(image: Any) -> tuple[int, int]:
    """Width and height of an image object in pixels."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    raw.FPDFImageObj_GetImagePixelSize(image, width, height)
    return width.value, height.value


def flatten_annotations(page: Any) -> bool:
    """Make stamped text and form fields part of the page, so that they are read and drawn like the rest.

    Returns whether anything was changed.
    """
    for at in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        subtype = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if subtype in _TEXT_ANNOTATIONS:
            return bool(raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS)
    return False
