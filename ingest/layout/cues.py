"""The cues by which the parts of a document are recognised, each pattern once.

Layout after Nghị định 30/2020/NĐ-CP, Phụ lục I ("ô" are the cells of its drawing), with the slips OCR makes. A name
says what is recognised; a comment says in which form the text is given: as printed, or *folded*
(:func:`corpus.fold.fold`: lower case without marks).
"""

from __future__ import annotations

import re
from functools import cache

from corpus.fold import letters
from corpus.so_ky_hieu import SEGMENT
from corpus.tables import rows
from ingest.data import DATA


def is_mostly_capitals(text: str) -> bool:
    """Whether four in five of the letters are capitals."""
    count = sum(map(str.isalpha, text))
    return count > 0 and sum(map(str.isupper, text)) >= 0.8 * count


# --- ô 1: quốc hiệu, tiêu ngữ, or the party's name (folded)

NATION = re.compile(r"c.?ng\s+h\w{1,3}\s+x\w{1,2}\s+h\w{1,2}\s+ch\w\s+ngh?\w+(\s+vi\w*t\s+nam)?")
MOTTO = re.compile(r"d\w{1,2}c\s+l\w{1,2}p\W{1,6}t\w\s+do\W{1,6}h\w{3,4}\s+ph\w{1,2}c?")
PARTY = re.compile(r"dang\s+cong\s+san\s+viet\s+nam")
#: An emblem's line with the agency's name beside it is no longer than this.
_MAX_EMBLEM_LINE = 130


def is_emblem(text: str, folded: str) -> bool:
    """Whether a line holds quốc hiệu or the party's name in capitals, or the tiêu ngữ.

    A sentence may name the nation, but not in capitals.
    """
    for pattern in (NATION, PARTY):
        match = pattern.search(folded)
        if match and is_mostly_capitals(text[match.start() : match.end()]):
            return True
    return bool(MOTTO.search(folded))


def is_emblem_line(text: str, folded: str) -> bool:
    """:func:`is_emblem` for a line of running text, which must be short."""
    return len(folded) <= _MAX_EMBLEM_LINE and is_emblem(text, folded)


# --- what others put on a page

#: A digital signature's text (as printed).
STAMP = re.compile(
    r"^(ký bởi|người ký|thời gian ký|cơ quan|ngày ký|giờ ký|email|đã ký|signature|digitally)\b.*?:", re.IGNORECASE
)
#: The running head of the gazette (folded): anywhere in a header, and opening a line of text.
MASTHEAD = re.compile(r"c.ng b.o\s*(?:/\s*)?s.\s", re.IGNORECASE)
MASTHEAD_LINE = re.compile(r"^\d{0,4} ?cong bao ?/ ?so")
#: The stamp of the office that received the document (as printed).
RECEIVED = re.compile(r"^\W*(đến|công văn đến|văn bản đến)\b", re.IGNORECASE)
#: A page number alone on its line.
PAGE_NUMBER = re.compile(r"^\W{0,3}\d{1,4}\W{0,3}$")

# --- ô 3: số, ký hiệu (as printed, cleaned)

# Spaces may stand on both sides of a hyphen in print, but a địa danh may follow one too ("- TP. Huế").
_HYPHEN = r"(?:\s?-\s?(?!T[PX]\b|[TPX]\.)|[.:])"
# A ký hiệu may end in a year ("HHTL-2025") or in a unit in brackets ("PC04(Đ1)"). Some older ones have a second slash.
_SYMBOL = (
    rf"(?P<symbol>(?=[^\W\d_]{{2}}|[A-ZĐ]-){SEGMENT}"
    rf"(?:(?:{_HYPHEN}|/(?=[A-ZĐ]{{2}})){SEGMENT}(?!\w|\s?/\s?[vw]\b)){{0,5}}"
    r"(?:-(?:19|20)\d\d(?!\d))?(?:\s?\([^\W_]{1,4}\))?)"
)
#: "Số: 12/2024/QĐ-UBND", "Số:   /KH-UBND", "Số.92ŸÄ /SYT-NVY". What stands before the slash is judged separately.
NUMBER = re.compile(
    r"^\W{0,3}(?:[^\W\d]+ [^\W\d]+ |[^\W\d]+ )?[Ss][^\W\d]?\s?[^\w\s]{0,2}(?P<number>.{0,24}?)\s?[/⁄]\W{0,2}"
    rf"(?:(?P<year>(?:19|20)\d\d)\s?/\s?)?{_SYMBOL}"
)
#: The slash read as a digit or lost: "Số: 4 6957QĐ-SYT".
NUMBER_WITHOUT_SLASH = re.compile(
    r"^\W{0,3}[Ss][ốóôo]\s?\W{0,2}\s?(?P<number>[\d ]{1,8}?)[7Il1]?"
    rf"(?P<symbol>{SEGMENT}-{SEGMENT}(?:-{SEGMENT}){{0,3}})"
)
#: "Số" or the slash misread, in a segment of its own (OCR): "Só/5%ZCAT-PA05", "S6;B55CAT-PA05", "Só:ØÓ6` KH-TCTLNTW",
#: "TTr-HCCV".
BROKEN_NUMBER = re.compile(
    r"^\W{0,3}(?P<number>(?:(?:[Ss8][^\W_]{0,2}|[^\W\d]{0,2})\s?[:;.,/#]{1,2}.{0,12}?(?:(?<=[^\w])|(?<=\d)))?)"
    rf"(?P<symbol>{SEGMENT}(?:\s?-\s?{SEGMENT}){{1,4}}(?:\s?\([^\W_]{{1,4}}\))?)\W*$"
)
#: The same with the sign behind "Số" and the slash lost: "SốN9Ơ1 QĐ-CTUBND".
NUMBER_WITHOUT_SIGNS = re.compile(
    rf"^\W{{0,3}}(?P<number>S[ốóô][^\s]{{0,6}}) (?P<symbol>{SEGMENT}(?:-{SEGMENT}){{1,4}})\W*$"
)
#: What is left of ô 3 where OCR made nothing of its ký hiệu: "ô: 7Z_ Vp", "Số 48".
NUMBER_REMAINS = re.compile(r"^\W{0,3}(?:[Ss8][^\W\d]|[ôốóÔỐÓ])\s?[:;.#]|^\W{0,3}S[ốóôỐÓÔ]\b|^.{0,10}[/⁄]\s?[A-ZĐ]{2}")
#: Party documents (Hướng dẫn 36-HD/VPTW): "Số 05-NQ/TW", also without the hyphen ("Số 123 CV/HU").
PARTY_NUMBER = re.compile(
    rf"^\W{{0,3}}S[ốóôo]\s?\W{{0,2}}\s?(?P<number>\d{{0,5}})(?:\s?[-–]\s?|(?<=\d)\s)"
    rf"(?P<symbol>{SEGMENT}\s?/\s?{SEGMENT}(?:-{SEGMENT}){{0,3}})"
)
_LAW_NUMBER = re.compile(
    r"^\W{0,3}(?:lu[aâ]t|ngh[iị] quy[eế]t|ph[aá]p l[eệ]nh|b[oộ] lu[aậ]t|l[eệ]nh)\s+s[oố]\s*:", re.IGNORECASE
)
_NUMBER_WORD = re.compile(r"^\W{0,3}(?:[Ss][ốôóỐ]|Sô|SỐ)\s?[:.;]")
_BEGINS_WITH_NUMBER_WORD = re.compile(r"^\W{0,4}(?:[S8][^\W\d]?(?![^\W\d])|s[^\W\d]\s?[:.;])")
#: A ký hiệu alone.
SYMBOL = re.compile(rf"{SEGMENT}(?:-{SEGMENT})+")


def begins_with_number_word(text: str) -> bool:
    """Whether a line begins with "Số" itself; "Nghị định số …" and "số …" may begin a line of a sentence."""
    return bool(_BEGINS_WITH_NUMBER_WORD.match(text))


def is_number_line(text: str) -> bool:
    """Whether a line begins like ô 3."""
    patterns = (NUMBER, PARTY_NUMBER, _LAW_NUMBER, NUMBER_WITHOUT_SLASH, _NUMBER_WORD)
    return any(pattern.match(text) for pattern in patterns)


def is_plausible_symbol(symbol: str) -> bool:
    """Whether a ký hiệu has capitals: "/Trung tâm" behind a slash in a sentence is none."""
    flat = re.sub(r"[^A-Za-zĐđÀ-ỹ]", "", symbol)
    return sum(c.isupper() for c in flat) * 2 >= len(flat) and len(flat) >= 2


# --- ô 4: place and date (as printed)

DATE = re.compile(
    r"(?P<word>\b[nhtiñ]{1,3}g?[aà]y)\s*(?P<day>.{0,14}?)\s*"
    r"th[aá]ng\s*(?P<month>.{0,10}?)\s*n[aă]m\s*(?P<year>\d[\d ]{3,5})",
    re.IGNORECASE,
)
#: "ngày 05/9/2025", and "05.9.2025" behind the comma of a địa danh.
SHORT_DATE = re.compile(
    r"(?:\bngày\s*|(?<=, ))(?P<day>\d{1,2})\s?[-/.]\s?(?P<month>\d{1,2})\s?[-/.]\s?(?P<year>\d{4})", re.IGNORECASE
)
#: A date with its words misread (OCR), behind a địa danh: "wgày tháng Ẵ năm 2014", "ngày k tớng 6 năm 2026".
BLURRED_DATE = re.compile(
    r"(?<=[,.;] )(?P<word>[^\W\d]{1,3}[aàáảâ]y),?\s*(?P<day>.{0,8}?)\s*"
    r"[^\W\d]{0,3}[tb][^\W\d]{1,3}ng,?\s*(?P<month>.{0,8}?),?\s*[nhm][^\W\d]{1,2}m\s*(?P<year>\d[\d ]{3,5})",
    re.IGNORECASE,
)
#: What is left of ô 4 where OCR lost parts of it: "cày tháng năm", "ngày 12 tháng".
DATE_REMAINS = re.compile(r"\b(?:ng[aà]y|th[aá]ng|n[aă]m)\b(?!.*\d{4})", re.IGNORECASE)

# --- ô 5: type and trích yếu

#: V/v before the trích yếu of a công văn (as printed).
SUBJECT = re.compile(r"^\W{0,3}V\s?[/\\|⁄Íí]\s?[vw]\b\W{0,2}|^\W{0,3}V/(?=\s)|^\W{0,2}Về việc\b:?", re.IGNORECASE)
#: The line in capitals between title and căn cứ that names who decides (mẫu 1.2; folded).
AUTHORITY = re.compile(
    r"^(chu tich|bo truong|thu tuong|chinh phu|uy ban|hoi dong|giam doc|quoc hoi|tong giam doc|thong doc|truong ban|"
    r"ban thuong vu|ban chap hanh|chanh van phong|chanh an|vien truong|tong kiem toan|truong phong|cuc truong|chi "
    r"cuc truong|"
    r"ban chi dao|ban to chuc|hieu truong|tong cuc truong|bo chinh tri|ban bi thu|chanh thanh tra)\b"
)


@cache
def heading_types() -> dict[str, str]:
    """Letters of each loại that can head a document → the loại."""
    return {letters(r["name"]): r["name"] for r in rows("document_types") if r["header"] == "1"}


@cache
def _body_starts() -> tuple[tuple[str, bool], ...]:
    return tuple((r["start"], r["strong"] == "1") for r in rows("header_stops", DATA))


def starts_body(folded: str, *, weak: bool = True) -> bool:
    """Whether a line (folded) opens the running text; *weak* cues ("Thực hiện …") may open a trích yếu too."""
    folded = folded.strip(" -_*+.,'\"")
    return any(folded.startswith(start) for start, strong in _body_starts() if strong or weak)


# --- ô 9a: Kính gửi (folded)

ADDRESSEE = re.compile(r"k.nh\s+g.{1,2}i\s*[:;.]?")


def opens_addressees(folded: str) -> bool:
    """Whether a line opens ô 9a."""
    return bool(ADDRESSEE.match(folded.strip(" -*")))


# --- ô 10 and 11: secrecy, urgency, circulation


@cache
def marks() -> dict[str, tuple[str, str]]:
    """Letters of each mark → (its field, the mark)."""
    return {letters(r["value"]): (r["field"], r["value"]) for r in rows("urgency", DATA)}


# --- ô 6: preamble and body (folded)

#: Opens a paragraph of the preamble.
PREAMBLE = re.compile(
    r"^\W{0,4}(?:\d{1,2}[.)] )?(?:[cgo]?an [ce][uư]|c[uư] (?=luat|nghi|quyet|thong)|theo (?!do\b|du bao)|xet |"
    r"thuc hien |tiep tuc |thi hanh |"
    r"tren co so|de (?:thuc hien|trien khai)|trien khai |duoc su |sau khi |phuc dap |tra loi |nham |chap hanh |"
    r"can cu vao|hien nay )"
)
#: Opens a căn cứ for certain, even inside what may still be a title.
SURE_PREAMBLE = re.compile(r"^\W{0,4}(?:[cgo]?an [ce][uư]|xet |theo de nghi|theo to trinh|kinh gui|noi nhan)\b")
#: The word alone on its line that opens the operative part.
OPERATIVE = re.compile(
    r"^\W{0,4}(?:quyet ?\W? ?dinh|quyet nghi|nghi quyet|quy dinh|ra quyet dinh|chi thi|thong tu|lenh|ket luan|"
    r"cong bo)\W{0,3}$"
)
#: The first Điều, chương, phần, mục or numbered section.
NUMBERED = re.compile(
    r"^\W{0,2}(?:dieu (?:1|i|l)\b|chuong (?:1|i|l)\b|phan (?:1|i|l|thu nhat)\b|muc (?:1|i|l)\b|(?:i|1|l|"
    r"a)[.,/)\-] ?\D|(?:1|i)\.1)"
)
#: Announces the content at the end of a line: "như sau:".
AS_FOLLOWS = re.compile(r"(?:nhu sau|cu the|sau day|noi dung sau|nhu duoi day)[ .]{0,2}[:;.,]?\W{0,3}$")
#: A footnote's number alone on its line (as printed).
FOOTNOTE_NUMBER = re.compile(r"^\W{0,2}[(\[]?\d{1,2}[)\]]?$")

# --- ô 7 and 9b: signature and Nơi nhận

#: "Nơi nhận:", as printed, anywhere at the start of a line or behind other words.
RECIPIENTS = re.compile(r"(?:n.{0,2}i|\w{1,4})\s+nh.n\s*[:;.]|^n.i nh.n\b", re.IGNORECASE)
_OPENS_RECIPIENTS = re.compile(r"^\W{0,4}(?:\w{1,3}\W)?n.{0,2}i nh.n\s?(?:[:;.,]|$)")
# What OCR makes of the italic "Nơi": any short word but those that precede "nhận" in sentences.
_OPENS_RECIPIENTS_BLURRED = re.compile(
    r"^\W{0,4}(?!tiep|xac|giao|cong|phap|ca |benh|chung|ghi|thu|hon|nguyen|tu |the )\w{2,4} nhan\s?[:;](?=.{0,24}$)"
)
#: The first item of Nơi nhận where its heading was lost, and the last one (folded; as printed).
FIRST_RECIPIENT = re.compile(r"^\W{0,3}(?:nhu (?:tren|dieu|muc|kinh gui)\b|luu ?[:;.]? ?v)")
LAST_RECIPIENT = re.compile(r"^\W{0,5}l.{1,2}u\b", re.IGNORECASE)
#: The sign before an item (as printed).
RECIPIENT_ITEM = re.compile(r"^[^\w(]{0,4}[-–+•=~](?=\s?\S)\s?")
#: The form in which somebody signs for another: TM., KT., TL., TUQ., Q. (as printed).
SIGNING_FORM = re.compile(
    r"^\W{0,3}(TM|T/M|KT|K/T|TL|T/L|TUQ|TU\.Q|Q|Quyền)\s?[./,;]?\s(?=\s*\S)"
    r"|^\W{0,3}(TM|KT|TL|TUQ)[./,;]?[-–]?\s?(?=[A-ZĐ])",
    re.IGNORECASE,
)
SIGNING_FORMS = {
    "TM": "TM.",
    "T/M": "TM.",
    "KT": "KT.",
    "K/T": "KT.",
    "TL": "TL.",
    "T/L": "TL.",
    "TUQ": "TUQ.",
    "TU.Q": "TUQ.",
    "Q": "Q.",
    "QUYỀN": "Q.",
}
#: "(Đã ký)" between title and name (as printed).
SIGNED = re.compile(r"^\W*(đã ký|da ky|\(?đã ký\)?)\W*$", re.IGNORECASE)
#: The end mark of a document, "./.", at the end of a line (as printed).
CLOSING = re.compile(r"\.\s?/\s?[.,;]\W{0,4}\w{0,4}\W{0,4}$")


def opens_recipients(folded: str, *, ocr: bool) -> bool:
    """Whether a line (folded) opens ô 9b; in a scan the word "Nơi" may be misread."""
    return bool(_OPENS_RECIPIENTS.match(folded) or (ocr and _OPENS_RECIPIENTS_BLURRED.match(folded)))


# --- attachments (folded)

#: The first word of an attachment's title.
ATTACHMENT = re.compile(
    r"^\W{0,4}(?:phu luc|phu bieu|bieu mau|mau (?:so|bao|don|phieu|bieu)|bang tong hop|danh sach|danh muc|chuong "
    r"trinh|lich |"
    r"ke hoach|quy che|quy dinh|de an|huong dan|dieu le|noi dung|phieu|bieu |thong ke|de cuong|bao cao|du toan|"
    r"bang |giay|"
    r"don |ho so|tieu chi|thanh phan)"
)
#: "(Kèm theo Quyết định số …)" under the title of an attachment.
ATTACHED_TO = re.compile(r"^\W{0,4}(?:ban hanh )?kem theo ")
