"""Takes the documents of a backup into a library that has its own, without reading a file again.

Corrections come along, but for files that were corrected here too. Merges, removals and refusals are decisions of the
other library and are not taken over. The import works file by file and can be repeated after a break.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from corpus import durable
from corpus.errors import ReadFailure, Refused, TakenOut
from corpus.library import Library
from corpus.library.restore import restore


def import_backup(library: Library, source: Path, progress: Callable[[int, int], None] | None = None) -> Counter[str]:
    """Take in the documents of the backup *source*: how many are new, updated, duplicate, unchanged, removed, refused.

    The paths of imported documents begin with the backup's name. progress: called with how many are done and of how
    many. Raises as :func:`corpus.library.restore.restore` does for *source*; LibraryBusy, DiskFull.
    """
    done: Counter[str] = Counter()
    with durable.scratch(library.folder) as place:
        made = restore(source, place / "kho")
        with Library.open(place / "kho", facts=library.facts) as other:
            for number, held in enumerate(other.view(restricted=True).readings(), 1):
                record = held.record
                original = other.originals.local(record.sha256)
                record.path = _place_here(source, record.path)
                known = library.intake.reader_version_of(record.sha256)  # what is held here is not read again
                try:
                    added = library.intake.add(
                        record,
                        original if original.is_file() else None,
                        reader_version=known or held.reader_version,
                        corrected=held.corrected,
                    )
                    done[added.status] += 1
                    _copy_ocr(other.folder, library.folder, record.sha256)
                except TakenOut:
                    done["removed"] += 1
                except Refused:
                    done["refused"] += 1
                if progress:
                    progress(number, made.documents)
            _import_containers(other, library, source)
    return done


def _place_here(source: Path, path: str) -> str:
    return f"{source.name}/{path.lstrip('/')}"


def _import_containers(other: Library, library: Library, source: Path) -> None:
    """Take over the containers of *other*; one that holds what is refused here is left out."""
    for container in other.intake.containers():
        original = other.originals.local(container.sha256)
        paths = tuple(_place_here(source, path) for path in container.paths)
        with suppress(Refused, ReadFailure, FileNotFoundError):
            library.intake.add_container(replace(container, paths=paths), original)


def _copy_ocr(source: Path, target: Path, sha256: str) -> None:
    """Copy what OCR read of a file from one library folder to another, so that it need not run again."""
    memory = Path("ocr") / sha256[:2] / sha256
    if (source / memory).is_dir() and not (target / memory).exists():
        with suppress(OSError):  # it can be made again
            shutil.copytree(source / memory, target / memory)
