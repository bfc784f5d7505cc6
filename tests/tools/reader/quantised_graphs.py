"""What tests of int8 graphs share: steps as the quantiser writes them, a small model, and what a model gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper


def steps(name: str, kind: str) -> list[onnx.NodeProto]:
    """Quantise and dequantise behind *name*, as the quantiser writes them."""
    scale = [f"{kind}_scale", f"{kind}_zero"]
    return [
        helper.make_node("QuantizeLinear", [name, *scale], [f"{name}_q"], name=f"{name}_q"),
        helper.make_node("DequantizeLinear", [f"{name}_q", *scale], [f"{name}_dq"], name=f"{name}_dq"),
    ]


def small_model(
    nodes: Sequence[onnx.NodeProto],
    entry: Sequence[int],
    out: tuple[str, Sequence[int]],
    numbers: Mapping[str, NDArray[np.generic] | np.generic],
) -> onnx.ModelProto:
    """A model of *nodes* that takes "x" of the shape *entry* and gives *out*, a name and a shape."""
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, entry)],
        [helper.make_tensor_value_info(out[0], TensorProto.FLOAT, out[1])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in numbers.items()],
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def result(model: onnx.ModelProto, x: np.ndarray) -> np.ndarray:
    """What the model gives for *x*."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"x": x})
    return np.asarray(found)
