"""Postings as Whoosh keeps them: what was written is read again, however many blocks it takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.index import open_dir

from search.engines import whoosh, whoosh_postings
from search.engines.whoosh import WhooshEngine
from search.engines.whoosh_format import _places_of_few, _places_of_many, unpack
from search.engines.whoosh_snapshot import Snapshot
from search.index.engine_document import EngineDocument


def _document(id_: int) -> EngineDocument:
    """Number *id_*: "x" once or twice at its beginning, then its number."""
    syllables = [*["x"] * (1 + id_ % 2), str(id_)]
    return EngineDocument(id_, {"exact": syllables}, {"id": [str(id_)], "loai": ["Công văn"]}, {"doc_id": id_})


@pytest.mark.parametrize("block", [1, 3, 1024])
def test_a_term_of_several_blocks_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(whoosh_postings, "BLOCK", block)
    engine = WhooshEngine(tmp_path)
    engine.update(map(_document, range(1, 51)), [], fresh=True)
    engine.update(map(_document, range(41, 61)), [1])  # ten again, and one gone
    with engine._snapshot() as snapshot:
        _check(snapshot)
    engine.close()


@pytest.mark.parametrize("limit", [1, 2_000])
def test_postings_that_go_to_disk_meanwhile_come_back_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(whoosh, "_POOL_BYTES", limit)
    engine = WhooshEngine(tmp_path)
    engine.update(map(_document, range(1, 51)), [], fresh=True)
    for id_ in range(41, 61):  # segments enough that Whoosh merges some
        engine.update([_document(id_)], [1])
    with engine._snapshot() as snapshot:
        _check(snapshot)
    engine.close()
    assert not [file for file in tmp_path.iterdir() if file.suffix not in {".seg", ".toc"} and "LOCK" not in file.name]


def test_whoosh_itself_reads_what_was_written(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.update(map(_document, range(1, 51)), [], fresh=True)
    engine.close()
    with open_dir(str(tmp_path)).reader() as reader:
        assert reader.doc_frequency("exact", b"x") == 50
        found, read = reader.postings("exact", b"x"), []
        while found.is_active():
            read.append((found.id(), found.weight(), unpack(found.value())))
            found.next()
    assert read == [(id_ - 1, 1.0 + id_ % 2, list(range(1 + id_ % 2))) for id_ in range(1, 51)]


def _check(snapshot: Snapshot) -> None:
    id_of = snapshot.column("doc_id")
    found = snapshot.postings("exact", "x")
    living = {id_of[number]: number for number in found.times if number not in snapshot.deleted}
    assert sorted(living) == list(range(2, 61))
    for id_, number in living.items():
        assert found.times[number] == 1 + id_ % 2
        assert unpack(found.positions[number]) == list(range(1 + id_ % 2))
        assert list(snapshot.postings("exact", str(id_)).times)[-1] == number
    assert len(set(snapshot.postings("loai", "Công văn").times) - snapshot.deleted) == 59


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from(["a", "b", "c", "¶"]) | st.integers(0, 400).map(str)), st.sampled_from([0, 300, 70_000])
)
def test_positions_of_long_texts_are_packed_as_those_of_short_ones(tokens: list[str], gap: int) -> None:
    many = [*tokens, *["x"] * gap, *tokens]
    found = list(_places_of_few(many))
    assert list(_places_of_many(many or ["x"])) == (found or list(_places_of_few(["x"])))
    assert {token: unpack(packed) for token, _, packed in found} == {
        token: [at for at, other in enumerate(many) if other == token] for token in dict.fromkeys(many)
    }
