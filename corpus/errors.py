"""What can go wrong, told to a user in Vietnamese with the next step; each kind has its exit code.

::

    OcopError
    ├── UsageError          2   lệnh hoặc tham số sai
    ├── NotFound            3   không có văn bản, tệp hay kho
    │     TakenOut          3   đã được người dùng gỡ khỏi kho
    ├── Ambiguous           4   nhiều văn bản cùng số hiệu
    ├── QueryError          5   câu tìm sai cú pháp
    ├── ReadFailure         10  tệp không đọc được; mỗi verdict có mã riêng:
    │     qua_lon           12  quá lớn            hong          14  hỏng
    │     het_gio           13  hết giờ            ma_hoa        15  có mật khẩu
    │     het_bo_nho        17  hết bộ nhớ         khong_ho_tro  16  không hỗ trợ
    │     trong             18  không có chữ       mat_tep       19  không thấy hoặc không mở được
    │     thay_doi          24  thay đổi trong lúc đọc
    │     khong_co, loi     10  không có phần được hỏi, lỗi chương trình
    ├── Refused             11  văn bản mật, không được giữ
    ├── LibraryBusy         20  kho đang bận ghi
    ├── LibraryDamaged      21  kho hỏng hoặc khác phiên bản
    ├── StaleIndex          22  chỉ mục cũ, cần lập lại
    ├── DiskFull            23  hết chỗ trên đĩa
    └── MissingTool         30  máy thiếu chương trình cần dùng
"""

from __future__ import annotations

from collections.abc import Iterable

#: Why a file was not read (a verdict) → exit code of a command that was given that one file.
VERDICT_CODES = {
    "qua_lon": 12, "het_gio": 13, "hong": 14, "ma_hoa": 15, "khong_ho_tro": 16, "het_bo_nho": 17, "trong": 18,
    "mat_tep": 19, "thay_doi": 24, "mat": 11, "thieu_cong_cu": 30,
}  # fmt: skip
#: The same in words for people.
VERDICT_WORDS = {
    "qua_lon": "quá lớn", "het_gio": "hết giờ", "hong": "hỏng", "ma_hoa": "có mật khẩu",
    "khong_ho_tro": "không hỗ trợ", "het_bo_nho": "hết bộ nhớ", "trong": "không có chữ", "mat_tep": "không mở được",
    "thay_doi": "thay đổi trong lúc đọc", "mat": "văn bản mật", "thieu_cong_cu": "thiếu công cụ", "loi": "lỗi",
    "khong_co": "không có",
}  # fmt: skip


def exit_code_of(verdicts: Iterable[str]) -> int:
    """The exit code of a command after failures of these *verdicts*: its own for one kind, 10 for several, 0 for none."""
    codes = {VERDICT_CODES.get(verdict, ReadFailure.exit_code) for verdict in verdicts}
    return codes.pop() if len(codes) == 1 else ReadFailure.exit_code if codes else 0


class OcopError(Exception):
    """An error with a Vietnamese message that says the next step."""

    exit_code = 1

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(f"{message} {next_step}".strip())
        self.message = message
        self.next_step = next_step


class UsageError(OcopError):
    exit_code = 2


class NotFound(OcopError):
    exit_code = 3


class TakenOut(NotFound):
    """A document that a person took out of the library: it comes back by ``ocop undo`` alone."""


class Ambiguous(OcopError):
    exit_code = 4


class QueryError(OcopError):
    """A query that cannot be read; ``position`` is the offset of the fault in it."""

    exit_code = 5

    def __init__(self, message: str, position: int = 0, next_step: str = "") -> None:
        super().__init__(message, next_step)
        self.position = position


class ReadFailure(OcopError):
    """A file that cannot be read; ``verdict`` names why in one word of data (``khong_ho_tro``, ``hong``, …).

    ``exit_code`` is the verdict's own (:data:`VERDICT_CODES`).
    """

    exit_code = 10

    def __init__(self, message: str, verdict: str, next_step: str = "") -> None:
        super().__init__(message, next_step)
        self.verdict = verdict
        self.exit_code = VERDICT_CODES.get(verdict, ReadFailure.exit_code)


class Refused(OcopError):
    exit_code = 11


class LibraryBusy(OcopError):
    exit_code = 20


class LibraryDamaged(OcopError):
    exit_code = 21


class StaleIndex(OcopError):
    exit_code = 22


class DiskFull(OcopError):
    exit_code = 23


class MissingTool(OcopError):
    exit_code = 30
