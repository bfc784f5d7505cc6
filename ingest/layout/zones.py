"""The zones of a document, from its lines alone.

A Vietnamese administrative document runs header → title → preamble (căn cứ) → operative part → Nơi nhận and signature →
attachments (Nghị định 30/2020/NĐ-CP, Phụ lục I). Everything behind the signature is an attachment: annexes, lists, blank
forms and whole bundled documents. What stands where decides which citation is a legal basis and which text is none at all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from corpus.fold import clean, fold, squeeze
from corpus.model import Kind
from corpus.tables import rows

ZoneName = Literal[
    "header", "title", "preamble", "body", "footnote", "recipients", "signature", "attachment", "stamp"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of the stored text. part: 0 for the document, 1… for what is attached to it."""

    start: int
    end: int
    name: ZoneName
    part: int = 0


@dataclass(slots=True)
class Structure:
    """zones cover the text in order, without gaps. page_starts: offset of each page's first character."""

    zones: list[Zone]
    kind: Kind = "other"
    doc_type: str | None = None
    page_starts: Sequence[int] = field(default_factory=lambda: [0])
    _starts: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._starts = [zone.start for zone in self.zones]

    def zone_at(self, offset: int) -> Zone:
        """The zone that holds *offset* (the last one for an offset behind the end)."""
        return self.zones[max(0, bisect_right(self._starts, offset) - 1)]

    def page_at(self, offset: int) -> int:
        """The number (from 1) of the page that holds *offset*."""
        return max(1, bisect_right(self.page_starts, offset))

    def spans(self, name: ZoneName, part: int | None = None) -> list[tuple[int, int]]:
        """Where the zones of that name lie."""
        return [(z.start, z.end) for z in self.zones if z.name == name and part in (None, z.part)]


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str  # cleaned, squeezed
    folded: str
    page: int  # from 0
    row: int  # of its page, from 0

    @property
    def page_first(self) -> bool:
        """Whether it is among the first lines of its page, where headers and annex titles stand."""
        return self.row < 4

    @property
    def upper(self) -> bool:
        """Whether its letters are capitals (a slip of the OCR or two forgiven)."""
        marks = [c for c in self.text if c.isalpha()]
        return len(marks) >= 2 and sum(c.isupper() for c in marks) >= 0.8 * len(marks)


_NOISE = re.compile(r"^[\W_]+|[\W_]+$")
_MASTHEAD = re.compile(r"^\d{0,4} ?cong bao ?/ ?so")
_PAGE_NUMBER = re.compile(r"^\W{0,3}\d{1,4}\W{0,3}$")
_MOTTO = re.compile(r"cong h[oa]{1,2} xa h[oa]i|xa hoi chu nghia v|^doc lap ?\W{1,4} ?tu do|dang cong san viet nam$")
_NUMBER_LINE = re.compile(r"^\W{0,4}[s8][oôố]\W{0,3}[\w .]{0,8}/ ?[a-z]{2}")
_ADDRESSEE = re.compile(r"^\W{0,3}kinh g[uư]i\b")
_SUBJECT = re.compile(r"^\W{0,4}v ?[/i1l|] ?v?\b|^ve viec\b")
_CUE = re.compile(
    r"^\W{0,4}(?:\d{1,2}[.)] )?(?:[cgo]?an [ce][uư]|c[uư] (?=luat|nghi|quyet|thong)|theo (?!do\b|du bao)|xet |thuc hien |tiep tuc |thi hanh |"
    r"tren co so|de (?:thuc hien|trien khai)|trien khai |duoc su |sau khi |phuc dap |tra loi |nham |chap hanh |"
    r"can cu vao|hien nay )"
)
# What surely opens a căn cứ, even inside what may still be a title.
_PLACE_AND_DATE = re.compile(r"\bngay\b.{0,12}\bthang\b.{0,12}\bnam ?\d{4}\W{0,3}$")
_STRONG_CUE = re.compile(r"^\W{0,4}(?:[cgo]?an [ce][uư]|xet |theo de nghi|theo to trinh|kinh gui|noi nhan)\b")
_CAN_CU = re.compile(r"^\W{0,4}[cgo]?an [ce][uư]\b")
_CITING_CUE = re.compile(
    r"^\W{0,4}(?:(?:tiep tuc |de )?(?:thuc hien|trien khai|thi hanh)|theo|phuc dap|tra loi)(?: thuc hien| noi dung| chi dao)? "
    r"(?:cua [^;.]{3,60} tai )?(?:cac )?(?:nghi|quyet|thong|cong|ke|chi|to|van ban|luat|bao cao|ket luan|huong)[^;.]{0,24} s[oô] ?\d"
)
_OPERATIVE = re.compile(
    r"^\W{0,4}(?:quyet ?\W? ?dinh|quyet nghi|nghi quyet|quy dinh|ra quyet dinh|chi thi|thong tu|lenh|ket luan|cong bo)\W{0,3}$"
)
_NUMBERED = re.compile(
    r"^\W{0,2}(?:dieu (?:1|i|l)\b|chuong (?:1|i|l)\b|phan (?:1|i|l|thu nhat)\b|muc (?:1|i|l)\b|(?:i|1|l|a)[.,/)\-] ?\D|(?:1|i)\.1)"
)
_AS_FOLLOWS = re.compile(r"(?:nhu sau|cu the|sau day|noi dung sau|nhu duoi day)[ .]{0,2}[:;.,]?\W{0,3}$")
_RECIPIENTS = re.compile(
    r"^\W{0,6}(?:\w{1,5} ){0,2}nhan ?\W? ?[:;](?!.{0,6}\d)|^\W{0,4}noi nhan\b|^\W{0,4}n\w{0,4}i nhan\b"
)
_RECIPIENT_ITEM = re.compile(r"^\W{0,3}(?:nhu (?:tren|dieu|muc|kinh gui)\b|luu ?[:;.]? ?v)")
_SIGNING = re.compile(r"^\W{0,6}(?:(?:tm|kt|tl|tuq|t/m|k/t|t/l|q|d/s)\b\W{0,3}[a-z]{2,})")
_SIGNER_TITLE = re.compile(
    r"^\W{0,4}(?:(?:pho )?(?:giam doc|chu tich|thu tuong|tong giam doc|cuc truong|vu truong|truong ban|truong phong|"
    r"chanh van phong|chanh thanh tra|bi thu|vien truong|hieu truong|thong doc|tong cuc truong|chi cuc truong|bo truong|truong doan)|"
    r"thu truong|chu nhiem|chanh an|tong kiem toan nha nuoc)(?: (?:so|ubnd|quoc hoi|nuoc|van phong)[^.;:]{0,40})?\W{0,4}$"
)
_CLOSING = re.compile(r"\. ?/ ?\.")
_ATTACHED = re.compile(
    r"^\W{0,4}(?:phu luc|phu bieu|bieu mau|mau (?:so|bao|don|phieu|bieu)|bang tong hop|danh sach|danh muc|chuong trinh|lich |"
    r"ke hoach|quy che|quy dinh|de an|huong dan|dieu le|noi dung|phieu|bieu |thong ke|de cuong|bao cao|du toan|bang |giay|"
    r"don |ho so|tieu chi|thanh phan)"
)
_KEM_THEO = re.compile(r"^\W{0,4}(?:ban hanh )?kem theo ")
_RULE = re.compile(r"^[\W_]{3,}$")
_FOOTNOTE = re.compile(r"^\W{0,2}[(\[]?\d{1,2}[)\]]?$")


@cache
def type_names() -> dict[str, str]:
    """Folded name of each loại that can head a document → the name as written."""
    return {fold(row["name"]): row["name"] for row in rows("document_types") if row["header"] == "1"}


def type_line(text: str) -> str | None:
    """The loại a line names when it stands alone as a heading, else None: ``QUYÉT ĐỊNH`` → Quyết định."""
    folded = squeeze(_NOISE.sub("", fold(clean(text))))
    name = type_names().get(folded)
    if name:
        return name
    joined = folded.replace(" ", "")
    return next((value for key, value in type_names().items() if key.replace(" ", "") == joined), None)


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    page = row = 0
    for match in re.finditer(r"[^\n\f]+|\f", text):
        if match.group() == "\f":
            page, row = page + 1, 0
            continue
        plain = squeeze(clean(match.group()))
        if not plain:
            continue
        folded = fold(plain)
        if _MASTHEAD.match(folded) or (row < 2 and _PAGE_NUMBER.match(folded)):
            continue
        lines.append(_Line(match.start(), match.end(), plain, folded, page, row))
        row += 1
    return lines


def divide(
    text: str,
    page_starts: Sequence[int],
    header_end: int | None = None,
    title_span: tuple[int, int] | None = None,
) -> Structure:
    """The zones of *text* (stored text, pages parted by form feeds).

    header_end, title_span: where another reader has found the header and the title; they win over the lines.
    """
    lines = _lines(text)
    if not lines:
        return Structure([Zone(0, len(text), "body")], page_starts=page_starts)
    marks: list[tuple[int, ZoneName, int]] = []
    kind = _kind(lines)
    if kind == "other":
        header_end = title_span = None  # no sign of an office anywhere: what was taken for a header is a sentence
    doc_type = None
    at = 0
    part = 0
    while at < len(lines):
        stop, found_type = _one_document(lines, at, part, kind, marks, header_end, title_span)
        if part == 0:
            doc_type = found_type
        at, part = stop, part + 1
    zones: list[Zone] = []
    marks.sort(key=lambda mark: mark[0])
    marks[:1] = [(0, marks[0][1], marks[0][2])] if marks else [(0, "body", 0)]
    for (start, name, number), following in zip(marks, [*marks[1:], (len(text), "body", 0)], strict=True):
        if following[0] > start:
            zones.append(Zone(start, following[0], name, number))
    return Structure(zones or [Zone(0, len(text), "body")], kind, doc_type, page_starts)


def _kind(lines: Sequence[_Line]) -> Kind:
    """Administrative when any of quốc hiệu, số ký hiệu line, Nơi nhận or a signing block is there (domain 1.5.7)."""
    for line in lines[:60]:
        if _is_motto(line) or _NUMBER_LINE.match(line.folded):
            return "administrative"
    for line in lines:
        if (line.folded.startswith("noi nhan") and len(line.folded) < 60) or (
            line.upper and _SIGNING.match(line.folded)
        ):
            return "administrative"
    return "other"


def _is_motto(line: _Line) -> bool:
    """Quốc hiệu in capitals or tiêu ngữ, alone or beside the agency's name; a sentence that names the republic is neither."""
    if not _MOTTO.search(line.folded) or len(line.folded) > 130:
        return False
    if "hanh phuc" in line.folded or line.folded.startswith("doc lap"):
        return True
    return line.upper


def _one_document(
    lines: Sequence[_Line],
    first: int,
    part: int,
    kind: Kind,
    marks: list[tuple[int, ZoneName, int]],
    header_end: int | None,
    title_span: tuple[int, int] | None,
) -> tuple[int, str | None]:
    """Marks one document (or one attachment) from line *first*; where the next begins, and the loại."""
    attached = part > 0

    def mark(index: int, name: ZoneName) -> None:
        offset = lines[index].start if index < len(lines) else lines[-1].end
        mark_at(offset, name)

    def mark_at(offset: int, name: ZoneName) -> None:
        if attached and name in ("title", "preamble", "body", "footnote"):
            name = "attachment"
        marks.append((offset, name, part))

    head, title, doc_type = _header(lines, first, attached, kind)
    if not attached and header_end is not None:
        head = next((i for i, line in enumerate(lines) if line.start >= header_end), len(lines))
        title = next((i for i in range(head, len(lines)) if _begins_text(lines[i])), head)
    if not attached and title_span is not None:
        title = next((i for i, line in enumerate(lines) if line.start >= title_span[1]), len(lines))
    if attached:
        letterhead = _letterhead(lines, first)
        mark_at(lines[first].start, "header" if letterhead > first else "attachment")
        if first < letterhead < len(lines):
            mark(letterhead, "title")
    elif head > first:
        mark(first, "header")
    if title > head and not attached:
        mark(head, "title")
    if (
        not attached
        and title_span is not None
        and head > first
        and title_span[0] < lines[min(head, len(lines) - 1)].start
    ):
        mark_at(title_span[0], "title")
        mark_at(title_span[1], "header")
    body = _preamble(lines, title) if kind == "administrative" else title
    if body > title:
        mark(title, "preamble")
    ends_here = first < body < len(lines) and _new_page(lines, body) and _is_attachment_head(lines, body)
    end = body if ends_here else _end_of_body(lines, body, attached)
    if body < end:
        mark(body, "body")
    _footnotes(lines, body, end, mark)
    following = _next_part(lines, end, attached)
    if following > end:
        mark(end, "recipients")
    return max(following, first + 1), doc_type


def _begins_text(line: _Line) -> bool:
    return bool(_CUE.match(line.folded) or _ADDRESSEE.match(line.folded) or _NUMBERED.match(line.folded))


def _header(lines: Sequence[_Line], first: int, attached: bool, kind: Kind) -> tuple[int, int, str | None]:
    """(first line of the title, first line after it, loại). No header: both equal *first*."""
    limit = min(len(lines), first + 32)
    page = lines[first].page
    limit = next((i for i in range(first, limit) if lines[i].page > page), limit)
    motto = next((i for i in range(first, min(limit, first + 12)) if _is_motto(lines[i])), None)
    heading = next(
        (
            i
            for i in range(first, limit)
            if (lines[i].upper and type_line(lines[i].text)) and not _opens_operative(lines, i, first)
        ),
        None,
    )
    to = next(
        (i for i in range(first, limit) if _ADDRESSEE.search(lines[i].folded) or "kinh gui" in lines[i].folded), None
    )
    cue = next((i for i in range(first, limit) if _STRONG_CUE.match(lines[i].folded)), limit)
    if heading is not None and heading <= cue and (to is None or heading < to):
        after = heading + 1 if heading + 1 < limit and _STRONG_CUE.match(lines[heading + 1].folded) else heading + 2
        while after < len(lines) and after < heading + 14 and not _ends_title(lines, after, heading):
            after += 1
        after = _skip_authority(lines, after)
        return heading, after, type_line(lines[heading].text)
    if attached and motto is None:
        return first, first, None
    if kind != "administrative":
        return first, first, None
    subject = next((i for i in range(first, min(limit, (to or limit) + 4)) if _SUBJECT.match(lines[i].folded)), None)
    if to is not None or subject is not None:
        start = subject if subject is not None else to
        assert start is not None
        after = start + 1
        early = next((i for i in range(start + 1, to or start) if _opens_preamble(lines[i])), None)
        if early is not None:  # read out of order: the first paragraph came before "Kính gửi"
            return start, early, "Công văn"
        if to is not None:
            after = max(after, to + 1)
            after = _skip_addressees(lines, after)
        else:
            while after < limit and not _begins_text(lines[after]):
                after += 1
        return min(start, to if to is not None else start), after, "Công văn"
    if motto is not None:
        after = motto + 1
        while after < limit and (lines[after].upper or not _begins_text(lines[after])) and after < motto + 8:
            after += 1
        return after, after, None
    return first, first, None


def _letterhead(lines: Sequence[_Line], first: int) -> int:
    """The first line after quốc hiệu, number and date of a paper that is bundled in; *first* where there is none."""
    mottos = [i for i in range(first, min(len(lines), first + 7)) if _is_motto(lines[i])]
    if not mottos or any(_KEM_THEO.match(lines[i].folded) for i in range(first, mottos[-1])):
        return first
    after = mottos[-1] + 1
    while after < len(lines) and after < mottos[-1] + 4:
        line = lines[after]
        if not (_NUMBER_LINE.match(line.folded) or _PLACE_AND_DATE.search(line.folded) or _RULE.match(line.text)):
            break
        after += 1
    return after


def _opens_preamble(line: _Line) -> bool:
    return line.text[:1].isupper() and bool(_CITING_CUE.match(line.folded) or _CAN_CU.match(line.folded))


def _opens_operative(lines: Sequence[_Line], index: int, first: int) -> bool:
    """``QUYẾT ĐỊNH:`` with a căn cứ before it opens the operative part, it is no heading."""
    if not lines[index].text.rstrip().endswith(":"):
        return False
    return any(_CUE.match(line.folded) for line in lines[first:index])


def _ends_title(lines: Sequence[_Line], index: int, heading: int) -> bool:
    line = lines[index]
    if _STRONG_CUE.match(line.folded) or _NUMBERED.match(line.folded) or _RULE.match(line.text):
        return True
    if line.text[:1].isupper() and (
        _CITING_CUE.match(line.folded) or (_CUE.match(line.folded) and _full(lines[index - 1]))
    ):
        return True
    if _OPERATIVE.match(line.folded) and line.upper:
        return True
    return index > heading + 1 and line.upper and not lines[index - 1].upper


def _full(line: _Line) -> bool:
    """Whether a line ends what it says; a title that goes on breaks its lines before a small letter."""
    return line.text.endswith((".", ")", ";", ":")) or line.upper


def _skip_authority(lines: Sequence[_Line], index: int) -> int:
    """The rule and the THẨM QUYỀN BAN HÀNH line in capitals belong to the title block, not to the căn cứ."""
    after = index
    while after < len(lines) and after < index + 5 and not _begins_text(lines[after]):
        if not (_RULE.match(lines[after].text) or lines[after].upper or len(lines[after].folded) < 4):
            break
        after += 1
    return after


def _skip_addressees(lines: Sequence[_Line], index: int) -> int:
    """Lines of ``Kính gửi``: items with a dash, or short lines ending in ; or ."""
    after = index
    while after < len(lines) and after < index + 24 and not _CUE.match(lines[after].folded):
        text = lines[after].text
        previous = lines[after - 1].text.rstrip()
        listed = bool(re.match(r"^\W{0,2}[-–—~+*•]", text)) or previous.endswith((";", ":", ","))
        wrapped = not previous.endswith((".", ")")) and text[:1].islower()
        noted = text.startswith("(")
        if not (listed or wrapped or noted):
            break
        after += 1
    return after


def _preamble(lines: Sequence[_Line], first: int) -> int:
    """The first line after the preamble: paragraphs that each begin with a cue, then the operative mark.

    A letter without căn cứ has its first paragraph for a preamble.
    """
    index = first
    seen = False
    limit = min(len(lines), first + 160)
    while index < limit:
        line = lines[index]
        if (_OPERATIVE.match(line.folded) and line.upper) or _NUMBERED.match(line.folded):
            return index
        if _RECIPIENTS.match(line.folded) or (index > first and lines[index].page > lines[first].page + 3):
            return index
        if index > first and _new_page(lines, index) and _is_attachment_head(lines, index):
            return index
        opens = index == first or _paragraph_starts(lines, index)
        if opens:
            if _CUE.match(line.folded):
                seen = True
            elif (seen or index > first) and not _goes_on(lines, index):
                return index
        if _AS_FOLLOWS.search(line.folded) and (index + 1 >= limit or _paragraph_starts(lines, index + 1)):
            return index + 1
        index += 1
    return index


def _goes_on(lines: Sequence[_Line], index: int) -> bool:
    """Whether a paragraph without a cue is no end yet: a căn cứ still follows before anything operative does.

    ``…; ⏎ Luật sửa đổi … ;`` continues a chain; stamps and stray marks of the OCR stand between.
    """
    for line in lines[index + 1 : index + 12]:
        if _NUMBERED.match(line.folded) or _OPERATIVE.match(line.folded) or _AS_FOLLOWS.search(line.folded):
            return False
        if _STRONG_CUE.match(line.folded) and line.text.lstrip(" \"'-–—+*•_.`")[:1].isupper():
            return not line.folded.startswith(("kinh gui", "noi nhan"))
    return False


def _paragraph_starts(lines: Sequence[_Line], index: int) -> bool:
    """Blank lines part nothing here (domain 6.1.6): a paragraph starts with a cue, a bullet, or after an end mark."""
    line, previous = lines[index], lines[index - 1].text.rstrip(" \"'”“`_")
    initial = line.text.lstrip(" \"'“”-–—+*•_.`")[:1]
    if not (initial.isupper() or initial.isdigit() or line.text[:1] in "-–—+*•"):
        return False
    if line.text[:1] in "-–—+*•" and not previous.endswith("-"):
        return True
    if _CUE.match(line.folded) and initial.isupper() and not previous.endswith((" và", " của", "-")):
        return True
    return previous.endswith((";", ".", ":", "./.", ",")) and (
        not previous.endswith(",") or len(previous) < 60 or initial.isupper()
    )


def _end_of_body(lines: Sequence[_Line], first: int, attached: bool) -> int:
    """The first line of Nơi nhận or of the signing block; for an attachment also where the next one begins."""
    index = first
    closed = False
    while index < len(lines):
        line = lines[index]
        if index > first and _opens_document(lines, index):
            return index
        if _RECIPIENTS.match(line.folded) and len(line.folded) < 60:
            return index
        if closed and _RECIPIENT_ITEM.match(line.folded):
            return index
        if line.upper and _SIGNING.match(line.folded) and len(line.folded) < 60:
            return index
        if closed and line.upper and (_SIGNER_TITLE.match(line.folded)):
            return index
        if closed and line.page_first and _is_attachment_head(lines, index):
            return index
        if attached and index > first and _new_page(lines, index) and _is_attachment_head(lines, index):
            return index
        if _CLOSING.search(line.text):
            closed = True
        index += 1
    return index


def _opens_document(lines: Sequence[_Line], index: int) -> bool:
    """A new header: quốc hiệu or tiêu ngữ near the top of a page."""
    return bool(lines[index].page_first and _is_motto(lines[index]))


def _is_attachment_head(lines: Sequence[_Line], index: int) -> bool:
    line = lines[index]
    if _KEM_THEO.match(line.folded):
        return True
    return bool(_ATTACHED.match(line.folded) and (line.upper or line.folded.startswith(("phu luc", "mau so"))))


def _next_part(lines: Sequence[_Line], end: int, attached: bool) -> int:
    """Behind Nơi nhận and signature: the first line of the next attachment, or the end."""
    index = end
    while index < len(lines):
        line = lines[index]
        if index > end and line.start and _new_page(lines, index):
            return index
        if index > end and _is_attachment_head(lines, index):
            return index
        if index > end and _is_motto(line) and not _is_motto(lines[index - 1]):
            return index
        if index == end and (_is_attachment_head(lines, index) or _is_motto(line)):
            return index
        index += 1
    return index


def _new_page(lines: Sequence[_Line], index: int) -> bool:
    return lines[index].page != lines[index - 1].page


def _footnotes(lines: Sequence[_Line], first: int, end: int, mark: Callable[[int, ZoneName], None]) -> None:
    """A marker alone on a line that was seen before opens a note; it runs to the end of its page or of its sentence."""
    seen: set[str] = set()
    index = first
    while index < end:
        marker = re.sub(r"\D", "", lines[index].text)
        if not _FOOTNOTE.match(lines[index].text) or not lines[index].text.startswith(("(", "[")):
            index += 1
            continue
        if marker not in seen:
            seen.add(marker)
            index += 1
            continue
        after = index + 1
        while after < end and lines[after].page == lines[index].page and not _FOOTNOTE.match(lines[after].text):
            if after > index + 1 and lines[after - 1].text.endswith(".") and _paragraph_starts(lines, after):
                break
            after += 1
        mark(index, "footnote")
        if after < end:
            mark(after, "body")
        index = after
