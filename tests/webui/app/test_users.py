"""Users, passwords, sessions and the limit on guessing."""

from __future__ import annotations

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy.exc import SQLAlchemyError

from corpus.errors import NotFound, UsageError
from tests.support.web_client import PASSWORD
from webui.app import users as users_module
from webui.app.users import TooManyAttempts, Users


def test_the_guessing_limit_expires_and_sessions_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    users = Users(tmp_path)
    users.add("lan", PASSWORD, "kiem-tra")
    for _ in range(users_module.WRONG_FOR_NAME):
        assert users.sign_in("lan", "sai", "1.1.1.1") is None
    with pytest.raises(TooManyAttempts):
        users.sign_in("lan", PASSWORD, "1.1.1.1")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + users_module.WINDOW + 1)
    cookie = users.sign_in("lan", PASSWORD, "1.1.1.1")
    found = users.of(cookie)
    assert found is not None
    assert not found.is_admin
    assert users.of("khác") is None
    monkeypatch.setattr(time, "time", lambda: now + users_module.WINDOW + users_module.IDLE_SECONDS + 10)
    assert users.of(cookie) is None
    users.close()


def test_passwords_are_stored_as_argon2_and_a_new_one_ends_sessions(tmp_path: Path) -> None:
    users = Users(tmp_path)
    users.add("lan", PASSWORD, "kiem-tra")
    data = (tmp_path / "users.db").read_bytes() + (tmp_path / "users.db-wal").read_bytes()
    assert b"$argon2id$" in data
    assert PASSWORD.encode() not in data
    assert (tmp_path / "users.db").stat().st_mode & 0o077 == 0
    cookie = users.sign_in("lan", PASSWORD, "a")
    assert cookie is not None
    assert cookie.encode() not in (tmp_path / "users.db-wal").read_bytes()
    users.set_password("lan", PASSWORD + "!")
    assert users.of(cookie) is None
    for name, password, role in (
        ("lan", PASSWORD, "kiem-tra"),
        ("x y", PASSWORD, "kiem-tra"),
        ("hai", "ngắn", "kiem-tra"),
        ("hai", PASSWORD, "vua"),
    ):
        with pytest.raises(UsageError):
            users.add(name, password, role)
    users.remove("lan")
    with pytest.raises(NotFound):
        users.remove("lan")
    users.close()


def test_at_most_four_passwords_are_checked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    users = Users(tmp_path)
    users.add("lan", PASSWORD, "kiem-tra")
    at_once, most, lock, real = 0, 0, threading.Lock(), PasswordHasher.verify

    def counted(self: PasswordHasher, *given: Any) -> Any:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        try:
            return real(self, *given)
        finally:
            with lock:
                at_once -= 1

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: users.sign_in(f"ai{n}", "sai", f"10.0.0.{n}"), range(8)))
    assert 1 <= most <= 4
    assert users.sign_in("lan", PASSWORD, "10.0.1.1")
    users.close()


def test_database_errors_of_users_contain_no_values(tmp_path: Path) -> None:
    users = Users(tmp_path)
    with closing(sqlite3.connect(tmp_path / "users.db")) as connection:
        connection.execute("DROP TABLE users")
    with pytest.raises(SQLAlchemyError) as caught:
        users.add("lan", PASSWORD, "kiem-tra")
    assert "lan" not in str(caught.value).replace("plan", "")
    assert "argon2" not in str(caught.value)
    users.close()
