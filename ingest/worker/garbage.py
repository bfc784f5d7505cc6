"""Cyclic garbage is looked for seldom where much is made that is dropped as a whole, and hardly a cycle."""

from __future__ import annotations

import gc

#: Further objects after which it is looked for.
_OBJECTS_BETWEEN = 20_000


def collect_seldom() -> None:
    """Look for cyclic garbage in this process seldom, and never in what it has by now: modules and tables stay."""
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN)
