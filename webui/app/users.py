"""Users with argon2 hashes, their sessions, and a limit on guessing passwords.

They are in ``users.db`` beside the library's database and not in it, so a backup of the library has no passwords; with
PostgreSQL they are tables there, so that several servers share them.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Column, Float, Integer, MetaData, Table, Text, delete, func, insert, select
from sqlalchemy import update as change

from corpus.errors import NotFound, UsageError
from corpus.library.store import HERE, Store
from webui.app.page_database import PageDatabase

Role = Literal["kiem-tra", "quan-tri"]
ROLES: dict[str, str] = {"kiem-tra": "kiểm tra", "quan-tri": "quản trị"}

#: Seconds after which a session ends: without use, and in any case.
IDLE_SECONDS, MAX_SESSION_SECONDS = 2 * 3600, 12 * 3600
#: Wrong passwords allowed for one name, and for one address, within the window of seconds.
WRONG_FOR_NAME, WRONG_FOR_ADDRESS, WINDOW = 5, 20, 300
SHORTEST_PASSWORD = 10
#: Passwords checked at one time: each check takes 64 MB, and anybody may try.
_HASHING = threading.BoundedSemaphore(4)

#: The tables of this module.
TABLES = MetaData()
_users = Table(
    "users",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("role", Text, nullable=False),
)
_sessions = Table(
    "sessions",
    TABLES,
    Column("token", Text, primary_key=True),  # hash of the cookie: a stolen copy of the file opens no session
    Column("name", Text, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("began", Float, nullable=False),
    Column("used", Float, nullable=False),
)
_wrong = Table(
    "wrong",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class User:
    """A user."""

    name: str
    role: Role
    #: The token that every form of the session carries; "" without a session.
    csrf: str = ""

    @property
    def is_admin(self) -> bool:
        """Whether the user may also undo removals and merges."""
        return self.role == "quan-tri"

    @property
    def role_label(self) -> str:
        """The role in Vietnamese."""
        return ROLES[self.role]


class TooManyAttempts(UsageError):
    """Too many wrong passwords of late."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _dummy() -> str:
    """A hash to check where there is no such user, so that the time does not show it."""
    return _hasher().hash(secrets.token_hex(16))


class Users:
    """The users of one library folder."""

    def __init__(self, folder: Path, store: Store = HERE) -> None:
        self._database = PageDatabase(folder, "users.db", TABLES, store)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def add(self, name: str, password: str, role: str) -> None:
        """Add a user. Raises UsageError for a bad name, role or password, or a name that is taken."""
        if not re.fullmatch(r"[\w.@-]{2,40}", name):
            raise UsageError(
                f"Tên “{name}” không hợp lệ.",
                "Viết liền, không dấu, không dấu cách, 2 đến 40 chữ, số, dấu chấm, gạch nối: ví dụ nguyenvana.",
            )
        if role not in ROLES:
            raise UsageError(f"Không có vai trò “{role}”.", "Có: " + ", ".join(ROLES) + ".")
        _check(password)
        with self._database.write() as connection:
            if connection.execute(select(_users.c.name).where(_users.c.name == name)).first():
                raise UsageError(f"Đã có người dùng “{name}”.", "Hãy chọn tên khác.")
            connection.execute(insert(_users).values(name=name, hash=_hasher().hash(password), role=role))

    def set_password(self, name: str, password: str) -> None:
        """Change a password, which ends the user's sessions. Raises NotFound, UsageError."""
        _check(password)
        with self._database.write() as connection:
            done = connection.execute(change(_users).where(_users.c.name == name).values(hash=_hasher().hash(password)))
            if not done.rowcount:
                raise NotFound(f"Không có người dùng “{name}”.", "Xem `ocop user list`.")
            connection.execute(delete(_sessions).where(_sessions.c.name == name))

    def remove(self, name: str) -> None:
        """Remove a user with the sessions. Raises NotFound."""
        with self._database.write() as connection:
            if not connection.execute(delete(_users).where(_users.c.name == name)).rowcount:
                raise NotFound(f"Không có người dùng “{name}”.", "Xem `ocop user list`.")
            connection.execute(delete(_sessions).where(_sessions.c.name == name))

    def all(self) -> list[User]:
        """All users by name."""
        with self._database.read() as connection:
            return [User(r.name, r.role) for r in connection.execute(select(_users).order_by(_users.c.name))]

    def sign_in(self, name: str, password: str, address: str) -> str | None:
        """The cookie of a new session; None for a wrong name or password. Raises TooManyAttempts."""
        now = time.time()
        attempt, hash_ = self._count_attempt(name, address, now)
        try:
            with _HASHING:
                right = _hasher().verify(hash_ or _dummy(), password) and hash_ is not None
        except (Argon2Error, InvalidHashError):
            right = False
        return self._begin_session(name, password, hash_, attempt, now) if right and hash_ else None

    def _count_attempt(self, name: str, address: str, now: float) -> tuple[int, str | None]:
        """Count an attempt as wrong before it is checked, so that many at once do not all pass; the user's hash.

        Raises TooManyAttempts.
        """
        with self._database.write() as connection:
            connection.execute(delete(_wrong).where(_wrong.c.at < now - WINDOW))
            for column, value, most in (
                (_wrong.c.name, name, WRONG_FOR_NAME),
                (_wrong.c.address, address, WRONG_FOR_ADDRESS),
            ):
                query = select(func.count()).select_from(_wrong).where(column == value)
                if int(connection.execute(query).scalar_one()) >= most:
                    raise TooManyAttempts("Sai mật khẩu quá nhiều lần.", "Hãy chờ 5 phút rồi thử lại.")
            row = connection.execute(insert(_wrong).values(at=now, name=name, address=address).returning(_wrong.c.id))
            attempt = int(row.scalar_one())
            return attempt, connection.execute(select(_users.c.hash).where(_users.c.name == name)).scalar()

    def _begin_session(self, name: str, password: str, hash_: str, attempt: int, now: float) -> str:
        """Take back the *attempt*, end old sessions and begin one; its cookie."""
        cookie = secrets.token_urlsafe(32)
        with self._database.write() as connection:
            connection.execute(delete(_wrong).where(_wrong.c.id == attempt))
            connection.execute(
                delete(_sessions).where(
                    (_sessions.c.used < now - IDLE_SECONDS) | (_sessions.c.began < now - MAX_SESSION_SECONDS)
                )
            )
            connection.execute(
                insert(_sessions).values(
                    token=_digest(cookie), name=name, csrf=secrets.token_urlsafe(24), began=now, used=now
                )
            )
            if _hasher().check_needs_rehash(hash_):
                connection.execute(change(_users).where(_users.c.name == name).values(hash=_hasher().hash(password)))
        return cookie

    def sign_out(self, cookie: str) -> None:
        """End the session of *cookie*."""
        with self._database.write() as connection:
            connection.execute(delete(_sessions).where(_sessions.c.token == _digest(cookie)))

    def of(self, cookie: str | None) -> User | None:
        """The user of the session of *cookie*; None for no cookie, an unknown or an expired one."""
        if not cookie or len(cookie) > 100:
            return None
        now = time.time()
        with self._database.read() as connection:
            row = connection.execute(
                select(_sessions, _users.c.role)
                .join(_users, _users.c.name == _sessions.c.name)
                .where(_sessions.c.token == _digest(cookie))
            ).first()
            if row is None or row.used < now - IDLE_SECONDS or row.began < now - MAX_SESSION_SECONDS:
                return None
            if row.used < now - 60:
                connection.execute(change(_sessions).where(_sessions.c.token == row.token).values(used=now))
            return User(row.name, row.role, row.csrf)


def _check(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError("Mật khẩu ngắn quá.", f"Cần ít nhất {SHORTEST_PASSWORD} ký tự.")
    if len(password) > 1_000:
        raise UsageError("Mật khẩu dài quá.", "Nhiều nhất 1000 ký tự.")


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
