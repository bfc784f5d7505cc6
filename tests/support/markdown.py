"""The project's Markdown documents, taken apart: links, headings, code spans, code blocks, tables."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.paths import ROOT

_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)


def documents() -> list[Path]:
    """Every Markdown document of the checkout, in order."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.splitlines()
    found = [ROOT / name for name in listing] or [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted({path for path in found if path.exists()})


def name_of(path: Path) -> str:
    """The path of a document as the project writes it."""
    return path.relative_to(ROOT).as_posix()


def blocks(text: str, *languages: str) -> list[str]:
    """The code blocks of these languages."""
    return [match["text"] for match in _BLOCK.finditer(text) if match["language"] in languages]


def spans(text: str) -> list[str]:
    """The code in running text."""
    return _SPAN.findall(_BLOCK.sub("", text))


def links(text: str) -> list[str]:
    """The targets of all links and pictures, as they are written."""
    return _LINK.findall(_SPAN.sub("", _BLOCK.sub("", text)))


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to the headings."""
    headings = _HEADING.findall(_BLOCK.sub("", text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def section(text: str, heading: str) -> str:
    """What stands under *heading*, up to the next heading of its level or above."""
    start = text.index(f"\n{heading}\n") + 1
    level = len(heading) - len(heading.lstrip("#"))
    end = re.search(rf"^#{{1,{level}}} ", text[start + len(heading) :], re.MULTILINE)
    return text[start : start + len(heading) + end.start()] if end else text[start:]


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, headings included."""
    table = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
