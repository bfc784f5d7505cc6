"""Packages that open files from outside are no older than the first release without known vulnerabilities."""

from __future__ import annotations

import tomllib
from importlib.metadata import version

import pytest

from tests.paths import ROOT

# The first release without the vulnerabilities that docs/limits.md names.
FLOORS = {
    "pdfminer.six": (20251230,),
    "pillow": (12, 3),
    "pypdfium2": (5, 0),
    "python-multipart": (0, 0, 20),
    "jinja2": (3, 1, 6),
}


@pytest.mark.parametrize("package", FLOORS)
def test_packages_that_open_files_are_no_older_than_their_floor(package: str) -> None:
    def numbers(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in text.split(".") if part.isdigit())

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    floor = next(line.partition(">=")[2] for line in declared if line.startswith(f"{package}>="))
    assert numbers(floor) >= FLOORS[package]
    assert numbers(version(package)) >= numbers(floor)
    assert package in (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")


def test_images_are_opened_by_a_list_of_formats_everywhere() -> None:
    for room in ("corpus", "ingest", "search", "webui"):
        for file in (ROOT / room).rglob("*.py"):
            for line in file.read_text(encoding="utf-8").splitlines():
                if "Image.open(" in line:
                    assert "formats=" in line, f"{file.name}: {line.strip()}"
                assert "imread(" not in line, f"{file.name}: {line.strip()}"
