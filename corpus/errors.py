"""Errors with a message for users in Vietnamese and the next step; each kind has its exit code.

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
    │     LibraryUnreachable  20  không nối được với máy chủ cơ sở dữ liệu của kho
    │       OriginalsUnreachable  20  không tới được nơi giữ tệp gốc
    │     SearchUnreachable   20  không nối được với cụm máy tìm
    ├── LibraryDamaged      21  kho hỏng hoặc khác phiên bản
    │     DamagedOriginal   21  tệp gốc khác mã băm
    ├── StaleIndex          22  chỉ mục cũ, cần lập lại
    ├── DiskFull            23  hết chỗ trên đĩa
    └── MissingTool         30  máy thiếu chương trình cần dùng
"""

from __future__ import annotations

from collections.abc import Iterable

from corpus.vocabulary import StaleReason, Verdict


def exit_code_of(verdicts: Iterable[str]) -> int:
    """The exit code of a command after failures of these *verdicts*: 0 for none, 10 for several kinds, else its own."""
    codes = {Verdict.of(verdict).exit_code for verdict in verdicts}
    return codes.pop() if len(codes) == 1 else ReadFailure.exit_code if codes else 0


class OcopError(Exception):
    """An error with a Vietnamese message that says the next step."""

    exit_code = 1

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(f"{message} {next_step}".strip())
        self.message = message
        self.next_step = next_step


class UsageError(OcopError):
    """A command, a parameter or a value that cannot be carried out."""

    exit_code = 2


class NotFound(OcopError):
    """No such document, file or library."""

    exit_code = 3


class TakenOut(NotFound):
    """A document that a person took out of the library: it comes back by ``ocop undo`` alone."""


class Ambiguous(OcopError):
    """Several documents bear the number that was given."""

    exit_code = 4


class QueryError(OcopError):
    """A query that cannot be read; ``position`` is the offset of the fault in it."""

    exit_code = 5

    def __init__(self, message: str, position: int = 0, next_step: str = "") -> None:
        super().__init__(message, next_step)
        self.position = position


class ReadFailure(OcopError):
    """A file that cannot be read; ``verdict`` says why, and its exit code is the error's."""

    exit_code = 10

    def __init__(self, message: str, verdict: Verdict, next_step: str = "") -> None:
        super().__init__(message, next_step)
        self.verdict = verdict
        self.exit_code = verdict.exit_code


class Refused(OcopError):
    """A secret document, which may not be kept."""

    exit_code = 11


class LibraryBusy(OcopError):
    """Another process holds the writer's lock."""

    exit_code = 20


class LibraryUnreachable(LibraryBusy):
    """The server of the library's database cannot be reached, or was lost: to be tried again."""


class OriginalsUnreachable(LibraryUnreachable):
    """The place of the originals cannot be reached: to be tried again. Nothing was stored without its original."""


class SearchUnreachable(LibraryBusy):
    """The machines of the search engine do not answer, or not all of them: to be tried again."""


class LibraryDamaged(OcopError):
    """The library's files are damaged or of another version."""

    exit_code = 21


class DamagedOriginal(LibraryDamaged):
    """An original whose content has another hash than the one it is kept under."""


class StaleIndex(OcopError):
    """A search index that must be made again before it is used; ``reason`` says why."""

    exit_code = 22

    def __init__(self, message: str, next_step: str = "", *, reason: StaleReason) -> None:
        super().__init__(message, next_step)
        self.reason = reason


class DiskFull(OcopError):
    """No space is left on the disk."""

    exit_code = 23


class MissingTool(OcopError):
    """A program that is needed (Tesseract, LibreOffice) is not installed."""

    exit_code = 30
