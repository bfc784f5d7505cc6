"""Reads the form that a request carries, the same way for all pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

#: Our forms are sent in UTF-8. Python knows many more codecs, some of which give text that cannot be handled.
_CHARSETS = frozenset({"utf-8", "utf8", ""})


@asynccontextmanager
async def read_form(
    request: Request, *, max_files: int, max_fields: int, max_part_size: int
) -> AsyncIterator[FormData]:
    """The fields and files of the body; files are deleted when the block ends. Raises HTTPException 400."""
    parameters = [part.partition("=") for part in request.headers.get("content-type", "").split(";")[1:]]
    charsets = [value for name, _, value in parameters if name.strip().lower() == "charset"]
    if any(value.strip(" \"'").lower() not in _CHARSETS for value in charsets):
        raise HTTPException(400)
    try:
        form = await request.form(max_files=max_files, max_fields=max_fields, max_part_size=max_part_size)
    except (UnicodeError, LookupError):
        raise HTTPException(400) from None
    try:
        yield form
    finally:
        await form.close()
