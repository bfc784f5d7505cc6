"""The one parser of records, and the JSON Schema that is made from it.

A record comes as JSON data from a worker process, from the database or from another program; every value is checked
against the classes of :mod:`corpus.model`, and a key that no field has is refused.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter

from corpus import model
from corpus.model import (
    Amendment,
    Citation,
    Evidence,
    Failure,
    Incomplete,
    OwnReference,
    Pinpoint,
    Record,
    Table,
    TableCell,
    TableRegion,
)

_RECORD: TypeAdapter[Record] = TypeAdapter(Record)
_CITATIONS: TypeAdapter[list[Citation]] = TypeAdapter(list[Citation])
_CLASSES = (
    Record,
    Evidence,
    Citation,
    Pinpoint,
    OwnReference,
    Amendment,
    Table,
    TableCell,
    TableRegion,
    Incomplete,
    Failure,
)


def parse_record(data: Mapping[str, Any]) -> Record:
    """The inverse of :meth:`corpus.model.Record.as_json`.

    Raises ValueError (pydantic's ValidationError) for a missing or an unknown key, and for a value that does not fit.
    """
    return _RECORD.validate_python(data)


def record_values(record: Record, without: AbstractSet[str]) -> dict[str, Any]:
    """What :meth:`corpus.model.Record.as_json` gives, fields *without* left out, in a fraction of the time."""
    try:
        made: dict[str, Any] = _RECORD.dump_python(record, mode="json", exclude=set(without))
    except ValueError:  # half a surrogate pair, which is no Unicode
        return {name: value for name, value in record.as_json().items() if name not in without}
    return made


def citation_values(citations: list[Citation]) -> list[dict[str, Any]]:
    """The same for citations, see :meth:`corpus.model.Citation.as_json`."""
    try:
        made: list[dict[str, Any]] = _CITATIONS.dump_python(citations, mode="json")
    except ValueError:  # as above
        return [citation.as_json() for citation in citations]
    return made


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a line of `ocop read --jsonl`: a record or a failure."""
    adapters = [("Record", "serialization", TypeAdapter(Record)), ("Failure", "serialization", TypeAdapter(Failure))]
    _, made = TypeAdapter.json_schemas(adapters, ref_template="#/$defs/{model}")  # type: ignore[arg-type]
    definitions = {name: _simplified(body) for name, body in sorted(made["$defs"].items())}
    for kind in _CLASSES:
        body = definitions[kind.__name__]
        body["required"] = [field.name for field in fields(kind)]
        body["properties"] = {name: body["properties"][name] for name in body["required"]}
        for name, words in _field_comments(kind).items():
            body["properties"][name] = {**body["properties"][name], "description": words}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of `ocop read --jsonl`",
        "description": "One JSON object a file, in the order given: what was read, or why it could not be.",
        "oneOf": [{"$ref": "#/$defs/Record"}, {"$ref": "#/$defs/Failure"}],
        "$defs": definitions,
    }


def _simplified(node: Any) -> Any:
    """*node* without pydantic's titles and defaults; a value that may be null has both types in one ``type``."""
    if isinstance(node, list):
        return [_simplified(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept: dict[str, Any] = {}
    for name, value in node.items():
        if name == "properties":  # its names are those of fields, "title" among them
            kept[name] = {field: _simplified(child) for field, child in value.items()}
        elif name not in {"title", "default"}:
            kept[name] = _simplified(value)
    if "description" in kept:
        kept["description"] = " ".join(str(kept["description"]).split())
    alternatives = kept.get("anyOf", [])
    if len(alternatives) == 2 and alternatives[1] == {"type": "null"} and "type" in alternatives[0]:
        del kept["anyOf"]
        kept = {**kept, **alternatives[0], "type": [alternatives[0]["type"], "null"]}
    return kept


def _field_comments(kind: type) -> dict[str, str]:
    """What the ``#:`` lines above the fields of a class of :mod:`corpus.model` say, by name of field."""
    lines = inspect.getsource(model).splitlines()
    found = {}
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.ClassDef) and node.name == kind.__name__:
            for statement in node.body:
                if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                    at = statement.lineno - 1
                    while lines[at - 1].strip().startswith("#:"):
                        at -= 1
                    words = " ".join(
                        line.strip().removeprefix("#:").strip() for line in lines[at : statement.lineno - 1]
                    )
                    if words:
                        found[statement.target.id] = words
    return found
