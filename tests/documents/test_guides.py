"""The guides keep up with the program: every command, setting and exit code is named, and nothing that is gone."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from tests.paths import ROOT
from tests.support.markdown import blocks, documents, name_of, rows, section, spans
from webui.app.settings import Settings
from webui.cli.command import app
from webui.cli.vietnamese_help import EXIT_CODES

USERS_GUIDE = ROOT / "docs" / "huong-dan-su-dung.md"
OPERATORS_GUIDE = ROOT / "docs" / "operating.md"


def commands() -> dict[str, TyperCommand]:
    """Every command by its whole name: ``search``, ``user add``."""

    def walk(group: TyperGroup, before: str) -> Iterator[tuple[str, TyperCommand]]:
        for name, command in group.commands.items():
            if isinstance(command, TyperGroup):
                yield from walk(command, f"{before}{name} ")
            else:
                assert isinstance(command, TyperCommand)
                yield before + name, command

    root = get_command(app)
    assert isinstance(root, TyperGroup)
    return dict(walk(root, ""))


def calls(text: str) -> Iterator[list[str]]:
    """The arguments of each call of `ocop` in code spans and shell blocks."""
    lines = [line.removeprefix("$ ") for block in blocks(text, "sh", "console") for line in block.splitlines()]
    for code in [*spans(text), *lines]:
        found = re.search(r"(?:^|/bin/|\s)ocop\s+([^#…]*(?:#\d[^#…]*)*)", code)
        if found:
            yield shlex.split(found[1].replace("…", ""))


def test_the_users_guide_names_every_command() -> None:
    table = [cell for row in rows(section(USERS_GUIDE.read_text("utf-8"), "## Bảng các lệnh")) for cell in row]
    named = {name.removeprefix("ocop ") for cell in table for name in re.findall(r"`([^`]+)`", cell)}
    assert named == set(commands())


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_documents_call_only_commands_and_options_there_are(path: Path) -> None:
    known = commands()
    for arguments in calls(path.read_text("utf-8")):
        if not arguments or not re.fullmatch(r"[a-z][a-z-]*", arguments[0]):
            continue
        name = next((n for n in (" ".join(arguments[:2]), arguments[0]) if n in known), None)
        if name is None:
            assert arguments[0] in {"user", "notify", "known"}, f"ocop {' '.join(arguments)}"
            continue
        options = {
            option for parameter in known[name].params for option in (*parameter.opts, *parameter.secondary_opts)
        }
        for argument in arguments:
            if re.match(r"-{1,2}[a-z]", argument):
                assert argument.partition("=")[0] in {*options, "--help", "-h"}, f"ocop {' '.join(arguments)}"


def test_the_operators_guide_names_every_setting_with_its_default() -> None:
    table = rows(section(OPERATORS_GUIDE.read_text("utf-8"), "## Settings"))
    documented = {row[0].strip("`"): row[1].strip("`") for row in table if row[0].startswith("`OCOP_")}
    fields = {f"OCOP_{name.upper()}": field for name, field in Settings.model_fields.items()}
    assert set(documented) == set(fields)
    for name, field in fields.items():
        default = field.get_default(call_default_factory=True)
        if isinstance(default, bool):
            assert documented[name] == str(default).lower(), name
        elif isinstance(default, int | float):
            assert float(documented[name]) == default, name
        elif isinstance(default, list) and default:
            assert documented[name].split(",") == default, name
        elif isinstance(default, str):
            assert documented[name] == default, name


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_documents_name_only_settings_there_are(path: Path) -> None:
    fields = {f"OCOP_{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"\bOCOP_[A-Z_]*[A-Z]\b(?!_?\*)", path.read_text("utf-8")))
    assert named - fields - {"OCOP_RATE"} == set()


def test_the_users_guide_lists_the_exit_codes() -> None:
    table = rows(section(USERS_GUIDE.read_text("utf-8"), "## Mã thoát của lệnh"))
    assert {int(row[0]): row[1] for row in table if row[0].isdecimal()} == EXIT_CODES


def test_the_changelog_has_the_version_and_room_for_the_next() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    headings = re.findall(r"^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$", text, re.MULTILINE)
    assert headings[0] == ("Unreleased", "")
    assert headings[1][0] == version
    assert all(day for _, day in headings[1:])
