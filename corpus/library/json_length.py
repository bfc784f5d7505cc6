"""How long a list within a JSON column is, in the SQL of each database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class list_length(FunctionElement[int]):
    """``list_length(column, name)``: the length of the list under *name*; 0 where there is none."""

    type = Integer()
    inherit_cache = True
    name = "list_length"

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        super().__init__(column, literal_column(name))  # a part of the statement, as the cache of statements demands


def _parts(element: list_length, compiler: SQLCompiler, options: dict[str, Any]) -> tuple[str, str]:
    column, name = (compiler.process(part, **options) for part in element.clauses)
    return column, name


@compiles(list_length, "sqlite")
def _in_sqlite(element: list_length, compiler: SQLCompiler, **options: Any) -> str:
    column, name = _parts(element, compiler, options)
    return f"coalesce(json_array_length({column}, '$.{name}'), 0)"


@compiles(list_length, "postgresql")
def _in_postgresql(element: list_length, compiler: SQLCompiler, **options: Any) -> str:
    column, name = _parts(element, compiler, options)
    found = f"({column} -> '{name}')"
    return f"CASE WHEN json_typeof{found} = 'array' THEN json_array_length{found} ELSE 0 END"
