"""How well and how fast scans are read: ``python -m bench.reader [--sets S,…] [--pages N] [--json FILE]``.

Three readers on the same page images at 200 dpi, one core: bare Tesseract, the line reader, and both (the line reader,
with Tesseract looking at doubted words and at words with digits a second time).

* gold sets: the first page of each scan. Strings: the raw form of each citation on it and the title (of scans also
  signer and issuer), ten letters or more, that at least one reader finds with under 30 % of its letters wrong;
* transcribed pages (``tests/data/pages``): every printed line, parted where something is written by hand and between
  the cells of a table; cells too long to stand on one line are left out, since where they break is not transcribed.

Shown are letters wrong per letter (CER), strings that are exactly right, seconds of processor time a page, how many
words are sure and how many of these are wrong, and on how many words with digits both agree. A word is right when all
its letters are, stops and quotes at its edges aside. Words that a reader parts or joins otherwise than they are printed
("12 /QĐ" for "12/QĐ") are held together against what is printed there; they are right when their letters are, and
counted as "spacing" (spaces count in CER and in exact strings). Exit code 1 when a figure misses its bound.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bench.matching import Match, aligned, find, places_of_words, plain
from ingest.formats.pdf import SCAN_COVERAGE, open_pdf
from ingest.formats.pdf_drawing import page_image, render
from ingest.formats.pdf_objects import page_objects
from ingest.limits import DEFAULT_LIMITS
from ingest.ocr.engine import Arrangement
from ingest.ocr.reader.line_reader import LineReader, ReadLine
from ingest.ocr.reader.shapes import Grey
from ingest.ocr.second_look import DPI as GATHERED_DPI
from ingest.ocr.second_look import gathered
from ingest.ocr.tesseract import Tesseract
from ingest.ocr.witnesses import Settled, bare, needs_second_look, settle

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
PAGES = ROOT / "tests" / "data" / "pages"
GOLD_SETS = ("scans", "offices-a", "offices-b")
TRANSCRIBED = "transcribed"
READERS = ("tesseract", "reader", "both")
DPI = 200

#: Bounds: CER of both over Tesseract's (some strings of scans are not literally on the page), CER on transcribed pages,
#: exact strings over Tesseract's, seconds of the reader over Tesseract's.
CER_SHARE, CER_SHARE_SCANS, CER_TRANSCRIBED, EXACT_SHARE, SECONDS_SHARE = 0.60, 0.62, 0.010, 1.3, 0.5
#: Bounds: sure words of all, wrong ones of the sure; agreed digit words of all, and megabytes of a worker.
SURE_SHARE, SURE_WRONG, AGREED_SHARE, MEGABYTES = 0.90, 0.003, 0.85, 350
#: A string counts where it is found with a smaller share of its letters wrong, and has at least so many letters.
FOUND, _LEAST = 0.30, 10
#: The same for a transcribed line; a table's cell with more letters may be broken into several lines.
_LEAST_OF_PRINTED, _CELL = 4, 24
# Stand-ins for handwriting and for letters that cannot be read.
_NOT_PRINTED = re.compile(r"⟨(?:hand|\?)⟩")


@dataclass(frozen=True, slots=True)
class Case:
    """A page and the strings printed on it. literal: every string stands on the page exactly so."""

    name: str
    image: Callable[[], Grey]
    strings: tuple[str, ...]
    literal: bool = False


@dataclass(slots=True)
class Outcome:
    """What a reader made of a page. words: of the readers that know how sure they are, in the text's order."""

    text: str
    seconds: float
    words: list[Settled] = field(default_factory=list)


# --- pages -----------------------------------------------------------------------------------------------------------


def image_of(path: Path, page: int) -> Grey:
    """Page *page* (from 1) of a scan at 200 dpi: its own pixels where it has that resolution. Raises ReadFailure."""
    if path.suffix != ".pdf":
        return np.asarray(Image.open(path).convert("L"))
    with open_pdf(path, DEFAULT_LIMITS) as document:
        sheet = document[page - 1]
        image = page_image(sheet, page - 1, DPI, DEFAULT_LIMITS.page_pixels)
        if abs(image.width / (sheet.get_width() * DPI / 72) - 1) > 0.1:
            image = render(sheet, DPI, DEFAULT_LIMITS.page_pixels)
    return np.asarray(image.convert("L"))


def _is_scan(path: Path) -> bool:
    with open_pdf(path, DEFAULT_LIMITS) as document:
        return page_objects(document[0]).coverage >= SCAN_COVERAGE


def gold_cases(name: str) -> Iterator[Case]:
    """The first pages of the scans of a labelled set, with their strings."""
    gold = json.loads((SHARED / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    for document in gold["documents"]:
        path = SHARED / "documents" / name / document["file"]
        if path.suffix != ".pdf" or not _is_scan(path):
            continue
        strings = [c["raw"] for c in document.get("citations", []) if c.get("page", 1) == 1]
        strings.append(document.get("title") or "")
        if name == "scans":
            strings += [document.get("signer") or "", document.get("issuer") or ""]
        kept = tuple(s for s in map(plain, strings) if len(s) >= _LEAST)
        yield Case(document["file"], lambda path=path: image_of(path, 1), kept)  # type: ignore[misc]


def transcribed_cases() -> Iterator[Case]:
    """The pages that were transcribed by eye; their file must be the one that was looked at."""
    index = PAGES / "index.json"
    for entry in json.loads(index.read_text(encoding="utf-8")) if index.exists() else []:
        path = SHARED / entry["file"]
        if hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            raise SystemExit(f"{path.name}: another file than the one that was transcribed")
        lines = (PAGES / entry["text"]).read_text(encoding="utf-8").splitlines()
        strings = tuple(s for line in lines for s in printed_strings(line))
        yield Case(
            f"{path.name} p{entry['page']}",
            lambda path=path, page=entry["page"]: image_of(path, page),  # type: ignore[misc]
            strings,
            literal=True,
        )


def printed_strings(line: str) -> list[str]:
    """What of a transcribed line stands on the page in one piece, with enough letters to be found."""
    cells = line.split("|")
    pieces = [piece for cell in cells if len(cells) == 1 or len(cell) <= _CELL for piece in _NOT_PRINTED.split(cell)]
    return [s for s in map(plain, pieces) if len(s) >= _LEAST_OF_PRINTED]


def cases(name: str) -> list[Case]:
    """The pages of a set by its name."""
    return list(transcribed_cases() if name == TRANSCRIBED else gold_cases(name))


# --- readers ---------------------------------------------------------------------------------------------------------


def by_tesseract(page: Grey) -> Outcome:
    """Bare Tesseract, as anyone would run it: one process, one thread."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        Image.fromarray(page).save(path, dpi=(DPI, DPI))
        command = ["tesseract", str(path), "-", "-l", "vie", "--psm", "3", "--dpi", str(DPI)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Outcome(plain(done.stdout), _spent(before, after))


def _spent(before: resource.struct_rusage, after: resource.struct_rusage) -> float:
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def by_reader(page: Grey, reader: LineReader) -> tuple[Outcome, list[ReadLine]]:
    """The line reader alone, finding the lines included."""
    began = time.process_time()
    lines = reader.read(page, DPI)
    seconds = time.process_time() - began
    words = [settle(word, None) for line in lines for word in line.words]
    return Outcome(plain(" ".join(word.text for word in words)), seconds, words), lines


def by_both(page: Grey, alone: Outcome, lines: Sequence[ReadLine]) -> Outcome:
    """The line reader, and Tesseract on the words that need a second look."""
    words = [word for line in lines for word in line.words]
    asked = [needs_second_look(word, line) for line in lines for word in line.words]
    looked = [at for at, again in enumerate(asked) if again]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time()
    settled = [settle(word, None) for word in words]
    picture = gathered(page, [words[at] for at in looked])
    if picture is not None:
        seen = Tesseract().read_region(Image.fromarray(picture.picture), Arrangement.BLOCK, GATHERED_DPI)
        for at, theirs in zip(looked, picture.readings(seen), strict=True):
            settled[at] = settle(words[at], theirs)
    seconds = time.process_time() - began + _spent(before, resource.getrusage(resource.RUSAGE_CHILDREN))
    return Outcome(plain(" ".join(word.text for word in settled)), alone.seconds + seconds, settled)


# --- figures ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """Sums over a set. sure, sure_wrong, words: of the words of the strings; spacing: those that are right, but parted
    or joined otherwise. digits …: those with a digit."""

    pages: int = 0
    strings: int = 0
    letters: int = 0
    wrong: dict[str, int] = field(default_factory=lambda: dict.fromkeys(READERS, 0))
    exact: dict[str, int] = field(default_factory=lambda: dict.fromkeys(READERS, 0))
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(READERS, 0.0))
    words: int = 0
    spacing: int = 0
    sure: int = 0
    sure_wrong: int = 0
    digits: int = 0
    digits_agreed: int = 0
    digits_agreed_wrong: int = 0
    slips: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """The figures as plain data."""
        per_letter, per_page = 1 / max(1, self.letters), 1 / max(1, self.pages)
        return {
            "pages": self.pages,
            "strings": self.strings,
            "letters": self.letters,
            "cer": {name: round(n * per_letter, 5) for name, n in self.wrong.items()},
            "exact": self.exact,
            "seconds_a_page": {name: round(s * per_page, 3) for name, s in self.seconds.items()},
            "words": self.words,
            "words_spaced_otherwise": self.spacing,
            "sure": round(self.sure / max(1, self.words), 4),
            "sure_wrong": self.sure_wrong,
            "digit_words": self.digits,
            "digit_words_agreed": self.digits_agreed,
            "digit_words_agreed_wrong": self.digits_agreed_wrong,
        }


def measure(name: str, reader: LineReader, most: int) -> Tally:
    """Read the pages of a set, *most* at most, with all readers."""
    tally = Tally()
    for case in cases(name)[: most or None]:
        page = case.image()
        alone, lines = by_reader(page, reader)
        outcomes = {"tesseract": by_tesseract(page), "reader": alone, "both": by_both(page, alone, lines)}
        tally.pages += 1
        for which, outcome in outcomes.items():
            tally.seconds[which] += outcome.seconds
        count(tally, case, outcomes)
    return tally


def count(tally: Tally, case: Case, outcomes: dict[str, Outcome]) -> None:
    """Add a page to the sums."""
    places = {string: find(string, outcomes["both"].text) for string in case.strings}
    for string in case.strings:
        matches = {which: find(string, outcome.text) for which, outcome in outcomes.items()}
        if not case.literal and min(m.wrong for m in matches.values()) >= FOUND * len(string):
            continue
        tally.strings += 1
        tally.letters += len(string)
        for which, match in matches.items():
            tally.wrong[which] += match.wrong
            tally.exact[which] += match.wrong == 0
        if matches["both"].wrong < FOUND * len(string) and not _is_anothers(string, places):
            _count_words(tally, case, string, outcomes["both"], matches["both"].start, matches["both"].end)


def _is_anothers(string: str, places: dict[str, Match]) -> bool:
    """Whether a string was found where another one, much like it, stands: its own place was not found."""
    here = places[string]
    return any(
        other.wrong < here.wrong
        and 2 * (min(here.end, other.end) - max(here.start, other.start)) > here.end - here.start
        for name, other in places.items()
        if name != string
    )


def _count_words(tally: Tally, case: Case, string: str, outcome: Outcome, start: int, end: int) -> None:
    """Hold each word of *string* against the read words that stand in its place."""
    for printed in placed_words(string, outcome, start, end):
        right = printed.is_right
        tally.words += 1
        tally.spacing += printed.spacing
        if printed.there and all(settled.sure for settled in printed.there):
            tally.sure += 1
            tally.sure_wrong += not right
            if not right:
                tally.slips.append(f"{case.name}: {printed.text} -> {printed.read}")
        if re.search(r"\d", printed.text):
            agreed = bool(printed.there) and all(settled.agree for settled in printed.there)
            tally.digits += 1
            tally.digits_agreed += agreed
            tally.digits_agreed_wrong += agreed and not right


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed word. there: the read words in its place. read: the part of their letters that stands for it.

    spacing: whether the reader parts words otherwise there.
    """

    text: str
    read: str
    there: tuple[Settled, ...]
    spacing: bool

    @property
    def is_right(self) -> bool:
        """Whether all its letters were read, and no others."""
        return bare(self.read) == bare(self.text)


def placed_words(string: str, outcome: Outcome, start: int, end: int) -> list[Printed]:
    """The words of *string*, which the outcome's text from *start* to *end* stands for."""
    places = aligned(string, outcome.text[start:end])
    words = [
        (word[0], start + places[word.start()], start + places[word.end()]) for word in re.finditer(r"\S+", string)
    ]
    spans = _spans(outcome)
    there = [[n for n, ((a, b), _) in enumerate(spans) if a < last and b > first] for _, first, last in words]
    found: list[Printed] = []
    at = 0
    while at < len(words):
        behind = at + 1  # words that share a read word are held against the read words together
        while behind < len(words) and set(there[behind]) & set(there[behind - 1]):
            behind += 1
        texts = [text for text, _, _ in words[at:behind]]
        numbers = sorted({n for one in there[at:behind] for n in one})
        read = [plain(spans[n][1].text) for n in numbers]
        spacing = texts != read and "".join(texts) == "".join(read)
        parts = _parted("".join(read), texts)
        for text, part, one in zip(texts, parts, there[at:behind], strict=True):
            found.append(Printed(text, part, tuple(spans[n][1] for n in one), spacing))
        at = behind
    return found


def _parted(read: str, texts: Sequence[str]) -> list[str]:
    """*read*, letters without spaces, in the parts that stand for each of *texts*."""
    places, at, parts = aligned("".join(texts), read), 0, []
    for text in texts:
        parts.append(read[places[at] : places[at + len(text)]])
        at += len(text)
    return parts


def _spans(outcome: Outcome) -> list[tuple[tuple[int, int], Settled]]:
    """Where each word stands in the outcome's text; words without a letter of their own there are left out."""
    places = places_of_words([word.text for word in outcome.words])
    return [(place, word) for place, word in zip(places, outcome.words, strict=True) if place[1] > place[0]]


def worker_megabytes(pages: Sequence[Path]) -> float:
    """The most memory that a process of its own takes to read *pages* (PNG)."""
    code = (
        "import resource, sys; import numpy as np; from PIL import Image\n"
        "from ingest.ocr.reader.line_reader import LineReader\n"
        "reader = LineReader()\n"
        "for name in sys.argv[1:]: reader.read(np.asarray(Image.open(name).convert('L')), 200)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
    )
    command = [sys.executable, "-c", code, *map(str, pages)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def missed(name: str, figures: dict[str, Any]) -> list[str]:
    """The bounds that the figures of a set do not keep."""
    cer, exact, seconds = figures["cer"], figures["exact"], figures["seconds_a_page"]
    literal = name == TRANSCRIBED
    share = CER_SHARE_SCANS if name == "scans" else CER_SHARE
    checks = {
        f"CER of both {cer['both']} over {share} x {cer['tesseract']}": cer["both"] <= share * cer["tesseract"],
        f"seconds {seconds['reader']} over {SECONDS_SHARE} x {seconds['tesseract']}": seconds["reader"]
        <= SECONDS_SHARE * seconds["tesseract"],
    }
    if literal:
        checks |= {
            f"CER of both {cer['both']} over {CER_TRANSCRIBED}": cer["both"] <= CER_TRANSCRIBED,
            f"sure words {figures['sure']} under {SURE_SHARE}": figures["sure"] >= SURE_SHARE,
            f"sure words wrong {figures['sure_wrong']}": figures["sure_wrong"]
            <= SURE_WRONG * figures["sure"] * figures["words"],
        }
    else:
        least = EXACT_SHARE * exact["tesseract"]
        checks[f"exact {exact['both']} under {least:.1f}"] = exact["both"] >= least
    return [f"{name}: {what}" for what, kept in checks.items() if not kept]


def missed_by_digits(results: dict[str, dict[str, Any]]) -> list[str]:
    """The bounds on words with digits, over all sets."""
    words = sum(f["digit_words"] for f in results.values())
    agreed = sum(f["digit_words_agreed"] for f in results.values())
    wrong = sum(f["digit_words_agreed_wrong"] for f in results.values())
    found = [] if agreed >= AGREED_SHARE * words else [f"digit words agreed {agreed} of {words}"]
    return found + ([f"digit words agreed and wrong: {wrong}"] if wrong else [])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say which bounds are missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default=",".join([*GOLD_SETS, TRANSCRIBED]), help="which sets, by commas")
    parser.add_argument("--pages", type=int, default=0, help="at most so many pages of each set")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--slips", action="store_true", help="show the sure words that are wrong")
    options = parser.parse_args(arguments)
    reader = LineReader()
    results: dict[str, dict[str, Any]] = {}
    failures: list[str] = []
    for name in options.sets.split(","):
        tally = measure(name, reader, options.pages)
        if not tally.pages:
            print(f"{name}: no pages", file=sys.stderr)
            continue
        results[name] = tally.figures()
        print(name, json.dumps(results[name], ensure_ascii=False), flush=True)
        if options.slips:
            print("\n".join(tally.slips))
        failures += missed(name, results[name])
    failures += missed_by_digits(results)
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, case in enumerate(cases("scans")[:6]):
            paths.append(Path(folder) / f"{number}.png")
            Image.fromarray(case.image()).save(paths[-1])
        megabytes = worker_megabytes(paths)
    print(f"memory of a worker: {megabytes:.0f} MB")
    if megabytes > MEGABYTES:
        failures.append(f"memory {megabytes:.0f} MB")
    if options.json:
        document = {"sets": results, "megabytes": round(megabytes), "missed": failures}
        options.json.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for failure in failures:
        print("MISSED", failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
