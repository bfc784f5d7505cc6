"""From a trained net to the file that is shipped: ONNX, then int8.

The convolutions are nearly all of the work. Their weights are quantised for each output channel, their inputs for
each tensor, by the range seen on calibration lines. What the quantiser leaves in floating point between them is put
into bytes as well (:func:`in_bytes`). Weights take seven bits: processors without VNNI add products of eight bits in
sixteen and overflow.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from tools.reader.alphabet import CHARACTERS
from tools.reader.byte_excitation import with_byte_excitation
from tools.reader.byte_gelu import with_byte_gelu
from tools.reader.byte_products import with_byte_products
from tools.reader.fuse import fused
from tools.reader.net import HEIGHT, ReaderNet

#: Names of the graph's input (N, 1, 32, W) and output (N, W / 4, classes).
INPUT, OUTPUT = "pictures", "chances"


class _Chances(nn.Module):
    """The net with probabilities for scores."""

    def __init__(self, net: ReaderNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, pictures: Tensor) -> Tensor:
        chances: Tensor = self.net(pictures).softmax(-1)
        return chances


def to_onnx(net: ReaderNet, path: Path, about: dict[str, str] | None = None) -> None:
    """Write *net* to *path*, its characters and *about* in the metadata; batch and width are free."""
    free = torch.export.Dim.DYNAMIC
    program = torch.onnx.export(
        _Chances(net).eval(),
        (torch.zeros(2, 1, HEIGHT, 320),),
        dynamo=True,
        input_names=[INPUT],
        output_names=[OUTPUT],
        dynamic_shapes=({0: free, 3: free},),
        opset_version=18,
        verbose=False,
    )
    assert program is not None
    model = program.model_proto
    _describe(model, about or {})
    onnx.save(model, path)


def _describe(model: onnx.ModelProto, about: dict[str, str]) -> None:
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, {"characters": json.dumps(CHARACTERS, ensure_ascii=False), **about})


class _Calibration(CalibrationDataReader):  # type: ignore[misc]
    def __init__(self, pictures: Iterable[NDArray[np.float32]]) -> None:
        self._pictures: Iterator[NDArray[np.float32]] = iter(pictures)

    def get_next(self) -> dict[str, Any] | None:
        picture = next(self._pictures, None)
        return None if picture is None else {INPUT: picture}


def quantised(
    source: Path, path: Path, ranging: Iterable[NDArray[np.float32]], fitting: Iterable[NDArray[np.float32]]
) -> None:
    """Write the net at *source* with int8 convolutions to *path*.

    ranging, fitting: batches (N, 1, 32, W) that give the ranges of values, and to which GELUs in bytes are fitted.
    """
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.onnx"
        quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
        quantize_static(
            str(ready),
            str(path),
            _Calibration(ranging),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            activation_type=QuantType.QUInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
    kept = {prop.key: prop.value for prop in onnx.load(source, load_external_data=False).metadata_props}
    model = fused(onnx.load(path))
    onnx.helper.set_model_props(model, kept)
    model.doc_string = ""
    onnx.save(in_bytes(model, fitting), path)


def in_bytes(model: onnx.ModelProto, pictures: Iterable[NDArray[np.float32]]) -> onnx.ModelProto:
    """*model* (quantised, put together) with GELUs, excitations and products in bytes; the model itself is changed.

    pictures: batches (N, 1, 32, W) to which the GELUs are fitted. A model that has none of them stays as it is.
    """
    return with_byte_products(with_byte_excitation(with_byte_gelu(model, pictures)))
