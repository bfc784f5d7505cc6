"""The document itself among its citations, and citations that cannot be right because they are younger than it."""

from __future__ import annotations

from corpus import agencies, dates
from corpus.so_ky_hieu import SoKyHieu
from ingest.citations.mention import Mention


def is_self(mention: Mention, own: SoKyHieu | None, issuer: str | None, date: str | None) -> bool:
    """Whether *mention* names the document *own* of *issuer* and *date*: equal number, year and place not against it.

    148/QĐ-UBND of another province or another year is another document.
    """
    number = mention.number
    if own is None or number is None or (own.number_key, own.sym_key) != (number.number_key, number.sym_key):
        return False
    if dates.year(mention.date) and dates.year(date) and dates.year(mention.date) != dates.year(date):
        return False
    theirs, ours = agencies.issuer_key(mention.issuer), agencies.issuer_key(issuer)
    have_places = theirs is not None and ours is not None and ":" in theirs and ":" in ours and "?" not in theirs + ours
    return not have_places or theirs == ours


def is_younger(mention: Mention, date: str | None) -> bool:
    """Whether the citation's date lies wholly after the document's own: one of the two was misread or misprinted."""
    if mention.date is None or date is None:
        return False
    return dates.interval(mention.date)[0] > dates.interval(date)[1]
