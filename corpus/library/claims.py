"""Claims: what mentions say of a document, each distinct content stored once with what it was found to mean."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from corpus import identity
from corpus.identity import Facts
from corpus.library.schema import claims
from corpus.resolution.clusters import Item
from corpus.resolution.within_document import ReadMention


class Outcome(NamedTuple):
    """What a mention was found to mean: columns of ``claims``, with ids of nodes."""

    target: int | None
    state: str
    method: str
    confidence: float
    conflicts: list[str]
    candidates: list[int]


@dataclass(slots=True)
class Affected:
    """What must be resolved again: buckets of numbers, and buckets of laws' names."""

    buckets: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    #: Documents that changed besides what is resolved again.
    changed: set[int] = field(default_factory=set)

    def add(self, bucket: str | None, name_bucket: str | None) -> None:
        """Add the buckets of one document or claim, None for none."""
        if bucket:
            self.buckets.add(bucket)
        if name_bucket:
            self.names.add(name_bucket)

    def __ior__(self, other: Affected) -> Self:
        self.buckets |= other.buckets
        self.names |= other.names
        self.changed |= other.changed
        return self


def content_of(sha256: str, citing: str | None, read: ReadMention) -> dict[str, Any]:
    """What a mention says, with as much of its document as its meaning depends on.

    sha256, citing: hash and date of the document that it stands in.
    """
    facts = read.facts
    content: dict[str, Any] = {"f": facts.as_json()}
    if citing and not (facts.sym_key and facts.issuer_known and facts.year):
        content["citing"] = citing
    if facts.sym_key and not facts.issuer_known:
        content["source"] = sha256  # an agency whose place is unknown is that of no other document
    if read.antecedent is not None:
        content["antecedent"] = True
    if read.by_name:
        content["by_name"] = True
    if read.context:
        content["context"] = read.context
    return content


_sorted_json = json.JSONEncoder(sort_keys=True).encode


def signature(content: dict[str, Any]) -> str:
    """The hash by which a claim is found again."""
    return hashlib.sha256(_sorted_json(content).encode()).hexdigest()[:32]


def claim_rows(connection: Connection, where: ColumnElement[bool]) -> dict[int, RowMapping]:
    """The rows of ``claims`` by id."""
    return {int(r["id"]): r for r in connection.execute(select(claims).where(where)).mappings()}


def claim_item(row: RowMapping) -> Item:
    """A stored claim as an item of its bucket."""
    content = row["facts"]
    return Item(
        "mention",
        int(row["id"]),
        Facts(**content["f"]),
        content.get("source") or str(row["sig"]),
        votes=row["votes"],
        hidden_votes=row["hidden_votes"],
        citing=content.get("citing"),
        antecedent=content.get("antecedent", False),
        by_name=content.get("by_name", False),
        context=content.get("context", ""),
    )


def claims_by_name_alone(name_bucket: str) -> ColumnElement[bool]:
    """The condition for claims that cite a law by its name, without a number."""
    return (claims.c.name_bucket == name_bucket) & claims.c.bucket.is_(None)


def buckets_of(facts: Facts) -> tuple[str | None, str | None]:
    """The bucket of a document's number and that of its name."""
    return identity.bucket(facts), identity.name_bucket(facts)
