"""The walls inside webui: use cases know neither web nor commands, and these two do not know each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT

WEBUI = ROOT / "webui"
#: What use cases may not import: the frameworks of pages and of commands.
FRAMEWORKS = {"fastapi", "starlette", "uvicorn", "jinja2", "typer", "click", "rich"}
#: The one command that starts the server.
SERVE = WEBUI / "cli" / "commands" / "serve_command.py"


def _modules(folder: str) -> list[Path]:
    return sorted((WEBUI / folder).rglob("*.py"))


def _imports(path: Path) -> Iterator[str]:
    """The full names of imported modules, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", _modules("app"), ids=lambda path: path.stem)
def test_use_cases_import_neither_frameworks_nor_web_nor_commands(path: Path) -> None:
    for name in _imports(path):
        assert name.partition(".")[0] not in FRAMEWORKS, f"{path.name} imports {name}"
        assert not name.startswith(("webui.web", "webui.cli")), f"{path.name} imports {name}"


def test_web_does_not_import_commands() -> None:
    for path in _modules("web"):
        assert not [name for name in _imports(path) if name.startswith("webui.cli")], path


def test_only_the_command_serve_imports_web() -> None:
    importing = {path for path in _modules("cli") if any(name.startswith("webui.web") for name in _imports(path))}
    assert importing == {SERVE}


def test_no_module_uses_a_private_name_of_another() -> None:
    for path in sorted(WEBUI.rglob("*.py")):
        private = [name for name in _imports(path) if any(part.startswith("_") for part in name.split("."))]
        assert set(private) <= {"__future__", "__future__.annotations"}, (path, private)
