"""Renewing the table of known documents without a release: a signed-off file is checked and kept in the library."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.dates import is_edtf
from corpus.errors import UsageError
from corpus.fold import nfc
from corpus.law import known_documents
from corpus.tables import rows_of
from corpus.vocabulary import Effect

if TYPE_CHECKING:
    from corpus.library import Library

#: The columns of a table, and one that may be left out.
COLUMNS = (
    "so_ky_hieu",
    "doc_type",
    "date",
    "issuer",
    "title",
    "effective_date",
    "status",
    "checked_on",
    "source",
    "certainty",
)
_OPTIONAL = "status_from"
_SIGNED_OFF = re.compile(r"^#\s*duyệt:\s*(?P<who>[^,\t]{2,100}),\s*(?P<day>\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
_CERTAINTIES = ("S", "V", "K+", "K~", "K?")
_STATES = frozenset({"", *(str(effect) for effect in Effect)} - {"khong_ro"})
#: Rows that one table may have.
MOST = 50_000


@dataclass(frozen=True, slots=True)
class Renewal:
    """A checked table."""

    text: str
    #: Who signed it off, and on which day.
    who: str
    day: str
    #: Rows of documents that no table had, that a table had otherwise, and that are as they were.
    new: int
    changed: int
    same: int


def read(path: Path) -> Renewal:
    """The table in the file. Raises UsageError with the line that is wrong."""
    try:
        text = nfc(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise UsageError("Tệp không phải chữ UTF-8.", "Hãy lưu lại dạng UTF-8.") from error
    signed = _SIGNED_OFF.search(text)
    if signed is None or not is_edtf(signed["day"]):
        raise UsageError(
            "Tệp chưa có dòng duyệt.", "Thêm một dòng như: # duyệt: Nguyễn Văn An, 2026-11-29 (ngày là năm-tháng-ngày)."
        )
    rows = rows_of(text.splitlines())
    if not 1 <= len(rows) <= MOST:
        raise UsageError(f"Bảng có {len(rows)} dòng.", f"Cần từ 1 đến {MOST} dòng.")
    if set(rows[0]) - {_OPTIONAL} != set(COLUMNS):
        raise UsageError("Bảng không đúng các cột.", f"Cần: {', '.join(COLUMNS)}; có thể thêm {_OPTIONAL}.")
    counts = {"new": 0, "changed": 0, "same": 0}
    seen: set[str] = set()
    for at, row in enumerate(rows, 1):
        known = known_documents.known_of(row) if not (wrong := _wrong(row)) else None
        wrong = wrong or ("không rõ cơ quan, số" if known is None else "có hai lần" if known.key in seen else "")
        if known is None or wrong:
            raise UsageError(f"Dòng dữ liệu {at} ({row['so_ky_hieu'][:60]}): {wrong}.", "Hãy sửa dòng ấy.")
        seen.add(known.key)
        before = known_documents.get(known.key)
        counts["new" if before is None else "same" if before == known else "changed"] += 1
    return Renewal(text, signed["who"].strip(), signed["day"], **counts)


def _wrong(row: dict[str, str]) -> str:
    """What is wrong with a row; "" where nothing is."""
    if "" in row:  # the cells for which there is no heading
        return "sai số cột"
    for name in ("date", "effective_date", "checked_on", "status_from"):
        if row.get(name) and not is_edtf(row[name]):
            return f"{name} không phải ngày dạng năm-tháng-ngày"
    if len(row["checked_on"]) != len("2026-11-29"):
        return "thiếu ngày kiểm tra (checked_on)"
    if not row["source"].strip():
        return "thiếu nguồn (source)"
    if row["certainty"] not in _CERTAINTIES:
        return f"certainty phải là {', '.join(_CERTAINTIES)}"
    return "" if row["status"] in _STATES else f"không có tình trạng “{row['status'][:40]}”"


def update(library: Library, renewal: Renewal, reason: str) -> int:
    """Keep the table in the library and resolve again what it concerns. Returns the audit id, for undoing."""
    name = f"{renewal.new} văn bản mới, {renewal.changed} sửa; {renewal.who} duyệt ngày {renewal.day}"
    return library.edits.renew_known(renewal.text, reason or f"duyệt ngày {renewal.day}", name=name, who=renewal.who)
