"""A moment: all that a thread reads inside is of one state of the library, on one connection."""

from __future__ import annotations

import threading
from pathlib import Path

from corpus.library import Library
from tests.support.libraries import TINH, record


def test_what_is_taken_in_meanwhile_is_not_seen(tmp_path: Path) -> None:
    with Library.open(tmp_path / "kho", create=True, facts=False) as library:
        first = library.intake.add(record("1/QĐ-UBND", "2020-01-01", TINH)).id
        view = library.view()
        with view.moment():
            before = view.sequence()
            adding = threading.Thread(target=library.intake.add, args=(record("2/QĐ-UBND", "2020-02-01", TINH),))
            adding.start()
            adding.join()
            assert view.sequence() == before
            assert [one.id for one in view.documents()] == [first]
            assert view.summary(first) is view.summary(first)
            assert view.document(first) is view.document(first)
            with view.moment():
                assert view.sequence() == before
        assert view.sequence() > before
        assert len(view.documents()) == 2
        assert view.document(first) is not view.document(first)


def test_other_threads_are_not_in_it(tmp_path: Path) -> None:
    with Library.open(tmp_path / "kho", create=True, facts=False) as library:
        view = library.view()
        seen: list[int] = []
        with view.moment():
            assert view.documents() == []
            library.intake.add(record("1/QĐ-UBND", "2020-01-01", TINH))
            other = threading.Thread(target=lambda: seen.append(len(view.documents())))
            other.start()
            other.join()
            assert view.documents() == []
        assert seen == [1]
