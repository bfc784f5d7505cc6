"""Keeps the index in step with the library: takes in its changes, or makes the index again.

Changes are applied in batches. Each batch is one commit of the engine, after which the stamp is written; a stamp
marked *pending* shows that a commit was interrupted. A new build is made beside the current one, and its stamp is
written last.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from corpus import storage_errors
from corpus.errors import OcopError, StaleIndex
from corpus.library.indexed import Indexed
from corpus.segment import words as segment_words
from corpus.vocabulary import StaleReason
from search.engine import Engine
from search.engines import ENGINES, check_name, open_engine
from search.index.engine_document import EngineDocument, engine_document
from search.index.index_folder import Stamp, engine_of_build
from search.index.open_index import DAMAGE, OpenIndex
from search.index.segmenting import Segmenter
from search.index.word_cache import WordCache
from search.language.lexicon import Lexicon
from search.source import Change, Source

log = logging.getLogger("search")

#: Documents of one commit.
BATCH = 2_000
#: Documents that the library is asked for at once; their texts are in memory together.
_READ_TOGETHER = 50

#: Called with (documents done, documents in all).
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class _Target:
    """The build that changes are written to."""

    engine: Engine
    lexicon: Lexicon
    words: WordCache
    stamp: Stamp
    #: Readers may be using it, so each commit is stamped.
    live: bool
    #: It holds no documents yet.
    fresh: bool


class Indexer:
    """The writer of one index."""

    def __init__(self, index: OpenIndex, source: Source) -> None:
        self._index = index
        self._folder = index.folder
        self._source = source

    def catch_up(self, progress: Progress | None = None) -> int:
        """Takes in the changes since the last time; how many documents that were.

        Makes the index where there is none, and again where it is damaged, or was made elsewhere or by another version.
        Raises LibraryBusy, DiskFull, StaleIndex (made with another engine than the settings name), LibraryDamaged
        (something else is in the folder's place).
        """
        name = self._index.engine_name()
        with storage_errors.translated(), self._folder.writing():
            stamp = self._usable_stamp()
            if stamp is None or stamp.sequence > self._source.sequence():
                return self._rebuild(name, progress)
            if stamp.sequence < self._source.forgotten():
                self._folder.words.unlink(missing_ok=True)
                return self._rebuild(name, progress)
            changes = self._source.changes(stamp.sequence)
            if not changes:
                return self._rebuild(name, progress) if stamp.pending else 0
            try:
                return self._update(stamp, changes, progress)
            except StaleIndex:
                pass
            except DAMAGE as error:
                if storage_errors.meaning(error):  # busy or full, not damaged
                    raise
            return self._rebuild(name, progress)

    def rebuild(self, engine: str | None = None, progress: Progress | None = None) -> int:
        """Makes the index again, beside the old one, and replaces it; how many documents it has.

        engine: None for the one in use. Raises as :meth:`catch_up`.
        """
        name = engine or self._index.engine_name()
        with storage_errors.translated(), self._folder.writing():
            if engine is not None:
                self._index.wanted_engine = engine
            return self._rebuild(name, progress)

    def _usable_stamp(self) -> Stamp | None:
        """The stamp of an index that can be written to; None where one must be made."""
        try:
            stamp = self._folder.stamp()
        except StaleIndex as error:
            if error.reason is StaleReason.DAMAGED or error.reason is StaleReason.OTHER_VERSION:
                return None
            raise
        if stamp is None or stamp.engine not in ENGINES or not self._folder.is_complete(stamp):
            return None
        self._index.check_engine(stamp)
        try:
            self._index.open(stamp)
        except StaleIndex:
            return None
        return stamp

    def _update(self, stamp: Stamp, changes: Sequence[Change], progress: Progress | None) -> int:
        """Writes changes into the current build."""
        opened = self._index.open(stamp)
        with closing(WordCache(self._folder.words, segment_words)) as words:
            fresh = opened.engine.count() == 0
            target = _Target(opened.engine, opened.lexicon, words, stamp, live=True, fresh=fresh)
            return self._apply(target, changes, progress)

    def _rebuild(self, name: str, progress: Progress | None) -> int:
        """Makes a new build, and removes the others when it is done."""
        check_name(name)
        build = self._folder.new_build(name)
        try:
            done = self._fill(Stamp(build, name), progress)
        except BaseException:
            self._remove(build)  # it may be what fills the disk
            raise
        for other in self._folder.builds():
            if other != build:
                self._remove(other)
        return done

    def _remove(self, build: str) -> None:
        """Removes a build, and what its engine keeps on other machines; where these are away, the next rebuild does."""
        name = engine_of_build(build)
        remote = name in ENGINES and ENGINES[name].remote and self._folder.engine(build).is_dir()
        if remote and not self._dropped(name, build):
            self._folder.leave_build(build)
        else:
            self._folder.remove_build(build)

    def _dropped(self, name: str, build: str) -> bool:
        """Whether nothing of a build is left on other machines."""
        try:
            with closing(open_engine(name, self._folder.engine(build), self._index.address)) as engine:
                engine.drop()
        except StaleIndex:
            return True  # it is gone there, or nothing here names it
        except OcopError as error:
            log.warning("Chưa xóa được chỉ mục cũ %s: %s Lần lập lại sau sẽ xóa.", build, error.message)
            return False
        return True

    def _fill(self, stamp: Stamp, progress: Progress | None) -> int:
        with (
            closing(open_engine(stamp.engine, self._folder.engine(stamp.build), self._index.address)) as engine,
            closing(Lexicon(self._folder.lexicon(stamp.build))) as lexicon,
            closing(WordCache(self._folder.words, segment_words)) as words,
        ):
            target = _Target(engine, lexicon, words, stamp, live=False, fresh=True)
            done = self._apply(target, self._source.changes(0), progress)
            lexicon.prune()
            words.keep_used_only()
        return done

    def _apply(self, target: _Target, changes: Sequence[Change], progress: Progress | None) -> int:
        """Writes changes batch by batch. A live build is stamped around each commit, a new one at the end."""
        pending = _last_of_each(changes)
        for at in range(0, len(pending), BATCH):
            batch = pending[at : at + BATCH]
            if target.live:
                target.stamp.pending = True
                self._folder.write(target.stamp)

            def report(done: int, before: int = at) -> None:
                if progress:
                    progress(before + done, len(pending))

            self._write_batch(target, batch, report)
            if target.live:
                target.stamp.pending, target.stamp.sequence = False, batch[-1].seq
                self._folder.write(target.stamp)
        if not target.live:
            target.stamp.sequence = max((change.seq for change in changes), default=0)
            self._folder.write(target.stamp)
        return len(pending)

    def _write_batch(self, target: _Target, batch: Sequence[Change], report: Callable[[int], None]) -> None:
        gone = [change.id for change in batch if change.kind == "delete"]
        put = [change.id for change in batch if change.kind != "delete"]
        learnt: list[tuple[Indexed, Sequence[str]]] = []

        def documents() -> Iterator[EngineDocument]:
            for number, (id_, found) in enumerate(self._documents(put, target), 1):
                if found is None:  # gone or merged since the change was listed
                    gone.append(id_)
                else:
                    made = engine_document(found, target.words)
                    learnt.append((found, made.text["exact"]))
                    yield made
                report(number)

        target.words.begin()
        target.engine.update(documents(), gone, fresh=target.fresh, version=batch[-1].seq)
        target.words.commit()
        target.lexicon.learn(learnt, gone)

    def _documents(self, ids: Sequence[int], target: _Target) -> Iterator[tuple[int, Indexed | None]]:
        """Each id with its document; None where that is gone, hidden, or merged into another.

        Texts whose words are not kept are segmented together.
        """
        with closing(Segmenter()) as segment_all:
            for at in range(0, len(ids), _READ_TOGETHER):
                part = ids[at : at + _READ_TOGETHER]
                found = self._source.indexed_some(part)
                wordless = (one.text for one in found.values() if one.text and one.words is None)
                target.words.fill(wordless, segment_all)
                for id_ in part:
                    yield id_, found.get(id_)


def _last_of_each(changes: Sequence[Change]) -> list[Change]:
    """The last change of each document, in order."""
    last: dict[int, Change] = {}
    for change in changes:
        last[change.id] = change
    return sorted(last.values(), key=lambda change: change.seq)
