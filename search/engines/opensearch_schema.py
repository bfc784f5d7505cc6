"""The fields of :mod:`search.index.index_fields` as an index of OpenSearch, and a document as it is put there."""

from __future__ import annotations

from typing import Any

from search.index.engine_document import EngineDocument
from search.index.index_fields import FOLDED_PAIR, KEYS, NUMBERS, POSITIONS, SCORED, TEXT

#: A token that no query asks for, in scored fields that are empty: Lucene would count only documents that have the
#: field in its scores, other engines count all.
_EMPTY = "\N{SYMBOL FOR NULL}"
#: Hits that one request may skip and ask for together.
MOST_HITS = 100_000


def index_body(shards: int = 1, replicas: int = 0) -> dict[str, Any]:
    """Settings and fields of a new index. What is written is seen by searches after a refresh, which a commit asks for.

    The source is not kept: an index is derived, and the library has it all.
    """
    properties: dict[str, Any] = {name: _text(name) for name in TEXT}
    properties |= {name: {"type": "keyword", "norms": False} for name in KEYS}
    properties |= {name: {"type": "long"} for name in NUMBERS}
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            "refresh_interval": "-1",
            "max_result_window": MOST_HITS,
        },
        "mappings": {"dynamic": "strict", "_source": {"enabled": False}, "properties": properties},
    }


def _text(name: str) -> dict[str, Any]:
    """A text field whose tokens are ready."""
    if name in POSITIONS:
        options = "positions"
    else:
        options = "docs" if name == FOLDED_PAIR else "freqs"
    return {"type": "text", "analyzer": "whitespace", "index_options": options, "norms": name != FOLDED_PAIR}


def stored(document: EngineDocument) -> dict[str, Any]:
    """A document in OpenSearch's terms."""
    fields: dict[str, Any] = {name: " ".join(tokens) for name, tokens in document.text.items() if tokens}
    fields |= {name: _EMPTY for name in SCORED if name not in fields}
    fields |= {name: values for name, values in document.keys.items() if values}
    return fields | document.numbers
