"""A smoke run of the line reader's training: the loss falls, export gives the net."""

from __future__ import annotations

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")

import numpy as np
import onnx
import torch
from rapidfuzz.distance import Levenshtein

from ingest.ocr.reader.decode import words
from ingest.ocr.reader.net import Net
from ingest.ocr.reader.shapes import batch
from tests.ingest.ocr.reader.drawing import SENTENCES
from tests.paths import SHARED
from tools.reader.alphabet import CHARACTERS
from tools.reader.export import quantised, to_onnx
from tools.reader.lines import Example, Sources, batches, examples
from tools.reader.net import SLIM, ReaderNet
from tools.reader.slim import slimmed
from tools.reader.start import from_wheel
from tools.reader.train import Options, Run, restore

pytestmark = pytest.mark.long
_STEPS = 40
#: A net that was trained for an hour, as weights named otherwise and as the same net in ONNX.
TRAINED, TRAINED_ONNX = SHARED / "reader" / "final.pt", SHARED / "reader" / "final.onnx"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    corpus = tmp_path_factory.mktemp("corpus") / "articles.jsonl.gz"
    with gzip.open(corpus, "wt", encoding="utf-8") as out:
        for number in range(120):
            article = {"title": f"Điều {number}", "text": " ".join(SENTENCES[number % 3 :])}
            out.write(json.dumps(article, ensure_ascii=False) + "\n")
    return Sources.load(corpus, every=1)


def pictures(lines: list[Example]) -> torch.Tensor:
    return torch.from_numpy(batch([line.picture for line in lines]))


def trained() -> ReaderNet:
    """The trained net. Its layers stand in the order of ours, but for the last two; its linear ones are transposed."""
    kept = torch.load(TRAINED, map_location="cpu", weights_only=True)
    ends = [kept.pop(name) for name in ("gn", "bn_", "hw", "hb")]
    given = [*kept.values(), *ends[:2]]
    # Of the neck they stand as gain, offset, mean, variance and kernel there, too; of attention both norms come first.
    net = ReaderNet()
    ours = dict(net.named_parameters()) | dict(net.named_buffers())
    names = [name for name in net.state_dict() if not name.startswith("head.")]
    for number in range(len(net.neck.attention)):
        of = f"neck.attention.{number}."
        at = names.index(of + "before.weight")
        norms = [of + f"{norm}.{part}" for norm in ("before", "between") for part in ("weight", "bias")]
        rest = [name for name in names if name.startswith(of) and name not in norms]
        names[at : at + len(norms) + len(rest)] = norms + rest
    for name, weights in zip(names, given, strict=True):
        if name == "stem.first.weight":
            weights = weights.sum(dim=1, keepdim=True)  # three equal channels become one
        ours[name].data.copy_(weights.T if name.startswith("neck.attention") and weights.ndim == 2 else weights)
    about = onnx.load(TRAINED_ONNX).metadata_props
    characters = next(prop.value for prop in about if prop.key == "character").split("\n")
    column = {character: at for at, character in enumerate([*characters, " "], start=1)}
    columns = [0, *(column[character] for character in CHARACTERS)]
    net.head.weight.data.copy_(ends[2].T[columns])
    net.head.bias.data.copy_(ends[3][columns])
    net.eval()
    return net


def letters_wrong(net: Net, lines: list[Example]) -> float:
    """The share of letters that the net reads wrong, without counts of syllables."""
    seen = (net.chances([line.picture])[0] for line in lines)
    read = ("".join(word.text for word in words(chances, net.characters, None)) for chances in seen)
    texts = ["".join(line.text.split()) for line in lines]
    return sum(map(Levenshtein.distance, read, texts)) / sum(map(len, texts))


def test_lines_repeat_from_their_seed(sources: Sources) -> None:
    first, again = (list(islice(examples(sources, seed=5), 3)) for _ in range(2))
    assert [line.text for line in first] == [line.text for line in again]
    assert all(np.array_equal(a.picture, b.picture) for a, b in zip(first, again, strict=True))


def test_the_loss_falls_and_a_run_goes_on_from_its_checkpoint(sources: Sources, tmp_path: Path) -> None:
    torch.manual_seed(1)
    options = Options(tmp_path, Path("unused"), None, lines=10_000, rate=3e-4, warm=10)
    run = Run(from_wheel(), None, options)
    losses = [run.step(lines) for lines in islice(batches(examples(sources, seed=3), 1600, pool=16), _STEPS)]
    assert np.mean(losses[-8:]) < 0.8 * np.mean(losses[:8])
    run.save()
    again = Run(from_wheel(), None, options)
    assert again.resume()
    for name, value in run.net.state_dict().items():
        assert torch.equal(again.net.state_dict()[name], value)


def test_a_slim_net_begins_near_its_teacher_and_its_export_is_the_net(sources: Sources, tmp_path: Path) -> None:
    teacher = from_wheel()
    stream = batches(examples(sources, seed=9), 2400, pool=16)
    net = slimmed(teacher, SLIM, [pictures(lines) for lines in islice(stream, 16)])
    untaught = ReaderNet(SLIM)
    untaught.take(teacher)
    seen = pictures(next(stream))
    with torch.no_grad():
        wanted = teacher.eval().features(seen)
        near, far = (float((some.eval().features(seen) - wanted).pow(2).mean()) for some in (net, untaught))
    assert near < 0.5 * far
    torch.save({"plan": {"kept": list(SLIM.kept), "bend": SLIM.bend}, "net": net.state_dict()}, tmp_path / "net.pt")
    assert restore(tmp_path / "net.pt").plan == SLIM
    lines = list(islice(examples(sources, seed=11), 24))
    whole, small = tmp_path / "net.onnx", tmp_path / "int8.onnx"
    to_onnx(net.eval(), whole)
    fitting = [batch([line.picture]) for line in lines[:16]]
    quantised(whole, small, fitting, fitting)
    exported, int8 = Net(whole), Net(small)
    assert small.stat().st_size < 0.4 * whole.stat().st_size
    for line in lines[16:]:
        with torch.no_grad():
            ours = net(pictures([line])).softmax(-1)[0].numpy()
        (theirs,), (rough,) = exported.chances([line.picture]), int8.chances([line.picture])
        assert np.abs(ours - theirs).max() < 1e-3
        assert rough.shape == ours.shape


@pytest.mark.skipif(not TRAINED.exists(), reason="the trained net is not beside the project")
def test_a_trained_net_in_bytes_reads_as_well_as_the_net(sources: Sources, tmp_path: Path) -> None:
    whole, small = tmp_path / "net.onnx", tmp_path / "int8.onnx"
    to_onnx(trained(), whole)
    lines = list(islice(examples(sources, seed=21), 400))
    fitting = [batch([line.picture]) for line in lines[:40]]
    quantised(whole, small, fitting, fitting)
    of_net, of_bytes = (letters_wrong(Net(path), lines[40:]) for path in (whole, small))
    assert of_net < 0.1
    assert of_bytes < of_net + 0.003
