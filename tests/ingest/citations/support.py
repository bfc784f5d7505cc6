"""What tests of citations share: short ways to find the citations of a sentence."""

from __future__ import annotations

from corpus.fold import nfc
from corpus.model import Citation
from ingest.citations import find_citations
from ingest.layout.zones import Structure, Zone, ZoneName
from tests.ingest.layout.support import divided

#: A header without số ký hiệu.
HEADER = "UBND TỈNH VÂN LĨNH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ Y TẾ Độc lập - Tự do - Hạnh phúc\n"


def one_zone(text: str, name: ZoneName = ZoneName.BODY) -> Structure:
    """An administrative document that is one zone."""
    return Structure([Zone(0, len(text), name)], "administrative")


def cited_in_body(sentence: str) -> list[Citation]:
    """The citations of a sentence that stands in the body."""
    text = nfc(sentence)
    return find_citations(text, one_zone(text))


def cited_in_preamble(sentence: str) -> list[Citation]:
    """The citations of a sentence that stands in the preamble."""
    text = nfc(sentence)
    return find_citations(text, one_zone(text, ZoneName.PREAMBLE))


def cited(document: str) -> list[Citation]:
    """The citations of a whole document."""
    return find_citations(*divided(document))


def only_citation(sentence: str) -> Citation:
    """The one citation of a sentence that stands in the body."""
    found = cited_in_body(sentence)
    assert len(found) == 1, [citation.text for citation in found]
    return found[0]


def numbers(citations: list[Citation]) -> list[str | None]:
    """The số ký hiệu of each."""
    return [citation.so_ky_hieu for citation in citations]
