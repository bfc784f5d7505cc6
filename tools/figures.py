"""Size and complexity of the code, held to limits: ``python -m tools.figures``.

Prints one line a figure with its limit and exits with 1 when a limit is passed. Only product code counts: the four
rooms, without tests and benchmarks. Generated migrations count as well.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("corpus", "ingest", "search", "webui")

#: Functions whose complexity may pass :data:`MOST_COMPLEX`, each with its reason.
COMPLEX_ALLOWED: dict[str, str] = {}

#: Cyclomatic complexity a function may have.
MOST_COMPLEX = 12


@dataclass(frozen=True, slots=True)
class Definition:
    """A class or a function of the product. lines: from its first to its last line, decorators left out."""

    file: str
    name: str
    lines: int
    documented: bool
    public: bool


@dataclass(slots=True)
class Figures:
    """What was measured.

    lines: by room. files: lines by file. undocumented: public modules, classes and functions without a docstring.
    """

    lines: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    classes: list[Definition] = field(default_factory=list)
    functions: list[Definition] = field(default_factory=list)
    undocumented: list[str] = field(default_factory=list)
    public: int = 0
    format_skips: int = 0
    long_lines: int = 0
    complex_functions: dict[str, int] = field(default_factory=dict)


def python_files(room: str) -> list[Path]:
    """The Python files of *room*, in order."""
    return sorted(p for p in (ROOT / room).rglob("*.py") if "__pycache__" not in p.parts)


def _definitions(tree: ast.Module, file: str) -> Iterator[tuple[Definition, bool]]:
    """Each class and function with whether it is a class; what is defined inside a function is left out of *public*."""

    def walk(node: ast.AST, prefix: str, public: bool) -> Iterator[tuple[Definition, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                is_class = isinstance(child, ast.ClassDef)
                name = prefix + child.name
                shown = public and not child.name.startswith("_")
                lines = (child.end_lineno or child.lineno) - child.lineno + 1
                yield Definition(file, name, lines, ast.get_docstring(child) is not None, shown), is_class
                yield from walk(child, name + ".", shown and is_class)
            else:
                yield from walk(child, prefix, public)

    yield from walk(tree, "", True)


def _complexities() -> dict[str, int]:
    """Functions above the limit, as ruff counts them (McCabe): ``file:name`` → complexity."""
    command = [
        sys.executable, "-m", "ruff", "check", *ROOMS, "--select", "C901", "--output-format", "json", "--exit-zero",
        "--config", f"lint.mccabe.max-complexity={MOST_COMPLEX}", "--ignore-noqa", "--no-cache",
    ]  # fmt: skip
    found = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    result = {}
    for one in found:
        name, number = one["message"].split("`")[1], one["message"].split("(")[1].split(" ")[0]
        result[f"{Path(one['filename']).relative_to(ROOT)}:{name}"] = int(number)
    return result


def measure() -> Figures:
    """Measures the product as it lies on disk."""
    figures = Figures(complex_functions=_complexities())
    for room in ROOMS:
        figures.lines[room] = 0
        for path in python_files(room):
            file = str(path.relative_to(ROOT))
            text = path.read_text(encoding="utf-8")
            rows = text.splitlines()
            figures.lines[room] += len(rows)
            figures.files[file] = len(rows)
            figures.format_skips += text.count("fmt: skip") + text.count("fmt: off")
            figures.long_lines += sum(len(row) > 120 for row in rows)
            tree = ast.parse(text)
            if text.strip():
                figures.public += 1
                if ast.get_docstring(tree) is None:
                    figures.undocumented.append(file)
            for definition, is_class in _definitions(tree, file):
                (figures.classes if is_class else figures.functions).append(definition)
                if definition.public:
                    figures.public += 1
                    if not definition.documented:
                        figures.undocumented.append(f"{file}:{definition.name}")
    return figures


@dataclass(frozen=True, slots=True)
class Limit:
    """One figure and how far it may go. where: what reached it."""

    name: str
    value: float
    most: float
    where: str = ""

    @property
    def kept(self) -> bool:
        """Whether the figure is within its limit."""
        return self.value <= self.most


def limits(figures: Figures) -> list[Limit]:
    """Every figure that has a limit."""
    file = max(figures.files, key=figures.files.__getitem__)
    klass = max(figures.classes, key=lambda d: d.lines)
    function = max(figures.functions, key=lambda d: d.lines)
    unexplained = sorted(set(figures.complex_functions) - set(COMPLEX_ALLOWED))
    stale = sorted(set(COMPLEX_ALLOWED) - set(figures.complex_functions))
    return [
        Limit("lines of the largest file", figures.files[file], 500, file),
        Limit("lines of the largest class", klass.lines, 350, f"{klass.file}:{klass.name}"),
        Limit("lines of the longest function", function.lines, 60, f"{function.file}:{function.name}"),
        Limit(f"functions with complexity over {MOST_COMPLEX}", len(figures.complex_functions), 10),
        Limit("... of these without a reason", len(unexplained), 0, ", ".join(unexplained)),
        Limit("reasons for functions that are simple", len(stale), 0, ", ".join(stale)),
        Limit("fmt: skip in product code", figures.format_skips, 20),
        Limit("lines over 120 characters", figures.long_lines, 0),
        Limit("public names without docstring", len(figures.undocumented), 0, ", ".join(figures.undocumented[:3])),
    ]


def main() -> int:
    """Prints the figures. Exit code 1 when a limit is passed."""
    figures = measure()
    for room, lines in figures.lines.items():
        print(f"{room:<40} {lines:>7} lines in {sum(f.startswith(room + '/') for f in figures.files)} files")
    documented = 100 * (1 - len(figures.undocumented) / max(figures.public, 1))
    print(f"{'public names with docstring':<40} {documented:>6.1f} %")
    checked = limits(figures)
    for limit in checked:
        mark = "" if limit.kept else "  PASSED THE LIMIT"
        print(f"{limit.name:<40} {limit.value:>7g} of {limit.most:g}{mark}  {limit.where}".rstrip())
    for name, reason in sorted(COMPLEX_ALLOWED.items()):
        print(f"  complex: {name}: {reason}")
    if "--all" in sys.argv:
        print_all(figures)
    return 0 if all(limit.kept for limit in checked) else 1


def print_all(figures: Figures) -> None:
    """Prints every file, class and function beyond its limit, and every public name without a docstring."""
    rows = [(lines, name) for name, lines in figures.files.items() if lines > 500]
    rows += [(d.lines, f"{d.file}:{d.name}") for d in figures.classes if d.lines > 350]
    rows += [(d.lines, f"{d.file}:{d.name}") for d in figures.functions if d.lines > 60]
    rows += [(number, f"{name} (complexity)") for name, number in figures.complex_functions.items()]
    for number, name in sorted(rows, reverse=True):
        print(f"{number:>6} {name}")
    for name in figures.undocumented:
        print(f"       {name} (no docstring)")


if __name__ == "__main__":
    sys.exit(main())
