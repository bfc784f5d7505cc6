"""Feeds: the events that a person watches, newest first, as Atom (RFC 4287, RFC 5005) and as lines of a message."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lxml import etree
from sqlalchemy import select

from corpus import identity
from corpus.errors import NotFound
from corpus.fold import squeeze
from corpus.library.schema import nodes
from corpus.vocabulary import Effect
from search.request import MAX_PAGE_SIZE, SearchRequest
from webui.app.events import Event, EventLog, Kind
from webui.app.labels import date_text

if TYPE_CHECKING:
    from corpus.library import LibraryView
    from corpus.library.values import Summary
    from search.searcher import Search

#: Entries of one page of a feed; the rest is behind its link "next".
PAGE = 100
ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Feed:
    """What is watched."""

    #: Names it for ever: the address of the feed on the site.
    path: str
    title: str
    #: The page of the site that shows the same.
    page: str
    wanted: Callable[[Event], bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in words."""

    id: str
    number: int
    #: ISO 8601 in UTC.
    at: str
    title: str
    summary: str
    #: The page of the document.
    page: str


# ---------------------------------------------------------------- what may be watched


def of_search(search: Search, request: SearchRequest, path: str, page: str, words: str) -> Feed:
    """Documents that come into the library and that a search finds."""
    found: list[set[int]] = []

    def wanted(event: Event) -> bool:
        if event.kind is not Kind.ADDED:
            return False
        if not found:
            found.append(_matching(search, request))
        return event.document in found[0]

    return Feed(path, f"Văn bản mới: {words}" if words else "Văn bản mới trong kho", page, wanted)


def _matching(search: Search, request: SearchRequest) -> set[int]:
    """The documents that a search finds, all of them."""
    asked = replace(request, page=1, page_size=MAX_PAGE_SIZE, snippets=0, facets=False, degrees=False)
    ids: set[int] = set()
    while True:
        hits = search.search(asked).hits
        ids.update(hit.document.id for hit in hits)
        if len(hits) < MAX_PAGE_SIZE:
            return ids
        asked = replace(asked, page=asked.page + 1)


def of_document(view: LibraryView, id: int, path: str) -> Feed:
    """What changes for one document: its bases, and its own effect. Raises NotFound."""
    named = view.summary(id)
    kinds = {Kind.BASIS, Kind.EFFECT, Kind.ADDED}

    def wanted(event: Event) -> bool:
        return event.document == named.id and event.kind in kinds

    return Feed(path, f"Thay đổi liên quan đến {named.name}", f"/van-ban/{named.id}", wanted)


def of_agency(view: LibraryView, name: str, path: str, page: str) -> Feed:
    """What comes in from an agency, and what changes for its documents. Raises NotFound."""
    name = squeeze(name)
    key = identity.issuer_key(name, None, "")
    same = nodes.c.issuer_key == key if key and not key.endswith("?") else nodes.c.issuer == name
    with view.reading() as connection:
        query = select(nodes.c.id).where(same | (nodes.c.issuer == name), nodes.c.held.is_(True), view.visible)
        ids = set(connection.execute(query).scalars())
    if not ids:
        raise NotFound(f"Kho không có văn bản nào của “{name[:200]}”.", "Hãy chọn cơ quan trong danh sách.")

    def wanted(event: Event) -> bool:
        return event.document in ids and event.kind is not Kind.WANTED

    return Feed(path, f"Văn bản của {name}", page, wanted)


def of_wanted(log: EventLog, path: str) -> Feed:
    """Documents that are cited and missing, and those of them that came in."""
    missed = {event.document for event in log.latest(lambda event: event.kind is Kind.WANTED)}

    def wanted(event: Event) -> bool:
        return event.kind is Kind.WANTED or (event.kind is Kind.ADDED and event.document in missed)

    return Feed(path, "Văn bản còn thiếu", "/con-thieu", wanted)


# ---------------------------------------------------------------- events in words


def entries(log: EventLog, view: LibraryView, feed: Feed, *, before: int | None = None) -> tuple[list[Entry], int]:
    """A page of a feed, newest first, and the number before which the next page begins; 0 where there is none."""
    found = log.latest(feed.wanted, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    return in_words(log, view, shown), shown[-1].number if len(found) > PAGE else 0


def in_words(log: EventLog, view: LibraryView, events: Sequence[Event]) -> list[Entry]:
    """Events as a reader may see them; those of documents that are hidden or gone are left out."""
    named = view.summaries({id for one in events for id in (one.document, one.basis, one.by) if id is not None})
    uid = log.uid
    made = []
    for one in events:
        if all(id is None or id in named for id in (one.document, one.basis, one.by)):
            title, summary = _words(one, named)
            entry_id = uuid.uuid5(uid, str(one.number)).urn
            page = f"/van-ban/{named[one.document].id}"
            made.append(Entry(entry_id, one.number, one.at, _plain(title), _plain(summary), page))
    return made


def _words(event: Event, named: Mapping[int, Summary]) -> tuple[str, str]:
    document = named[event.document]
    if event.kind is Kind.ADDED:
        return f"Văn bản mới: {document.name}", _about(document)
    if event.kind is Kind.WANTED:
        return f"Còn thiếu: {document.name}", _about(document)
    change = Effect(event.effect).words
    by = f" ({named[event.by].name})" if event.by is not None and event.by != event.document else ""
    if event.basis is None:
        return f"{document.name}: {change}{by}", _about(document)
    return f"Căn cứ đã thay đổi: {document.name}", f"{named[event.basis].name}: {change}{by}. {_about(document)}"


def _about(document: Summary) -> str:
    day = f"ngày {date_text(document.date)}" if document.date else ""
    return ". ".join(filter(None, (", ".join(filter(None, (document.issuer, day))), document.title)))


def _plain(text: str) -> str:
    """*text* on one line, without characters that XML refuses or that turn the direction of writing."""
    return squeeze("".join(char for char in text if char.isprintable() or char.isspace()))


def atom(log: EventLog, feed: Feed, found: Sequence[Entry], site: str, *, here: str, following: str) -> bytes:
    """A page of a feed as Atom. site: the address of the site; here, following: paths of this page and of the next."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})

    def add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
        made = etree.SubElement(parent, f"{{{ATOM}}}{name}", **attributes)
        made.text = text or None
        return made

    add(root, "id", uuid.uuid5(log.uid, feed.path).urn)
    add(root, "title", _plain(feed.title))
    add(root, "updated", found[0].at if found else "1970-01-01T00:00:00+00:00")
    add(add(root, "author"), "name", "Căn Cứ")
    add(root, "link", rel="self", type="application/atom+xml", href=site + here)
    add(root, "link", rel="alternate", type="text/html", href=site + feed.page)
    if following:
        add(root, "link", rel="next", type="application/atom+xml", href=site + following)
    for one in found:
        entry = add(root, "entry")
        add(entry, "id", one.id)
        add(entry, "title", one.title)
        add(entry, "updated", one.at)
        add(entry, "link", rel="alternate", type="text/html", href=site + one.page)
        add(entry, "summary", one.summary)
    data: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data
