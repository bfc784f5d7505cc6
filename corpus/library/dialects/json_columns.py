"""JSON in the columns of a database: as :mod:`json` writes and reads it, in less time and space."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from pydantic_core import from_json

_JSON: TypeAdapter[Any] = TypeAdapter(Any, config=ConfigDict(ser_json_inf_nan="constants"))


def as_json(value: Any) -> str:
    """*value* as a column of JSON holds it."""
    try:
        return _JSON.dump_json(value).decode()
    except ValueError:  # half a surrogate pair, which is no Unicode
        return json.dumps(value)


def of_json(text: str | bytes) -> Any:
    """What a column of JSON holds. Raises json.JSONDecodeError."""
    try:
        return from_json(text, cache_strings="keys")
    except ValueError:  # half a surrogate pair, or what is no JSON
        return json.loads(text)
