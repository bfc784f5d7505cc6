"""How fast files are read: ``python -m bench.reading [--folder F] [--files N] [--what text,scans,cache]``.

* text: pages a second of text PDFs made into records (metadata and citations), with word segmentation for the index
  counted in, and of pdfplumber's ``extract_text`` alone on the same pages; one core each;
* scans: wall time of scans made into text by two workers beside bare ``tesseract``, two processes, on the same page
  images made ready for it as PNG; then what the second reader adds;
* cache: the same scans once more with the OCR cache filled, as after a change of the parser.

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
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus.model import Failure
from ingest.limits import DEFAULT_LIMITS
from ingest.options import OcrMode, ReadOptions
from ingest.worker.pool import Pool

SHARED = Path(__file__).parent.parent.parent / "shared" / "documents"
PRELOAD = ("ingest.extract", "ingest.formats.pdf")
_OFF = ReadOptions(second_reader=False)


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of wall time, and what *run* gives."""
    began = time.perf_counter()
    value = run()
    return time.perf_counter() - began, value


# --- run in a worker ---------------------------------------------------------------------------------------------


def read_seconds(path: str, options: ReadOptions) -> dict[str, Any]:
    """Seconds of processor time for one record, its pages, and the worker's peak memory so far in MB."""
    from ingest.extract import read_record

    began = time.process_time()
    record = read_record(path, options)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "pages": record["pages"], "text": record["text"], "peak": peak}


def segment_seconds(path: str, text: str) -> float:
    """Seconds of processor time to segment a document's text into words for the index."""
    from corpus.segment import words

    words("Căn cứ")  # loads the model
    began = time.process_time()
    words(text)
    return time.process_time() - began


def plumber_seconds(path: str, every: int) -> list[float]:
    """[seconds, pages] of pdfplumber's ``extract_text`` on every so many pages of a file."""
    import pdfplumber

    began, pages = time.process_time(), 0
    with pdfplumber.open(path) as document:
        for page in document.pages[::every]:
            page.extract_text()
            page.close()
            pages += 1
    return [time.process_time() - began, pages]


def save_pages(path: str, folder: str) -> list[str]:
    """The pages of a scan as PNG files in *folder*: what is handed to bare tesseract."""
    from ingest.formats.pdf import image_for_ocr, open_pdf

    made = []
    with open_pdf(Path(path), DEFAULT_LIMITS) as document:
        for index in range(len(document)):
            file = Path(folder) / f"{Path(path).stem}-{index + 1}.png"
            image_for_ocr(document, index, 200, DEFAULT_LIMITS.page_pixels).save(file, dpi=(200, 200))
            made.append(str(file))
    return made


# --- the comparisons ---------------------------------------------------------------------------------------------


def good(results: Sequence[Any]) -> list[Any]:
    """*results* without failures, which are printed."""
    for result in results:
        if isinstance(result, Failure):
            print(f"  {result.path}: {result.error}", file=sys.stderr)
    return [result for result in results if not isinstance(result, Failure)]


def text_files(files: Sequence[Path], every: int) -> None:
    """Print the figures of text PDFs."""
    with Pool(1, preload=PRELOAD) as pool:
        good(list(pool.map_files(files[:1], read_seconds, _OFF)))  # imports and tables
        read = good(list(pool.map_files(files, read_seconds, _OFF)))
    with Pool(1) as pool:
        segmented = sum(good([pool.call(segment_seconds, "", result["text"]) for result in read]))
        plumbed = good(list(pool.map_files(files, plumber_seconds, every)))
    pages = sum(result["pages"] for result in read)
    seconds = sum(result["seconds"] for result in read)
    plumber = sum(pair[1] for pair in plumbed) / sum(pair[0] for pair in plumbed)
    ours, indexed = pages / seconds, pages / (seconds + segmented)
    print(f"PDF có lớp chữ: {len(read)} tệp, {pages} trang, một nhân")
    print(f"  bản ghi                   {ours:8.1f} trang/giây   {ours / plumber:5.1f} lần pdfplumber")
    print(f"  bản ghi + tách từ         {indexed:8.1f} trang/giây   {indexed / plumber:5.1f} lần pdfplumber")
    print(f"  pdfplumber extract_text   {plumber:8.1f} trang/giây")
    largest = max(read, key=lambda result: int(result["pages"]))
    with Pool(1) as pool:
        peak = pool.call(read_seconds, files[read.index(largest)], _OFF)["peak"]
    print(f"  bộ nhớ đỉnh, tệp {largest['pages']} trang: {peak:.0f} MB")


def bare_tesseract(images: Sequence[str], jobs: int = 2) -> None:
    """Tesseract as anyone would run it: one process an image, *jobs* at a time, one thread each."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}

    def run(image: str) -> None:
        command = ["tesseract", image, image, "-l", "vie", "tsv"]
        subprocess.run(command, check=True, env=environment, capture_output=True)

    with ThreadPoolExecutor(jobs) as threads:
        list(threads.map(run, images))


def scans(files: Sequence[Path], *, second_reader: bool, cached: bool) -> None:
    """Print the figures of scans."""
    with tempfile.TemporaryDirectory() as folder:
        with Pool(2) as pool:
            made = good(list(pool.map_files(files, save_pages, folder)))
        images = [image for part in made for image in part]
        bare, _ = timed(lambda: bare_tesseract(images))
        cache = replace(_OFF, cache=Path(folder) / "cache")

        def read(options: ReadOptions) -> list[Any]:
            # Longest first, as an ingest does, so that no core waits for one long file at the end.
            ordered = sorted(files, key=lambda file: file.stat().st_size, reverse=True)
            return good(list(pool.map_files(ordered, read_seconds, options)))

        with Pool(2, preload=PRELOAD) as pool:
            pool.call(read_seconds, files[0], replace(_OFF, mode=OcrMode.OFF))
            ours, results = timed(lambda: read(cache))
            print(f"Bản quét: {len(files)} tệp, {len(images)} trang, hai tiến trình")
            print(f"  tesseract trần            {bare:8.1f} giây")
            print(f"  bản ghi                   {ours:8.1f} giây   {ours / bare:5.2f} lần tesseract trần")
            if cached:
                again, _ = timed(lambda: read(cache))
                print(f"  bản ghi, OCR đã nhớ       {again:8.1f} giây   nhanh hơn {ours / again:5.1f} lần")
        peak = max(result["peak"] for result in results)
        print(f"  bộ nhớ đỉnh của tiến trình: {peak:.0f} MB")
        if second_reader:
            with Pool(2, preload=PRELOAD) as pool:
                both, _ = timed(lambda: read(replace(cache, second_reader=True)))
            print(f"  lần đọc thứ hai, OCR đã nhớ {both:6.1f} giây   thêm {both / len(files):.2f} giây mỗi tệp")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=SHARED, help="holds gazette/ and scans/")
    parser.add_argument("--files", type=int, help="only so many files of each kind")
    parser.add_argument("--every", type=int, default=5, help="pdfplumber reads every so many pages (it is slow)")
    parser.add_argument("--what", default="text,scans,cache,second", help="any of text, scans, cache, second")
    chosen = parser.parse_args()
    what = set(chosen.what.split(","))
    if "text" in what:
        files = sorted((chosen.folder / "gazette").glob("*.pdf"))[: chosen.files]
        text_files(files, chosen.every)
    if what & {"scans", "cache", "second"}:
        files = sorted((chosen.folder / "scans").glob("*.pdf"))[: chosen.files]
        scans(files, second_reader="second" in what, cached="cache" in what)


if __name__ == "__main__":
    main()
