"""The table of what a library of labelled documents does about misreadings."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from corpus.model import Evidence
from tests.support.libraries import TINH, record
from tools import neighbours


def _read(number: str, date: str, signer: str | None) -> dict[str, Any]:
    made = record(number, date, TINH)
    made.signer = signer
    made.fields["signer"] = Evidence(0.9) if signer else Evidence(0.0, needs_review=True)
    data: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(made)))
    return data


def test_wrong_values_that_neighbours_doubt_are_counted(tmp_path: Path) -> None:
    entries = [("12/KH-UBND", "2024-01-15"), ("45/KH-UBND", "2024-02-20"), ("81/KH-UBND", "2024-04-02")]
    pairs: list[Any] = [
        ({"so_ky_hieu": n, "date": d, "signer": "Lê Minh Châu"}, _read(n, d, "Lê Minh Châu")) for n, d in entries
    ]
    label = {"so_ky_hieu": "142/KH-UBND", "date": "2024-07-11", "signer": "Lê Minh Châu"}
    pairs.append((label, _read("14/KH-UBND", "2024-07-11", None)))
    counts = neighbours.effects(pairs, tmp_path / "kho")
    number, signer = counts["so_ky_hieu"], counts["signer"]
    assert (number.values, number.wrong, number.doubted, number.right_doubted) == (4, 1, 1, 0)
    assert (signer.wrong, signer.flagged, signer.proposed_first, signer.right_changed) == (1, 1, 1, 0)
    assert "signer" in neighbours.printed(counts)
