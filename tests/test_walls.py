"""The walls between rooms and folders: who imports whom, private names, messages, restricted documents.

Every wall is checked on the syntax tree of the product code. docs/developing.md describes them for readers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT

#: Rooms, and the rooms they may import.
ROOMS: dict[str, set[str]] = {
    "corpus": set(),
    "ingest": {"corpus"},
    "search": {"corpus"},
    "webui": {"corpus", "ingest", "search"},
}

#: Folders of a room that a folder may not import: what stands after it in the flow of data. "" is the room itself.
CLOSED: dict[str, set[str]] = {
    "corpus": {"library", "resolution", "graph", "law", "checks", "samples"},
    "corpus/law": {"library", "resolution", "graph", "checks", "samples"},
    "corpus/resolution": {"library", "graph", "checks", "samples"},
    "corpus/library": {"graph", "checks", "samples"},
    "corpus/graph": {"resolution", "checks", "samples"},
    "corpus/checks": {"resolution", "samples"},
    "corpus/samples": {"library", "resolution", "graph", "law", "checks"},
    "ingest/ocr": {"formats", "layout", "citations"},
    "ingest/layout": {"formats", "citations", "worker"},
    "ingest/citations": {"formats", "ocr", "worker", ""},
    "ingest/formats": {"layout", "citations"},
    "ingest/worker": {"formats", "ocr", "layout", "citations"},
    "search/query": {"compiler", "engines"},
    "search/language": {"compiler", "engines", "query"},
    "search/engines": {"compiler", "query"},
    "search/index": {"compiler"},
    "webui/app": {"web", "cli", "mcp"},
    "webui/web": {"cli", "mcp"},
    "webui/mcp": {"web", "cli"},
}

#: Web and command frameworks: only ``webui/web`` and ``webui/cli`` know them.
FRAMEWORKS = {"fastapi", "starlette", "uvicorn", "typer", "click", "rich", "jinja2"}

#: Attributes whose value is a sentence for people.
SENTENCES = {"message", "reason", "reasons", "hint", "note", "notes", "warning", "warnings"}

#: Private names of libraries that have no public one, by file, each with its reason.
PRIVATE_OF_LIBRARIES = {
    # A namedtuple's _replace is public; the underscore only keeps it apart from field names.
    "ingest/ocr/ctc.py": {"_replace"},
    # Whoosh's posting matcher is opened a second time on another file; it has no public way to copy one.
    "search/engines/whoosh_snapshot.py": {
        "_read_ids",
        "_read_weights",
        "_read_values",
        "_next_block",
        "_ids",
        "_weights",
        "_values",
    },
    # Whoosh's writer of a segment's fields makes its files itself and gives them no public names.
    "search/engines/whoosh_postings.py": {"_postfile", "_fieldid", "_tindex"},
    # typer makes its console in a private function; its texts can be translated nowhere else.
    "webui/cli/vietnamese_help.py": {"_get_rich_console"},
}


def product_files() -> list[Path]:
    """The Python files of the rooms, without migrations, relative to the project."""
    found = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return sorted(p.relative_to(ROOT) for p in found if not {"__pycache__", "versions"} & set(p.parts))


FILES = product_files()
TREES = {path: ast.parse((ROOT / path).read_text(encoding="utf-8")) for path in FILES}


def imported(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """The modules and names that a file imports, as parts of their dotted names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from ((*node.module.split("."), alias.name) for alias in node.names)


def folder_of(parts: tuple[str, ...]) -> str:
    """The folder within its room that a dotted name lies in; "" for the room itself."""
    path = Path(*parts[:2])
    return parts[1] if len(parts) > 1 and (ROOT / path).is_dir() else ""


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_the_rooms_before_it(room: str) -> None:
    for path, tree in TREES.items():
        if path.parts[0] == room:
            foreign = {parts[0] for parts in imported(tree)} & {*ROOMS, "tests", "bench", "tools"}
            assert foreign <= ROOMS[room] | {room}, f"{path} imports {sorted(foreign - ROOMS[room] - {room})}"


@pytest.mark.parametrize("folder", CLOSED)
def test_a_folder_imports_no_folder_after_it(folder: str) -> None:
    room = folder.partition("/")[0]
    assert (ROOT / folder).is_dir()
    for path, tree in TREES.items():
        if path.parts[0] != room or folder_of(path.parts[:-1]) != folder.partition("/")[2]:
            continue
        used = {folder_of(parts) for parts in imported(tree) if parts[0] == room}
        assert not used & CLOSED[folder], f"{path} imports {sorted(used & CLOSED[folder])}"


def test_only_web_and_cli_know_a_framework() -> None:
    for path, tree in TREES.items():
        if path.parts[:2] not in {("webui", "web"), ("webui", "cli")} and path != Path("webui/__main__.py"):
            used = {parts[0] for parts in imported(tree)} & FRAMEWORKS
            assert not used, f"{path} imports {sorted(used)}"


def test_only_the_command_serve_imports_web() -> None:
    importing = {
        path
        for path, tree in TREES.items()
        if path.parts[:2] == ("webui", "cli") and any(parts[:2] == ("webui", "web") for parts in imported(tree))
    }
    assert importing == {Path("webui/cli/commands/serve_command.py")}


def test_no_private_name_is_imported() -> None:
    for path, tree in TREES.items():
        for parts in imported(tree):
            private = [part for part in parts if part.startswith("_") and not part.endswith("__")]
            assert parts[0] not in ROOMS or not private, f"{path} imports {'.'.join(parts)}"


def test_no_private_member_is_used_outside_its_module() -> None:
    for path, tree in TREES.items():
        own = _defined(tree) | PRIVATE_OF_LIBRARIES.get(str(path), set())
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.endswith("__"):
                assert node.attr in own, f"{path}:{node.lineno} uses {ast.unparse(node)}"


def _defined(tree: ast.AST) -> set[str]:
    """Names that a module defines: functions, classes, variables, attributes it sets, strings such as __slots__."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
    return names


def test_no_branch_looks_into_a_message() -> None:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and not isinstance(node.ops[0], ast.Is | ast.IsNot):
                sides = [node.left, *node.comparators]
                # "is it in the list already" asks for the same sentence, not for what it says.
                repeated = isinstance(node.ops[0], ast.NotIn) and isinstance(node.left, ast.Name)
                assert repeated or not any(map(_is_sentence, sides)), f"{path}:{node.lineno} {ast.unparse(node)}"
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                looked = node.func.attr in {"startswith", "endswith", "find", "index", "count"}
                assert not (looked and _is_sentence(node.func.value)), f"{path}:{node.lineno} {ast.unparse(node)}"


def _is_sentence(node: ast.expr) -> bool:
    """Whether an expression is a sentence for people: an attribute or name of SENTENCES, or str(error)."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str" and node.args:
        return isinstance(node.args[0], ast.Name) and node.args[0].id in {"error", "exception", "failure"}
    if isinstance(node, ast.Attribute):
        return node.attr in SENTENCES
    return isinstance(node, ast.Name) and node.id in SENTENCES


def test_one_module_decides_what_is_restricted() -> None:
    """The marks of circulation and the condition of visibility stand in corpus/library/visibility.py alone."""
    home = Path("corpus/library/visibility.py")
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value in {"LUUHANHNOIBO", "XEMXONGTRALAI"}:
                assert path == home, f"{path}:{node.lineno} names a mark of circulation"
            if isinstance(node, ast.FunctionDef) and node.name in {"visible", "is_restricted"}:
                assert path == home, f"{path}:{node.lineno} defines {node.name}"
            if isinstance(node, ast.Name | ast.arg | ast.keyword):
                name = node.id if isinstance(node, ast.Name) else node.arg
                assert name != "include_restricted", f"{path}:{node.lineno} decides what is visible"


def test_what_is_restricted_is_known_only_in_the_library_and_where_a_view_is_made() -> None:
    outside = {
        "corpus/resolution",  # what restricted documents alone say is left out of what others are shown
        "corpus/library",
        "webui/app/json_shapes.py",  # says it of a document that a view shows, for a badge
        "webui/web/access.py",  # makes the view of a visitor
        "webui/web/application.py",  # makes both graphs and both indexes
        "webui/app/counts.py",  # asks a view whether it holds any
        "webui/app/health_check.py",  # compares both indexes with both views
    }
    for path, tree in TREES.items():
        asked = {
            node.attr if isinstance(node, ast.Attribute) else node.arg
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute | ast.keyword)
        }
        if "restricted" in asked:
            assert any(str(path).startswith(place) for place in outside), f"{path} decides by restricted"
