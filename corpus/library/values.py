"""What the store gives its readers: plain values, detached from the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from corpus.identity import Facts
from corpus.model import Citation, Record
from corpus.vocabulary import Relation, Verdict, Zone


def is_wide_basis(citation: Citation) -> bool:
    """Legal basis, or a proposal or task named before the operative part ("cơ sở ban hành")."""
    wide = {Relation.PROPOSED_IN, Relation.IMPLEMENTS, Relation.DEPLOYS}
    near = citation.zone == Zone.PREAMBLE and citation.relation in wide
    return citation.is_legal_basis or near


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file. status: new, unchanged, updated (newer reader), duplicate (same content, other path)."""

    id: int
    status: Literal["new", "unchanged", "updated", "duplicate"]
    doc_key: str


class Corrected(NamedTuple):
    """What a person put right: the field, its value, who did."""

    field: str
    after: str | None
    who: str


@dataclass(frozen=True, slots=True)
class Held:
    """One file as it was read, without the corrections that stand, which come beside it."""

    record: Record
    reader_version: str
    corrected: list[Corrected]


class Attribution(NamedTuple):
    """The date, issuer and title that one document gives another where it cites it."""

    source: int
    date: str | None
    issuer: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A document changed (put) or is gone (delete). seq grows in commit order."""

    seq: int
    id: int
    kind: Literal["put", "delete"]


@dataclass(slots=True)
class Summary:
    """One document in a list. held: False for one that is only cited or known.

    known: key of its row in the known-documents tables. known_only: nothing in the library cites it.
    """

    id: int
    doc_key: str
    held: bool
    doc_type: str | None
    so_ky_hieu: str | None
    date: str | None
    issuer: str | None
    issuer_key: str | None
    title: str | None
    unsure: bool = False
    restricted: bool = False
    known: str | None = None
    known_only: bool = False

    @property
    def name(self) -> str:
        """For a list or a message: ``Quyết định 490/QĐ-TTg``; the title where there is no number, never a key."""
        label = " ".join(p for p in (self.doc_type, self.so_ky_hieu) if p)
        if self.so_ky_hieu is None and self.title:
            label = f"{label} {self.title}".strip()
        return label or "Văn bản không số"


@dataclass(slots=True)
class Document:
    """One document with all that is known. record: None for a stub. paths: every place the file was seen, the first
    in order being the record's own. conflicts: for a stub, field → value → how many documents say it.
    merged: ids that were merged into this one. copies: ids of other held files with the same key (a merge is proposed).
    """

    summary: Summary
    record: Record | None
    sha256: str | None
    paths: list[str]
    reader_version: str | None = None
    conflicts: dict[str, dict[str, int]] = field(default_factory=dict)
    merged: list[int] = field(default_factory=list)
    copies: list[int] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.summary.id


@dataclass(slots=True)
class Mention:
    """One citation with our conclusion.

    source, target: ids; target None where the mention settles on no document. state: self | settled | inferred |
    ambiguous | unresolved. conflicts: "date: 2018-07-05 / 2018-05-07" (said / taken). candidates: ids that it may mean.
    sentence: the sentence of the source's text that holds it. antecedent: ordinal of the fuller mention it repeats.
    """

    source: int
    ordinal: int
    citation: Citation
    target: int | None
    state: str
    method: str
    confidence: float
    sentence: str = ""
    conflicts: list[str] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)
    antecedent: int | None = None

    @property
    def wide_basis(self) -> bool:
        """See :func:`is_wide_basis`."""
        return is_wide_basis(self.citation)


@dataclass(slots=True)
class Edge:
    """All mentions of one document by another. relation: of the weightiest mention (legal basis first).

    inferred: rests on inferred mentions alone. confidence: of the surest mention.
    """

    source: int
    target: int
    relation: str
    is_legal_basis: bool
    wide_basis: bool
    inferred: bool
    confidence: float
    mentions: list[Mention]


@dataclass(slots=True)
class Reference:
    """What is known of a document that a paper outside the library cites.

    facts: of its own pages, of the tables, or by majority. id: its node, None where only the tables tell of it.
    votes: how many documents of the library cite it. conflicts: what these do not agree on.
    """

    facts: Facts
    id: int | None
    held: bool
    known: str | None
    votes: int
    conflicts: dict[str, dict[str, int]]


@dataclass(slots=True)
class Considered:
    """What a citation of a paper outside the library would mean in it. reference: None when nothing is known of it."""

    ordinal: int
    facts: Facts
    state: str
    confidence: float
    reference: Reference | None
    candidates: list[Reference] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be read and why. path is empty where only the hash is kept."""

    sha256: str
    path: str
    error: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something a person did. at: ISO time, UTC. undone: whether it was taken back.

    documents: their keys. ids, names: of the same documents, in the same order; a merge names what stays first.
    """

    id: int
    at: str
    action: str
    reason: str
    documents: list[str]
    undone: bool
    ids: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person put right: before and after are the field's values. id: of the audit list, for undo."""

    id: int
    at: str
    who: str
    document: int
    field: str
    before: str | None
    after: str | None
    undone: bool


@dataclass(frozen=True, slots=True)
class Status:
    """Counts. stubs: cited but not held. known: neither, beside them in the tables. unsure: held documents with a field to review. ambiguous: mentions that may mean several documents."""

    held: int
    stubs: int
    known: int
    citations: int
    failed: int
    refused: int
    duplicates: int
    unsure: int
    ambiguous: int
    unresolved: int
    restricted: int
    sequence: int
