"""The graph of a large library: 100,000 documents, 1,000,000 citations, of which a few documents receive most.

One citation in five names a provision.

``python -m bench.graph [--documents N] [--citations N] [--library FOLDER]`` makes the library (in a temporary folder
unless one is given), builds the graph and prints one JSON object: milliseconds of each kind of question, p50 and p95.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert, update

from bench.timing import timed
from corpus.graph.graph import Filter, Graph
from corpus.library import Library
from corpus.library.schema import claims, counter, mentions, nodes
from corpus.library.store import HERE, Store

#: Citations of one statement.
_BATCH = 100_000
_ISSUERS = (
    "ttg",
    "cp",
    *(f"ubnd:tinh:{province}" for province in ("thanh-hoa", "nghe-an", "ha-tinh", "quang-ngai", "ca-mau")),
)
#: One of so many citations names a provision, as it is stored.
_NAMING = 5
_PROVISION = {"start": 0, "end": 6, "article": "5", "clause": "1", "point": None, "section": None, "appendix": None}
_PROVISION |= {"inferred": False}
Numbers = NDArray[np.int64]


def drawn_edges(documents: int, citations: int, chance: np.random.Generator) -> tuple[Numbers, Numbers]:
    """(sources, targets) of the citations, as indexes of documents.

    A document cites earlier ones, few of them very often (Zipf, exponent 0.8); one in five neither cites nor is cited.
    """
    alone = chance.random(documents) < 0.2
    linked = np.flatnonzero(~alone)
    weight = 1.0 / np.arange(1, len(linked) + 1) ** 0.8
    targets = chance.choice(linked, size=int(citations * 1.3), p=weight / weight.sum())
    sources = chance.choice(linked, size=len(targets))
    earlier = targets < sources
    sources, targets = sources[earlier], targets[earlier]
    while len(sources) < citations:  # filled up with any earlier document
        more = chance.choice(linked, size=citations)
        other = (more * chance.random(citations) ** 2).astype(np.int64)
        fit = (other < more) & ~alone[other]
        sources, targets = np.concatenate([sources, more[fit]]), np.concatenate([targets, other[fit]])
    return sources[:citations], targets[:citations]


def make(folder: Path, documents: int, citations: int, seed: int = 30, store: Store = HERE) -> None:
    """Writes the rows of the library. store: where its tables are."""
    chance = np.random.default_rng(seed)
    sources, targets = drawn_edges(documents, citations, chance)
    order = np.lexsort((targets, sources))
    sources, targets = sources[order], targets[order]
    relations = chance.choice(["can_cu", "dan_chieu", "thuc_hien"], size=citations, p=[0.5, 0.35, 0.15])
    with Library.open(folder, create=True, facts=False, store=store) as library, library.database.write() as connection:
        _write_documents(connection, documents)
        ordinals = np.arange(citations) - np.searchsorted(sources, sources)
        for at in range(0, citations, _BATCH):
            part = slice(at, at + _BATCH)
            rows = zip(sources[part] + 1, targets[part] + 1, ordinals[part], relations[part], strict=True)
            connection.execute(insert(mentions), [_mention(*row) for row in rows])
        connection.execute(update(counter).values(value=documents))


def _write_documents(connection: Connection, documents: int) -> None:
    """One node for each document, and one settled claim that means it."""
    node_rows = [
        {
            "id": at + 1,
            "doc_key": f"QĐ|{at}",
            "held": True,
            "restricted": False,
            "unsure": False,
            "date": f"{2000 + at * 25 // documents}-{at % 12 + 1:02d}-{at % 28 + 1:02d}",
            "issuer_key": _ISSUERS[at % len(_ISSUERS)],
            "number_key": str(at),
            "facts": {},
        }
        for at in range(documents)
    ]
    claim_rows = [
        {
            "id": at + 1,
            "sig": str(at),
            "facts": {},
            "target_id": at + 1,
            "state": "settled",
            "votes": 1,
            "method": "",
            "confidence": 1.0,
            "conflicts": [],
            "candidates": [],
        }
        for at in range(documents)
    ]
    connection.execute(insert(nodes), node_rows)
    connection.execute(insert(claims), claim_rows)


def _mention(source: int, target: int, ordinal: int, drawn: str) -> dict[str, Any]:
    relation = str(drawn)
    return {
        "source_id": int(source),
        "claim_id": int(target),
        "ordinal": int(ordinal),
        "citation": {"pinpoints": [_PROVISION]} if ordinal % _NAMING == 0 else {},
        "relation": relation,
        "legal": relation == "can_cu",
        "wide": relation != "dan_chieu",
    }


def milliseconds(calls: Iterable[Callable[[], Any]]) -> dict[str, float]:
    """Milliseconds of the calls: p50, p95 and the worst."""
    return summary([timed(call)[0] for call in calls])


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Times in milliseconds: p50, p95 and the worst."""
    took = [one * 1000 for one in seconds]
    return {
        "n": len(took),
        "p50": round(float(np.percentile(took, 50)), 2),
        "p95": round(float(np.percentile(took, 95)), 2),
        "max": round(max(took), 2),
    }


def peak_kilobytes() -> int:
    """The peak memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def run(folder: Path) -> dict[str, Any]:
    """Builds the graph of the library and asks it."""
    with Library.open(folder, facts=False) as library:
        before = peak_kilobytes()
        built, graph = timed(lambda: Graph(library.view()).refresh())
        grown = peak_kilobytes() - before
        questions = _questions(graph)
        with library.database.write() as connection:
            connection.execute(update(counter).values(value=counter.c.value + 1))
        refreshed, _ = timed(graph.refresh)
        return {
            "documents": len(graph.ids()),
            "edges": len(graph.adjacency.src),
            "build_s": round(built, 2),
            "build_peak_mb": round(grown / 1024),
            "arrays_mb": round(graph.memory() / 1e6),
            "refresh_after_one_change_s": round(refreshed, 3),
            **{name: milliseconds(calls) for name, calls in questions.items()},
        }


def _questions(graph: Graph) -> dict[str, list[Callable[[], Any]]]:
    """The questions of each kind."""
    ids = graph.ids()
    chance = random.Random(8)
    hubs = [id for id, _ in graph.most_cited(20)]
    some = chance.sample(ids, min(100, len(ids))) + hubs
    legal = Filter(reach="legal")
    pairs = [(chance.choice(ids), chance.choice(ids)) for _ in range(400)]
    joined = [pair for pair in pairs if graph.path(*pair) is not None][:50]
    apart = [pair for pair in pairs if graph.path(*pair) is None][:50]
    return {
        "basis_tree_depth_5": [partial(graph.tree, id, depth=5, within=legal) for id in some],
        "cited_by_first_page": [partial(graph.cited_by, id, limit=50) for id in some],
        "impact_first_200": [partial(graph.impact, id, limit=200) for id in some],
        "impact_full_of_top_hub": [partial(graph.impact, hubs[0], limit=None)] * 3,
        "path_joined": [partial(graph.path, *pair) for pair in joined],
        "path_unconnected": [partial(graph.path, *pair) for pair in apart],
        "path_all": [partial(graph.path, *pair) for pair in joined + apart],
    }


def main() -> None:
    """Makes or opens the library and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--citations", type=int, default=1_000_000)
    parser.add_argument("--library", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        folder = chosen.library or Path(spare) / "library"
        if not (folder / "library.db").exists():
            # In a process of its own, so the peak memory of this one is the graph's.
            maker = multiprocessing.get_context("spawn").Process(
                target=make, args=(folder, chosen.documents, chosen.citations)
            )
            maker.start()
            maker.join()
        print(json.dumps(run(folder), indent=1))


if __name__ == "__main__":
    main()
