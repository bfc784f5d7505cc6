"""What is fuzzed.

A target is called with any string. It takes the string in as a file's text or a typed query is taken in
(:func:`corpus.fold.nfc`), calls the parser and checks what came out. It returns words for what the answer is like,
which tell new kinds of inputs from old ones. Any exception but a QueryError that it expects is a fault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.fuzz.target_documents import citations, header, record
from tests.fuzz.target_numbers import number
from tests.fuzz.target_queries import day, lookup, query


@dataclass(frozen=True, slots=True)
class Target:
    """A parser with the work its inputs may cause.

    Work is lines of Python run in the source files of *places*. An input may cause *fixed* lines and *each* more for
    each of its characters: several times what any known input causes.
    """

    name: str
    call: Callable[[str], set[str]]
    #: Beginnings of paths within the project.
    places: tuple[str, ...]
    fixed: int
    each: float
    #: Characters of an input at most.
    most: int = 20_000

    def bound(self, text: str) -> float:
        """Lines that *text* may cause."""
        return self.fixed + self.each * len(text)


_NUMBERS = ("corpus/so_ky_hieu.py", "corpus/fold.py", "corpus/spoken_number.py", "search/index/number_terms.py")
_LAYOUT = ("ingest/layout/",)

TARGETS = {
    target.name: target
    for target in (
        Target("so_ky_hieu", number, (*_NUMBERS, "corpus/spoken_number.py"), 15_000, 10),
        Target("header", header, _LAYOUT, 150_000, 100),
        Target("citations", citations, ("ingest/citations/", *_LAYOUT), 10_000, 70),
        Target("query", query, ("search/query/", "search/compiler/"), 60_000, 60, most=2_000),
        Target("record", record, ("ingest/citations/", *_LAYOUT), 15_000, 150),
        Target("lookup", lookup, ("corpus/library/lookup.py", "corpus/spoken_number.py"), 1_500, 5, most=2_000),
        Target("dates", day, ("corpus/dates.py", "search/query/date_query.py"), 500, 2, most=2_000),
    )
}
#: The targets that must be fuzzed; the others are further places where text comes in.
MAIN = ("so_ky_hieu", "header", "citations", "query")
