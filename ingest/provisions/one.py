"""Reads one provision as a person types it: ``khoản 1 Điều 5``, ``phu luc II``."""

from __future__ import annotations

from corpus.fold import clean, fold, nfc, squeeze
from corpus.model import Pinpoint
from ingest.provisions.grammar import rows_in


def provision_of(typed: str) -> Pinpoint | None:
    """The one provision that *typed* names; None where it names none, several, or something else besides."""
    text = squeeze(clean(nfc(typed)))
    found = [(row, one) for row in rows_in(text, fold(text)) for one in row.provisions()]
    if len(found) != 1 or (found[0][0].start, found[0][0].end) != (0, len(text)):
        return None
    one = found[0][1]
    return Pinpoint(0, len(text), one.article, one.clause, one.point, one.section, one.appendix)
