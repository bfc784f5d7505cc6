"""A slimmer net that begins where its teacher is: each of its blocks is fitted to the teacher's features.

Leaving a block out, or putting ReLU for GELU, ruins a trained net: the blocks after it get features they never saw. So
the blocks are fitted one after the other, from the first. On some lines the slim net's own features before the block
are computed, and the last convolution of the block is solved by least squares so that what comes out is what the
teacher has at that point (where blocks were left out: after them). What remains is for training with the teacher.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from tools.reader.net import Block, Plan, ReaderNet

#: Added to the diagonal of the normal equations, relative to its mean.
_RIDGE = 1e-4


@torch.no_grad()
def slimmed(teacher: ReaderNet, plan: Plan, pictures: Sequence[Tensor]) -> ReaderNet:
    """A net of *plan* with the weights of *teacher*, which has all its blocks, fitted on *pictures* (N, 1, 32, W)."""
    net = ReaderNet(plan)
    net.take(teacher)
    net.eval()
    teacher.eval()
    features = [net.stem(picture) for picture in pictures]
    taught, at = features, 0
    ends = [teacher.plan.kept.index(number) for number in plan.kept[1:]]
    for block, end in zip(net.blocks, [*ends, len(teacher.blocks)], strict=True):
        assert isinstance(block, Block)
        for theirs in list(teacher.blocks)[at:end]:
            taught = [theirs(x) for x in taught]
        at = end
        _fit(block, features, taught)
        features = [block(x) for x in features]
    return net


def _fit(block: Block, inputs: Sequence[Tensor], targets: Sequence[Tensor]) -> None:
    """Solve the block's last convolution, bias included, for *targets* given *inputs*."""
    width = block.narrow.in_channels + 1
    gram = torch.zeros(width, width, dtype=torch.float64)
    moment = torch.zeros(width, block.narrow.out_channels, dtype=torch.float64)
    for x, target in zip(inputs, targets, strict=True):
        mixed = block.mixed(x)
        hidden = block.hidden(mixed).permute(0, 2, 3, 1).flatten(0, 2).double()
        hidden = torch.cat([hidden, torch.ones(len(hidden), 1, dtype=torch.float64)], 1)
        wanted = target - mixed if block.residual else target
        gram += hidden.T @ hidden
        moment += hidden.T @ wanted.permute(0, 2, 3, 1).flatten(0, 2).double()
    before = torch.cat([block.narrow.weight[:, :, 0, 0], block.narrow.bias[:, None]], 1).T.double()
    ridge = _RIDGE * gram.diagonal().mean() * torch.eye(width, dtype=torch.float64)
    solved = torch.linalg.solve(gram + ridge, moment + ridge @ before).float()
    block.narrow.weight.copy_(solved[:-1].T[:, :, None, None])
    block.narrow.bias.copy_(solved[-1])
