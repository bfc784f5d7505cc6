"""Provisions that annotators of court judgments listed, found by the program that scores them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT


@pytest.mark.long
def test_annotated_provisions_are_found(shared: Path) -> None:
    command = f"{sys.executable} -m webui read --jsonl"
    scored = subprocess.run(
        [sys.executable, str(shared / "eval" / "pinpoints.py"), "--json", "--command", command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(scored.stdout)
    print(figures)
    assert figures["recall"] >= 0.97
    assert figures["listed_share"] >= 0.85
