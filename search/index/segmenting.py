"""Segments many texts at once, on all cores: an index made again of a library whose words are not kept."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from corpus.segment import words

#: Characters from which on it is worth while to start processes, each of which loads the model.
_WORTH_WHILE = 400_000


class Segmenter:
    """Segments lists of texts; processes are started for the first large one. Close it."""

    def __init__(self, processes: int | None = None) -> None:
        """processes: one per core by default."""
        self._processes = processes or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def __call__(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text (:func:`corpus.segment.words`)."""
        if self._processes > 1 and len(texts) > 1 and (self._pool or sum(map(len, texts)) >= _WORTH_WHILE):
            if self._pool is None:
                context = multiprocessing.get_context("forkserver")
                self._pool = ProcessPoolExecutor(self._processes, mp_context=context)
            try:
                return list(self._pool.map(words, texts))
            except BrokenProcessPool:  # one was killed, for want of memory perhaps: go on alone
                self.close()
                self._processes = 1
        return [words(text) for text in texts]

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
