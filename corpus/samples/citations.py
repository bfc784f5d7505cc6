"""Reads the citations in the source of a sample: ``[[words|options]]``, options separated by semicolons.

The words follow a strict pattern (number, date, issuer); they must agree with a known document unless an option says
``wrong``. Options: a relation, or relations that all count as correct (``thuc_hien/trien_khai``); ``type=``, ``date=``,
``issuer=`` for what the words leave out; ``as=FILE`` where several samples have the number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_TYPES = (
    "Chương trình hành động",
    "Văn bản hợp nhất",
    "Nghị quyết",
    "Nghị định",
    "Quyết định",
    "Chương trình",
    "Kế hoạch",
    "Thông báo",
    "Thông tư",
    "Tờ trình",
    "Báo cáo",
    "Công văn",
    "Công điện",
    "Giấy mời",
    "Hướng dẫn",
    "Kết luận",
    "Chỉ thị",
    "Quy định",
    "Đề án",
)
_NUMBER = r"\d+(?:/\d{4})?(?:/|-)[A-ZĐ][\w&]*(?:[-/][A-ZĐ][\w&]*)*"
_DATE = r"\d+[/-]\d+[/-]\d{4}|\d+ tháng \d+ năm \d{4}"
_CITATION = re.compile(
    rf"(?:(?P<law>Luật .+?)(?= số \d| ngày \d|$)|(?P<type>{'|'.join(_TYPES)}))?"
    rf"(?: ?(?:số:? )?(?P<number>{_NUMBER}|\d+))?"
    rf"(?:,? ngày (?P<date>{_DATE}))?"
    r"(?:,? của (?P<issuer>.+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Context:
    """Where a citation stands."""

    #: title, preamble, body, footnote or attachment.
    zone: str
    #: The part of the sample.
    part: int
    #: The text of its paragraph.
    paragraph: str

    @property
    def is_in_can_cu(self) -> bool:
        """Whether the paragraph is a căn cứ."""
        return self.paragraph.startswith("Căn cứ")


@dataclass
class _Options:
    given: dict[str, str] = field(default_factory=dict)
    relations: list[str] = field(default_factory=list)
    wrong: bool = False


def read(words: str, options: str, context: Context, known: list[dict[str, Any]], *, own_file: str) -> dict[str, Any]:
    """The citation as ``gold.json`` lists it. own_file: the file of the sample it stands in. Raises ValueError."""
    chosen = _options(options)
    match = _CITATION.fullmatch(words)
    if not match:
        raise ValueError(f"không đọc được dẫn chiếu: {words}")
    number = match["number"] if match["number"] and not match["number"].isdigit() else None
    date = chosen.given.get("date") or (edtf(match["date"]) if match["date"] else None)
    relations = chosen.relations or _usual_relations(context)
    found = _known_document(number, date, chosen, known) if number else None
    if number and not found and not chosen.wrong:
        raise ValueError(f"{words}: không có trong sổ với số và ngày này")
    gold: dict[str, Any] = {
        "raw": words,
        "doc_type": chosen.given.get("type") or _printed_type(match),
        "so_ky_hieu": number,
        "date": date,
        "issuer": chosen.given.get("issuer") or match["issuer"],
    }
    if found:
        gold["issuer_resolved"] = found["issuer"]
    gold["relation"] = relations[0]
    if relations[1:]:
        gold["relation_alt"] = relations[1:]
    gold["is_legal_basis"] = relations[0] == "can_cu" and context.zone == "preamble"
    gold["zone"] = context.zone
    if context.part:
        gold["part"] = context.part
    if chosen.wrong:
        gold["wrong"] = True
    if found and found.get("sample"):
        gold["sample"] = "self" if found["sample"] == own_file else found["sample"]
    return gold


def _options(text: str) -> _Options:
    options = _Options()
    for option in filter(None, (part.strip() for part in text.split(";"))):
        key, sign, value = option.partition("=")
        if sign:
            options.given[key] = value
        elif option == "wrong":
            options.wrong = True
        else:
            options.relations = option.split("/")
    return options


def _usual_relations(context: Context) -> list[str]:
    """The relations that count as correct where the source names none."""
    if context.is_in_can_cu and context.zone == "preamble":
        return ["can_cu"]
    if context.is_in_can_cu and context.part and context.zone == "attachment":
        return ["can_cu", "dan_chieu"]
    return ["dan_chieu"]


def _printed_type(match: re.Match[str]) -> str | None:
    printed = "Luật" if match["law"] else match["type"]
    return printed[0].upper() + printed[1:].lower() if printed else None


def _known_document(
    number: str, date: str | None, options: _Options, known: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """The one known document of this number and date. Raises ValueError where there are several."""
    fitting = [
        document
        for document in known
        if document["number"] == number
        and (date is None or options.wrong or document["date"] == date)
        and options.given.get("as", document.get("sample", "")) in (document.get("sample"), "")
    ]
    if len(fitting) > 1:
        raise ValueError(f"{number}: nhiều văn bản cùng số, cần as=…")
    return fitting[0] if fitting else None


def edtf(printed: str) -> str:
    """``7/5/2018`` or ``07 tháng 5 năm 2018`` → ``2018-05-07``."""
    day, month, year = (int(number) for number in re.findall(r"\d+", printed))
    return f"{year:04d}-{month:02d}-{day:02d}"
