"""A search cluster whose machines fail: nothing acknowledged is lost, and what users see is said."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import LibraryBusy, SearchUnreachable, StaleIndex, UsageError
from search.engine import EngineAddress, EngineQuery, TierPlan
from search.engines import open_engine
from search.engines.opensearch import OpenSearchEngine
from search.index.engine_document import EngineDocument
from search.plan import Everything, Term
from search.searcher import Search
from tests.support.opensearch import Cluster, installed
from tests.support.search_library import MemorySource, ask, held, ids, sample
from tests.support.waiting import wait_for

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not installed(), reason="OpenSearch is not here (make test-cluster)"),
]
#: A cluster that does not answer.
_AWAY = EngineAddress(("http://127.0.0.1:9",))
#: Documents of one commit, and commits.
_TOGETHER, _COMMITS = 200, 12


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(nodes=3) as made:
        yield made


def document(id_: int, word: str) -> EngineDocument:
    return EngineDocument(
        id_,
        {"exact": [word], "syl": [word]},
        {"id": [str(id_)], "loai": ["Kế hoạch"]},
        {"doc_id": id_, "by_date": id_, "by_cited": id_},
    )


def opened(folder: Path, cluster: Cluster, *, replicas: int = 1) -> OpenSearchEngine:
    folder.mkdir(exist_ok=True)
    made = open_engine("opensearch", folder, cluster.address(shards=2, replicas=replicas))
    assert isinstance(made, OpenSearchEngine)
    return made


def test_a_killed_node_loses_nothing_that_was_acknowledged(tmp_path: Path, cluster: Cluster) -> None:
    """Its primaries' copies on other nodes take over while documents are written and asked for."""
    with closing(opened(tmp_path, cluster)) as writer, closing(opened(tmp_path, cluster)) as reader:
        acknowledged: list[int] = []
        refused: list[int] = []
        answered: list[int] = []
        done = threading.Event()

        def write() -> None:
            for commit in range(_COMMITS):
                first = commit * _TOGETHER + 1
                made = [document(id_, "kế") for id_ in range(first, first + _TOGETHER)]
                while True:
                    try:
                        writer.update(made, [], version=commit + 1)
                        break
                    except SearchUnreachable:
                        refused.append(commit)
                acknowledged.extend(one.id for one in made)
            done.set()

        def read() -> None:
            while not done.is_set():
                try:
                    reader.reload()
                    answered.append(reader.search(EngineQuery((TierPlan(Term("exact", "kế")),))).total)
                except (SearchUnreachable, StaleIndex):
                    continue

        threads = [threading.Thread(target=work, daemon=True) for work in (write, read)]
        for thread in threads:
            thread.start()
        wait_for(lambda: len(acknowledged) >= 2 * _TOGETHER, seconds=300)
        cluster.kill(1)
        wait_for(lambda: not any(thread.is_alive() for thread in threads), seconds=600)
        writer.reload()
        assert writer.ids(Everything()) == acknowledged == list(range(1, _COMMITS * _TOGETHER + 1))
        assert answered == sorted(answered), "a reader never sees fewer documents than before"
    cluster.start(1)
    cluster.wait(1)


def test_an_older_indexer_is_refused_and_a_newer_one_is_not(tmp_path: Path, cluster: Cluster) -> None:
    with closing(opened(tmp_path, cluster)) as engine:
        engine.update([document(1, "mới"), document(2, "mới")], [], version=7)
        engine.update([document(1, "cũ")], [2], version=6)
        assert engine.ids(Term("exact", "mới")) == [1, 2]
        engine.update([document(1, "sau")], [2], version=8)
        assert engine.ids(Term("exact", "sau")) == [1]
        assert engine.count() == 1


def test_an_index_that_was_lost_is_made_again_from_the_library(tmp_path: Path, cluster: Cluster) -> None:
    with closing(Search(tmp_path, sample(), "opensearch", cluster.address())) as search:
        search.catch_up()
        build = next((tmp_path / "index").glob("opensearch-*"))
        with closing(opened(build / "engine", cluster)) as engine:
            engine.drop()
        with pytest.raises(StaleIndex, match="ocop reindex"):
            ask(search, "tập huấn")
    with closing(Search(tmp_path, sample(), "opensearch", cluster.address())) as search:
        assert search.rebuild() == 4
        assert ids(ask(search, "tập huấn"))


def test_an_index_made_again_leaves_no_other_on_the_cluster(tmp_path: Path, cluster: Cluster) -> None:
    with closing(Search(tmp_path, MemorySource([held(1, "một")]), "opensearch", cluster.address())) as search:
        search.catch_up()
        (before,) = (tmp_path / "index").glob("opensearch-*")
        left = opened(before / "engine", cluster)
        search.rebuild()
        with pytest.raises(StaleIndex):
            left.reload()


def test_an_index_that_could_not_be_removed_is_remembered_and_removed_later(tmp_path: Path, cluster: Cluster) -> None:
    """The cluster is away when the library goes back to an engine of this machine."""
    source = MemorySource([held(1, "một")])
    with closing(Search(tmp_path, source, "opensearch", cluster.address())) as search:
        search.catch_up()
    (build,) = (tmp_path / "index").glob("opensearch-*")
    with closing(opened(build / "engine", cluster)) as left:
        with closing(Search(tmp_path, source, "tantivy", _AWAY)) as search:
            assert search.rebuild("tantivy") == 1
            assert any("cụm máy tìm" in wrong for wrong in search.examine())
            assert left.count() == 1
            search.rebuild()
            assert build.exists()
        with closing(Search(tmp_path, source, "tantivy", cluster.address())) as search:
            search.rebuild()
            assert search.examine() == []
            assert not build.exists()
        with pytest.raises(StaleIndex):
            left.reload()


def test_a_cluster_that_does_not_answer_is_told_and_can_be_tried_again(tmp_path: Path) -> None:
    with pytest.raises(SearchUnreachable, match="không trả lời") as raised:
        open_engine("opensearch", tmp_path, _AWAY)
    assert isinstance(raised.value, LibraryBusy)  # so it is 503 with Retry-After on pages
    assert raised.value.exit_code == 20


def test_the_engine_asks_for_its_address(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="OCOP_OPENSEARCH"):
        open_engine("opensearch", tmp_path)
