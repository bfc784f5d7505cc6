"""Reads files by worker processes: the one way for ingest, re-reading, watched folders, uploads and draft checks.

:class:`DocumentReader` gives a :class:`corpus.model.Record`, a :class:`corpus.model.Failure` or a :class:`Secret` for
each file. Nothing is stored here.
"""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.checks.form.sheet import Sheet
from corpus.errors import ReadFailure, Refused
from corpus.library.places import split_place
from corpus.model import Failure, Record, is_secret
from corpus.record_json import parse_record
from corpus.vocabulary import Verdict
from ingest.limits import MEGABYTE, Limits
from ingest.options import PARTS_FOLDER, OcrMode, ReadOptions
from ingest.worker.pool import Batching, Pool
from ingest.worker.task import Rescuer
from webui.app import preloaded

if TYPE_CHECKING:
    from corpus.library import Library
    from ingest.worker.rescue import Rescue
    from webui.app.settings import Settings

#: The key under which a worker adds the words of a record's text (:func:`corpus.segment.words`).
WORDS = "words"
_TRY_AGAIN = "Hãy nạp lại tệp; nếu vẫn vậy, hãy lấy lại tệp gốc từ nơi gửi."


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to be read, with what this process knows of it."""

    path: Path
    #: What messages and the library call it.
    name: str
    #: SHA-256 of its content, taken by this process; None where it was not taken or the file could not be opened.
    sha256: str | None = None
    #: Whether documents inside it are wanted too, each by itself.
    unpack: bool = False
    #: Once read: the words of its text, where the worker segmented it.
    words: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """A document with a secrecy mark, of which only the hash and this reason may be kept."""

    #: Why, for the list of refused files.
    reason: str
    #: The same for the user, with the next step.
    message: str


@dataclass(slots=True)
class Draft:
    """A draft under check."""

    record: Record
    #: Place in ``record.citations`` → (page, PNG) of where a căn cứ is printed.
    crops: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    #: Pages that OCR read badly.
    poor: list[int] = field(default_factory=list)
    #: Paper, margins, fonts and page numbers of a .docx; None for other files.
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file that holds documents."""

    #: What the file itself gives; None where it is no document.
    own: Record | Failure | Secret | None
    #: The names of the documents inside.
    names: tuple[str, ...]
    #: Where a worker left them, as files 0, 1, 2 …; nothing in it may be trusted.
    folder: Path


#: What a file gives.
Outcome = Record | Failure | Secret | Unpacked


# ---------------------------------------------------------------- settings of a reading


def options_of(settings: Settings) -> ReadOptions:
    """The options of a reading that settings decide."""
    return ReadOptions(
        mode=OcrMode(settings.ocr_mode),
        cache=settings.ocr_cache,
        engine=settings.ocr,
        second_reader=settings.second_reader,
        limits=limits_of(settings),
    )


def limits_of(settings: Settings) -> Limits:
    """The resources that one file may use."""
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


def pool_of(
    settings: Settings,
    jobs: int | None = None,
    *,
    writable: Iterable[Path] | None = None,
    segmenting: bool = False,
) -> Pool:
    """A pool of workers, started with the first file.

    writable: the folders they may write to; None for the library's OCR cache alone. segmenting: the words of every text
    are wanted (:func:`read_file`).
    """
    if writable is None:
        writable = [(settings.ocr_cache or settings.library / "ocr").absolute()]
    return Pool(
        jobs or settings.jobs,
        timeout=settings.file_seconds,
        limits=limits_of(settings),
        preload=preloaded.SEGMENTING if segmenting else preloaded.READING,
        writable=writable,
    )


def ocr_cache_folder(settings: Settings, library: Library) -> Path:
    """The folder of the OCR caches of *library*, absolute."""
    return settings.ocr_cache or (library.folder / "ocr").absolute()


def ocr_cache_of(root: Path, sha256: str) -> Path:
    """The OCR cache of the file with that content, below *root*."""
    return root / sha256[:2] / sha256


def forget_ocr(root: Path, sha256: str) -> None:
    """Delete what OCR read of the file with that content."""
    shutil.rmtree(ocr_cache_of(root, sha256), ignore_errors=True)


def options_as_read(settings: Settings, library: Library, sha256: str | None) -> ReadOptions:
    """How the original with that content was read: its OCR mode and the folder of its OCR cache."""
    mode = OcrMode(library.intake.ocr_modes().get(sha256 or "", settings.ocr_mode))
    cache = ocr_cache_of(ocr_cache_folder(settings, library), sha256) if sha256 else None
    return replace(options_of(settings), mode=mode, cache=cache)


# ---------------------------------------------------------------- reading for a library


class DocumentReader:
    """Reads files for one library.

    ocr_cache: see :func:`ocr_cache_folder`. modes: content hash → OCR mode of files that have one of their own.
    """

    def __init__(self, pool: Pool, settings: Settings, ocr_cache: Path, modes: Mapping[str, str] | None = None) -> None:
        self.ocr_cache = ocr_cache
        self._pool = pool
        self._modes = dict(modes or {})
        self._options = replace(options_of(settings), cache=ocr_cache)

    def read(self, file: SourceFile) -> Record | Failure | Secret:
        """What *file* gives, what is inside it left out."""
        ((_, outcome),) = self.read_all([replace(file, unpack=False)])
        assert not isinstance(outcome, Unpacked)
        return outcome

    def read_all(self, files: Iterable[SourceFile]) -> Generator[tuple[SourceFile, Outcome]]:
        """Each file with what it gives, in their order; a few files are taken from *files* ahead."""
        with closing(self.read_batches(files, Batching(1))) as batches:
            for batch in batches:
                yield from batch

    def read_batches(
        self, files: Iterable[SourceFile], batching: Batching
    ) -> Generator[list[tuple[SourceFile, Outcome]]]:
        """The same, in lists of files that are done shortly after each other."""
        sent: deque[SourceFile] = deque()

        def calls() -> Iterator[tuple[Path, bool, ReadOptions]]:
            for file in files:
                sent.append(file)
                yield file.path, file.unpack and file.sha256 is not None, self._options_of(file)

        with closing(self._pool.map_batches(calls(), read_file, batching, rescuer=without_rescued)) as batches:
            for values in batches:  # by order: the path in a value is the worker's word
                yield [self._with_outcome(sent.popleft(), _as_json(value)) for value in values]

    def _with_outcome(self, file: SourceFile, value: dict[str, Any]) -> tuple[SourceFile, Outcome]:
        from corpus.library import segmented  # with the database, which is slow to import: workers can start before

        if file.unpack and "own" in value:
            own = value["own"]
            words = segmented.checked(own.pop(WORDS, None)) if isinstance(own, dict) else None
            return replace(file, words=words), self._unpacked(value, file)
        words = segmented.checked(value.pop(WORDS, None))
        return replace(file, words=words), _outcome_of(value, file)

    def _unpacked(self, value: Mapping[str, Any], file: SourceFile) -> Unpacked | Failure:
        names, own = value.get("inside"), value["own"]
        of_shape = isinstance(names, list) and all(isinstance(name, str) for name in names)
        if not of_shape or not isinstance(own, Mapping | None) or file.sha256 is None:
            return Failure(file.name, _MALFORMED["error"], Verdict.PROGRAM_ERROR)
        folder = ocr_cache_of(self.ocr_cache, file.sha256) / PARTS_FOLDER
        return Unpacked(None if own is None else _outcome_of(own, file), tuple(names or ()), folder)

    def _options_of(self, file: SourceFile) -> ReadOptions:
        """The options of *file*, with an OCR cache of its own, so that this can be deleted with the file."""
        if file.sha256 is None:
            return self._options
        mode = OcrMode(self._modes.get(file.sha256, self._options.mode))
        cache = ocr_cache_of(self.ocr_cache, file.sha256)
        return replace(self._options, mode=mode, cache=cache, sha256=file.sha256)


def read_file(path: str, unpack: bool, options: ReadOptions) -> dict[str, Any]:
    """Runs in a worker: the record or failure of a file; with *unpack* :func:`ingest.contained.read_and_unpack`."""
    from corpus.segment import words
    from ingest.contained import read_and_unpack
    from ingest.extract import read_record

    value = read_and_unpack(path, options) if unpack else read_record(path, options)
    record = value.get("own", value)
    if record and "text" in record:
        record[WORDS] = words(record["text"])
    return value


def _outcome_of(value: Mapping[str, Any], file: SourceFile) -> Record | Failure | Secret:
    """What a worker's *value* for *file* amounts to.

    A hostile file may control the worker that reads it. The worker is therefore believed about this file alone: the
    hash, which leads to originals and to other records, must be the one that this process took.
    """
    if "error" in value:
        return _failure_of(value, file.name)
    if file.sha256 is None or value.get("sha256") != file.sha256:
        if _has_changed(file):
            error = "Tệp thay đổi trong lúc đọc. Hãy chờ chép xong rồi nạp lại."
            return Failure(file.name, error, Verdict.CHANGED)
        error = (
            "Kết quả đọc không phải của nội dung tệp này (tệp đổi trong lúc đọc, hoặc tệp làm sai chương trình đọc). "
            + _TRY_AGAIN
        )
        return Failure(file.name, error, Verdict.PROGRAM_ERROR)
    return _record_of(value, file.name)


def _failure_of(value: Mapping[str, Any], name: str) -> Failure | Secret:
    error, verdict = str(value["error"]), Verdict.of(value.get("verdict"))
    return Secret("độ mật", error) if verdict is Verdict.SECRET else Failure(name, error, verdict)


def _record_of(value: Any, name: str) -> Record | Failure:
    """The record in *value*, called *name*; a failure where it is not of the shape of a record."""
    try:
        record = parse_record(value)
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        message = f"Kết quả đọc tệp không đúng dạng ({type(error).__name__}). {_TRY_AGAIN}"
        return Failure(name, message, Verdict.PROGRAM_ERROR)
    record.path, record.inside = split_place(name)
    return record


def _has_changed(file: SourceFile) -> bool:
    """Whether the content is by now another than the one whose hash was taken."""
    from ingest.read import file_sha256

    try:
        return file_sha256(file.path) != file.sha256
    except (OSError, ReadFailure):
        return True


# ---------------------------------------------------------------- reading without a library


def read_draft(
    path: Path, settings: Settings, pool: Pool, *, seconds: float | None = None, max_crops: int = 0
) -> Draft:
    """A draft with pictures of its first *max_crops* căn cứ, where it has page images. Nothing is kept of it.

    seconds: time allowed; None for the pool's own. Raises ReadFailure, and Refused for a secret document.
    """
    from ingest.draft import read_draft as read_in_worker

    value = pool.call(read_in_worker, path, replace(options_of(settings), cache=None), max_crops, timeout=seconds)
    if isinstance(value, Failure):
        value = value.as_json()
    if not isinstance(value, Mapping):
        value = _MALFORMED
    outcome = _failure_of(value, str(path)) if "error" in value else _record_of(value.get("record"), str(path))
    if isinstance(outcome, Secret) or (isinstance(outcome, Record) and is_secret(outcome.secrecy)):
        raise Refused(
            "Dự thảo có dấu độ mật nên không được đối chiếu; không giữ lại gì của nó.",
            "Hãy xử lý văn bản này theo quy định về bí mật nhà nước.",
        )
    if isinstance(outcome, Failure):
        raise ReadFailure(outcome.error, outcome.verdict)
    crops = {int(at): (crop["page"], bytes.fromhex(crop["png"])) for at, crop in value["crops"].items()}
    return Draft(outcome, crops, value["poor"], _sheet_of(value.get("sheet")))


def _sheet_of(value: Any) -> Sheet | None:
    """The sheet that a worker gave; None where it gave none or not of that shape."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Sheet | None).validate_python(value)
    except ValidationError:
        return None


def read_files(paths: Iterable[Path], settings: Settings) -> Iterator[dict[str, Any]]:
    """The record or the failure of each file as JSON data, in the order given. Nothing is stored.

    Documents inside a container (an archive, a mail message) follow each other, the container's own first.
    """
    from ingest.contained import read_documents

    kept = [settings.ocr_cache.absolute()] if settings.ocr_cache else []
    with pool_of(settings, writable=kept) as pool:
        for value in map_records(pool, paths, read_documents, options_of(settings)):
            yield from _documents_of(value)


def explain_files(paths: Iterable[Path], settings: Settings, picture: Path | None) -> Iterator[dict[str, Any]]:
    """How each file was read, as :func:`ingest.explain.explain` gives it. Nothing is stored.

    picture: a PNG file to write, the first page with a frame around each value.
    """
    from ingest.explain import explain

    kept = [path.absolute() for path in (settings.ocr_cache, picture and picture.parent) if path]
    with pool_of(settings, writable=kept) as pool:
        target = str(picture) if picture else None
        yield from map_records(pool, paths, explain, options_of(settings), target, rescuer=None)


# ---------------------------------------------------------------- values of workers


def _documents_of(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The records and failures in what a worker gave for one file."""
    documents = value.get("documents", [value])
    for document in documents if isinstance(documents, list) else [_MALFORMED]:
        yield document if isinstance(document, dict) else _MALFORMED


_MALFORMED = {
    "path": "",
    "error": "Kết quả đọc tệp không đúng dạng. Hãy nạp lại tệp.",
    "verdict": str(Verdict.PROGRAM_ERROR),
}


def without_rescued(arguments: tuple[Any, ...], rescue: Rescue) -> tuple[Any, ...]:
    """The arguments of an attempt that leaves out what the first one failed at; the options come last."""
    return (*arguments[:-1], replace(arguments[-1], rescue=rescue))


def map_records(
    pool: Pool,
    paths: Iterable[Path],
    function: Any,
    *arguments: Any,
    rescuer: Rescuer | None = without_rescued,
) -> Generator[dict[str, Any]]:
    """The value of *function* for each path, in their order; failures of the workers themselves as JSON data too.

    arguments: of *function* behind the path; with the usual rescuer the last one must be the :class:`ReadOptions`.
    """
    return _checked(pool.map_files(paths, function, *arguments, rescuer=rescuer))


def _checked(values: Generator[Any]) -> Generator[dict[str, Any]]:
    """The values of workers as JSON data: failures of the workers too, and a failure for what is no JSON object."""
    with closing(values):
        for value in values:
            yield _as_json(value)


def _as_json(value: Any) -> dict[str, Any]:
    match value:
        case dict():
            return value
        case Failure():
            return value.as_json()
        case _:  # of a worker under the control of its file
            return dict(_MALFORMED)
