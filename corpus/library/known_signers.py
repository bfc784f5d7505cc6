"""Who may have signed a document whose signer is in doubt: signers of the same agency about that time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from corpus.fold import letters
from corpus.library import LibraryView
from corpus.library.values import Document, Summary

#: How many are proposed for one document, and the documents of one agency that are looked into.
MOST_KNOWN, MOST_DOCUMENTS = 3, 200
#: Years before and after the document in which a signer counts.
_YEARS_APART = 2


@dataclass(frozen=True, slots=True)
class KnownSigner:
    """Somebody who signed other documents of the agency."""

    #: The name.
    value: str
    #: Id of the document nearest in time that the signer signed.
    id: int
    #: How many documents of the agency the signer signed about that time.
    signed: int
    #: Why the name is proposed, in Vietnamese.
    reason: str


def known_signers(view: LibraryView, document: Document) -> list[KnownSigner]:
    """Who may have signed a held document, the likeliest first: nearest to what was read, then most documents.

    Only names that were read without doubt count, and only under the title of the document where that is sure. Empty
    where the signer is not in doubt, or agency or date are unknown. Nothing is changed: a person chooses.
    """
    record = document.record
    evidence = record.fields.get("signer") if record else None
    if record is None or evidence is None or not evidence.needs_review:
        return []
    agency, date = document.summary.issuer_key, record.date
    if not agency or agency.endswith("?") or not date:
        return []
    year = int(date[:4])
    others = [
        other
        for other in view.documents(held=True)
        if other.issuer_key == agency and other.id != document.id and _is_near(other, year)
    ]
    seen = record.fields.get("signer_title")
    title = record.signer_title if seen is not None and not seen.needs_review else None
    times: Counter[str] = Counter()
    nearest: dict[str, tuple[int, int]] = {}
    for other in others[:MOST_DOCUMENTS]:
        name = _sure_signer(view.document(other.id), title)
        if name is not None:
            times[name] += 1
            apart = abs(int((other.date or date)[:4]) - year)
            nearest[name] = min(nearest.get(name, (apart, other.id)), (apart, other.id))
    ranked = sorted(times, key=lambda name: (_letters_apart(record.signer, name), -times[name], name))
    return [KnownSigner(name, nearest[name][1], times[name], _reason(times[name])) for name in ranked[:MOST_KNOWN]]


def _is_near(summary: Summary, year: int) -> bool:
    return summary.date is not None and abs(int(summary.date[:4]) - year) <= _YEARS_APART


def _sure_signer(document: Document, title: str | None) -> str | None:
    """The signer of a document if read without doubt, and under *title* where that is given."""
    record = document.record
    evidence = record.fields.get("signer") if record else None
    if record is None or evidence is None or evidence.needs_review or not record.signer:
        return None
    return record.signer if title is None or record.signer_title == title else None


def _letters_apart(read: str | None, name: str) -> int:
    """How many letters differ between a name and what was read; the same for every name where nothing was read."""
    return Levenshtein.distance(letters(read), letters(name)) if read else 0


def _reason(times: int) -> str:
    return f"đã ký {times} văn bản khác của cơ quan này trong khoảng thời gian ấy"
