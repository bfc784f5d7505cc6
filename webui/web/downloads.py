"""Answers that a browser saves as a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.responses import Response

from webui.app import excel
from webui.app.csv_tables import csv_text


def csv_download(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file to be saved as *name*: UTF-8 with a byte order mark, so that Excel recognises it."""
    return Response(
        ("\ufeff" + csv_text(headings, rows)).encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-cache"},
    )


def workbook_download(name: str, content: bytes) -> Response:
    """A workbook to be saved as *name*."""
    return file_download(f"{name}.xlsx", excel.MEDIA_TYPE, content)


def file_download(name: str, media_type: str, data: bytes) -> Response:
    """A file to be saved under *name*, which is ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return Response(data, media_type=media_type, headers=headers)
