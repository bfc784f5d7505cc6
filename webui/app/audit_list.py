"""What people did to the library, as data for lists: corrections, removals, merges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from corpus.library.values import AuditEntry, Correction
from webui.app.labels import FIELDS, date_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.library import Library, LibraryView
    from corpus.library.values import Summary

#: Times are shown in Vietnam's zone, which has no summer time, wherever the server is.
ZONE = timezone(timedelta(hours=7))
ZONE_NAME = "giờ Việt Nam (UTC+7)"
ACTIONS = {
    "correct": "sửa",
    "accept": "chấp nhận",
    "absent": "ghi là văn bản không có",
    "remove": "gỡ",
    "merge": "gộp",
    "confirm": "xác nhận văn bản được dẫn",
    "known": "cập nhật danh mục tra cứu",
    "undo": "hoàn tác",
}


def local_time(iso: str) -> str:
    """``2026-11-23T06:55:14+00:00`` → ``13:55 ngày 23/11/2026``, in Vietnam."""
    moment = datetime.fromisoformat(iso)
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(ZONE)
    return f"{moment:%H:%M} ngày {date_text(moment.date().isoformat())}"


def entries(library: Library, view: LibraryView) -> list[dict[str, Any]]:
    """Corrections, removals and merges, latest first; corrections only of documents that *view* shows."""
    made = library.edits.corrections()
    others = [e for e in library.edits.audit() if e.action in {"remove", "merge", "confirm", "known"}]
    named = view.summaries({*(c.document for c in made), *(id for e in others for id in e.ids)})
    rows = [_correction(c, named[c.document]) for c in made if c.document in named]
    rows += [_other(e, named) for e in others]
    return sorted(rows, key=lambda row: -int(row["id"]))


def _correction(found: Correction, document: Summary) -> dict[str, Any]:
    accepted = found.before == found.after
    dated = found.field == "date"
    action = "absent" if not found.after else "accept" if accepted else "correct"
    return {
        "id": found.id,
        "at": found.at,
        "when": local_time(found.at),
        "who": found.who,
        "action": action,
        "action_words": ACTIONS[action],
        "documents": [{"id": document.id, "name": document.name, "url": f"/van-ban/{document.id}"}],
        "field": found.field,
        "label": FIELDS.get(found.field, found.field),
        "before": date_text(found.before) if dated else found.before,
        "after": date_text(found.after) if dated else found.after,
        "reason": "",
        "warning": "",
        "undone": found.undone,
    }


def _other(found: AuditEntry, named: Mapping[int, Summary]) -> dict[str, Any]:
    # Removed documents have no page: their name of that time, without a link.
    documents = [
        {"id": id, "name": name, "url": f"/van-ban/{id}" if id in named or found.action == "merge" else None}
        for id, name in zip(found.ids or [0] * len(found.names), found.names, strict=False)
    ]
    return {
        "id": found.id,
        "at": found.at,
        "when": local_time(found.at),
        "who": found.who,
        "action": found.action,
        "action_words": ACTIONS[found.action],
        "documents": documents,
        "field": None,
        "label": None,
        "before": None,
        "after": None,
        "reason": found.reason,
        "warning": _warning(found),
        "undone": found.undone,
    }


def _warning(found: AuditEntry) -> str:
    """A notice for a merge of documents of different types, which are rarely one; else ""."""
    types = {key.split("|")[0] for key in found.documents} - {"", "draft", "luat"}
    if found.action == "merge" and len(types) > 1:
        return "hai văn bản khác loại, hãy xem lại"
    return ""


def section(library: Library, view: LibraryView, after: int, limit: int) -> tuple[list[dict[str, Any]], bool]:
    """*limit* of the :func:`entries` behind the first *after*, and whether there are more."""
    found = entries(library, view)
    return found[after : after + limit], len(found) > after + limit
