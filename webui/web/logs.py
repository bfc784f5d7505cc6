"""Log lines of the server: text for people, or one JSON object per line; values of secret names are masked.

All lines, uvicorn's included, go through the standard library's logging and are formatted at the end.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Literal, TextIO

import structlog
from structlog.types import EventDict, Processor

Format = Literal["text", "json"]

#: Names whose values are masked, should one ever be logged.
_SECRET = re.compile(r"pass|mat_khau|cookie|csrf|token|secret|authorization", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\n(?! )")


def _no_secrets(_: object, __: str, event: EventDict) -> EventDict:
    for name in event:
        if _SECRET.search(name):
            event[name] = "***"
    return event


def _one_line(_: object, __: str, event: EventDict) -> EventDict:
    """Escape line breaks, so that a value from outside (a file's name) cannot look like a line of its own."""
    for name, value in event.items():
        if isinstance(value, str) and name != "exception":
            event[name] = _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), value)
    return event


class _WithoutUvicornErrors(logging.Filter):
    """Drops uvicorn's line of an exception: :mod:`webui.web.error_responses` logs it with the request's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.name == "uvicorn.error" and record.module == "h11_impl" and record.exc_info)


def formatter(kind: Format, *, colours: bool = False) -> logging.Formatter:
    """The formatter of log lines. colours: for a terminal."""
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=False),
    ]
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _no_secrets]
    if kind == "json":
        last += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        plain = structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)
        last += [_one_line, plain]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=first, processors=last)


def configure(kind: Format, stream: TextIO | None = None) -> logging.Handler:
    """Send every log line to *stream* (standard error by default), Python's warnings too; requests from INFO on."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(kind, colours=stream.isatty()))
    handler.addFilter(_WithoutUvicornErrors())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)  # a library's filter of its own may be undone by another thread
    logging.getLogger("webui").setLevel(logging.INFO)
    return handler
