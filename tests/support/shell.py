"""Runs `ocop` in the test's own process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from webui.cli.command import main


class Shell:
    """Runs `ocop` in this process and keeps what it words."""

    def __init__(self, library: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.library = library
        self.capture = capture
        self.error = ""

    def __call__(self, *arguments: str | Path, code: int = 0) -> str:
        self.capture.readouterr()
        done = main([*map(str, arguments), "--library", str(self.library)])
        out, self.error = self.capture.readouterr()
        assert done == code, (out, self.error)
        return out

    def json(self, *arguments: str | Path, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code))
