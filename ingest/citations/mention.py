"""What the steps hand on to each other: one mention of a document, in offsets of the working copy."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.so_ky_hieu import SoKyHieu
from corpus.vocabulary import Relation


@dataclass(slots=True)
class Mention:
    """A mention of a document, filled in step by step."""

    #: From the type word to the issuer.
    start: int
    end: int
    #: End of the number, before date and issuer.
    core_end: int
    doc_type: str | None = None
    #: Whether the type word stands here; otherwise it was carried over from a list.
    own_type: bool = True
    number: SoKyHieu | None = None
    #: A number without ký hiệu ("Nghị định 98").
    bare: str | None = None
    date: str | None = None
    issuer: str | None = None
    #: Whether the issuer stands before the type word, so that it holds for the whole list.
    issuer_before: bool = False
    #: Span of the free text behind date and issuer.
    title: tuple[int, int] | None = None
    #: The name of a law, or of a document cited without number.
    name: str | None = None
    #: The ký hiệu behind a blank number.
    symbol: str | None = None
    #: Whether characters of the number were repaired.
    repaired: bool = False
    #: Whether a person should check it.
    doubtful: bool = False
    #: Whether only a separator stands between it and the mention before.
    linked: bool = False
    #: Whether a semicolon stands between it and the mention before.
    separated: bool = False
    #: Whether it stands inside the name or the history of another mention.
    nested: bool = False
    relation: Relation = Relation.REFERS_TO
    #: Whether it is a legal basis of the document.
    basis: bool = False
    #: Why a person should check it, in Vietnamese.
    reasons: list[str] = field(default_factory=list)
