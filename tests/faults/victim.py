"""What is done to a library while it is killed: files read in, corrected, undone, removed, and backed up."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from corpus.errors import OcopError
from corpus.library import Library
from corpus.library.backup import backup
from ingest.worker.pool import Batching
from search.searcher import Search
from tests.paths import ROOT
from tests.support.web_library import document_text
from webui.app.ingestion import ingest
from webui.app.settings import Settings

SAMPLES = ROOT / "corpus" / "samples" / "files"
#: Files read in between two corrections, removals and updates of the index.
STEP = 6


class InProcessReader:
    """Reads files in this very process, so that a kill seldom falls into reading, which stores nothing."""

    def map_batches(
        self, calls: Iterable[tuple[Any, ...]], function: Callable[..., Any], batching: Batching, **_: Any
    ) -> Generator[list[Any], None, None]:
        """What *function* returns for each call, or its failure, as a pool of workers gives it: three in a batch."""
        batch: list[Any] = []
        for path, *arguments in calls:
            try:
                batch.append(function(str(path), *arguments))
            except OcopError as error:
                batch.append({"path": str(path), "error": error.message, "verdict": getattr(error, "verdict", "loi")})
            if len(batch) == min(3, batching.most):
                yield batch
                batch = []
        if batch:
            yield batch


def inputs(folder: Path, texts: int, *, samples: bool = True) -> list[Path]:
    """Documents that cite each other in every direction, and the samples, whose scans fail in every run (no OCR)."""
    folder.mkdir(parents=True)
    for n in range(texts):
        bases = "\n".join(
            f"Căn cứ Kế hoạch số {m}/KH-UBND ngày {m % 27 + 1:02}/0{m % 9 + 1}/2023 của UBND tỉnh Thanh Hóa;"
            for m in ((n + 1) % texts, (n * 7 + 3) % texts, n // 2)
        )
        body = f"\nI. MỤC ĐÍCH\nTheo Quyết định số {900 + n % 7}/QĐ-TTg ngày 01/8/2022, nội dung {n}."
        date = (f"{n % 27 + 1:02}", f"0{n % 9 + 1}", "2023")
        text = document_text("KẾ HOẠCH", f"{n}/KH-UBND", date, f"Về việc tập huấn OCOP đợt {n}", bases + body)
        (folder / f"{n:03}.txt").write_text(text, encoding="utf-8")
    if samples:
        for file in sorted(SAMPLES.iterdir()):
            shutil.copy(file, folder / f"mau-{file.name}")
    return sorted(folder.iterdir())


def settings_of(library: Path, engine: str | None = None) -> Settings:
    """Settings without OCR."""
    return Settings(library=library, ocr_mode="off", second_reader=False, jobs=1, engine=engine)  # type: ignore[arg-type]


def work(library: Path, files: list[Path], to: Path | None, engine: str | None = None) -> None:
    """All of it; begun again after a kill, it goes on with what is not yet done. to: the backup."""
    settings = settings_of(library, engine)
    with (
        Library.open(library, create=True) as opened,
        closing(Search(library, opened.view(), engine)) as search,
    ):
        for at in range(0, len(files), STEP):
            part = files[at : at + STEP]
            for _ in ingest(opened, part, settings, InProcessReader(), follow=search.catch_up):  # type: ignore[arg-type]
                pass
            for number, file in enumerate(part, at):
                correct(opened, str(file), number)
            search.catch_up()
            if to is not None and at % (4 * STEP) == 0:
                backup(library, to, overwrite=True)


def correct(library: Library, path: str, number: int) -> None:
    """What a person does with every fifth file, step by step; steps done before are not done again."""
    held = [summary.id for summary in library.view().find(path) if summary.held]
    if not held or number % 5:
        return
    id_ = held[0]
    first, second = (f"Trích yếu sửa lần {time} của {number}" for time in ("một", "hai"))

    def corrections(value: str) -> list[Any]:
        return [c for c in library.edits.corrections() if c.document == id_ and c.after == value]

    def set_title(value: str) -> None:
        if not corrections(value):
            library.edits.correct(id_, "title", value, who="lan")

    set_title(first)
    if number % 2:
        for wrong in corrections(first):
            if not wrong.undone:
                library.edits.undo(wrong.id)
        set_title(second)
    if number % 3 == 0:
        library.edits.remove(id_, "gỡ thử")


def outcome(library: Path) -> dict[str, Any]:
    """Everything a library holds, without ids and clock times."""
    with Library.open(library) as opened:
        corrections = opened.edits.corrections()
        return {
            "dump": list(opened.view(restricted=True).dump()),
            "corrections": sorted([c.field, str(c.before), str(c.after), c.who, c.undone] for c in corrections),
            "audit": sorted([e.action, e.undone, *e.documents] for e in opened.edits.audit()),
        }
