"""Writes docs/record.schema.json anew from the record's classes: ``python -m tools.record_schema``."""

from __future__ import annotations

import json
from pathlib import Path

from corpus.record_json import schema

PATH = Path(__file__).resolve().parents[1] / "docs" / "record.schema.json"


def text() -> str:
    """The schema as it should stand in the file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
