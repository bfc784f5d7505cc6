"""Makes the int8 graph cheaper to run: onnxruntime then leaves fewer values in floating point between convolutions.

What the quantiser leaves behind, and what is done to it:

* a ReLU between two pairs of quantise and dequantise: the first pair goes. The convolution then writes the values
  behind the ReLU at once, in finer steps, since nothing below zero has to be told apart;
* a GELU in five operations: one operation takes their place, which gives the same values;
* zeros padded on before the largest of a window is taken: the window leaves out what is not there, which is the same
  behind a ReLU;
* pooling in floating point, and its concatenation with a convolution: they are quantised like what they are made of, so
  that all of it stays in bytes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, helper

from tools.reader.onnx_graph import MICROSOFT, Edges, constants, drop_unused, set_nodes


def fused(model: onnx.ModelProto) -> onnx.ModelProto:
    """*model* (quantised, QDQ format) with the operations above put together; the model itself is changed."""
    set_nodes(model, _with_gelu(list(model.graph.node)))
    set_nodes(model, _without_steps_before_relu(list(model.graph.node)))
    set_nodes(model, _without_padding(list(model.graph.node), constants(model)))
    set_nodes(model, _with_quantised_pooling(list(model.graph.node)))
    drop_unused(model)
    return model


def _with_gelu(nodes: Sequence[NodeProto]) -> list[NodeProto]:
    """x / √2 → erf → + 1 → · x → · ½, as the exporter writes a GELU, as one operation."""
    edges = Edges(nodes)
    instead: dict[str, NodeProto | None] = {}
    for erf in (node for node in nodes if node.op_type == "Erf"):
        chain = [edges.maker[erf.input[0]], erf]
        while len(chain) < 5:
            chain.append(edges.takers[chain[-1].output[0]][0])
        if [node.op_type for node in chain] != ["Div", "Erf", "Add", "Mul", "Mul"]:
            raise ValueError(f"not a GELU: {erf.name}")
        instead |= {node.name: None for node in chain[:-1]}
        last = chain[-1]
        instead[last.name] = helper.make_node(
            "Gelu", [chain[0].input[0]], list(last.output), name=f"{last.name}_gelu", domain=MICROSOFT
        )
    return [kept for node in nodes if (kept := instead.get(node.name, node)) is not None]


def _without_steps_before_relu(nodes: Sequence[NodeProto]) -> list[NodeProto]:
    edges = Edges(nodes)
    dropped: set[str] = set()
    for relu in (node for node in nodes if node.op_type == "Relu"):
        after = edges.maker[relu.input[0]]
        before = edges.maker.get(after.input[0])
        if after.op_type != "DequantizeLinear" or before is None or edges.maker[before.input[0]].op_type != "Conv":
            continue
        if len(edges.takers[after.output[0]]) == len(edges.takers[before.output[0]]) == 1:
            relu.input[0] = before.input[0]
            dropped |= {before.name, after.name}
    return [node for node in nodes if node.name not in dropped]


def _without_padding(nodes: Sequence[NodeProto], numbers: dict[str, NDArray[np.int64]]) -> list[NodeProto]:
    """Padding with zeros behind a ReLU left to the pooling that follows. numbers: the graph's constants by name."""
    edges = Edges(nodes)
    dropped: set[str] = set()
    for pool in (node for node in nodes if node.op_type == "MaxPool"):
        pad = edges.maker[pool.input[0]]
        if pad.op_type != "Pad" or len(pad.input) != 2 or len(edges.takers[pad.output[0]]) != 1:
            continue
        source = pad.input[0]
        while edges.maker[source].op_type in ("QuantizeLinear", "DequantizeLinear"):
            source = edges.maker[source].input[0]
        if edges.maker[source].op_type != "Relu":
            continue
        begin, end = np.split(numbers[pad.input[1]], 2)  # of batch, channels, rows, columns
        pads = next(attribute for attribute in pool.attribute if attribute.name == "pads")
        pads.ints[:] = [*begin[2:].tolist(), *end[2:].tolist()]
        pool.input[0] = pad.input[0]
        dropped.add(pad.name)
    return [node for node in nodes if node.name not in dropped]


def _with_quantised_pooling(nodes: Sequence[NodeProto]) -> list[NodeProto]:
    found: list[NodeProto] = []
    edges = Edges(nodes)
    steps: dict[str, Sequence[str]] = {n.output[0]: n.input[1:3] for n in nodes if n.op_type == "DequantizeLinear"}
    renamed: dict[str, str] = {}
    for node in nodes:
        for at, name in enumerate(node.input):
            node.input[at] = renamed.get(name, name)
        if node.op_type == "Concat" and any(name in steps for name in node.input):
            found += _concatenated(node, edges, steps)
        found.append(node)
        if node.op_type == "MaxPool" and node.input[0] in steps:
            pair = _steps(node.output[0], steps[node.input[0]])
            renamed[node.output[0]] = pair[1].output[0]
            steps[pair[1].output[0]] = steps[node.input[0]]
            found += pair
    return found


def _concatenated(node: NodeProto, edges: Edges, steps: dict[str, Sequence[str]]) -> list[NodeProto]:
    """Pairs for what goes into a concatenation without steps of its own: those of the result."""
    taker = edges.takers[node.output[0]][0]
    added: list[NodeProto] = []
    if taker.op_type == "QuantizeLinear":
        for at, name in enumerate(node.input):
            if name not in steps:
                pair = _steps(name, taker.input[1:3])
                node.input[at] = pair[1].output[0]
                added += pair
    return added


def _steps(name: str, scale: Sequence[str]) -> list[NodeProto]:
    """A pair of quantise and dequantise behind the value *name*. scale: the names of its scale and zero point."""
    small, again = f"{name}_small", f"{name}_again"
    return [
        helper.make_node("QuantizeLinear", [name, *scale], [small], name=small),
        helper.make_node("DequantizeLinear", [small, *scale], [again], name=again),
    ]
