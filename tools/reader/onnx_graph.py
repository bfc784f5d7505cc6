"""Looking around in an ONNX graph and changing its nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import onnx
from numpy.typing import NDArray
from onnx import NodeProto, numpy_helper

#: Domain of onnxruntime's own operations.
MICROSOFT = "com.microsoft"


class Edges:
    """Who makes a value and who takes it, by the value's name."""

    def __init__(self, nodes: Iterable[NodeProto]) -> None:
        self.maker: dict[str, NodeProto] = {}
        self.takers: dict[str, list[NodeProto]] = defaultdict(list)
        for node in nodes:
            for name in node.output:
                self.maker[name] = node
            for name in node.input:
                self.takers[name].append(node)

    def before(self, node: NodeProto, *kinds: str) -> list[NodeProto]:
        """The nodes that lead to *node*'s first input, nearest first. ValueError where others than *kinds* do."""
        found = []
        for kind in kinds:
            maker = self.maker.get(node.input[0])
            if maker is None or maker.op_type != kind:
                raise ValueError(f"{node.name} is not made by {kind}")
            node = maker
            found.append(node)
        return found

    def after(self, node: NodeProto, *kinds: str) -> list[NodeProto]:
        """The nodes that *node* leads to, nearest first. Raises ValueError where another takes its result too, or they
        are not of *kinds*."""
        found = []
        for kind in kinds:
            takers = self.takers[node.output[0]]
            if len(takers) != 1 or takers[0].op_type != kind:
                raise ValueError(f"{node.name} does not lead to {kind} alone")
            node = takers[0]
            found.append(node)
        return found


def constants(model: onnx.ModelProto) -> dict[str, NDArray[Any]]:
    """The graph's constants by name."""
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}


def put_constant(model: onnx.ModelProto, name: str, value: NDArray[Any]) -> str:
    """Add a constant, or change the one of this name; gives the name."""
    tensor = numpy_helper.from_array(value, name)
    for own in model.graph.initializer:
        if own.name == name:
            own.CopyFrom(tensor)
            return name
    model.graph.initializer.append(tensor)
    return name


def set_nodes(model: onnx.ModelProto, nodes: Sequence[NodeProto]) -> None:
    """Put *nodes* into the graph, each behind those that it needs. Raises ValueError where one is missing."""
    there = {tensor.name for tensor in model.graph.initializer} | {value.name for value in model.graph.input} | {""}
    waiting, ordered = list(nodes), []
    while waiting:
        ready = [node for node in waiting if there.issuperset(node.input)]
        if not ready:
            raise ValueError("the graph has a gap")
        there |= {name for node in ready for name in node.output}
        names = {node.name for node in ready}
        waiting = [node for node in waiting if node.name not in names]
        ordered += ready
    copies = [NodeProto.FromString(node.SerializeToString()) for node in ordered]
    del model.graph.node[:]
    model.graph.node.extend(copies)


def drop_unused(model: onnx.ModelProto) -> None:
    """Leave out the constants that no node takes."""
    used = {name for node in model.graph.node for name in node.input}
    kept = [tensor for tensor in model.graph.initializer if tensor.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
