"""What OCR read, kept by page content and settings: a re-ingest after a parser change runs no OCR."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from corpus.errors import MissingTool
from ingest.ocr.tesseract import OcrPage
from ingest.page import Word

#: Raised whenever what is stored changes its meaning; older entries are then simply not found.
LAYOUT = 2


class OcrCache:
    """A folder of small files, safe for several workers: each entry is written whole or not at all.

    With ``folder=None`` nothing is kept and nothing found.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @property
    def active(self) -> bool:
        return self._folder is not None

    @staticmethod
    def key(content: bytes | str, settings: str) -> str:
        """The key of a page: *content* is its bytes (or a digest of them), *settings* everything that alters OCR."""
        data = content.encode() if isinstance(content, str) else content
        return hashlib.sha256(f"{LAYOUT}\0{settings}\0".encode() + data).hexdigest()

    def get(self, key: str) -> OcrPage | None:
        """The page kept under *key*; None when there is none or the entry is damaged."""
        if self._folder is None:
            return None
        try:
            data = json.loads(zlib.decompress(self._path(key).read_bytes()))
            words = [Word(t, (x0, y0, x1, y1), c, s, e) for t, x0, y0, x1, y1, c, s, e in data["words"]]
            return OcrPage(data["text"], words, data["confidence"], data["rotation"], data["skew"], data["notes"])
        except (OSError, zlib.error, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, page: OcrPage) -> None:
        """Keep *page*. A full or read-only disk only costs the cache."""
        if self._folder is None:
            return
        words = [[w.text, *w.box, w.confidence, w.start, w.end] for w in page.words]
        data = {
            "text": page.text,
            "words": words,
            "confidence": page.confidence,
            "rotation": page.rotation,
            "skew": page.skew,
            "notes": page.notes,
        }
        self._write(self._path(key), data)

    def recall(self, key: str, compute: Callable[[], Any]) -> Any:
        """What *compute* gave last time under *key*, else what it gives now: plain JSON data, nothing else."""
        if self._folder is None:
            return json.loads(json.dumps(compute()))
        path = self._path(key)
        with suppress(OSError, zlib.error, ValueError):
            return json.loads(zlib.decompress(path.read_bytes()))
        value = json.loads(json.dumps(compute()))
        self._write(path, value)
        return value

    def engine(self, version: Callable[[], str]) -> str:
        """The engine's *version*; where the engine is gone, the one whose pages are kept here. Raises MissingTool.

        A library outlives the program that read it: what is remembered needs no Tesseract to be used again.
        """
        if self._folder is None:
            return version()
        note = self._folder / "engine"
        kept = ""
        with suppress(OSError, UnicodeDecodeError):
            kept = note.read_text(encoding="utf-8")
        try:
            now = version()
        except MissingTool:
            if kept:
                return kept
            raise
        if now != kept:
            partial = note.with_suffix(f".{os.getpid()}.part")
            with suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                partial.write_text(now, encoding="utf-8")
                partial.replace(note)
        return now

    def _write(self, path: Path, data: Any) -> None:
        partial = path.with_suffix(f".{os.getpid()}.part")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(zlib.compress(json.dumps(data, ensure_ascii=False).encode(), 1))
            partial.replace(path)

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / key[:2] / f"{key[2:]}.json.z"


def rounded(page: OcrPage) -> OcrPage:
    """*page* with numbers as short as they are kept: what was just read and what is remembered are the same to the bit."""
    for word in page.words:
        x0, y0, x1, y1 = (round(v, 5) for v in word.box)
        word.box, word.confidence = (x0, y0, x1, y1), round(word.confidence, 4)
    page.confidence = round(page.confidence, 4)
    return page


class PageMemory:
    """What closer looks at one page's picture found (its number read a second time, its signature): see OcrCache."""

    def __init__(self, cache: OcrCache, content: bytes | str) -> None:
        self._cache = cache
        self._content = content

    def recall(self, look: str, compute: Callable[[], Any]) -> Any:
        """The outcome of *look* (its name with everything that alters it) on this page."""
        return self._cache.recall(OcrCache.key(self._content, look), compute)
