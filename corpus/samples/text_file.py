"""A sample as plain text copied from a web page: two columns separated by spaces, lines broken at a width."""

from __future__ import annotations

import textwrap

from corpus.samples.source import MARK, Part, Run, Sample, listed

_WIDTH = 92
#: Private-use characters mark where citation n begins (2n) and ends (2n + 1).
_FIRST_MARK, _AFTER_MARKS = 0xE000, 0xE800


def write(sample: Sample) -> bytes:
    """UTF-8 text. Sets ``start`` and ``end`` (code points) of the sample's citations."""
    lines: list[str] = []
    for part in sample.parts:
        lines += [*([""] if part.index else []), *_part(part)]
    marked = "\n".join([*lines, "", f"{MARK} - không có giá trị pháp lý", ""])
    text: list[str] = []
    for char in marked:
        if _FIRST_MARK <= ord(char) < _AFTER_MARKS:
            index, side = divmod(ord(char) - _FIRST_MARK, 2)
            sample.citations[index]["end" if side else "start"] = len(text)
        else:
            text.append(char)
    whole = "".join(text)
    for citation in sample.citations:
        citation["raw"] = " ".join(whole[citation["start"] : citation["end"]].split())
    return whole.encode("utf-8")


def _marked(runs: tuple[Run, ...]) -> str:
    """The words of *runs*, citations between their marks."""
    words = []
    for run in runs:
        if run.citation is None:
            words.append(run.text)
        else:
            begin = _FIRST_MARK + 2 * run.citation
            words.append(f"{chr(begin)}{run.text}{chr(begin + 1)}")
    return "".join(words)


def _columns(left: list[str], right: list[str]) -> list[str]:
    rows = max(len(left), len(right))
    left, right = left + [""] * (rows - len(left)), right + [""] * (rows - len(right))
    return [f"{a:<44}{b}".rstrip() for a, b in zip(left, right, strict=True)]


def _part(part: Part) -> list[str]:
    data = part.data
    lines: list[str] = []
    if data.get("agency"):
        lines += _letterhead(part)
    if data.get("type"):
        lines += ["", str(data["type"]), *textwrap.wrap(_marked(part.title), _WIDTH)]
    names = data.get("addressees", [])
    if len(names) == 1:
        lines += ["", f"Kính gửi: {names[0]}"]
    elif names:
        lines += ["", "Kính gửi:", *listed(names)]
    lines.append("")
    for block in part.blocks:
        if block.kind == "row":
            lines.append("\t".join(_marked(cell) for cell in block.cells))
        elif block.runs:
            lines += textwrap.wrap(_marked(block.runs), _WIDTH, break_long_words=False)
    if data.get("sign"):
        recipients = ["Nơi nhận:", *listed(data.get("recipients", []))]
        lines += ["", *_columns(recipients, [*data["sign"], "", data["signer"]])]
    return lines


def _letterhead(part: Part) -> list[str]:
    data = part.data
    number = data["number"] or "       "
    day, month = (str(data[key]) or "      " for key in ("day", "month"))
    left = [*data.get("over", []), *data["agency"], f"Số: {number}/{data['symbol']}"]
    right = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        f"{data['place']}, ngày {day} tháng {month} năm {data['year']}",
    ]
    about = textwrap.wrap(f"V/v {_marked(part.title)}", 38) if data.get("about") else []
    return [*_columns(left, right), *about]
