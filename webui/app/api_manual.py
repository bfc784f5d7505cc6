"""The manual of the API, made of its OpenAPI description: the calls, and one call with parameters and an example."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from corpus.errors import NotFound

_TYPES = {"integer": "số nguyên", "number": "số", "boolean": "true hoặc false", "string": "chữ", "array": "danh sách"}
_PLACES = {"path": "trong địa chỉ", "query": "tham số"}
#: Characters of an example that are shown.
LONGEST = 12_000


def calls(described: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All calls in the order of the description: ``{"name", "method", "path", "summary"}``."""
    return [
        {"name": call["operationId"], "method": method.upper(), "path": path, "summary": call.get("summary", "")}
        for path, methods in described["paths"].items()
        for method, call in methods.items()
    ]


def call(described: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One call: also ``{"description", "parameters", "example", "failures"}``. Raises NotFound."""
    for path, methods in described["paths"].items():
        for method, found in methods.items():
            if found["operationId"] == name:
                return {
                    "name": name,
                    "method": method.upper(),
                    "path": path,
                    "summary": found.get("summary", ""),
                    "description": found.get("description", ""),
                    "parameters": [_parameter(one) for one in found.get("parameters", [])],
                    "example": _example(found),
                    "failures": [
                        (status, answer["description"])
                        for status, answer in found["responses"].items()
                        if status != "200" and answer.get("description")
                    ],
                }
    raise NotFound("API không có lời gọi này.", "Hãy chọn trong danh sách.")


def _parameter(given: Mapping[str, Any]) -> dict[str, Any]:
    schema = given["schema"]
    kinds = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    kind = kinds[0] if kinds else {}
    choices = kind.get("enum") or kind.get("items", {}).get("enum") or []
    bounds = [f"từ {kind['minimum']}"] if "minimum" in kind else []
    bounds += [f"đến {kind['maximum']}"] if "maximum" in kind else []
    default = schema.get("default")
    return {
        "name": given["name"],
        "place": _PLACES.get(given["in"], given["in"]),
        "required": bool(given.get("required")),
        "kind": ", ".join([_TYPES.get(kind.get("type", ""), "chữ"), *bounds]),
        "choices": [str(choice) for choice in choices],
        "default": "" if default in (None, "", [], False) else json.dumps(default, ensure_ascii=False),
        "description": given.get("description") or schema.get("description", ""),
    }


def _example(found: Mapping[str, Any]) -> str:
    """The example of the good answer as indented JSON, cut where it is very long; "" where there is none."""
    content = found["responses"].get("200", {}).get("content", {}).get("application/json", {})
    if "example" not in content:
        return ""
    text = json.dumps(content["example"], ensure_ascii=False, indent=2)
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit("\n", 1)[0] + "\n…"
