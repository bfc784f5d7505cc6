"""The net of the line reader: PP-OCRv6 small's recogniser, slimmer, with a head for Vietnamese.

An image of one line, 32 pixels high, becomes one row of scores per 4 pixels of width. The trunk is PP-OCRv6's: a stem,
residual blocks of depthwise and pointwise convolutions (some with squeeze-and-excitation), two self-attention layers
over the places of the line, and one linear layer. Two things differ. The last pooling is (2, 1) where the original has
(3, 2) on images 48 high: half the cost at the same number of places per letter. And a :class:`Plan` may leave blocks
out and replace GELU by ReLU, which an int8 convolution gets for nothing.

Public classes and functions take and give float tensors; shapes are in their docstrings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tools.reader.alphabet import CLASSES

#: Height in pixels of a line image, and pixels of width per place of the output.
HEIGHT, STRIDE = 32, 4


@dataclass(frozen=True, slots=True)
class BlockShape:
    """Channels in and out, vertical stride, and whether the block has squeeze-and-excitation."""

    channels: int
    out: int
    stride: int
    excited: bool

    @property
    def residual(self) -> bool:
        """Whether the input is added to the output; only such a block can be left out."""
        return self.channels == self.out and self.stride == 1


#: The blocks of PP-OCRv6 small's recogniser, in order.
BLOCKS: tuple[BlockShape, ...] = (
    BlockShape(96, 96, 1, True),
    BlockShape(96, 96, 1, False),
    BlockShape(96, 96, 1, False),
    BlockShape(96, 192, 2, False),
    BlockShape(192, 192, 1, True),
    BlockShape(192, 192, 1, False),
    BlockShape(192, 192, 1, True),
    BlockShape(192, 192, 1, False),
    BlockShape(192, 192, 1, True),
    BlockShape(192, 192, 1, False),
    BlockShape(192, 384, 2, False),
    BlockShape(384, 384, 1, True),
    BlockShape(384, 384, 1, False),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which of :data:`BLOCKS` a net keeps, and the function between the two pointwise convolutions of a block."""

    kept: tuple[int, ...]
    bend: Literal["gelu", "relu"]


#: The original trunk, and the one that is shipped.
FULL = Plan(tuple(range(len(BLOCKS))), "gelu")
SLIM = Plan((0, 1, 3, 4, 6, 8, 10, 11), "relu")


class Pointwise(nn.Conv2d):
    """A 1×1 convolution. On the CPU it trains as a matrix product, several times as fast as PyTorch's convolution."""

    def __init__(self, channels: int, out: int) -> None:
        super().__init__(channels, out, 1)

    def forward(self, input: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', H, W)."""
        if not self.training or input.is_cuda:
            return super().forward(input)
        flat = F.linear(input.permute(0, 2, 3, 1), self.weight[:, :, 0, 0], self.bias)
        return flat.permute(0, 3, 1, 2)


class Excitation(nn.Module):
    """Squeeze-and-excitation with the hard sigmoid of PaddlePaddle (Hu et al. 2018)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels, channels // 4, 1)
        self.excite = nn.Conv2d(channels // 4, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        scale = self.excite(F.relu(self.squeeze(x.mean((2, 3), keepdim=True))))
        return x * torch.clamp(scale / 6 + 0.5, 0.0, 1.0)


class Block(nn.Module):
    """Depthwise 3×3, then a pointwise bottleneck turned inside out; vertical stride only."""

    def __init__(self, shape: BlockShape, bend: Literal["gelu", "relu"]) -> None:
        super().__init__()
        channels = shape.channels
        self.depthwise = nn.Conv2d(channels, channels, 3, (shape.stride, 1), 1, groups=channels)
        self.excitation = Excitation(channels) if shape.excited else None
        self.widen = Pointwise(channels, 2 * channels)
        self.narrow = Pointwise(2 * channels, shape.out)
        self.bend = F.gelu if bend == "gelu" else F.relu
        self.residual = shape.residual

    def mixed(self, x: Tensor) -> Tensor:
        """What the residual starts from: (N, C, H, W) to (N, C, H or H / 2, W)."""
        x = self.depthwise(x)
        return x if self.excitation is None else self.excitation(x)

    def hidden(self, mixed: Tensor) -> Tensor:
        """(N, C, H, W) to (N, 2 C, H, W)."""
        return self.bend(self.widen(mixed))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', H or H / 2, W)."""
        x = self.mixed(x)
        y: Tensor = self.narrow(self.hidden(x))
        return x + y if self.residual else y


class Stem(nn.Module):
    """The first convolutions: (N, 1, H, W) to (N, 96, H / 4, W / 4)."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 48, 3, 2, 1)
        self.left = nn.Conv2d(48, 24, 2)
        self.right = nn.Conv2d(24, 48, 2)
        self.join = nn.Conv2d(96, 48, 3, 2, 1)
        self.last = Pointwise(48, 96)

    def forward(self, x: Tensor) -> Tensor:
        """Grey values from -1 (black) to 1 (white)."""
        x = F.relu(self.first(x))
        y = F.relu(self.left(F.pad(x, (0, 1, 0, 1))))
        y = F.relu(self.right(F.pad(y, (0, 1, 0, 1))))
        pooled = F.max_pool2d(F.pad(x, (0, 1, 0, 1)), 2, 1)  # after ReLU, so zeros are a safe border
        x = F.relu(self.join(torch.cat([pooled, y], 1)))
        return F.relu(self.last(x))


class Normed(nn.Module):
    """A convolution with frozen batch statistics and SiLU."""

    def __init__(self, channels: int, out: int, kernel: tuple[int, int] = (1, 1), groups: int = 1) -> None:
        super().__init__()
        padding = (kernel[0] // 2, kernel[1] // 2)
        self.convolution = nn.Conv2d(channels, out, kernel, 1, padding, groups=groups, bias=False)
        self.gain = nn.Parameter(torch.ones(out))
        self.offset = nn.Parameter(torch.zeros(out))
        self.register_buffer("mean", torch.zeros(out))
        self.register_buffer("variance", torch.ones(out))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', H, W)."""
        y = F.batch_norm(self.convolution(x), self.mean, self.variance, self.gain, self.offset, False, 0.0, 1e-5)
        return F.silu(y)


class Attention(nn.Module):
    """One pre-norm transformer layer over the places of a line."""

    def __init__(self, channels: int = 120, heads: int = 8) -> None:
        super().__init__()
        self.heads = heads
        self.before = nn.LayerNorm(channels, eps=1e-5)
        self.query_key_value = nn.Linear(channels, 3 * channels)
        self.out = nn.Linear(channels, channels)
        self.between = nn.LayerNorm(channels, eps=1e-5)
        self.widen = nn.Linear(channels, 2 * channels)
        self.narrow = nn.Linear(2 * channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """(N, T, C) to the same."""
        count, places, channels = x.shape
        split = self.query_key_value(self.before(x)).view(count, places, 3, self.heads, channels // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(query, key, value)
        x = x + self.out(seen.transpose(1, 2).reshape(count, places, channels))
        y: Tensor = self.narrow(F.silu(self.widen(self.between(x))))
        return x + y


class Neck(nn.Module):
    """From image features to one vector per place: (N, 384, 2, T) to (N, T, 120)."""

    def __init__(self, channels: int = 384, out: int = 120, layers: int = 2) -> None:
        super().__init__()
        self.skip = Normed(channels, out)
        self.enter = Normed(channels, out)
        self.mix = Normed(out, out, (1, 7), groups=out)
        self.attention = nn.ModuleList(Attention(out) for _ in range(layers))
        self.after = nn.LayerNorm(out, eps=1e-5)

    def forward(self, x: Tensor) -> Tensor:
        """The two rows are averaged first."""
        x = F.avg_pool2d(x, (2, 1))
        skip = self.skip(x).squeeze(2).transpose(1, 2)
        y = self.enter(x)
        y = (y + self.mix(y)).squeeze(2).transpose(1, 2)
        for layer in self.attention:
            y = layer(y)
        result: Tensor = self.after(y) + skip
        return result


class ReaderNet(nn.Module):
    """The whole net: (N, 1, 32, W) grey values from -1 to 1, W divisible by 4, to (N, W / 4, CLASSES) scores."""

    def __init__(self, plan: Plan = FULL) -> None:
        super().__init__()
        self.plan = plan
        self.stem = Stem()
        self.blocks = nn.ModuleList(Block(BLOCKS[n], plan.bend) for n in plan.kept)
        self.neck = Neck()
        self.head = nn.Linear(120, CLASSES)

    def features(self, x: Tensor) -> Tensor:
        """(N, 1, 32, W) to one vector per place: (N, W / 4, 120)."""
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        result: Tensor = self.neck(x)
        return result

    def forward(self, x: Tensor) -> Tensor:
        """Scores before softmax."""
        scores: Tensor = self.head(self.features(x))
        return scores

    def take(self, other: ReaderNet) -> None:
        """Take the weights of *other*, whose plan keeps at least the blocks of this one."""
        places = {n: at for at, n in enumerate(other.plan.kept)}
        for own, theirs in self._pairs(other, places):
            own.load_state_dict(theirs.state_dict())

    def _pairs(self, other: ReaderNet, places: dict[int, int]) -> Sequence[tuple[nn.Module, nn.Module]]:
        blocks = [(self.blocks[at], other.blocks[places[n]]) for at, n in enumerate(self.plan.kept)]
        return [(self.stem, other.stem), *blocks, (self.neck, other.neck), (self.head, other.head)]
