"""Ô 1 to 6 of Nghị định 30/2020/NĐ-CP Phụ lục I: agencies, số ký hiệu, place and date, type, trích yếu, Kính gửi.

Works on visual lines: with boxes (scans, PDFs) the columns are told by place, in plain text by runs of spaces and by
the words that begin a column ("CỘNG HÒA XÃ HỘI", "Độc lập").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from corpus import dates
from corpus.fold import clean, fold, letters, nfc, squeeze
from corpus.model import Box, Evidence
from corpus.so_ky_hieu import SEGMENT, code_of_type, type_of_symbol
from corpus.tables import rows
from ingest.data import DATA
from ingest.layout import agency_names
from ingest.layout.lines import Line, Segment, union

#: Folded, with the slips OCR makes inside ("HỌI", "phức").
NATION = re.compile(r"c.?ng\s+h\w{1,3}\s+x\w{1,2}\s+h\w{1,2}\s+ch\w\s+ngh?\w+(\s+vi\w*t\s+nam)?")
_MOTTO = re.compile(r"d\w{1,2}c\s+l\w{1,2}p\W{1,6}t\w\s+do\W{1,6}h\w{3,4}\s+ph\w{1,2}c?")
_PARTY = re.compile(r"dang\s+cong\s+san\s+viet\s+nam")
_DATE = re.compile(
    r"(?P<word>\b[nhtiñ]{1,3}g?[aà]y)\s*(?P<day>.{0,14}?)\s*th[aá]ng\s*(?P<month>.{0,10}?)\s*n[aă]m\s*(?P<year>\d[\d ]{3,5})",
    re.IGNORECASE,
)
_SHORT_DATE = re.compile(
    r"\bngày\s*(?P<day>\d{1,2})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<year>\d{4})", re.IGNORECASE
)
_LAW_NUMBER = re.compile(
    r"^\W{0,3}(?:lu[aâ]t|ngh[iị] quy[eế]t|ph[aá]p l[eệ]nh|b[oộ] lu[aậ]t|l[eệ]nh)\s+s[oố]\s*:", re.IGNORECASE
)
# A hyphen may have white around it in print; what OCR makes of one (. or :) has none.
_SYMBOL = rf"(?P<symbol>{SEGMENT}(?:(?:\s?-|-\s|[.:]){SEGMENT}(?!\w|\s?/\s?[vw]\b)){{0,5}})"
# "Số: 12/2024/QĐ-UBND", "Số:   /KH-UBND", "Số.92ŸÄ /SYT-NVY": what stands before the slash is judged apart.
_NUMBER = re.compile(
    rf"^\W{{0,3}}(?:[^\W\d]+ [^\W\d]+ |[^\W\d]+ )?[Ss][^\W\d]?\s?[^\w\s]{{0,2}}(?P<number>.{{0,24}}?)\s?[/⁄]\W{{0,2}}"
    rf"(?:(?P<year>(?:19|20)\d\d)\s?/\s?)?{_SYMBOL}"
)  # fmt: skip
# The slash read as a digit or lost: "Số: 4 6957QĐ-SYT".
_NO_SLASH = re.compile(
    rf"^\W{{0,3}}[Ss][ốóôo]\s?\W{{0,2}}\s?(?P<number>[\d ]{{1,8}}?)[7Il1]?(?P<symbol>{SEGMENT}-{SEGMENT}(?:-{SEGMENT}){{0,3}})"
)
_PARTY_NUMBER = re.compile(
    rf"^\W{{0,3}}S[ốóôo]\s?\W{{0,2}}\s?(?P<number>\d{{0,5}})\s?[-–]\s?(?P<symbol>{SEGMENT}\s?/\s?{SEGMENT}(?:-{SEGMENT}){{0,3}})"
)
_VV = re.compile(r"^\W{0,3}V\s?[/\\|⁄Íí]\s?[vw]\b\W{0,2}|^\W{0,3}V/(?=\s)|^\W{0,2}Về việc\b:?", re.IGNORECASE)
_ADDRESSEE = re.compile(r"k.nh\s+g.{1,2}i\s*[:;.]?")
_STAMP = re.compile(
    r"^(ký bởi|người ký|thời gian ký|cơ quan|ngày ký|giờ ký|email|đã ký|signature|digitally)\b.*?:", re.IGNORECASE
)
_MASTHEAD = re.compile(r"c.ng b.o\s*(?:/\s*)?s.\s", re.IGNORECASE)
_RECEIVED = re.compile(r"^\W*(đến|công văn đến|văn bản đến)\b", re.IGNORECASE)
# The caps line between title and căn cứ that names who decides (Nghị định 30, mẫu 1.2).
_AUTHORITY = re.compile(
    r"^(chu tich|bo truong|thu tuong|chinh phu|uy ban|hoi dong|giam doc|quoc hoi|tong giam doc|thong doc|truong ban|"
    r"ban thuong vu|ban chap hanh|chanh van phong|chanh an|vien truong|tong kiem toan|truong phong|cuc truong|chi cuc truong|"
    r"ban chi dao|ban to chuc|hieu truong|tong cuc truong|bo chinh tri|ban bi thu|chanh thanh tra)\b"
)
_SYLLABLE_SLIPS = str.maketrans({"I": "1", "l": "1", "|": "1", "O": "0", "o": "0", "Í": "1", "í": "1"})


@dataclass(slots=True)
class Found:
    """A value with its evidence. Its text is NFC: what was cut between a letter and its mark composes anew."""

    value: object
    evidence: Evidence

    def __post_init__(self) -> None:
        if isinstance(self.value, str):
            self.value = nfc(self.value)
        elif isinstance(self.value, list):
            self.value = [nfc(one) for one in self.value]


@dataclass(slots=True)
class Header:
    """What a header says. ``end``: offset where title and addressees' block end and the running text begins."""

    fields: dict[str, Found] = field(default_factory=dict)
    end: int = 0
    title_span: tuple[int, int] | None = None
    anchored: bool = False
    party: bool = False

    def value(self, name: str) -> object:
        found = self.fields.get(name)
        return found.value if found else None


@cache
def _header_types() -> dict[str, str]:
    return {letters(r["name"]): r["name"] for r in rows("document_types") if r["header"] == "1"}


@cache
def _agency_starts() -> re.Pattern[str]:
    starts = sorted((r["start"] for r in rows("agency_starts", DATA)), key=len, reverse=True)
    return re.compile(r"^(?:" + "|".join(starts) + r")\b")


@cache
def _stops() -> tuple[tuple[str, bool], ...]:
    return tuple((r["start"], r["strong"] == "1") for r in rows("header_stops", DATA))


@cache
def _marks() -> dict[str, tuple[str, str]]:
    return {letters(r["value"]): (r["field"], r["value"]) for r in rows("urgency", DATA)}


def evidence(
    segments: Sequence[Segment], confidence: float, *, reasons: Sequence[str] = (), needs_review: bool = False
) -> Evidence:
    """Evidence for a value seen in *segments* (of one page)."""
    return Evidence(
        round(confidence, 3),
        needs_review,
        False,
        segments[0].page,
        union([s.box for s in segments if s.page == segments[0].page]),
        min(s.start for s in segments),
        max(s.end for s in segments),
        list(reasons),
    )


def read_header(lines: Sequence[Line], *, ocr: bool) -> Header:
    """The header at the start of *lines* (one document's first page). Nothing found is nothing said."""
    return _Reader(lines, ocr).read()


def sub(segment: Segment, start: int, end: int) -> Segment:
    """The part of *segment* between two offsets of its text, its box narrowed to the words that overlap."""
    text = segment.text[start:end]
    left = start + len(text) - len(text.lstrip())
    right = start + len(text.rstrip())
    if not segment.words:
        return Segment(text.strip(), segment.start + left, segment.start + right, segment.page)
    words, at = [], 0
    for word in segment.words:
        if at < right and at + len(word.text) > left:
            words.append(word)
        at += len(word.text) + 1
    if not words:
        words = segment.words[-1:]
    shift = segment.start - min(w.start for w in segment.words)
    return Segment(
        text.strip(),
        shift + min(w.start for w in words),
        shift + max(w.end for w in words),
        segment.page,
        union([w.box for w in words]),
        min(w.confidence for w in words),
        words,
    )


class _Reader:
    """State of one pass over a header; the steps below run in the order of the ô."""

    def __init__(self, lines: Sequence[Line], ocr: bool) -> None:
        self.lines = [kept for line in lines if (kept := self._own(line))]
        self.ocr = ocr
        self.header = Header()
        self.left: list[Segment] = []  # agencies, above the number
        self.under: list[Segment] = []  # V/v and stamps, under the number
        self.split: float | None = None  # where the right column begins, as a fraction of the width
        self.body = 0  # index of the first line under number and date

    @staticmethod
    def _own(line: Line) -> Line | None:
        """The line without what others put on the page: masthead, digital signature, received stamp."""
        if _STAMP.match(line.text) or _MASTHEAD.search(line.folded):
            return None
        kept = [s for s in line.segments if not _RECEIVED.match(s.text)]
        return Line(kept, line.page, line.gap) if kept else None

    def read(self) -> Header:
        if not self.lines:
            return self.header
        self._columns()
        self._agencies()
        self._type_and_title()
        self._stamps()
        if self.ocr:
            self._symbol_of_type()
        return self.header

    def _put(self, name: str, value: object, segments: Sequence[Segment], confidence: float, **more: object) -> None:
        reasons = list(more.get("reasons") or [])  # type: ignore[call-overload]
        review = bool(more.get("needs_review", False))
        self.header.fields[name] = Found(value, evidence(segments, confidence, reasons=reasons, needs_review=review))

    # Ô 1 to 4: the two columns

    def _columns(self) -> None:
        number_at = date_at = nation_at = None
        for index, line in enumerate(self.lines[:40]):
            folded = line.folded
            if nation_at is None and _opens_header(line):
                nation_at = index
                self.header.anchored = True
                self.header.party = bool(_PARTY.search(folded))
            if date_at is None and (nation_at is not None or index < 14) and self._date(line):
                date_at = index
            if number_at is None and self._number(line):
                number_at = index
                self.header.anchored = True
            if self._type_of(line) and (number_at is not None or date_at is not None or index > (nation_at or 0) + 1):
                break
            if _ADDRESSEE.match(folded.strip(" -*")) or folded.strip(" -*").startswith("can cu"):
                break
            if number_at is not None and date_at is not None:
                break
        last = max((i for i in (number_at, date_at) if i is not None), default=nation_at)
        self.body = (last + 1) if last is not None else 0
        if not self.header.anchored and date_at is None:
            self.consumed_end = self.lines[0].start
            return
        top = number_at if number_at is not None else (date_at if date_at is not None else nation_at)
        for line in self.lines[: (top if top is not None else 0) + 1]:
            self._part(line, stop_at_number=True)
        if last is not None and top is not None and last > top:
            for line in self.lines[top + 1 : last + 1]:
                self._part(line, stop_at_number=False)
        self.consumed_end = max((line.end for line in self.lines[: self.body]), default=self.lines[0].start)

    def _part(self, line: Line, *, stop_at_number: bool) -> None:
        """Left-column text of a header line goes to ``left`` (above the number) or ``under`` it."""
        for segment in line.segments:
            folded = segment.folded
            right = None
            for pattern in (NATION, _PARTY, _MOTTO):
                match = pattern.search(folded)
                if match:
                    right = match.start()
                    break
            if right is None:
                match = _DATE.search(segment.text) or _SHORT_DATE.search(segment.text)
                if match:
                    right = self._place_start(segment.text, match.start())
            if right is not None:
                part = sub(segment, right, len(segment.text))
                if part.box:
                    self.split = min(self.split or 1.0, part.box[0])
                segment = sub(segment, 0, right) if segment.text[:right].strip(" ,.") else None  # type: ignore[assignment]
            if segment is None or not segment.text.strip(" .,-_*"):
                continue
            if segment.box and self.split and segment.box[0] > self.split - 0.02:
                continue
            if _number_like(segment.text):
                return
            (self.left if stop_at_number else self.under).append(segment)

    @staticmethod
    def _place_start(text: str, date_start: int) -> int:
        """Where the địa danh before ``ngày`` begins: back over words without digits or slashes."""
        before = text[:date_start].rstrip(" ,.;:")
        start = len(before)
        for word in reversed(list(re.finditer(r"\S+", before))):
            token = word.group()
            if (
                re.search(r"[\d/:]", token)
                or token.endswith((":", ";"))
                or len(token) > 12
                or _SYMBOL_ONLY.fullmatch(token)
            ):
                break
            start = word.start()
        return start

    def _date(self, line: Line) -> bool:
        for segment in line.segments:  # a V/v line may stand to the left of the date
            if _DATE.search(segment.text):
                line = Line([segment], line.page, line.gap)
                break
        text = clean(line.text)
        match = _DATE.search(text) or _SHORT_DATE.search(text)
        if not match:
            return False
        start = self._place_start(text, match.start())
        place = text[start : match.start()].lstrip(" ,.;:-_'|")
        start = match.start() - len(place)
        place = place.rstrip(" ,.;:-_'|")
        tail = text[match.end() :].strip(" .,)|'")
        if len(tail) > 12 or len(place) > 40 or (place and not place[0].isupper()):
            return False  # a date inside a sentence
        if not place and not self.header.anchored:
            return False
        segments = self._covering(line, start, match.end())
        day, month, year = (_digits(match[g]) for g in ("day", "month", "year"))
        raw_day, raw_month = (match[g].strip(" .…_,-") for g in ("day", "month"))
        reasons = []
        value = dates.make(year, month if raw_month else None, day if raw_day and raw_month else None)
        if value is None or (raw_day and day is None) or (raw_month and month is None):
            reasons.append("ngày không hợp lệ")
            value = dates.make(year, month) if month and 1 <= month <= 12 else dates.make(year)
        date_segments = self._covering(line, match.start(), match.end())
        confidence = min((s.confidence for s in date_segments), default=1.0) if self.ocr else 1.0
        mended = bool(re.search(r"[^\d\s.]", raw_day + raw_month))
        if mended:
            reasons.append("chữ số được sửa")
        if self.ocr and confidence < 0.93:
            reasons.append("OCR không chắc")
        if self.ocr and (not raw_day or not raw_month):
            reasons.append("chỗ ngày tháng trống hoặc viết tay")
        if value:
            self._put(
                "date",
                value,
                date_segments,
                confidence * (0.5 if reasons else 1.0),
                reasons=reasons,
                needs_review=bool(reasons),
            )
        if place:
            place_segments = self._covering(line, start, start + len(place))
            self._put("place", place, place_segments or segments, 0.95)
        return True

    def _covering(self, line: Line, start: int, end: int) -> list[Segment]:
        """The parts of the line's segments that stand between two offsets of ``line.text``."""
        parts, at = [], 0
        for segment in line.segments:
            left, right = max(start - at, 0), min(end - at, len(segment.text))
            if left < right:
                parts.append(sub(segment, left, right))
            at += len(segment.text) + 1
        return parts or list(line.segments)

    def _number(self, line: Line) -> bool:
        text = clean(line.text)
        match = _PARTY_NUMBER.match(text)
        party = bool(match)
        if not match:
            match = _NUMBER.match(text) or (_NO_SLASH.match(text) if self.ocr else None)
        if not match or not _plausible_symbol(match["symbol"]):
            return False
        symbol = re.sub(r"\s", "", match["symbol"]).replace(":", "-").replace(".", "-")
        year = match.groupdict().get("year")
        raw = match["number"].strip(" .…_:,-'")
        digits = re.sub(r"[ .]", "", raw)
        number: str | None = digits if re.fullmatch(r"\d{1,5}[a-zđ]?|\d{1,3}\.\d{1,2}", raw.replace(" ", "")) else None
        if number is not None and "." in raw and year:
            number = raw.replace(" ", "")
        number_segments = self._covering(line, match.start("number"), match.start("symbol"))
        symbol_segments = self._covering(line, match.start("symbol"), match.end("symbol"))
        confidence = min((s.confidence for s in number_segments), default=1.0) if self.ocr else 1.0
        reasons = []
        if self.ocr:
            if number is None:
                reasons.append("số trống hoặc viết tay")
            elif digits != raw or confidence < 0.93 or match.re is _NO_SLASH:
                reasons.append("OCR không chắc")
            symbol, mended = repair_symbol(symbol)
        else:
            mended = False
        self._put(
            "symbol", symbol, symbol_segments, 0.9 if self.ocr else 1.0, reasons=["ký hiệu được sửa"] if mended else []
        )
        whole = self._covering(line, match.start("number"), match.end("symbol"))
        review = bool(reasons)
        sure = confidence * (0.6 if reasons else 1.0)
        if number is not None:
            joined = f"{number}-{symbol}" if party else "/".join(p for p in (number, year, symbol) if p)
            self._put("number", number, number_segments, sure, reasons=reasons, needs_review=review)
            self._put("so_ky_hieu", joined, whole, sure, reasons=reasons, needs_review=review)
        elif reasons:
            self._put("number", None, number_segments, 0.0, reasons=reasons, needs_review=True)
            self._put("so_ky_hieu", None, whole, 0.0, reasons=reasons, needs_review=True)
        return True

    def _symbol_of_type(self) -> None:
        """A first segment of the ký hiệu one slip off the code of the printed type is that code (``Qb`` → ``QĐ``)."""
        symbol, doc_type = self.header.fields.get("symbol"), self.header.value("doc_type")
        code = code_of_type(str(doc_type)) if doc_type else None
        if symbol is None or code is None:
            return
        first, _, rest = str(symbol.value).partition("-")
        if first == code or not rest or not agency_names.within(letters(first), letters(code), 1):
            return
        for name in ("symbol", "so_ky_hieu"):
            found = self.header.fields.get(name)
            if found is not None and found.value:
                mended = re.sub(rf"(^|[/-]){re.escape(first)}-", rf"\g<1>{code}-", str(found.value), count=1)
                found.evidence.reasons.append(f"ký hiệu được sửa theo loại văn bản (OCR: {first})")
                self.header.fields[name] = Found(mended, found.evidence)

    # Ô 2: agencies

    def _agencies(self) -> None:
        names: list[list[Segment]] = []
        for segment in self.left:
            segment = _from_start(segment)
            text = segment.text.strip(_EDGE)
            if len(letters(text)) < 3 or (self.ocr and segment.confidence < 0.1 and len(text) < 6):
                continue
            if not _mostly_capitals(text):
                continue
            folded = fold(text)
            place_line = re.match(r"(tinh|thanh pho|tp|huyen|quan|thi xa|xa|phuong|thi tran|dac khu)\b", folded)
            starts = _agency_starts().match(folded) or _agency_starts().match(_rejoined(folded))
            if (names and names[-1][-1].text.rstrip().endswith("-")) or (
                names and (place_line or not starts) and not folded.startswith(("tinh uy", "thanh uy"))
            ):  # two who issue together: "SỞ A -" over "SỞ B"
                names[-1].append(segment)
            else:
                names.append([segment])
        for field_name, group in zip(("issuer", "parent_agency"), reversed(names), strict=False):
            value, mended = _agency(group)
            confidence = 0.8 if mended else 0.95
            self._put(field_name, value, group, confidence, reasons=["tên được sửa theo bảng"] if mended else [])

    # Ô 5, 9a, 10

    def _type_of(self, line: Line) -> str | None:
        for segment in line.segments:
            text = segment.text.strip(" :.*-_~'\"|")
            words = [w for w in text.split() if len(letters(w)) > 1 or w.isupper()]
            for candidate in (text, " ".join(words), " ".join(words[1:]) if words and len(words[0]) == 1 else ""):
                if not _mostly_capitals(candidate) or len(candidate) > 30:
                    continue
                name = _header_types().get(letters(candidate))
                if name is None and self.ocr and len(letters(candidate)) >= 6 and 0.3 < segment.centre < 0.7:
                    near = [n for k, n in _header_types().items() if agency_names.within(letters(candidate), k, 1)]
                    name = near[0] if len(near) == 1 else None
                if name:
                    return name
        return None

    def _type_and_title(self) -> None:
        self.header.end = self.consumed_end if self.header.anchored else self.lines[0].start
        start = self.body
        stop = min(len(self.lines), start + 30)
        type_at = None
        for index in range(start, stop):
            line = self.lines[index]
            if _starts_body(line, weak=False) and not self._type_of(line):
                break
            if self._type_of(line) and not line.text.rstrip().endswith("QUYẾT ĐỊNH:"):
                type_at = index
                break
        addressee_at = next((i for i in range(start, stop) if _ADDRESSEE.search(self.lines[i].folded[:60])), None)
        if type_at is not None:
            self._typed(type_at)
            return
        vv = self._subject(start, addressee_at if addressee_at is not None else stop)
        symbol = self.header.value("symbol")
        if vv or (addressee_at is not None and symbol):
            by_symbol = type_of_symbol(str(symbol)) if symbol else None
            if by_symbol and not vv:
                self._put(
                    "doc_type",
                    by_symbol,
                    [self.lines[start].segments[0]],
                    0.6,
                    reasons=["loại theo ký hiệu"],
                    needs_review=True,
                )
            else:
                where = self.header.fields.get("symbol")
                segments = vv or [self.lines[start].segments[0]]
                self._put("doc_type", "Công văn", segments, 0.95 if where else 0.8)
        elif symbol and self.header.anchored:
            by_symbol = type_of_symbol(str(symbol))
            if by_symbol:
                seen = self.header.fields["symbol"].evidence
                reasons = ["loại theo ký hiệu"]
                self.header.fields["doc_type"] = Found(
                    by_symbol, Evidence(0.6, True, False, seen.page, seen.bbox, seen.start, seen.end, reasons)
                )
        if addressee_at is not None:
            self._addressees(addressee_at)

    def _typed(self, type_at: int) -> None:
        line = self.lines[type_at]
        name = self._type_of(line)
        self._put("doc_type", name, line.segments, 0.98)
        self.header.anchored = self.header.anchored or name is not None
        title: list[Segment] = []
        capitals: bool | None = None
        previous = line
        for index in range(type_at + 1, min(len(self.lines), type_at + 24)):
            line = self.lines[index]
            if any(_in_margin(s) for s in line.segments):  # a received stamp beside the title
                line = Line([s for s in line.segments if not _in_margin(s)] or line.segments, line.page, line.gap)
            text = squeeze(line.text)
            if len(letters(text)) < 2 or (self.ocr and _noise(line)):
                continue
            if _starts_body(line, weak=self._apart(line, title)) or self._ends_title(line, previous, title, capitals):
                break
            title.extend(s for s in line.segments if not self._stamp(s) and not _in_margin(s))
            capitals = _mostly_capitals(text) if capitals is None else capitals
            previous = line
        self.header.end = max(self.header.end, max((s.end for s in self.lines[type_at].segments), default=0))
        if title:
            self._title(title)
        following = next(
            (
                i
                for i in range(type_at + 1, min(len(self.lines), type_at + 30))
                if _ADDRESSEE.search(self.lines[i].folded[:60])
            ),
            None,
        )
        if following is not None:
            self._addressees(following)

    def _apart(self, line: Line, title: list[Segment]) -> bool:
        """Whether *line* may open the text: after some title, and not set centred right under it."""
        if not title or not line.box or not title[0].box:
            return bool(title)
        off = abs((line.box[0] + line.box[2]) / 2 - (title[0].box[0] + title[0].box[2]) / 2)
        return off > 0.015 or line.gap > 1.3 * self._pitch()

    def _stamp(self, segment: Segment) -> bool:
        """A mark of urgency or secrecy, or what OCR makes of a slanted one."""
        if letters(segment.text) in _marks():
            return True
        sure = [w.confidence for w in segment.words]
        return self.ocr and bool(sure) and sum(sure) / len(sure) < 0.45 and len(sure) < 4

    def _ends_title(self, line: Line, previous: Line, title: list[Segment], capitals: bool | None) -> bool:
        text = squeeze(line.text)
        if _ADDRESSEE.match(line.folded.strip(" -*")):
            return True
        if title and capitals is False and _mostly_capitals(text) and len(letters(text)) > 6:
            return True
        if _AUTHORITY.match(line.folded.strip(" ")) and _mostly_capitals(text) and (title or capitals is None):
            return True
        if title and title[-1].text.rstrip().endswith((".", ";")) and text[:1].isupper():
            return True
        if not title or not line.box:
            return bool(title) and line.gap >= 3 and previous.gap < 3
        # A title is centred; running text starts at the margin with an indent and runs to the right edge.
        middle = (line.box[0] + line.box[2]) / 2
        centre = (title[0].box[0] + title[0].box[2]) / 2 if title[0].box else 0.5
        pitch = self._pitch()
        return abs(middle - centre) > 0.06 or (line.gap > 1.75 * pitch and text[:1].isupper())

    def _pitch(self) -> float:
        gaps = sorted(line.gap for line in self.lines if line.gap > 0.8)
        return gaps[len(gaps) // 2] if gaps else 1.5

    def _title(self, segments: list[Segment]) -> None:
        text = squeeze(clean(" ".join(s.text for s in segments))).strip(" -_*.|~")
        text = _VV.sub("", text) if text[:2] in {"V/", "v/"} else text
        confidence = min((s.confidence for s in segments), default=1.0) if self.ocr else 1.0
        self._put("title", text, segments, max(0.5, confidence), needs_review=False)
        self.header.title_span = (min(s.start for s in segments), max(s.end for s in segments))
        self.header.end = max(self.header.end, self.header.title_span[1])

    def _subject(self, start: int, stop: int) -> list[Segment] | None:
        """The V/v block of a công văn: left column, under the number, down to Kính gửi."""
        candidates = list(self.under)
        for line in self.lines[start:stop]:
            if _starts_body(line, weak=False):
                break
            candidates.extend(line.segments)
        candidates = [s for s in candidates if not self._stamp(s)]
        begun = next((i for i, s in enumerate(candidates) if _VV.match(s.text)), None)
        if begun is None and self.ocr and stop < len(self.lines) and self.split:
            # V/v itself misread: a công văn has nothing else in the left column between number and Kính gửi.
            begun = next(
                (i for i, s in enumerate(candidates) if s.box and s.box[2] < self.split and s.text[:1] in "Vv"), None
            )
            if begun is not None:
                candidates[begun] = sub(
                    candidates[begun], len(candidates[begun].text.split()[0]), len(candidates[begun].text)
                )
        if begun is None:
            return None
        first = candidates[begun]
        block = [first]
        for segment in candidates[begun + 1 :]:
            text = segment.text.strip()
            if letters(text) in _marks() or _ADDRESSEE.match(segment.folded):
                break
            if self.ocr and (segment.confidence < 0.25 and len(letters(text)) < 5):
                continue
            if segment.box and first.box and not _same_column(segment.box, first.box, self.split):
                continue
            if (
                segment.box
                and block[-1].box
                and segment.box[1] - block[-1].box[3] > 2.2 * (first.box[3] - first.box[1] if first.box else 0.02)
            ):
                break
            if len(block) >= 9:
                break
            block.append(segment)
        text = _VV.sub("", squeeze(clean(" ".join(s.text for s in block)))).strip(" -_:.|~,")
        if not text:
            return block
        confidence = min((s.confidence for s in block), default=1.0) if self.ocr else 1.0
        self._put("title", text, block, max(0.5, confidence))
        self.header.title_span = (min(s.start for s in block), max(s.end for s in block))
        self.header.end = max(self.header.end, self.header.title_span[1])
        return block

    def _addressees(self, index: int) -> None:
        names: list[str] = []
        segments: list[Segment] = []
        first = self.lines[index]
        match = _ADDRESSEE.search(first.folded)
        assert match is not None
        rest = first.text[match.end() :].strip()
        if letters(rest):
            names.append(rest)
        segments.extend(first.segments)
        for line in self.lines[index + 1 : index + 25]:
            text = squeeze(line.text)
            if re.match(r"^[-–+*•~]", text):
                names.append(text)
            elif (
                names and not names[-1].rstrip().endswith((".", ";")) and not _starts_body(line) and text[:1].islower()
            ):
                names[-1] += " " + text
            else:
                break
            segments.extend(line.segments)
            if text.endswith("."):
                break
        cleaned = [squeeze(clean(n)).strip(" -+*•~;.,:") for n in names]
        self._put("addressees", [n for n in cleaned if letters(n)], segments, 0.9)
        self.header.end = max(self.header.end, first.start)

    def _stamps(self) -> None:
        for line in self.lines[: self.body + 14]:
            for segment in line.segments:
                for text in (segment.text, *(w.text for w in segment.words[:0])):
                    mark = _marks().get(letters(text))
                    if mark and _mostly_capitals(text) and mark[0] not in self.header.fields:
                        self._put(mark[0], mark[1], [segment], segment.confidence if self.ocr else 1.0)


def _agency(group: Sequence[Segment]) -> tuple[str, bool]:
    """The name over one or more lines; "-" at the end of a line joins two agencies."""
    parts: list[str] = []
    for index, segment in enumerate(group):
        text = segment.text.strip(_EDGE)
        if parts and not parts[-1].endswith(" -"):
            parts[-1] = f"{parts[-1]} {text}"
        else:
            parts.append(text)
        following = group[index + 1].folded.strip(_EDGE) if index + 1 < len(group) else ""
        if segment.text.rstrip().endswith("-") and _agency_starts().match(following):
            parts[-1] += " -"
    names = [agency_names.read(squeeze(p.removesuffix(" -"))) for p in parts]
    return " - ".join(name for name, _ in names), any(mended for _, mended in names)


_EDGE = " *-_.,|~'\"‘’:"


def _from_start(segment: Segment) -> Segment:
    """Specks that OCR took for a word before an agency's name ("Ý UBND TỈNH …") left out."""
    for word in list(re.finditer(r"\S+", segment.text))[1:3]:
        before = segment.text[: word.start()]
        if len(letters(before)) <= 2 and _agency_starts().match(fold(segment.text[word.start() :])):
            if _agency_starts().match(segment.folded.strip(_EDGE)):
                return segment
            return sub(segment, word.start(), len(segment.text))
    return segment


def _opens_header(line: Line) -> bool:
    """Quốc hiệu or the party's name in capitals, or the tiêu ngữ: a sentence may name the nation too."""
    folded = line.folded
    for pattern in (NATION, _PARTY):
        match = pattern.search(folded)
        if match and _mostly_capitals(line.text[match.start() : match.end()]):
            return True
    return bool(_MOTTO.search(folded))


def _number_like(text: str) -> bool:
    return any(p.match(text) for p in (_NUMBER, _PARTY_NUMBER, _LAW_NUMBER, _NO_SLASH, _NUMBER_WORD))


_NUMBER_WORD = re.compile(r"^\W{0,3}(?:[Ss][ốôóỐ]|Sô|SỐ)\s?[:.;]")
_SYMBOL_ONLY = re.compile(rf"{SEGMENT}(?:-{SEGMENT})+")


def _plausible_symbol(symbol: str) -> bool:
    """A ký hiệu is capitals: "/Trung tâm" after a slash in a sentence is none."""
    flat = re.sub(r"[^A-Za-zĐđÀ-ỹ]", "", symbol)
    return sum(c.isupper() for c in flat) * 2 >= len(flat) and len(flat) >= 2


def repair_symbol(symbol: str) -> tuple[str, bool]:
    """OCR slips inside a ký hiệu: a first segment one letter off a known code (``QD`` → ``QĐ``)."""
    segments = symbol.split("-")
    codes = {letters(r["code"]): r["code"] for r in rows("document_types") if r["code"]}
    first = letters(segments[0])
    if len(segments) > 1 and segments[0] not in codes.values() and first in codes and len(first) > 1:
        segments[0] = codes[first]
        return "-".join(segments), True
    return symbol, False


def _digits(raw: str) -> int | None:
    text = re.sub(r"[\s.…_,'`]", "", raw).translate(_SYLLABLE_SLIPS)
    return int(text) if re.fullmatch(r"\d{1,4}", text) else None


def _mostly_capitals(text: str) -> bool:
    flat = [c for c in text if c.isalpha()]
    return bool(flat) and sum(c.isupper() for c in flat) >= 0.8 * len(flat)


def _rejoined(folded: str) -> str:
    """``soy te`` → ``so y te``: OCR glues the one-letter syllable of Sở Y tế."""
    return re.sub(r"^(so|bo)(?=[a-z])", r"\1 ", folded)


def _noise(line: Line) -> bool:
    return all(s.confidence < 0.4 for s in line.segments) and len(letters(line.text)) < 8


def _starts_body(line: Line, *, weak: bool = True) -> bool:
    """Whether a line opens the running text; *weak* cues ("Thực hiện …") may open a trích yếu too."""
    folded = line.folded.strip(" -*+.,'\"")
    return any(folded.startswith(stop) for stop, strong in _stops() if strong or weak)


def _in_margin(segment: Segment) -> bool:
    return segment.box is not None and segment.box[2] < 0.2


def _same_column(box: Box, first: Box, split: float | None) -> bool:
    limit = split - 0.01 if split else 0.55
    return box[0] < limit and (box[0] + box[2]) / 2 < limit + 0.03
