"""The engine for more documents than one machine holds: an index of OpenSearch, on one node or many.

The engine's folder holds only the name of the index; the documents are on the cluster. Tokens and plans are ready, so
nothing of OpenSearch's own analysis is used but splitting at white space. Readers search a point in time, which is the
last commit until they reload. A document is written with the change sequence as its version: what an indexer knew
earlier never replaces what another knew later.
"""

from __future__ import annotations

import json
import tempfile
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from cachetools import LRUCache
from filelock import FileLock, Timeout
from opensearchpy import ConnectionError as NoConnection
from opensearchpy import NotFoundError, OpenSearch, TransportError

from corpus.errors import LibraryBusy, SearchUnreachable, StaleIndex, UsageError
from corpus.vocabulary import StaleReason
from search.engine import EngineAddress, EngineHit, EngineQuery, EngineResult
from search.engines.opensearch_plans import (
    Json,
    any_tier_query,
    check_key_field,
    query_of,
    terms_pattern,
    tier_query,
    unscored,
)
from search.engines.opensearch_schema import index_body, stored
from search.index.engine_document import EngineDocument
from search.plan import Order, Plan

#: The file that names the index, in the engine's folder.
_NAME_FILE: Final = "index.json"
#: Bytes of one bulk request, and seconds that it and any other request may take.
_BULK_BYTES, _SECONDS = 8_000_000, 60.0
#: How long a point in time lives without being asked.
_KEEP_ALIVE: Final = "30m"
#: Ids that one request of :meth:`OpenSearchEngine.ids` brings.
_PAGE = 10_000
#: Values of a facet that are counted.
_FACET_VALUES = 10_000
#: Frequencies that are remembered for one commit.
_FREQUENCIES = 20_000
#: Outcomes of a document in a bulk request that need nothing: an older one than is there, or one that is gone.
_LEFT_ALONE = {404, 409}


class OpenSearchEngine:
    """An index of OpenSearch, named in *folder*; made where the folder names none. See :class:`search.engine.Engine`.

    Raises UsageError without an address, SearchUnreachable where the cluster does not answer.
    """

    name = "opensearch"

    def __init__(self, folder: Path, address: EngineAddress | None = None) -> None:
        if address is None or not address.urls:
            raise UsageError(
                "Máy tìm opensearch cần địa chỉ cụm máy.", "Ví dụ: OCOP_OPENSEARCH=https://may-tim.noi-bo:9200"
            )
        options: dict[str, Any] = {"timeout": _SECONDS, "max_retries": 2}
        if address.certificates is not None:
            options["ca_certs"] = str(address.certificates)
        self._client = OpenSearch(list(address.urls), **options)
        self._folder = folder
        self._session = uuid.uuid4().hex  # requests of one engine go to the same copies of the shards
        self._lock = threading.Lock()
        self._point: str | None = None
        self._frequencies: LRUCache[tuple[str, str], int] = LRUCache(_FREQUENCIES)
        self._index = self._named(address)
        self.reload()

    def _named(self, address: EngineAddress) -> str:
        """The index's name; the index is made where the folder names none.

        The name is written first, so that an index is named here whatever happens while it is made.
        """
        file = self._folder / _NAME_FILE
        try:
            named = json.loads(file.read_text("utf-8"))
            name, made = str(named["index"]), bool(named.get("made", True))
        except FileNotFoundError:
            name, made = f"can-cu-{uuid.uuid4().hex}", False
            file.write_text(json.dumps({"index": name, "made": False}), "utf-8")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StaleIndex("Tên chỉ mục trên cụm máy tìm bị hỏng.", _REINDEX, reason=StaleReason.DAMAGED) from error
        if not made:
            with _translated():
                if not self._client.indices.exists(index=name):
                    # A copy that is not there yet cannot take over from a machine that is lost.
                    body = index_body(address.shards, address.replicas)
                    self._client.indices.create(index=name, body=body, params={"wait_for_active_shards": "all"})
            file.write_text(json.dumps({"index": name, "made": True}), "utf-8")
        return name

    # Lifetime

    def close(self) -> None:
        """Gives the point in time back; a cluster that does not answer forgets it by itself."""
        with suppress(SearchUnreachable, StaleIndex):
            self._forget(self._point)
        self._point = None
        self._client.close()

    def drop(self) -> None:
        """See :meth:`search.engine.Engine.drop`."""
        with _translated():
            self._client.indices.delete(index=self._index, params={"ignore_unavailable": "true"})

    def reload(self) -> bool:
        """See :meth:`search.engine.Engine.reload`."""
        with _translated():
            point = self._client.create_pit(
                index=self._index, params={"keep_alive": _KEEP_ALIVE, "preference": self._session}
            )["pit_id"]
        with self._lock:
            before, self._point = self._point, str(point)
            self._frequencies.clear()
        self._forget(before)
        return True

    def _forget(self, point: str | None) -> None:
        if point is not None:
            with _translated(), suppress(NotFoundError):
                self._client.delete_pit(body={"pit_id": [point]})

    # Writing

    def update(
        self, documents: Iterable[EngineDocument], gone: Sequence[int], *, fresh: bool = False, version: int = 0
    ) -> None:
        """See :meth:`search.engine.Engine.update`. Nothing is sent before all *documents* were read."""
        try:
            with FileLock(self._folder / "LOCK", timeout=0), tempfile.TemporaryFile() as spool:
                for document in documents:
                    _spool(spool, _action("index", document.id, version))
                    _spool(spool, stored(document))
                for id_ in gone:
                    _spool(spool, _action("delete", id_, version))
                spool.seek(0)
                for body in _portions(spool):
                    self._write(body)
        except Timeout as error:
            raise LibraryBusy("Chỉ mục đang được ghi.", "Hãy đợi việc kia xong rồi thử lại.") from error
        with _translated():
            self._client.indices.refresh(index=self._index)
        self.reload()

    def _write(self, body: bytes) -> None:
        with _translated():
            wanted = {"filter_path": "errors,items.*.status,items.*.error"}
            answer = self._client.bulk(body=body, index=self._index, params=wanted)
        for item in answer["items"] if answer["errors"] else ():
            for outcome in item.values():
                if outcome["status"] >= 300 and outcome["status"] not in _LEFT_ALONE:
                    reason = outcome.get("error", {}).get("reason", outcome["status"])
                    raise SearchUnreachable(f"Cụm máy tìm không nhận văn bản: {reason}.", _WAIT_AND_RETRY)

    # Answers

    def search(self, query: EngineQuery) -> EngineResult:
        """See :meth:`search.engine.Engine.search`."""
        plans = [tier.plan for tier in query.tiers]
        if query.order is not None and query.order is not Order.RELEVANCE:
            result = self._ordered(query, plans)
        else:
            result = self._tiered(query, plans)
        if query.facets:
            result.facets = self._facets(query, plans) if result.total else {name: {} for name in query.facets}
        return result

    def _tiered(self, asked: EngineQuery, plans: list[Plan]) -> EngineResult:
        """One tier after the other, each in its own order."""
        if not plans:
            return EngineResult([], 0, [])
        queries = [tier_query(plans, rank, asked.condition) for rank in range(len(plans))]
        first = asked.offset == 0
        sizes = [asked.limit if first else 0] * len(plans)
        orders = [tier.order for tier in asked.tiers]
        pages = zip(queries, [0] * len(plans), sizes, orders, strict=True)
        answers = self._pages(pages, counted=asked.counted or not first)
        totals = [_total(answer) for answer in answers]
        if not first:
            answers = self._skipped(asked, queries, totals)
        hits: list[EngineHit] = []
        for rank, answer in enumerate(answers):
            for hit in answer["hits"]["hits"][: asked.limit - len(hits)]:
                hits.append(EngineHit(int(hit["_id"]), rank, float(hit["_score"] or 0.0)))
        if not asked.counted:
            totals = [sum(hit.tier == rank for hit in hits) for rank in range(len(plans))]
        return EngineResult(hits, sum(totals), totals)

    def _skipped(self, asked: EngineQuery, queries: list[Json], totals: list[int]) -> list[Json]:
        """The answers of all tiers to a question that begins further on."""
        skip, wanted = asked.offset, asked.limit
        pages = []
        for tier, query, total in zip(asked.tiers, queries, totals, strict=True):
            size = max(0, min(wanted, total - skip))
            pages.append((query, min(skip, total) if size else 0, size, tier.order))
            skip, wanted = max(0, skip - total), wanted - size
        return self._pages(pages, counted=False)

    def _pages(self, pages: Iterable[tuple[Json, int, int, Order]], *, counted: bool) -> list[Json]:
        """The answers to several queries at once: (query, hits to skip, hits wanted, order) of each."""
        bodies = []
        for query, skip, size, order in pages:
            body = {"query": query, "from": skip, "size": size, "sort": _sort(order), "track_total_hits": counted}
            bodies.append(body | ({"track_scores": True} if order is Order.RELEVANCE else {}))
        return self._ask(bodies)

    def _ordered(self, asked: EngineQuery, plans: list[Plan]) -> EngineResult:
        """All tiers in one order. A hit tells by the names of the plans it matched which tier is its own."""
        assert asked.order is not None
        counts = [
            {"query": tier_query(plans, rank, asked.condition), "size": 0, "track_total_hits": True}
            for rank in range(len(plans))
        ]
        page = {
            "query": any_tier_query(plans, asked.condition),
            "from": asked.offset,
            "size": asked.limit,
            "sort": _sort(asked.order),
            "track_total_hits": False,
        }
        found, *counted = self._ask([page, *counts])
        hits = [
            EngineHit(int(hit["_id"]), min(map(int, hit.get("matched_queries", ["0"]))), 0.0)
            for hit in found["hits"]["hits"]
        ]
        totals = [_total(answer) for answer in counted]
        return EngineResult(hits, sum(totals), totals)

    def _facets(self, asked: EngineQuery, plans: list[Plan]) -> dict[str, dict[str, int]]:
        wanted = {name: {"terms": {"field": name, "size": _FACET_VALUES}} for name in asked.facets}
        body = {"query": any_tier_query(plans, asked.condition), "size": 0, "aggs": wanted}
        (answer,) = self._ask([body])
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"][name]["buckets"]}
            for name in asked.facets
        }

    def ids(self, plan: Plan, limit: int = 100_000) -> list[int]:
        """See :meth:`search.engine.Engine.ids`."""
        found: list[int] = []
        after: dict[str, Any] = {}
        while len(found) < limit:
            size = min(_PAGE, limit - len(found))
            body = {
                "query": unscored(query_of(plan)),
                "size": size,
                "sort": [{"doc_id": "asc"}],
                "track_total_hits": False,
            }
            (answer,) = self._ask([body | after])
            hits = answer["hits"]["hits"]
            found += [int(hit["_id"]) for hit in hits]
            if len(hits) < size:
                break
            after = {"search_after": hits[-1]["sort"]}
        return found

    def terms(self, field: str, prefix: str, limit: int = 1_000) -> list[tuple[str, int]]:
        """See :meth:`search.engine.Engine.terms`."""
        check_key_field(field)
        listed: Json = {"field": field, "size": limit, "order": {"_key": "asc"}}
        if prefix:
            listed["include"] = terms_pattern(prefix)
        (answer,) = self._ask([{"size": 0, "aggs": {"listed": {"terms": listed}}}])
        return [(bucket["key"], bucket["doc_count"]) for bucket in answer["aggregations"]["listed"]["buckets"]]

    def frequency(self, field: str, value: str) -> int:
        """See :meth:`search.engine.Engine.frequency`."""
        with self._lock:
            known = self._frequencies.get((field, value))
        if known is not None:
            return known
        point = self._point
        (answer,) = self._ask([{"query": {"term": {field: value}}, "size": 0, "track_total_hits": True}])
        with self._lock:
            if point == self._point:
                self._frequencies[field, value] = _total(answer)
        return _total(answer)

    def count(self) -> int:
        """See :meth:`search.engine.Engine.count`."""
        (answer,) = self._ask([{"size": 0, "track_total_hits": True}])
        return _total(answer)

    def size(self) -> int:
        """See :meth:`search.engine.Engine.size`. Copies on other nodes are not counted."""
        with _translated():
            statistics = self._client.indices.stats(index=self._index, metric="store")
        return int(statistics["_all"]["primaries"]["store"]["size_in_bytes"])

    def _ask(self, bodies: Sequence[Json]) -> list[Json]:
        """The answers to *bodies* at the point in time. One that the cluster forgot is taken anew, once."""
        try:
            return self._answers(bodies)
        except NotFoundError:
            self.reload()
        with _translated():
            return self._answers(bodies)

    def _answers(self, bodies: Sequence[Json]) -> list[Json]:
        point = {"id": self._point, "keep_alive": _KEEP_ALIVE}
        lines: list[Json] = []
        for body in bodies:
            lines += [_HEAD, {**body, "pit": point}]
        with _translated(but=NotFoundError):
            answers: list[Json] = self._client.msearch(body=lines)["responses"]
        for answer in answers:
            if "error" in answer:
                _raise_for(answer)
            if answer["_shards"]["failed"]:
                raise SearchUnreachable("Một phần của cụm máy tìm không trả lời.", _WAIT_AND_RETRY)
        return answers


#: Scores are those of one index however many parts it has; an answer of some parts only is none.
_HEAD: Json = {"search_type": "dfs_query_then_fetch", "allow_partial_search_results": False}
_REINDEX: Final = "Hãy chạy: ocop reindex"
_WAIT_AND_RETRY: Final = "Hãy thử lại sau ít phút; nếu vẫn lỗi, báo người quản trị xem cụm OpenSearch."


@contextmanager
def _translated(but: type[Exception] | None = None) -> Iterator[None]:
    """Errors of the client come out as ours: SearchUnreachable, or StaleIndex where the index is gone."""
    try:
        yield
    except NoConnection as error:
        raise SearchUnreachable("Cụm máy tìm OpenSearch không trả lời.", _WAIT_AND_RETRY) from error
    except NotFoundError as error:
        if but is NotFoundError:
            raise
        raise StaleIndex("Cụm máy tìm không còn chỉ mục của kho.", _REINDEX, reason=StaleReason.DAMAGED) from error
    except TransportError as error:
        raise SearchUnreachable(f"Cụm máy tìm OpenSearch báo lỗi {error.status_code}.", _WAIT_AND_RETRY) from error


def _raise_for(answer: Json) -> None:
    """Raises for an answer that is an error."""
    status, kind = int(answer.get("status", 0)), json.dumps(answer["error"], ensure_ascii=False)
    if status == 404:
        raise NotFoundError(status, kind, answer)
    raise SearchUnreachable(f"Cụm máy tìm OpenSearch báo lỗi {status}: {kind[:300]}.", _WAIT_AND_RETRY)


def _sort(order: Order) -> list[Json]:
    """What hits are sorted by. Those of one score stand by their ids, the same from page to page."""
    if order is Order.RELEVANCE:
        return [{"_score": "desc"}, {"doc_id": "asc"}]
    return [{"by_date" if order is Order.DATE else "by_cited": "desc"}]


def _total(answer: Json) -> int:
    total = answer["hits"].get("total")
    return int(total["value"]) if total else len(answer["hits"]["hits"])


def _action(verb: str, id_: int, version: int) -> Json:
    """The line of a bulk request that says what is done with a document."""
    about: Json = {"_id": str(id_)}
    if version:
        about |= {"version": version, "version_type": "external_gte"}
    return {verb: about}


def _spool(spool: Any, line: Json) -> None:
    spool.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _portions(spool: Any) -> Iterator[bytes]:
    """The bulk requests of spooled lines; a document's two lines stay together."""
    gathered: list[bytes] = []
    size = 0
    for line in spool:
        lines = [line] if line.startswith(b'{"delete"') else [line, next(spool)]
        gathered += lines
        size += sum(map(len, lines))
        if size >= _BULK_BYTES:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)
