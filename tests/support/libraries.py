"""Records made by hand for tests of the library: a document in a few words, and its citations likewise."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from pathlib import Path
from typing import Any

from corpus.library import Library
from corpus.model import Citation, Evidence, Record
from corpus.so_ky_hieu import parse
from corpus.vocabulary import Relation, Zone
from tests.paths import ROOT, SHARED

#: Issuers that many made documents have.
TTG = "Thủ tướng Chính phủ"
TINH = "UBND tỉnh Thanh Hóa"
#: The phạm vi lưu hành of a restricted document.
INTERNAL = "LƯU HÀNH NỘI BỘ"
#: Libraries that earlier versions of the program made.
OLD_LIBRARIES = ROOT / "tests" / "fixtures" / "libraries"

_SEED_FIELDS = ("doc_type", "so_ky_hieu", "symbol", "date", "issuer", "parent_agency", "place", "title", "signer")


def cite(so_ky_hieu: str | None, date: str | None = None, issuer: str | None = None, **more: Any) -> dict[str, Any]:
    """A citation for :func:`record`; more: further values of :class:`corpus.model.Citation`."""
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
    """A Record whose text is its citations, one a line, with true offsets.

    cites: made by :func:`cite`; each is a legal basis unless it says otherwise. review: fields that need review.
    """
    printed = parse(so_ky_hieu) if so_ky_hieu else None
    doc_type = more.pop("doc_type", printed.doc_type if printed else None)
    text = f"{so_ky_hieu or ''} {date or ''} {issuer or ''} {more.get('title') or ''}\n\n"
    citations = []
    for values in cites or []:
        made, line = _citation_at(values, len(text) + len("Căn cứ "))
        citations.append(made)
        text += f"Căn cứ {line};\n\n"
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


def _citation_at(values: dict[str, Any], start: int) -> tuple[Citation, str]:
    """The citation of :func:`cite`'s *values* at an offset, and its words."""
    number = parse(values["so_ky_hieu"]) if values["so_ky_hieu"] else None
    doc_type = values.get("doc_type", number.doc_type if number else None)
    marker = "số" if number else values.get("number")
    words = [doc_type, marker, values["so_ky_hieu"], values["date"], values["issuer"]]
    line = " ".join(word for word in words if word)
    usual: dict[str, Any] = {
        "text": line,
        "start": start,
        "end": start + len(line),
        "number": number.number if number else None,
        "symbol": number.symbol if number else None,
        "relation": "can_cu",
        "is_legal_basis": True,
        "zone": "preamble",
        "page": 1,
    }
    return citation(**{**usual, **values, "doc_type": doc_type}), line


def with_originals(records: list[Record], folder: Path) -> list[tuple[Record, Path]]:
    """*records* with files of their texts in *folder*, as :meth:`corpus.library.intake.Intake.add` takes them."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for each in records:
        file = folder / f"{each.sha256[:12]}.txt"
        file.write_text(each.text, encoding="utf-8")
        each.sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        each.path = str(file)
        made.append((each, file))
    return made


def connected_records() -> list[Record]:
    """Eleven documents that cite one another in every way that resolution knows; the last one is restricted."""
    law = {"doc_type": "Luật", "title": "Chăn bò"}
    return [
        record("490/QĐ-TTg", "2018-05-07", TTG, title="phê duyệt Chương trình mỗi xã một sản phẩm"),
        record("148/QĐ-TTg", "2023-02-24", TTG, [cite("1048/QĐ-TTg", "2019-08-21", TTG, relation="thay_the")]),
        record(
            "134/KH-UBND",
            "2019-06-11",
            TINH,
            [cite("490/QĐ-TTg", "2018-07-05", TTG), cite("5363/QĐ-UBND", "2018-12-28", "UBND tỉnh")],
        ),
        record(
            "77/KH-UBND",
            "2020-03-16",
            TINH,
            [cite("490/QĐ-TTg"), cite("134/KH-UBND", "2019-06-11", "UBND tỉnh"), cite("5363/QĐ-UBND")],
        ),
        record(
            "12/KH-UBND",
            "2024-05-01",
            "UBND huyện Như Xuân",
            [
                cite("148/QĐ-TTg", "2023-02-24"),
                cite("81/KH-UBND", None),
                cite("4464/QĐ-VPĐP", "2020-11-06", "Bộ NN&PTNT"),
            ],
            parent_agency_inferred=TINH,
        ),
        record(
            "81/KH-UBND",
            "2022-03-14",
            "UBND tỉnh Đồng Tháp",
            [cite("4464/QĐ-BNN-VPĐP", "2020-11-06"), cite("148/QĐ-TTg", "2025-01-16", TTG)],
        ),
        record("81/KH-UBND", "2022-04-02", TINH, [cite("490/QĐ-TTg", None, TTG), cite("12/QĐ-ABC", "2021-01-01")]),
        record(
            "9/QĐ-UBND", None, TINH, [cite(None, "2015-06-19", None, **law), cite("7/2015/QH13", "2015-06-19", **law)]
        ),
        record(
            "10/QĐ-UBND", "2025-01-01", TINH, [cite(None, None, None, **law), cite("9/QĐ-UBND", "2020-01-02", TINH)]
        ),
        record(None, "2024", TINH, [cite("490/QĐ-TTg", "2018-05-07", TTG)], symbol="KH-UBND", title="Tổng kết"),
        record(
            None,
            "2024",
            TINH,
            [cite("490/QĐ-TTg", "2018-05-07", TTG), cite("33/KH-UBND", "2020-01-01", TINH)],
            circulation=INTERNAL,
        ),
    ]


def dump_of(folder: Path, records: list[Record], *, facts: bool = False) -> list[str]:
    """The dump, restricted documents included, of a new library that takes *records* in, in this order."""
    with Library.open(folder, create=True, facts=facts) as library:
        for each in records:
            library.intake.add(each)
        return list(library.view(restricted=True).dump())


def seeds() -> list[Record]:
    """The five seed documents as they are labelled; empty where the shared folder is absent."""
    labels = SHARED / "gold" / "seeds.json"
    if not labels.exists():
        return []
    return [_labelled(label) for label in json.loads(labels.read_text(encoding="utf-8"))["documents"]]


def _labelled(label: dict[str, Any]) -> Record:
    raw = (SHARED / "documents" / "seeds" / label["file"]).read_bytes()
    text = unicodedata.normalize("NFC", raw.decode("utf-8"))
    citations = []
    for values in label["citations"]:
        number = parse(values["so_ky_hieu"]) if values["so_ky_hieu"] else None
        before_operative_part = values["relation"] in {"can_cu", "theo_de_nghi"}
        citations.append(
            Citation(
                text=text[values["start"] : values["end"]],
                start=values["start"],
                end=values["end"],
                doc_type=values["doc_type"],
                number=number.number if number else values["raw"].rsplit(" ", 1)[-1],
                symbol=number.symbol if number else None,
                so_ky_hieu=values["so_ky_hieu"],
                date=values["date"],
                issuer=values["issuer"],
                title=values["title"],
                relation=Relation(values["relation"]),
                is_legal_basis=values["is_legal_basis"],
                zone=Zone.PREAMBLE if before_operative_part else Zone.BODY,
                page=1,
            )
        )
    fields: dict[str, Any] = {name: label.get(name) for name in _SEED_FIELDS}
    return Record(
        path=label["file"],
        sha256=hashlib.sha256(raw).hexdigest(),
        pages=1,
        source="text",
        text=text,
        kind=label["kind"],
        citations=citations,
        **fields,
    )


def library_citing_two(library: Library) -> list[int]:
    """Take in three plans that cite 490/QĐ-TTg as their basis, the first with another date; their ids.

    The first two mention 5/QĐ-UBND in their text as well.
    """
    ids = []
    for at in (1, 2, 3):
        date = "2018-07-05" if at == 1 else "2018-05-07"
        cites = [cite("490/QĐ-TTg", date, TTG, title="phê duyệt Chương trình")]
        if at != 3:
            mention = {"is_legal_basis": False, "relation": "dan_chieu", "zone": "body"}
            cites.append(cite("5/QĐ-UBND", "2020-01-01", TINH, **mention))
        ids.append(library.intake.add(record(f"{at}/KH-UBND", "2024-01-01", TINH, cites)).id)
    return ids
