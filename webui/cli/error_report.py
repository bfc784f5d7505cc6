"""What a command says when it fails: a sentence on stderr, and with --json the error as the API gives it on stdout."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from corpus.errors import Ambiguous, OcopError, QueryError
from webui.app.labels import date_text
from webui.cli.common import print_json


def told(error: OcopError, arguments: Sequence[str]) -> int:
    """Say *error*; returns its exit code. arguments: the command line, for whether it asked for JSON."""
    print(f"Lỗi: {error}", file=sys.stderr)
    for found in getattr(error, "found", ()):
        issuer, day = found.issuer or "chưa rõ cơ quan", date_text(found.date) or "chưa rõ ngày"
        print(f"  #{found.id}  {found.name}  ({issuer}, {day})", file=sys.stderr)
    options = list(arguments)[: list(arguments).index("--")] if "--" in arguments else arguments
    if "--json" in options:
        print_json({"ok": False, "error": as_json(error)})
    return error.exit_code


def as_json(error: OcopError) -> dict[str, Any]:
    """``{"code", "message", "next_step", …}``, the shape of the API's errors."""
    from webui.app import json_shapes
    from webui.web.errors import status_of

    value: dict[str, Any] = {
        "code": status_of(error)[1],
        "message": error.message,
        "next_step": error.next_step,
        "exit_code": error.exit_code,
    }
    if isinstance(error, QueryError):
        value["position"] = error.position
    if isinstance(error, Ambiguous) and hasattr(error, "found"):
        value["documents"] = [json_shapes.summary(found) for found in error.found]
    return value
