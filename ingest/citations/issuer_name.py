"""Reads an agency's name word by word behind its first words.

Names mix capitals and small letters ("Ủy ban quốc gia người khuyết tật"), so a name runs until a word that no name
holds: a verb that opens a title, a preposition, an end mark, the next citation.
"""

from __future__ import annotations

import re

from ingest.citations.issuer_words import citation_begins, head_pattern, name_stops

_MAX_WORDS = 22
_TOKEN = re.compile(r"[^\s]{1,60}")
_GAP = re.compile(r"\s?")
_DASH = re.compile(r"[-–—/]{1,2}\s?")
_GROUP = re.compile(r"\((?:khoa|du an|so)\s[^()\n]{1,40}\)")
_INNER_MARK = re.compile(r"[,;:)(\]]")
_END_MARKS = ';.:)]“"”'
# Levels: one syllable only with its marks ("Quản" is no quận), and "Xã hội" is none.
_LEVEL = re.compile(
    r"(?i:(?:tỉnh|tĩnh|huyện|quận)(?!\s[ủuỷ])|phường|xã(?!\s?(?:hội|viên))|đặc\skhu|"
    r"th[àa]nh\sph[ốôoỏ]|th[ịi]\sx[ãa]|th[ịi]\str[ấâa]n|tp\.?|tx\.?)(?!\w)"
)
_OPENS_PARAGRAPH = re.compile(r"(?:kinh\sgui|can\scu|noi\snhan|xet\s|dieu\s\d|chuong\s[ivx\d]|cong\shoa|doc\slap)")
# A comma inside a name: "Sở Văn hóa, Thể thao và Du lịch", "Cục Quản lý Khám, chữa bệnh".
_COMMA_IN_NAME = re.compile(
    r",\s(?:the\sthao|chua\sbenh|thuong\sbinh|khen\sthuong|the\sduc|du\slich|gia\sdinh|chong|"
    r"vien\schuc|tre\sem|mat\stran|"
    r"lam\snghiep|thuy\ssan|chu\snhiem|thong\stin|phat\struyen|tim\skiem|khoa\shoc|nghe\sthuat|"
    r"thanh\spho|thi\sxa)(?!\w)"
)
# The areas above: "UBND xã A, huyện B, tỉnh C".
_HIGHER_AREA = re.compile(r",\s(?=(?:huyện|thị\sxã|thành\sphố|quận|tỉnh)\s[^\W\d_a-z])")
_ANOTHER_AGENCY = re.compile(r"(?:uy ban|ubnd|bo |so |chu tich|hdnd|thu tuong|chinh phu|can cu)")
# Specks of the scan at the end of a line, and those that no name holds there.
_SPECKS = re.compile(r"(?:\s?[^\w\s;.]){1,4}\s?\n(?=\w)")
#: Specks of the scan inside a name: marks that no name holds at the end of a line.
LEFT_SPECKS = re.compile(r"(?=[^\w\n]*[~^*|_=':`ˆ·•])(?:\s?[^\w\s;.]){1,4}\s?\n(?=\w)")
_NO_SPECKS = frozenset({",", ":", ")"})


def rest_of_name(text: str, folded: str, start: int) -> int:
    """Where the agency's name ends whose first words end at *start*."""
    return _NameReader(text, folded, start).read()


class _NameReader:
    """Takes the words of a name in, one at a time."""

    def __init__(self, text: str, folded: str, start: int) -> None:
        self._text = text
        self._folded = folded
        self._start = start
        #: How far the text is read, and where the name ends so far.
        self._at = self._end = start
        #: Whether a level ("huyện") was read: only words with a capital follow.
        self._in_place = False

    def read(self) -> int:
        """The end of the name."""
        for _ in range(_MAX_WORDS):
            if not self._step():
                break
        return self._end

    def _step(self) -> bool:
        """Take in the next word or mark; False where the name ends before it."""
        begin = self._next()
        if begin is None:
            return False
        sign = self._text[begin]
        if sign in _END_MARKS:
            return False
        if sign == "(":
            return self._take(_GROUP.match(self._folded, begin))
        if sign == ",":
            return self._comma(begin)
        torn = self._torn_line_end() if self._in_place else None
        if torn is not None:
            self._at = self._end = torn
            return True
        return self._behind_dash(begin) if sign in "-–—/" else self._word(begin)

    def _next(self) -> int | None:
        """Where the next word or mark begins; None at the end of the text and of the paragraph."""
        text, at = self._text, self._at
        gap = _GAP.match(text, at)
        assert gap is not None
        begin = gap.end()
        if begin >= len(text) or (begin == at and text[begin].isalnum()):
            return None
        if begin > at and text[at] == "\n" and self._opens_paragraph(begin):
            return None
        # A speck that the OCR read as a stop.
        return begin + 1 if text[begin] in ".:" and text[begin + 1 : begin + 2].isalpha() else begin

    def _take(self, match: re.Match[str] | None) -> bool:
        """Take in what a pattern matched."""
        if match is None:
            return False
        self._at = self._end = match.end()
        return True

    def _comma(self, begin: int) -> bool:
        if self._in_place and _HIGHER_AREA.match(self._text, begin):
            self._at, self._in_place = begin + 1, False
            return True
        return self._take(_COMMA_IN_NAME.match(self._folded, begin))

    def _behind_dash(self, begin: int) -> bool:
        dash = _DASH.match(self._text, begin)
        assert dash is not None
        if not self._text[dash.end() : dash.end() + 1].isupper():
            return False
        self._at = dash.end()
        return self._take_word(dash.end())

    def _word(self, begin: int) -> bool:
        if self._ends_before(begin) or (self._in_place and not self._text[begin].isupper()):
            return False
        level = _LEVEL.match(self._text, begin)
        if level:
            self._in_place = True
            return self._take(level)
        if self._folded.startswith("va", begin) and self._folded[begin + 2 : begin + 3].isspace():
            after = begin + 3
            if self._ends_before(after) or _ANOTHER_AGENCY.match(self._folded[after : after + 12]):
                return False
        return self._take_word(begin)

    def _ends_before(self, at: int) -> bool:
        """Whether no name holds the word at *at*."""
        return name_stops(self._text, self._folded, at) or citation_begins(self._text, self._folded, at)

    def _take_word(self, begin: int) -> bool:
        """Take in the word at *begin*, without the marks behind it."""
        word = _TOKEN.match(self._text, begin)
        if word is None:
            return False
        bare = word.group().rstrip(".,;:)]”\"'")
        inner = _INNER_MARK.search(bare)
        end = begin + (inner.start() if inner else len(bare))
        if end == begin:
            return False
        self._at = self._end = end
        return True

    def _opens_paragraph(self, at: int) -> bool:
        """Whether the line that begins at *at* opens something else: a heading in capitals, Kính gửi, Căn cứ."""
        if _OPENS_PARAGRAPH.match(self._folded, at):
            return True
        word = _TOKEN.match(self._text, at)
        in_capitals = bool(word and len(word.group()) > 1 and word.group().isupper() and word.group().isalpha())
        if word and self._text[word.end() + 1 : word.end() + 2].islower():
            return False  # "Chủ tịch ⏎ UBND tỉnh": an abbreviation
        return in_capitals and not self._text[self._start - 2 : self._start].isupper()

    def _torn_line_end(self) -> int | None:
        """Where a place's name ends that goes on in the next line (``huyện Thạch - -:`` and ``Đàm``).

        Specks of the scan stand between. The next line must begin with one or two capitalised syllables, and then a
        word that no name holds.
        """
        text, folded = self._text, self._folded
        specks = _SPECKS.match(text, self._at)
        if not specks or specks.group().strip() in _NO_SPECKS:
            return None
        begin = specks.end()
        if self._opens_paragraph(begin) or citation_begins(text, folded, begin) or head_pattern().match(folded, begin):
            return None
        for words in (1, 2):
            part = re.compile(r"\s".join([r"[^\W\d_]{1,7}"] * words)).match(text, begin)
            if not part or not all(word[0].isupper() for word in part.group().split()):
                return None
            after = part.end()
            if text[after : after + 1] in ",;.)" or name_stops(text, folded, after + 1):
                return after
        return None
