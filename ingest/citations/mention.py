"""What the verbs hand on to each other: one mention of a document, in offsets of the working copy."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.so_ky_hieu import SoKyHieu
from corpus.vocabulary import Relation


@dataclass(slots=True)
class Mention:
    """start…end: type word … issuer. core_end: end of the number, before date and issuer.

    own_type: the type word stands here (False: carried). title: span of the free text behind. issuer_before: the agency
    stood before the type word, so it holds for the whole list. reasons: why a person should look.
    """

    start: int
    end: int
    core_end: int
    doc_type: str | None = None
    own_type: bool = True
    number: SoKyHieu | None = None
    bare: str | None = None
    date: str | None = None
    issuer: str | None = None
    issuer_before: bool = False
    title: tuple[int, int] | None = None
    name: str | None = None
    symbol: str | None = None
    repaired: bool = False
    doubtful: bool = False
    linked: bool = False  # only a separator stands between the mention before and this one
    parted: bool = False  # and that separator is a semicolon
    nested: bool = False
    relation: Relation = Relation.REFERS_TO
    basis: bool = False
    reasons: list[str] = field(default_factory=list)
