"""The table with whole offices left out judges each office by a threshold chosen from the others."""

from __future__ import annotations

from typing import Any

from tools import left_out


def _pair(office: str, number: int, confidence: float, *, right: bool = True) -> Any:
    value = f"{number}/QĐ-UBND"
    label = {"file": f"{office}-{number}.pdf", "issuer": office, "so_ky_hieu": value if right else f"1{value}"}
    seen = {"confidence": confidence, "needs_review": confidence < left_out.SHIPPED["so_ky_hieu"]}
    return label, {"source": "ocr", "so_ky_hieu": value, "fields": {"so_ky_hieu": seen}}


def test_an_office_is_judged_without_its_own_values() -> None:
    others = [_pair(f"UBND xã {n % 9}", n, 0.9 + n / 1000) for n in range(90)]
    others += [_pair(f"UBND xã {n % 9}", n + 100, 0.3, right=False) for n in range(9)]
    wrong = _pair("UBND xã Khác", 7, left_out.SHIPPED["so_ky_hieu"] - 0.05, right=False)
    of = left_out.side_by_side(left_out.judged([*others, wrong]))["so_ky_hieu"]
    assert (of.values, of.right, of.silent, of.flagged_right) == (100, 90, 0, 0)
    assert of.left_out_silent <= 1
    assert of.left_out_flagged_right == 0
    assert "left out" in left_out.printed({"so_ky_hieu": of})


def test_what_a_rule_flags_stays_flagged() -> None:
    label, record = _pair("UBND xã Khác", 7, 0.95)
    record["fields"]["so_ky_hieu"]["needs_review"] = True
    (value,) = left_out.judged([(label, record)])["so_ky_hieu"]
    assert value.by_rule
    assert left_out.side_by_side({"so_ky_hieu": [value]})["so_ky_hieu"].left_out_flagged_right == 1
