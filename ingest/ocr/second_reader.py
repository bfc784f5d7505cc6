"""The second reader: PP-OCRv6 small, as shipped in the rapidocr package, for the header's number and date.

It reads handwriting that Tesseract cannot, and it gives what no other reader here gives: for every place of a line
the probability of every character. A number is then not "what it read" but the likeliest number given what it saw.
The model is run on onnxruntime directly, one thread a worker; nothing is fetched.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

_MODEL = "PP-OCRv6_rec_small.onnx"
_HEIGHT = 48  # the height in pixels the model was trained on
_NARROWEST = 320

Matrix = NDArray[np.float64]


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


@cache
def _session() -> tuple[Any, list[str]]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(_model_path()), options, providers=["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return session, ["", *characters, " "]


def alphabet() -> list[str]:
    """The characters of the columns of :func:`probabilities`; column 0 is "no character" (CTC's blank)."""
    return _session()[1]


def probabilities(line: Image) -> Matrix:
    """For an image of one line of text: a matrix of places (left to right) by characters, rows sum to 1."""
    session, _ = _session()
    width = max(1, round(line.width * _HEIGHT / max(1, line.height)))
    pixels = np.asarray(line.convert("RGB").resize((width, _HEIGHT)), dtype=np.float32)[:, :, ::-1]
    padded = np.zeros((1, 3, _HEIGHT, max(width, _NARROWEST)), dtype=np.float32)
    padded[0, :, :, :width] = pixels.transpose(2, 0, 1) / 127.5 - 1
    output = session.run(None, {session.get_inputs()[0].name: padded})[0][0]
    used = max(1, round(output.shape[0] * width / padded.shape[3]))
    matrix: Matrix = np.asarray(output[:used], dtype=np.float64)
    return matrix


def greedy(matrix: Matrix) -> list[tuple[str, int, int]]:
    """The likeliest text: (character, first place, place after the last) from left to right."""
    characters = alphabet()
    out: list[tuple[str, int, int]] = []
    previous = 0
    for place, best in enumerate(matrix.argmax(axis=1)):
        if best and best == previous:
            char, start, _ = out[-1]
            out[-1] = (char, start, place + 1)
        elif best:
            out.append((characters[best] if best < len(characters) else "", place, place + 1))
        previous = int(best)
    return out


def read_line(line: Image) -> tuple[str, float]:
    """The likeliest text of an image of one line and its confidence (mean over the characters, 0 to 1)."""
    matrix = probabilities(line)
    characters = greedy(matrix)
    if not characters:
        return "", 0.0
    sure = [float(matrix[start:end].max()) for _, start, end in characters]
    return "".join(c for c, _, _ in characters).strip(), sum(sure) / len(sure)
