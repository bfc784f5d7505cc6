"""How strictly a tier reads the query."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strictness:
    """What must hold in one tier."""

    #: Diacritics must be as typed or restored.
    exact: bool
    #: A partial date must be wholly within the dates asked for.
    within: bool
    #: The syllables of one word must be side by side.
    joined: bool = True


#: What is negated is taken as typed, and a date that only may match excludes too.
NEGATED = Strictness(exact=True, within=False)
