"""Documents as people half remember them (``data/half_remembered.tsv``): the right one first, and no page empty.

Asked of the tables of known documents, of the samples, and of the labelled seeds where ``../shared`` is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.library.indexed import Indexed
from corpus.samples.source import HERE, Sample, load
from corpus.tables import rows
from search.query.question import question_of
from search.request import SearchRequest
from tests.paths import SHARED
from tests.support.engines import Tested, searched
from tests.support.search_library import MemorySource, held, seeds, stub

DATA = Path(__file__).parent / "data"
#: Of the queries: the right document first, and among three.
FIRST, AMONG_THREE = 0.9, 0.975


def known() -> tuple[list[Indexed], dict[str, set[int]]]:
    """The known documents on OCOP, as documents that are only cited, and the ids of each answer."""
    names = ("so_ky_hieu", "doc_type", "date", "issuer", "title")
    found = [{name: row[name] or None for name in names} for row in rows("known_ocop")]
    return _answered([stub(id_, **values) for id_, values in enumerate(found, 1)])


def samples() -> tuple[list[Indexed], dict[str, set[int]]]:
    """The samples as their labels have them, among the known documents."""
    documents, _ = known()
    labels = {label["file"]: label for label in json.loads((HERE / "gold.json").read_text("utf-8"))["documents"]}
    files: dict[str, set[int]] = {}
    for id_, sample in enumerate(load(), len(documents) + 1):
        label = labels[sample.file]
        names = ("doc_type", "so_ky_hieu", "symbol", "date", "parent_agency", "place", "title", "signer")
        values = {name: label[name] for name in names} | {"issuer": label.get("issuer") or "UBND tỉnh Vân Lĩnh"}
        documents.append(held(id_, _text(sample), **values))
        files[sample.file] = {id_}
    documents, numbers = _answered(documents)
    return documents, files | numbers


def _text(sample: Sample) -> str:
    """The words of a sample, a paragraph a line."""
    blocks = [block for part in sample.parts for block in part.blocks]
    return "\n".join(run.text for block in blocks for runs in (block.runs, *block.cells) for run in runs)


def labelled() -> tuple[list[Indexed], dict[str, set[int]]]:
    """The five seeds and what they cite."""
    labels = json.loads((SHARED / "gold" / "seeds.json").read_text("utf-8"))["documents"]
    documents, numbers = _answered(seeds())
    return documents, {label["file"]: {id_} for id_, label in enumerate(labels)} | numbers


def _answered(documents: list[Indexed]) -> tuple[list[Indexed], dict[str, set[int]]]:
    numbers: dict[str, set[int]] = {}
    for one in documents:
        if one.so_ky_hieu:
            numbers.setdefault(one.so_ky_hieu, set()).add(one.id)
    return documents, numbers


_LIBRARIES: dict[str, Callable[[], tuple[list[Indexed], dict[str, set[int]]]]] = {
    "known": known,
    "samples": samples,
    "seeds": labelled,
}


def ranks(folder: Path, engine: str, library: str) -> dict[str, int | None]:
    """Query → the rank of the right document, counted from 0; None where it is not found."""
    documents, answers = _LIBRARIES[library]()
    search = searched(folder, MemorySource(documents), engine)
    search.catch_up()
    found = {}
    for row in rows("half_remembered", DATA):
        if row["library"] != library:
            continue
        question = question_of(row["query"])
        text = question.document if question else row["query"]
        hits = search.search(SearchRequest(text, degrees=True)).hits
        assert hits, row["query"]
        right = set().union(*(answers[answer] for answer in row["answer"].split("|")))
        found[row["query"]] = next((rank for rank, hit in enumerate(hits) if hit.id in right), None)
    search.close()
    return found


@pytest.mark.parametrize("engine", Tested.names)
def test_half_remembered_documents_come_first(tmp_path: Path, engine: str) -> None:
    libraries = [name for name in _LIBRARIES if name != "seeds" or (SHARED / "gold" / "seeds.json").exists()]
    found = {(name, query): rank for name in libraries for query, rank in ranks(tmp_path / name, engine, name).items()}
    missed = {query: rank for query, rank in found.items() if rank != 0}
    among_three = sum(rank is not None and rank < 3 for rank in found.values())
    assert len(found) - len(missed) >= FIRST * len(found), missed
    assert among_three >= AMONG_THREE * len(found), missed
