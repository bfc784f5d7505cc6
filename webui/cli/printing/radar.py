"""Prints the report of the radar."""

from __future__ import annotations

from typing import Any

from rich.markup import escape

from webui.app.labels import date_text
from webui.cli.printing.documents import name
from webui.cli.printing.terminal import console

_COLOURS = {"bi_dung_toi": "red", "khong_dung_toi": "green", "chua_ro": "yellow"}


def report(value: dict[str, Any]) -> None:
    """Each finding with the sentences behind it, what was compared, and what could not be verified."""
    console.print(f"{name(value['document'])}, tính đến ngày {date_text(value['on'])}")
    if not value["findings"]:
        console.print("Không thấy căn cứ hay điều khoản nào được dẫn để đối chiếu.")
    for found in value["findings"]:
        cited = found["text"] + (f", {found['provisions']}" if found["provisions"] else "")
        colour = _COLOURS[found["state"]]
        console.print(f"  [{colour}]{found['words']}[/]: {escape(cited)}")
        for touch in found["touches"]:
            day = f" từ {date_text(touch['since'])}" if touch["since"] else ""
            console.print(f"      {name(touch['by'])}{day} {touch['words']} {escape(touch['provisions'])}:")
            console.print(f"      “{escape(touch['sentence'])}”")
        if found["effect"]:
            console.print(f"      cả văn bản {found['effect']['words']}")
            for sentence in found["effect_sentences"]:
                console.print(f"      “{escape(sentence)}”")
        if found["state"] == "khong_dung_toi":
            compared = ", ".join(name(one, issuer=False) for one in found["compared"])
            console.print(f"      đã đối chiếu với: {compared}")
        for words in found["unverified"]:
            console.print(f"      [yellow]chưa kiểm được:[/] {escape(words)}")
    counts = value["counts"]
    touched, untouched, unknown = (counts[state] for state in _COLOURS)
    console.print(f"{touched} bị đụng tới, {untouched} không bị đụng tới, {unknown} chưa rõ.")
    if value["left_out"]:
        console.print(f"Không xét {value['left_out']} dẫn chiếu không phải căn cứ và không nêu điều khoản.")


def agency(value: dict[str, Any]) -> None:
    """The documents of an agency, those with a touched citation first, each with the sentences behind it."""
    console.print(f"{escape(value['agency'])}, {value['documents']} văn bản, tính đến ngày {date_text(value['on'])}")
    for row in value["rows"]:
        console.print(f"  [{_COLOURS[row['state']]}]{row['words']}[/]: {name(row['document'], issuer=False)}")
        for found in row["touched"]:
            cited = found["text"] + (f", {found['provisions']}" if found["provisions"] else "")
            console.print(f"      {escape(cited)}")
            for touch in found["touches"]:
                console.print(f"        {name(touch['by'], issuer=False)}: “{escape(touch['sentence'])}”")
            if found["effect"]:
                console.print(f"        cả văn bản {found['effect']['words']}")
    touched, untouched, unknown = (value["counts"][state] for state in _COLOURS)
    console.print(f"{touched} văn bản bị đụng tới, {untouched} không bị đụng tới, {unknown} chưa rõ.")
