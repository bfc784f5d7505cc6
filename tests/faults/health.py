"""What the doctor finds in a library after a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.faults.victim import settings_of
from webui.app import health_check


def examined(library: Path, *, deep: bool, repair: bool, engine: str | None = None) -> dict[str, Any]:
    """What `ocop doctor --json` says. deep: every file is read. repair: what can be made again is."""
    return health_check.as_json(health_check.examine_library(settings_of(library, engine), deep=deep, repair=repair))
