"""Programs of the system that some tests need, and where they are."""

from __future__ import annotations

import os
import shutil


def nginx() -> str | None:
    """The web server; Debian keeps it where only root looks."""
    return shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
