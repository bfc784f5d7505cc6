"""Files → records by worker processes, with the options that settings give: for `read`, `ingest` and uploads alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.model import Failure
from corpus.vocabulary import Verdict
from ingest.limits import MEGABYTE, Limits
from ingest.options import OcrMode, ReadOptions
from ingest.worker.pool import Pool
from ingest.worker.task import Rescuer

if TYPE_CHECKING:
    from ingest.worker.rescue import Rescue
    from webui.app.settings import Settings

#: Loaded once, before workers fork off.
_PRELOAD = ("ingest.extract", "webui.app.document_reader")


def options_of(settings: Settings) -> ReadOptions:
    """How files are read."""
    return ReadOptions(
        mode=OcrMode(settings.ocr_mode),
        cache=settings.ocr_cache,
        second_reader=settings.second_reader,
        limits=limits_of(settings),
    )


def limits_of(settings: Settings) -> Limits:
    """What one file may ask for."""
    return Limits(
        memory=settings.file_memory_mb * MEGABYTE,
        cpu_seconds=settings.file_cpu_seconds,
        file_bytes=settings.file_mb * MEGABYTE,
        pages=settings.file_pages,
        citations=settings.file_citations,
        page_pixels=settings.page_megapixels * 1_000_000,
        text_bytes=settings.text_mb * MEGABYTE,
        unpacked_bytes=settings.unpacked_mb * MEGABYTE,
    )


def pool_of(settings: Settings, jobs: int | None = None, *, writable: Iterable[Path] | None = None) -> Pool:
    """The workers; started at the first file. writable: where they may write, the library's OCR cache unless told."""
    if writable is None:
        writable = [(settings.ocr_cache or settings.library / "ocr").absolute()]
    return Pool(
        jobs or settings.jobs,
        timeout=settings.file_seconds,
        limits=limits_of(settings),
        preload=_PRELOAD,
        writable=writable,
    )


def without(arguments: tuple[Any, ...], rescue: Rescue) -> tuple[Any, ...]:
    """The arguments of an attempt that leaves out what the first failed at; the options come last."""
    return (*arguments[:-1], replace(arguments[-1], rescue=rescue))


def read_files(paths: Iterable[Path], settings: Settings) -> Iterator[dict[str, Any]]:
    """A record or a failure for each file, as JSON data, in the order given. Nothing is stored."""
    from ingest.extract import read_record

    kept = [settings.ocr_cache.absolute()] if settings.ocr_cache else []
    with pool_of(settings, writable=kept) as pool:
        yield from map_records(pool, paths, read_record, options_of(settings))


def explain_files(paths: Iterable[Path], settings: Settings, picture: Path | None) -> Iterator[dict[str, Any]]:
    """How each file was read, as :func:`ingest.explain.explain` tells it. Nothing is stored."""
    from ingest.explain import explain

    kept = [path.absolute() for path in (settings.ocr_cache, picture and picture.parent) if path]
    with pool_of(settings, writable=kept) as pool:
        target = str(picture) if picture else None
        yield from map_records(pool, paths, explain, options_of(settings), target, rescuer=None)


def map_records(
    pool: Pool,
    paths: Iterable[Path],
    function: Any,
    *arguments: Any,
    rescuer: Rescuer | None = without,
) -> Iterator[dict[str, Any]]:
    """*function* over *paths*, failures of the workers themselves as JSON data too.

    arguments: of *function* after the path; with the usual rescuer the last one must be the :class:`ReadOptions`.
    """
    for value in pool.map_files(paths, function, *arguments, rescuer=rescuer):
        match value:
            case dict():
                yield value
            case Failure():
                yield value.as_json()
            case _:  # of a worker that does what a hostile file wants
                yield {
                    "path": "",
                    "error": "Kết quả đọc tệp không đúng dạng. Hãy nạp lại tệp.",
                    "verdict": str(Verdict.PROGRAM_ERROR),
                }


def read_for_library(path: str, modes: Mapping[str, str], options: ReadOptions) -> dict[str, Any]:
    """:func:`ingest.extract.read_record` with an OCR cache of the file's own, so that nothing of a refused document stays.

    modes: content hash → OCR mode of files that have one of their own. options: ``cache`` is the folder of all these
    caches. Runs in a worker.
    """
    from ingest.extract import read_record
    from ingest.read import file_sha256

    sha256 = ""
    with suppress(OSError):  # the reader says why
        sha256 = file_sha256(Path(path), options.limits.file_bytes)
    if sha256:
        cache = None if options.cache is None else ocr_cache_of(options.cache, sha256)
        options = replace(options, mode=OcrMode(modes.get(sha256, options.mode)), cache=cache)
    return read_record(path, options)


def ocr_cache_of(root: Path, sha256: str) -> Path:
    """The OCR cache of one file's content."""
    return root / sha256[:2] / sha256
