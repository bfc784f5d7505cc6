"""Readers of the web pages: what they ask for, and how long the answers take."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.timing import nearest_ranks

#: Seconds a reader waits between an answer and the next question, and for an answer.
PAUSE, PATIENCE = 1.0, 30.0

#: Draws a question: the kind of page, and its address.
Ask = Callable[[random.Random], tuple[str, str]]


@dataclass(slots=True)
class Answers:
    """What the readers met."""

    #: Kind of page → milliseconds of each answer.
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    #: What went wrong → how often.
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """All answers."""
        return sum(map(len, self.took.values()))

    def figures(self) -> dict[str, Any]:
        """Requests and percentiles of each kind of page, and of all."""
        everything = [value for values in self.took.values() for value in values]
        kinds = sorted({**self.took, "all": everything}.items())
        return {kind: {"requests": len(values), **nearest_ranks(values)} for kind, values in kinds}


async def read(address: str, ask: Ask, seconds: float, readers: int, seed: int = 0) -> Answers:
    """*readers* at once for *seconds*."""
    answers, end = Answers(), time.monotonic() + seconds

    async def reader(number: int) -> None:
        chance = random.Random(seed + number)
        await asyncio.sleep(chance.random())
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE, trust_env=False) as client:
            while time.monotonic() < end:
                kind, path = ask(chance)
                began = time.perf_counter()
                try:
                    answer = await client.get(path)
                    if answer.status_code != 200:
                        answers.errors[f"{answer.status_code} {path}"] += 1
                except httpx.HTTPError as error:
                    answers.errors[f"{type(error).__name__} {path}"] += 1
                answers.took[kind].append(1000 * (time.perf_counter() - began))
                await asyncio.sleep(PAUSE)

    await asyncio.gather(*(reader(number) for number in range(readers)))
    return answers
