"""Who issued: an agency's name, read forward from its first word or found before the type word.

Agency names mix capitals and small letters ("Ủy ban quốc gia người khuyết tật"), so a name runs until a word that no
name holds: a verb that opens a title, a preposition, an end mark, the next citation.
"""

from __future__ import annotations

import re
from functools import cache

from corpus.fold import canonical, clean, fold
from corpus.tables import rows
from ingest.citations.tokenise import type_pattern
from ingest.data import DATA

_MAX_WORDS = 22
_TOKEN = re.compile(r"[^\s]{1,60}")
# Levels: one syllable only with its marks (``Quản`` is no quận), ``Xã hội`` is none.
_LEVEL = re.compile(
    r"(?i:(?:tỉnh|tĩnh|huyện|quận)(?!\s[ủuỷ])|phường|xã(?!\s?(?:hội|viên))|đặc\skhu|th[àa]nh\sph[ốôoỏ]|th[ịi]\sx[ãa]|th[ịi]\str[ấâa]n|tp\.?|tx\.?)(?!\w)"
)
_CITED = re.compile(r"\s?(?:so\b|\d)")


@cache
def _phrases(table: str) -> dict[str, dict[str, str]]:
    return {fold(row["phrase"]): row for row in rows(table, DATA)}


def _pattern(phrases: list[str]) -> str:
    return "|".join(re.escape(p).replace(r"\ ", r"[.,:]?\s") for p in sorted(set(phrases), key=len, reverse=True))


@cache
def _head() -> re.Pattern[str]:
    other = _pattern(list(_phrases("not_agencies")))
    return re.compile(rf"(?<!\w)(?!(?:{other})(?!\w))(?:{_pattern(list(_phrases('agency_heads')))})(?!\w)")


@cache
def _words_of(*tables: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(phrases of several syllables, folded; single syllables with their marks): one syllable without marks says too little
    (``thì`` and ``thị``, ``số`` and ``sở``, ``năm`` and ``Nam``)."""
    phrases = [row["phrase"] for table in tables for row in rows(table, DATA)]
    several = [fold(p) for p in phrases if " " in p or "/" in p]
    single = [canonical(p) for p in phrases if " " not in p and "/" not in p]
    return re.compile(rf"(?:{_pattern(several)})(?!\w)"), re.compile(rf"(?:{_pattern(single)})(?!\w)")


def _stops(text: str, folded: str, at: int) -> bool:
    """Whether a word that no agency's name holds stands at *at*."""
    if text[at : at + 1].isupper() and not folded.startswith(("ve ", "v/v", "ve\n"), at):
        return False
    if re.match(r"so\s?[:./\d]", folded[at : at + 6]):
        return True
    several, single = _words_of("title_cues", "issuer_stops")
    return bool(several.match(folded, at) or single.match(canonical(text[at : at + 12])))


def title_starts(text: str, folded: str, at: int) -> int | None:
    """Where the first words of a title that begins at *at* end, or None."""
    several, single = _words_of("title_cues")
    match = several.match(folded, at) or single.match(canonical(text[at : at + 16]))
    if not match:
        return None
    return match.end() if match.re is several else at + match.end()


@cache
def _known() -> re.Pattern[str]:
    """Central agencies by their full names: where such a name ends is no guess."""
    names = []
    for row in rows("agencies"):
        names += [row["name"], *(n for n in row["names"].split("|") if " " in n.strip())]
    names += ["Bộ Lao động thương binh và xã hội", "Văn hóa Thể thao và Du lịch"]
    folded = [re.sub(r"\s{0,2}-\s{0,2}", " - ", fold(n.strip())) for n in names if n.strip()]
    spaced = "|".join(
        re.escape(n).replace(r"\ \-\ ", r"\s{0,2}-{0,2}\s{0,2}").replace(r"\ ", r"\s\.?").replace(",", r"\s?,?")
        for n in sorted(set(folded), key=len, reverse=True)
    )
    return re.compile(rf"(?:{spaced})(?!\w)")


def is_common(name: str) -> bool:
    """Whether *name* is a common noun alone (``Hội đồng``, ``Sở``): a kind of agency, not one that signs."""
    row = _phrases("agency_heads").get(re.sub(r"[.,:\s]+", " ", fold(name)).strip())
    return row is not None and row["common"] == "1"


def read(text: str, folded: str, start: int) -> int | None:
    """Where the agency's name that begins at *start* ends, or None when no agency begins there."""
    head = _head().match(folded, start)
    if not head and text[start : start + 1].isupper():
        glued = _spellings()[0].match(folded, start)  # "SởY tế"
        if glued and _head().match(fold(_spellings()[1][re.sub(r"[.,:\s]+", "", glued.group())])):
            return _walk(text, folded, glued.end())
    if not head or not (text[start : start + 1].isupper() or folded.startswith("lien", start)):
        return None
    row = _phrases("agency_heads").get(re.sub(r"[.,:\s]+", " ", head.group()))
    known = _known_end(folded, start, head.end())
    if known:
        return _with_area(text, folded, known)
    if row and row["whole"] == "1":
        return _with_group(text, folded, head.end())
    return _walk(text, folded, head.end())


def _known_end(folded: str, start: int, head_end: int) -> int | None:
    """The end of a central agency named in full, its head's title before it or not."""
    match = _known().match(folded, start)
    best = match.end() if match else None
    if folded[head_end : head_end + 1].isspace():
        behind = _known().match(folded, head_end + 1)
        if behind:
            best = max(best or 0, behind.end())
    for name in ("chu tich ", "bo truong ", "giam doc ", "thong doc ", "phong ", "van phong "):
        if folded.startswith(name, start):
            behind = _known().match(folded, start + len(name))
            if behind:
                best = max(best or 0, behind.end())
    return best


def _with_group(text: str, folded: str, end: int) -> int:
    """Takes in ``(khóa XII)`` or ``khóa XV`` behind a body elected for a term."""
    match = re.compile(r"\s?\(?khoa\s[ivxl\d]{1,6}\b\)?").match(folded, end)
    return match.end() if match else end


def _with_area(text: str, folded: str, end: int) -> int:
    """A central name may go on: ``Bộ Tài chính - Tổng cục Thuế`` is another agency, ``(khóa XII)`` a term."""
    return _with_group(text, folded, end)


def _walk(text: str, folded: str, end: int) -> int:
    last = end
    at = end
    place = False
    for _ in range(_MAX_WORDS):
        gap = re.compile(r"\s?").match(folded, at)
        assert gap is not None
        word_at = gap.end()
        if word_at >= len(folded) or (word_at == at and text[word_at].isalnum()):
            break
        if word_at > at and text[at] == "\n" and _new_paragraph(text, folded, end, word_at):
            break
        if text[word_at] in ".:" and text[word_at + 1 : word_at + 2].isalpha():
            word_at += 1  # a speck that the OCR read as a stop
        if text[word_at] in ';.:)]“"”':
            break
        if text[word_at] == "(":
            group = re.compile(r"\((?:khoa|du an|so)\s[^()\n]{1,40}\)").match(folded, word_at)
            if not group:
                break
            at = last = group.end()
            continue
        if text[word_at] == ",":
            higher = _HIGHER_AREA.match(text, word_at) if place else None
            if higher:
                at, place = word_at + 1, False
                continue
            joined = _COMMA_NAMES.match(folded, word_at)
            if not joined:
                break
            at = last = joined.end()
            continue
        torn = _torn_line(text, folded, end, at) if place else None
        if torn:
            at = last = torn
            continue
        if text[word_at] in "-–—/":
            behind = re.compile(r"[-–—/]{1,2}\s?").match(text, word_at)
            assert behind is not None
            if behind.end() >= len(text) or not text[behind.end()].isupper():
                break
            at = behind.end()
            word = _TOKEN.match(text, at)
        elif _stops(text, folded, word_at) or type_ahead(text, folded, word_at):
            break
        else:
            if place and not text[word_at].isupper():
                break
            level = _LEVEL.match(text, word_at)
            if level:
                at = last = level.end()
                place = True
                continue
            if folded.startswith("va", word_at) and folded[word_at + 2 : word_at + 3].isspace():
                after = word_at + 3
                if type_ahead(text, folded, after) or _stops(text, folded, after):
                    break
                if re.match(
                    r"(?:uy ban|ubnd|bo |so |chu tich|hdnd|thu tuong|chinh phu|can cu)", folded[after : after + 12]
                ):
                    break
            word = _TOKEN.match(text, word_at)
        if word is None:
            break
        stripped = word.group().rstrip(".,;:)]”\"'")
        inner = re.search(r"[,;:)(\]]", stripped)
        if inner:
            stripped = stripped[: inner.start()]
        cut = word.start() + len(stripped)
        if cut == word.start():
            break
        last = at = cut
        if place and not text[word.start() : word.start() + 1].isupper():
            break
    return last


_SPECKS = re.compile(r"(?:\s?[^\w\s;.]){1,4}\s?\n(?=\w)")
#: Such specks in a name: marks that no name holds at the end of a line.
LEFT_SPECKS = re.compile(r"(?=[^\w\n]*[~^*|_=':`ˆ·•])(?:\s?[^\w\s;.]){1,4}\s?\n(?=\w)")


def _torn_line(text: str, folded: str, name_start: int, at: int) -> int | None:
    """Where a place's name ends that goes on in the next line, specks of the scan between: ``huyện Thạch - -:\nĐàm về``.

    The next line must begin with one or two capitalised syllables and then a word that no name holds.
    """
    specks = _SPECKS.match(text, at)
    if not specks or specks.group().strip() in {",", ":", ")"}:
        return None
    begin = specks.end()
    if (
        _new_paragraph(text, folded, name_start, begin)
        or type_ahead(text, folded, begin)
        or _head().match(folded, begin)
    ):
        return None
    for words in (1, 2):
        part = re.compile(r"\s".join([r"[^\W\d_]{1,7}"] * words)).match(text, begin)
        if not part or not all(word[0].isupper() for word in part.group().split()):
            return None
        after = part.end()
        if text[after : after + 1] in ",;.)" or _stops(text, folded, after + 1):
            return after
    return None


# "tỉnh" misread, before a name or at the end.
_LEVEL_SLIP = re.compile(r"(?<=\s)t[ìĩiíị]nh(?=\s[A-ZĐ]|$)")


@cache
def _spellings() -> tuple[re.Pattern[str], dict[str, str]]:
    """Names whose marks the OCR may lose or change: agencies, their heads, provinces, levels."""
    names = [row["phrase"] for row in rows("agency_heads", DATA)]
    names += [row["name"] for row in rows("agencies")] + [row["name"] for row in rows("agency_names")]
    names += [row["name"] for row in rows("provinces") if " " in row["name"]]
    names += ["thành phố", "thị xã", "thị trấn", "nhân dân", "Y tế"]
    folded = {fold(name): name for name in names if len(name) > 3}
    table = {re.sub(r"[.,:\s]+", " ", key): name for key, name in folded.items()}
    loose = _pattern([name for name in folded if " " in name]).replace(r"[.,:]?\s", r"[.,:]?\s?")
    return re.compile(rf"(?<!\w)(?:{loose})(?!\w)"), {key.replace(" ", ""): name for key, name in table.items()}


def spelled(printed: str) -> tuple[str, bool]:
    """An agency's name with the marks that the OCR changed put right (``Chính phú`` → Chính phủ), and whether any was."""
    pattern, table = _spellings()
    seen_as = printed
    printed = _LEVEL_SLIP.sub("tỉnh", printed)
    plain = clean(printed)
    folded = fold(plain)
    parts: list[str] = []
    at = 0
    for match in pattern.finditer(folded):
        name = table[re.sub(r"[.,:\s]+", "", match.group())]
        seen = plain[match.start() : match.end()]
        if canonical(seen) != canonical(name):
            parts += [plain[at : match.start()], name]
            at = match.end()
    if not parts:
        return printed, plain != clean(seen_as)
    return "".join([*parts, plain[at:]]), True


_OPENS = re.compile(r"(?:kinh\sgui|can\scu|noi\snhan|xet\s|dieu\s\d|chuong\s[ivx\d]|cong\shoa|doc\slap)")


def _new_paragraph(text: str, folded: str, name_start: int, at: int) -> bool:
    """Whether the line that begins at *at* opens something else: a heading in capitals, Kính gửi, Căn cứ."""
    word = _TOKEN.match(text, at)
    shouted = bool(word and len(word.group()) > 1 and word.group().isupper() and word.group().isalpha())
    return bool(_OPENS.match(folded, at)) or (shouted and not text[name_start - 2 : name_start].isupper())


# A comma inside a name: ``Sở Văn hóa, Thể thao và Du lịch``, ``Cục Quản lý Khám, chữa bệnh``.
_COMMA_NAMES = re.compile(
    r",\s(?:the\sthao|chua\sbenh|thuong\sbinh|khen\sthuong|the\sduc|du\slich|gia\sdinh|chong|vien\schuc|tre\sem|mat\stran|"
    r"lam\snghiep|thuy\ssan|chu\snhiem|thong\stin|phat\struyen|tim\skiem|khoa\shoc|nghe\sthuat|thanh\spho|thi\sxa)(?!\w)"
)


# ``UBND xã A, huyện B, tỉnh C``: the areas above.
_HIGHER_AREA = re.compile(r",\s(?=(?:huyện|thị\sxã|thành\sphố|quận|tỉnh)\s[^\W\d_a-z])")


def type_ahead(text: str, folded: str, at: int) -> bool:
    """Whether the next citation begins here."""
    match = type_pattern().match(folded, at)
    return bool(match and (text[at : at + 1].isupper() or _CITED.match(folded, match.end())))


_BEFORE = re.compile(
    r"(?:\s|^)(?:da\s|cung\s|vua\s)?(?:(?:ban\shanh|phe\sduyet|quy\sdinh|huong\sdan|neu|thong\sbao|de\snghi|y\skien|chi\sdao)?"
    r"\s?(?:tai|theo|kem\stheo|trong)|ban\shanh|co|gui|ky|trinh)(?:\scac|\snhung|\s02|\s2)?(?:\s|:\s?)*$"
)


_PROPOSED = re.compile(r"(?:de\snghi|y\skien|chi\sdao|de\sxuat)\scua\s$")


def before(text: str, folded: str, start: int, floor: int) -> tuple[int, int] | None:
    """The agency that stands before the type word at *start* (``Sở … tại Công văn số``), or None.

    Looks back over at most 170 characters, not past *floor*.
    """
    floor = max(floor, start - 170, 0)
    window = folded[floor:start]
    joint = _BEFORE.search(window)
    if not joint:
        return None
    limit = floor + joint.start()
    for head in _head().finditer(folded, floor, limit):
        if not text[head.start()].isupper() or is_common(text[head.start() : limit]):
            continue
        end = read(text, folded, head.start())
        if end is not None and end >= limit and limit - head.start() > 2:
            return head.start(), limit
        # Between "của" and "tại" stands one name, whatever words it has: "đề nghị của Hội đồng đánh giá, phân hạng … tại".
        if _PROPOSED.search(folded, floor, head.start()) and not re.search(
            r"[;:.()]|\btai\b", folded[head.start() : limit]
        ):
            return head.start(), limit
    return None
