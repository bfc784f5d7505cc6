"""Fourth verb: classify. How the document stands to what it cites, and which citation is a legal basis (domain 3.4)."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from corpus.fold import fold
from corpus.tables import rows
from corpus.vocabulary import Relation
from ingest.citations.clean import Clean
from ingest.citations.mention import Mention
from ingest.data import DATA
from ingest.layout.zones import Structure

_SENTENCE = re.compile(
    r";|\.(?=[\s\d])|:\s|\n(?=\s?[-+•*])|\n(?=(?:dieu\s\d|\d{1,2}[.)]|[a-z]\)|can\scu|xet\s|theo\sde))"
)
_PINPOINT_TEXT = r"(?:\s(?:cac|nhung|vao|tai|cua|khoan|diem|dieu|muc|chuong|phan|phu\sluc|tinh\sthan|noi\sdung|chi\sdao|quy\sdinh|[a-z]|[ivx]{2,6}|\d+[a-z]?|va)[,.]?){0,12}\s?$"

_PINPOINT = re.compile(_PINPOINT_TEXT)
_BASIS = re.compile(r"can\scu(?:\svao)?" + _PINPOINT_TEXT)


@cache
def _preamble_cues() -> re.Pattern[str]:
    phrases = [fold(r["phrase"]) for r in rows("relation_cues", DATA) if r["where"] == "preamble"]
    spaced = "|".join(re.escape(p).replace(r"\ ", r"\s") for p in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?:{spaced})(?!\w)")


@cache
def _preamble_relation(phrase: str) -> Relation:
    for row in rows("relation_cues", DATA):
        if row["where"] == "preamble" and fold(row["phrase"]) == phrase:
            return Relation(row["relation"])
    return Relation.REFERS_TO


@cache
def _body_cues() -> tuple[tuple[re.Pattern[str], Relation, int], ...]:
    """Pattern, relation, and how far from the end a match can begin at most (a search from further back is idle)."""
    cues = []
    for row in rows("relation_cues", DATA):
        if row["where"] == "body":
            phrase = fold(row["phrase"])
            spaced = re.escape(phrase).replace(r"\ ", r"\s")
            pattern = re.compile(rf"(?<!\w){spaced}(?:\s[^\s;.]{{1,12}}){{0,{row['gap']}}}\s?$")
            cues.append((pattern, Relation(row["relation"]), len(phrase) + 13 * int(row["gap"]) + 2))
    return tuple(cues)


def classify(work: Clean, mentions: list[Mention], structure: Structure) -> None:
    """Sets relation, nested and basis of every mention."""
    preambles = _preambles(work, structure)
    opened = [start for start, _ in preambles]
    starts = [work.back(m.start) for m in mentions]
    grouped: dict[int, list[Mention]] = {}
    before: Mention | None = None
    for mention, start in zip(mentions, starts, strict=True):
        previous, before = before, mention
        index = bisect_right(opened, mention.start) - 1
        zone = structure.zone_at(start)
        if index >= 0 and mention.start < preambles[index][1]:
            grouped.setdefault(index, []).append(mention)
        elif zone.name == "title":
            _title(work, mention, structure, start)
        else:
            _body(work, mention, previous, attached=zone.part > 0, other=structure.kind == "other")
    for index, group in grouped.items():
        _preamble(work, group, preambles[index], basis=structure.kind == "administrative")


def _preambles(work: Clean, structure: Structure) -> list[tuple[int, int]]:
    """The preamble zones, in offsets of the working copy."""
    spans = []
    for start, end in structure.spans("preamble"):
        spans.append((work.forward(start), work.forward(end)))
    return spans


def _preamble(work: Clean, group: list[Mention], span: tuple[int, int], *, basis: bool) -> None:
    cues = _cues_in(work, span)
    previous: Mention | None = None
    governing = -1
    intro = ""
    starts = [start for start, _, _ in cues]
    for mention in group:
        index = bisect_right(starts, mention.start) - 1
        relation: Relation = cues[index][2] if index >= 0 else Relation.REFERS_TO
        if index != governing or previous is None:
            intro = ""
            governing = index
            if index < 0:
                _body(work, mention, previous, attached=False, other=False)
                mention.basis = basis and mention.relation == Relation.LEGAL_BASIS
                previous = mention
                continue
        else:
            mention.nested, intro = _is_nested(work, mention, previous, intro)
        mention.relation = Relation.REFERS_TO if mention.nested else relation
        mention.basis = basis and mention.relation == Relation.LEGAL_BASIS
        previous = mention


def _cues_in(work: Clean, span: tuple[int, int]) -> list[tuple[int, int, Relation]]:
    """Cues that open a paragraph, or a part behind a semicolon."""
    folded, text = work.folded, work.text
    found: list[tuple[int, int, Relation]] = []
    for match in _preamble_cues().finditer(folded, span[0], span[1]):
        before = folded[max(span[0], match.start() - 4) : match.start()]
        opens = match.start() - span[0] <= 6 and not before.strip("-–—+•*_ \n\"'`.,:0123456789)")
        if re.search(r"\n[-–—+•*_\"'`. ]{0,3}$", before):
            opens = text[match.start()].isupper() or bool(
                re.search(r"[;.,:]\s?\n\W{0,3}$", folded[max(0, match.start() - 6) : match.start()])
            )
        if re.search(r";\s?$", before) or re.search(r"[.]\s?$", before):
            opens = opens or text[match.start()].isupper() or ";" in before
        if opens:
            found.append((match.start(), match.end(), _preamble_relation(" ".join(match.group().split()))))
    return found


_SEPARATED = re.compile(r"(?:,|\bva|\bcung(?:\svoi)?)\s?(?:cac\s)?(?:so\s?:?\s?)?$")
_AMENDS = re.compile(r"(?:sua\sdoi|bo\ssung|thay\sthe|bai\sbo|dinh\schinh|dieu\schinh)[^;]{0,90}$")


def _full(mention: Mention) -> bool:
    return mention.date is not None and mention.issuer is not None


def _same_level(work: Clean, mention: Mention, previous: Mention) -> bool:
    """Whether a citation in full goes on with what the one before began (``triển khai A … về … và B …``)."""
    between = work.folded[previous.end : mention.start]
    return _full(mention) and not previous.nested and bool(_SEPARATED.search(between)) and len(between) < 600


def _is_nested(work: Clean, mention: Mention, previous: Mention, intro: str) -> tuple[bool, str]:
    """Whether a later mention of a căn cứ stands inside the name or the history of the one before (domain 3.1).

    intro: the word that led into the nested mention before ("boi", "tai", "theo": a list of amending documents follows).
    """
    between = work.folded[previous.end : mention.start]
    if _open_bracket(work.folded, previous.start, mention.start):
        return True, "boi"
    if ";" in between:
        return False, ""
    separated = bool(_SEPARATED.search(between))
    full = _full(mention)
    if mention.linked:
        if previous.nested and intro not in ("boi", "tai", "theo") and full:
            return False, ""
        return previous.nested, intro
    listed = previous.nested and (intro == "sua" or (intro in ("boi", "tai", "theo") and mention.title is None))
    if separated and full and not listed:
        return False, ""
    words = between.split()
    if previous.end >= mention.start or not words:
        return previous.nested, intro
    last = words[-1]
    if _AMENDS.search(between):
        return True, "sua"  # the objects of an amending title: what "và" adds is one more object
    if separated and len(words) >= 2:
        last = intro or words[-2]
    return True, last


def _open_bracket(folded: str, start: int, end: int) -> bool:
    depth = 0
    for char in folded[start:end]:
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
    return depth > 0


def _sentence_start(work: Clean, at: int) -> int:
    floor = max(0, at - 320)
    start = floor
    colon = None
    for match in _SENTENCE.finditer(work.folded, floor, at):
        # What a colon announces belongs to the clause before it, as far as its first item.
        if match.group()[0] == ":" and not work.folded[match.end() : at].strip(" \n-+•*0123456789.):"):
            colon = start
        start = match.end()
    return start if colon is None else colon


def _body(work: Clean, mention: Mention, previous: Mention | None, *, attached: bool, other: bool) -> None:
    if mention.linked and previous is not None:
        between = work.folded[previous.end : mention.start]
        if ";" not in between or previous.relation != Relation.LEGAL_BASIS:
            mention.relation = previous.relation
            return
    start = _sentence_start(work, mention.start)
    before = work.folded[start : mention.start]
    if previous is not None and start <= previous.start and _same_level(work, mention, previous):
        mention.relation = previous.relation
        return
    opened = before.lstrip(" \n-–—+•*\"'`(_.")
    raw = work.text[start : mention.start].lstrip(" \n-–—+•*\"'`(_.")
    if re.search(r"(?<!\w)cứ\s?$", work.text[start : mention.start]) and not re.search(r"căn\scứ\s?$", raw):
        mention.relation = Relation.LEGAL_BASIS  # the first word was lost under a stamp
        return
    capital = raw[:1] == "C" and (attached or other or mention.start - start < 60)
    if capital and _BASIS.fullmatch(opened):
        mention.relation = Relation.LEGAL_BASIS
        return
    if attached and re.search(r"(?:ban\shanh\s)?kem\stheo\s?$", before):
        mention.relation = Relation.ISSUED_WITH
        return
    if previous is not None and previous.title and previous.title[0] <= mention.start < previous.title[1]:
        mention.nested = True
        mention.relation = Relation.REFERS_TO
        return
    if re.match(r"[^;.]{0,90}?het\shieu\sluc", work.folded[mention.end : mention.end + 110]) and not mention.linked:
        mention.relation = Relation.REPEALS
        return
    stripped = (
        _PINPOINT.sub("", re.sub(r"\s(?:sau|sau\sday|nhu\ssau)?\s?:[\s\d.)\-+•*]{0,6}$", " ", before)).rstrip() + " "
    )
    for pattern, relation, reach in _body_cues():
        found = pattern.search(stripped, max(0, len(stripped) - reach))
        if (found and not re.search(r"(?:theo|tai|trong|boi)\s?(?:cac\s)?$", stripped)) or (
            found
            and relation in (Relation.PROPOSED_IN, Relation.REPLACES, Relation.REPEALS)
            and re.search(r"tai\s?(?:cac\s)?$", stripped)
        ):
            mention.relation = relation
            return
    if re.match(r"(?:dieu\s\d{1,2}\.?\s)?phe\sduyet(?:\scac|\skem\stheo)?\s?$", opened):
        mention.relation = Relation.APPROVES
        return
    if re.match(r"\W{0,4}(?:sua\sdoi|bo\ssung|dieu\schinh)", opened) and re.search(r"cua\s?$", before):
        mention.relation = Relation.AMENDS
        return
    mention.relation = Relation.REFERS_TO


_TITLE_VERBS: tuple[tuple[str, Relation], ...] = (
    (r"(?:ve\sviec\s)?(?:sua\sdoi|bo\ssung|dieu\schinh)", Relation.AMENDS),
    (r"(?:ve\sviec\s)?thay\sthe", Relation.REPLACES),
    (r"(?:ve\sviec\s)?(?:bai|huy)\sbo", Relation.REPEALS),
    (r"(?:ve\sviec\s)?dinh\schinh", Relation.CORRECTS),
    (r"(?:ve\sviec\s)?hop\snhat", Relation.CONSOLIDATES),
    (r"(?:ve\sviec\s)?phe\sduyet", Relation.APPROVES),
    (r"(?:ve\sviec\s)?(?:huong\sdan|quy\sdinh\schi\stiet)", Relation.GUIDES),
    (r"(?:ve\sviec\s)?(?:to\schuc\s)?trien\skhai", Relation.DEPLOYS),
    (r"(?:ve\sviec\s)?(?:to\schuc\s)?thuc\shien", Relation.IMPLEMENTS),
)


def _title(work: Clean, mention: Mention, structure: Structure, start: int) -> None:
    """The first verb of the document's own title says what it does to the first document it names."""
    zone = structure.zone_at(start)
    before = work.folded[work.forward(zone.start) : mention.start]
    raw = work.text[work.forward(zone.start) : mention.start].lstrip()
    heading = raw.split("\n", 1)[0]
    lines = before.lstrip()[len(heading) :] if heading.isupper() else before
    opened = re.sub(r"^\W{0,3}(?:v\s?/\s?v\w?|ve\sviec|v/)\W{0,3}", "", lines.lstrip()).lstrip()
    for pattern, relation in _TITLE_VERBS:
        if re.match(pattern, opened):
            mention.relation = relation
            return
    mention.relation = Relation.REFERS_TO
