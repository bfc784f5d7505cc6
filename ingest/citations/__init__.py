"""Finds and classifies what a document cites. One verb a module: clean → tokenise → find → classify.

Mentions are listed once, in reading order, with offsets into the stored text; resolving them is another room's work.
"""

from __future__ import annotations

import re

from corpus.fold import nfc
from corpus.model import Citation
from corpus.so_ky_hieu import SoKyHieu
from corpus.vocabulary import Zone
from ingest.citations import lists
from ingest.citations.classify import classify
from ingest.citations.clean import Clean, clean
from ingest.citations.find import mentions_in
from ingest.citations.mention import Mention
from ingest.citations.misread_numbers import suspects
from ingest.citations.self_citation import is_self, is_younger
from ingest.layout.zones import Structure

#: Zones of a structure in which documents are cited.
_ZONES = {str(zone): zone for zone in Zone if zone is not Zone.OTHER}


def find_citations(
    text: str, structure: Structure, *, own: SoKyHieu | None = None, issuer: str | None = None, date: str | None = None
) -> list[Citation]:
    """Every mention of a document in *text* (stored text, NFC), in reading order.

    own: the document's own số ký hiệu; a mention of it has target "self". Header, recipients, signature and stamps give none.
    issuer, date: the document's own, as far as known; they tell it from a namesake of another place or year and show
    citations younger than it, and are never copied into a citation.
    """
    work = clean(text)
    mentions = [m for m in mentions_in(work) if structure.zone_at(work.back(m.start)).name in _ZONES]
    lists.link(work, mentions)
    lists.carry(work, mentions)
    classify(work, mentions, structure)
    for mention in suspects(mentions):
        mention.reasons.append("số khác một chữ số so với một số có ngày")
    citations = []
    for mention in mentions:
        part = structure.zone_at(work.back(mention.start)).part
        if part == 0 and is_younger(mention, date):
            mention.reasons.append("ngày sau ngày của văn bản")
        citations.append(_citation(text, work, mention, structure, is_self(mention, own, issuer, date)))
    return citations


def _citation(text: str, work: Clean, mention: Mention, structure: Structure, self_cited: bool) -> Citation:
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
        confidence=0.5 if mention.repaired else 0.8 if unsure else 0.95,
        needs_review=unsure,
        target="self" if self_cited else None,
    )


_ABOUT = re.compile(r"(?:về\s+việc|về|v/v)\s+", re.IGNORECASE)


def _title(text: str, work: Clean, mention: Mention) -> str | None:
    """The law's name, else the free text behind date and issuer, without the "về việc" before it."""
    if mention.name or mention.title is None or mention.title[1] <= mention.title[0]:
        return mention.name and nfc(mention.name)
    start, end = work.span(*mention.title)
    title = nfc(
        " ".join(text[start:end].split()).strip(" ,.;")
    )  # what is cut between a letter and its mark composes anew
    return _ABOUT.sub("", title, count=1) if _ABOUT.match(title) else title or None
