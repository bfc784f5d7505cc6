"""GELU that stays in bytes.

A GELU between two int8 convolutions costs a sixth of the net's time: its input is turned into floating point, and its
result back into bytes. onnxruntime has no GELU for bytes, but a sigmoid (a table of 256 values) and a product, and
x · σ(1.702 x) is near GELU(x) (Hendrycks and Gimpel 2016). As it stands that costs accuracy: of transcribed pages 7 %
more letters were read wrong. So each GELU gets a sigmoid of its own, x · σ(a (x - b)), with a and b by least squares on
what its input is on some lines, the rounding to bytes included; and what is then missing on average goes into the bias
of the convolution behind it, which weighs the errors of its channels. The input comes in finer steps, too: what is so
far below zero that its GELU is nothing need not be told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import erf, exp

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import NodeProto, helper

from tools.reader.onnx_graph import MICROSOFT, Edges, constants, drop_unused, put_constant, set_nodes

Numbers = NDArray[np.float64]

#: Below this a GELU is nothing: its input ends there.
_LOWEST = -3.9
#: Where a and b are looked for; b in steps of the input.
_STEEPNESS, _SHIFTS = tuple(n / 50 for n in range(75, 105)), range(-6, 7)


@dataclass(frozen=True, slots=True)
class _Steps:
    """How a byte stands for a number: (byte - zero) · scale."""

    scale: float
    zero: int

    def values(self) -> Numbers:
        """The numbers that the 256 bytes stand for."""
        return (np.arange(256, dtype=np.float64) - self.zero) * self.scale

    def rounded(self, numbers: Numbers) -> Numbers:
        """*numbers* as they are after being put into bytes."""
        return (np.clip(np.round(numbers / self.scale) + self.zero, 0, 255) - self.zero) * self.scale


@dataclass(frozen=True, slots=True)
class _Place:
    """A GELU with the nodes around it: its input is quantised, dequantised, its result quantised, dequantised and taken
    by a convolution."""

    quantise: NodeProto
    dequantise: NodeProto
    gelu: NodeProto
    after: NodeProto
    convolution: NodeProto


def with_byte_gelu(model: onnx.ModelProto, pictures: Iterable[NDArray[np.float32]]) -> onnx.ModelProto:
    """*model* (quantised, QDQ format) with its GELUs in bytes; the model itself is changed.

    pictures: calibration batches (N, 1, 32, W). Raises ValueError where a GELU stands elsewhere than between two int8
    convolutions.
    """
    places = _places(model)
    for place in places:
        _take_finer_steps(model, place)
    drop_unused(model)
    instead: dict[str, list[NodeProto]] = {}
    for place, counts in zip(places, _counts(model, places, pictures), strict=True):
        instead |= {place.dequantise.name: [], place.after.name: []}
        instead[place.gelu.name] = _fitted(model, place, counts)
    if instead:
        set_nodes(model, [kept for node in model.graph.node for kept in instead.get(node.name, [node])])
        drop_unused(model)
    return model


def _places(model: onnx.ModelProto) -> list[_Place]:
    edges = Edges(model.graph.node)
    found = []
    for gelu in (node for node in model.graph.node if node.op_type == "Gelu"):
        dequantise, quantise = edges.before(gelu, "DequantizeLinear", "QuantizeLinear")
        edges.after(quantise, "DequantizeLinear", "Gelu")
        after, _, convolution = edges.after(gelu, "QuantizeLinear", "DequantizeLinear", "Conv")
        found.append(_Place(quantise, dequantise, gelu, after, convolution))
    return found


def _steps(numbers: dict[str, NDArray[np.float32]], node: NodeProto) -> _Steps:
    return _Steps(float(numbers[node.input[1]]), int(numbers[node.input[2]]))


def _take_finer_steps(model: onnx.ModelProto, place: _Place) -> None:
    """Steps for the input that begin where a GELU is nothing."""
    values = _steps(constants(model), place.quantise).values()
    lowest, highest = max(_LOWEST, float(values[0])), float(values[-1])
    scale = np.float32((highest - lowest) / 255)
    name = place.gelu.name
    names = [
        put_constant(model, f"{name}_in_scale", np.array(scale)),
        put_constant(model, f"{name}_in_zero", np.array(round(-lowest / float(scale)), np.uint8)),
    ]
    for node in (place.quantise, place.dequantise):
        node.input[1:] = names


def _counts(
    model: onnx.ModelProto, places: Sequence[_Place], pictures: Iterable[NDArray[np.float32]]
) -> list[NDArray[np.int64]]:
    """For each place how often each channel has each byte: (C, 256)."""
    probe = onnx.ModelProto.FromString(model.SerializeToString())
    names = [place.quantise.output[0] for place in places]
    bytes_of = [helper.make_tensor_value_info(name, onnx.TensorProto.UINT8, None) for name in names]
    probe.graph.output.extend(bytes_of)
    session = onnxruntime.InferenceSession(probe.SerializeToString(), providers=["CPUExecutionProvider"])
    (entry,) = session.get_inputs()
    totals: dict[str, NDArray[np.int64]] = {}
    for picture in pictures if names else ():
        for name, found in zip(names, session.run(names, {entry.name: picture}), strict=True):
            channels = found.shape[1]
            flat = found.transpose(1, 0, 2, 3).reshape(channels, -1) + 256 * np.arange(channels)[:, None]
            counted = np.bincount(flat.ravel(), minlength=256 * channels).reshape(channels, 256)
            totals[name] = totals.get(name, 0) + counted
    return [totals[name] for name in names]


def _fitted(model: onnx.ModelProto, place: _Place, counts: NDArray[np.int64]) -> list[NodeProto]:
    """The sigmoid and the product that take the place of a GELU; the bias behind it is corrected."""
    numbers = constants(model)
    entry, out = _steps(numbers, place.quantise), _steps(numbers, place.after)
    edges = Edges(model.graph.node)
    weights, bias = (edges.maker[name] for name in place.convolution.input[1:3])
    scales = numbers[weights.input[1]].astype(np.float64)
    matrix = numbers[weights.input[0]].astype(np.float64)[:, :, 0, 0] * scales[:, None]
    shares = counts / counts.sum(axis=1, keepdims=True)
    gelu = np.array([0.5 * x * (1 + erf(x / 2**0.5)) for x in entry.values().tolist()])
    importance = (matrix**2).sum(axis=0)

    def error(steepness: float, shift: int) -> float:
        missing = gelu - _gated(entry, out, steepness, shift)
        return float(importance @ (shares @ missing**2 - (shares @ missing) ** 2))

    steepness, shift = min(product(_STEEPNESS, _SHIFTS), key=lambda pair: error(*pair))
    missing = shares @ (gelu - _gated(entry, out, steepness, shift))
    correction = np.round(matrix @ missing / (out.scale * scales)).astype(np.int32)
    put_constant(model, bias.input[0], numbers[bias.input[0]] + correction)
    return _nodes(model, place, entry, steepness, shift)


def _gated(entry: _Steps, out: _Steps, steepness: float, shift: int) -> Numbers:
    """What the 256 bytes of the input give, in the result's steps."""
    x = entry.values()
    gates = np.array([1 / (1 + exp(-steepness * (n - shift * entry.scale))) for n in x.tolist()])
    return out.rounded(x * np.round(255 * gates) / 255)


def _nodes(model: onnx.ModelProto, place: _Place, entry: _Steps, steepness: float, shift: int) -> list[NodeProto]:
    name = place.gelu.name
    steep = put_constant(model, f"{name}_gate_in_scale", np.array(steepness * entry.scale, np.float32))
    moved = put_constant(model, f"{name}_gate_in_zero", np.array(entry.zero + shift, np.uint8))
    scale = put_constant(model, f"{name}_gate_scale", np.array(1 / 255, np.float32))
    zero = put_constant(model, f"{name}_gate_zero", np.array(0, np.uint8))
    (values,) = place.quantise.output
    gates = f"{name}_gates"
    return [
        helper.make_node("QLinearSigmoid", [values, steep, moved, scale, zero], [gates], name=gates, domain=MICROSOFT),
        helper.make_node(
            "QLinearMul",
            [values, *place.quantise.input[1:3], gates, scale, zero, *place.after.input[1:3]],
            list(place.after.output),
            name=f"{name}_gated",
            domain=MICROSOFT,
        ),
    ]
