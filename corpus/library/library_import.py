"""The documents of one library taken into another that holds its own: from a backup, without reading a file again.

What people put right comes along where nobody here put anything right in that file. Merges, removals and refusals are
decisions of the other library about its own papers and stay there. Done file by file: what was broken off is run again.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from corpus import durable
from corpus.errors import Refused, TakenOut
from corpus.library import Library
from corpus.library.backup import restore


def import_backup(library: Library, source: Path, progress: Callable[[int, int], None] | None = None) -> Counter[str]:
    """Take the papers of the backup *source* in: how many are new, updated, duplicate, unchanged, removed, refused.

    Papers are called ``<source>/<where they came from>``. progress is told (done, of how many). Raises what
    :func:`corpus.library.backup.restore` does of *source*; LibraryBusy, DiskFull.
    """
    done: Counter[str] = Counter()
    with durable.scratch(library.folder) as place:
        made = restore(source, place / "kho")
        with Library.open(place / "kho", facts=library.facts) as other:
            for number, held in enumerate(other.view(restricted=True).readings(), 1):
                record = held.record
                original = other.originals.path(record.sha256)
                record.path = f"{source.name}/{record.path.lstrip('/')}"
                try:
                    added = library.intake.add(
                        record,
                        original if original.is_file() else None,
                        reader_version=library.intake.reader_version_of(record.sha256)
                        or held.reader_version,  # ours stays
                        corrected=held.corrected,
                    )
                    done[added.status] += 1
                    _remember(other.folder, library.folder, record.sha256)
                except TakenOut:
                    done["removed"] += 1
                except Refused:
                    done["refused"] += 1
                if progress:
                    progress(number, made.documents)
    return done


def _remember(there: Path, here: Path, sha256: str) -> None:
    """What OCR read of a file, so that a later reading need not run it again."""
    memory = Path("ocr") / sha256[:2] / sha256
    if (there / memory).is_dir() and not (here / memory).exists():
        with suppress(OSError):  # it can be made again
            shutil.copytree(there / memory, here / memory)
