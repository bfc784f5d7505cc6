"""Where things lie: the checkout, its samples, and the labelled real documents beside it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Labelled real documents; tests that use them skip where the folder is absent.
SHARED = ROOT.parent / "shared"
SAMPLES = ROOT / "corpus" / "samples"
