"""Products with constant matrices in bytes: those of the attention layers and of the output layer.

Their input is put into bytes by its own range in each run (dynamic quantisation), so nothing has to be fitted. Weights
take seven bits for each column, as those of the convolutions do.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

from tools.reader.onnx_graph import constants


def with_byte_products(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of *model* with its products with constant matrices in bytes; *model* itself where it has none."""
    fixed = constants(model)
    names = [node.name for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in fixed]
    if not names:
        return model
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "products.onnx"
        quantize_dynamic(
            model,
            path,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            nodes_to_quantize=names,
        )
        return onnx.load(path)
