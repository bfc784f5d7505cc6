"""The five seed documents, whole: every citation, its fields, its zone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from corpus.model import Citation
from tests.ingest.citations.support import cited
from tests.paths import SHARED

GOLD = SHARED / "gold" / "seeds.json"
DOCUMENTS = json.loads(GOLD.read_text(encoding="utf-8"))["documents"] if GOLD.exists() else []


def _citations(file: str) -> list[Citation]:
    return cited((SHARED / "documents" / "seeds" / file).read_text(encoding="utf-8"))


@pytest.mark.skipif(not DOCUMENTS, reason="the shared folder is not here")
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d["file"][:3])
def test_every_citation_of_a_seed(document: dict[str, Any]) -> None:
    found = _citations(document["file"])
    gold = document["citations"]
    assert [(c.start, c.end) for c in found] == [(g["start"], g["end"]) for g in gold]
    for citation, want in zip(found, gold, strict=True):
        assert "".join(citation.text.split()) == "".join(want["raw"].split())
        assert citation.so_ky_hieu == want["so_ky_hieu"]
        assert citation.doc_type == want["doc_type"]
        assert citation.date == want["date"]
        assert citation.relation in (want["relation"], *want.get("relation_alt", []))
        assert citation.is_legal_basis == want["is_legal_basis"]
