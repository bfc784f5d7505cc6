"""The audit list as data."""

from __future__ import annotations

from webui.app.audit_list import local_time


def test_times_are_shown_in_vietnams_zone() -> None:
    assert local_time("2026-11-23T18:55:14+00:00") == "01:55 ngày 24/11/2026"
    assert local_time("2026-11-23T06:55:14") == "13:55 ngày 23/11/2026"
