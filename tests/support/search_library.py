"""A library for the search tests: any Indexed documents, and the five seed documents with what they cite."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import agencies, areas
from corpus.errors import NotFound
from corpus.fold import nfc
from corpus.library.indexed import Indexed
from corpus.so_ky_hieu import parse
from corpus.vocabulary import Effect
from tests.paths import SHARED


@dataclass(frozen=True)
class Change:
    seq: int
    id: int
    kind: str


class Library:
    """A source of documents held in memory, with a list of changes like the store's."""

    def __init__(self, documents: list[Indexed] | None = None) -> None:
        self.documents: dict[int, Indexed] = {}
        self.log: list[Change] = []
        for found in documents or []:
            self.put(found)

    def put(self, found: Indexed) -> None:
        self.documents[found.id] = found
        self.log.append(Change(len(self.log) + 1, found.id, "put"))

    def delete(self, id_: int) -> None:
        del self.documents[id_]
        self.log.append(Change(len(self.log) + 1, id_, "delete"))

    def changes(self, since: int = 0) -> list[Change]:
        last = {change.id: change for change in self.log}
        return [change for change in self.log if change.seq > since and last[change.id] is change]

    def sequence(self) -> int:
        return len(self.log)

    def indexed_some(self, ids: Sequence[int]) -> dict[int, Indexed]:
        return {id: self.documents[id] for id in ids if id in self.documents}

    def indexed(self, id: int) -> Indexed:
        if id not in self.documents:
            raise NotFound("không có", "")
        return self.documents[id]


def numbered(found: Indexed) -> Indexed:
    """Fills the keys that follow from the số ký hiệu and the issuer."""
    parsed = parse(found.so_ky_hieu) if found.so_ky_hieu else None
    if parsed:
        found.number, found.symbol = parsed.number, parsed.symbol
        found.number_key, found.sym_key = parsed.number_key, parsed.sym_key
    if found.issuer and not found.issuer_key:
        found.issuer_key = agencies.issuer_key(found.issuer, symbol=found.symbol)
    found.level = found.level or agencies.level(found.issuer_key)
    province = agencies.province(found.issuer_key)
    if province and not found.province_then:
        found.province_then, found.province_now = province, areas.now(province)
    return found


# What the gold says nothing of: the province of each seed's issuer, and the level.
_PLACES = {0: ("quang-ngai", "huyen"), 2: ("quang-ngai", "huyen"), 3: ("dong-thap", "tinh"), 4: ("thanh-hoa", "tinh")}


def seeds() -> list[Indexed]:
    """The five seeds as ids 0 to 4, and a stub from 10 on for each document they cite by its number."""
    gold = json.loads((SHARED / "gold" / "seeds.json").read_text("utf-8"))
    held: list[Indexed] = []
    stubs: dict[tuple[str, str], Indexed] = {}
    for id_, item in enumerate(gold["documents"]):
        text = nfc((SHARED / "documents" / "seeds" / item["file"]).read_text("utf-8"))
        place, level = _PLACES.get(id_, (None, None))
        found = numbered(
            Indexed(
                id_, True, kind=item["kind"], doc_type=item.get("doc_type"), symbol=item["symbol"],
                date=item.get("date"), date_inferred="2022" if id_ == 3 else None, issuer=item.get("issuer"),
                level=level, province_then=place, province_now=areas.now(place) if place else None,
                place=item.get("place"), title=item.get("title"), signer=item["signer"],
                recipients=item["recipients"], text=text, page_starts=[0],
            )
        )  # fmt: skip
        held.append(found)
        for cited in item["citations"]:
            if not cited["so_ky_hieu"]:
                continue
            issuer = cited["issuer_resolved"] or cited["issuer"]
            key = (cited["so_ky_hieu"], issuer)
            if key not in stubs:
                stubs[key] = numbered(
                    Indexed(
                        10 + len(stubs), False, kind="administrative", doc_type=cited["doc_type"],
                        so_ky_hieu=cited["so_ky_hieu"], date=cited["date"], issuer=issuer, title=cited["title"],
                        status=Effect.PERIOD_OVER if cited["so_ky_hieu"] == "490/QĐ-TTg" else Effect.UNKNOWN,
                    )
                )  # fmt: skip
            stub = stubs[key]
            stub.cited_by += 1
            found.cites.append(stub.id)
            if cited["is_legal_basis"]:
                found.basis.append(stub.id)
    return [*held, *stubs.values()]
