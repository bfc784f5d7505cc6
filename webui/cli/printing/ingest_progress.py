"""Prints the progress and the outcome of an ingest and of a watch."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import closing

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from webui.app.ingest_report import PROBLEMS, FileReport, IngestReport
from webui.app.labels import OUTCOMES
from webui.cli.printing.terminal import console, notice, printable


def run_with_progress(reports: Generator[FileReport], total: int) -> IngestReport:
    """Run an ingest to its end under a progress bar on stderr; problems are printed as they come.

    Ctrl-C ends it: what is stored stays stored, and the index follows as *reports* is closed.
    """
    report = IngestReport()
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True, highlight=False),
        disable=not sys.stderr.isatty(),
    )
    with bar, closing(reports):
        task = bar.add_task("Đọc văn bản", total=total, speed="")
        began, pages = time.monotonic(), 0
        try:
            for one in reports:
                report.add(one)
                pages += one.pages
                speed = pages / max(time.monotonic() - began, 0.1)
                bar.update(task, advance=1, speed=f"{speed:.1f} trang/giây".replace(".", ",") if pages else "")
                if remark := _remark(one):
                    _print(bar.console, *remark)
        except KeyboardInterrupt:
            report.stopped = True
    return report


def _remark(report: FileReport) -> tuple[str, str, str] | None:
    """What to say of a file during the run: a mark, its colour, and words; None for nothing."""
    words = printable(f"{report.path}: {report.message}")
    if report.outcome in PROBLEMS:
        return "✗", "red", words
    return (f"#{report.id}", "yellow", words) if report.message and report.id is not None else None


def _print(console: Console, mark: str, colour: str, words: str) -> None:
    if console.is_terminal:
        console.print(f"[{colour}]{mark}[/] {escape(words)}", soft_wrap=True)
    else:  # Rich takes a millisecond for each line
        notice(f"{mark} {words}")


def summary(report: IngestReport) -> None:
    """The summary of an ingest."""
    parts = [f"{report.counts[key]} {label}" for key, label in OUTCOMES.items() if report.counts.get(key)]
    console.print(("Đã làm: " if report.stopped else "Xong: ") + (", ".join(parts) or "không có tệp nào") + ".")
    if report.stopped:
        console.print("Chạy lại lệnh này để làm tiếp phần còn lại; tệp đã đọc không phải đọc lại.")


def watched_file(report: FileReport) -> None:
    """One file of a watched folder, as it is done."""
    mark = "[red]✗[/]" if report.outcome in PROBLEMS else "[green]✓[/]"
    document = f" #{report.id}" if report.id is not None else ""
    message = f": {report.message}" if report.message else ""
    console.print(f"{mark} {escape(printable(report.path))}  {OUTCOMES[report.outcome]}{document}{escape(message)}")
