"""The cheaper graph gives what the quantised one gave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

import numpy as np
import onnx
from onnx import helper

from tests.tools.reader.quantised_graphs import result, small_model, steps
from tools.reader.fuse import fused

SCALES = {"in": (0.02, 128), "conv": (0.05, 120), "relu": (0.03, 0), "gelu": (0.02, 8), "cat": (0.03, 0)}


def a_model() -> onnx.ModelProto:
    """A convolution with a ReLU, padded and pooled, beside one with a GELU; quantised."""
    rng = np.random.default_rng(1)
    numbers: dict[str, Any] = {f"{kind}_scale": np.float32(scale) for kind, (scale, _) in SCALES.items()}
    numbers |= {f"{kind}_zero": np.uint8(zero) for kind, (_, zero) in SCALES.items()}
    numbers |= {"first": rng.normal(0, 0.4, (4, 1, 3, 3)).astype(np.float32)}
    numbers |= {"root": np.float32(2**0.5), "one": np.float32(1), "half": np.float32(0.5)}
    numbers |= {"pads": np.array([0, 0, 0, 0, 0, 0, 1, 1], np.int64)}
    nodes = [
        *steps("x", "in"),
        helper.make_node("Conv", ["x_dq", "first"], ["c"], name="conv", pads=[1, 1, 1, 1]),
        *steps("c", "conv"),
        helper.make_node("Relu", ["c_dq"], ["r"], name="relu"),
        *steps("r", "relu"),
        helper.make_node("Pad", ["r_dq", "pads"], ["p"], name="pad"),
        helper.make_node("MaxPool", ["p"], ["m"], name="pool", kernel_shape=[2, 2], pads=[0, 0, 0, 0]),
        helper.make_node("Conv", ["x_dq", "first"], ["d"], name="other", pads=[1, 1, 1, 1]),
        *steps("d", "conv"),
        helper.make_node("Div", ["d_dq", "root"], ["e1"], name="div"),
        helper.make_node("Erf", ["e1"], ["e2"], name="erf"),
        helper.make_node("Add", ["e2", "one"], ["e3"], name="add"),
        helper.make_node("Mul", ["d_dq", "e3"], ["e4"], name="mul"),
        helper.make_node("Mul", ["e4", "half"], ["g"], name="halved"),
        helper.make_node("Concat", ["m", "g"], ["k"], name="concat", axis=1),
        *steps("k", "cat"),
    ]
    shape = [1, 1, 8, 12]
    return small_model(nodes, shape, ("k_dq", [1, 8, 8, 12]), numbers)


def test_the_graph_is_smaller_and_gives_the_same() -> None:
    x = np.random.default_rng(2).uniform(-2.5, 2.5, (1, 1, 8, 12)).astype(np.float32)
    before = result(a_model(), x)
    after = fused(a_model())
    kinds = [node.op_type for node in after.graph.node]
    assert "Erf" not in kinds
    assert "Pad" not in kinds
    assert "Gelu" in kinds
    assert len(kinds) < len(a_model().graph.node)
    # A ReLU's values come in finer steps than before: they differ by the step that is saved at most.
    assert np.abs(before - result(after, x)).max() <= SCALES["conv"][0] + SCALES["cat"][0]


def test_the_shipped_net_is_fused() -> None:
    weights = Path(__file__).parents[3] / "ingest" / "ocr" / "reader" / "data" / "reader.onnx"
    assert not {"Erf", "Pad"} & {node.op_type for node in onnx.load(weights).graph.node}
