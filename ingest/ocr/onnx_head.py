"""An ONNX model taken apart before its last layer, a product that gives a score to each of many classes.

Where only a few of the classes can stand, the scores of the others need not be computed: of a reader of 18,710
characters they are a third of its time. An ONNX file is a protocol buffer (``onnx.proto``); of its fields only those
named here are looked at, and all others are passed on as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Numbers of fields: ModelProto, GraphProto, NodeProto, ValueInfoProto and TensorProto.
_GRAPH = 7
_NODE, _INITIALIZER, _OUTPUT = 1, 5, 12
_NODE_INPUT, _NODE_TYPE = 1, 4
_OUTPUT_NAME = 1
_TENSOR_NAME, _TENSOR_BYTES = 8, 9
# Wire types of protocol buffers.
_VARINT, _EIGHT_BYTES, _DELIMITED, _FOUR_BYTES = 0, 1, 2, 5


@dataclass(frozen=True, slots=True)
class Headless:
    """A model without its last layer, and that layer."""

    #: The model in the ONNX format; its only output is what went into the last layer.
    model: bytes
    #: The last layer: ``features @ weights + bias`` are the scores. Shapes (features, classes) and (classes,).
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a message."""

    number: int
    #: The field as it is written, and its value (empty for a number).
    written: memoryview
    value: memoryview

    def text(self) -> str:
        return bytes(self.value).decode()


def without_head(path: Path) -> Headless | None:
    """The model at *path* without its last layer; None where it does not end in a product, a sum and a softmax."""
    model = list(_fields(memoryview(path.read_bytes())))
    graph = next(list(_fields(field.value)) for field in model if field.number == _GRAPH)
    tables = {_named(field, _TENSOR_NAME): field.value for field in graph if field.number == _INITIALIZER}
    nodes = [_Node.of(field) for field in graph if field.number == _NODE]
    types = [node.type for node in nodes if node.type != "Identity"]
    products = [node for node in nodes if node.type == "MatMul" and node.inputs[-1] in tables]
    if types[-3:] != ["MatMul", "Add", "Softmax"] or nodes[-1].type != "Softmax" or not products:
        return None
    product, total = products[-1], [node for node in nodes if node.type == "Add"][-1]
    names = [product.inputs[-1], *(name for name in total.inputs if name in tables)]
    if len(names) != 2:
        return None
    weights, bias = (np.frombuffer(_value(tables[name], _TENSOR_BYTES), dtype="<f4") for name in names)
    behind = nodes.index(product)
    kept = [b"".join(node.field.written for node in nodes[:behind])]
    for field in graph:
        is_head = field.number == _INITIALIZER and _named(field, _TENSOR_NAME) in names
        if field.number not in {_NODE, _OUTPUT} and not is_head:
            kept.append(bytes(field.written))
    kept.append(_written(_OUTPUT, _written(_OUTPUT_NAME, product.inputs[0].encode())))
    rest = [bytes(field.written) for field in model if field.number != _GRAPH]
    headless = b"".join([*rest, _written(_GRAPH, b"".join(kept))])
    return Headless(headless, weights.reshape(-1, len(bias)).copy(), bias.copy())


@dataclass(frozen=True, slots=True)
class _Node:
    """A layer of a graph."""

    field: _Field
    type: str
    inputs: Sequence[str]

    @classmethod
    def of(cls, field: _Field) -> _Node:
        parts = list(_fields(field.value))
        kind = "".join(part.text() for part in parts if part.number == _NODE_TYPE)
        return cls(field, kind, [part.text() for part in parts if part.number == _NODE_INPUT])


def _fields(message: memoryview) -> Iterator[_Field]:
    at = 0
    while at < len(message):
        start = at
        key, at = _number(message, at)
        wire = key & 7
        size = 0
        if wire == _DELIMITED:
            size, at = _number(message, at)
        elif wire == _VARINT:
            _, at = _number(message, at)
        elif wire in {_EIGHT_BYTES, _FOUR_BYTES}:
            at += 8 if wire == _EIGHT_BYTES else 4
        else:
            raise ValueError(f"no wire type of protocol buffers: {wire}")
        yield _Field(key >> 3, message[start : at + size], message[at : at + size])
        at += size


def _number(message: memoryview, at: int) -> tuple[int, int]:
    """(the number that begins at *at*, where it ends)."""
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _written(number: int, value: bytes) -> bytes:
    """A field of that number with *value* in it."""
    parts, rest = [number << 3 | _DELIMITED], len(value)
    while rest > 127:
        parts.append(rest & 127 | 128)
        rest >>= 7
    return bytes([*parts, rest]) + value


def _value(message: memoryview, number: int) -> memoryview:
    return next(field.value for field in _fields(message) if field.number == number)


def _named(field: _Field, number: int) -> str:
    return bytes(_value(field.value, number)).decode()
