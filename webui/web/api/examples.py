"""An example of every answer of the API, for its description; a test compares each with a real answer.

``examples.json`` has the ``data`` of each answer by the name of its route.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("examples.json")
#: The address of the next part, for answers that have one.
_NEXT = {"search": "/api/search?q=t%E1%BA%ADp+hu%E1%BA%A5n&trang=2", "documents": "/api/documents?after=12&limit=100"}


@cache
def data() -> dict[str, Any]:
    """Name of a route → the ``data`` of its example."""
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def of(name: str) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route: its good answer with an example."""
    value = {"ok": True, "data": data()[name], "next": _NEXT.get(name)}
    return {200: {"content": {"application/json": {"example": value}}}}
