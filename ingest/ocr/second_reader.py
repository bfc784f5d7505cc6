"""The second reader: PP-OCRv6 small, as shipped in the rapidocr package, for number and date of a header.

It reads handwriting that Tesseract cannot, and gives for every place of a line the probability of every character. A
number is then not just what was read but the likeliest number given what was seen. The model runs on onnxruntime
directly, one thread per worker; nothing is downloaded.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.ocr.ctc import greedy
from ingest.ocr.engine import LineEngine, Probabilities

if TYPE_CHECKING:
    from PIL.Image import Image

_MODEL = "PP-OCRv6_rec_small.onnx"
#: Height in pixels the model was trained on, and the width lines are padded to.
_HEIGHT, _MIN_WIDTH = 48, 320


@cache
def _model_path() -> Path | None:
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(next(iter(spec.submodule_search_locations))) / "models" / _MODEL
    return path if path.exists() else None


def available() -> bool:
    """Whether the extra "second-reader" is installed with its model."""
    return _model_path() is not None and importlib.util.find_spec("onnxruntime") is not None


class SecondReader:
    """The model (:class:`ingest.ocr.engine.LineEngine`)."""

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Lines of many widths leave holes in an arena: without one a worker needs a tenth less memory in the same time.
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        self._session: Any = onnxruntime.InferenceSession(
            str(_model_path()), options, providers=["CPUExecutionProvider"]
        )
        characters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._alphabet = ["", *characters, " "]

    def alphabet(self) -> list[str]:
        """The characters of the columns of :meth:`probabilities`."""
        return self._alphabet

    def probabilities(self, line: Image) -> Probabilities:
        """For every place of the line the probability of every character."""
        width = max(1, round(line.width * _HEIGHT / max(1, line.height)))
        pixels = np.asarray(line.convert("RGB").resize((width, _HEIGHT)), dtype=np.float32)[:, :, ::-1]
        padded = np.zeros((1, 3, _HEIGHT, max(width, _MIN_WIDTH)), dtype=np.float32)
        padded[0, :, :, :width] = pixels.transpose(2, 0, 1) / 127.5 - 1
        output = self._session.run(None, {self._session.get_inputs()[0].name: padded})[0][0]
        used = max(1, round(output.shape[0] * width / padded.shape[3]))
        matrix: Probabilities = np.asarray(output[:used], dtype=np.float64)
        return matrix


@cache
def second_reader() -> LineEngine:
    """The second reader of this process; only where it is :func:`available`."""
    return SecondReader()


def read_line(line: Image) -> tuple[str, float]:
    """The likeliest text of the image of one line, and the mean confidence over its characters (0 to 1)."""
    reader = second_reader()
    matrix = reader.probabilities(line)
    characters = greedy(matrix, reader.alphabet())
    if not characters:
        return "", 0.0
    confidences = [float(matrix[c.start : c.end].max()) for c in characters]
    return "".join(c.text for c in characters).strip(), sum(confidences) / len(confidences)
