"""Rules drawn on a page: straight lines along its edges, in fractions of the page, pieces of one line joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

#: Rules of a page that are looked at; a page with more is a drawing.
MOST_RULES = 6000
#: Horizontal rules of the smallest grid.
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: where it lies across its direction, and from where to where it runs along it."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Rules:
    """The rules of a page as it was read. Heights for horizontal rules, places from the left for vertical ones."""

    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    #: How far apart two rules may lie that are one, as fractions of the page's width and height.
    near_x: float = 0.005
    near_y: float = 0.0035
    #: How much they fell to the right, in pixels per pixel, before they were put straight; only on pictures.
    slope: float = 0.0
    #: Whether they were seen on a picture, where strokes of seals and of underlined words are among them.
    pictured: bool = False

    def may_make_grid(self) -> bool:
        """Whether there are enough rules for two cells; asked of every page."""
        return len(self.horizontal) >= _FEWEST and bool(self.vertical) and len(self.horizontal) + len(self.vertical) > 3

    def joined(self) -> Rules:
        """The same with pieces of one rule as one; no rules where there are too many."""
        if len(self.horizontal) + len(self.vertical) > MOST_RULES:
            return Rules(near_x=self.near_x, near_y=self.near_y)
        horizontal = _joined(self.horizontal, self.near_y, self.near_x)
        vertical = _joined(self.vertical, self.near_x, self.near_y)
        return Rules(horizontal, vertical, self.near_x, self.near_y, pictured=self.pictured)


def clustered(values: Iterable[float], near: float) -> list[float]:
    """The values in order, those within *near* of the one before as one, their mean."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= near and value - groups[-1][0] <= 2 * near:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _joined(rules: Sequence[Rule], near: float, gap: float) -> list[Rule]:
    """Rules at one place that touch or overlap, as one."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if lines and rule.at - lines[-1][-1].at <= near and rule.at - lines[-1][0].at <= 2 * near:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    out: list[Rule] = []
    for line in lines:
        at = sum(rule.at for rule in line) / len(line)
        start = end = None
        for rule in sorted(line, key=lambda r: r.start):
            if end is None or start is None:
                start, end = rule.start, rule.end
            elif rule.start <= end + gap:
                end = max(end, rule.end)
            else:
                out.append(Rule(at, start, end))
                start, end = rule.start, rule.end
        if start is not None and end is not None:
            out.append(Rule(at, start, end))
    return out
