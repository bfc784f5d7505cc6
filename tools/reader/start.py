"""Where training starts: the recogniser of PP-OCRv6 small, with a head for Vietnamese.

The weights come from the ONNX file in the rapidocr wheel (Apache-2.0). Of its 18,710 classes those of our alphabet are
taken; the letters it lacks (88 of 186 Vietnamese ones) begin as the mean of their nearest relatives.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from tools.reader.alphabet import CHARACTERS, relatives
from tools.reader.net import FULL, Attention, Block, Normed, ReaderNet

_MODEL = "PP-OCRv6_rec_small.onnx"
Weights = dict[str, NDArray[np.float32]]


def wheel_model() -> Path:
    """The recogniser in the installed rapidocr package. Raises FileNotFoundError."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("rapidocr is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / "models" / _MODEL


@torch.no_grad()
def from_wheel(path: Path | None = None) -> ReaderNet:
    """The full net with the weights of the ONNX file at *path*, the wheel's by default."""
    model = onnx.load(path or wheel_model())
    weights: Weights = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    net = ReaderNet(FULL)
    convolutions = _convolutions(model, weights)
    for layer in _layers(net):
        kernel, bias = next(convolutions)
        if layer is net.stem.first:
            kernel = kernel.sum(axis=1, keepdims=True)  # three equal channels become one
        _fill(layer.weight, kernel)
        assert layer.bias is not None
        _fill(layer.bias, bias)
    _fill_neck(net, weights)
    _fill_head(net, weights, _characters(model))
    return net


def _layers(net: ReaderNet) -> Iterator[nn.Conv2d]:
    """The convolutions before the neck in the order of the graph."""
    yield from (net.stem.first, net.stem.left, net.stem.right, net.stem.join, net.stem.last)
    for block in net.blocks:
        assert isinstance(block, Block)
        yield block.depthwise
        if block.excitation is not None:
            yield block.excitation.squeeze
            yield block.excitation.excite
        yield block.widen
        yield block.narrow


def _convolutions(
    model: onnx.ModelProto, weights: Weights
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Kernel and bias of each convolution; the bias is added by the node that follows."""
    alias = {n.output[0]: n.input[0] for n in model.graph.node if n.op_type == "Identity"}

    def source(name: str) -> str:
        while name in alias:
            name = alias[name]
        return name

    for node in model.graph.node:
        if node.op_type != "Conv":
            continue
        follower = next(n for n in model.graph.node if n.op_type == "Add" and node.output[0] in n.input)
        bias = next(source(name) for name in follower.input if source(name) in weights)
        yield weights[source(node.input[1])], weights[bias]


def _fill(parameter: Tensor, values: NDArray[np.float32]) -> None:
    parameter.copy_(torch.from_numpy(np.array(values)).reshape(parameter.shape))


def _fill_neck(net: ReaderNet, weights: Weights) -> None:
    neck = net.neck
    for layer, convolution, norm in ((neck.skip, 67, 57), (neck.enter, 65, 55), (neck.mix, 66, 56)):
        assert isinstance(layer, Normed)
        _fill(layer.convolution.weight, weights[f"conv2d_{convolution}.w_0"])
        for part, end in ((layer.gain, "w_0"), (layer.offset, "b_0"), (layer.mean, "w_1"), (layer.variance, "w_2")):
            assert isinstance(part, Tensor)
            _fill(part, weights[f"batch_norm2d_{norm}.{end}"])
    for number, layer in enumerate(neck.attention):
        assert isinstance(layer, Attention)
        for norm, at in ((layer.before, 4 * number), (layer.between, 4 * number + 2)):
            _fill(norm.weight, weights[f"helper.reshape.{at}"])
            _fill(norm.bias, weights[f"helper.reshape.{at + 1}"])
        linears = (layer.query_key_value, layer.out, layer.widen, layer.narrow)
        for at, linear in enumerate(linears, start=4 * number):
            _fill(linear.weight, weights[f"linear_{at}.w_0"].T)
            _fill(linear.bias, weights[f"linear_{at}.b_0"])
    _fill(neck.after.weight, weights["helper.reshape.8"])
    _fill(neck.after.bias, weights["helper.reshape.9"])


def _characters(model: onnx.ModelProto) -> list[str]:
    """The characters of the original columns 1, 2, …; the space is last."""
    kept = {p.key: p.value for p in model.metadata_props}["character"]
    return [*kept.split("\n")[: _original_classes(model) - 2], " "]


def _original_classes(model: onnx.ModelProto) -> int:
    return int(next(i.dims[-1] for i in model.graph.initializer if i.name == "linear_8.b_0"))


def _fill_head(net: ReaderNet, weights: Weights, characters: list[str]) -> None:
    kernel, bias = weights["linear_8.w_0"], weights["linear_8.b_0"]
    column = {character: at for at, character in enumerate(characters, start=1)}
    net.head.weight[0].copy_(torch.from_numpy(np.array(kernel[:, 0])))
    net.head.bias[0] = float(bias[0])
    for at, character in enumerate(CHARACTERS, start=1):
        known = [column[c] for c in (character, *relatives(character)) if c in column]
        if character in column:
            known = known[:1]
        if known:
            net.head.weight[at].copy_(torch.from_numpy(kernel[:, known].mean(axis=1)))
        # A letter that is new is a little less likely than its relatives until it has been seen.
        net.head.bias[at] = float(bias[known].mean() if known else bias.mean()) - (character not in column)
