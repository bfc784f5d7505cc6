"""Training: the loss falls, checkpoints are kept, and a run that was cut off goes on where it was.

The loss is CTC (Graves et al. 2006) for each letter of the text. With a teacher, the distance from its probabilities
is added (Hinton et al. 2015): at each place of the line the Kullback-Leibler divergence, by a weight that falls to
nothing over the first lines, so that a slim net begins near its teacher and is then taught by the texts alone.

The rate is constant after a short rise, and what is kept is a running mean of the weights: any moment of a run gives a
good net, and a run may be of any length. ``finish`` lowers the rate to nothing over the last lines.

On a CPU several processes of one thread each share the work (two threads of one process gain little); with a GPU one
process trains and others make the lines.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from ingest.ocr.reader.shapes import STRIDE, batch
from tools.reader.alphabet import COLUMN
from tools.reader.lines import Example, Sources, batches, examples
from tools.reader.net import FULL, Plan, ReaderNet


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes. lines: after so many it ends. columns: pixels of width in a batch of one process.

    rate: of AdamW. distil: lines over which the teacher's weight falls to nothing. finish: lines at the end over
    which the rate falls to nothing. every: seconds between checkpoints. workers: processes that make lines (GPU).
    """

    out: Path
    corpus: Path
    pages: Path | None
    lines: int = 400_000
    columns: int = 4000
    rate: float = 1e-4
    warm: int = 100
    distil: int = 0
    finish: int = 40_000
    every: float = 180.0
    workers: int = 0
    seed: int = 1


@dataclass(slots=True)
class Progress:
    """How far a run has come. loss: a running mean of the CTC loss for each letter."""

    step: int = 0
    lines: int = 0
    seconds: float = 0.0
    loss: float = math.nan
    history: list[tuple[int, float]] = field(default_factory=list)


class _Stream(IterableDataset[list[Example]]):
    """Batches of one process; each worker of a loader draws from a seed of its own."""

    def __init__(self, sources: Sources, seed: int, columns: int) -> None:
        self._sources, self._seed, self._columns = sources, seed, columns

    def __iter__(self) -> Iterator[list[Example]]:
        cv2.setNumThreads(1)
        worker = get_worker_info()
        seed = self._seed * 1000 + (worker.id if worker else 0)
        return batches(examples(self._sources, seed), self._columns)


def checkpoint(net: ReaderNet) -> dict[str, Any]:
    """What is stored of a net."""
    return {"plan": asdict(net.plan), "net": net.state_dict()}


def restore(path: Path) -> ReaderNet:
    """The net in a checkpoint (of a run: its mean weights). Raises OSError, KeyError."""
    kept = torch.load(path, map_location="cpu", weights_only=True)
    plan = FULL if kept["plan"] == "full" else Plan(tuple(kept["plan"]["kept"]), kept["plan"]["bend"])
    net = ReaderNet(plan)
    net.load_state_dict(kept.get("mean", kept["net"]))
    return net


def ctc(scores: Tensor, examples: Sequence[Example]) -> Tensor:
    """The CTC loss of a batch for each letter. scores: (N, T, CLASSES)."""
    texts = [[COLUMN[c] for c in example.text] for example in examples]
    places = torch.tensor([example.picture.shape[1] // STRIDE for example in examples])
    lengths = torch.tensor([len(text) for text in texts])
    targets = torch.tensor([column for text in texts for column in text])
    chances = scores.float().log_softmax(-1).transpose(0, 1)
    lost = F.ctc_loss(chances, targets, places, lengths, reduction="sum", zero_infinity=True)
    return lost / lengths.sum()


def distance(scores: Tensor, teacher: Tensor) -> Tensor:
    """Mean divergence for each place of *scores* from the teacher's, both (N, T, CLASSES)."""
    student = scores.float().log_softmax(-1).flatten(0, 1)
    return F.kl_div(student, teacher.float().log_softmax(-1).flatten(0, 1), log_target=True, reduction="batchmean")


class Run:
    """One process of a training run. rank, world: which of how many processes this is."""

    def __init__(
        self, net: ReaderNet, teacher: ReaderNet | None, options: Options, rank: int = 0, world: int = 1
    ) -> None:
        self.options, self.rank, self.world = options, rank, world
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.net = net.to(self.device, memory_format=torch.channels_last).train()
        self.mean = {name: value.clone() for name, value in self.net.state_dict().items()}
        self.teacher = teacher.to(self.device, memory_format=torch.channels_last).eval() if teacher else None
        decayed = [p for p in net.parameters() if p.ndim > 1]
        others = [p for p in net.parameters() if p.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": 0.005}, {"params": others, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=options.rate, betas=(0.9, 0.98))
        self.progress = Progress()

    @property
    def path(self) -> Path:
        """Where the checkpoint of this run is kept."""
        return self.options.out / "run.pt"

    def resume(self) -> bool:
        """Go on from the checkpoint in the run's folder; False where there is none."""
        if not self.path.exists():
            return False
        kept = torch.load(self.path, map_location=self.device, weights_only=True)
        self.net.load_state_dict(kept["net"])
        self.mean = kept["mean"]
        self.optimiser.load_state_dict(kept["optimiser"])
        self.progress = Progress(**kept["progress"])
        return True

    def save(self) -> None:
        """Keep the run so that it is whole or not there at all."""
        self.options.out.mkdir(parents=True, exist_ok=True)
        kept = checkpoint(self.net)
        kept |= {"mean": self.mean, "optimiser": self.optimiser.state_dict(), "progress": asdict(self.progress)}
        partial = self.path.with_suffix(".part")
        torch.save(kept, partial)
        partial.replace(self.path)

    def train(self, sources: Sources) -> Progress:
        """Train until the run's lines are done."""
        options, progress = self.options, self.progress
        stream = _Stream(sources, options.seed + 7919 * self.rank + 104729 * progress.step, options.columns)
        loader = iter(DataLoader(stream, batch_size=None, num_workers=options.workers))
        began, saved = time.monotonic() - progress.seconds, time.monotonic()
        while progress.lines < options.lines:
            examples = next(loader)
            loss = self.step(examples)
            progress.step += 1
            progress.lines += len(examples) * self.world
            progress.seconds = time.monotonic() - began
            progress.loss = loss if math.isnan(progress.loss) else 0.99 * progress.loss + 0.01 * loss
            if self.rank == 0 and (time.monotonic() - saved > options.every or progress.lines >= options.lines):
                saved = time.monotonic()
                progress.history.append((progress.lines, progress.loss))
                self.save()
                self._log()
        return progress

    def step(self, examples: list[Example]) -> float:
        """Learn from one batch; its CTC loss for each letter."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        pictures = torch.from_numpy(batch([e.picture for e in examples]))
        pictures = pictures.to(self.device, memory_format=torch.channels_last)
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=self.device.type == "cuda"):
            scores = self.net(pictures)
        lost = ctc(scores, examples)
        total, weight = lost, self._teachers_weight()
        if self.teacher is not None and weight > 0:
            with torch.no_grad():
                taught = self.teacher(pictures)
            total = lost + weight * distance(scores, taught)
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        self._share_gradients()
        self.optimiser.step()
        self._follow()
        return float(lost.detach())

    def rate(self) -> float:
        """The learning rate of the step to come."""
        left = (self.options.lines - self.progress.lines) / max(1, self.options.finish)
        return self.options.rate * min(1.0, (self.progress.step + 1) / self.options.warm, max(0.01, left))

    def _teachers_weight(self) -> float:
        return max(0.0, 1 - self.progress.lines / self.options.distil) if self.options.distil else 0.0

    def _share_gradients(self) -> None:
        """The mean of all processes' gradients, no longer than 1."""
        parameters = [p for p in self.net.parameters() if p.grad is not None]
        flat = torch.cat([p.grad.flatten() for p in parameters if p.grad is not None])
        if self.world > 1:
            dist.all_reduce(flat)
            flat /= self.world
        flat *= min(1.0, 1.0 / (float(flat.norm()) + 1e-6))
        at = 0
        for parameter in parameters:
            assert parameter.grad is not None
            parameter.grad.copy_(flat[at : at + parameter.numel()].view_as(parameter))
            at += parameter.numel()

    def _follow(self) -> None:
        """Move the mean weights a little towards the present ones."""
        keep = min(0.9995, (1 + self.progress.step) / (10 + self.progress.step))
        for name, value in self.net.state_dict().items():
            self.mean[name].lerp_(value, 1 - keep)

    def _log(self) -> None:
        row = {"step": self.progress.step, "lines": self.progress.lines, "loss": round(self.progress.loss, 4)}
        row |= {"seconds": round(self.progress.seconds), "rate": self.rate()}
        with (self.options.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")


def _process(rank: int, world: int, start: ReaderNet, teacher: ReaderNet | None, options: Options) -> None:
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    if world > 1:
        # A process that is stopped for hours must not break the run.
        store = f"file://{options.out}/meeting-{os.getppid()}"
        dist.init_process_group("gloo", init_method=store, rank=rank, world_size=world, timeout=timedelta(days=7))
    run = Run(start, teacher, options, rank, world)
    run.resume()
    run.train(Sources.load(options.corpus, options.pages))
    if world > 1:
        dist.destroy_process_group()


def train(start: ReaderNet, options: Options, teacher: ReaderNet | None = None, processes: int = 1) -> ReaderNet:
    """Train *start* (or go on with the run in ``options.out``); the net of the mean weights at the end."""
    options.out.mkdir(parents=True, exist_ok=True)
    if processes == 1 or torch.cuda.is_available():
        _process(0, 1, start, teacher, options)
    else:
        torch.multiprocessing.spawn(_process, (processes, start, teacher, options), nprocs=processes)
    return restore(options.out / "run.pt")
