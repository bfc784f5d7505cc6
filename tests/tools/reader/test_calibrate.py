"""Fitting the confidence of words: words are judged by what stands in their place, the curve keeps what it promises."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("fontTools")

from ingest.ocr.reader.confidence import FEATURES, features
from tools.reader.calibrate import Judged, fitted_weights, judged


def read(*words: str) -> list[tuple[str, tuple[float, ...]]]:
    return [(word, features(0.9, [0.9], True)) for word in words]


def test_words_are_judged_by_what_stands_in_their_place() -> None:
    line = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01;"
    right = [ok for _, ok in judged(read("Căn", "cứ", "Quyét", "định", "số", "919/QĐ-TTg", "ngày", "01"), line)]
    assert right == [True, True, False, True, True, True, True, True]
    joined = [ok for _, ok in judged(read("Căncứ", "Quyết", "định"), "Căn cứ Quyết định")]
    assert joined == [False, True, True]


def test_the_fitted_curve_is_right_as_often_as_it_says() -> None:
    chance = np.random.default_rng(4)
    found: list[Judged] = []
    for seen in chance.uniform(0.5, 0.999, 4000).tolist():
        found.append((features(seen, [seen], True), bool(chance.random() < seen)))
    weights = fitted_weights(found)
    assert weights.shape == (len(FEATURES),)
    x = np.array([seen for seen, _ in found])
    said = 1 / (1 + np.exp(-x @ weights))
    right = np.array([ok for _, ok in found])
    for low, high in ((0.5, 0.7), (0.7, 0.9), (0.9, 1.0)):
        inside = (said >= low) & (said < high)
        assert abs(right[inside].mean() - said[inside].mean()) < 0.05
