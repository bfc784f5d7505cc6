"""Every route the application has, for tests that must leave none out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

READING = frozenset(["GET", "HEAD"])


def all_routes(routes: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """(method, path pattern) of every route, those of included routers too; mounted folders are left out."""
    for route in routes:
        if hasattr(route, "original_router"):
            inner = getattr(getattr(route, "include_context", None), "prefix", "") or ""
            yield from all_routes(route.original_router.routes, prefix + inner)
            continue
        for method in sorted(getattr(route, "methods", None) or ()):
            if method != "HEAD":
                yield method, prefix + route.path


def filled(pattern: str, values: Mapping[str, object], otherwise: object) -> str:
    """The pattern with *values* for its parameters; those not named get *otherwise*."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: str(values.get(found[1], otherwise)), pattern)
