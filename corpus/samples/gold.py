"""The correct reading of a sample, in the format of the labelled sets, from the same source as its file."""

from __future__ import annotations

from typing import Any

from corpus.samples.source import Sample, plain


def gold(sample: Sample) -> dict[str, Any]:
    """The entry of a sample in ``gold.json``."""
    data = sample.data
    entry: dict[str, Any] = {
        "file": sample.file,
        "kind": "administrative",
        "doc_type": data["doc_type"],
        "so_ky_hieu": sample.so_ky_hieu,
        "symbol": data["symbol"],
        "date": sample.date,
    }
    if not data.get("issuer_open"):  # else both the committee and its chairman are right: not scored
        entry["issuer"] = data["issuer"]
    entry |= {
        "parent_agency": data.get("parent"),
        "place": data["place"],
        "title": plain(sample.parts[0].title),
        "signer": data["signer"] or None,
        "signer_title": data["signer_title"],
        "urgency": data.get("urgency"),
        "recipients": data.get("recipients", []),
    }
    if data.get("addressees"):
        entry["addressees"] = data["addressees"]
    if sample.form == "scan":
        hand = data["scan"].get("hand", [])
        entry |= {"scan": True, "number_handwritten": "number" in hand, "date_handwritten": "day" in hand}
    entry["citations"] = sample.citations
    return entry
