"""Pictures of pages and of parts of pages, drawn by workers and cached in a small folder.

The web process asks here and gets PNG bytes; it never opens a PDF or an image itself.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from corpus.errors import NotFound, ReadFailure
from corpus.model import Box, Failure
from corpus.vocabulary import Verdict
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.options import ReadOptions
from ingest.page_layer import LayeredPage, PageLayer, draw_layer
from ingest.page_pictures import Crop, CropAsRead, MarkedPage, Marks, Order, WholePage, draw
from ingest.worker.pool import Pool

#: Bounds of what is drawn: a wider picture shows nothing more and costs memory.
MIN_WIDTH, MAX_WIDTH = 50, 2400
MIN_DPI, MAX_DPI = 50, 400
#: Bytes of the cached pictures; the least recently used are deleted first.
CACHE_BYTES = 256 * 1024 * 1024
#: Seconds for one picture: someone is waiting for it.
SECONDS = 30.0
#: Seconds for which a picture that could not be drawn is not tried again, and how many such are remembered.
FAILURE_SECONDS, MAX_FAILURES = 600.0, 500
#: Verdicts after which drawing the same picture again would fail again.
_LASTING_FAILURES = frozenset({Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY, Verdict.DAMAGED})


class Pictures:
    """Pictures drawn on demand.

    Every method that draws raises NotFound where there is no such page or picture, and ReadFailure for a file that
    cannot be read.
    """

    def __init__(self, folder: Path | None = None, pool: Pool | None = None, limits: Limits = DEFAULT_LIMITS) -> None:
        """Draw in *pool* (by default a pool of one worker) and cache in *folder* (None: nowhere)."""
        self._folder = folder
        self._owns_pool = pool is None
        self._pool = pool or Pool(1, timeout=SECONDS, limits=limits, writable=())
        self._limits = limits
        self._failures: OrderedDict[tuple[Path, Order | LayeredPage], tuple[float, Failure]] = OrderedDict()
        self._lock = threading.Lock()

    def page_picture(self, path: Path, page: int, width: int = 1000, rotation: int = 0) -> bytes:
        """Page *page* (from 1) as PNG, *width* pixels wide, turned *rotation* degrees clockwise."""
        return self._drawn(path, WholePage(page, _bounded(width, MIN_WIDTH, MAX_WIDTH), rotation))

    def crop(self, path: Path, page: int, box: Box, dpi: int = 150, rotation: int = 0) -> bytes:
        """The part of a page inside *box* (fractions of the page, after turning it by *rotation*) as PNG at *dpi*."""
        x0, y0, x1, y1 = (round(min(1.0, max(0.0, v)), 4) for v in box)
        if x1 <= x0 or y1 <= y0:
            raise NotFound("Vùng ảnh cần cắt không có diện tích.", "Hãy chọn lại vùng.")
        return self._drawn(path, Crop(page, (x0, y0, x1, y1), _bounded(dpi, MIN_DPI, MAX_DPI), rotation))

    def marked_page(self, path: Path, page: int, marks: Marks, options: ReadOptions, width: int = 1000) -> bytes:
        """Page *page* as PNG with *marks* drawn on it.

        options: how the file was read. Raises NotFound also where the places of the words are not known for certain.
        """
        return self._drawn(path, MarkedPage(page, _bounded(width, MIN_WIDTH, MAX_WIDTH), marks, options))

    def crop_as_read(self, path: Path, page: int, box: Box, options: ReadOptions, dpi: int = 150) -> bytes:
        """Like :meth:`crop`, the page turned and straightened as it was when *box* was measured on it."""
        return self._drawn(path, CropAsRead(page, box, _bounded(dpi, MIN_DPI, MAX_DPI), options))

    def layer(self, path: Path, page: int, options: ReadOptions) -> PageLayer:
        """Page *page* as its picture with the words on it, as the file was read with *options*.

        Raises NotFound also where the words are not known without OCR, ValueError for a malformed answer of the worker.
        """
        return PageLayer.of_bytes(self._drawn(path, LayeredPage(page, options)))

    def close(self) -> None:
        """End the workers, where they are this object's own."""
        if self._owns_pool:
            self._pool.close()

    def _drawn(self, path: Path, order: Order | LayeredPage) -> bytes:
        cached = self._cache_file(path, order)
        if cached is not None:
            with suppress(OSError):
                data = cached.read_bytes()
                os.utime(cached)
                return data
        result = self._earlier_failure(path, order)
        if result is None:
            function = draw_layer if isinstance(order, LayeredPage) else draw
            result = self._pool.call(function, path, order, self._limits, timeout=SECONDS)
            if isinstance(result, Failure):
                self._remember_failure(path, order, result)
        if isinstance(result, Failure):
            if result.verdict == Verdict.NOT_PRESENT:
                raise NotFound(result.error)
            raise ReadFailure(result.error, result.verdict)
        data = bytes.fromhex(result)
        if cached is not None:
            self._cache(cached, data)
        return data

    def _earlier_failure(self, path: Path, order: Order | LayeredPage) -> Failure | None:
        with self._lock:
            until, failure = self._failures.get((path, order), (0.0, None))
        return failure if until > time.monotonic() else None

    def _remember_failure(self, path: Path, order: Order | LayeredPage, failure: Failure) -> None:
        """Remember a picture that cost the worker its whole time: it would be asked for at every view of the page."""
        if failure.verdict not in _LASTING_FAILURES:
            return
        with self._lock:
            self._failures[path, order] = time.monotonic() + FAILURE_SECONDS, failure
            self._failures.move_to_end((path, order))
            while len(self._failures) > MAX_FAILURES:
                self._failures.popitem(last=False)

    def _cache_file(self, path: Path, order: Order | LayeredPage) -> Path | None:
        if self._folder is None:
            return None
        with suppress(OSError):
            state = path.stat()
            key = f"{path.resolve()} {state.st_size} {state.st_mtime_ns} {order}"
            return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.png"
        return None

    def _cache(self, file: Path, data: bytes) -> None:
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            partial = file.with_suffix(f".{os.getpid()}.part")
            partial.write_bytes(data)
            partial.replace(file)
            self._delete_oldest()

    def _delete_oldest(self) -> None:
        assert self._folder is not None
        pictures = sorted(((p.stat().st_mtime, p.stat().st_size, p) for p in self._folder.glob("*.png")), reverse=True)
        total = 0
        for _, size, picture in pictures:
            total += size
            if total > CACHE_BYTES:
                picture.unlink(missing_ok=True)


def _bounded(value: int, low: int, high: int) -> int:
    return min(high, max(low, value))
