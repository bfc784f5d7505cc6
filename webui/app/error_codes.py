"""Errors as data: a code for programs beside the message for people, the same for the API and for ``--json``."""

from __future__ import annotations

from typing import Any

from corpus.errors import (
    Ambiguous,
    DiskFull,
    LibraryBusy,
    MissingTool,
    NotFound,
    OcopError,
    QueryError,
    ReadFailure,
    Refused,
    StaleIndex,
    UsageError,
)
from webui.app import json_shapes
from webui.app.addressing import Several

#: The code of an error without one of its own.
OTHER = "loi"
_CODES: tuple[tuple[type[OcopError], str], ...] = (
    (NotFound, "khong_thay"),
    (Ambiguous, "nhieu_van_ban"),
    (QueryError, "cau_tim_sai"),
    (UsageError, "tham_so_sai"),
    (Refused, "tu_choi"),
    (ReadFailure, "khong_doc_duoc"),
    (LibraryBusy, "dang_ban"),
    (StaleIndex, "chi_muc_cu"),
    (DiskFull, "dia_day"),
    (MissingTool, "thieu_cong_cu"),
)


def error_code(error: OcopError) -> str:
    """The code of an error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), OTHER)


def error_details(error: OcopError) -> dict[str, Any]:
    """What else an error carries: ``position`` of a fault in a query, ``documents`` that may be meant."""
    if isinstance(error, QueryError):
        return {"position": error.position}
    if isinstance(error, Several):
        return {"documents": [json_shapes.summary(found) for found in error.found]}
    return {}
