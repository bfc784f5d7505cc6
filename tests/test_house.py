"""The house keeps its rules: who imports whom, and a map that names every file."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

from tests.paths import ROOT

ROOMS = {
    "corpus": set(),
    "ingest": {"corpus"},
    "search": {"corpus"},
    "webui": {"corpus", "ingest", "search"},
}  # type: dict[str, set[str]]


def _files(room: str) -> list[Path]:
    return sorted(p for p in (ROOT / room).rglob("*.py") if "__pycache__" not in p.parts)


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_stands_before_it(room: str) -> None:
    for path in _files(room):
        foreign = (_imported(path) & {*ROOMS, "tests", "bench"}) - ROOMS[room] - {room}
        assert not foreign, f"{path.relative_to(ROOT)} imports {sorted(foreign)}"


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
