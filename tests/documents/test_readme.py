"""The README's first questions, asked of the samples: each command runs and prints the lines shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.paths import ROOT, SAMPLES
from tests.support.markdown import blocks
from webui.cli.command import main

README = (ROOT / "README.md").read_text("utf-8")
#: The samples that the answers come from; a library of all samples gives the same lines.
ASKED = ("04-kh-45-2019", "11-qd-2450-2022", "13-kh-96-2023", "14-kh-78-2023", "15-kh-45-2023", "18-kh-103-2023")
#: Exit codes of the questions that do not end with 0: the draft has căn cứ to look at.
CODES = {"check": 1}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of those samples, read by the real reader."""
    folder = tmp_path_factory.mktemp("readme") / "library"
    files = [str(path) for path in sorted((SAMPLES / "files").iterdir()) if path.stem in ASKED]
    assert len(files) == len(ASKED)
    assert main(["ingest", *files, "--library", str(folder)]) == 0
    return folder


def _lines(text: str) -> list[str]:
    """Lines as they are compared: ids and tree marks depend on what else the library holds."""
    plain = [re.sub(r"#\d+", "#", line).strip("│├└─ \t") for line in text.splitlines()]
    return [line for line in plain if line]


@pytest.mark.parametrize("example", blocks(README, "console"), ids=lambda block: block.split()[2])
def test_a_question_of_the_readme_is_answered_as_shown(
    example: str, library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    command, _, shown = example.partition("\n")
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "ocop"
    assert main([*arguments, "--library", str(library)]) == CODES.get(arguments[0], 0)
    printed = iter(_lines(capsys.readouterr().out))
    for line in _lines(shown):
        assert line == "…" or line in printed, line


def test_there_are_five_questions() -> None:
    assert len(blocks(README, "console")) == 5


def test_the_two_commands_are_targets_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make ([\w-]+)", "\n".join(blocks(README, "sh")), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
