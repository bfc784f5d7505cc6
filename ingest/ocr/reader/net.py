"""The net itself: fitted pictures of lines in, the probability of every character at every place out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.ocr.reader import WEIGHTS
from ingest.ocr.reader.shapes import STRIDE, Grey, batch

Chances = NDArray[np.float32]

#: Pixels of width in one run of the net at most; lines of nearly one width share a run.
_COLUMNS, _SPARE = 2048, 32


class Net:
    """The net at *path*, one thread. characters: of the columns after the first, which is "no character".

    Raises OSError or onnxruntime's own error where the file cannot be used.
    """

    def __init__(self, path: Path = WEIGHTS) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Lines of many widths leave holes in an arena: without one a worker needs a tenth less memory in the same time.
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        self._session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input: str = self._session.get_inputs()[0].name
        about = self._session.get_modelmeta().custom_metadata_map
        self.characters: tuple[str, ...] = tuple(json.loads(about["characters"]))

    def chances(self, lines: Sequence[Grey]) -> list[Chances]:
        """For each fitted line (32, W) its (W / 4, 1 + characters) probabilities; rows sum to 1."""
        found: list[Chances] = [np.zeros((0, len(self.characters) + 1), np.float32)] * len(lines)
        for group in _groups([line.shape[1] for line in lines]):
            out = self._session.run(None, {self._input: batch([lines[at] for at in group])})[0]
            for at, row in zip(group, out, strict=True):
                found[at] = row[: lines[at].shape[1] // STRIDE]
        return found


def _groups(widths: Sequence[int]) -> list[list[int]]:
    """Lines that are run together: of nearly one width, and not too many."""
    groups: list[list[int]] = []
    for at in sorted(range(len(widths)), key=widths.__getitem__):
        first = groups[-1][0] if groups else at
        near = widths[at] - widths[first] <= min(_SPARE, widths[first] // 8)
        if groups and near and (len(groups[-1]) + 1) * widths[at] <= _COLUMNS:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


@cache
def shipped() -> Net:
    """The net that comes with the program, loaded once a process. Raises as :class:`Net` does."""
    return Net()
