"""Files → records by worker processes, with the options that settings give: for `read`, `ingest` and uploads alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import UsageError
from ingest.workers import Pool

if TYPE_CHECKING:
    from webui.settings import Settings

#: Loaded once, before workers fork off.
_PRELOAD = ("ingest.extract",)


def options_of(settings: Settings, cache: Path | None = None) -> dict[str, Any]:
    """What :func:`ingest.extract.read_record` is told. cache: where OCR results are remembered unless a setting says."""
    folder = settings.ocr_cache or cache
    return {"mode": settings.ocr_mode, "cache": folder}


def pool_of(settings: Settings, jobs: int | None = None) -> Pool:
    """The workers; started at the first file."""
    return Pool(jobs or settings.jobs, timeout=settings.file_seconds, preload=_PRELOAD)


def read_files(paths: Iterable[Path], settings: Settings) -> Iterator[dict[str, Any]]:
    """A record or a failure for each file, as JSON data, in the order given. Nothing is stored."""
    with pool_of(settings) as pool:
        yield from map_records(pool, paths, options_of(settings))


def map_records(pool: Pool, paths: Iterable[Path], options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """:func:`read_files` with workers that are there already."""
    from ingest.extract import read_record

    for value in pool.map_files(paths, read_record, options):
        yield value if isinstance(value, dict) else value.as_json()


def files_under(paths: Iterable[Path]) -> list[Path]:
    """The files meant: folders are gone through, hidden ones and links out of them left aside, each file once, in order.

    Raises UsageError for a path that is not there.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
                if not hidden and file.is_file() and not file.is_symlink():
                    found[file] = None
        elif path.exists():
            found[path] = None
        else:
            raise UsageError(f"Không có tệp hay thư mục “{path}”.", "Hãy kiểm tra lại đường dẫn.")
    return list(found)
