"""Fuzzes the parsers: ``python -m tests.fuzz --minutes 10 [--target citations]``.

Inputs are mutations of sample documents and of the kept corpus (:mod:`tests.fuzz.mutate`); those that run new lines or give
answers of a new kind are mutated further and, cut as short as they stay new, kept in ``tests/fuzz_corpus`` at the end.
Every answer is checked (:mod:`tests.fuzz.targets`) and every input has a bound on its processor time that grows with its
length. A line of progress every half minute; at the end JSON with the figures; exit code 1 where anything was found.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from corpus.errors import QueryError
from tests.fuzz import kept
from tests.fuzz.lines import Lines
from tests.fuzz.material import seeds
from tests.fuzz.mutate import mutated
from tests.fuzz.targets import MAIN, TARGETS, Target

#: Longer inputs are traced less often: tracing costs many times the run.
TRACED = 1_500
#: Ten times the text may take so many times as long: it is ten and the noise of a busy machine.
GROWTH = 20
#: Targets whose inputs are no longer than this have a cap of their own and are not grown.
CAPPED = 2_000
#: Entries the corpus of a target may have; what adds least is left out.
MOST_KEPT = 150


@dataclass(slots=True)
class Fault:
    """An input that broke something. kind: the exception's name, "Breach" or "slow"."""

    kind: str
    said: str
    text: str


@dataclass
class Run:
    """One target's run."""

    target: Target
    seed: int
    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    slowest_text: str = ""
    # The input that came nearest to its bound, and how near (1.0 is the bound).
    nearest: float = 0.0
    nearest_text: str = ""
    faults: list[Fault] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    pool: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._lines = Lines(self.target.modules)
        self._places: set[str] = set()

    # ------------------------------------------------------------ one input

    def answer(self, text: str) -> set[str] | None:
        """What the answer is like; None after a fault, which is noted (one a place in the code)."""
        began = time.thread_time()
        try:
            said = self.target.call(text)
        except QueryError as error:
            self._fault(Fault("QueryError", str(error), text), "QueryError")
            return None
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            place = f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno} {frames[-2].lineno}"
            self._fault(Fault(type(error).__name__, f"{error} — {place}", text), place)
            return None
        spent = time.thread_time() - began
        bound = self.target.bound(text)
        if spent > bound:  # once more, twice: the machine may have been at something else
            spent = min(spent, *(self._spent(text) for _ in range(2)))
            if spent > bound:
                self._fault(Fault("slow", f"{spent:.3f} s of processor time, allowed {bound:.3f} s", text), "slow")
                return None
        if spent > self.slowest:
            self.slowest, self.slowest_text = spent, text
        if spent / bound > self.nearest:
            self.nearest, self.nearest_text = spent / bound, text
        return said

    def _spent(self, text: str) -> float:
        began = time.thread_time()
        self.target.call(text)
        return time.thread_time() - began

    def _fault(self, fault: Fault, place: str) -> None:
        if place in self._places:
            return
        self._places.add(place)
        if fault.kind != "growth":
            fault.text = shortened(fault.text, lambda text: self._same_fault(text, fault.kind, fault.said), seconds=5.0)
        self.faults.append(fault)
        print(f"  {self.target.name}: {fault.kind}: {fault.said}\n    {fault.text[:300]!r}", flush=True)

    def _same_fault(self, text: str, kind: str, said: str) -> bool:
        try:
            spent = self._spent(text)
        except Exception as error:
            return type(error).__name__ == kind and str(error).split(" ")[0] == said.split(" ")[0]
        return kind == "slow" and spent > self.target.bound(text)

    def features(self, text: str) -> set[str]:
        """The kinds of answer and the lines run."""
        said: set[str] = set()

        def call() -> None:
            said.update(self.target.call(text))

        return self._lines.of(call) | said

    # ------------------------------------------------------------ the loop

    def start(self) -> None:
        """Learns what the kept corpus and the seeds do."""
        for text in (*kept.load(self.target.name), *seeds(self.target.name)):
            self.pool.append(text)
            self.inputs += 1
            if self.answer(text) is not None and len(text) < 20_000:
                self.known |= self.features(text)

    def go(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Fuzzes for *seconds* of wall time, or *until* that is true."""
        began = told = time.monotonic()
        gc.collect()
        while (now := time.monotonic()) - began < seconds and not until():
            if now - told >= 30:
                told = now
                print(self._progress(now - began), flush=True)
            self.step()
        self.seconds += time.monotonic() - began

    def grow(self) -> None:
        """A piece of an input many times over, then ten times that: it may take up to GROWTH times as long."""
        unit = mutated(self._random, self.target.name, self.pool, 150)
        if not unit.strip():
            return
        before = self._random.choice(self.pool)[: self._random.choice((0, 0, 300, 1000))]
        texts = [before + (unit * (size // len(unit) + 1))[:size] for size in (8_000, 80_000)]
        self.inputs += 2
        try:
            small, large = (self._spent(text) for text in texts)
            if large > GROWTH * max(small, 0.02):  # once more: the machine may have been at something else
                small, large = (min(self._spent(text) for _ in range(2)) for text in texts)
        except Exception:
            self.answer(texts[0])
            return
        if large > GROWTH * max(small, 0.02):
            said = f"{small:.3f} s for {len(texts[0])} characters, {large:.3f} s for {len(texts[1])}"
            self._fault(Fault("growth", said, texts[1]), "growth")

    def step(self) -> None:
        if self.target.most > CAPPED and self._random.random() < 0.005:
            self.grow()
            return
        # What was found last leads on.
        pool = self.new[-30:] if self.new and self._random.random() < 0.4 else self.pool
        most = self.target.most if self._random.random() < 0.05 else min(self.target.most, 6_000)
        text = mutated(self._random, self.target.name, pool, most)
        self.inputs += 1
        said = self.answer(text)
        if said is None:
            return
        if said <= self.known and self._random.random() > (0.3 if len(text) < TRACED else 0.05):
            return
        seen = self.features(text)
        if seen <= self.known:
            return
        self.known |= seen
        self.new.append(text)
        self.pool.append(text)

    def _progress(self, seconds: float) -> str:
        return (
            f"{self.target.name}: {seconds:5.0f} s, {self.inputs} inputs, {self.inputs / max(seconds, 1e-3):.0f}/s, "
            f"{len(self.known)} features, {len(self.new)} new, slowest {self.slowest * 1000:.0f} ms "
            f"({self.nearest:.0%} of its bound), {len(self.faults)} faults"
        )

    # ------------------------------------------------------------ the corpus

    def keep(self, seconds: float = 60.0) -> int:
        """Writes the corpus: what was kept, faults, and new inputs cut short; how many are new."""
        end = time.monotonic() + seconds
        before = kept.load(self.target.name)
        texts = list(before)
        have: set[str] = set()
        for text in (*before, *seeds(self.target.name)):
            if len(text) < 20_000 and not self._fails(text):
                have |= self.features(text)
        for text in sorted(self.new, key=len):
            gain = self.features(text) - have
            if not gain or time.monotonic() > end or len(texts) >= MOST_KEPT:
                continue

            def still(shorter: str, gain: set[str] = gain) -> bool:
                return not self._fails(shorter) and gain <= self.features(shorter)

            text = shortened(text, still, seconds=1.0)
            have |= self.features(text)
            texts.append(text)
        texts += [fault.text for fault in self.faults if len(fault.text) < 20_000]
        if self.nearest > 0.5 and len(self.nearest_text) < 20_000:
            texts.append(self.nearest_text)
        kept.save(self.target.name, texts)
        return len(kept.load(self.target.name)) - len(before)

    def _fails(self, text: str) -> bool:
        try:
            self.target.call(text)
        except Exception:
            return True
        return False

    def report(self, kept_now: int) -> dict[str, Any]:
        return {
            "target": self.target.name,
            "seed": self.seed,
            "inputs": self.inputs,
            "seconds": round(self.seconds, 1),
            "per_second": round(self.inputs / max(self.seconds, 1e-3), 1),
            "features": len(self.known),
            "bound": f"{self.target.base} s + {self.target.each * 1e6:g} µs a character",
            "slowest_ms": round(self.slowest * 1000, 1),
            "slowest_characters": len(self.slowest_text),
            "nearest_to_bound": round(self.nearest, 3),
            "new_in_corpus": kept_now,
            "exceptions": sum(fault.kind not in {"Breach", "slow", "growth"} for fault in self.faults),
            "breaches": sum(fault.kind == "Breach" for fault in self.faults),
            "over_time": sum(fault.kind in {"slow", "growth"} for fault in self.faults),
            "faults": [{"kind": f.kind, "said": f.said, "text": f.text[:500]} for f in self.faults],
        }


def shortened(text: str, still: Callable[[str], bool], *, seconds: float) -> str:
    """*text* with as much cut out as it can lose while *still* holds (delta debugging, for at most *seconds*)."""
    end = time.monotonic() + seconds
    size = max(1, len(text) // 2)
    while size and time.monotonic() < end:
        at, cut = 0, False
        while at < len(text) and time.monotonic() < end:
            shorter = text[:at] + text[at + size :]
            if still(shorter):
                text, cut = shorter, True
            else:
                at += size
        size = size if cut and size > 1 else size // 2
    return text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="of each target")
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="default: " + ", ".join(MAIN))
    parser.add_argument("--seed", type=int, default=None, help="of the random source; default: the clock")
    parser.add_argument("--no-keep", action="store_true", help="leave the corpus as it is")
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else int(time.time())
    reports = []
    for name in args.target or MAIN:
        run = Run(TARGETS[name], seed)
        run.start()
        run.go(args.minutes * 60)
        reports.append(run.report(0 if args.no_keep else run.keep()))
    print(json.dumps(reports, ensure_ascii=True, indent=1))
    return 1 if any(report["faults"] for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
