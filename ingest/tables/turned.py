"""Wide tables that lie on their side on upright pages: their words and rules in the frame in which they are read."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from corpus.model import Box
from ingest.page import Word
from ingest.tables.rules import Rule, Rules

#: Letters of a word whose shape tells how it lies; shorter ones are about square.
_TELLING = 3
#: Words that must tell, and the share of them that must lie sideways.
_FEWEST, _MOSTLY = 6, 0.6


class Turn(Enum):
    """How the text of a page lies."""

    #: It runs to the right.
    UPRIGHT = 0
    #: It runs to the head of the page: the reader turns the sheet clockwise.
    UP = 1
    #: It runs to the foot of the page.
    DOWN = 3

    def into(self, box: Box) -> Box:
        """A box of the page in the frame in which its text runs to the right."""
        x0, y0, x1, y1 = box
        if self is Turn.UP:
            return (1 - y1, x0, 1 - y0, x1)
        return (y0, 1 - x1, y1, 1 - x0) if self is Turn.DOWN else box

    def back(self, box: Box) -> Box:
        """A box of that frame as one of the page."""
        x0, y0, x1, y1 = box
        if self is Turn.UP:
            return (y0, 1 - x1, y1, 1 - x0)
        return (1 - y1, x0, 1 - y0, x1) if self is Turn.DOWN else box


def turn_of(words: Sequence[Word], aspect: float) -> Turn:
    """How most of *words* lie; their order is that of reading. aspect: the page's width over its height."""
    telling = [word.box for word in words if len(word.text) >= _TELLING]
    sideways = sum(y1 - y0 > (x1 - x0) * aspect for x0, y0, x1, y1 in telling)
    if len(telling) < _FEWEST or sideways < _MOSTLY * len(telling):
        return Turn.UPRIGHT
    # Words that follow one another on one line stand above or below each other.
    ups = downs = 0
    for before, after in pairwise(words):
        if abs(before.box[0] - after.box[0]) < 0.5 * _width(before):
            if after.box[3] <= before.box[1]:
                ups += 1
            elif after.box[1] >= before.box[3]:
                downs += 1
    return Turn.UP if ups >= downs else Turn.DOWN


def _width(word: Word) -> float:
    return word.box[2] - word.box[0]


def turned_words(words: Sequence[Word], turn: Turn) -> list[Word]:
    """*words* in the frame in which their text runs to the right."""
    # Made anew rather than with dataclasses.replace, which takes three times as long.
    return [Word(w.text, turn.into(w.box), w.confidence, w.start, w.end, w.witnesses, w.stamped) for w in words]


def turned_rules(rules: Rules, turn: Turn) -> Rules:
    """*rules* in that frame."""
    if turn is Turn.UPRIGHT:
        return rules
    mirror_x, mirror_y = turn is Turn.DOWN, turn is Turn.UP
    # A horizontal rule runs from left to right; in the frame it stands upright, and the other way about.
    vertical = [_mirrored(rule, at=mirror_y, along=mirror_x) for rule in rules.horizontal]
    horizontal = [_mirrored(rule, at=mirror_x, along=mirror_y) for rule in rules.vertical]
    return Rules(horizontal, vertical, rules.near_y, rules.near_x, rules.slope, rules.pictured)


def _mirrored(rule: Rule, *, at: bool, along: bool) -> Rule:
    start, end = (1 - rule.end, 1 - rule.start) if along else (rule.start, rule.end)
    return Rule(1 - rule.at if at else rule.at, start, end)
