"""A model without its last layer, and that layer, give together what the model gives."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ingest.ocr import second_reader
from ingest.ocr.onnx_head import without_head
from ingest.ocr.reader import WEIGHTS
from ingest.ocr.second_reader import available

_FONT = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf", 34)

pytestmark = pytest.mark.skipif(not available(), reason="the second reader is not installed")


def _line(text: str, width: int = 400) -> Image.Image:
    line = Image.new("L", (width, 48), 255)
    ImageDraw.Draw(line).text((6, 4), text, font=_FONT, fill=0)
    return line


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    chances: NDArray[np.float32] = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances /= chances.sum(axis=-1, keepdims=True)
    return chances


def test_model_and_last_layer_give_what_the_whole_model_gives() -> None:
    path = second_reader._model_path()
    assert path is not None
    headless = without_head(path)
    assert headless is not None
    assert len(headless.model) < path.stat().st_size - headless.weights.nbytes + 1000

    pixels = np.random.default_rng(7).uniform(-1, 1, (1, 3, 48, 320)).astype(np.float32)
    whole = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    cut = onnxruntime.InferenceSession(headless.model, providers=["CPUExecutionProvider"])
    (expected,) = whole.run(None, {whole.get_inputs()[0].name: pixels})
    (features,) = cut.run(None, {cut.get_inputs()[0].name: pixels})
    np.testing.assert_allclose(_softmax(features @ headless.weights + headless.bias), expected, atol=1e-5)
    assert cut.get_modelmeta().custom_metadata_map == whole.get_modelmeta().custom_metadata_map


def test_a_model_that_ends_otherwise_is_not_taken_apart() -> None:
    assert without_head(WEIGHTS) is None


def test_characters_that_no_vietnamese_text_has_are_counted_together() -> None:
    reader = second_reader.second_reader()
    alphabet = reader.alphabet()
    assert alphabet[-1] == "\ufffd"
    assert {"", " ", "0", "9", "/", "Đ", "Λ"} <= set(alphabet)
    assert "七" not in alphabet
    for text in ("Số: 1234/QĐ-UBND", "ngày 17 tháng 10"):
        chances = reader.probabilities(_line(text))
        np.testing.assert_allclose(chances.sum(axis=1), 1.0, atol=1e-9)
        read, confidence = second_reader.read_line(_line(text))
        assert read.split()[1][:2] == text.split()[1][:2]
        assert confidence > 0.5


def test_a_place_in_doubt_shows_how_likely_it_is_another_character() -> None:
    reader = second_reader.second_reader()
    noise = Image.fromarray(np.random.default_rng(3).integers(0, 256, (48, 320), dtype=np.uint8))
    assert reader.probabilities(noise)[:, -1].max() > 0.001


def test_a_narrow_picture_is_padded_no_wider_than_asked() -> None:
    reader = second_reader.second_reader()
    digits = _line("47", 60)
    wide, narrow = reader.probabilities(digits), reader.probabilities(digits, 160)
    assert len(narrow) == pytest.approx(len(wide), abs=1)
    index = reader.alphabet().index
    for chances in (wide, narrow):
        assert chances[:, index("4")].max() > 0.5
        assert chances[:, index("7")].max() > 0.5
