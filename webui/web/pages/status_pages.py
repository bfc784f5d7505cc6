"""The state of the library."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import PurePath

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from webui.app import searching
from webui.web import access
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/tinh-trang")
def status(request: Request) -> Response:
    """What is in the library and what could not be read; names of files only for those who are signed in."""
    library = access.reader(request)
    found = library.failures()
    if access.user_of(request) is None:  # only the reasons, with the number of files of each
        failures = [{"name": f"{n} tệp", "error": error} for error, n in Counter(f.error for f in found).items()]
    else:
        failures = [{"name": PurePath(f.path).name or "(không giữ tên)", "error": f.error} for f in found]
    index = searching.index_state(access.search(request))
    return page(request, "status.html", status=asdict(library.status()), failures=failures, index=index)
