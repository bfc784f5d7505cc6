"""The paragraphs of a word processor's file, runs in a legacy encoding converted to Unicode."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.formats.legacy_stretches import Run, converted


def paragraph_texts(paragraphs: Sequence[Sequence[Run]]) -> tuple[list[str], list[str]]:
    """The paragraphs' texts in Unicode, and the encodings that were converted."""
    stretches = [_joined(runs) for runs in paragraphs]
    texts, used = converted([run for runs in stretches for run in runs])
    at, joined = 0, []
    for runs in stretches:
        joined.append("".join(texts[at : at + len(runs)]))
        at += len(runs)
    return joined, used


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Neighbouring runs of one font as one: a VNI letter and its mark may be in two. Spaces join either side."""
    joined: list[Run] = []
    for text, font in runs:
        if joined and (joined[-1][1] == font or not text.strip()):
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        else:
            joined.append((text, font))
    return joined
