"""Fourth step: classify. How the document stands to what it cites, and which citation is a legal basis (domain 3.4)."""

from __future__ import annotations

import re
from bisect import bisect_right

from corpus.vocabulary import Relation
from ingest.citations.clean import WorkingCopy
from ingest.citations.mention import Mention
from ingest.citations.relation_in_body import classify_in_body
from ingest.citations.relation_in_preamble import classify_in_preamble
from ingest.layout.zones import Structure, Zone, ZoneName

_ABOUT = re.compile(r"^\W{0,3}(?:v\s?/\s?v\w?|ve\sviec|v/)\W{0,3}")
#: The first verb of a document's title → what it does to the document named behind.
_TITLE_VERBS = tuple(
    (re.compile(rf"(?:ve\sviec\s)?{verb}"), relation)
    for verb, relation in (
        (r"(?:sua\sdoi|bo\ssung|dieu\schinh)", Relation.AMENDS),
        (r"thay\sthe", Relation.REPLACES),
        (r"(?:bai|huy)\sbo", Relation.REPEALS),
        (r"dinh\schinh", Relation.CORRECTS),
        (r"hop\snhat", Relation.CONSOLIDATES),
        (r"phe\sduyet", Relation.APPROVES),
        (r"(?:huong\sdan|quy\sdinh\schi\stiet)", Relation.GUIDES),
        (r"(?:to\schuc\s)?trien\skhai", Relation.DEPLOYS),
        (r"(?:to\schuc\s)?thuc\shien", Relation.IMPLEMENTS),
    )
)


def classify(work: WorkingCopy, mentions: list[Mention], structure: Structure) -> None:
    """Set relation, nested and basis of every mention."""
    preambles = [(work.forward(start), work.forward(end)) for start, end in structure.spans(ZoneName.PREAMBLE)]
    opened = [start for start, _ in preambles]
    in_preamble: dict[int, list[Mention]] = {}
    previous: Mention | None = None
    for mention in mentions:
        zone = structure.zone_at(work.back(mention.start))
        index = bisect_right(opened, mention.start) - 1
        if index >= 0 and mention.start < preambles[index][1]:
            in_preamble.setdefault(index, []).append(mention)
        elif zone.name == ZoneName.TITLE:
            mention.relation = _relation_in_title(work, mention, zone)
        else:
            in_attachment, unusual = zone.part > 0, structure.kind == "other"
            classify_in_body(work, mention, previous, attached=in_attachment, basis_anywhere=unusual)
        previous = mention
    for index, group in in_preamble.items():
        classify_in_preamble(work, group, preambles[index], has_legal_basis=structure.kind == "administrative")


def _relation_in_title(work: WorkingCopy, mention: Mention, zone: Zone) -> Relation:
    """What the first verb of the document's own title says about a document it names."""
    start = work.forward(zone.start)
    text, folded = work.text[start : mention.start].lstrip(), work.folded[start : mention.start].lstrip()
    heading = text.split("\n", 1)[0]
    words = _ABOUT.sub("", (folded[len(heading) :] if heading.isupper() else folded).lstrip()).lstrip()
    return next((relation for verb, relation in _TITLE_VERBS if verb.match(words)), Relation.REFERS_TO)
