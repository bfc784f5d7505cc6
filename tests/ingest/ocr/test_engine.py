"""The seam to OCR engines: another engine can be plugged in, and reads under a name and version of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PIL.Image import Image

from ingest.ocr import engine as engines
from ingest.ocr.cache import OcrCache
from ingest.ocr.engine import Arrangement, OcrPage, PageImage, engine_of
from ingest.ocr.page_images import PageJob, cached_result, read_pages
from ingest.options import ReadOptions
from ingest.page import Witness, Word
from tests.support.reading_files import picture


class TwoWitnesses:
    """An engine that "reads" the same two words on every page, each with the readings of two engines."""

    name = "two-witnesses"
    version = "two-witnesses 1"
    pages_per_run = 2
    reads_under_seals = False
    runs = 0

    def read_images(
        self,
        images: Sequence[PageImage],
        jobs: int = 1,
        page_seconds: float = 0.0,
        arrangement: Arrangement = Arrangement.PAGE,
    ) -> list[OcrPage]:
        """Two words per image, as confident as a good page."""
        type(self).runs += 1
        assert all(image.file().exists() for image in images)
        seen = (Witness("tesseract", "Quyét", 0.6), Witness("lines", "Quyết", 0.9))
        words = [
            Word("Quyết", (0.1, 0.1, 0.2, 0.12), 0.95, 0, 5, seen),
            Word("định", (0.21, 0.1, 0.3, 0.12), 0.97, 6, 10),
        ]
        return [OcrPage("Quyết định", words, 0.96) for _ in images]

    def read_region(self, image: Image, arrangement: Arrangement, dpi: int) -> list[Word]:
        """Nothing."""
        return []

    def orientation(self, image: PageImage) -> int:
        """Upright."""
        return 0


@pytest.fixture
def _plugged_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    known = {**engines.ENGINES, "two-witnesses": (__name__, "TwoWitnesses")}
    monkeypatch.setattr(engines, "ENGINES", known)
    engine_of.cache_clear()
    yield
    engine_of.cache_clear()


@pytest.mark.usefixtures("_plugged_in")
def test_an_option_chooses_the_engine_and_the_cache_keeps_its_witnesses(tmp_path: Path) -> None:
    options = ReadOptions(engine="two-witnesses", cache=tmp_path)
    cache = OcrCache(tmp_path)
    jobs = [PageJob(n, f"page {n}", "file", lambda: (picture(("Quyết định",), dpi=72), 72)) for n in (1, 2, 3)]
    first = read_pages(jobs, cache, options, total=3)
    runs = TwoWitnesses.runs
    assert [first[n].text for n in (1, 2, 3)] == ["Quyết định"] * 3
    again = read_pages(jobs, cache, options, total=3)
    assert TwoWitnesses.runs == runs
    assert again == first
    assert [w.text for w in again[1].words[0].witnesses] == ["Quyét", "Quyết"]
    assert again[1].words[1].witnesses == ()


@pytest.mark.usefixtures("_plugged_in")
def test_results_of_one_engine_are_not_taken_for_another_ones(tmp_path: Path) -> None:
    job = PageJob(1, "page", "file", lambda: (picture(("Quyết định",), dpi=72), 72))
    cache = OcrCache(tmp_path)
    options = ReadOptions(engine="two-witnesses", cache=tmp_path)
    read_pages([job], cache, options, total=1)
    assert cached_result(job, cache, options) is not None
    TwoWitnesses.version = "two-witnesses 2"
    try:
        assert cached_result(job, cache, options) is None
    finally:
        TwoWitnesses.version = "two-witnesses 1"
