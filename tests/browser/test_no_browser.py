"""Without a browser these tests skip with the reason; where one is required (.ci/run) they fail."""

from __future__ import annotations

import pytest

from tests.browser.conftest import browser_or_skip
from tests.paths import ROOT


def test_without_a_browser_the_tests_skip_with_the_reason() -> None:
    with pytest.raises(pytest.skip.Exception, match="no Chromium on this machine: apt install chromium"):
        browser_or_skip(None, required=False)


def test_where_a_browser_is_required_its_absence_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="no Chromium on this machine"):
        browser_or_skip(None, required=True)
    assert "export BROWSER_REQUIRED=1" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
