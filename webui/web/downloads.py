"""Answers that a browser saves as a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.responses import Response

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
    return Response(
        content,
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Cache-Control": "no-cache"},
    )
