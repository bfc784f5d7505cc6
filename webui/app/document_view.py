"""What the page of a document shows: its values with their evidence, its bases, who cites it, its text with links."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from corpus.library.values import Mention
from webui.app import json_shapes
from webui.app.labels import (
    DATES,
    FIELDS,
    RELATIONS,
    STATES,
    date_text,
    dates_in,
    period_text,
)

if TYPE_CHECKING:
    from corpus.graph.graph import Citing, Graph
    from corpus.library import LibraryView
    from corpus.library.values import Document
    from corpus.model import Evidence, Record

#: Fields of the card, in order; number and symbol are inside so_ky_hieu when that is known.
_CARD = (
    "doc_type", "so_ky_hieu", "number", "symbol", "date", "date_inferred", "issuer", "parent_agency",
    "parent_agency_inferred", "place", "title", "signer", "signer_title", "signing_form", "addressees", "recipients",
    "urgency", "secrecy", "circulation", "effective_date", "expiry", "period",
)  # fmt: skip
#: The lists into which what a document cites, and what cites it, are parted: address → what it is called.
PARTS = {"legal": "Căn cứ vào văn bản này", "wide": "Lấy làm cơ sở", "other": "Nhắc đến"}
#: Citing documents of each list that are shown at once: thousands rest on some papers.
SHOWN = 20
#: Shown as "không có" when a held administrative document has none.
_EXPECTED = ("so_ky_hieu", "date", "issuer", "title", "signer")


def card(document: Document) -> list[dict[str, Any]]:
    """The rows of the metadata card: label, values, marks, and where each was seen."""
    record = document.record
    if record is None:
        return _stub_card(document)
    rows = []
    for name in _CARD:
        value, evidence = getattr(record, name), record.fields.get(name)
        doubtful = evidence is not None and evidence.needs_review
        whole = record.fields.get("so_ky_hieu")
        if name in {"number", "symbol"} and record.so_ky_hieu and not (doubtful and not (whole and whole.needs_review)):
            continue  # a doubt of the whole number is told once
        if value in (None, [], ""):
            # What makes lists say "cần kiểm tra" has a row here, be there a value or not.
            if doubtful or (name in _EXPECTED and record.kind == "administrative"):
                rows.append(_row(name, [], evidence, record))
            continue
        values = _shown(name, value)
        rows.append(_row(name, values, record.fields.get(name), record))
        if name == "issuer":
            rows += _today(document)
    return rows


def _shown(name: str, value: Any) -> list[str]:
    if name in DATES:
        return [date_text(value)]
    if name == "period":
        return [period_text(value)]
    return value if isinstance(value, list) else [value]


def _today(document: Document) -> list[dict[str, Any]]:
    """The row that says which agency stands today for the issuer, where that is another one."""
    today = json_shapes.issuer_now(document.summary)
    if today is None:
        return []
    return [
        {
            "name": "issuer_today", "label": "Cơ quan hiện nay",
            "values": [today["name"] or "Không còn: cấp huyện đã kết thúc hoạt động"], "missing": False,
            "absent": False, "inferred": True, "unsure": False, "confidence": None, "page": None, "crop": False,
            "reasons": [f"từ {date_text(today['since'])}, theo {'; '.join(today['sources'])}"],
        }
    ]  # fmt: skip


def _row(name: str, values: list[str], evidence: Evidence | None, record: Record) -> dict[str, Any]:
    seen = evidence is not None and evidence.page is not None
    return {
        "name": name,
        "label": FIELDS[name],
        "values": values,
        "missing": not values,
        "absent": not values and evidence is not None and evidence.checked,
        "inferred": bool(evidence and evidence.inferred) or name.endswith("_inferred"),
        "unsure": bool(evidence and evidence.needs_review),
        "reasons": [dates_in(reason) for reason in evidence.reasons] if evidence else [],
        "confidence": round(100 * evidence.confidence) if evidence and values else None,
        "page": evidence.page if seen and evidence else None,
        "crop": bool(values and seen and evidence and evidence.bbox),
    }


def _stub_card(document: Document) -> list[dict[str, Any]]:
    found = document.summary
    rows = []
    for name in ("doc_type", "so_ky_hieu", "date", "issuer", "title"):
        value = getattr(found, name)
        votes = document.conflicts.get(name, {})
        if value or votes:
            shown = date_text(value) if name == "date" else value
            told = [f"{date_text(v) if name == 'date' else v}: {n} văn bản" for v, n in votes.items()]
            rows.append(
                {
                    "name": name, "label": FIELDS[name], "values": [shown] if shown else [], "missing": not shown,
                    "absent": False, "inferred": False, "unsure": len(votes) > 1, "confidence": None, "page": None, "crop": False,
                    "reasons": [f"được dẫn khác nhau: {'; '.join(told)}"] if len(votes) > 1 else [],
                }
            )  # fmt: skip
        if name == "issuer":
            rows += _today(document)
    return rows


def bases(cites: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What a document cites, parted: legal bases, wider bases, the rest; each in document order."""
    parted: dict[str, list[dict[str, Any]]] = {"legal": [], "wide": [], "other": []}
    for edge in cites:
        parted["legal" if edge["is_legal_basis"] else "wide" if edge["wide_basis"] else "other"].append(edge)
    return parted


def open_mentions(mentions: Sequence[Mention], library: LibraryView) -> list[dict[str, Any]]:
    """Mentions that settle on no document, each text once, with the documents they may mean."""
    shown: dict[str, dict[str, Any]] = {}
    for found in mentions:
        if found.target is None and found.state != "self":
            text = " ".join(found.citation.text.split())
            if text not in shown:
                shown[text] = {
                    "text": text,
                    "page": found.citation.page,
                    "ordinal": found.ordinal,
                    "state": STATES.get(found.state, found.state),
                    "basis": found.citation.is_legal_basis,
                    "relation": RELATIONS[found.citation.relation],
                    "candidates": [json_shapes.summary(s) for s in library.summaries(found.candidates).values()],
                }
    return list(shown.values())


def text_pages(record: Record, mentions: Sequence[Mention], *, marks: Sequence[tuple[int, int]] = ()) -> list[Markup]:
    """The text page by page, citations linked to their documents, *marks* (offsets, in order) highlighted."""
    starts, parted = _by_page(record, mentions)
    texts = record.text.split("\f")
    return [_page(text, at, links, marks) for text, at, links in zip(texts, starts, parted, strict=True)]


def text_page(
    record: Record, mentions: Sequence[Mention], number: int, *, marks: Sequence[tuple[int, int]] = ()
) -> Markup:
    """Page *number* (from 1) alone, as :func:`text_pages` gives it."""
    starts, parted = _by_page(record, mentions)
    return _page(record.text.split("\f")[number - 1], starts[number - 1], parted[number - 1], marks)


_Link = tuple[int, int, Mention]


def _by_page(record: Record, mentions: Sequence[Mention]) -> tuple[list[int], list[list[_Link]]]:
    """Where each page begins, and the links on it; one that runs over its end is left out."""
    starts = [0, *(m.end() for m in re.finditer("\f", record.text))]
    ends = [*(at - 1 for at in starts[1:]), len(record.text)]
    parted: list[list[_Link]] = [[] for _ in starts]
    for link in sorted(((m.citation.start, m.citation.end, m) for m in mentions), key=lambda x: (x[0], -x[1])):
        page = bisect_right(starts, link[0]) - 1
        if link[1] <= ends[page]:
            parted[page].append(link)
    return starts, parted


def _page(text: str, offset: int, links: Sequence[_Link], marks: Sequence[tuple[int, int]]) -> Markup:
    parts: list[Markup] = []
    at = offset

    def plain(start: int, end: int) -> Markup:
        cuts, here = [], start
        for number, (a, b) in enumerate(marks):
            first = Markup(' id="to"') if number == 0 and start <= a else Markup()
            a, b = max(a, start), min(b, end)
            if a < b and a >= here:
                cuts += [escape(text[here - offset : a - offset]), Markup("<mark{}>").format(first)]
                cuts += [escape(text[a - offset : b - offset]), Markup("</mark>")]
                here = b
        return Markup("").join([*cuts, escape(text[here - offset : end - offset])])

    for start, end, found in links:
        if start < at:
            continue  # inside the citation before it
        parts.append(plain(at, start))
        inside = plain(start, end)
        anchor = f"d{found.ordinal}"
        if found.target is not None:
            kind = "can-cu" if found.citation.is_legal_basis else "dan"
            kind += " suy-ra" if found.state == "inferred" else ""
            parts.append(
                Markup('<a id="{}" class="{}" href="/van-ban/{}">{}</a>').format(anchor, kind, found.target, inside)
            )
        else:
            kind = "chinh-no" if found.state == "self" else "chua-ro"
            title = STATES.get(found.state, "")
            parts.append(Markup('<span id="{}" class="{}" title="{}">{}</span>').format(anchor, kind, title, inside))
        at = end
    parts.append(plain(at, offset + len(text)))
    return Markup("").join(parts)


def marks(asked: Sequence[str]) -> list[tuple[int, int]]:
    """``to=120-130`` parameters of an address as offsets, in order and apart; what is none is left out."""
    found: list[tuple[int, int]] = []
    for one in asked[:50]:
        start, dash, end = one.partition("-")
        if dash and start.isascii() and start.isdigit() and end.isascii() and end.isdigit() and len(one) < 24:
            found.append((int(start), int(end)))
    kept: list[tuple[int, int]] = []
    for a, b in sorted(found):
        if a < b and (not kept or a >= kept[-1][1]):
            kept.append((a, b))
    return kept


def pages_of(record: Record, marked: Sequence[tuple[int, int]]) -> set[int]:
    """The pages (from 1) on which the stretches begin."""
    return {record.text.count("\f", 0, a) + 1 for a, _ in marked if a < len(record.text)}


def part_of(one: Citing) -> str:
    """Which of the lists of :func:`bases` a citing document stands in."""
    return "legal" if one.is_legal_basis else "wide" if one.wide_basis else "other"


def cited_by(library: LibraryView, graph: Graph, id: int) -> dict[str, dict[str, Any]]:
    """Who cites a document, parted as its own bases are: how many there are and the newest of them."""
    citing = graph.citing(id)
    told = {}
    for part in PARTS:
        own = [one for one in citing if part_of(one) == part]
        told[part] = {"total": len(own), "edges": json_shapes.cited_from(library, id, own[:SHOWN]) if own else []}
    return told


def view(library: LibraryView, graph: Graph, id: int, marked: Sequence[tuple[int, int]] = ()) -> dict[str, Any]:
    """Everything the template needs of a document; *marked* is highlighted in its text. Raises NotFound."""
    document = library.document(id)
    mentions = library.mentions(id) if document.record else []
    cites = json_shapes.cites_of(library, mentions)
    citing = cited_by(library, graph, document.summary.id)
    record = document.record
    rows = card(document)
    return {
        "doc": json_shapes.document(document, text=False),
        "heading": heading(document),
        "record": record,
        "card": rows,
        "doubts": [row for row in rows if row["unsure"]],
        "bases": bases(cites),
        "open": open_mentions(mentions, library),
        "cited_by": citing,
        "bases_total": sum(part["total"] for part in citing.values()),
        "copies": [json_shapes.summary(s) for s in library.summaries(document.copies).values()],
        "pages": text_pages(record, mentions, marks=marked) if record else [],
        "to": [f"{a}-{b}" for a, b in marked],
        "marked_pages": pages_of(record, marked) if record else set(),
        "pictured": bool(record and document.sha256 and is_pictured(library, document)),
    }


def heading(document: Document) -> str:
    """What the window is called: the name, of a paper without a number its title or file, never a key."""
    found = document.summary
    if found.so_ky_hieu or not found.held:
        return found.name
    of = found.name if found.doc_type or found.title else ""
    file = PurePath(document.paths[0]).name if document.paths else ""
    return " – ".join(["Văn bản không số", *([of or file] if of or file else [])])


def is_pictured(library: LibraryView, document: Document) -> bool:
    """Whether pages of the original can be drawn: PDF and images, told by the first bytes."""
    if document.sha256 is None:
        return False
    try:
        with library.original(document.sha256).open("rb") as file:
            head = file.read(1024)
    except OSError:
        return False
    return b"%PDF-" in head or head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*"))
