"""A sample as the plain text a web copy leaves behind: two columns kept apart by spaces, lines broken hard."""

from __future__ import annotations

import textwrap

from corpus.samples.source import MARK, Part, Run, Sample, plain

_WIDTH = 92


def write(sample: Sample) -> bytes:
    """UTF-8 text. Sets ``start`` and ``end`` (code points) of the sample's citations."""
    lines: list[str] = []
    for part in sample.parts:
        lines += [*([""] if part.index else []), *_part(part)]
    marked = "\n".join([*lines, "", f"{MARK} - không có giá trị pháp lý", ""])
    text: list[str] = []
    for char in marked:
        # Private-use characters mark where citation n begins and ends.
        if 0xE000 <= ord(char) < 0xE800:
            index, side = divmod(ord(char) - 0xE000, 2)
            sample.citations[index]["end" if side else "start"] = len(text)
        else:
            text.append(char)
    whole = "".join(text)
    for citation in sample.citations:
        citation["raw"] = " ".join(whole[citation["start"] : citation["end"]].split())
    return whole.encode("utf-8")


def _marked(runs: tuple[Run, ...]) -> str:
    return "".join(
        run.text
        if run.citation is None
        else f"{chr(0xE000 + 2 * run.citation)}{run.text}{chr(0xE001 + 2 * run.citation)}"
        for run in runs
    )


def _columns(left: list[str], right: list[str]) -> list[str]:
    rows = max(len(left), len(right))
    left, right = left + [""] * (rows - len(left)), right + [""] * (rows - len(right))
    return [f"{a:<44}{b}".rstrip() for a, b in zip(left, right, strict=True)]


def _part(part: Part) -> list[str]:
    data = part.data
    lines: list[str] = []
    if data.get("agency"):
        number = data["number"] or "       "
        day, month = (str(data[k]) or "      " for k in ("day", "month"))
        lines += _columns(
            [*data.get("over", []), *data["agency"], f"Số: {number}/{data['symbol']}"],
            [
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc",
                f"{data['place']}, ngày {day} tháng {month} năm {data['year']}",
            ],
        )
        if data.get("about"):
            lines += textwrap.wrap(f"V/v {_marked(part.title)}", 38)
    if data.get("type"):
        lines += ["", str(data["type"]), *textwrap.wrap(_marked(part.title), _WIDTH)]
    names = data.get("addressees", [])
    if len(names) == 1:
        lines += ["", f"Kính gửi: {names[0]}"]
    elif names:
        lines += ["", "Kính gửi:", *(f"- {n}{'.' if n is names[-1] else ';'}" for n in names)]
    lines.append("")
    for block in part.blocks:
        if block.kind == "row":
            lines.append("\t".join(_marked(cell) for cell in block.cells))
        elif block.runs:
            lines += textwrap.wrap(_marked(block.runs), _WIDTH, break_long_words=False)
    if data.get("sign"):
        recipients = [f"- {r}{'.' if r is data['recipients'][-1] else ';'}" for r in data.get("recipients", [])]
        lines += ["", *_columns(["Nơi nhận:", *recipients], [*data["sign"], "", data["signer"]])]
    return lines


def words(sample: Sample) -> str:
    """All a sample says, for a test that does not read the file."""
    return "\n".join(plain(block.runs) for part in sample.parts for block in part.blocks)
