"""Files → records by worker processes, with the options that settings give: for `read`, `ingest` and uploads alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.model import Failure
from corpus.vocabulary import Verdict
from ingest.limits import MEGABYTE, Limits
from ingest.worker.supervisor import Pool, Rescuer

if TYPE_CHECKING:
    from ingest.progress import Rescue
    from webui.app.settings import Settings

#: Loaded once, before workers fork off.
_PRELOAD = ("ingest.extract", "webui.app.document_reader")


def options_of(settings: Settings) -> dict[str, Any]:
    """What :func:`ingest.extract.read_record` is told."""
    return {"mode": settings.ocr_mode, "cache": settings.ocr_cache, "second_reader": settings.second_reader}


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
    return (*arguments[:-1], {**arguments[-1], "rescue": rescue.as_json()})


def read_files(paths: Iterable[Path], settings: Settings) -> Iterator[dict[str, Any]]:
    """A record or a failure for each file, as JSON data, in the order given. Nothing is stored."""
    from ingest.extract import read_record

    kept = [settings.ocr_cache.absolute()] if settings.ocr_cache else []
    with pool_of(settings, writable=kept) as pool:
        yield from map_records(pool, paths, read_record, options_of(settings))


def explain_files(paths: Iterable[Path], settings: Settings, picture: Path | None) -> Iterator[dict[str, Any]]:
    """How each file was read, as :func:`ingest.explain.explain` tells it. Nothing is stored."""
    from ingest.explain import explain

    options = {**options_of(settings), "picture": str(picture) if picture else None}
    kept = [path.absolute() for path in (settings.ocr_cache, picture and picture.parent) if path]
    with pool_of(settings, writable=kept) as pool:
        yield from map_records(pool, paths, explain, options, None)


def map_records(
    pool: Pool,
    paths: Iterable[Path],
    function: Any,
    options: dict[str, Any],
    rescuer: Rescuer | None = without,
) -> Iterator[dict[str, Any]]:
    """*function* over *paths*, failures of the workers themselves as JSON data too."""
    for value in pool.map_files(paths, function, options, rescuer=rescuer):
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


def read_for_library(path: str, options: dict[str, Any]) -> dict[str, Any]:
    """:func:`ingest.extract.read_record` with an OCR cache of the file's own, so that nothing of a refused paper stays.

    options: as :func:`options_of`, ``cache`` being the folder of all these caches, and ``modes``: content hash → mode of
    files that are read in a way of their own. Runs in a worker.
    """
    from ingest.extract import read_record
    from ingest.read import file_sha256

    options = dict(options)
    modes = options.pop("modes", {})
    sha256 = ""
    with suppress(OSError):  # the reader says why
        sha256 = file_sha256(Path(path))
    if sha256:
        options["mode"] = modes.get(sha256, options["mode"])
        if options["cache"] is not None:
            options["cache"] = ocr_cache_of(options["cache"], sha256)
    return read_record(path, options)


def ocr_cache_of(root: Path, sha256: str) -> Path:
    """The OCR cache of one file's content."""
    return root / sha256[:2] / sha256
