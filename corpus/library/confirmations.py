"""Confirmations: a person states which document a citation means; kept apart from what was read, as corrections are.

A confirmation is a row of the audit list (action ``confirm``): the file, what its citation says, the document meant and
who says so. It holds for every citation of the file that says the same or less, and after every new reading of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from corpus.identity import Facts
from corpus.library import audit as audit_list
from corpus.library.schema import audit, nodes, records
from corpus.library.view import LibraryView
from corpus.resolution.within_document import ReadMention


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One confirmation that was not undone."""

    #: Of the audit list, for undo.
    id: int
    who: str
    #: The document meant, by its id of that time.
    target: int


def apply(connection: Connection, sha256: str, reads: Sequence[ReadMention]) -> None:
    """Let the mentions of the file *sha256* mean the documents that people confirmed; fills *reads* in place."""
    apply_details(audit_list.standing(connection, ["confirm"], [sha256])["confirm"].get(sha256, ()), reads)


def apply_details(details: Iterable[Mapping[str, Any]], reads: Sequence[ReadMention]) -> None:
    """:func:`apply` with the entries of the file given; fills *reads* in place."""
    for detail in (one for one in details if one.get("means") is not None):
        cited, means = Facts(**detail["cited"]), Facts(**detail["means"])
        for read in reads:
            if not read.is_self and _is_like(read.facts, cited):
                read.facts = replace(means, title=read.facts.title, inferred=False)
                read.by_name, read.context = False, ""


def _standing(sha256: str) -> tuple[Any, ...]:
    of = audit.c.detail
    return (
        audit.c.action == "confirm",
        audit.c.undone_by.is_(None),
        of["sha256"].as_string() == sha256,
        of["means"].is_not(None),
    )


def _is_like(read: Facts, cited: Facts) -> bool:
    """Whether a mention has the number of the confirmed one, or the law's name, and says nothing else than it."""
    same = (read.number, read.sym_key) == (cited.number, cited.sym_key) and (read.number or read.law == cited.law)
    return bool(same) and all(
        getattr(read, name) in (None, getattr(cited, name)) for name in ("date", "issuer_key", "law")
    )


def facts_of_node(connection: Connection, node: int) -> Facts:
    """What identifies the document of *node*, held or only cited."""
    return Facts(**connection.execute(select(nodes.c.facts).where(nodes.c.id == node)).scalar_one()["f"])


def of_document(view: LibraryView, id: int) -> list[Confirmation]:
    """The confirmations of a held document that were not undone, oldest first."""
    with view.reading() as connection:
        sha256 = connection.execute(
            select(records.c.sha256).join(nodes, nodes.c.id == records.c.node_id).where(nodes.c.id == id, view.visible)
        ).scalar()
        found = connection.execute(select(audit).where(*_standing(sha256 or "")).order_by(audit.c.id)).all()
        return [Confirmation(r.id, r.detail["who"], r.detail["target"]) for r in found]
