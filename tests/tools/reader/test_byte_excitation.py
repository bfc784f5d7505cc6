"""Squeeze-and-excitation in bytes gives what it gave, but for the rounding of its gates."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

import numpy as np
import onnx
from onnx import helper

from tests.tools.reader.quantised_graphs import result, small_model, steps
from tools.reader.byte_excitation import with_byte_excitation

#: Steps of the values, of their means, of the gates' convolution and of the product: scale and zero.
SCALES = {"in": (0.02, 128), "mean": (0.01, 128), "gate": (0.05, 128), "out": (0.02, 128)}


def a_model() -> onnx.ModelProto:
    """Values, the means of their channels through a convolution and a hard sigmoid, and the product."""
    rng = np.random.default_rng(1)
    numbers = {f"{name}_scale": np.array(scale, np.float32) for name, (scale, _) in SCALES.items()}
    numbers |= {f"{name}_zero": np.array(zero, np.uint8) for name, (_, zero) in SCALES.items()}
    numbers |= {"excite": rng.normal(0, 3, (4, 4, 1, 1)).astype(np.float32), "axes": np.array([2, 3], np.int64)}
    numbers |= {"six": np.array(6, np.float32), "half": np.array(0.5, np.float32)}
    numbers |= {"none": np.array(0, np.float32), "all": np.array(1, np.float32)}
    nodes = [
        *steps("x", "in"),
        helper.make_node("ReduceMean", ["x_dq", "axes"], ["m"], name="mean", keepdims=1),
        *steps("m", "mean"),
        helper.make_node("Conv", ["m_dq", "excite"], ["e"], name="excite"),
        *steps("e", "gate"),
        helper.make_node("Div", ["e_dq", "six"], ["e1"], name="sixth"),
        helper.make_node("Add", ["e1", "half"], ["e2"], name="middle"),
        helper.make_node("Clip", ["e2", "none", "all"], ["e3"], name="clip"),
        helper.make_node("Mul", ["x_dq", "e3"], ["p"], name="product"),
        *steps("p", "out"),
    ]
    return small_model(nodes, [1, 4, 6, 10], ("p_dq", [1, 4, 6, 10]), numbers)


def test_the_result_is_the_same_but_for_rounded_gates() -> None:
    x = np.random.default_rng(2).uniform(-2, 2, (1, 4, 6, 10)).astype(np.float32)
    after = with_byte_excitation(a_model())
    kinds = {node.op_type for node in after.graph.node}
    assert not {"ReduceMean", "Mul"} & kinds
    assert {"QLinearGlobalAveragePool", "QLinearMul"} <= kinds
    # Half a step of the gate times the largest value, and a step of the result.
    assert np.abs(result(a_model(), x) - result(after, x)).max() <= 2 / 510 + SCALES["out"][0] + 1e-6


def test_the_shipped_net_stays_in_bytes() -> None:
    weights = Path(__file__).parents[3] / "ingest" / "ocr" / "reader" / "data" / "reader.onnx"
    assert not {"Gelu", "ReduceMean"} & {node.op_type for node in onnx.load(weights).graph.node}
