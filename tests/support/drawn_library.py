"""A library whose rows are drawn by chance: every kind of document, mention and fact edge, hubs, and what is hidden."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from corpus.graph.links import RELATIONS
from corpus.law import known_documents
from corpus.library import Library
from corpus.library.schema import claims, counter, mentions, nodes

_DATES = (None, "2019", "2021-05", "2021-05-20", "2022-01-01", "2022-08-01", "2024-12-31")
_ISSUERS = (None, "ttg", "ubnd:tinh:thanh-hoa", "ubnd:tinh:nghe-an", "ubnd:tinh:ca-mau")
_STATES = ("settled", "inferred")
#: Documents, and mentions.
DOCUMENTS, MENTIONS = 60, 320


def draw(folder: Path, seed: int) -> None:
    """Make the library of *seed* in *folder*."""
    chance = random.Random(seed)
    with Library.open(folder, create=True) as library, library.database.write() as connection:
        connection.execute(insert(nodes), _documents(chance))
        some = chance.sample(range(1, DOCUMENTS + 1), 4)
        for one, head in zip(some[:2], some[2:], strict=True):
            connection.execute(update(nodes).where(nodes.c.id == one).values(merged_into=head))
        connection.execute(insert(claims), _claims(chance))
        connection.execute(insert(mentions), _mentions(chance))
        connection.execute(update(counter).values(value=DOCUMENTS))


def _documents(chance: random.Random) -> list[dict[str, Any]]:
    keys = [key for edge in known_documents.edges() for key in (edge.source, edge.target)]
    made: list[dict[str, Any]] = []
    for id in range(1, DOCUMENTS + 1):
        held = chance.random() < 0.6
        names = f"sửa đổi, bổ sung một số điều của Quyết định số {chance.randint(1, 12)}/QĐ-UBND"
        made.append(
            {
                "id": id,
                "doc_key": f"k{id:03}",
                "held": held,
                "restricted": chance.random() < 0.1,
                "unsure": False,
                "date": chance.choice(_DATES),
                "issuer_key": chance.choice(_ISSUERS),
                "number_key": str(chance.randint(1, 40)),
                "sym_key": "QDUBND",
                "title": names if chance.random() < 0.3 else "về việc khác",
                "known": chance.choice(keys) if chance.random() < 0.3 else None,
                "facts": {},
            }
        )
    return made


def _claims(chance: random.Random) -> list[dict[str, Any]]:
    """Some claims of one document, and some of none."""
    return [
        {
            "id": id,
            "sig": str(id),
            "facts": {},
            "target_id": int(DOCUMENTS * chance.random() ** 2) + 1 if chance.random() < 0.95 else None,
            "state": chance.choice(_STATES),
            "votes": 1,
            "method": "",
            "confidence": 1.0,
            "conflicts": [],
            "candidates": [],
        }
        for id in range(1, 2 * DOCUMENTS + 1)
    ]


def _mentions(chance: random.Random) -> list[dict[str, Any]]:
    ordinals = dict.fromkeys(range(1, DOCUMENTS + 1), 0)
    made: list[dict[str, Any]] = []
    for _ in range(MENTIONS):
        source = chance.randint(1, DOCUMENTS)
        ordinals[source] += chance.randint(1, 2)
        legal = chance.random() < 0.4
        made.append(
            {
                "source_id": source,
                "ordinal": ordinals[source],
                "claim_id": chance.randint(1, 2 * DOCUMENTS) if chance.random() < 0.95 else None,
                "citation": {},
                "relation": "can_cu" if legal and chance.random() < 0.8 else chance.choice(RELATIONS),
                "legal": legal,
                "wide": chance.random() < 0.3,
            }
        )
    return made
