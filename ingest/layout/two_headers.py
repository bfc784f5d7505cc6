"""Two readings of one header, weighed field by field: where they agree a value is sure, where they differ it is not.

The page's own reading is the first; what it says stands unless the other says something better founded: a name that
gazetteer and document confirm, a ký hiệu made of known codes, a trích yếu without what stands beside it. A difference
that nothing decides leaves the value for a person, with the other reading beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from corpus.fold import canonical, fold, letters
from corpus.model import Box
from corpus.tables import rows
from ingest.layout.found import Found
from ingest.layout.header_values import Header
from ingest.layout.own_mentions import OwnMentions, one_spelling
from ingest.ocr.covered_text import holds
from ingest.page import Page, Word

#: Confidence that a value can have at most which one witness alone saw, or on which the two differ.
_DISPUTED = 0.6
#: Two readings of a trích yếu of which this share is the same are one.
_SAME_TITLE = 93.0
#: The same for a part of one.
_PART = 90.0
#: Words that only one witness counts to the trích yếu belong to it where they were read with this confidence.
_READ = 0.9
#: Fields that are taken over where only the other witness read them.
_TAKEN_OVER = ("doc_type", "symbol", "date", "place", "issuer", "parent_agency", "title")
_REASON_DIFFER = "hai bộ đọc khác nhau (bộ kia: {other})"
_REASON_ONE = "chỉ một bộ đọc thấy"


@dataclass(frozen=True, slots=True)
class TwoHeaders:
    """The header of *page* by the page's own reading, into which the outcome is written, and by another witness.

    offset: where the page's text begins in the document's.
    """

    header: Header
    other: Header
    page: Page
    offset: int
    #: Names of the fields that were taken over from the other.
    taken: set[str] = field(default_factory=set)

    def weigh_lines(self) -> None:
        """Weigh trích yếu and ký hiệu, and take over what only the other witness read."""
        for name in _TAKEN_OVER:
            if self.header.value(name) is None and self.other.value(name) is not None:
                self._adopt(name)
                self.taken.add(name)
                _doubt(self.header.fields[name], _REASON_ONE)
        self._weigh_symbol()
        self._weigh_title()

    def weigh_names(self, mentions: OwnMentions) -> None:
        """Weigh issuer, parent agency and địa danh, each restored before from its own reading."""
        for name in ("issuer", "parent_agency", "place"):
            found, seen = self.header.fields.get(name), self.other.fields.get(name)
            if found is None or seen is None or name in self.taken:
                continue
            if not isinstance(found.value, str) or not isinstance(seen.value, str):
                continue
            is_better = found.evidence.needs_review and not seen.evidence.needs_review
            if one_spelling(found.value) == one_spelling(seen.value):
                if is_better and not found.evidence.inferred:
                    self._adopt(name)
            elif is_better:
                self._adopt(name)
                seen.evidence.reasons.append(_REASON_DIFFER.format(other=found.value))
            elif not found.evidence.needs_review and not seen.evidence.needs_review:
                self._weigh_spelling(name, mentions)

    def _weigh_spelling(self, name: str, mentions: OwnMentions) -> None:
        """Of two confirmed names that differ in marks, the one the document writes more often; in doubt either way."""
        ours, theirs = str(self.header.value(name)), str(self.other.value(name))
        if letters(ours) != letters(theirs):
            return  # other words, not other marks: the first witness read them better
        if mentions.count(theirs) > mentions.count(ours):
            self._adopt(name)
            ours, theirs = theirs, ours
        _doubt(self.header.fields[name], _REASON_DIFFER.format(other=theirs))

    def _weigh_symbol(self) -> None:
        ours, theirs = self.header.value("symbol"), self.other.value("symbol")
        if not ours or not theirs:
            return
        evidence = self.header.fields["symbol"].evidence
        if letters(str(ours)) == letters(str(theirs)):
            evidence.needs_review, evidence.confidence = False, max(evidence.confidence, _READ)
            return
        ours_known, theirs_known = _known_parts(str(ours), self.header), _known_parts(str(theirs), self.other)
        if theirs_known > ours_known:
            self._replace_symbol(str(ours), str(theirs))
            ours, theirs = theirs, ours
        if ours_known <= theirs_known:
            _doubt(self.header.fields["symbol"], _REASON_DIFFER.format(other=theirs))

    def _replace_symbol(self, ours: str, theirs: str) -> None:
        """Take the other's ký hiệu, in the số ký hiệu too."""
        self._adopt("symbol")
        whole = self.header.fields.get("so_ky_hieu")
        if whole is not None and isinstance(whole.value, str) and whole.value.endswith(ours):
            self.header.fields["so_ky_hieu"] = Found(whole.value.removesuffix(ours) + theirs, whole.evidence)

    def _weigh_title(self) -> None:
        found, seen = self.header.fields.get("title"), self.other.fields.get("title")
        if found is None or seen is None or not found.value or not seen.value:
            return
        ours, theirs = canonical(str(found.value)), canonical(str(seen.value))
        if fuzz.ratio(ours, theirs) >= _SAME_TITLE:
            if found.evidence.needs_review and not seen.evidence.needs_review:
                self._adopt_title()
            return
        longer, shorter = (found, seen) if len(ours) > len(theirs) else (seen, found)
        keeps_ours = True
        if fuzz.partial_ratio(ours, theirs) >= _PART:
            keeps_ours = (found is shorter) == self._has_strokes(longer, shorter)
        if not keeps_ours:
            self._adopt_title()
        _doubt(self.header.fields["title"], _REASON_DIFFER.format(other=(seen if keeps_ours else found).value))

    def _has_strokes(self, longer: Found, shorter: Found) -> bool:
        """Whether what the longer trích yếu has more was hardly read: a stamp, or the edge of something else."""
        whole, common = fold(str(longer.value)), fold(str(shorter.value))
        at = whole.find(common[:20])
        more = whole.replace(common, " ") if common in whole else whole[at + len(common) :] if at >= 0 else whole
        words = [word for word in self._words_in(longer.evidence.bbox) if fold(word.text).strip() in more.split()]
        if not words:
            return longer.evidence.confidence < _READ
        return sum(word.confidence for word in words) < _READ * len(words)

    def _adopt_title(self) -> None:
        self._adopt("title")
        evidence = self.header.fields["title"].evidence
        if evidence.start is not None and evidence.end is not None:
            self.header.title_span = (evidence.start, evidence.end)

    def _adopt(self, name: str) -> None:
        """Put the other's value into the header, placed in the text of the page."""
        seen, before = self.other.fields[name], self.header.fields.get(name)
        evidence = replace(seen.evidence, page=self.page.number, reasons=list(seen.evidence.reasons))
        inside = self._words_in(evidence.bbox)
        if inside:
            evidence.start = self.offset + min(word.start for word in inside)
            evidence.end = self.offset + max(word.end for word in inside)
        else:
            evidence.start, evidence.end = (before.evidence.start, before.evidence.end) if before else (None, None)
        self.header.fields[name] = Found(seen.value, evidence)

    def _words_in(self, box: Box | None) -> list[Word]:
        """The words of the page's own reading inside *box*."""
        return [word for word in self.page.load_words() if box is not None and holds(box, word.box)]


def _known_parts(symbol: str, header: Header) -> float:
    """The share of a ký hiệu's parts that are codes of types or the issuer's initials."""
    codes = {letters(row["code"]) for row in rows("document_types") if row["code"]}
    words = str(header.value("issuer") or "").split()
    issuer = letters("".join(word if word.isupper() else word[0] for word in words))
    parts = [letters(part) for part in re.split(r"[-/]", symbol) if letters(part)]
    known = [part for part in parts if part in codes or (len(part) > 1 and issuer.startswith(part))]
    return len(known) / max(1, len(parts))


def _doubt(found: Found, reason: str) -> None:
    found.evidence.needs_review = True
    found.evidence.confidence = min(found.evidence.confidence, _DISPUTED)
    found.evidence.reasons.append(reason)
