"""Names that OCR read, put right: by the words of agency names, by the gazetteer, and by the document's other mentions.

Only what OCR read is changed. What was read stays in the evidence (``restored_from``), and a name that nothing confirms
is marked for review.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import gazetteer
from corpus.fold import canonical, clean, fold, letters
from corpus.model import Citation, Evidence
from ingest.layout.found import Found
from ingest.layout.header_values import Header
from ingest.layout.name_grammar import KIND_OF_LEVEL, Part, PartKind, capitalised, is_abbreviation, parts
from ingest.layout.own_mentions import OwnMentions
from ingest.layout.place_names import restored_place
from ingest.syllables import is_syllable

#: Confidence that a name nothing confirms has at most.
_UNCONFIRMED = 0.5
_REASON_RESTORED = "OCR đọc “{read}”, sửa theo danh mục và các chỗ khác trong văn bản"
_REASON_AREA = "dòng tên đơn vị hành chính không đọc được, suy từ chỗ khác trong văn bản"
_REASON_DOUBT = "tên không khớp danh mục và các chỗ khác trong văn bản"
#: A word for the kind of unit before a địa danh, whatever its marks.
_PLACE_LEVEL = re.compile(r"(?i)^(th[aà]nh ph\w|th[iị] x\w|tp\s?\.?|tx\s?\.|p\s?\.|h\s?\.|t\s?\.)\s?(?=\S)")
#: Characters from the start of the first page in which place and date stand.
_HEADER_CHARACTERS = 1_500
#: A địa danh before the word "ngày", at the start of a line or behind other words in the left column.
_DI_DANH = re.compile(r"(?m)(?:^|(?<=[\s.]))((?:[^\W\d_][^\W\d]*[.'’ ]{0,2}){1,6}),\W{0,3}\w{0,2}(?:g[àa]y|gày)")
#: A Ủy ban nhân dân or Hội đồng nhân dân with level and name of its area, in any case.
_BODY_WITH_AREA = re.compile(
    r"(?i:UBND|ủy ban nhân dân|uỷ ban nhân dân|HĐND|hội đồng nhân dân)\s+"
    r"((?i:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu))\s+"
    r"([A-ZĐÀ-Ỹ][^\W\d]*(?:[ '’][A-ZĐÀ-Ỹ][^\W\d]*){0,3})"
)
#: Bodies that no name leaves without an area.
_WITH_AREA = frozenset({"UYBANNHANDAN", "UBND", "HOIDONGNHANDAN", "HDND"})
_LEVEL_OF_PREFIX = {"thanh pho": "Thành phố", "thi xa": "Thị xã"}


@dataclass(frozen=True, slots=True)
class RestoredName:
    """A name after its slips were put right."""

    name: str
    #: Whether every word of it is confirmed.
    is_sure: bool


def restored_agency(name: str, mentions: OwnMentions) -> RestoredName:
    """An agency's name that OCR read, put right as far as something confirms it."""
    found = parts(name.split(), ocr=True)
    sure = bool(found) and _begins_an_agency(found[0]) and not _lacks_its_area(found)
    for index, part in enumerate(found):
        if part.kind is PartKind.PLACE:
            sure &= _restore_place(part, found[index - 1], mentions)
        elif part.kind is PartKind.WORD and not is_abbreviation(part.printed):
            sure &= _restore_word(found, index, mentions)
    return RestoredName(" ".join(part.text for part in found), sure)


def _begins_an_agency(first: Part) -> bool:
    return first.kind in {PartKind.BODY, PartKind.FIXED, PartKind.FIELD} or is_abbreviation(first.text)


def _lacks_its_area(found: Sequence[Part]) -> bool:
    """Whether it is a Ủy ban nhân dân or Hội đồng nhân dân and nothing more: the line with its area was not read."""
    return len(found) == 1 and letters(found[0].text) in _WITH_AREA


def _restore_place(part: Part, before: Part, mentions: OwnMentions) -> bool:
    """Put the name of a unit right; whether it is sure."""
    level = before.text.lower() if before.kind is PartKind.LEVEL else None
    reading = restored_place(part.text, mentions, kind=KIND_OF_LEVEL.get(level or "", level))
    part.text = reading.name
    return reading.is_sure


def _restore_word(found: Sequence[Part], index: int, mentions: OwnMentions) -> bool:
    """Put a word outside the tables right by how the document writes it beside its neighbours; whether it is sure."""
    part = found[index]
    votes: dict[str, int] = {}
    for first, last in ((index - 1, index + 1), (index, index + 2)):
        run = found[max(0, first) : last]
        if len(run) < 2:
            continue
        at = sum(one.count for one in run[: index - max(0, first)])
        words = [word for one in run for word in one.text.split()]
        for spelling, times in mentions.spellings(words, slips=True).items():
            votes[spelling[at]] = votes.get(spelling[at], 0) + times
    if votes:
        part.text = max(votes, key=lambda word: (votes[word], canonical(word) == canonical(part.printed)))
        return True
    return all(is_syllable(word.lower()) for word in re.findall(r"[^\W\d_]+", part.printed))


def restored_di_danh(place: str, mentions: OwnMentions) -> RestoredName:
    """The địa danh before a date that OCR read, put right."""
    match = _PLACE_LEVEL.match(place)
    prefix, bare = (match.group().strip(), place[match.end() :]) if match else ("", place)
    kind = None
    if prefix:
        prefix = _LEVEL_OF_PREFIX.get(fold(prefix), prefix)
        plain = prefix.lower().replace(" ", "") if "." in prefix else prefix.lower()
        kind = KIND_OF_LEVEL.get(plain, plain)
    reading = restored_place(bare, mentions, kind=kind)
    return RestoredName(f"{prefix} {reading.name}".strip(), reading.is_sure)


def restore_header(header: Header, mentions: OwnMentions, text: str) -> None:
    """Put issuer, parent agency and place of a scan's header right, and mark those that nothing confirms.

    text: the document's stored text.
    """
    complete_area(header, text)
    if header.anchored and header.value("place") is None:
        place = find_di_danh(text, mentions)
        if place is not None:
            header.fields["place"] = place
    for name in ("issuer", "parent_agency", "place"):
        found = header.fields.get(name)
        if found is None or not isinstance(found.value, str) or found.evidence.inferred:
            continue
        restore = restored_di_danh if name == "place" else restored_agency
        restored = restore(found.value, mentions)
        _note(found, restored)


def find_di_danh(text: str, mentions: OwnMentions) -> Found | None:
    """The địa danh of a line whose date could not be read ("Nhân Đạo, ngày 20 thẳng 04"), if the gazetteer has it.

    text: the stored text of the first page, from its start.
    """
    for match in _DI_DANH.finditer(clean(text[:_HEADER_CHARACTERS])):
        read = match[1].strip(" .,-|")
        restored = restored_di_danh(read, mentions)
        bare = _PLACE_LEVEL.sub("", restored.name)
        if not gazetteer.named(bare):
            continue
        evidence = Evidence(0.8, start=match.start(1), end=match.start(1) + len(match[1].rstrip()), page=1)
        found = Found(read, evidence)
        _note(found, restored)
        return found
    return None


def complete_area(header: Header, text: str) -> None:
    """Give a Ủy ban nhân dân or Hội đồng nhân dân whose area was not read the one that the text names most often.

    The value is marked as inferred. It stays as it is where the text names none.
    """
    found = header.fields.get("issuer")
    if found is None or not isinstance(found.value, str) or letters(found.value) not in _WITH_AREA:
        return
    named: dict[str, tuple[int, int, int]] = {}
    plain = clean(text)
    for match in _BODY_WITH_AREA.finditer(plain):
        area = f"{match[1].lower()} {' '.join(capitalised(word) for word in match[2].split())}"
        times, start, end = named.get(area, (0, match.start(), match.end()))
        named[area] = (times + 1, start, end)
    if not named:
        return
    area, (_, start, end) = max(named.items(), key=lambda item: (item[1][0], -item[1][1]))
    evidence = Evidence(_UNCONFIRMED, True, True, start=start, end=end, reasons=[_REASON_AREA])
    header.fields["issuer"] = Found(f"{found.value} {area}", evidence)


def _note(found: Found, restored: RestoredName) -> None:
    """Put a restored name into a field, with what was read."""
    evidence = found.evidence
    _record_change(evidence, str(found.value), restored.name)
    found.value = restored.name
    if not restored.is_sure:
        evidence.needs_review = True
        evidence.confidence = min(evidence.confidence, _UNCONFIRMED)
        evidence.reasons.append(_REASON_DOUBT)


def _record_change(evidence: Evidence, read: str, restored: str) -> None:
    if canonical(read) != canonical(restored):
        evidence.restored_from = evidence.restored_from or read
        evidence.reasons.append(_REASON_RESTORED.format(read=read))


def restore_citations(citations: Sequence[Citation], mentions: OwnMentions) -> None:
    """Put the issuers right that OCR read in citations; what was read stays in the citation's text."""
    for citation in citations:
        if citation.issuer and letters(citation.issuer):
            restored = restored_agency(citation.issuer, mentions)
            if restored.is_sure:
                citation.issuer = restored.name
