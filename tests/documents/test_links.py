"""What the documents point at exists: files, headings, modules."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.paths import ROOT
from tests.support.markdown import anchors, blocks, documents, links, name_of, spans

#: The folders of the project whose paths documents quote.
_QUOTED = re.compile(r"(?:corpus|ingest|search|webui|tests|bench|tools|deploy|docs)/[\w./-]*\w/?")


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_links_resolve(path: Path) -> None:
    text = path.read_text("utf-8")
    for link in links(text):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = unquote(link).partition("#")
        file = path.parent / target if target else path
        assert file.exists(), f"{link}: no such file"
        if anchor:
            assert anchor in anchors(file.read_text("utf-8")), f"{link}: no such heading"


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_quoted_paths_exist(path: Path) -> None:
    for span in spans(path.read_text("utf-8")):
        if _QUOTED.fullmatch(span):
            assert (ROOT / span).exists(), f"`{span}`: no such file or folder"


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_quoted_modules_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    for code in [*spans(text), *blocks(text, "sh", "console")]:
        for module in re.findall(r"python3? -m ((?:bench|corpus|ingest|search|tests|tools|webui)[\w.]*)", code):
            assert importlib.util.find_spec(module), f"python -m {module}: no such module"


def test_every_decision_is_in_the_index_and_short() -> None:
    folder = ROOT / "docs" / "decisions"
    index = links((folder / "README.md").read_text("utf-8"))
    for path in sorted(folder.glob("[0-9]*.md")):
        text = path.read_text("utf-8")
        assert path.name in index
        assert len(text.splitlines()) <= 40, path.name
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], path.name


def test_lines_fit_an_editor() -> None:
    for path in documents():
        for line in path.read_text("utf-8").splitlines():
            # Tables, code and what a command prints cannot be broken.
            fits = len(line) <= 130 or line.startswith(("|", "#", " ", "├", "└")) or "](" in line
            assert fits, f"{name_of(path)}: {line}"
