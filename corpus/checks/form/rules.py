"""The rules of form: their places and advice from the table, and the findings that name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from corpus.tables import rows
from corpus.worded import WordedEnum


class RuleSet(WordedEnum):
    """Whose rules a document follows."""

    STATE = "hanh_chinh", "Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I"
    PARTY = "dang", "Hướng dẫn 36-HD/VPTW ngày 03/4/2018"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of form."""

    key: str
    rules: RuleSet
    #: Where it stands ("Mục II khoản 3 điểm c").
    place: str
    #: What it asks for, in Vietnamese.
    advice: str


@dataclass(frozen=True, slots=True)
class FormFinding:
    """A place of a draft that a rule asks to be otherwise."""

    rule: Rule
    #: What is written there, in one line; "" where something is missing.
    seen: str = ""
    #: Where it stands in the stored text; None where something is missing, and for the sheet.
    start: int | None = None
    end: int | None = None


@cache
def _table() -> dict[str, Rule]:
    return {r["key"]: Rule(r["key"], RuleSet(r["rules"]), r["place"], r["advice"]) for r in rows("form_rules")}


def rule(key: str, rules: RuleSet = RuleSet.STATE) -> Rule:
    """The rule of that key; the one that party documents have for the same thing where *rules* are the party's.

    Raises KeyError where there is none.
    """
    return _table()[f"{key}_dang" if rules is RuleSet.PARTY else key]


def all_rules() -> Iterator[Rule]:
    """Every rule of the table."""
    return iter(_table().values())
