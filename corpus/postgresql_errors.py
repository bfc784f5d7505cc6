"""What errors of PostgreSQL mean, by their SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html).

The driver is optional and is not imported here: its errors are known by where they come from.
"""

from __future__ import annotations

from collections.abc import Callable

from corpus.errors import DiskFull, LibraryBusy, LibraryDamaged, LibraryUnreachable, OcopError, UsageError


def unreachable() -> LibraryUnreachable:
    """The error for a server that does not answer."""
    return LibraryUnreachable(
        "Không nối được với cơ sở dữ liệu PostgreSQL của kho.",
        "Hãy chờ ít giây rồi thử lại; nếu vẫn vậy, xem máy chủ ấy có đang chạy không.",
    )


def _busy() -> LibraryBusy:
    return LibraryBusy("Kho đang bận ghi.", "Hãy chờ lệnh kia xong rồi chạy lại.")


def _full() -> DiskFull:
    return DiskFull(
        "Đĩa của máy chủ PostgreSQL đã đầy, chưa ghi được gì thêm; những gì đã ghi vẫn nguyên.",
        "Hãy dọn chỗ trống rồi chạy lại.",
    )


def _damaged() -> LibraryDamaged:
    return LibraryDamaged(
        "Cơ sở dữ liệu PostgreSQL của kho hỏng.", "Hãy phục hồi nó từ bản sao (pg_restore), hoặc từ `ocop backup`."
    )


def _not_allowed() -> UsageError:
    return UsageError(
        "PostgreSQL không cho mở hoặc ghi cơ sở dữ liệu của kho.",
        "Hãy kiểm tra tên cơ sở dữ liệu, người dùng, mật khẩu (OCOP_DATABASE, ~/.pgpass) và quyền của người dùng ấy.",
    )


#: How SQLSTATEs begin, and the error that each stands for; the first that fits decides.
_BY_STATE: tuple[tuple[tuple[str, ...], Callable[[], OcopError]], ...] = (
    # Connection lost, shutting down or starting up, too many connections, out of memory.
    (("08", "57P01", "57P02", "57P03", "57P05", "53300", "53200"), unreachable),
    (("53100", "54"), _full),
    (("55P03", "40001", "40P01", "57014"), _busy),
    (("28", "3D", "42501", "25006"), _not_allowed),
    (("XX001", "XX002"), _damaged),
)
#: What libpq says when the server was reached and refused; such an error has no SQLSTATE.
_REFUSED = ("authentication failed", "does not exist", "no pg_hba.conf entry", "no password supplied", "not permitted")


def is_of_driver(error: BaseException) -> bool:
    """Whether *error* is one of psycopg's."""
    return type(error).__module__.partition(".")[0] == "psycopg"


def meaning(error: BaseException) -> OcopError | None:
    """The error of this program that *error* of psycopg stands for; None for a fault of the program."""
    state = getattr(error, "sqlstate", None)
    if state is None:  # the connection was not made, or was lost
        kinds = {kind.__name__ for kind in type(error).__mro__}
        if not kinds & {"OperationalError", "InterfaceError"}:
            return None
        said = str(error)  # the library gives nothing else to tell them apart
        return _not_allowed() if any(words in said for words in _REFUSED) else unreachable()
    return next((ours() for beginnings, ours in _BY_STATE if state.startswith(beginnings)), None)
