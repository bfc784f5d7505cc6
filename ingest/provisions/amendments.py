"""Sentences that change provisions of other documents: ``2. Sửa đổi, bổ sung khoản 1 Điều 8 như sau: “…”``.

An amending document is a tree of numbered units. A unit that begins with a verb of amendment says what changes; what
it leaves out (the Điều, the document) stands in the units above it, at last in the title. Below "Bãi bỏ các quy định
sau:" each unit names what is repealed. Nghị định 78/2025/NĐ-CP lays down these forms.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.quotations import quoted_spans
from corpus.vocabulary import Change
from ingest.citations.clean import WorkingCopy
from ingest.citations.mention import Mention
from ingest.citations.tokenise import date_at
from ingest.provisions.grammar import Provision, rows_in

#: Stands for each character of quoted text, so that offsets stay.
MASK = "\x01"
_VERBS = (
    (r"sua\sdoi(?:,?\s(?:va\s)?bo\ssung)?(?:,?\s(?:va\s)?thay\sthe)?(?:,?\s(?:va\s)?bai\sbo)?", Change.AMENDS),
    (r"bo\ssung(?:,?\s(?:va\s)?sua\sdoi|,\sthay\sthe(?:,\sbai\sbo)?)?", Change.ADDS),
    (r"bai\sbo|huy\sbo|bo(?=\s(?:cum\stu|tu|khoan|diem|dieu|cac\skhoan|cac\sdiem)\s)", Change.REPEALS),
    (r"thay\sthe(?:,\sbai\sbo)?|thay(?=\s(?:cum\stu|tu)\s)", Change.REPLACES),
    (r"dinh\schinh|chinh\ssua|sua(?=\s(?:cum\stu|tu|loi)\s)", Change.CORRECTS),
    (r"tam\sngung\shieu\sluc|ngung\shieu\sluc", Change.SUSPENDS),
)
_VERB = "|".join(f"(?P<v{number}>{pattern})" for number, (pattern, _) in enumerate(_VERBS))
_FIRST_VERB = re.compile(rf"(?:{_VERB})(?!\w)")
_FURTHER_VERB = re.compile(
    rf"(?:,\s|;\s|\sva\s|\sdong\sthoi\s)(?:{_VERB})"
    r"(?=\s(?:ten\s|cac\s)?(?:dieu|khoan|diem|muc|chuong|phan|phu\sluc|tiet|mau)\s)"
)
_WORDING = re.compile(r"\s(?:mot\sso\s|cac\s)?(?:cum\stu|tu\sngu|tu)(?!\w)")
# What stands before the numbers of units, largest first. The level of a line that begins with a verb is the smallest.
_UNIT = re.compile(
    r"(?:^|\n)(?:(?P<l0>phu\sluc[^\n,;]{0,12}(?=\n)|"
    r"chuong\s[ivxlc\d]{1,5}(?=[.\s]))|(?P<l1>dieu\s\d{1,3}[a-z]?\s?[.:]|[ivx]{1,5}\.(?!\w))"
    rf"|(?P<l2>\d{{1,2}}\.(?![\d])\s?)"
    rf"|(?P<l3>\d{{1,2}}\.\d{{1,2}}\.?\s)|(?P<l4>[a-z]{{1,2}}\)\s?)|(?P<l5>[-+]\s)|(?P<l6>(?={_VERB})))"
)
_BY_VERB = 6
# Where what follows no longer names what changes.
_CUT = re.compile(
    r"\s(?:vao\s(?:sau|truoc|ngay\ssau|cuoi|dau)|bang|nhu\ssau|"
    r"(?:da\s)?duoc\s(?:sua\sdoi|bo\ssung|thay\sthe|dinh\schinh)|thanh\s(?!pho)|de\s|"
    r"kem\stheo\s(?:nghi\sdinh|thong\stu|quyet\sdinh|nghi\squyet|luat)\snay)(?!\w)"
)
_CUT_WORDING = re.compile(r"\s(?:da\s)?duoc\s(?:sua\sdoi|bo\ssung|thay\sthe)(?!\w)")
_SENTENCE_END = re.compile(rf"[.:]\s?(?:\n|$)|\n\"?{MASK}|:\s?\"?{MASK}{{40}}")
_WORDING_END = re.compile(r"[.:]\s?(?:\n|$)")
# A line that ends so goes on: "tại ⏎ Điều 10." begins no article.
_GOES_ON = re.compile(
    r"(?:,|\s(?:tai|cua|va|theo|cac|tu|den|hoac|trong|vao|sau|truoc|dieu|so|(?:khoan|diem|dieu|muc)\s\w{1,4}))$"
)
_OF_THIS = re.compile(
    r",?\s(?:cua\s)?(?:(?:duoc\s)?(?:ban\shanh\s)?(?:dinh\s)?kem\stheo\s)?"
    r"(?:nghi\sdinh|thong\stu|quyet\sdinh|luat|nghi\squyet)\snay(?!\w)"
)
_SOME_OF = re.compile(r"mot\sso\s(?:dieu|khoan|diem|muc|noi\sdung)(?:,\s(?:khoan|diem))?(?:\s(?:cua|tai|trong))?\s$")
_LIST = re.compile(r"(?:bai\sbo|huy\sbo|het\shieu\sluc|thoi\shieu\sluc)(?!\w)")
_FOLLOWING = re.compile(r"\ssau(?:\sday)?(?!\w)")
_EXPIRES = re.compile(r"het\shieu\sluc(?:\sthi\shanh)?(?:\s(?:ke\s)?tu\s(?=ngay\s\d))?")
_SUBJECT = re.compile(r"(?:(?:cac\s)?quy\sdinh\s(?:[^.;:]{1,160}\s)?tai\s)?(?:cac\s)?")
_FORM = re.compile(r"(?<!\w)mau(?:\sbieu)?\s(?:so\s)?:?\s?(?P<label>\d{1,3}[\w.]*(?:[/\-][\w.\-]{1,20})?)")
_AND_ANOTHER = re.compile(r"\sva\s(?:nghi\sdinh|thong\stu|quyet\sdinh|nghi\squyet|luat)\sso")
#: Characters of the longest sentence, and of the head of a document in which its title stands.
_MAX_SENTENCE, _HEAD = 1500, 4000


@dataclass(frozen=True, slots=True)
class FoundAmendment:
    """An amending sentence at start…end of the working copy."""

    start: int
    end: int
    change: Change
    provisions: tuple[Provision, ...]
    #: Index of the amended document among the mentions.
    target: int | None = None
    date: str | None = None
    #: The new wording in the stored text.
    new: tuple[int, int] | None = None


@dataclass(slots=True)
class _Unit:
    """A numbered unit outside quotations: its first sentence, and what it hands down to the units below."""

    level: int
    #: Behind the number; the end of the unit's own text; the end of its first sentence.
    start: int
    end: int
    sentence_end: int
    parent: int | None = None
    #: Whether units of a list follow below it that amend something.
    has_list: bool = False
    target: int | None = None
    #: What the units below complete theirs with.
    container: Provision | None = None
    #: The change that units of a list below it stand for.
    listing: Change | None = None
    found: list[FoundAmendment] = field(default_factory=list)


def amendments_in(
    text: str, work: WorkingCopy, mentions: Sequence[Mention], provisions: Mapping[int, Sequence[Provision]]
) -> list[FoundAmendment]:
    """Every amending sentence of a stored text, in reading order. provisions: of the mentions, by index."""
    spans = quoted_spans(text)
    return _Reader(text, work, mentions, provisions, spans).read()


class _Reader:
    """Goes through the units of a document once."""

    def __init__(
        self,
        text: str,
        work: WorkingCopy,
        mentions: Sequence[Mention],
        provisions: Mapping[int, Sequence[Provision]],
        spans: Sequence[tuple[int, int]],
    ) -> None:
        self._stored = text
        self._work = work
        self._mentions = mentions
        self._starts = [mention.start for mention in mentions]
        self._provisions = provisions
        self._owners = {p.start: index for index, named in provisions.items() for p in named}
        self._spans = spans
        self._text, self._folded = _masked(work, spans)

    def read(self) -> list[FoundAmendment]:
        units = self._units()
        whole = self._target_of_title()
        for unit in units:
            parent = units[unit.parent] if unit.parent is not None else None
            self._read_unit(unit, parent, whole)
        for unit in units:
            if unit.found and unit.parent is not None and unit.level < _BY_VERB:
                units[unit.parent].has_list = True
        return [found for unit in units if not unit.has_list for found in unit.found]

    def _units(self) -> list[_Unit]:
        """The units outside quotations in order, each with the index of the one above it."""
        matches = [m for m in _UNIT.finditer(self._folded) if self._is_unit(m)]
        ends = [*(m.start() for m in matches[1:]), len(self._folded)][: len(matches)]
        units: list[_Unit] = []
        open_units: list[int] = []
        for match, end in zip(matches, ends, strict=True):
            level = next(n for n in range(_BY_VERB + 1) if match[f"l{n}"] is not None)
            while open_units and units[open_units[-1]].level >= level:
                open_units.pop()
            start = match.end() + (self._folded[match.end() : match.end() + 1] == " ")
            stop = self._sentence_end(start, min(end, start + _MAX_SENTENCE))
            parent = open_units[-1] if open_units else None
            units.append(_Unit(level, start, end, stop.start() if stop else min(end, start + _MAX_SENTENCE), parent))
            open_units.append(len(units) - 1)
        return units

    def _sentence_end(self, start: int, limit: int) -> re.Match[str] | None:
        """The end mark of the first sentence; phrases in quotation marks are part of it, a new wording is not."""
        verb = _FIRST_VERB.match(self._folded, start)
        wording = verb and _WORDING.match(self._folded, verb.end())
        return (_WORDING_END if wording else _SENTENCE_END).search(self._folded, start, limit)

    def _is_unit(self, match: re.Match[str]) -> bool:
        """Whether a line begins a unit: headings and verbs have a capital, and the line before does not go on."""
        at = match.start() + (match.group()[:1] == "\n")
        if match["l0"] is not None or match["l6"] is not None or match["l1"] is not None:
            goes_on = _GOES_ON.search(self._folded, max(0, match.start() - 14), match.start())
            return self._text[at].isupper() and not goes_on and self._is_verb(match, at)
        return True

    def _is_verb(self, match: re.Match[str], at: int) -> bool:
        """Whether a line that begins like a verb does: "Bộ Tư pháp" is no "Bỏ từ"."""
        if match["l6"] is None or self._folded[at : at + 3] != "bo " or self._folded.startswith("bo sung", at):
            return True
        return self._text[at : at + 2].lower() == "bỏ"

    def _read_unit(self, unit: _Unit, parent: _Unit | None, whole: int | None) -> None:
        inherited = parent.target if parent is not None else whole
        sentence = self._folded[unit.start : unit.sentence_end]
        unit.target = self._target(unit.start, unit.sentence_end, sentence)
        if unit.target is None:
            unit.target = inherited
        unit.container = parent.container if parent is not None else None
        verb = _FIRST_VERB.match(sentence)
        if parent is not None and parent.listing is not None and not verb:
            unit.listing = parent.listing
            unit.found = self._listed(unit, parent.listing)
        elif verb:
            self._read_instruction(unit, sentence)
        elif not self._read_expiry(unit, sentence):
            unit.target = inherited
        if self._opens_list(unit, sentence):
            unit.listing = Change.REPEALS

    def _opens_list(self, unit: _Unit, sentence: str) -> bool:
        """Whether the units below name what is repealed: "Bãi bỏ các quy định sau:", an annex "… BÃI BỎ MỘT PHẦN"."""
        if unit.level == 0:
            head = self._text[unit.start : unit.start + 160]
            return bool(re.search(r"BÃI BỎ|HẾT HIỆU LỰC", head)) and not re.search("TOÀN BỘ", head)
        colon = self._folded[unit.sentence_end : unit.sentence_end + 1] == ":"
        return colon and bool(_LIST.search(sentence)) and bool(_FOLLOWING.search(sentence))

    # --- which document

    def _target_of_title(self) -> int | None:
        """The one document that the title says it amends; None where it names several or none."""
        head = self._folded[:_HEAD]
        for match in re.finditer(r"\n(?:sua\sdoi|bo\ssung|bai\sbo)[^;:.]{0,60}\s(?=\w)", head.split("\ncan cu ")[0]):
            index = bisect_left(self._starts, match.start())
            if index == len(self._mentions) or self._starts[index] - match.start() > 90:
                continue
            further = self._folded[self._mentions[index].end : self._mentions[index].end + 400]
            second = _AND_ANOTHER.search(further.split("can cu")[0])
            return None if second else index
        return None

    def _target(self, start: int, end: int, sentence: str) -> int | None:
        """The first document named in a sentence that is not only told of ("đã được sửa đổi bởi …", "bằng …")."""
        index = bisect_left(self._starts, start)
        if index == len(self._mentions) or self._starts[index] >= end:
            return None
        before = sentence[: self._starts[index] - start]
        if _CUT_WORDING.search(before) or re.search(r"\sbang\s", before):
            return None
        return index

    # --- what changes

    def _read_instruction(self, unit: _Unit, sentence: str) -> None:
        verbs = [(0, _change(_FIRST_VERB.match(sentence)))]
        first = _FIRST_VERB.match(sentence)
        assert first is not None
        verbs += [(m.start(), _change(m)) for m in _FURTHER_VERB.finditer(sentence, first.end())]
        wording = bool(_WORDING.match(sentence, first.end()))
        cut = (_CUT_WORDING if wording else _CUT).search(sentence, first.end())
        end = cut.start() if cut else len(sentence)
        named = self._named(unit, unit.start + first.end(), unit.start + end)
        if len(named) == 1:
            unit.container = named[0][1]
        grouped: dict[tuple[Change, int | None], list[Provision]] = {}
        for at, provision in named:
            change = Change.REWORDS if wording else [c for start, c in verbs if start <= at - unit.start][-1]
            owner = self._owners.get(at, unit.target)
            grouped.setdefault((change, owner), []).append(provision)
        span = (unit.start, unit.sentence_end)
        for (change, owner), found in grouped.items():
            unit.found.append(FoundAmendment(*span, change, tuple(found), owner, self._date(unit), self._new(unit)))

    def _named(self, unit: _Unit, start: int, end: int) -> list[tuple[int, Provision]]:
        """(offset, provision) of those named between two offsets, completed from above; own ones are left out."""
        found: list[tuple[int, Provision]] = []
        for row in rows_in(self._text[start:end], self._folded[start:end]):
            if row.is_of_the_text or _OF_THIS.match(self._folded, start + row.end):
                continue
            for provision in row.provisions():
                moved = replace(provision, start=start + provision.start, end=start + provision.end)
                found.append((moved.start, _completed(moved, unit.container)))
        return self._with_forms(start, end, found)

    def _with_forms(self, start: int, end: int, found: list[tuple[int, Provision]]) -> list[tuple[int, Provision]]:
        """Forms ("Mẫu số 02 tại Phụ lục II") are parts of annexes; the annex itself is then not what changes."""
        forms = list(_FORM.finditer(self._folded, start, end))
        if not forms:
            return found
        annexes = {p.appendix for _, p in found if p.appendix}
        annex = f"{annexes.pop()}, " if len(annexes) == 1 else ""
        made = [(at, p) for at, p in found if p.appendix is None or p.article or p.clause]
        for form in forms:
            label = self._text[form.start("label") : form.end("label")].rstrip(".-/")
            made.append((form.start(), Provision(form.start(), form.end(), appendix=f"{annex}Mẫu số {label}")))
        return sorted(made, key=lambda one: one[0])

    def _listed(self, unit: _Unit, change: Change) -> list[FoundAmendment]:
        """What a unit of a list of repealed provisions names: the provisions of each document cited in it."""
        found = []
        index = bisect_left(self._starts, unit.start)
        while index < len(self._mentions) and self._starts[index] < unit.end:
            own = [p for p in self._provisions.get(index, ()) if p.start >= unit.start]
            if own:
                start = min(p.start for p in own)
                found.append(FoundAmendment(start, self._mentions[index].end, change, tuple(own), index))
            index += 1
        return found

    def _read_expiry(self, unit: _Unit, sentence: str) -> bool:
        """``Khoản 3 Điều 5 Nghị định số … hết hiệu lực kể từ ngày …``; whether the sentence is one."""
        expires = _EXPIRES.search(sentence)
        index = bisect_left(self._starts, unit.start)
        if expires is None or index == len(self._mentions) or self._starts[index] > unit.start + expires.start():
            return False
        own = [p for p in self._provisions.get(index, ()) if unit.start <= p.start < unit.start + expires.start()]
        if not own or not _SUBJECT.fullmatch(sentence[: min(p.start for p in own) - unit.start]):
            return False
        date = date_at(self._folded, unit.start + expires.end())
        unit.found.append(
            FoundAmendment(
                unit.start, unit.sentence_end, Change.REPEALS, tuple(own), index, date.edtf if date else None
            )
        )
        return True

    def _date(self, unit: _Unit) -> str | None:
        """A day that the sentence itself gives ("kể từ ngày 01 tháng 01 năm 2027")."""
        match = re.compile(r"\s(?:ke\s)?tu\s(?=ngay\s\d)").search(self._folded, unit.start, unit.sentence_end)
        date = date_at(self._folded, match.end()) if match else None
        return date.edtf if date else None

    def _new(self, unit: _Unit) -> tuple[int, int] | None:
        """The quotation that follows "như sau:" or stands directly behind the sentence."""
        stored_end = self._work.back(max(unit.start, unit.sentence_end - 1))
        limit = self._work.back(max(unit.start, unit.end - 1)) + 1
        for start, end in self._spans:
            if stored_end <= start <= stored_end + 12 and end <= limit + 2:
                return start, end
        return None


def _change(match: re.Match[str] | None) -> Change:
    assert match is not None
    return next(change for number, (_, change) in enumerate(_VERBS) if match[f"v{number}"] is not None)


def _completed(provision: Provision, above: Provision | None) -> Provision:
    """A provision with the larger units it leaves out, taken from the heading above."""
    if (
        above is None
        or provision.article is not None
        or provision.appendix is not None
        or provision.section is not None
    ):
        return provision
    clause = provision.clause
    if clause is None and provision.point is not None:
        clause = above.clause
    return replace(provision, clause=clause, article=above.article, section=above.section, appendix=above.appendix)


def _masked(work: WorkingCopy, spans: Sequence[tuple[int, int]]) -> tuple[str, str]:
    """(text, folded) of the working copy with quoted text masked, character for character."""
    text, folded = list(work.text), list(work.folded)
    for start, end in spans:
        left, right = work.forward(start), work.forward(end)
        text[left:right] = folded[left:right] = MASK * (right - left)
    return "".join(text), "".join(folded)
