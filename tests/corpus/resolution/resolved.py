"""Citations as a library resolves them, for the tests of resolution."""

from __future__ import annotations

from pathlib import Path

from corpus.library import Library
from corpus.library.values import Mention
from corpus.model import Record
from tests.support.libraries import TINH, record


def citing(*cites: dict[str, object], issuer: str = TINH, date: str = "2024-06-01", **more: object) -> Record:
    """A plan of *issuer* with these citations."""
    return record("99/KH-UBND", date, issuer, list(cites), **more)  # type: ignore[arg-type]


def mentions_of(folder: Path, *records: Record, facts: bool = False) -> list[Mention]:
    """The mentions of the last of *records*, in a new library that holds the others as well."""
    folder.mkdir(exist_ok=True)
    with Library.open(folder / "l", create=True, facts=facts) as library:
        ids = [library.intake.add(each).id for each in records]
        return library.view().mentions(ids[-1])


def keys(mentions: list[Mention]) -> list[str | None]:
    """The keys of the documents that mentions mean."""
    return [mention.citation.target for mention in mentions]
