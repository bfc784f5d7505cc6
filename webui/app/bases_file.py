"""The căn cứ of a document as rows, as a Word file, as an Excel file; and the sheet that goes into a case file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
from docx.shared import Pt

from corpus.checks.wording import facts_of, wording
from corpus.law.effect import today
from webui.app import document_head, document_view, effect_words, effects, json_shapes
from webui.app.audit_list import ZONE_NAME
from webui.app.excel import workbook
from webui.app.labels import date_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from corpus.library.values import Document

#: What the answer with a Word file says of it.
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEADINGS = ("STT", "Căn cứ", "Hiệu lực hiện nay", "Cần kiểm tra")
#: Dependents that the sheet names; it says how many there are.
NAMED = 8


def sheet(library: LibraryView, graph: Graph, document: Document) -> dict[str, Any]:
    """What one printed page tells of a document: effect, căn cứ with theirs, what rests on it, doubts, the day."""
    view = document_view.view(library, graph, document)
    dependents = [edge for part in ("legal", "wide") for edge in view["cited_by"][part]["edges"]]
    return {
        "doc": view["doc"],
        "heading": view["heading"],
        "citation": document_head.citation(document),
        "effect": effects.of(library, graph, document.id),
        "rows": rows(library, graph, document, view["printed"]),
        "dependents": [edge["document"] for edge in dependents[:NAMED]],
        "dependents_total": sum(view["cited_by"][part]["total"] for part in ("legal", "wide")),
        "possible": len(view["possible"]),
        "doubts": [row["label"] for row in view["doubts"]],
        "day": date_text(today()),
        "zone": ZONE_NAME,
    }


def rows(
    library: LibraryView, graph: Graph, document: Document, printed: list[dict[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """The căn cứ in printed order: ``{"number", "text", "effect", "doubt"}``; an unsettled one as it is printed."""
    if printed is None:
        mentions = library.mentions(document.id, sentences=False)
        cited = document_view.bases(json_shapes.cites_of(library, mentions))
        printed = document_view.printed_bases(cited["legal"], document_view.unresolved_mentions(mentions, library))
    states = effects.of_bases(library, graph, document) if document.record else {}
    named = library.summaries([row["edge"]["document"]["id"] for row in printed if row["edge"]])
    meant = effects.may_be(library, named.values(), graph)
    found = []
    for number, row in enumerate(printed, 1):
        if row["edge"] is None:
            one = {"text": row["open"]["text"], "effect": "", "doubt": row["open"]["state"]}
        else:
            target = named[row["edge"]["document"]["id"]]
            one = {
                "text": wording(facts_of(target)),
                "effect": _effect(states.get(target.id)),
                "doubt": _doubt(row, meant),
            }
        found.append({"number": number, **one})
    return found


def _effect(states: dict[str, Any] | None) -> str:
    """``Bị thay thế bởi …``, or that no change was found; "" where it was not looked at."""
    if states is None:
        return ""
    named = [
        f"{group['lead']} {', '.join(dict.fromkeys(effect_words.author(proof) for proof in group['proofs']))}"
        for group in effect_words.grouped(states["today"]["proofs"])
    ]
    hints = [f"có thể {hint['words']}, chưa chắc" for hint in states["today"]["hints"]]
    return "; ".join([*named, *dict.fromkeys(hints)]) or "chưa thấy thay đổi"


def _doubt(row: dict[str, Any], meant: Mapping[int, list[dict[str, Any]]]) -> str:
    """meant: what documents may be if their number is wrong, by id."""
    edge = row["edge"]
    doubts = ["suy đoán"] if edge["inferred"] else []
    doubts += ["số cần kiểm tra"] if edge["document"]["number_unsure"] else []
    doubts += ["thông tin không thống nhất"] if any(one["conflicts"] for one in edge["mentions"]) else []
    likely = effects.likely_words(meant.get(edge["document"]["id"], ()))
    return ", ".join([*doubts, *([f"số cần kiểm tra, {likely}"] if likely else [])])


def as_excel(found: list[dict[str, Any]], title: str) -> bytes:
    """The căn cứ as an .xlsx file."""
    table = [[row["number"], row["text"], row["effect"], row["doubt"]] for row in found]
    return workbook(title, HEADINGS, table, [f"Tra ngày {date_text(today())}."])


def as_word(found: list[dict[str, Any]], title: str) -> bytes:
    """The căn cứ as a .docx file: first as they are written in a document, then with effect and doubts."""
    made = docx.Document()
    font = made.styles["Normal"].font
    font.name, font.size = "Times New Roman", Pt(14)
    made.add_heading(title, level=1)
    for at, row in enumerate(found, 1):
        end = "." if at == len(found) else ";"
        text = row["text"] if row["text"].lower().startswith("căn cứ") else f"Căn cứ {row['text']}"
        made.add_paragraph().add_run(text.rstrip(" .;") + end).italic = True
    made.add_heading(f"Hiệu lực, tra ngày {date_text(today())}", level=2)
    table = made.add_table(rows=1, cols=len(HEADINGS))
    table.style = "Table Grid"
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
    for row in found:
        values = (str(row["number"]), row["text"], row["effect"], row["doubt"])
        for cell, value in zip(table.add_row().cells, values, strict=True):
            cell.text = value
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
