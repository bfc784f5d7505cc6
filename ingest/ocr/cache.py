"""Caches what OCR read, by page content and settings: reading files again after a change of the parser runs no OCR."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from corpus.errors import MissingTool
from ingest.ocr.engine import FALLBACK_ENGINE, OcrEngine, OcrPage
from ingest.page import Witness, Word

#: Increased whenever stored entries change their meaning; older entries are then not found.
LAYOUT = 2


class OcrCache:
    """A folder of small files, safe for several workers: each entry is written whole or not at all.

    With ``folder=None`` nothing is kept and nothing is found.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @property
    def active(self) -> bool:
        """Whether there is a folder to keep entries in."""
        return self._folder is not None

    @staticmethod
    def key(content: bytes | str, settings: str) -> str:
        """The key of a page: *content* is its bytes (or a digest of them), *settings* everything that alters OCR."""
        data = content.encode() if isinstance(content, str) else content
        return hashlib.sha256(f"{LAYOUT}\0{settings}\0".encode() + data).hexdigest()

    def get(self, key: str) -> OcrPage | None:
        """The page kept under *key*; None where there is none or the entry is damaged."""
        if self._folder is None:
            return None
        try:
            data = json.loads(zlib.decompress(self._path(key).read_bytes()))
            words = [_unpacked_word(values) for values in data["words"]]
            position = data["rotation"], data["skew"], data.get("gutter")
            page = OcrPage(data["text"], words, data["confidence"], *position, data["notes"])
            page.has_fields = data.get("has_fields", False)
            return page
        except (OSError, zlib.error, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, page: OcrPage) -> None:
        """Keep *page*. A full or read-only disk costs nothing but the entry."""
        if self._folder is None:
            return
        data = {
            "text": page.text,
            "words": [_packed_word(word) for word in page.words],
            "confidence": page.confidence,
            "rotation": page.rotation,
            "skew": page.skew,
            "gutter": page.gutter,
            "notes": page.notes,
            "has_fields": page.has_fields,
        }
        self._write(self._path(key), data)

    def recall(self, key: str, compute: Callable[[], Any]) -> Any:
        """The cached value of *compute* under *key*, computed now where there is none. Plain JSON data only."""
        if self._folder is None:
            return json.loads(json.dumps(compute()))
        path = self._path(key)
        with suppress(OSError, zlib.error, ValueError):
            return json.loads(zlib.decompress(path.read_bytes()))
        value = json.loads(json.dumps(compute()))
        self._write(path, value)
        return value

    def page_recall(self, content: bytes | str) -> Callable[[str, Callable[[], Any]], Any]:
        """:meth:`recall` for further looks at the picture of one page, known by *content* as in :meth:`key`."""
        return partial(self._recall_of_page, content)

    def _recall_of_page(self, content: bytes | str, name: str, compute: Callable[[], Any]) -> Any:
        return self.recall(OcrCache.key(content, name), compute)

    def engine_version(self, engine: OcrEngine) -> str:
        """The engine's version; where the engine is not installed, the version whose pages are kept here.

        A library outlives the program that read it: cached pages can be used without Tesseract. Raises MissingTool.
        """
        if self._folder is None:
            return engine.version
        note = self._folder / ("engine" if engine.name == FALLBACK_ENGINE else f"engine-{engine.name}")
        kept = ""
        with suppress(OSError, UnicodeDecodeError):
            kept = note.read_text(encoding="utf-8")
        try:
            version = engine.version
        except MissingTool:
            if kept:
                return kept
            raise
        if version != kept:
            partial_file = note.with_suffix(f".{os.getpid()}.part")
            with suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                partial_file.write_text(version, encoding="utf-8")
                partial_file.replace(note)
        return version

    def _write(self, path: Path, data: Any) -> None:
        partial_file = path.with_suffix(f".{os.getpid()}.part")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            partial_file.write_bytes(zlib.compress(json.dumps(data, ensure_ascii=False).encode(), 1))
            partial_file.replace(path)

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / key[:2] / f"{key[2:]}.json.z"


def _packed_word(word: Word) -> list[Any]:
    packed = [word.text, *word.box, word.confidence, word.start, word.end]
    if word.witnesses:
        packed.append([[w.engine, w.text, w.confidence] for w in word.witnesses])
    return packed


def _unpacked_word(packed: list[Any]) -> Word:
    text, x0, y0, x1, y1, confidence, start, end, *more = packed
    witnesses = tuple(Witness(*values) for values in more[0]) if more else ()
    return Word(text, (x0, y0, x1, y1), confidence, start, end, witnesses)


def rounded(page: OcrPage) -> OcrPage:
    """*page* with numbers rounded as they are stored: a fresh and a cached result are equal to the bit."""
    for word in page.words:
        x0, y0, x1, y1 = (round(v, 5) for v in word.box)
        word.box, word.confidence = (x0, y0, x1, y1), round(word.confidence, 4)
    page.confidence = round(page.confidence, 4)
    return page
