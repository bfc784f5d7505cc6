"""An example of every answer of the API, for its description; a test holds each against a real answer."""

from __future__ import annotations

from typing import Any

_SUMMARY = {
    "id": 12, "key": "QĐ|919|QDTTG|ttg|2022", "held": True, "name": "Quyết định 919/QĐ-TTg", "doc_type": "Quyết định",
    "so_ky_hieu": "919/QĐ-TTg", "date": "2022-08-01", "issuer": "Thủ tướng Chính phủ",
    "title": "phê duyệt Chương trình mỗi xã một sản phẩm giai đoạn 2021-2025", "unsure": False, "url": "/van-ban/12",
}  # fmt: skip
_PLAN = {
    "id": 7, "key": "KH|45|KHUBND|ubnd:tinh:thanh-hoa|2024", "held": True, "name": "Kế hoạch 45/KH-UBND",
    "doc_type": "Kế hoạch", "so_ky_hieu": "45/KH-UBND", "date": "2024-03-12", "issuer": "Ủy ban nhân dân tỉnh Thanh Hóa",
    "title": "Triển khai Chương trình mỗi xã một sản phẩm năm 2024", "unsure": False, "url": "/van-ban/7",
}  # fmt: skip
_MENTION = {
    "text": "Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ", "start": 412, "end": 476,
    "doc_type": "Quyết định", "number": "919", "symbol": "QĐ-TTg", "so_ky_hieu": "919/QĐ-TTg", "date": "2022-08-01",
    "issuer": "Thủ tướng Chính phủ", "issuer_resolved": "Thủ tướng Chính phủ", "title": None, "relation": "can_cu",
    "is_legal_basis": True, "zone": "preamble", "part": 0, "page": 1, "confidence": 0.97, "needs_review": False,
    "target": "QĐ|919|QDTTG|ttg|2022", "ordinal": 0, "source_id": 7, "target_id": 12, "state": "settled",
    "method": "key", "reading_confidence": 0.97,
    "sentence": "Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ", "conflicts": [], "candidates": [],
}  # fmt: skip
_LINK = {
    "relation": "can_cu", "is_legal_basis": True, "wide_basis": True, "inferred": False, "fact": False, "sure": True,
}  # fmt: skip
_EDGE = {
    "document": _SUMMARY, "relation": "can_cu", "is_legal_basis": True, "wide_basis": True, "inferred": False,
    "confidence": 0.97, "mentions": [_MENTION],
}  # fmt: skip
_EFFECT = {
    "state": "het_giai_doan", "words": "hết giai đoạn", "spent": True, "on": "2026-06-01",
    "proofs": [
        {
            "state": "het_giai_doan", "words": "hết giai đoạn", "since": "2026-01-01", "until": None, "by": None,
            "sentence": "giai đoạn 2021-2025", "quote": "giai đoạn 2021-2025", "page": None, "origin": "giai_doan",
            "origin_words": "giai đoạn ghi trong trích yếu", "certainty": None, "checked_on": None, "sure": True,
        }
    ],
    "hints": [],
}  # fmt: skip
_HIT = {
    "id": 7, "url": "/van-ban/7", "held": True, "kind": "administrative", "doc_type": "Kế hoạch",
    "so_ky_hieu": "45/KH-UBND", "number": "45", "date": "2024-03-12", "date_inferred": None,
    "issuer": "Ủy ban nhân dân tỉnh Thanh Hóa", "title": "Triển khai Chương trình mỗi xã một sản phẩm năm 2024",
    "title_highlights": [[10, 22]], "status": "khong_ro", "unsure": False, "cited_by": 3, "tier": "chinh_xac",
    "possible_date": False, "other_day": False,
    "snippets": [
        {
            "at": ["640-648"], "page": 1, "start": 622, "end": 700, "text": "1. Tổ chức tập huấn cho cán bộ cấp xã",
            "highlights": [[11, 19]],
        }
    ],
}  # fmt: skip

#: Route name → the ``data`` of its answer.
DATA: dict[str, Any] = {
    "search": {
        "query": "tập huấn", "total": 1, "page": 1, "pages": 1, "page_size": 20, "restored": None, "did_you_mean": None,
        "notes": [], "tiers": {"chinh_xac": 1}, "same_number": [], "hits": [_HIT],
        "facets": {"loai": [{"value": "Kế hoạch", "label": "Kế hoạch", "count": 1}]}, "took": 0.0123,
    },
    "documents": [_SUMMARY],
    "find": [_SUMMARY],
    "document": {
        **_PLAN,
        "issuer_today": None,
        "record": {
            "sha256": "9f2c…", "pages": 2, "source": "ocr", "text": "ỦY BAN NHÂN DÂN…", "kind": "administrative",
            "so_ky_hieu": "45/KH-UBND",
            "fields": {
                "so_ky_hieu": {
                    "confidence": 0.94, "needs_review": False, "inferred": False, "page": 1,
                    "bbox": [0.12, 0.09, 0.31, 0.11], "start": 61, "end": 71, "reasons": [], "checked": False,
                }
            },
        },
        "sha256": "9f2c…", "files": ["ke-hoach.pdf"], "reader_version": "1", "conflicts": {}, "merged": [], "copies": [],
    },
    "page_of": {"document": _PLAN, "page": 1, "pages": 2, "start": 0, "text": "ỦY BAN NHÂN DÂN…", "picture": "/van-ban/7/anh/1.png"},
    "cites": [_EDGE],
    "cited_by": [{**_EDGE, "document": _PLAN}],
    "mentions": [_MENTION],
    "tree": {"document": _PLAN, "children": [{"document": _SUMMARY, **_LINK, "repeated": False, "more": 0, "children": []}]},
    "path": {
        "start": _PLAN, "end": _SUMMARY, "directed": True,
        "steps": [{"document": _SUMMARY, "forward": True, **_LINK, "mention": _MENTION}],
    },
    "suggest": [
        {"text": "919/QĐ-TTg", "kind": "so_hieu", "note": "Thủ tướng Chính phủ, 2022", "id": 12, "url": "/van-ban/12"}
    ],
    "impact": {"direct": 1, "cut": False, "rows": [{"document": _PLAN, "step": 1}]},
    "graph": {
        "start": 7, "nodes": [_PLAN, _SUMMARY], "edges": [{"source": 7, "target": 12, **_LINK}], "cut": False,
    },
    "effect": {**_EFFECT, "bases": [{"id": 12, "at_signing": _EFFECT, "today": _EFFECT}]},
    "wanted": [
        {
            "document": {**_SUMMARY, "held": False}, "cited_by": 5, "basis_of": 4,
            "conflicts": {"date": {"2022-08-01": 4, "2022-08-10": 1}}, "inferred": False,
        }
    ],
    "disagreements": [
        {
            "document": _SUMMARY, "field": "date", "own": None,
            "sayings": [{"value": "2022-08-01", "documents": [_PLAN]}, {"value": "2022-08-10", "documents": [_PLAN]}],
        }
    ],
    "status": {
        "held": 30, "stubs": 58, "known": 40, "citations": 210, "failed": 1, "refused": 0, "duplicates": 0, "unsure": 9,
        "ambiguous": 2, "unresolved": 5, "sequence": 214, "index": {"engine": "whoosh", "documents": 88, "behind": 0},
    },
    "failures": [{"name": "quet-hong.pdf", "error": "Tệp PDF bị hỏng hoặc bị cắt, không mở được.", "verdict": "hong"}],
    "fields": [{"name": "loai", "help": 'loại văn bản: loai:"Kế hoạch"'}],
    "review_queue": [
        {
            "document": _PLAN, "field": "so_ky_hieu", "label": "Số, ký hiệu", "value": "140/QĐ-UBND",
            "shown": "140/QĐ-UBND", "reasons": ["viết tay"], "confidence": 42, "inferred": False, "crop": True, "page": 1,
            "unlocks": 3, "likely": [
                {
                    "value": "640/QĐ-UBND", "id": 31, "cited_by": 2, "url": "/van-ban/31",
                    "reason": "2 văn bản khác dẫn 640/QĐ-UBND cùng ngày, cùng cơ quan, mà kho chưa có văn bản ấy",
                }
            ],
        }
    ],
    "audit": [
        {
            "id": 3, "at": "2026-11-23T06:55:14+00:00", "when": "13:55 ngày 23/11/2026", "who": "lan",
            "action": "correct", "action_words": "sửa",
            "documents": [{"id": 7, "name": "Kế hoạch 45/KH-UBND", "url": "/van-ban/7"}], "field": "date",
            "label": "Ngày ban hành", "before": "02/3/2024", "after": "12/3/2024", "reason": "", "warning": "",
            "undone": False,
        }
    ],
    "uploads": [
        {
            "id": "f3kQ0x…", "who": "lan", "done": True, "error": None, "finished": 1, "total": 1,
            "files": [{"name": "ke-hoach.pdf", "outcome": "new", "message": "", "document": 7}], "url": "/nap/f3kQ0x…",
        }
    ],
}  # fmt: skip
DATA["upload"] = DATA["uploads"][0]

#: What is listed and can go on.
_NEXT = {"search": "/api/search?q=t%E1%BA%ADp+hu%E1%BA%A5n&trang=2", "documents": "/api/documents?after=12&limit=100"}


def of(name: str) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route: its good answer with an example."""
    value = {"ok": True, "data": DATA[name], "next": _NEXT.get(name)}
    return {200: {"content": {"application/json": {"example": value}}}}
