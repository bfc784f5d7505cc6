"""A library as sorted JSON lines that depend on nothing but its documents: no ids, clock times or order of arrival."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from corpus.library import containers, rows
from corpus.library import records as stored
from corpus.library.citation_reader import CitationReader
from corpus.library.containers import Container
from corpus.library.schema import failures, files, nodes, refused

_STUB = ("doc_type", "so_ky_hieu", "date", "issuer", "issuer_key", "title")


def lines(connection: Connection, visible: ColumnElement[bool], *, facts: bool) -> list[str]:
    """The lines, in order: documents, stubs, citations, containers, failures and refusals.

    facts: resolve with the known-documents tables.
    """
    keys: dict[int, str] = {}
    made: list[dict[str, Any]] = []
    sources: dict[int, str] = {}
    for row in connection.execute(select(nodes).where(visible)).mappings():
        keys[row["id"]] = row["doc_key"]
        if row["held"]:
            line = _document(connection, row)
            sources[row["id"]] = line["sha256"]
            made.append(line)
        elif not row["known_only"]:
            made.append(_stub(row))
    reader = CitationReader(connection, visible, facts=facts)
    for row in connection.execute(rows.MENTIONS).mappings():
        if row["source_id"] in sources:
            made.append(_citation(row, sources[row["source_id"]], reader, keys))
    made += [{"what": "failure", **row} for row in connection.execute(select(failures)).mappings()]
    made += [_container(one, set(sources.values())) for one in containers.all_containers(connection)]
    made += [{"what": "refused", **row} for row in connection.execute(select(refused)).mappings()]
    return sorted(json.dumps(line, ensure_ascii=False, sort_keys=True) for line in made)


def _document(connection: Connection, row: RowMapping) -> dict[str, Any]:
    record = stored.load(connection, row["id"])
    paths = connection.execute(
        select(files.c.path).where(files.c.sha256 == record.sha256).order_by(files.c.path)
    ).scalars()
    body = record.as_json()
    for name in ("citations", "path", "inside", "text"):
        del body[name]
    body["text_sha256"] = hashlib.sha256(record.text.encode()).hexdigest()
    return {"what": "document", "key": row["doc_key"], "paths": list(paths), **body}


def _container(found: Container, shown: set[str]) -> dict[str, Any]:
    """A container with those of its documents that are *shown*."""
    parts = [[part.inside, part.sha256] for part in found.parts if part.sha256 in shown]
    return {"what": "container", "sha256": found.sha256, "paths": list(found.paths), "parts": parts}


def _stub(row: RowMapping) -> dict[str, Any]:
    values = {name: row[name] for name in _STUB}
    return {"what": "stub", "key": row["doc_key"], **values, "conflicts": row["facts"].get("conflicts", {})}


def _citation(row: RowMapping, source: str, reader: CitationReader, keys: dict[int, str]) -> dict[str, Any]:
    outcome = reader.outcome(row, keys)
    return {
        "what": "citation",
        "source": source,
        "ordinal": row["ordinal"],
        "state": outcome.state,
        "method": outcome.method,
        "resolution_confidence": outcome.confidence,
        "conflicts": outcome.conflicts,
        "candidates": sorted(keys[c] for c in outcome.candidates if c in keys),
        **row["citation"],
        "target": "self" if outcome.state == "self" else keys.get(outcome.target or 0),
    }
