"""How fast citations are found, on one core: ``python -m bench.citations``.

* MB a second of finding citations in ``../shared/documents/references`` and in the text of
  ``../shared/documents/gazette``.
* Beside it eyecite on English text of the same size, in documents of 20 kB, since its time grows faster than the
  text. It needs an environment of its own (``python -m venv E && E/bin/pip install eyecite``), named by ``--eyecite
  E/bin/python`` or the variable OCOP_EYECITE_PYTHON; without one it is left out.
* Growth from 10 kB to 1 MB of hostile text: ten times the text should take about ten times as long.

MB are bytes of UTF-8. Each figure is the best of three runs; dividing into zones is timed apart. Exit code 1 where
hostile text took more than three times its share.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pypdfium2

from bench.timing import timed
from corpus.fold import nfc
from ingest.citations import find_citations
from ingest.layout.header import read_plain_header
from ingest.layout.zones import divide

T = TypeVar("T")

SHARED = Path(__file__).parent.parent.parent / "shared" / "documents"
#: Characters of hostile texts.
SIZES = (10_000, 100_000, 1_000_000)
#: How much longer ten times the text may take.
MOST_GROWTH = 30
#: Characters of English text when there are no references to take the size from.
DEFAULT_SIZE = 1_250_000

#: What is repeated to make hostile texts.
HOSTILE = {
    "chữ số": "1",
    "phân số": "1/",
    "gạch nối": "12-",
    "ký hiệu": "QĐ-",
    "chữ 'số'": "số ",
    "loại": "Quyết định số ",
    "luật": "Luật sửa đổi, bổ sung một số điều của Luật ",
    "ngoặc": "(",
    "dòng trống": "\n",
    "ngắt trang": "\f",
    "cơ quan": "Quyết định số 12/QĐ-UBND của Sở Y tế và ",
    "căn cứ": "Căn cứ Quyết định số 1/QĐ-UBND; ",
    "kèm theo": "(Kèm theo Công văn ",
    "số trống": "Công văn số . . . ",
    "công báo": "CÔNG BÁO/Số 1",
    "trích yếu": "Nghị định số 1/2020/NĐ-CP ngày 1/1/2020 của Chính phủ quy định ",
    "chấm": "....",
    "OCR": "Il|",
}

#: English sentences with about as many citations a kilobyte as the references have.
ENGLISH = (
    "The court relied on Brown v. Board of Education, 347 U.S. 483 (1954), and on Roe v. Wade, 410 U.S. 113, 120 "
    "(1973). See also 42 U.S.C. § 1983; Id. at 125. The agency may, on its own motion or upon the petition of any "
    "person that is affected by the order, reopen the proceeding and take further evidence within thirty days of the "
    "entry of the order. In Smith v. Jones, 12 F.3d 345 (9th Cir. 1993), the panel held that notice was sufficient "
    "under the statute as amended. "
)

#: Run by the other Python: reads the text, prints seconds and citations.
_EYECITE = """
import json, sys, time
from eyecite import get_citations
text = sys.stdin.read()
parts = [text[i : i + 20000] for i in range(0, len(text), 20000)]
get_citations(text[:2000])
began = time.perf_counter()
found = sum(len(get_citations(part)) for part in parts)
print(json.dumps({"seconds": time.perf_counter() - began, "found": found}))
"""


def best_of(times: int, call: Callable[[], T]) -> tuple[float, T]:
    """(seconds of the fastest run, what it returned)."""
    return min((timed(call) for _ in range(times)), key=lambda run: run[0])


def reference_text(folder: Path) -> str:
    """All reference documents, one after the other."""
    return "\n".join(nfc(path.read_text(encoding="utf-8")) for path in sorted((folder / "references").glob("*.txt")))


def gazette_text(folder: Path) -> str:
    """The text of all gazettes, pages separated by form feeds."""
    pages: list[str] = []
    for path in sorted((folder / "gazette").glob("*.pdf")):
        document = pypdfium2.PdfDocument(path)
        pages += [nfc(page.get_textpage().get_text_range()).replace("\f", " ") for page in document]
        document.close()
    return "\f".join(pages)


def measure(name: str, text: str) -> None:
    """Prints the figures of one text."""
    size = len(text.encode()) / 1e6
    starts = [0, *(i + 1 for i, char in enumerate(text) if char == "\f")]
    dividing, structure = best_of(3, lambda: divide(text, starts, read_plain_header(text)))
    finding, found = best_of(3, lambda: find_citations(text, structure))
    print(
        f"{name:<12}{size:6.2f} MB  divide {size / dividing:6.2f} MB/s  find {size / finding:6.2f} MB/s  "
        f"{len(found)} citations, {finding / max(1, len(found)) * 1e6:.0f} µs each"
    )


def eyecite(python: str, size: int) -> None:
    """Prints the figures of eyecite, run by *python*, on *size* characters."""
    text = (ENGLISH * (size // len(ENGLISH) + 1))[:size]
    done = subprocess.run([python, "-c", _EYECITE], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = done.stderr.strip().splitlines()
        print(f"eyecite: {errors[-1] if errors else 'did not run'}")
        return
    result = json.loads(done.stdout)
    speed = size / 1e6 / result["seconds"]
    print(f"{'eyecite':<12}{size / 1e6:6.2f} MB  find {speed:6.2f} MB/s  {result['found']} citations (English)")


def _find(text: str) -> int:
    return len(find_citations(text, divide(text, [0], read_plain_header(text))))


def growth() -> bool:
    """Prints the seconds of each kind of hostile text at each size; whether none grew too fast."""
    linear = True
    print(f"\n{'hostile text':<14}" + "".join(f"{size // 1000:>9} kB" for size in SIZES) + "   × for 10 × the text")
    for name, unit in HOSTILE.items():
        seconds = []
        for size in SIZES:
            text = nfc((unit * (size // len(unit) + 1))[:size])
            seconds.append(timed(partial(_find, text))[0])
        factor = seconds[2] / max(seconds[1], 1e-3)
        linear &= factor < MOST_GROWTH
        print(f"{name:<14}" + "".join(f"{s:>10.3f} s" for s in seconds) + f"   {factor:6.1f}")
    return linear


def main() -> int:
    """Measures and prints. Exit code 1 where the time grows too fast."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=Path, default=SHARED)
    parser.add_argument(
        "--eyecite", default=os.environ.get("OCOP_EYECITE_PYTHON"), help="python of an environment with eyecite"
    )
    parser.add_argument("--no-growth", action="store_true")
    args = parser.parse_args()
    size = DEFAULT_SIZE
    if (args.documents / "references").exists():
        text = reference_text(args.documents)
        size = len(text.encode())
        measure("references", text)
        measure("gazette", gazette_text(args.documents))
    if args.eyecite:
        eyecite(args.eyecite, size)
    return 0 if args.no_growth or growth() else 1


if __name__ == "__main__":
    sys.exit(main())
