"""What a form sends, read one way for all pages that take one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

#: Our forms are sent in UTF-8. Python knows many more codecs, and some of them make text that nothing can be done with.
_CHARSETS = frozenset({"utf-8", "utf8", ""})


@asynccontextmanager
async def sent(request: Request, *, max_files: int, max_fields: int, max_part_size: int) -> AsyncIterator[FormData]:
    """The fields and files of the body; files are gone when the block ends. Raises HTTPException 400."""
    said = [part.partition("=") for part in request.headers.get("content-type", "").split(";")[1:]]
    if any(
        name.strip().lower() == "charset" and value.strip(" \"'").lower() not in _CHARSETS for name, _, value in said
    ):
        raise HTTPException(400)
    try:
        form = await request.form(max_files=max_files, max_fields=max_fields, max_part_size=max_part_size)
    except (UnicodeError, LookupError):
        raise HTTPException(400) from None
    try:
        yield form
    finally:
        await form.close()
