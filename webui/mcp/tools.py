"""What the tools answer: bounded JSON data with evidence, doubts, and what was left out or not checked."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from corpus.graph.choice import graph_of
from corpus.law.effect import today
from corpus.library import Library
from corpus.outline import find, outline
from corpus.provisions import words as provision_words
from ingest.provisions.one import provision_of
from search.request import SearchRequest
from webui.app import addressing, draft_report, effects, json_shapes, provision_report, radar, tracing
from webui.app.document_reader import pool_of, read_draft
from webui.app.searching import open_search, results
from webui.app.settings import Settings

#: Rows of the longest list, characters of the longest text, and of the longest sentence in an answer.
MAX_ROWS, MAX_TEXT, MAX_SENTENCE = 50, 20_000, 600
#: Seconds for one draft.
_DRAFT_SECONDS = 60.0


class Tools:
    """The tools over one library, as a visitor who is not signed in sees it. Safe to share between threads."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._settings = settings
        self._view = library.view()
        self._search = open_search(settings, library)

    def search(self, query: str, page: int) -> dict[str, Any]:
        """A page of ten results. Raises QueryError, StaleIndex, UsageError."""
        self._search.catch_up()
        found = self._search.search(SearchRequest(query, page=page, page_size=10, snippets=2, facets=False))
        value = results(found)
        del value["took"], value["facets"]
        return value

    def document(self, name: str, provision: str, offset: int) -> dict[str, Any]:
        """One document without its text, and a part of its text: a provision, or what begins at *offset*.

        Raises NotFound, Several, UsageError.
        """
        found = self._view.document(addressing.one(self._view, name, paths=False).id)
        value = json_shapes.document(found, text=False)
        if value["record"] is not None:
            value["record"]["citations"] = len(value["record"]["citations"])
            value["record"]["own_references"] = len(value["record"]["own_references"])
            value["record"]["amendments"], value["amendments_cut"] = _bounded(value["record"]["amendments"])
        value["effect"] = effects.of(self._view, graph_of(self._view), found.id)
        value["text"] = self._text(found.record.text, provision, offset) if found.record else None
        return value

    def _text(self, text: str, provision: str, offset: int) -> dict[str, Any]:
        """A part of a stored text with its place; next: where the rest begins."""
        start, end, named = offset, len(text), None
        if provision:
            wanted = provision_of(provision)
            unit = find(outline(text), wanted) if wanted else None
            if wanted is None or unit is None:
                raise UsageError(f"Không thấy “{provision}” trong văn bản.", "Hãy ghi như “khoản 1 Điều 5”.")
            start, end, named = unit.start, unit.end, provision_words(wanted)
        stop = min(end, start + MAX_TEXT)
        return {
            "provision": named,
            "start": start,
            "end": stop,
            "text": text[start:stop],
            "next": stop if stop < end else None,
            "length": len(text),
        }

    def provision(self, name: str, provision: str, on: str) -> dict[str, Any]:
        """A provision as it stood on a day, with the changes behind it. Raises NotFound, Several, UsageError."""
        found = addressing.one(self._view, name, paths=False)
        value = provision_report.of(self._view, found.id, provision, on=on or today())
        for key in ("applied", "not_applied"):
            value[key], value[f"{key}_left_out"] = _bounded(value[key])
        if value["text"] and len(value["text"]) > MAX_TEXT:
            value["text"], value["text_cut"] = value["text"][:MAX_TEXT], True
        return value

    def cites(self, name: str, offset: int) -> dict[str, Any]:
        """What a document mentions, in order, with provisions and sentences. Raises NotFound, Several."""
        found = addressing.one(self._view, name, paths=False)
        mentions = [_short(json_shapes.mention(one)) for one in self._view.mentions(found.id)]
        rows, left = _bounded(mentions, offset)
        return {"document": json_shapes.summary(found), "total": len(mentions), "rows": rows, "left_out": left}

    def cited_by(self, name: str, offset: int) -> dict[str, Any]:
        """What mentions a document, newest first. Raises NotFound, Several."""
        found = addressing.one(self._view, name, paths=False)
        edges = self._view.cited_by(found.id, offset=offset, limit=MAX_ROWS + 1)
        shown = edges[:MAX_ROWS]
        others = self._view.summaries([edge.source for edge in shown])
        rows = json_shapes.edges(shown, others, out=False)
        for row in rows:
            row["mentions"] = [_short(one) for one in row["mentions"][:3]]
        return {"document": json_shapes.summary(found), "rows": rows, "more": len(edges) > MAX_ROWS}

    def impact(self, name: str) -> dict[str, Any]:
        """What rests on a document, directly or through others, nearest first. Raises NotFound, Several."""
        found = addressing.one(self._view, name, paths=False)
        value = tracing.impact(self._view, graph_of(self._view), found.id)
        rows, left = _bounded(value["rows"])
        return {"document": json_shapes.summary(found), **value, "rows": rows, "left_out": left}

    def radar(self, name: str, on: str) -> dict[str, Any]:
        """Which bases and cited provisions were touched by a day. Raises NotFound, Several."""
        found = addressing.one(self._view, name, paths=False)
        value = radar.of(self._view, graph_of(self._view), found.id, on=on or today())
        value["findings"], left = _bounded(value["findings"])
        for finding in value["findings"]:
            finding["touches"] = finding["touches"][:MAX_ROWS]
        return {**value, "findings_left_out": left}

    def agency_radar(self, agency: str, on: str) -> dict[str, Any]:
        """The radar of every document of an agency, those to be reviewed first. Raises NotFound."""
        value = radar.of_agency(self._view, graph_of(self._view), agency, on=on or today())
        value["rows"], left = _bounded(value["rows"])
        for row in value["rows"]:
            row["touched"] = [{**one, "touches": one["touches"][:3]} for one in row["touched"][:10]]
        return {**value, "rows_left_out": left}

    def check(self, text: str) -> dict[str, Any]:
        """Each căn cứ of a draft compared with the library; nothing of it is kept. Raises ReadFailure, Refused."""
        with tempfile.TemporaryDirectory(prefix="ocop-mcp-") as folder:
            draft = Path(folder) / "du-thao.txt"
            draft.write_text(text, encoding="utf-8")
            with pool_of(self._settings, jobs=1) as pool:
                read = read_draft(draft, self._settings, pool, seconds=_DRAFT_SECONDS)
            value = draft_report.report(read, self._view, graph_of(self._view))
        form = value["form"]
        form["findings"], form["findings_left_out"] = _bounded(form["findings"])
        for key, rows in list(value.items()):
            if isinstance(rows, list):
                value[key], left = _bounded(rows)
                if left:
                    value[f"{key}_left_out"] = left
        return value


def _bounded(rows: Sequence[Any], offset: int = 0) -> tuple[list[Any], int]:
    """At most :data:`MAX_ROWS` rows from *offset*, and how many follow them."""
    shown = list(rows[offset : offset + MAX_ROWS])
    return shown, max(0, len(rows) - offset - len(shown))


def _short(mention: dict[str, Any]) -> dict[str, Any]:
    """A mention whose sentence and text are cut to a bound."""
    for key in ("sentence", "text", "title"):
        if mention[key] and len(mention[key]) > MAX_SENTENCE:
            mention[key] = mention[key][:MAX_SENTENCE] + " …"
    return mention
