"""Reports the error of a command: a sentence on stderr, and with --json the error on stdout in the API's shape."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from corpus.errors import OcopError
from webui.app.labels import date_text
from webui.cli.common import print_json


def report_error(error: OcopError, arguments: Sequence[str]) -> int:
    """Print *error*; returns its exit code. arguments: the command line, which may ask for JSON."""
    print(f"Lỗi: {error}", file=sys.stderr)
    for found in getattr(error, "found", ()):
        issuer, day = found.issuer or "chưa rõ cơ quan", date_text(found.date) or "chưa rõ ngày"
        print(f"  #{found.id}  {found.name}  ({issuer}, {day})", file=sys.stderr)
    options = list(arguments)[: list(arguments).index("--")] if "--" in arguments else arguments
    if "--json" in options:
        print_json({"ok": False, "error": as_json(error)})
    return error.exit_code


def as_json(error: OcopError) -> dict[str, Any]:
    """``{"code", "message", "next_step", "exit_code", …}``."""
    from webui.app.error_codes import error_code, error_details

    return {
        "code": error_code(error),
        "message": error.message,
        "next_step": error.next_step,
        "exit_code": error.exit_code,
        **error_details(error),
    }
