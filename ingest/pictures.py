"""Pictures of pages and of parts of pages, drawn by worker processes and kept in a small folder.

The web process asks here and gets PNG bytes; it never opens a PDF or an image itself.
"""

from __future__ import annotations

import hashlib
import io
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import NotFound, ReadFailure
from corpus.model import Box, Failure
from corpus.vocabulary import Verdict
from ingest.formats.sniff import file_type
from ingest.page import text_mark
from ingest.worker.supervisor import Pool

if TYPE_CHECKING:
    from PIL.Image import Image

#: Bounds of what is drawn: a wider picture shows nothing more and costs memory.
MIN_WIDTH, MAX_WIDTH = 50, 2400
MIN_DPI, MAX_DPI = 50, 400
#: Bytes kept in the folder; the least recently used pictures go first.
CACHE_BYTES = 256 * 1024 * 1024
#: Seconds for one picture: someone is waiting for it.
SECONDS = 30.0
#: Seconds for which a picture that could not be drawn is not tried again, and how many such are remembered.
SPOILT_SECONDS, MOST_SPOILT = 600.0, 500


class Pictures:
    """Draws on demand in *pool* (or a pool of its own, of one worker) and remembers in *folder* (None: nowhere)."""

    def __init__(self, folder: Path | None = None, pool: Pool | None = None) -> None:
        self._folder = folder
        self._own = pool is None
        self._pool = pool or Pool(1, timeout=SECONDS, writable=())
        self._spoilt: OrderedDict[tuple[Any, ...], tuple[float, Failure]] = OrderedDict()
        self._lock = threading.Lock()

    def page_picture(self, path: Path, page: int, width: int = 1000, rotation: int = 0) -> bytes:
        """Page *page* (from 1) as PNG, *width* pixels wide, turned *rotation* degrees clockwise.

        Raises NotFound for a page that is not there or a file without pictures, ReadFailure for an unreadable file.
        """
        width = min(MAX_WIDTH, max(MIN_WIDTH, width))
        return self._drawn(path, ("page", page, width, rotation))

    def crop(self, path: Path, page: int, box: Box, dpi: int = 150, rotation: int = 0) -> bytes:
        """The part of a page inside *box* (fractions of the page, after turning it by *rotation*) as PNG at *dpi*."""
        dpi = min(MAX_DPI, max(MIN_DPI, dpi))
        x0, y0, x1, y1 = (round(min(1.0, max(0.0, v)), 4) for v in box)
        if x1 <= x0 or y1 <= y0:
            raise NotFound("Vùng ảnh cần cắt không có diện tích.", "Hãy chọn lại vùng.")
        return self._drawn(path, ("crop", page, (x0, y0, x1, y1), dpi, rotation))

    def marked_page(
        self,
        path: Path,
        page: int,
        words: Sequence[tuple[int, int]],
        sentences: Sequence[tuple[int, int]],
        text: str,
        options: Mapping[str, Any],
        width: int = 1000,
    ) -> bytes:
        """Page *page* as PNG with *words* (offsets in its stored *text*) framed and *sentences* shaded.

        options: how the file was read (:func:`ingest.places.page_as_read`). Raises NotFound where the words' places are
        not known for sure, ReadFailure for an unreadable file.
        """
        width = min(MAX_WIDTH, max(MIN_WIDTH, width))
        spans = tuple(map(tuple, words)), tuple(map(tuple, sentences))
        return self._drawn(path, ("marked", page, width, *spans, text_mark(text), tuple(sorted(options.items()))))

    def place(self, path: Path, page: int, box: Box, options: Mapping[str, Any], dpi: int = 150) -> bytes:
        """As :meth:`crop`, the page turned and straightened as it was when *box* was measured on it."""
        dpi = min(MAX_DPI, max(MIN_DPI, dpi))
        return self._drawn(path, ("place", page, tuple(box), dpi, tuple(sorted(options.items()))))

    def close(self) -> None:
        if self._own:
            self._pool.close()

    def _drawn(self, path: Path, what: tuple[Any, ...]) -> bytes:
        kept = self._kept(path, what)
        if kept is not None:
            with suppress(OSError):
                data = kept.read_bytes()
                os.utime(kept)
                return data
        result: Any = self._spoilt_before(path, what)
        if result is None:
            result = self._pool.call(draw, path, what, timeout=SECONDS)
            self._remember_spoilt(path, what, result)
        if isinstance(result, Failure):
            if result.verdict == Verdict.NOT_PRESENT:
                raise NotFound(result.error)
            raise ReadFailure(result.error, result.verdict)
        data = bytes.fromhex(result)
        if kept is not None:
            self._keep(kept, data)
        return data

    def _spoilt_before(self, path: Path, what: tuple[Any, ...]) -> Failure | None:
        with self._lock:
            until, failure = self._spoilt.get((path, what), (0.0, None))
        return failure if until > time.monotonic() else None

    def _remember_spoilt(self, path: Path, what: tuple[Any, ...], result: Any) -> None:
        """A picture that costs the worker its whole time would be asked for again at every look at the page."""
        if isinstance(result, Failure) and result.verdict in {
            Verdict.TIMED_OUT,
            Verdict.OUT_OF_MEMORY,
            Verdict.DAMAGED,
        }:
            with self._lock:
                self._spoilt[path, what] = time.monotonic() + SPOILT_SECONDS, result
                self._spoilt.move_to_end((path, what))
                while len(self._spoilt) > MOST_SPOILT:
                    self._spoilt.popitem(last=False)

    def _kept(self, path: Path, what: tuple[Any, ...]) -> Path | None:
        if self._folder is None:
            return None
        with suppress(OSError):
            state = path.stat()
            key = f"{path.resolve()} {state.st_size} {state.st_mtime_ns} {what}"
            return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.png"
        return None

    def _keep(self, kept: Path, data: bytes) -> None:
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial = kept.with_suffix(f".{os.getpid()}.part")
            partial.write_bytes(data)
            partial.replace(kept)
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        assert self._folder is not None
        pictures = sorted(((p.stat().st_mtime, p.stat().st_size, p) for p in self._folder.glob("*.png")), reverse=True)
        total = 0
        for _, size, picture in pictures:
            total += size
            if total > CACHE_BYTES:
                picture.unlink(missing_ok=True)


# --- in the worker -----------------------------------------------------------------------------------------------


def draw(path: str, what: tuple[Any, ...]) -> str:
    """The picture *what* of the file, as PNG in hexadecimal. Raises ReadFailure (``khong_co``: no such page)."""
    if what[0] in {"marked", "place"}:
        from ingest import places

        image = places.marked_page(Path(path), what) if what[0] == "marked" else places.place(Path(path), what)
    elif what[0] == "page":
        _, page, width, rotation = what
        image = _turned(page_image(Path(path), page, width=width), rotation)
        if image.width != width:
            image = image.resize((width, max(1, round(image.height * width / image.width))))
    else:
        _, page, (x0, y0, x1, y1), dpi, rotation = what
        image = _turned(page_image(Path(path), page, dpi=dpi), rotation)
        w, h = image.size
        left, top = int(x0 * w), int(y0 * h)
        image = image.crop((left, top, max(left + 1, round(x1 * w)), max(top + 1, round(y1 * h))))
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=3)
    return buffer.getvalue().hex()


def _turned(image: Image, rotation: int) -> Image:
    return image.rotate(-rotation, expand=True) if rotation % 360 else image


def _missing(message: str) -> ReadFailure:
    return ReadFailure(message, Verdict.NOT_PRESENT)


def page_image(path: Path, page: int, width: int | None = None, dpi: int | None = None) -> Image:
    """A page of the file, about as wide or as fine as asked. Raises ReadFailure (``khong_co``: no such page)."""
    kind = file_type(path)
    if kind == "pdf":
        return _pdf_page(path, page, width, dpi)
    if kind in {"png", "jpeg", "tiff"}:
        return _image_page(path, page, width, dpi)
    raise _missing("Tệp này không có ảnh trang.")


def _pdf_page(path: Path, page: int, width: int | None, dpi: int | None) -> Image:
    from ingest.formats.pdf import open_pdf, render

    with open_pdf(path) as document:
        if not 1 <= page <= len(document):
            raise _missing(f"Tệp không có trang {page}.")
        drawn = document[page - 1]
        try:
            wanted = dpi if dpi is not None else (width or MIN_WIDTH) / max(1.0, drawn.get_width()) * 72
            return render(drawn, wanted, grey=False)
        finally:
            drawn.close()


def _image_page(path: Path, page: int, width: int | None, dpi: int | None) -> Image:
    from ingest.formats.image import frame, open_image

    with open_image(path) as image:
        if not 1 <= page <= getattr(image, "n_frames", 1):
            raise _missing(f"Tệp không có trang {page}.")
    picture, native = frame(path, page - 1)
    if picture.mode not in {"L", "RGB"}:
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    scale = width / picture.width if width else min(1.0, (dpi or native) / native)
    if scale < 1:
        picture = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
    return picture
