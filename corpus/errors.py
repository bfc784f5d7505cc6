"""What can go wrong, told to a user in Vietnamese with the next step; each kind has its exit code.

::

    OcopError
    ├── UsageError          2   lệnh hoặc tham số sai
    ├── NotFound            3   không có văn bản, tệp hay kho
    ├── Ambiguous           4   nhiều văn bản cùng số hiệu
    ├── QueryError          5   câu tìm sai cú pháp
    ├── ReadFailure         10  tệp không đọc được (verdict cho biết vì sao)
    ├── Refused             11  văn bản mật, không được giữ
    ├── LibraryBusy         20  kho đang bận ghi
    ├── LibraryDamaged      21  kho hỏng hoặc khác phiên bản
    ├── StaleIndex          22  chỉ mục cũ, cần lập lại
    └── MissingTool         30  máy thiếu chương trình cần dùng
"""

from __future__ import annotations


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


class Ambiguous(OcopError):
    exit_code = 4


class QueryError(OcopError):
    """A query that cannot be read; ``position`` is the offset of the fault in it."""

    exit_code = 5

    def __init__(self, message: str, position: int = 0, next_step: str = "") -> None:
        super().__init__(message, next_step)
        self.position = position


class ReadFailure(OcopError):
    """A file that cannot be read; ``verdict`` names why in one word of data (``khong_ho_tro``, ``hong``, …)."""

    exit_code = 10

    def __init__(self, message: str, verdict: str, next_step: str = "") -> None:
        super().__init__(message, next_step)
        self.verdict = verdict


class Refused(OcopError):
    exit_code = 11


class LibraryBusy(OcopError):
    exit_code = 20


class LibraryDamaged(OcopError):
    exit_code = 21


class StaleIndex(OcopError):
    exit_code = 22


class MissingTool(OcopError):
    exit_code = 30
