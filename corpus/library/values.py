"""What a library gives its readers: plain values, detached from the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from corpus.identity import Facts
from corpus.model import Citation, Record
from corpus.vocabulary import MentionState, Relation, Verdict, Zone

#: Relations of the preamble that count as a basis in the wide sense ("cơ sở ban hành").
_WIDE = frozenset({Relation.PROPOSED_IN, Relation.IMPLEMENTS, Relation.DEPLOYS})


def is_wide_basis(citation: Citation) -> bool:
    """Whether it is a legal basis, or a proposal or a task that is named before the operative part."""
    return citation.is_legal_basis or (citation.zone == Zone.PREAMBLE and citation.relation in _WIDE)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file that was taken in."""

    id: int
    #: updated: read again by a newer reader or in another mode. duplicate: the same content at another place.
    status: Literal["new", "unchanged", "updated", "duplicate"]
    doc_key: str


class Corrected(NamedTuple):
    """A correction by a person: the field, its value (None: the document has none), and who made it."""

    field: str
    after: str | None
    who: str


@dataclass(frozen=True, slots=True)
class Held:
    """One file as it was read; the corrections that were not undone stand beside the record."""

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
    """A document was written (put) or is gone (delete)."""

    #: Grows in commit order.
    seq: int
    id: int
    kind: Literal["put", "delete"]


@dataclass(slots=True)
class Summary:
    """One document in a list."""

    id: int
    doc_key: str
    #: A file of it was read; False for a document that is only cited or known.
    held: bool
    doc_type: str | None
    so_ky_hieu: str | None
    date: str | None
    issuer: str | None
    issuer_key: str | None
    title: str | None
    #: A field of it should be reviewed.
    unsure: bool = False
    #: Of restricted circulation, or cited by such documents alone.
    restricted: bool = False
    #: The key of its row in the known-documents tables.
    known: str | None = None
    #: Nothing in the library cites it; the tables alone have it.
    known_only: bool = False
    #: Its số ký hiệu was read with doubt.
    number_unsure: bool = False

    @property
    def name(self) -> str:
        """For a list or a message: ``Quyết định 490/QĐ-TTg``; the title where there is no number, never a key."""
        label = " ".join(p for p in (self.doc_type, self.so_ky_hieu) if p)
        if self.so_ky_hieu is None and self.title:
            label = f"{label} {self.title}".strip()
        return label or "Văn bản không số"


@dataclass(slots=True)
class Document:
    """One document with all that is known of it."""

    summary: Summary
    #: None for a stub, as is sha256.
    record: Record | None
    sha256: str | None
    #: Every place at which the file was found, in order; the first is the record's.
    paths: list[str]
    reader_version: str | None = None
    #: Of a stub: field → value → how many documents say so.
    conflicts: dict[str, dict[str, int]] = field(default_factory=dict)
    #: Ids that were merged into this one.
    merged: list[int] = field(default_factory=list)
    #: Ids of other held documents with the same key, which may be merged.
    copies: list[int] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The document's id."""
        return self.summary.id


@dataclass(slots=True)
class Mention:
    """One citation with what it was found to mean."""

    source: int
    #: Its place in reading order, from 0.
    ordinal: int
    citation: Citation
    #: The id of the document meant; None where it is none, or not one alone.
    target: int | None
    state: MentionState
    #: How it was found, in Vietnamese, for a reader.
    method: str
    #: 0 to 1.
    confidence: float
    #: The sentence of the source's text that it stands in.
    sentence: str = ""
    #: "date: 2018-07-05 / 2018-05-07": what the citation says and what was taken.
    conflicts: list[str] = field(default_factory=list)
    #: Ids of documents that it may mean.
    candidates: list[int] = field(default_factory=list)
    #: The ordinal of the fuller mention that it repeats.
    antecedent: int | None = None

    @property
    def wide_basis(self) -> bool:
        """See :func:`is_wide_basis`."""
        return is_wide_basis(self.citation)


@dataclass(slots=True)
class Edge:
    """All mentions of one document by another."""

    source: int
    target: int
    #: Of the mention that weighs most: legal bases first.
    relation: Relation
    is_legal_basis: bool
    wide_basis: bool
    #: Every mention was resolved by a conclusion.
    inferred: bool
    #: Of the surest mention.
    confidence: float
    mentions: list[Mention]


@dataclass(slots=True)
class Reference:
    """What is known of a document that a document outside the library cites."""

    #: Of its own pages, else of the tables, else as most citations have it.
    facts: Facts
    #: Its node; None where the tables alone have it.
    id: int | None
    held: bool
    #: The key of its row in the known-documents tables.
    known: str | None
    #: How many documents of the library cite it.
    votes: int
    #: Field → value → how many documents say so, where they differ.
    conflicts: dict[str, dict[str, int]]


@dataclass(slots=True)
class Considered:
    """What a citation of a document outside the library would mean in it."""

    #: Its place among the record's citations.
    ordinal: int
    facts: Facts
    state: MentionState
    confidence: float
    #: None where nothing is known of the document.
    reference: Reference | None
    candidates: list[Reference] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be read, or a document that was refused."""

    #: "" where it is not to be shown, as is path.
    sha256: str
    path: str
    #: What happened, in Vietnamese.
    error: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that a person did to the library."""

    id: int
    #: ISO time, UTC.
    at: str
    #: remove, merge, correct, confirm or undo.
    action: str
    reason: str
    #: Keys of the documents.
    documents: list[str]
    undone: bool
    #: Ids of the documents, in the same order; a merge names the one that stays first.
    ids: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    #: Who did it; "" for a command.
    who: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction by a person, as the audit list has it."""

    #: Of the audit list, for undo.
    id: int
    #: ISO time, UTC.
    at: str
    who: str
    document: int
    field: str
    #: The values of the field; None for none.
    before: str | None
    after: str | None
    undone: bool


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of a library."""

    held: int
    #: Documents that are cited but not held.
    stubs: int
    #: Documents of the known-documents tables that are neither held nor cited, shown beside those that are.
    known: int
    #: Mentions of all kinds.
    citations: int
    failed: int
    refused: int
    #: Further places at which the content of a held file was found.
    duplicates: int
    #: Held documents with a field to review.
    unsure: int
    #: Mentions that may mean several documents.
    ambiguous: int
    #: Mentions that mean no document that is known.
    unresolved: int
    #: Restricted documents; 0 in a view that does not show them.
    restricted: int
    #: The number of the last change.
    sequence: int
