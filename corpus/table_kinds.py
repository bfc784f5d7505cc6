"""What a table is, told by its headings where that is sure: products, tasks, criteria, money."""

from __future__ import annotations

import re
from collections import defaultdict

from corpus.model import Table
from corpus.products.columns import columns_of, headings_above
from corpus.tables import rows
from corpus.worded import WordedEnum


class TableKind(WordedEnum):
    """Kinds of tables in annexes. Each has words for a user."""

    PRODUCTS = "san_pham", "danh sách sản phẩm"
    TASKS = "nhiem_vu", "nhiệm vụ, đơn vị chủ trì, thời hạn"
    CRITERIA = "tieu_chi", "tiêu chí và điểm"
    BUDGET = "kinh_phi", "kinh phí"


#: Kinds in the order in which they are asked: a plan with tasks, deadlines and money is one of tasks.
_ASKED = (TableKind.TASKS, TableKind.CRITERIA, TableKind.BUDGET)


def kind_of(table: Table) -> TableKind | None:
    """The kind of *table*; None where its headings do not tell, or it has none."""
    if not table.header_rows:
        return None
    columns = columns_of(table)
    if "name" in columns and ("owner" in columns or any(kind.startswith("stars") for kind in columns)):
        return TableKind.PRODUCTS
    headings = [" ".join(headings_above(table, column)) for column in range(table.columns)]
    return next((kind for kind in _ASKED if _has_parts(kind, headings)), None)


def _has_parts(kind: TableKind, headings: list[str]) -> bool:
    """Whether each part of *kind* stands above a column of its own."""
    parts: dict[str, list[str]] = defaultdict(list)
    for row in rows("table_kinds"):
        if row["kind"] == kind:
            parts[row["part"]].append(row["words"])
    taken: set[int] = set()
    for words in parts.values():
        wanted = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
        found = next((at for at, text in enumerate(headings) if at not in taken and wanted.search(text)), None)
        if found is None:
            return False
        taken.add(found)
    return True
