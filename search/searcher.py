"""The search room's door: keeps the index in step with the store, answers queries.

One :class:`Search` may be used by many threads. It owns no data: everything in the index comes from the store and can be
made again from it.
"""

from __future__ import annotations

import pickle
import shutil
import sqlite3
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from corpus import agencies, areas, storage_errors
from corpus.errors import LibraryDamaged, NotFound, OcopError, QueryError, StaleIndex, UsageError
from corpus.fold import clean, nfc
from corpus.library.indexed import Indexed
from corpus.segment import words as segment_words
from corpus.vocabulary import StaleReason
from search import date_query, document, numbers, query
from search.compile import Compiled, Compiler, Options
from search.document import EFFECTS, FACETS, STATES, EngineDocument
from search.engine import Engine, Order
from search.folder import IndexFolder, Stamp
from search.lexicon import Lexicon
from search.numbers import NumberQuery
from search.plan import And, AnyOf, Everything, Plan, Range, all_of, any_of
from search.snippets import Snippet, find, passages, scan
from search.tokens import exact_keys
from search.word_cache import WordCache

Sort = Literal["relevance", "date", "cited"]
#: Documents committed at once while catching up.
BATCH = 2_000
#: Documents with which Whoosh still answers in a blink; beyond, Tantivy is advised.
WHOOSH_COMFORT = 20_000

#: Documents of one number that are listed.
MAX_CHOICES = 50

ENGINES = ("whoosh", "tantivy")
LEVELS = {"trung_uong": "Trung ương", "tinh": "Cấp tỉnh", "huyen": "Cấp huyện", "xa": "Cấp xã"}
KINDS = {"administrative": "Văn bản hành chính", "other": "Bài viết, tài liệu khác"}


class ChangeLike(Protocol):
    """One entry of the store's list of changes; kind is ``put`` or ``delete``."""

    @property
    def seq(self) -> int: ...
    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...


class Source(Protocol):
    """What the search room asks of the store. Hidden documents never come out of it."""

    def changes(self, since: int = 0) -> Sequence[ChangeLike]: ...
    def sequence(self) -> int: ...
    def indexed(self, id: int) -> Indexed: ...
    def indexed_some(self, ids: Sequence[int]) -> dict[int, Indexed]: ...


@dataclass(slots=True)
class Hit:
    """One document found. tier: see :mod:`search.compile`. possible_date: its date is partial and only may fit.

    other_day: it has the number typed, but another day than the one typed behind it.
    """

    id: int
    tier: str
    score: float
    document: Indexed
    title_highlights: tuple[tuple[int, int], ...] = ()
    snippets: list[Snippet] = field(default_factory=list)
    possible_date: bool = False
    other_day: bool = False


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value to filter by, what to call it, and how many documents found have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class NumberChoice:
    """One of several documents with the number typed."""

    id: int
    so_ky_hieu: str | None
    issuer: str | None
    year: int | None
    tier: str


@dataclass(slots=True)
class Results:
    """A page of results.

    restored: the query as it was searched, where marks were put in ("đang tìm …"). same_number: all documents of the
    number typed, where there are several, and those near it. did_you_mean: a better spelling. took: seconds.
    """

    query: str
    hits: list[Hit]
    total: int
    page: int
    page_size: int
    tiers: dict[str, int] = field(default_factory=dict)
    facets: dict[str, list[FacetValue]] = field(default_factory=dict)
    restored: str | None = None
    number: NumberQuery | None = None
    same_number: list[NumberChoice] = field(default_factory=list)
    did_you_mean: str | None = None
    notes: list[str] = field(default_factory=list)
    took: float = 0.0

    @property
    def pages(self) -> int:
        return -(-self.total // self.page_size)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be meant while typing. kind: so_hieu, trich_yeu or co_quan. note: issuer and year. id: a document's."""

    text: str
    kind: str
    note: str
    id: int


@dataclass(slots=True)
class _Parts:
    """What a change is written to. current: readers may be on it, so that each commit is stamped."""

    engine: Engine
    lexicon: Lexicon
    words: WordCache
    current: bool


def make_engine(name: str, folder: Path) -> Engine:
    """The engine of that name over its folder. Raises UsageError for a name that is none."""
    if name == "whoosh":
        from search.engines.whoosh import WhooshEngine

        return WhooshEngine(folder)
    if name == "tantivy":
        from search.engines.tantivy import TantivyEngine

        return TantivyEngine(folder)
    raise UsageError(f"Không có máy tìm “{name}”.", "Có: " + ", ".join(ENGINES) + ".")


def engine_document(found: Indexed, segment: Callable[[str], list[str]] = segment_words) -> EngineDocument:
    """What an engine stores of a document, its words segmented."""
    text = "\n".join(part for part in (document.head(found), found.text) if part)
    return document.of_indexed(found, ["_".join(exact_keys(word)) for word in segment(text)])


class Search:
    """The search of one library.

    library: the library's folder (the index is ``index`` in it). engine: None for the one the index was made with.
    """

    def __init__(self, library: Path, source: Source, engine: str | None = None) -> None:
        self._source = source
        self._wanted = engine
        self._folder = IndexFolder(Path(library) / "index")
        self._lock = threading.RLock()
        self._engine: Engine | None = None
        self._lexicon: Lexicon | None = None
        self._retired: list[Engine | Lexicon] = []
        self._stamp: Stamp | None = None
        self._version = (0, 0)

    # Keeping in step

    def catch_up(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Takes the store's changes since the last time into the index; how many documents that were.

        Makes the index where there is none, and anew where it is torn or came from elsewhere. progress is told (done, of
        how many). Raises LibraryBusy, DiskFull, StaleIndex (made by another version or engine), LibraryDamaged (not our
        folder).
        """
        name = self._engine_name()
        with storage_errors.translated(), self._folder.writing():
            stamp = self._writable()
            if stamp is None or stamp.sequence > self._source.sequence():
                return self._build(name, progress)
            if stamp.sequence < self._forgotten():
                (self._folder.root / "words.sqlite").unlink(missing_ok=True)
                return self._build(name, progress)
            changes = self._source.changes(stamp.sequence)
            if not changes:
                return self._build(name, progress) if stamp.pending else 0
            try:
                engine = self._open(stamp)
                assert self._lexicon is not None
                with closing(WordCache(self._folder.root / "words.sqlite", segment_words)) as words:
                    parts = _Parts(engine, self._lexicon, words, current=True)
                    return self._apply(parts, stamp, changes, progress, fresh=engine.count() == 0)
            except (OcopError, *_TORN) as error:
                if storage_errors.meaning(error) or (
                    isinstance(error, OcopError) and not isinstance(error, StaleIndex)
                ):
                    raise
                return self._build(name, progress)

    def rebuild(self, engine: str | None = None, progress: Callable[[int, int], None] | None = None) -> int:
        """Makes the index anew beside the old one and swaps; how many documents are in it. Raises as :meth:`catch_up`."""
        name = engine or self._engine_name()
        with storage_errors.translated(), self._folder.writing():
            if engine is not None:
                self._wanted = engine
            return self._build(name, progress)

    def _forgotten(self) -> int:
        """The change at which the store last forgot a paper for good; engines keep deleted words until they merge."""
        ask = getattr(self._source, "forgotten", None)
        return int(ask()) if ask else 0

    def _engine_name(self) -> str:
        """The engine that was asked for, else the one the index was made with, else the first."""
        told = self._folder.told_engine()
        return self._wanted or (told if told in ENGINES else ENGINES[0])

    def _writable(self) -> Stamp | None:
        """The stamp of an index that can be written on; None where one must be made."""
        try:
            stamp = self._folder.stamp()
        except StaleIndex as error:
            if error.reason is StaleReason.DAMAGED:
                return None
            raise
        if stamp is None or stamp.engine not in ENGINES or not self._folder.whole(stamp):
            return None
        self._refuse_other(stamp)
        try:
            self._open(stamp)
        except StaleIndex:
            return None
        return stamp

    def _refuse_other(self, stamp: Stamp) -> None:
        if self._wanted and stamp.engine != self._wanted:
            raise StaleIndex(
                f"Chỉ mục đang dùng máy tìm {stamp.engine}, cài đặt chọn {self._wanted}.",
                f"Hãy chạy: ocop reindex --engine {self._wanted}",
                reason=StaleReason.OTHER_ENGINE,
            )

    def _build(self, name: str, progress: Callable[[int, int], None] | None) -> int:
        if name not in ENGINES:
            raise UsageError(f"Không có máy tìm “{name}”.", "Có: " + ", ".join(ENGINES) + ".")
        build = self._folder.new_build(name)
        try:
            done = self._fill(build, name, progress)
        except BaseException:
            shutil.rmtree(self._folder.build(build), ignore_errors=True)  # it may be what fills the disk
            raise
        self._folder.drop_others(build)
        return done

    def _fill(self, build: str, name: str, progress: Callable[[int, int], None] | None) -> int:
        stamp = Stamp(build, name)
        with (
            closing(make_engine(name, self._folder.build(build) / "engine")) as engine,
            closing(Lexicon(self._folder.build(build) / "lexicon.sqlite")) as lexicon,
            closing(WordCache(self._folder.root / "words.sqlite", segment_words)) as words,
        ):
            parts = _Parts(engine, lexicon, words, current=False)
            done = self._apply(parts, stamp, self._source.changes(0), progress, fresh=True)
            lexicon.prune()
            words.keep_used_only()
        return done

    def _apply(
        self,
        parts: _Parts,
        stamp: Stamp,
        changes: Sequence[ChangeLike],
        progress: Callable[[int, int], None] | None,
        *,
        fresh: bool,
    ) -> int:
        """Applies changes batch by batch; the stamp follows each commit (a build's first stamp, its last commit)."""
        last: dict[int, ChangeLike] = {}
        for change in changes:
            last.pop(change.id, None)
            last[change.id] = change
        pending = sorted(last.values(), key=lambda change: change.seq)
        for at in range(0, len(pending), BATCH):
            batch = pending[at : at + BATCH]
            gone = [change.id for change in batch if change.kind == "delete"]
            if parts.current:
                stamp.pending = True
                self._folder.write(stamp)
            put = [change.id for change in batch if change.kind != "delete"]
            learnt: list[tuple[Indexed, Sequence[str]]] = []
            parts.words.begin()
            parts.engine.update(
                self._documents(put, gone, parts.words, learnt, (at, len(pending)), progress), gone, fresh=fresh
            )
            parts.words.commit()
            parts.lexicon.learn(learnt, gone)
            if parts.current:
                stamp.pending, stamp.sequence = False, batch[-1].seq
                self._folder.write(stamp)
        if not parts.current:
            stamp.sequence = max((change.seq for change in changes), default=0)
            self._folder.write(stamp)
        return len(pending)

    def _documents(
        self,
        ids: list[int],
        gone: list[int],
        words: WordCache,
        learnt: list[tuple[Indexed, Sequence[str]]],
        counts: tuple[int, int],
        progress: Callable[[int, int], None] | None,
    ) -> Iterator[EngineDocument]:
        for number, id_ in enumerate(ids, 1):
            try:
                found = self._source.indexed(id_)
            except NotFound:
                found = None
            if found is not None and found.id == id_:
                made = engine_document(found, words)
                learnt.append((found, made.text["exact"]))
                yield made
            else:  # gone or merged since the change was listed
                gone.append(id_)
            if progress:
                progress(counts[0] + number, counts[1])

    # Opening

    def _open(self, stamp: Stamp) -> Engine:
        """The engine of a stamp, opened once. Raises StaleIndex where its files are torn."""
        with self._lock:
            if self._engine is not None and self._stamp is not None and self._stamp.build == stamp.build:
                version = self._folder.version()
                try:
                    self._engine.reload()
                except Exception as error:  # what a torn file raises is the engine's own affair
                    raise _torn() from error
                self._stamp, self._version = stamp, version
                return self._engine
            words = self._folder.build(stamp.build) / "lexicon.sqlite"
            if not self._folder.whole(stamp) or not words.exists() or stamp.engine not in ENGINES:
                raise _torn()
            try:
                engine = make_engine(stamp.engine, self._folder.build(stamp.build) / "engine")
                lexicon = Lexicon(words)
            except OcopError:
                raise
            except Exception as error:  # what a torn file raises is the engine's own affair
                raise _torn() from error
            self._let_go()
            self._engine, self._lexicon = engine, lexicon
            self._stamp, self._version = stamp, self._folder.version()
            return engine

    def _let_go(self) -> None:
        """Puts the open index aside; other threads may still be reading it, so it is closed with the whole."""
        if self._engine is not None and self._lexicon is not None:
            self._retired += [self._engine, self._lexicon]

    def _current(self) -> Engine:
        """The engine as the stamp says now. Raises StaleIndex where there is no index to trust."""
        with self._lock:
            version = self._folder.version()
            if self._engine is not None and version == self._version and version != (0, 0):
                return self._engine
            for attempt in range(20):
                stamp = self._folder.stamp()
                if stamp is None:
                    raise StaleIndex("Kho chưa có chỉ mục.", "Hãy chạy: ocop reindex", reason=StaleReason.MISSING)
                self._refuse_other(stamp)
                try:
                    return self._open(stamp)
                except StaleIndex:
                    if attempt == 19 or self._folder.version() == version:
                        raise
                    version = self._folder.version()
                    time.sleep(0.05)  # a writer was between its commit and its stamp
        raise AssertionError("unreachable")

    def close(self) -> None:
        with self._lock:
            self._let_go()
            for part in self._retired:
                part.close()
            self._retired.clear()
            self._engine, self._lexicon, self._stamp, self._version = None, None, None, (0, 0)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """What torn files raise inside it is told as StaleIndex; faults of our own are left as they are."""
        try:
            yield
        except OcopError:
            raise
        except Exception as error:
            stamp = self._stamp
            if isinstance(error, _TORN) or stamp is None or not self._folder.sound(stamp):
                raise _torn() from error
            raise

    def examine(self) -> list[str]:
        """What is wrong with the index, in Vietnamese; nothing where it says exactly what the store says.

        Reads every byte of it. All of it is mended by :meth:`rebuild`.
        """
        try:
            stamp = self._folder.stamp()
            if stamp is None:
                return ["Kho chưa có chỉ mục."]
            self._refuse_other(stamp)
            if not stamp.seal or stamp.seal != self._folder.seal():
                return ["Chỉ mục không được lập tại chỗ này nên không thể tin."]
            if stamp.pending:
                return ["Một lần ghi chỉ mục bị dở dang."]
            if not self._folder.whole(stamp) or not self._folder.sound(stamp):
                return ["Tệp của chỉ mục bị mất hoặc bị đổi."]
            with self._reading():
                engine = self._open(stamp)
                assert self._lexicon is not None
                if not self._lexicon.whole():
                    return ["Bộ từ của chỉ mục bị hỏng."]
                inside = set(engine.ids(Everything(), limit=1 << 40))
        except (StaleIndex, LibraryDamaged) as error:
            return [error.message]
        behind = self._source.sequence() - stamp.sequence
        if behind:
            return [
                f"Chỉ mục chậm {behind} thay đổi so với kho."
                if behind > 0
                else "Chỉ mục mới hơn kho: kho đã lùi lại, những lần ghi cuối có thể đã mất."
            ]
        wanted = {change.id for change in self._source.changes(0) if change.kind != "delete"}
        missing = [id_ for id_ in sorted(wanted - inside) if self._there(id_)]
        return [f"Chỉ mục {words}: {listed(ids)}." for words, ids in (
            ("thiếu văn bản", missing), ("thừa văn bản", sorted(inside - wanted))) if ids]  # fmt: skip

    def _there(self, id_: int) -> bool:
        try:
            return self._source.indexed(id_).id == id_
        except NotFound:
            return False

    # State

    def state(self) -> dict[str, str | int | bool]:
        """For ``ocop status``: engine, documents, sequence, behind (changes not yet taken in), bytes, advice."""
        engine = self._current()
        assert self._stamp is not None
        with self._reading():
            count, size = engine.count(), engine.size()
        advice = ""
        if engine.name == "whoosh" and count > WHOOSH_COMFORT:
            advice = (
                f"Kho có {count} văn bản, vượt mức {WHOOSH_COMFORT} của máy tìm Whoosh. "
                "Hãy chạy: ocop reindex --engine tantivy"
            )
        return {
            "engine": engine.name,
            "documents": count,
            "sequence": self._stamp.sequence,
            "behind": self._source.sequence() - self._stamp.sequence,
            "bytes": size,
            "advice": advice,
        }

    # Searching

    def search(
        self,
        text: str,
        *,
        filters: Mapping[str, Sequence[str]] | None = None,
        sort: Sort = "relevance",
        page: int = 1,
        page_size: int = 20,
        literal: bool = False,
        exact_only: bool = False,
        inferred_dates: bool = False,
        province_now: bool = False,
        snippets: int = 3,
        facets: bool = True,
    ) -> Results:
        """The documents of a query, best first; an empty query with filters (or none) lists documents.

        filters: facet field → values, any of which will do; ``ngay`` takes a span (``2020..2022``). literal: no marks
        are put in. exact_only: marks typed must be there. Raises QueryError, StaleIndex, UsageError.
        """
        began = time.perf_counter()
        if page < 1 or not 1 <= page_size <= 1_000:
            raise UsageError("Số trang không hợp lệ.", "Trang đếm từ 1, mỗi trang 1 đến 1000 kết quả.")
        engine = self._current()
        options = Options(literal, exact_only, inferred_dates, province_now)
        text = nfc(clean(nfc(text)))  # a look-alike made plain may meet a mark
        order: Order | None = None if sort == "relevance" else sort
        with self._reading():
            compiled = self._compile(engine, text, options, bool(filters))
            condition = self._condition(filters or {}, options, compiled)
            found = engine.search(
                compiled.tiers,
                condition=condition,
                offset=(page - 1) * page_size,
                limit=page_size,
                order=order,
                facets=FACETS if facets else (),
            )
        results = Results(text, [], found.total, page, page_size, restored=compiled.restored, number=compiled.number)
        results.tiers = {name: count for name, count in zip(compiled.names, found.tier_totals, strict=True) if count}
        results.notes = compiled.notes
        if not (results.tiers.keys() & {"chinh_xac", "tu_roi", "co_the"}):
            results.restored = None
        if not found.total and self._lexicon and compiled.number is None:
            with self._reading():
                results.did_you_mean = self._lexicon.better(text)
        documents = self._documents_of([hit.id for hit in found.hits])
        for hit in found.hits:
            if hit.id in documents:
                results.hits.append(
                    self._hit(
                        documents[hit.id], hit.id, compiled.names[hit.tier], hit.score, compiled, snippets, options
                    )
                )
        results.facets = {name: self._facet(name, counts) for name, counts in found.facets.items()}
        if compiled.number:
            results.same_number = self._choices(engine, compiled, condition)
        results.took = time.perf_counter() - began
        return results

    def _compile(self, engine: Engine, text: str, options: Options, filtered: bool) -> Compiled:
        if not text.strip() and filtered:
            from search.engine import Tier

            return Compiled(["chinh_xac"], [Tier(Everything(), "date")])
        restore = self._lexicon.restore if self._lexicon else None
        compiler = Compiler(engine, options, restore=restore, segment=segment_words)
        try:
            tree = query.parse(text)
        except QueryError:
            tree = None
            if compiler.only_number(text) is None:
                raise
        return compiler.compile(text, tree)

    def _condition(self, filters: Mapping[str, Sequence[str]], options: Options, compiled: Compiled) -> Plan | None:
        plans: list[Plan] = []
        for name, values in filters.items():
            if not values:
                continue
            if name == "ngay":
                spans = [date_query.parse(value, 0) for value in values]
                compiled.date_ranges.extend(spans)
                pairs = [("date_low", "date_high")]
                if options.inferred_dates:
                    pairs.append(("inferred_low", "inferred_high"))
                plans.append(
                    any_of(
                        [
                            And((Range(first, 1, high), Range(last, low, 99991231)))
                            for low, high in spans
                            for first, last in pairs
                        ]
                    )
                )
            elif name in FACETS:
                plans.append(AnyOf(name, tuple(values)))
            else:
                raise UsageError(f"Không lọc được theo “{name}”.", "Lọc được theo: " + ", ".join(FACETS) + ", ngay.")
        return all_of(plans) if plans else None

    def _documents_of(self, ids: Sequence[int]) -> dict[int, Indexed]:
        """What the store knows of documents found; those gone since are left out."""
        documents = self._source.indexed_some(ids)
        for id_ in ids:  # merged since: shown as what it is now
            if id_ not in documents:
                with suppress(NotFound):
                    documents[id_] = self._source.indexed(id_)
        return documents

    def _hit(
        self, found: Indexed, id_: int, tier: str, score: float, compiled: Compiled, snippets: int, options: Options
    ) -> Hit:
        hit = Hit(id_, tier, score, found)
        number_tier = tier in ("so_hieu", "khac_co_quan", "gan", "dan", "co_the_dan")
        needles = compiled.needles
        text = scan(found.text)
        if number_tier and any(find(text, [needle]) for needle in compiled.number_needles):
            needles = compiled.number_needles
        if snippets and found.text:
            hit.snippets = passages(text, found.page_starts, needles, snippets)
        if found.title:
            hit.title_highlights = tuple((start, end) for start, end, _ in find(found.title, needles))
        if compiled.number and tier in ("so_hieu", "khac_co_quan", "gan"):
            hit.other_day = numbers.other_day(compiled.number, found.date)
        if compiled.date_ranges:
            hit.possible_date = not any(self._certainly(found, span, options) for span in compiled.date_ranges)
        return hit

    @staticmethod
    def _certainly(found: Indexed, span: tuple[int, int], options: Options) -> bool:
        made = document.numbers_of(found)
        names = [("date_low", "date_high")]
        if options.inferred_dates:
            names.append(("inferred_low", "inferred_high"))
        return any(first in made and span[0] <= made[first] and made[last] <= span[1] for first, last in names)

    def _choices(self, engine: Engine, compiled: Compiled, condition: Plan | None) -> list[NumberChoice]:
        """The documents of the number, where more than one may be meant: all are told, none is picked."""
        names = ("so_hieu", "khac_co_quan", "gan")
        chosen = [(name, tier) for name, tier in zip(compiled.names, compiled.tiers, strict=True) if name in names]
        if not chosen:
            return []
        with self._reading():
            found = engine.search([tier for _, tier in chosen], condition=condition, limit=MAX_CHOICES)
        choices = []
        documents = self._documents_of([hit.id for hit in found.hits])
        for hit in found.hits:
            if hit.id in documents:
                own = documents[hit.id]
                choices.append(
                    NumberChoice(
                        hit.id, own.so_ky_hieu or own.number, own.issuer, document.year_of(own), chosen[hit.tier][0]
                    )
                )
        return choices if len(choices) > 1 else []

    def _facet(self, name: str, counts: Mapping[str, int]) -> list[FacetValue]:
        values = [FacetValue(value, label(name, value), count) for value, count in counts.items()]
        if name == "nam":
            return sorted(values, key=lambda v: v.value, reverse=True)
        return sorted(values, key=lambda v: (-v.count, v.label))

    def suggest(self, typed: str, most: int = 8) -> list[Suggestion]:
        """What may be meant by the beginning of a query: numbers, titles, agencies. Raises StaleIndex."""
        self._current()
        if self._lexicon is None:
            return []
        with self._reading():
            found = self._lexicon.suggest(typed, most)
        return [Suggestion(text, kind, note, id_) for text, kind, note, id_ in found]

    def find_documents(self, text: str) -> list[tuple[int, str]]:
        """The documents a number means, for a command's DOC: [(id, tier)], the very number first.

        Tiers: ``so_hieu``, ``khac_co_quan``, ``gan``. Empty where *text* is no number or none has it. Several are all
        given; the caller lists them and picks none. Raises StaleIndex.
        """
        engine = self._current()
        with self._reading():
            return find_documents(text, engine)


def find_documents(text: str, engine: Engine) -> list[tuple[int, str]]:
    """See :meth:`Search.find_documents`."""
    compiled = Compiler(engine).only_number(text)
    if compiled is None:
        return []
    chosen = [
        (name, tier)
        for name, tier in zip(compiled.names, compiled.tiers, strict=True)
        if name in ("so_hieu", "khac_co_quan", "gan")
    ]
    if not chosen:
        return []
    found = engine.search([tier for _, tier in chosen], limit=1_000)
    return [(hit.id, chosen[hit.tier][0]) for hit in found.hits]


def listed(ids: Sequence[int], most: int = 5) -> str:
    """The first few ids, and how many there are."""
    more = f" … ({len(ids)} văn bản)" if len(ids) > most else ""
    return ", ".join(f"#{id_}" for id_ in ids[:most]) + more


def label(field_name: str, value: str) -> str:
    """What to call a facet's value."""
    if field_name in ("tinh", "tinh_nay"):
        province = areas.provinces().get(value)
        return province.name if province else f"{value} (ngoài bảng tỉnh)"
    if field_name == "coquan":
        return agencies.short(value)
    tables = {"cap": LEVELS, "hieuluc": EFFECTS, "kind": KINDS, "trangthai": STATES}
    return tables.get(field_name, {}).get(value, value)


#: What reading torn files raises. (OcopError is none of them.)
_TORN = (OSError, ValueError, EOFError, struct.error, zlib.error, pickle.PickleError, sqlite3.DatabaseError)


def _of_index(error: Exception) -> bool:
    """Whether an error says that the index is damaged, and no more: not busy, not full, not the library's own."""
    return isinstance(error, StaleIndex) or isinstance(storage_errors.meaning(error), LibraryDamaged)


def _torn() -> StaleIndex:
    return StaleIndex(
        "Chỉ mục hỏng hoặc đang được thay.",
        "Hãy thử lại; nếu vẫn lỗi, chạy: ocop reindex",
        reason=StaleReason.DAMAGED,
    )
