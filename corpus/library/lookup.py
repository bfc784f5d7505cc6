"""Finds a document by what a user types: ``#12``, a key, a path, a số hiệu in any spelling, a law's name."""

from __future__ import annotations

import os
import re
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from corpus import identity
from corpus.library.addresses import LARGEST_ID, head_of, redirected
from corpus.library.number_lookup import narrowed
from corpus.library.schema import files, nodes, records
from corpus.spoken_number import recognise, recognise_loosely

#: Names shorter than this are no law's.
_SHORTEST_LAW = 4


def by_words(connection: Connection, words: str, visible: ColumnElement[bool]) -> list[RowMapping]:
    """The rows of ``nodes`` that *words* may name, by the first of five ways that finds any.

    visible: the condition that a row may be shown. It is part of every query, so that a hidden document never stands
    in the way of one that is less near.
    """
    for way in (_by_id, _by_key, _by_path, _by_number, _by_law_name):
        rows = way(connection, words, visible)
        if rows:
            return rows
    return []


def _rows(connection: Connection, where: ColumnElement[bool], visible: ColumnElement[bool]) -> list[RowMapping]:
    query = select(nodes).where(where, nodes.c.merged_into.is_(None), visible)
    return list(connection.execute(query).mappings())


def _by_id(connection: Connection, words: str, visible: ColumnElement[bool]) -> list[RowMapping]:
    match = re.fullmatch(r"#\s*(\d+)", words)
    if not match or int(match[1]) > LARGEST_ID:
        return []
    return _rows(connection, nodes.c.id == head_of(connection, redirected(connection, int(match[1]))), visible)


def _by_key(connection: Connection, words: str, visible: ColumnElement[bool]) -> list[RowMapping]:
    return _rows(connection, nodes.c.doc_key == words, visible) if "|" in words else []


def _by_path(connection: Connection, words: str, visible: ColumnElement[bool]) -> list[RowMapping]:
    """The document of a file, by its path as it was read or by a path that leads to it today."""
    for path in (words, str(Path(words).resolve()) if os.path.exists(words) else ""):
        query = (
            select(records.c.node_id)
            .join(files, files.c.sha256 == records.c.sha256)
            .join(nodes, nodes.c.id == records.c.node_id)
            .where(files.c.path == path, visible)
        )
        node = connection.execute(query).scalar()
        if node is not None:
            return _rows(connection, nodes.c.id == head_of(connection, int(node)), visible)
    return []


def _by_number(connection: Connection, words: str, visible: ColumnElement[bool]) -> list[RowMapping]:
    """Those of the số hiệu that begins *words*, or else of any số hiệu in them."""
    for reading in (recognise, recognise_loosely):
        number = reading(words)
        if number is not None:
            rows = narrowed(_rows(connection, nodes.c.number_key == number.number_key, visible), number)
            if rows:
                return rows
    return []


def _by_law_name(connection: Connection, words: str, visible: ColumnElement[bool]) -> list[RowMapping]:
    name = identity.law_slug(words)
    if len(name) < _SHORTEST_LAW:
        return []
    return _rows(connection, nodes.c.name_bucket == f"luat:{name}", visible)
