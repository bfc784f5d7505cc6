"""Pieces of ink are counted and boxed, however many there are."""

from __future__ import annotations

import numpy as np

from ingest.ocr.reader.shapes import connected


def test_more_pieces_than_sixteen_bits_can_number_are_all_found() -> None:
    ink = np.zeros((600, 600), np.uint8)
    ink[::2, ::2] = 255
    labels, stats = connected(ink)
    assert len(stats) == 300 * 300 + 1
    assert labels.max() == 300 * 300


def test_pieces_touch_at_corners_and_have_boxes() -> None:
    ink = np.zeros((8, 8), np.uint8)
    ink[1, 1] = ink[2, 2] = ink[5, 6] = 255
    labels, stats = connected(ink)
    assert stats[1:].tolist() == [[1, 1, 2, 2, 2], [6, 5, 1, 1, 1]]
    assert labels[2, 2] == 1
