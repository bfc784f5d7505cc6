"""The gains and losses report: what changed sides, and nothing else."""

from __future__ import annotations

from tests.report import Judged, compare, judge


def test_what_changed_sides_is_listed() -> None:
    old: Judged = {
        ("a", "citation 1/QDTTG"): (True, "x"),
        ("a", "invented 2/NDCP"): (False, "y"),
        ("a", "f"): (True, ""),
    }
    new: Judged = {
        ("a", "citation 1/QDTTG"): (False, "x"),
        ("a", "f"): (True, ""),
        ("b", "invented 3/KH"): (False, "z"),
    }
    won, lost = compare(old, new)
    assert won == ["a: invented 2/NDCP: y"]
    assert lost == ["a: citation 1/QDTTG: x", "b: invented 3/KH: z"]


def test_a_document_is_judged_by_number_not_spelling() -> None:
    gold = {
        "so_ky_hieu": "5/KH-UBND",
        "citations": [{"so_ky_hieu": "490/QĐ-TTg", "raw": "Quyết định 490"}],
        "date": "2020",
    }
    record = {
        "so_ky_hieu": "05/KH-UBND",
        "date": None,
        "citations": [
            {"so_ky_hieu": "0490/QD-TTg", "page": 1, "zone": "body", "text": "a"},
            {"so_ky_hieu": "5/KH-UBND", "page": 1, "zone": "attachment", "text": "self"},
            {"so_ky_hieu": "7/QĐ-TTg", "page": 1, "zone": "body", "text": "b"},
        ],
    }
    assert {what: right for what, right, _ in judge(gold, record)} == {
        "citation 490/QDTTG": True,
        "invented 7/QDTTG": False,
        "field so_ky_hieu": False,
        "field date": False,
    }
