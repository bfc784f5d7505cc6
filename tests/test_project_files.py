"""The files of the project: a map that names every one, no path of a machine, a lock with hashes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.paths import ROOT

ROOMS = {"corpus", "ingest", "search", "webui"}


def _tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return listing.stdout.splitlines()


def test_the_map_names_every_file_of_the_rooms() -> None:
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    for name in _tracked():
        path = Path(name)
        if path.parts[0] in {*ROOMS, "bench"} and path.suffix == ".py" and path.name != "__init__.py":
            if "versions" in path.parts:
                continue
            assert f"`{name}`" in text, f"docs/map.md does not name {name}"


def test_the_map_names_nothing_that_is_gone() -> None:
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    for name in {part for line in text.splitlines() for part in line.split("`")[1::2]}:
        if name.endswith((".py", ".tsv")) and "/" in name and "*" not in name:
            assert (ROOT / name).exists(), f"docs/map.md names {name}"


def test_no_file_names_a_machine() -> None:
    for name in _tracked():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".tsv", ".html", ".css", ".js", ".json", ".sh"} or path.name in {
            "Makefile",
            "setup",
        }:
            text = path.read_text(encoding="utf-8")
            for word in ("/" + "work/", "/" + "root/", "/" + "home/", "index-" + "url = "):
                assert word not in text, f"{name} holds {word}"


def test_the_lock_has_hashes_and_no_addresses() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--find-links" not in text
    for line in text.splitlines():
        if "==" in line:
            assert line.endswith("\\"), f"{line} has no hash"
