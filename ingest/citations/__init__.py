"""Finds and classifies what a document cites. One module for each step: clean → tokenise → find → classify.

Mentions are listed once, in reading order, with offsets into the stored text. Which document a mention means is decided
elsewhere (:mod:`corpus.resolution`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.fold import nfc
from corpus.model import Amendment, Citation, OwnReference, Pinpoint
from corpus.outline import Unit, UnitKind, containing, outline
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
from ingest.provisions.amendments import FoundAmendment, amendments_in
from ingest.provisions.attach import OwnRow, attach
from ingest.provisions.grammar import HERE, Provision
from ingest.provisions.reported import reported_part

#: Zones of a structure in which documents are cited: not in header, Nơi nhận and signature.
_ZONES = {str(zone): zone for zone in Zone if zone is not Zone.OTHER}
_SECTION_KINDS = (UnitKind.SECTION, UnitKind.CHAPTER, UnitKind.PART)
_ABOUT = re.compile(r"(?:về\s+việc|về|v/v)\s+", re.IGNORECASE)
#: Confidence of a mention: with repaired characters, with any doubt, and without.
_REPAIRED, _DOUBTFUL, _SURE = 0.5, 0.8, 0.95


@dataclass(slots=True)
class Cited:
    """What a text says of documents and their provisions, each list in reading order."""

    citations: list[Citation]
    #: Where the document names its own provisions.
    own_references: list[OwnReference] = field(default_factory=list)
    #: What it changes in other documents.
    amendments: list[Amendment] = field(default_factory=list)


def find_citations(
    text: str, structure: Structure, *, own: SoKyHieu | None = None, issuer: str | None = None, date: str | None = None
) -> list[Citation]:
    """Every mention of a document in *text*; see :func:`read_cited`."""
    return read_cited(text, structure, own=own, issuer=issuer, date=date).citations


def read_cited(
    text: str, structure: Structure, *, own: SoKyHieu | None = None, issuer: str | None = None, date: str | None = None
) -> Cited:
    """Every mention of a document in *text* (stored text, NFC), in reading order, and the provisions that are named.

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
    provisions, own_references = attach(work, mentions)
    reported = reported_part(text) or (0, 0)
    citations = []
    for index, mention in enumerate(mentions):
        part = structure.zone_at(work.back(mention.start)).part
        if part == 0 and is_younger(mention, date):
            mention.reasons.append("ngày sau ngày của văn bản")
        citation = _citation(text, work, mention, structure, is_self(mention, own, issuer, date))
        pinpoints = [_pinpoint(work, one) for one in provisions.get(index, ())]
        if reported[0] <= citation.start < reported[1]:
            citation.reported_pinpoints = pinpoints
        else:
            citation.pinpoints = pinpoints
        citations.append(citation)
    found = amendments_in(text, work, mentions, provisions)
    return Cited(
        citations,
        _own_references(text, work, own_references),
        [_amendment(work, one) for one in found],
    )


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


def _pinpoint(work: WorkingCopy, found: Provision) -> Pinpoint:
    start, end = work.span(found.start, found.end)
    return Pinpoint(
        start, end, found.article, found.clause, found.point, found.section, found.appendix, inferred=found.inferred
    )


def _own_references(text: str, work: WorkingCopy, found: list[OwnRow]) -> list[OwnReference]:
    """References of the document to itself; "Điều này" is the article that holds the words."""
    units = outline(text) if any(one.is_of_the_text for one in found) else []
    references = []
    for one in found:
        start, end = work.span(one.start, one.end)
        pinpoints = [_pinpoint(work, provision) for provision in one.provisions]
        if one.is_of_the_text:
            for pinpoint in pinpoints:
                _resolve_here(pinpoint, units)
        if pinpoints:
            references.append(OwnReference(text[start:end], start, end, pinpoints))
    return references


def _resolve_here(pinpoint: Pinpoint, units: list[Unit]) -> None:
    """Give "này" the label of the unit that holds it; null where the outline has none."""
    around = {unit.kind: unit.label for unit in containing(units, pinpoint.start)}
    for name, kind in (("point", UnitKind.POINT), ("clause", UnitKind.CLAUSE), ("article", UnitKind.ARTICLE)):
        if getattr(pinpoint, name) == HERE:
            setattr(pinpoint, name, around.get(kind))
    if pinpoint.clause is not None and pinpoint.article is None and pinpoint.appendix is None:
        pinpoint.article = around.get(UnitKind.ARTICLE)
    if pinpoint.appendix == HERE:
        pinpoint.appendix = around.get(UnitKind.APPENDIX)
    if pinpoint.section and pinpoint.section.endswith(HERE):
        section = next((u.name for u in containing(units, pinpoint.start) if u.kind in _SECTION_KINDS), None)
        pinpoint.section = section


def _amendment(work: WorkingCopy, found: FoundAmendment) -> Amendment:
    start, end = work.span(found.start, found.end)
    new_start, new_end = found.new or (None, None)
    pinpoints = [_pinpoint(work, one) for one in found.provisions]
    unsure = found.target is None
    return Amendment(start, end, found.change, pinpoints, found.target, found.date, new_start, new_end, unsure)
