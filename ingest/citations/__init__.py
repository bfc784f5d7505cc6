"""Finds and classifies what a document cites. One module for each step: clean → tokenise → find → classify.

Mentions are listed once, in reading order, with offsets into the stored text. Which document a mention means is decided
elsewhere (:mod:`corpus.resolution`).
"""

from __future__ import annotations

import re

from corpus.fold import nfc
from corpus.model import Citation
from corpus.so_ky_hieu import SoKyHieu
from corpus.vocabulary import Zone
from ingest.citations import lists
from ingest.citations.classify import classify
from ingest.citations.clean import WorkingCopy, working_copy
from ingest.citations.find import mentions_in
from ingest.citations.mention import Mention
from ingest.citations.misread_numbers import misread_suspects
from ingest.citations.self_citation import is_self, is_younger
from ingest.layout.zones import Structure

#: Zones of a structure in which documents are cited: not in header, Nơi nhận and signature.
_ZONES = {str(zone): zone for zone in Zone if zone is not Zone.OTHER}
_ABOUT = re.compile(r"(?:về\s+việc|về|v/v)\s+", re.IGNORECASE)
#: Confidence of a mention: with repaired characters, with any doubt, and without.
_REPAIRED, _DOUBTFUL, _SURE = 0.5, 0.8, 0.95


def find_citations(
    text: str, structure: Structure, *, own: SoKyHieu | None = None, issuer: str | None = None, date: str | None = None
) -> list[Citation]:
    """Every mention of a document in *text* (stored text, NFC), in reading order.

    own: the document's own số ký hiệu; a mention of it gets the target "self". issuer, date: the document's own, as far
    as known. They tell the document from one of the same number elsewhere or of another year, and show citations
    younger than it; they are never copied into a citation.
    """
    work = working_copy(text)
    mentions = [m for m in mentions_in(work) if structure.zone_at(work.back(m.start)).name in _ZONES]
    lists.mark_linked(work, mentions)
    lists.carry_over(work, mentions)
    classify(work, mentions, structure)
    for mention in misread_suspects(mentions):
        mention.reasons.append("số khác một chữ số so với một số có ngày")
    citations = []
    for mention in mentions:
        part = structure.zone_at(work.back(mention.start)).part
        if part == 0 and is_younger(mention, date):
            mention.reasons.append("ngày sau ngày của văn bản")
        citations.append(_citation(text, work, mention, structure, is_self(mention, own, issuer, date)))
    return citations


def _citation(text: str, work: WorkingCopy, mention: Mention, structure: Structure, self_cited: bool) -> Citation:
    start, end = work.span(mention.start, mention.end)
    zone = structure.zone_at(start)
    number = mention.number
    unsure = mention.repaired or mention.doubtful or bool(mention.reasons)
    return Citation(
        text=text[start:end],
        start=start,
        end=end,
        doc_type=mention.doc_type,
        number=number.number if number else mention.bare,
        symbol=number.symbol if number else mention.symbol,
        so_ky_hieu=str(number) if number else None,
        date=mention.date,
        issuer=mention.issuer and nfc(mention.issuer),
        title=_title(text, work, mention),
        relation=mention.relation,
        is_legal_basis=mention.basis and not self_cited,
        zone=_ZONES[zone.name],
        part=zone.part,
        page=structure.page_at(start),
        confidence=_REPAIRED if mention.repaired else _DOUBTFUL if unsure else _SURE,
        needs_review=unsure,
        target="self" if self_cited else None,
    )


def _title(text: str, work: WorkingCopy, mention: Mention) -> str | None:
    """The law's name, else the free text behind date and issuer, without "về việc" before it."""
    if mention.name or mention.title is None or mention.title[1] <= mention.title[0]:
        return mention.name and nfc(mention.name)
    start, end = work.span(*mention.title)
    # What was cut between a letter and its mark is composed again.
    title = nfc(" ".join(text[start:end].split()).strip(" ,.;"))
    return _ABOUT.sub("", title, count=1) if _ABOUT.match(title) else title or None
