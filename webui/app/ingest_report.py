"""What became of the files of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from corpus.errors import exit_code_of
from corpus.vocabulary import Verdict

Outcome = Literal["new", "updated", "duplicate", "unchanged", "opened", "failed", "refused", "removed"]

#: Outcomes that a person should know of.
PROBLEMS = frozenset({"failed", "refused"})


@dataclass(slots=True)
class FileReport:
    """What became of one file."""

    path: str
    outcome: Outcome
    #: The document's id; None where none is held.
    id: int | None = None
    #: Why not, or what is incomplete, in Vietnamese.
    message: str = ""
    #: Why the file was not read; None where it was.
    verdict: Verdict | None = None
    #: Pages that were read of it in this run.
    pages: int = 0

    def as_json(self) -> dict[str, Any]:
        """``{"path", "outcome", "id", "message", "verdict"}``; verdict is "" where there is none."""
        return {
            "path": self.path,
            "outcome": self.outcome,
            "id": self.id,
            "message": self.message,
            "verdict": str(self.verdict or ""),
        }


@dataclass(slots=True)
class IngestReport:
    """What became of the files of one run."""

    #: Outcome → number of files.
    counts: dict[str, int] = field(default_factory=dict)
    #: Files that failed or were refused.
    problems: list[FileReport] = field(default_factory=list)
    #: Stopped by Ctrl-C before the last file.
    stopped: bool = False

    @property
    def exit_code(self) -> int:
        """130 when stopped, else that of :func:`corpus.errors.exit_code_of` for the problems; 0 without any."""
        return 130 if self.stopped else exit_code_of(p.verdict or "" for p in self.problems)

    def add(self, report: FileReport) -> None:
        """Count one file."""
        self.counts[report.outcome] = self.counts.get(report.outcome, 0) + 1
        if report.outcome in PROBLEMS:
            self.problems.append(report)

    def as_json(self) -> dict[str, Any]:
        """``{"counts", "problems"}``."""
        return {"counts": self.counts, "problems": [p.as_json() for p in self.problems]}
