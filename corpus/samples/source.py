"""The sources of the samples: one TOML file a document in ``content/``, and what gold follows from it.

A body is one paragraph a line:

=================  ==================================================================================
``~ text``         italic paragraph (a căn cứ)
``= text``         centred bold line (``QUYẾT ĐỊNH:``)
``! text``         bold paragraph (a heading)
``| a | b``        table row; ``|: 10 60 30`` before it gives the columns' widths in percent
``^ text``         footnote of the ``[^]`` mark before it
``---``            ends the preamble
anything else      a justified paragraph with its first line indented
=================  ==================================================================================

Inside a line ``**bold**`` and ``[[citation|relation; key=value]]``. The words of a citation are read by a strict
pattern (a source that does not fit is an error), looked up in ``content/register.toml`` and among the samples
themselves, and must agree with what is known there unless the citation says ``wrong``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CONTENT = HERE / "content"
FILES = HERE / "files"
MARK = "VĂN BẢN MẪU"

_TYPES = (
    "Chương trình hành động", "Văn bản hợp nhất", "Nghị quyết", "Nghị định", "Quyết định", "Chương trình", "Kế hoạch",
    "Thông báo", "Thông tư", "Tờ trình", "Báo cáo", "Công văn", "Công điện", "Giấy mời", "Hướng dẫn", "Kết luận",
    "Chỉ thị", "Quy định", "Đề án",
)  # fmt: skip
_NUMBER = r"\d+(?:/\d{4})?(?:/|-)[A-ZĐ][\w&]*(?:[-/][A-ZĐ][\w&]*)*"
_DATE = r"\d+[/-]\d+[/-]\d{4}|\d+ tháng \d+ năm \d{4}"
_CITATION = re.compile(
    rf"(?:(?P<law>Luật .+?)(?= số \d| ngày \d|$)|(?P<type>{'|'.join(_TYPES)}))?"
    rf"(?: ?(?:số:? )?(?P<number>{_NUMBER}|\d+))?"
    rf"(?:,? ngày (?P<date>{_DATE}))?"
    r"(?:,? của (?P<issuer>.+))?",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\[\[(.+?)\]\]")


@dataclass(frozen=True)
class Run:
    """Words of one style; ``citation`` is an index into :attr:`Sample.citations`."""

    text: str
    bold: bool = False
    italic: bool = False
    citation: int | None = None
    mark: bool = False


@dataclass(frozen=True)
class Block:
    """One paragraph: kind is text, basis, centre, heading, row, widths or footnote."""

    kind: str
    runs: tuple[Run, ...] = ()
    cells: tuple[tuple[Run, ...], ...] = ()
    widths: tuple[int, ...] = ()


@dataclass
class Part:
    """The document itself (index 0) or an attachment, each from a page of its own."""

    index: int
    data: dict[str, Any]
    title: tuple[Run, ...] = ()
    under_title: tuple[Run, ...] = ()
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Sample:
    """One document: its source, its parts and its citations as gold lists them."""

    name: str
    data: dict[str, Any]
    parts: list[Part] = field(default_factory=list)
    citations: list[dict[str, Any]] = field(default_factory=list)

    @property
    def file(self) -> str:
        return f"{self.name}.{ {'docx': 'docx', 'txt': 'txt'}.get(self.form, 'pdf') }"

    @property
    def form(self) -> str:
        return str(self.data["form"])

    @property
    def so_ky_hieu(self) -> str | None:
        number, symbol = self.data["number"], self.data["symbol"]
        return f"{number}{'-' if self.data.get('party') else '/'}{symbol}" if number else None

    @property
    def date(self) -> str:
        parts = [f"{self.data['year']:04d}"]
        for key in ("month", "day"):
            if not self.data[key]:
                break
            parts.append(f"{int(self.data[key]):02d}")
        return "-".join(parts)


def load() -> list[Sample]:
    """All samples in the order of their names, citations read and checked. Raises ValueError on a source's slip."""
    samples = [
        Sample(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(CONTENT.glob("*.toml"))
        if path.stem != "register"
    ]
    register: list[dict[str, Any]] = tomllib.loads((CONTENT / "register.toml").read_text(encoding="utf-8"))["document"]
    known = [dict(entry) for entry in register]
    for sample in samples:
        if sample.so_ky_hieu:
            known.append(
                {
                    "number": sample.so_ky_hieu,
                    "date": sample.date,
                    "type": sample.data["doc_type"],
                    "issuer": full_issuer(sample),
                    "sample": sample.file,
                }
            )
    for sample in samples:
        _read(sample, known)
    return samples


def full_issuer(sample: Sample) -> str:
    """The issuer with its area: "Sở Công Thương" under "UBND tỉnh X" is "Sở Công Thương tỉnh X"."""
    issuer, parent = str(sample.data["issuer"]), sample.data.get("parent")
    area = str(parent).removeprefix("UBND ") if parent else ""
    return f"{issuer} {area}".strip() if area and area.split(" ", 1)[-1] not in issuer else issuer


def _read(sample: Sample, known: list[dict[str, Any]]) -> None:
    for index, data in enumerate([sample.data, *sample.data.get("parts", [])]):
        part = Part(index, data)
        outside = "attachment" if index else None
        part.title = tuple(_runs(data.get("title", ""), sample, known, index, outside or "title"))
        part.under_title = tuple(_runs(data.get("under_title", ""), sample, known, index, outside or "title"))
        zone = outside or "preamble"
        for line in data["body"].splitlines():
            line = line.strip()
            if line == "---":
                zone = outside or "body"
            elif line:
                part.blocks.append(_block(line, sample, known, index, zone))
        sample.parts.append(part)


def _block(line: str, sample: Sample, known: list[dict[str, Any]], part: int, zone: str) -> Block:
    if line.startswith("|:"):
        return Block("widths", widths=tuple(int(w) for w in line[2:].split()))
    if line.startswith("|"):
        # A citation's own bar is inside its brackets.
        cells = re.split(r"\|(?![^\[]*\]\])", line.removeprefix("|").removesuffix("|"))
        return Block("row", cells=tuple(tuple(_runs(c.strip(), sample, known, part, zone)) for c in cells))
    kinds = {"~": "basis", "=": "centre", "!": "heading", "^": "footnote"}
    kind = kinds.get(line[0], "text") if line[1:2] == " " else "text"
    text = line[2:] if kind != "text" else line
    in_zone = "footnote" if kind == "footnote" and part == 0 else zone
    return Block(kind, runs=tuple(_runs(text, sample, known, part, in_zone)))


def _runs(text: str, sample: Sample, known: list[dict[str, Any]], part: int, zone: str) -> Iterator[Run]:
    opening = text.removeprefix("- ").replace("**", "")
    bold = False
    for piece in re.split(r"(\*\*|\[\[.+?\]\]|\[\^\])", text):
        if piece == "**":
            bold = not bold
        elif piece == "[^]":
            yield Run("", mark=True)
        elif match := _BRACKETS.fullmatch(piece):
            words, _, options = match[1].partition("|")
            sample.citations.append(_citation(words, options, sample, known, part, zone, opening))
            yield Run(words, bold, citation=len(sample.citations) - 1)
        elif piece:
            yield Run(piece, bold)


def _citation(
    words: str, options: str, sample: Sample, known: list[dict[str, Any]], part: int, zone: str, opening: str
) -> dict[str, Any]:
    given: dict[str, str] = {}
    relations: list[str] = []
    for option in filter(None, (o.strip() for o in options.split(";"))):
        key, sign, value = option.partition("=")
        if sign:
            given[key] = value
        elif option == "wrong":
            given["wrong"] = "yes"
        else:
            relations = option.split("/")
    match = _CITATION.fullmatch(words)
    if not match:
        raise ValueError(f"{sample.name}: không đọc được dẫn chiếu: {words}")
    number = match["number"] if match["number"] and not match["number"].isdigit() else None
    date = given.get("date") or (edtf(match["date"]) if match["date"] else None)
    if not relations:
        basis = opening.startswith("Căn cứ") and zone == "preamble"
        relations = ["can_cu" if basis else "dan_chieu"]
    if part and opening.startswith("Căn cứ") and relations == ["dan_chieu"] and zone == "attachment":
        relations = ["can_cu", "dan_chieu"]
    found = _known(number, date, given, known, sample) if number else None
    if number and not found and "wrong" not in given:
        raise ValueError(f"{sample.name}: {words}: không có trong sổ với số và ngày này")
    printed = "Luật" if match["law"] else match["type"]
    kind = given.get("type") or (printed and printed[0].upper() + printed[1:].lower())
    gold: dict[str, Any] = {
        "raw": words,
        "doc_type": kind,
        "so_ky_hieu": number,
        "date": date,
        "issuer": given.get("issuer") or match["issuer"],
    }
    if found:
        gold["issuer_resolved"] = found["issuer"]
    gold["relation"] = relations[0]
    if relations[1:]:
        gold["relation_alt"] = relations[1:]
    gold["is_legal_basis"] = relations[0] == "can_cu" and zone == "preamble"
    gold["zone"] = zone
    if part:
        gold["part"] = part
    if "wrong" in given:
        gold["wrong"] = True
    if found and found.get("sample"):
        gold["sample"] = "self" if found["sample"] == sample.file else found["sample"]
    return gold


def _known(
    number: str, date: str | None, given: dict[str, str], known: list[dict[str, Any]], sample: Sample
) -> dict[str, Any] | None:
    """The one document of this number (and date) that the register or the samples know."""
    fits = [
        k
        for k in known
        if k["number"] == number
        and (date is None or "wrong" in given or k["date"] == date)
        and given.get("as", k.get("sample", "")) in (k.get("sample"), "")
    ]
    if len(fits) > 1:
        raise ValueError(f"{sample.name}: {number}: nhiều văn bản cùng số, cần as=…")
    return fits[0] if fits else None


def edtf(printed: str) -> str:
    """``7/5/2018`` or ``07 tháng 5 năm 2018`` → ``2018-05-07``."""
    day, month, year = (int(n) for n in re.findall(r"\d+", printed))
    return f"{year:04d}-{month:02d}-{day:02d}"


def plain(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def gold(sample: Sample) -> dict[str, Any]:
    """The sample's entry in gold.json: the fields of ``eval/score.py``, from the same source as the file."""
    data = sample.data
    entry: dict[str, Any] = {
        "file": sample.file,
        "kind": "administrative",
        "doc_type": data["doc_type"],
        "so_ky_hieu": sample.so_ky_hieu,
        "symbol": data["symbol"],
        "date": sample.date,
    }
    # Under "CHỦ TỊCH ỦY BAN NHÂN DÂN" both the office and its chairman are right: not scored.
    if not data.get("issuer_open"):
        entry["issuer"] = data["issuer"]
    entry |= {
        "parent_agency": data.get("parent"),
        "place": data["place"],
        "title": plain(sample.parts[0].title),
        "signer": data["signer"] or None,
        "signer_title": data["signer_title"],
        "urgency": data.get("urgency"),
        "recipients": data.get("recipients", []),
    }
    if data.get("addressees"):
        entry["addressees"] = data["addressees"]
    if sample.form == "scan":
        hand = data["scan"].get("hand", [])
        entry |= {"scan": True, "number_handwritten": "number" in hand, "date_handwritten": "day" in hand}
    entry["citations"] = sample.citations
    return entry
