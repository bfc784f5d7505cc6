"""One target's campaign: makes inputs, checks their answers and their work, and collects what is new."""

from __future__ import annotations

import gc
import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from corpus.errors import QueryError
from tests.fuzz import kept_inputs
from tests.fuzz.executed_lines import LineTracer
from tests.fuzz.material import seeds
from tests.fuzz.mutations import mutated
from tests.fuzz.shorten import shortened
from tests.fuzz.targets import Target

#: Longer inputs are traced less often, since tracing costs many times the run.
TRACED = 1_500
#: Longer inputs are not kept and not traced at the start.
LONGEST_KEPT = 20_000
#: A text ten times as long may cause so many times the work: ten, and some for what grows with its parts.
GROWTH = 15
#: Work that is never too much, in lines.
SMALL_WORK = 2_000
#: Targets with a maximum length up to this bound their work by it, and their growth is not tried.
CAPPED = 2_000
#: Kept inputs of a target at most.
MOST_KEPT = 150
#: Seconds after which a call counts as endless; no machine takes so long for an input that ends.
ENDLESS = 120
#: Seconds between lines of progress.
PROGRESS = 30


class Endless(Exception):
    """A call that does not end."""


@contextmanager
def ended() -> Iterator[None]:
    """Raises Endless inside it after :data:`ENDLESS` seconds."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Endless

    handler = signal.signal(signal.SIGALRM, stop)
    timer = signal.setitimer(signal.ITIMER_REAL, ENDLESS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)


@dataclass(slots=True)
class Fault:
    """An input that broke something."""

    #: The exception's name, "Breach" for an answer that breaks a promise, "work" or "growth".
    kind: str
    message: str
    text: str


@dataclass
class Campaign:
    """The fuzzing of one target."""

    target: Target
    seed: int
    inputs: int = 0
    seconds: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    #: Kinds of answers and pairs of lines that were seen.
    known: set[str] = field(default_factory=set)
    #: Inputs that are mutated, and those of them that this campaign found.
    pool: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    #: The traced input whose work came nearest to its bound, and how near (1.0 is the bound).
    nearest: float = 0.0
    nearest_text: str = ""

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._tracer = LineTracer(self.target.places)
        self._fault_places: set[str] = set()

    # One input

    def answer(self, text: str) -> set[str] | None:
        """What the answer is like; None after a fault, which is noted once for each place in the code."""
        try:
            with ended():
                return self.target.call(text)
        except QueryError as error:
            self._note(Fault("QueryError", str(error), text), "QueryError")
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            place = f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno} {frames[-2].lineno}"
            self._note(Fault(type(error).__name__, f"{error} — {place}", text), place)
        return None

    def features(self, text: str) -> set[str]:
        """The kinds of the answer and the pairs of lines that run; checks the work."""
        kinds: set[str] = set()
        execution = self._tracer.run(lambda: kinds.update(self.target.call(text)))
        bound = self.target.bound(text)
        if execution.lines > bound:
            self._note(Fault("work", f"{execution.lines} lines, at most {bound} allowed", text), "work")
        elif execution.lines / bound > self.nearest:
            self.nearest, self.nearest_text = execution.lines / bound, text
        return kinds | execution.steps

    def _note(self, fault: Fault, place: str) -> None:
        if place in self._fault_places:
            return
        self._fault_places.add(place)
        if fault.kind != "growth":
            fault.text = shortened(fault.text, lambda text: self._shows(text, fault))
        self.faults.append(fault)
        print(f"  {self.target.name}: {fault.kind}: {fault.message}\n    {fault.text[:300]!r}", flush=True)

    def _shows(self, text: str, fault: Fault) -> bool:
        """Whether *text* shows the same fault."""
        try:
            with ended():
                work = self._work(text)
        except Exception as error:
            return type(error).__name__ == fault.kind and str(error).split(" ")[0] == fault.message.split(" ")[0]
        return fault.kind == "work" and work > self.target.bound(text)

    def _work(self, text: str) -> int:
        return self._tracer.run(lambda: self.target.call(text)).lines

    # The loop

    def start(self) -> None:
        """Learns what the kept inputs and the seeds do."""
        for text in (*kept_inputs.load(self.target.name), *seeds(self.target.name)):
            self.pool.append(text)
            self.inputs += 1
            if self.answer(text) is not None and len(text) < LONGEST_KEPT:
                self.known |= self.features(text)

    def go(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Fuzzes for *seconds* of wall time, or *until* that is true."""
        began = reported = time.monotonic()
        gc.collect()
        while (now := time.monotonic()) - began < seconds and not until():
            if now - reported >= PROGRESS:
                reported = now
                print(self._progress(now - began), flush=True)
            self.step()
        self.seconds += time.monotonic() - began

    def step(self) -> None:
        """Makes one input and looks at its answer."""
        if self.target.most > CAPPED and self._random.random() < 0.005:
            self.grow()
            return
        # What was found last leads on.
        pool = self.new[-30:] if self.new and self._random.random() < 0.4 else self.pool
        most = self.target.most if self._random.random() < 0.05 else min(self.target.most, 6_000)
        text = mutated(self._random, self.target.name, pool, most)
        self.inputs += 1
        kinds = self.answer(text)
        if kinds is None:
            return
        if kinds <= self.known and self._random.random() > (0.3 if len(text) < TRACED else 0.05):
            return
        seen = self.features(text)
        if seen <= self.known:
            return
        self.known |= seen
        self.new.append(text)
        self.pool.append(text)

    def grow(self) -> None:
        """A piece repeated to 8,000 and to 80,000 characters: the work may be up to GROWTH times as much."""
        unit = mutated(self._random, self.target.name, self.pool, 150)
        if not unit.strip():
            return
        before = self._random.choice(self.pool)[: self._random.choice((0, 0, 300, 1000))]
        texts = [before + (unit * (size // len(unit) + 1))[:size] for size in (8_000, 80_000)]
        self.inputs += 2
        try:
            with ended():
                small, large = (self._work(text) for text in texts)
        except Exception:
            self.answer(texts[0])
            return
        if large > GROWTH * max(small, SMALL_WORK):
            message = f"{small} lines for {len(texts[0])} characters, {large} for {len(texts[1])}"
            self._note(Fault("growth", message, texts[1]), "growth")

    def _progress(self, seconds: float) -> str:
        return (
            f"{self.target.name}: {seconds:5.0f} s, {self.inputs} inputs, {self.inputs / max(seconds, 1e-3):.0f}/s, "
            f"{len(self.known)} features, {len(self.new)} new, work up to {self.nearest:.0%} of its bound, "
            f"{len(self.faults)} faults"
        )

    # The kept inputs

    def keep(self, most: int = 400) -> int:
        """Keeps faults and new inputs, shortened; how many are new. most: new inputs looked at, shortest first."""
        before = kept_inputs.load(self.target.name)
        texts = list(before)
        have: set[str] = set()
        for text in (*before, *seeds(self.target.name)):
            if len(text) < LONGEST_KEPT and not self._fails(text):
                have |= self.features(text)
        for text in sorted(self.new, key=len)[:most]:
            gain = self.features(text) - have
            if not gain or len(texts) >= MOST_KEPT:
                continue

            def still(shorter: str, gain: set[str] = gain) -> bool:
                return not self._fails(shorter) and gain <= self.features(shorter)

            text = shortened(text, still, attempts=100)
            have |= self.features(text)
            texts.append(text)
        texts += [fault.text for fault in self.faults if len(fault.text) < LONGEST_KEPT]
        if self.nearest > 0.5 and len(self.nearest_text) < LONGEST_KEPT:
            texts.append(self.nearest_text)
        kept_inputs.save(self.target.name, texts)
        return len(kept_inputs.load(self.target.name)) - len(before)

    def _fails(self, text: str) -> bool:
        try:
            with ended():
                self.target.call(text)
        except Exception:
            return True
        return False

    def report(self, kept_now: int) -> dict[str, Any]:
        """The figures of the campaign. kept_now: inputs that were added to the kept ones."""
        return {
            "target": self.target.name,
            "seed": self.seed,
            "inputs": self.inputs,
            "seconds": round(self.seconds, 1),
            "per_second": round(self.inputs / max(self.seconds, 1e-3), 1),
            "features": len(self.known),
            "bound": f"{self.target.fixed} lines + {self.target.each:g} a character",
            "nearest_to_bound": round(self.nearest, 3),
            "nearest_characters": len(self.nearest_text),
            "new_in_corpus": kept_now,
            "exceptions": sum(fault.kind not in {"Breach", "work", "growth"} for fault in self.faults),
            "breaches": sum(fault.kind == "Breach" for fault in self.faults),
            "too_much_work": sum(fault.kind in {"work", "growth"} for fault in self.faults),
            "faults": [{"kind": f.kind, "message": f.message, "text": f.text[:500]} for f in self.faults],
        }
