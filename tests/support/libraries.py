"""Records made by hand for tests of the store: a document is written as a few words, its citations likewise."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from corpus.library import Library
from corpus.model import Citation, Evidence, Record
from corpus.so_ky_hieu import parse
from corpus.vocabulary import Relation, Zone
from tests.paths import SHARED

#: Issuers that many made documents have.
TTG = "Thủ tướng Chính phủ"
TINH = "UBND tỉnh Thanh Hóa"


def cite(so_ky_hieu: str | None, date: str | None = None, issuer: str | None = None, **more: Any) -> dict[str, Any]:
    return {"so_ky_hieu": so_ky_hieu, "date": date, "issuer": issuer, **more}


def citation(**values: Any) -> Citation:
    """A Citation whose relation and zone may be given as their stored values."""
    made = Citation(**values)
    made.relation, made.zone = Relation(made.relation), Zone(made.zone)
    return made


def record(
    so_ky_hieu: str | None,
    date: str | None = None,
    issuer: str | None = None,
    cites: list[dict[str, Any]] | None = None,
    *,
    path: str | None = None,
    review: tuple[str, ...] = (),
    **more: Any,
) -> Record:
    """A Record whose text is its citations, one a line, with true offsets."""
    printed = parse(so_ky_hieu) if so_ky_hieu else None
    doc_type = more.pop("doc_type", printed.doc_type if printed else None)
    text = f"{so_ky_hieu or ''} {date or ''} {issuer or ''} {more.get('title') or ''}\n\n"
    citations = []
    for said in cites or []:
        said = dict(said)
        number = parse(said["so_ky_hieu"]) if said["so_ky_hieu"] else None
        kind = said.pop("doc_type", number.doc_type if number else None)
        words = [kind, "số" if number else said.get("number"), said["so_ky_hieu"], said["date"], said["issuer"]]
        line = " ".join(w for w in words if w)
        at = len(text) + len("Căn cứ ")
        text += f"Căn cứ {line};\n\n"
        citations.append(
            citation(
                **{
                    "text": line,
                    "start": at,
                    "end": at + len(line),
                    "doc_type": kind,
                    "number": number.number if number else None,
                    "symbol": number.symbol if number else None,
                    "relation": "can_cu",
                    "is_legal_basis": True,
                    "zone": "preamble",
                    "page": 1,
                    **said,
                }
            )
        )
    sha = hashlib.sha256(json.dumps([so_ky_hieu, date, issuer, text, sorted(more.items())]).encode()).hexdigest()
    return Record(
        path=path or f"{sha[:8]}.txt",
        sha256=sha,
        pages=1,
        source="text",
        text=text,
        kind=more.pop("kind", "administrative"),
        doc_type=doc_type,
        number=printed.number if printed else None,
        symbol=more.pop("symbol", printed.symbol if printed else None),
        so_ky_hieu=so_ky_hieu,
        date=date,
        issuer=issuer,
        fields={name: Evidence(0.5, needs_review=True) for name in review},
        citations=citations,
        **more,
    )


def seeds() -> list[Record]:
    """The five seed documents as their gold says them (empty where the shared folder is absent)."""
    gold = SHARED / "gold" / "seeds.json"
    if not gold.exists():
        return []
    found = []
    for document in json.loads(gold.read_text(encoding="utf-8"))["documents"]:
        raw = (SHARED / "documents" / "seeds" / document["file"]).read_bytes()
        import unicodedata

        text = unicodedata.normalize("NFC", raw.decode("utf-8"))
        citations = []
        for said in document["citations"]:
            number = parse(said["so_ky_hieu"]) if said["so_ky_hieu"] else None
            citations.append(
                Citation(
                    text=text[said["start"] : said["end"]],
                    start=said["start"],
                    end=said["end"],
                    doc_type=said["doc_type"],
                    number=number.number if number else said["raw"].rsplit(" ", 1)[-1],
                    symbol=number.symbol if number else None,
                    so_ky_hieu=said["so_ky_hieu"],
                    date=said["date"],
                    issuer=said["issuer"],
                    title=said["title"],
                    relation=Relation(said["relation"]),
                    is_legal_basis=said["is_legal_basis"],
                    zone=Zone.PREAMBLE if said["relation"] in {"can_cu", "theo_de_nghi"} else Zone.BODY,
                    page=1,
                )
            )
        known = {
            name: document.get(name)
            for name in (
                "doc_type",
                "so_ky_hieu",
                "symbol",
                "date",
                "issuer",
                "parent_agency",
                "place",
                "title",
                "signer",
            )
        }
        found.append(
            Record(
                path=document["file"],
                sha256=hashlib.sha256(raw).hexdigest(),
                pages=1,
                source="text",
                text=text,
                kind=document["kind"],
                citations=citations,
                **known,
            )
        )
    return found


def library_citing_two(library: Library) -> list[int]:
    """Three plans that cite 490/QĐ-TTg as their basis, the first with another date; two mention 5/QĐ-UBND. Their ids."""
    ids = []
    for at in (1, 2, 3):
        date = "2018-07-05" if at == 1 else "2018-05-07"
        cites = [cite("490/QĐ-TTg", date, TTG, title="phê duyệt Chương trình")]
        if at != 3:
            mention = {"is_legal_basis": False, "relation": "dan_chieu", "zone": "body"}
            cites.append(cite("5/QĐ-UBND", "2020-01-01", TINH, **mention))
        ids.append(library.intake.add(record(f"{at}/KH-UBND", "2024-01-01", TINH, cites)).id)
    return ids
