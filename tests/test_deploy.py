"""The units, the container file and the proxy's example: least rights stay least, and what they name is there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.paths import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
Unit = dict[str, list[str]]


def unit_of(path: Path) -> Unit:
    found: Unit = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_have_least_rights(path: Path) -> None:
    unit = unit_of(path)
    for name in (
        "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "ProtectKernelTunables",
        "ProtectKernelModules", "ProtectKernelLogs",
        "ProtectControlGroups", "ProtectClock", "ProtectHostname", "RestrictSUIDSGID",
        "RestrictRealtime", "LockPersonality",
    ):  # fmt: skip
        assert unit[name] == ["yes"], name
    assert unit["ProtectSystem"] == ["strict"]
    assert unit["ProtectProc"] == ["invisible"]
    assert unit["CapabilityBoundingSet"] == unit["AmbientCapabilities"] == [""]
    assert unit["User"] == ["can-cu"]
    assert unit["UMask"] == ["0077"]
    assert unit["StateDirectoryMode"] == ["0700"]
    assert unit["LimitCORE"] == ["0"]
    assert "MemoryMax" in unit
    assert unit["SystemCallFilter"][0].startswith("@system-service")
    assert unit["Documentation"] == ["file:/opt/can-cu/docs/operating.md"]


def test_only_what_must_speak_may_and_to_this_machine_alone() -> None:
    for path in UNITS:
        unit = unit_of(path)
        if path.name in {"can-cu.service", "can-cu-read@.service"}:
            assert unit["IPAddressDeny"] == ["any"]
            assert unit["IPAddressAllow"] == ["localhost"]
            assert "PrivateNetwork" not in unit
        else:
            assert unit["PrivateNetwork"] == ["yes"]
            assert unit["RestrictAddressFamilies"] == ["AF_UNIX"]


def test_workers_may_still_cut_their_network_off() -> None:
    for name in ("can-cu.service", "can-cu-watch.service", "can-cu-read@.service"):
        unit = unit_of(DEPLOY / name)
        assert unit["RestrictNamespaces"] == ["user net"]
        assert "landlock_restrict_self" in unit["SystemCallFilter"][0]
    assert unit_of(DEPLOY / "can-cu-watch.service")["ReadOnlyPaths"] == ["/srv/may-quet"]


@pytest.mark.parametrize(
    ("code", "written", "kept"),
    [
        (0, True, {"kho-7.zip": "new"}),
        (21, True, {"kho-7.zip": "old", "kho-7-thieu.zip": "new"}),
        (21, False, {"kho-7.zip": "old", "kho-7-thieu.zip": "old"}),  # a damaged database: there is no copy
        (22, True, {"kho-7.zip": "old", "kho-7-thieu.zip": "old", "new.zip": "new"}),
    ],
)
def test_the_nightly_copy_is_kept_though_an_original_is_missing(
    tmp_path: Path, code: int, written: bool, kept: dict[str, str]
) -> None:
    command = unit_of(DEPLOY / "can-cu-backup.service")["ExecStart"][0].replace("$$", "$").replace("%%", "%")
    ocop, date = tmp_path / "ocop", tmp_path / "date"
    target = '"$2"' if written else "/dev/null"
    ocop.write_text(f'#!/bin/sh\n[ "$1" = backup ] && printf new > {target}\nexit {code}\n')
    date.write_text('#!/bin/sh\n[ "$1" = +%u ] && echo 7\n')
    for program in (ocop, date):
        program.chmod(0o755)
    copies = tmp_path / "can-cu"
    copies.mkdir()
    for name in ("kho-7.zip", "kho-7-thieu.zip"):
        (copies / name).write_text("old")
    command = command.replace("/opt/can-cu/.venv/bin/ocop", str(ocop)).replace("/var/backups/can-cu", str(copies))
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(shlex.split(command), env={"PATH": path}, check=False, cwd=tmp_path)
    assert done.returncode == code
    assert {file.name: file.read_text() for file in copies.iterdir()} == kept


def test_a_drop_in_opens_no_more_than_a_network() -> None:
    unit = unit_of(DEPLOY / "cluster.conf")
    assert set(unit) == {
        "After", "Wants", "RequiresMountsFor", "EnvironmentFile", "PrivateNetwork", "RestrictAddressFamilies",
        "IPAddressDeny", "IPAddressAllow",
    }  # fmt: skip
    assert unit["IPAddressDeny"] == ["any"]
    assert unit["EnvironmentFile"] == ["/etc/can-cu-cluster.env"]


def test_systemd_finds_no_fault_and_little_exposure(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    copies = []
    for path in [*UNITS, *DEPLOY.glob("*.timer")]:
        copy = tmp_path / path.name.replace("@.", "@1.")
        unit = path.read_text(encoding="utf-8").replace("/opt/can-cu/.venv/bin/ocop", "/bin/true")
        copy.write_text(unit, encoding="utf-8")
        copies.append(str(copy))
    asked = subprocess.run(["systemd-analyze", "verify", *copies], capture_output=True, text=True, check=False)
    wrong = [line for line in asked.stderr.splitlines() if "can-cu" in line]
    assert not wrong
    for path in UNITS:
        rated = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=25", str(path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if "unrecognized option" in rated.stderr:
            pytest.skip("a systemd too old to rate a unit offline")
        assert rated.returncode == 0, rated.stdout.splitlines()[-1:]


def test_the_container_is_not_root_and_installs_by_apt_and_lock_alone() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"debian:bookworm-slim"}
    last = text[text.rindex("FROM ") :]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "/healthz" in last[last.index("HEALTHCHECK") :]
    assert not re.search(r"curl|wget|ADD http|npm|git clone", text)
    assert "--require-hashes" in (ROOT / "tools" / "setup").read_text(encoding="utf-8")
    assert {".git", "library", ".venv"} <= set((ROOT / ".containerignore").read_text(encoding="utf-8").split())


def test_the_example_of_a_proxy_trusts_no_client_header_and_logs_no_query() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert re.search(r"proxy_set_header X-Forwarded-For\s+\$remote_addr;", text)
    assert "$proxy_add_x_forwarded_for;" not in text.replace("Not $proxy_add", "")
    log = next(line for line in text.splitlines() if line.startswith("log_format"))
    assert not re.search(r"\$request\b|\$request_uri|\$args|\$query_string|\$http_cookie", log)
    assert "location = /metrics { return 404; }" in text
    assert text.count("{") == text.count("}")


def test_what_security_says_is_tested_is_tested() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"(tests/[\w/]+)\.py(?:::(\w+\*?))?", text)
    assert len(named) > 20
    for file, test in named:
        path = ROOT / f"{file}.py"
        assert path.exists(), file
        if test:
            assert re.search(rf"def {test.rstrip('*')}", path.read_text(encoding="utf-8")), f"{file}::{test}"
    for module in re.findall(r"python -m tests\.(\w+)", text):
        assert (ROOT / "tests" / f"{module}.py").exists() or (ROOT / "tests" / module).is_dir(), module
    for path in re.findall(r"`((?:webui|tests|tools|deploy)/[\w./]*)`", text):
        assert (ROOT / path).exists(), path


def test_advisories_are_compared_without_a_network(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("py_thing==1.2.3 \\\n    --hash=x\nother==2.0\n", encoding="utf-8")

    def advisory(id: str, package: str, **affected: object) -> str:
        return json.dumps({"id": id, "affected": [{"package": {"name": package}, **affected}]})

    def events(*entries: dict[str, str]) -> list[dict[str, object]]:
        return [{"type": "ECOSYSTEM", "events": list(entries)}]

    with zipfile.ZipFile(tmp_path / "all.zip", "w") as made:
        made.writestr("a", advisory("A", "Py.Thing", ranges=events({"introduced": "0"}, {"fixed": "1.2.4"})))
        made.writestr("b", advisory("B", "py-thing", ranges=events({"introduced": "0"}, {"fixed": "1.2.3"})))
        made.writestr("c", advisory("C", "other", versions=["2.0"]))
        made.writestr("d", advisory("D", "other", ranges=events({"introduced": "1"}, {"last_affected": "1.9"})))
        made.writestr("e", advisory("E", "unknown", versions=["1"]))
        made.writestr("f", json.dumps({"id": "F", "withdrawn": "x", "affected": []}))
    asked = [sys.executable, "-m", "tools.audit", str(tmp_path / "all.zip"), str(lock)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert [line.split(": ")[1] for line in done.stdout.splitlines()] == ["C", "A"]
    lock.write_text("clean==1\n", encoding="utf-8")
    assert subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode == 0
