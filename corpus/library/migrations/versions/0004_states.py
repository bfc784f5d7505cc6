"""Columns and keys for states that were kept in words: incomplete readings, checked values, OCR modes."""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

#: Followed the reader's version where a file was not read to its end.
_SUFFIX = " dở dang"
#: The reason that marked a value as checked by a person.
_CHECKED = "đã kiểm tra"
_PAGES_READ = re.compile(r"chỉ đọc được (\d+)/\d+ trang: (.*)", re.DOTALL)
_NOT_ANALYSED = re.compile(r"chưa phân tích được nội dung: (.*)", re.DOTALL)
#: Words for a verdict → the verdict.
_VERDICTS = {
    "quá lớn": "qua_lon",
    "hết giờ": "het_gio",
    "hỏng": "hong",
    "có mật khẩu": "ma_hoa",
    "không hỗ trợ": "khong_ho_tro",
    "hết bộ nhớ": "het_bo_nho",
    "không có chữ": "trong",
    "không mở được": "mat_tep",
    "thay đổi trong lúc đọc": "thay_doi",
    "lỗi": "loi",
}
#: What the name of a setting with an OCR mode began with.
_MODE = "ocr_mode "


def upgrade():
    """Add the table and the column, and move into them what was kept in words."""
    op.create_table(
        "ocr_modes",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.add_column("records", sa.Column("incomplete", sa.Boolean(), nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    _move_modes(connection)
    _convert_records(connection)
    _convert_removed(connection)


def _move_modes(connection):
    for name, mode in connection.execute(
        sa.text("SELECT name, value FROM settings WHERE substr(name, 1, 9) = :prefix"), {"prefix": _MODE}
    ).all():
        connection.execute(
            sa.text("INSERT INTO ocr_modes (sha256, mode) VALUES (:sha256, :mode)"),
            {"sha256": name.removeprefix(_MODE), "mode": mode},
        )
    connection.execute(sa.text("DELETE FROM settings WHERE substr(name, 1, 9) = :prefix"), {"prefix": _MODE})


def _convert_records(connection):
    rows = connection.execute(
        sa.text(
            "SELECT node_id, reader_version, record FROM records WHERE instr(record, :pages) OR instr(record, :bare)"
            " OR instr(record, :checked) OR instr(reader_version, :suffix)"
        ),
        {
            "pages": _escaped("chỉ đọc được"),
            "bare": _escaped("chưa phân tích được"),
            "checked": _escaped(_CHECKED),
            "suffix": _SUFFIX,
        },
    ).all()
    for node, version, text in rows:
        record = _converted(text)
        if record is None:
            continue
        incomplete = record["incomplete"] is not None
        values = {
            "node": node,
            "version": version.removesuffix(_SUFFIX) if incomplete else version,
            "incomplete": incomplete,
            "record": json.dumps(record),
        }
        connection.execute(
            sa.text(
                "UPDATE records SET record = :record, reader_version = :version, incomplete = :incomplete"
                " WHERE node_id = :node"
            ),
            values,
        )


def _escaped(words):
    """*words* as they stand in a JSON column."""
    return json.dumps(words)[1:-1]


def _convert_removed(connection):
    """Removed documents are kept in the audit list as they were read."""
    for entry, text in connection.execute(sa.text("SELECT id, detail FROM audit WHERE action = 'remove'")).all():
        detail = json.loads(text)
        record = _converted(json.dumps(detail.get("record")))
        if record is None:
            continue
        detail["record"] = record
        if record["incomplete"] is not None:
            detail["reader_version"] = detail["reader_version"].removesuffix(_SUFFIX)
        connection.execute(
            sa.text("UPDATE audit SET detail = :detail WHERE id = :id"), {"detail": json.dumps(detail), "id": entry}
        )


def _converted(text):
    """The record of *text* with its states as keys; None for a damaged one, which the doctor reports."""
    try:
        record = json.loads(text)
        for evidence in record["fields"].values():
            evidence["checked"] = _CHECKED in evidence["reasons"]
        record["incomplete"] = _incomplete(record)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return record


def _incomplete(record):
    reasons = record["fields"].get("kind", {}).get("reasons", [])
    pages = next(filter(None, map(_PAGES_READ.match, reasons)), None)
    bare = next(filter(None, map(_NOT_ANALYSED.match, reasons)), None)
    if pages is None and bare is None:
        return None
    why = pages[2] if pages else bare[1]
    verdict = _VERDICTS.get(why, "qua_lon" if "quá lớn" in why else "hong")
    return {
        "pages_read": int(pages[1]) if pages else record["pages"],
        "verdict": verdict,
        "analysed": bare is None,
        "note": "" if why in _VERDICTS else why,
    }
