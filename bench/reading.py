"""How fast files are read: ``python -m bench.reading [--files N] [--what text,scans,cache,second] [--ocr ENGINE]``.

* text: pages a second of text PDFs made into records (metadata and citations), without and with the segmentation of
  words for the index; beside it pdfplumber's ``extract_text`` on the same pages; one core each.
* scans: wall time of scans made into records by two workers, with everything on, handwritten numbers too; beside it
  bare ``tesseract``, two processes, on the same page images ready as PNG. Both in turn --rounds times, of each the
  least: the speed of a machine that others share changes within a minute. Exit 1 past 0.8 times, or past 350 MB a
  worker.
* cache: the same scans again with the OCR cache filled, as after a change of the parser.
* second: the same scans once without the reader of handwritten numbers.

The peak memory of a worker is that of the file with the most pages, and of the longest scan.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from bench.timing import timed
from corpus.model import Failure
from ingest.limits import DEFAULT_LIMITS
from ingest.ocr.engine import ENGINES
from ingest.options import DEFAULT_ENGINE, OcrMode, ReadOptions
from ingest.worker.pool import Pool

SHARED = Path(__file__).parent.parent.parent / "shared" / "documents"
PRELOAD = ("ingest.extract", "ingest.formats.pdf")
#: Dots an inch of the page images that bare tesseract is given.
DPI = 200
#: Processes that read scans.
WORKERS = 2
_ONE_READER = ReadOptions(second_reader=False)
#: What reading scans is held to: times bare tesseract, and MB of a worker.
MOST_TIMES, MOST_MEMORY = 0.80, 350.0


# Run in a worker


def read_seconds(path: str, options: ReadOptions) -> dict[str, Any]:
    """Processor seconds of one record, its pages and text, and the worker's peak memory so far in MB."""
    from ingest.extract import read_record

    began = time.process_time()
    record = read_record(path, options)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "pages": record["pages"], "text": record["text"], "peak": peak}


def segment_seconds(path: str, text: str) -> float:
    """Processor seconds to segment a text into words."""
    from corpus.segment import words

    words("Căn cứ")  # loads the model
    began = time.process_time()
    words(text)
    return time.process_time() - began


def pdfplumber_seconds(path: str, every: int) -> tuple[float, int]:
    """(processor seconds, pages) of pdfplumber's ``extract_text`` on every so many pages of a file."""
    import pdfplumber

    began, pages = time.process_time(), 0
    with pdfplumber.open(path) as document:
        for page in document.pages[::every]:
            page.extract_text()
            page.close()
            pages += 1
    return time.process_time() - began, pages


def save_pages(path: str, folder: str) -> list[str]:
    """Saves the pages of a scan as PNG files in *folder*; their paths."""
    from ingest.formats.pdf import image_for_ocr, open_pdf

    made = []
    with open_pdf(Path(path), DEFAULT_LIMITS) as document:
        for index in range(len(document)):
            file = Path(folder) / f"{Path(path).stem}-{index + 1}.png"
            image_for_ocr(document, index, DPI, DEFAULT_LIMITS.page_pixels).save(file, dpi=(DPI, DPI))
            made.append(str(file))
    return made


# The comparisons


def without_failures(results: Sequence[Any]) -> list[Any]:
    """*results* without failures, which are printed."""
    for result in results:
        if isinstance(result, Failure):
            print(f"  {result.path}: {result.error}", file=sys.stderr)
    return [result for result in results if not isinstance(result, Failure)]


def text_files(files: Sequence[Path], every: int) -> None:
    """Prints the figures of text PDFs."""
    with Pool(1, preload=PRELOAD) as pool:
        without_failures(list(pool.map_files(files[:1], read_seconds, _ONE_READER)))  # imports and tables
        read = without_failures(list(pool.map_files(files, read_seconds, _ONE_READER)))
    with Pool(1) as pool:
        segmented = sum(without_failures([pool.call(segment_seconds, "", result["text"]) for result in read]))
        plumbed = without_failures(list(pool.map_files(files, pdfplumber_seconds, every)))
    pages = sum(result["pages"] for result in read)
    seconds = sum(result["seconds"] for result in read)
    plumber = sum(pages for _, pages in plumbed) / sum(seconds for seconds, _ in plumbed)
    ours, indexed = pages / seconds, pages / (seconds + segmented)
    print(f"PDF có lớp chữ: {len(read)} tệp, {pages} trang, một nhân")
    print(f"  bản ghi                   {ours:8.1f} trang/giây   {ours / plumber:5.1f} lần pdfplumber")
    print(f"  bản ghi + tách từ         {indexed:8.1f} trang/giây   {indexed / plumber:5.1f} lần pdfplumber")
    print(f"  pdfplumber extract_text   {plumber:8.1f} trang/giây")
    largest = max(read, key=lambda result: int(result["pages"]))
    with Pool(1) as pool:
        peak = pool.call(read_seconds, files[read.index(largest)], _ONE_READER)["peak"]
    print(f"  bộ nhớ đỉnh, tệp {largest['pages']} trang: {peak:.0f} MB")


def bare_tesseract(images: Sequence[str]) -> None:
    """Tesseract as anyone would run it: one process an image, each with one thread."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}

    def run(image: str) -> None:
        command = ["tesseract", image, image, "-l", "vie", "tsv"]
        subprocess.run(command, check=True, env=environment, capture_output=True)

    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(run, images))


def scans(
    files: Sequence[Path], options: ReadOptions, rounds: int, *, second_reader: bool = False, cached: bool = False
) -> bool:
    """Prints the figures of scans read with *options*; whether they are within what they are held to.

    second_reader: also what the reader of handwritten numbers adds. cached: also the time with the OCR cache filled.
    """
    with tempfile.TemporaryDirectory() as folder:
        with Pool(WORKERS) as pool:
            made = without_failures(list(pool.map_files(files, save_pages, folder)))
        images = [image for part in made for image in part]
        bare, ours, peak = [], [], 0.0

        def read(pool: Pool, how: ReadOptions) -> list[Any]:
            # Longest first, as an ingest does, so that no core waits for one long file at the end.
            ordered = sorted(files, key=lambda file: file.stat().st_size, reverse=True)
            return without_failures(list(pool.map_files(ordered, read_seconds, how)))

        for number in range(rounds):
            with_cache = replace(options, cache=Path(folder) / f"cache-{number}")
            bare.append(timed(lambda: bare_tesseract(images))[0])
            with Pool(WORKERS, preload=PRELOAD) as pool:
                pool.call(read_seconds, files[0], replace(_ONE_READER, mode=OcrMode.OFF))
                seconds, results = timed(partial(read, pool, with_cache))
            ours.append(seconds)
            peak = max(peak, *(result["peak"] for result in results))
        times = min(ours) / min(bare)
        hands = "có" if options.second_reader else "không"
        print(f"Bản quét: {len(files)} tệp, {len(images)} trang, hai tiến trình, OCR: {options.engine},", end=" ")
        print(f"{hands} đọc số viết tay")
        print(f"  tesseract trần            {min(bare):8.1f} giây   ({_listed(bare)})")
        print(
            f"  bản ghi                   {min(ours):8.1f} giây   ({_listed(ours)})   {times:5.2f} lần tesseract trần"
        )
        print(f"  bộ nhớ đỉnh của tiến trình: {peak:.0f} MB")
        if cached:
            with Pool(WORKERS, preload=PRELOAD) as pool:
                pool.call(read_seconds, files[0], replace(_ONE_READER, mode=OcrMode.OFF))
                again, _ = timed(lambda: read(pool, with_cache))
            print(f"  bản ghi, OCR đã nhớ       {again:8.1f} giây   nhanh hơn {min(ours) / again:5.1f} lần")
        if second_reader:
            with Pool(WORKERS, preload=PRELOAD) as pool:
                pool.call(read_seconds, files[0], replace(_ONE_READER, mode=OcrMode.OFF))
                printed, _ = timed(lambda: read(pool, replace(options, second_reader=False)))
            print(f"  không đọc số viết tay     {printed:8.1f} giây   {printed / min(bare):5.2f} lần tesseract trần")
        return times <= MOST_TIMES and peak <= MOST_MEMORY


def _listed(seconds: Sequence[float]) -> str:
    """Those of each round."""
    return ", ".join(f"{one:.1f}" for one in seconds)


def main() -> int:
    """Measures and prints what the arguments name; 1 where a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=SHARED, help="holds gazette/ and scans/")
    parser.add_argument("--files", type=int, help="only so many files of each kind")
    parser.add_argument("--every", type=int, default=5, help="pdfplumber reads every so many pages (it is slow)")
    parser.add_argument("--what", default="text,scans,cache,second", help="any of text, scans, cache, second")
    parser.add_argument("--ocr", default=DEFAULT_ENGINE, choices=sorted(ENGINES), help="the OCR engine of the records")
    parser.add_argument("--rounds", type=int, default=2, help="of the scans")
    parser.add_argument("--printed", action="store_true", help="scans without the reader of handwritten numbers")
    chosen = parser.parse_args()
    what = set(chosen.what.split(","))
    if "text" in what:
        text_files(sorted((chosen.folder / "gazette").glob("*.pdf"))[: chosen.files], chosen.every)
    if what & {"scans", "cache", "second"}:
        files = sorted((chosen.folder / "scans").glob("*.pdf"))[: chosen.files]
        options = ReadOptions(engine=chosen.ocr, second_reader=not chosen.printed)
        within = scans(files, options, chosen.rounds, second_reader="second" in what, cached="cache" in what)
        return 0 if within else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
