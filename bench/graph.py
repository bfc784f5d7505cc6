"""The graph at size: 100,000 documents, 1,000,000 citations, heavy-tailed.

``python -m bench.graph [--documents N] [--citations N] [--library FOLDER]`` makes the library (in a temporary folder
unless one is given), builds the graph and prints one JSON object: milliseconds by question, p50 and p95.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert, update

from corpus.graph.graph import Filter, Graph
from corpus.library import Library
from corpus.library.schema import claims, counter, mentions, nodes


def make(folder: Path, documents: int, citations: int, seed: int = 30) -> None:
    """Write the library's rows: a document cites earlier ones, few of them very often (Zipf), two days in five none."""
    chance = np.random.default_rng(seed)
    alone = chance.random(documents) < 0.2  # neither cites nor is cited
    linked = np.flatnonzero(~alone)
    weight = 1.0 / np.arange(1, len(linked) + 1) ** 0.8
    targets = chance.choice(linked, size=int(citations * 1.3), p=weight / weight.sum())
    sources = chance.choice(linked, size=len(targets))
    earlier = targets < sources
    sources, targets = sources[earlier], targets[earlier]
    while len(sources) < citations:  # top up with any earlier one
        more = chance.choice(linked, size=citations)
        other = (more * chance.random(citations) ** 2).astype(np.int64)
        fit = (other < more) & ~alone[other]
        sources, targets = np.concatenate([sources, more[fit]]), np.concatenate([targets, other[fit]])
    sources, targets = sources[:citations] + 1, targets[:citations] + 1
    order = np.lexsort((targets, sources))
    sources, targets = sources[order], targets[order]
    relations = chance.choice(["can_cu", "dan_chieu", "thuc_hien"], size=citations, p=[0.5, 0.35, 0.15])
    with Library.open(folder, create=True, facts=False) as library, library.database.write() as connection:
        issuers = [
            "ttg",
            "cp",
            *(f"ubnd:tinh:{p}" for p in ("thanh-hoa", "nghe-an", "ha-tinh", "quang-ngai", "ca-mau")),
        ]
        rows = [
            {
                "id": at + 1, "doc_key": f"QĐ|{at}", "held": True, "restricted": False, "unsure": False,
                "date": f"{2000 + at * 25 // documents}-{at % 12 + 1:02d}-{at % 28 + 1:02d}",
                "issuer_key": issuers[at % len(issuers)], "number_key": str(at), "facts": {},
            }
            for at in range(documents)
        ]  # fmt: skip
        connection.execute(insert(nodes), rows)
        said = [
            {
                "id": at + 1, "sig": str(at), "facts": {}, "target_id": at + 1, "state": "settled", "votes": 1,
                "method": "", "confidence": 1.0, "conflicts": [], "candidates": [],
            }
            for at in range(documents)
        ]  # fmt: skip
        connection.execute(insert(claims), said)
        ordinal = np.arange(citations) - np.searchsorted(sources, sources)
        for at in range(0, citations, 100_000):
            connection.execute(
                insert(mentions),
                [
                    {
                        "source_id": int(s), "claim_id": int(t), "ordinal": int(o), "citation": {}, "relation": str(r),
                        "legal": r == "can_cu", "wide": r != "dan_chieu",
                    }
                    for s, t, o, r in zip(
                        sources[at : at + 100_000], targets[at : at + 100_000], ordinal[at : at + 100_000],
                        relations[at : at + 100_000], strict=True,
                    )
                ],
            )  # fmt: skip
        connection.execute(update(counter).values(value=documents))


def timed(calls: list[Callable[[], Any]]) -> dict[str, float]:
    """Milliseconds of each call: p50, p95, worst."""
    took = []
    for call in calls:
        start = time.perf_counter()
        call()
        took.append((time.perf_counter() - start) * 1000)
    return {
        "n": len(took),
        "p50": round(float(np.percentile(took, 50)), 2),
        "p95": round(float(np.percentile(took, 95)), 2),
        "max": round(max(took), 2),
    }


def run(folder: Path) -> dict[str, Any]:
    """Build the graph of the library and ask it; the figures as a dictionary."""
    with Library.open(folder, facts=False) as library:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        graph = Graph(library.view()).refresh()
        built = time.perf_counter() - start
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        ids = graph.ids()
        chance = random.Random(8)
        hubs = [id for id, _ in graph.most_cited(20)]
        some = chance.sample(ids, min(100, len(ids))) + hubs
        legal = Filter(reach="legal")
        pairs = [(chance.choice(ids), chance.choice(ids)) for _ in range(400)]
        joined = [p for p in pairs if graph.path(*p) is not None][:50]
        apart = [p for p in pairs if graph.path(*p) is None][:50]
        with library.database.write() as connection:
            connection.execute(update(counter).values(value=counter.c.value + 1))
        start = time.perf_counter()
        graph.refresh()
        refreshed = time.perf_counter() - start
        return {
            "documents": len(ids),
            "edges": len(graph.view.src),
            "build_s": round(built, 2),
            "build_peak_mb": round(grown / 1024),
            "arrays_mb": round(graph.memory() / 1e6),
            "refresh_after_one_change_s": round(refreshed, 3),
            "basis_tree_depth_5": timed([lambda i=i: graph.tree(i, depth=5, within=legal) for i in some]),  # type: ignore[misc]
            "cited_by_first_page": timed([lambda i=i: graph.cited_by(i, limit=50) for i in some]),  # type: ignore[misc]
            "impact_first_200": timed([lambda i=i: graph.impact(i, limit=200) for i in some]),  # type: ignore[misc]
            "impact_full_of_top_hub": timed([lambda: graph.impact(hubs[0], limit=None)] * 3),
            "path_joined": timed([lambda p=p: graph.path(*p) for p in joined]),  # type: ignore[misc]
            "path_unconnected": timed([lambda p=p: graph.path(*p) for p in apart]),  # type: ignore[misc]
            "path_all": timed([lambda p=p: graph.path(*p) for p in joined + apart]),  # type: ignore[misc]
        }


def main() -> None:
    """Read the arguments, make or open the library, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--citations", type=int, default=1_000_000)
    parser.add_argument("--library", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        folder = chosen.library or Path(spare) / "library"
        if not (folder / "library.db").exists():
            # In a process of its own: the peak memory of this one is then the graph's.
            maker = multiprocessing.get_context("spawn").Process(
                target=make, args=(folder, chosen.documents, chosen.citations)
            )
            maker.start()
            maker.join()
        print(json.dumps(run(folder), indent=1))


if __name__ == "__main__":
    main()
