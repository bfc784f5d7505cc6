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
from numpy.typing import NDArray

from ingest.ocr.ctc import greedy
from ingest.ocr.engine import LineEngine, Probabilities
from ingest.ocr.onnx_head import without_head

if TYPE_CHECKING:
    from PIL.Image import Image

_MODEL = "PP-OCRv6_rec_small.onnx"
#: Height in pixels the model was trained on, and the width lines are padded to.
_HEIGHT, _MIN_WIDTH = 48, 320
#: Score of the likeliest of the expected characters from which all others together have less than .02 of probability
#: (12,448 places of the numbers and dates of 32 scans); below it they are counted too.
_CLEAR = 16.0
#: Stands for any other character.
_OTHER = "\ufffd"
#: The last letter of the first Latin blocks, and where further Latin letters and punctuation begin and end.
_LATIN, _MORE = "ɏ", ("Ḁ", "⁞")


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
        path = _model_path()
        assert path is not None
        headless = without_head(path)
        if headless is None:
            raise ValueError(f"unknown kind of model: {path.name}")
        self._session: Any = onnxruntime.InferenceSession(headless.model, options, providers=["CPUExecutionProvider"])
        characters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        alphabet = ["", *characters, " "]
        columns = [column for column, character in enumerate(alphabet) if _may_stand(character)]
        others = np.setdiff1d(np.arange(len(alphabet)), columns)
        self._alphabet = [*(alphabet[column] for column in columns), _OTHER]
        self._expected, self._others = (
            (np.ascontiguousarray(headless.weights[:, some]), headless.bias[some]) for some in (columns, others)
        )

    def alphabet(self) -> list[str]:
        """The characters of the columns of :meth:`probabilities`."""
        return self._alphabet

    def probabilities(self, line: Image, least_width: int = _MIN_WIDTH) -> Probabilities:
        """For every place of the line the probability of every character; all that no Vietnamese text has are one.

        least_width: in pixels at the model's height, to which a shorter line is padded.
        """
        width = max(1, round(line.width * _HEIGHT / max(1, line.height)))
        pixels = np.asarray(line.convert("RGB").resize((width, _HEIGHT)), dtype=np.float32)[:, :, ::-1]
        padded = np.zeros((1, 3, _HEIGHT, max(width, least_width)), dtype=np.float32)
        padded[0, :, :, :width] = pixels.transpose(2, 0, 1) / 127.5 - 1
        features = self._session.run(None, {self._session.get_inputs()[0].name: padded})[0][0]
        return self._chances(features[: max(1, round(features.shape[0] * width / padded.shape[3]))])

    def _chances(self, features: NDArray[np.float32]) -> Probabilities:
        scores = _scores(features, self._expected)
        doubtful = scores.max(axis=1) < _CLEAR
        chances: Probabilities = np.zeros((len(scores), len(self._alphabet)))
        chances[:, :-1] = np.exp(scores, dtype=np.float64)
        if doubtful.any():
            chances[doubtful, -1] = np.exp(_scores(features[doubtful], self._others), dtype=np.float64).sum(axis=1)
        chances /= chances.sum(axis=1, keepdims=True)
        return chances


def _scores(
    features: NDArray[np.float32], layer: tuple[NDArray[np.float32], NDArray[np.float32]]
) -> NDArray[np.float32]:
    weights, bias = layer
    scores: NDArray[np.float32] = features @ weights + bias
    return scores


def _may_stand(character: str) -> bool:
    """Whether a character may stand in a Vietnamese document: Latin letters, Λ for a 1, figures, punctuation, none."""
    return character <= _LATIN or _MORE[0] <= character <= _MORE[1] or character == "Λ"


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
