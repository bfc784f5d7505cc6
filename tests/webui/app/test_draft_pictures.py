"""Pictures of drafts: bounded in time and bytes."""

from __future__ import annotations

from webui.app.draft_pictures import DraftPictures


def test_kept_pictures_are_limited_in_time_and_bytes() -> None:
    held = DraftPictures(seconds=60, max_bytes=100)
    first, second = held.keep({0: b"x" * 40}), held.keep({3: b"y" * 50})
    assert first
    assert second
    assert held.get(second, 3) == b"y" * 50
    assert held.get(second, 0) is None
    third = held.keep({0: b"z" * 20})
    assert held.get(first, 0) is None, "the oldest goes"
    assert third
    assert held.get(third, 0)
    assert held.keep({0: b"x" * 51}) is None
    assert held.keep({}) is None
    fourth = held.keep({0: b"x" * 51}, b"report")
    assert fourth
    assert (held.get(fourth, 0), held.report(fourth)) == (None, b"report"), "too large: the report alone is kept"
    assert held.report("else") is None
    gone = DraftPictures(seconds=0)
    token = gone.keep({0: b"x"})
    assert token
    assert gone.get(token, 0) is None
    assert len(gone) == 0
