"""All hostile files, kind by kind."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.hostile.all_kinds import KINDS, all_files
from tests.hostile.good_files import good_files
from tests.hostile.harness import LIMITS, Harness, Tally
from tests.hostile.special_files import moving_files, not_files

#: What is no list of files: the name of the kind → what ingests it.
SPECIAL: dict[str, Callable[[Harness], Tally]] = {"not files": not_files, "moving files": moving_files}


def run(
    folder: Path,
    *,
    seed: int = 0,
    kinds: tuple[str, ...] = (),
    most: int = 0,
    jobs: int = 2,
    ocr: str = "tesseract",
) -> Iterator[Tally]:
    """Ingests everything, or some *kinds*, or only *most* files of each; a tally as soon as a kind is done.

    ocr: the engine that reads page images.
    """
    harness = Harness(folder, jobs, LIMITS | {"OCR": ocr})
    good_files()
    for number, kind in enumerate(name for name in KINDS if not kinds or name in kinds):
        tally = Tally(kind)
        files = list(all_files(seed, (kind,)))
        step = max(1, len(files) // most) if most else 1
        planned = harness.plan(files[::step], f"{number:02d}")
        harness.ingest(planned, tally, [harness.folder / "inputs" / f"{number:02d}"])
        shutil.rmtree(harness.folder / "inputs" / f"{number:02d}")
        yield tally
    for kind, ingest in SPECIAL.items():
        if not kinds or kind in kinds:
            yield ingest(harness)
