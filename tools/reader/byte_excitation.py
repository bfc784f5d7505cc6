"""Squeeze-and-excitation that stays in bytes.

The quantiser leaves two steps of it in floating point: the mean of each channel, and the product of the channels with
their gates. onnxruntime has both for bytes (`QLinearGlobalAveragePool`, `QLinearMul`). The mean is the same; a gate,
which lies between 0 and 1, is rounded to 1/255.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import NodeProto, helper

from tools.reader.onnx_graph import MICROSOFT, Edges, drop_unused, put_constant, set_nodes


def with_byte_excitation(model: onnx.ModelProto) -> onnx.ModelProto:
    """*model* (quantised, QDQ format) with means and gates in bytes; the model itself is changed."""
    edges = Edges(model.graph.node)
    instead: dict[str, list[NodeProto]] = {}
    for clip in (node for node in model.graph.node if node.op_type == "Clip"):
        product, rounded = edges.after(clip, "Mul", "QuantizeLinear")
        (values,) = (edges.maker[name] for name in product.input if name != clip.output[0])
        (mean,) = (node for node in edges.takers[values.output[0]] if node.op_type == "ReduceMean")
        (rounded_mean,) = edges.after(mean, "QuantizeLinear")
        instead |= {product.name: [], mean.name: []}
        instead[rounded_mean.name] = [_pooled(values, rounded_mean)]
        instead[rounded.name] = _gated(model, clip, values, rounded)
    if instead:
        nodes = [kept for node in model.graph.node for kept in instead.get(node.name, [node])]
        taken = {name for node in nodes for name in node.input} | {value.name for value in model.graph.output}
        set_nodes(model, [node for node in nodes if not taken.isdisjoint(node.output)])
        drop_unused(model)
    return model


def _pooled(values: NodeProto, rounded: NodeProto) -> NodeProto:
    """The mean over a channel of what *values* dequantises. rounded: the node that quantised it."""
    return helper.make_node(
        "QLinearGlobalAveragePool",
        [*values.input[:3], *rounded.input[1:3]],
        list(rounded.output),
        name=f"{rounded.name}_pooled",
        domain=MICROSOFT,
        channels_last=0,
    )


def _gated(model: onnx.ModelProto, clip: NodeProto, values: NodeProto, rounded: NodeProto) -> list[NodeProto]:
    """The product of the gates of *clip* with what *values* dequantises. rounded: the node that quantised it."""
    scale = put_constant(model, f"{clip.name}_scale", np.array(1 / 255, np.float32))
    zero = put_constant(model, f"{clip.name}_zero", np.array(0, np.uint8))
    gates = f"{clip.name}_bytes"
    return [
        helper.make_node("QuantizeLinear", [clip.output[0], scale, zero], [gates], name=gates),
        helper.make_node(
            "QLinearMul",
            [*values.input[:3], gates, scale, zero, *rounded.input[1:3]],
            list(rounded.output),
            name=f"{clip.name}_gated",
            domain=MICROSOFT,
        ),
    ]
