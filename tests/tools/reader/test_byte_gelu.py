"""A GELU in bytes gives nearly what it gave in floating point, and nothing is missing on average."""

from __future__ import annotations

import pytest

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

import numpy as np
import onnx
from onnx import helper

from tests.tools.reader.quantised_graphs import result, small_model, steps
from tools.reader.byte_gelu import with_byte_gelu

CHANNELS = 6
#: Steps of the input, of what goes into the GELU, of what comes out, and of the result: scale and zero.
SCALES = {"in": (0.02, 128), "wide": (0.05, 160), "gelu": (0.02, 9), "out": (0.05, 128)}


def a_model() -> onnx.ModelProto:
    """A GELU between two pointwise int8 convolutions."""
    rng = np.random.default_rng(1)
    numbers: dict[str, np.ndarray] = {}
    nodes = []
    for name, (step, zero) in SCALES.items():
        numbers |= {f"{name}_scale": np.array(step, np.float32), f"{name}_zero": np.array(zero, np.uint8)}
    for name, entry, shape in (("widen", "in", (CHANNELS, 2)), ("narrow", "gelu", (3, CHANNELS))):
        scale = rng.uniform(0.01, 0.02, shape[0]).astype(np.float32)
        numbers[f"{name}_weights"] = rng.integers(-63, 64, (*shape, 1, 1)).astype(np.int8)
        numbers[f"{name}_scale"], numbers[f"{name}_zero"] = scale, np.zeros(shape[0], np.int8)
        numbers[f"{name}_bias"] = rng.integers(-2000, 2000, shape[0]).astype(np.int32)
        numbers[f"{name}_bias_scale"] = (SCALES[entry][0] * scale).astype(np.float32)
        numbers[f"{name}_bias_zero"] = np.zeros(shape[0], np.int32)
        parts = (["_weights", "_scale", "_zero"], ["_bias", "_bias_scale", "_bias_zero"])
        for part, end_name in zip(parts, ("w", "b"), strict=True):
            inputs = [f"{name}{end}" for end in part]
            nodes.append(
                helper.make_node("DequantizeLinear", inputs, [f"{name}_{end_name}"], f"{name}_{end_name}", axis=0)
            )
    nodes += [
        *steps("x", "in"),
        helper.make_node("Conv", ["x_dq", "widen_w", "widen_b"], ["c"], name="widen"),
        *steps("c", "wide"),
        helper.make_node("Gelu", ["c_dq"], ["g"], name="gelu", domain="com.microsoft"),
        *steps("g", "gelu"),
        helper.make_node("Conv", ["g_dq", "narrow_w", "narrow_b"], ["d"], name="narrow"),
        *steps("d", "out"),
    ]
    return small_model(nodes, [1, 2, 8, 64], ("d_dq", [1, 3, 8, 64]), numbers)


def test_the_result_is_near_and_right_on_average() -> None:
    rng = np.random.default_rng(2)
    lines = [rng.uniform(-2.5, 2.5, (1, 2, 8, 64)).astype(np.float32) for _ in range(6)]
    after = with_byte_gelu(a_model(), lines[:5])
    kinds = {node.op_type for node in after.graph.node}
    assert "Gelu" not in kinds
    assert {"QLinearSigmoid", "QLinearMul"} <= kinds
    difference = result(after, lines[5]) - result(a_model(), lines[5])
    step = SCALES["out"][0]
    assert np.abs(difference).max() <= 3 * step
    assert np.abs(difference.mean(axis=(0, 2, 3))).max() <= step / 4


def test_a_gelu_elsewhere_is_refused() -> None:
    model = a_model()
    next(node for node in model.graph.node if node.name == "g_dq").op_type = "Identity"
    with pytest.raises(ValueError, match="DequantizeLinear"):
        with_byte_gelu(model, [])


def test_a_model_without_any_stays_as_it_is() -> None:
    once = with_byte_gelu(a_model(), [np.zeros((1, 2, 8, 64), np.float32)])
    kept = once.SerializeToString()
    assert with_byte_gelu(once, []).SerializeToString() == kept
