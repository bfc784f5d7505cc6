"""The files for many machines: they parse, and name only commands, settings, metrics and headings that there are."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.documents.test_guides import commands
from tests.paths import ROOT
from tests.support import programs
from tests.support.markdown import anchors
from tests.support.web_client import client_of
from tests.support.web_library import build
from webui.app.settings import Settings

DEPLOY = ROOT / "deploy"
COMPOSE = [DEPLOY / "compose.yaml", DEPLOY / "compose.cluster.yaml"]
#: Functions and words of PromQL; the labels are in braces, behind "by (" or are grouped.
_PROMQL = {"sum", "min", "max", "rate", "delta", "deriv", "increase", "histogram_quantile", "topk", "by", "and", "or"}
#: What a Prometheus server adds itself.
_ITS_OWN = {"up"}


def files() -> list[Path]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "deploy"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=False).stdout.splitlines()
    return [ROOT / name for name in names] or [path for path in DEPLOY.rglob("*") if path.is_file()]


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def services(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = loaded(path)["services"]
    return found


# ------------------------------------------------------------ commands and settings


def calls() -> Iterator[tuple[str, list[str]]]:
    """Each call of `ocop` in units, container files and compose files: the file, and the arguments."""
    for path in files():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".service":
            for line in re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE):
                for call in re.findall(r"/\.venv/bin/ocop ([^;|&]+)", line):
                    yield path.name, shlex.split(call)
        elif path.name == "Containerfile":
            yield path.name, json.loads(re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)[-1])[1:]
        elif path in COMPOSE:
            for service in services(path).values():
                if service["image"].startswith("can-cu:") and "command" in service:
                    assert service["command"][0] == "ocop"
                    yield path.name, service["command"][1:]


def test_every_call_is_of_a_command_and_of_options_there_are() -> None:
    known = commands()
    found = list(calls())
    assert {arguments[0] for _, arguments in found} == {"serve", "watch", "work", "ingest", "backup"}
    for file, arguments in found:
        command = known[arguments[0]]
        options = {option for parameter in command.params for option in parameter.opts}
        asked = {argument.partition("=")[0] for argument in arguments[1:] if argument.startswith("-")}
        assert asked <= options, f"{file}: {arguments}"
        if command.params and not asked:
            command.make_context(arguments[0], list(arguments[1:]), resilient_parsing=True)


def test_settings_named_are_settings_there_are() -> None:
    known = {f"OCOP_{name.upper()}" for name in Settings.model_fields}
    for path in files():
        for line in path.read_text(encoding="utf-8").splitlines():
            named = set(re.findall(r"\bOCOP_[A-Z_]*[A-Z]\b", line))
            if line.lstrip().startswith("#"):
                named -= {"OCOP_ORIGINALS"}
            assert named <= known, f"{path.name}: {line}"


def test_settings_of_containers_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in COMPOSE:
        for name, service in services(path).items():
            with monkeypatch.context() as patched:
                for variable, value in service.get("environment", {}).items():
                    if variable.startswith("OCOP_"):
                        patched.setenv(variable, re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value))
                assert Settings(), name


# ------------------------------------------------------------ containers


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_containers_have_least_rights_and_fixed_versions(path: Path) -> None:
    whole = loaded(path)
    for name, service in services(path).items():
        version = service["image"].rpartition(":")[2]
        assert re.search(r"\d+\.\d+", version), f"{name}: {service['image']}"
        assert "healthcheck" in service, name
        assert not service.get("privileged"), name
        assert name == "nginx" or "no-new-privileges:true" in service["security_opt"], name
        if service["image"].startswith("can-cu:"):
            assert service["cap_drop"] == ["ALL"], name
            assert service["read_only"], name
            assert "mem_limit" in service, name
            assert "stop_grace_period" in service or name == "ingest", name
        for published in service.get("ports", []):
            assert name == "nginx" or published.startswith("127.0.0.1:"), name
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            if source.startswith("./"):
                assert (DEPLOY / source).exists(), f"{name}: {source}"
            elif not source.startswith("$"):
                assert source in whole["volumes"], f"{name}: {source}"
        for network in service.get("networks", []):
            assert network in whole["networks"], f"{name}: {network}"
        for needed in service.get("depends_on", []):
            assert needed in services(path), f"{name}: {needed}"
        for secret in service.get("secrets", []):
            assert (secret if isinstance(secret, str) else secret["source"]) in whole["secrets"], f"{name}: {secret}"


def test_what_is_shared_reaches_nobody_outside() -> None:
    whole = loaded(DEPLOY / "compose.cluster.yaml")
    assert [name for name, network in whole["networks"].items() if not network.get("internal")] == ["outside"]
    outside = [name for name, service in whole["services"].items() if "outside" in service.get("networks", [])]
    assert outside == ["nginx"]


def test_no_secret_stands_in_a_file_or_goes_into_an_image() -> None:
    whole = loaded(DEPLOY / "compose.cluster.yaml")
    assert all(secret["file"].startswith("secrets/") for secret in whole["secrets"].values())
    assert "deploy/secrets" in (ROOT / ".containerignore").read_text(encoding="utf-8").split()
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    for path in COMPOSE:
        assert not re.search(r"://[^/\s:]+:[^/\s@]+@", path.read_text(encoding="utf-8")), path.name


def test_addresses_agree_between_the_files() -> None:
    found = services(DEPLOY / "compose.cluster.yaml")
    servers = [service["networks"]["pages"]["ipv4_address"] for name, service in found.items() if "web-" in name]
    proxy = (DEPLOY / "nginx.cluster.conf").read_text(encoding="utf-8")
    assert re.findall(r"^\s*server ([\d.]+):8000 ", proxy, re.MULTILINE) == servers
    scraped = loaded(DEPLOY / "prometheus" / "prometheus.yaml")["scrape_configs"][0]["static_configs"][0]["targets"]
    assert scraped == [f"{server}:8000" for server in servers]
    for name in ("web-1", "web-2"):
        settings = found[name]["environment"]
        assert settings["OCOP_TRUSTED_PROXIES"] == found["nginx"]["networks"]["pages"]["ipv4_address"]
        assert settings["OCOP_METRICS_FOR"].split(",")[-1] == found["prometheus"]["networks"]["pages"]["ipv4_address"]
    nodes = [service["hostname"] for name, service in found.items() if name.startswith("opensearch-")]
    assert loaded(DEPLOY / "opensearch" / "opensearch.yml")["discovery.seed_hosts"] == nodes


def test_the_proxy_repeats_only_what_changes_nothing(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx.cluster.conf").read_text(encoding="utf-8")
    repeated = re.search(r"^\s*proxy_next_upstream ([^;]+);", text, re.MULTILINE)
    assert repeated
    assert set(repeated[1].split()) == {"error", "timeout", "http_502", "http_503"}
    assert re.search(r"proxy_set_header X-Forwarded-For\s+\$remote_addr;", text)
    assert "location = /metrics { return 404; }" in text
    log = re.search(r"^log_format.*$", text, re.MULTILINE)
    assert log
    assert not re.search(r"\$request\b|\$request_uri|\$args|\$query_string|\$http_cookie", log[0])
    nginx = programs.nginx()
    if nginx is None:
        pytest.skip("no nginx here")
    for name in ("nginx.conf", "nginx.cluster.conf"):
        plain = (DEPLOY / name).read_text(encoding="utf-8").replace("/var/log/nginx", str(tmp_path))
        plain = re.sub(r"^\s*ssl_.*\n", "", plain, flags=re.MULTILINE).replace(
            " ssl http2", ""
        )  # it has no certificate
        whole = f"error_log stderr;\npid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{plain}\n}}\n"
        (tmp_path / name).write_text(whole, encoding="utf-8")
        checked = subprocess.run([nginx, "-t", "-c", str(tmp_path / name)], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr


# ------------------------------------------------------------ metrics


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the samples that a server's /metrics gives."""
    folder = tmp_path_factory.mktemp("metrics")
    library = (folder / "kho", build(folder / "kho", folder / "tep"))
    with client_of(library, client=("127.0.0.1", 1)) as client:
        client.get("/huong-dan")
        text = client.get("/metrics").text
    families = list(text_string_to_metric_families(text))
    # A family without samples yet (no file has failed) is a metric too.
    return {sample.name for family in families for sample in family.samples} | {family.name for family in families}


def named_in(expression: str) -> set[str]:
    """The metrics that an expression of PromQL names."""
    plain = re.sub(r'\{[^}]*\}|\[[^\]]*\]|"[^"]*"|\bby\s*\([^)]*\)', " ", expression)
    return set(re.findall(r"\b[a-z_][a-z_0-9]*\b", plain)) - _PROMQL - _ITS_OWN


def test_what_an_expression_names_is_found() -> None:
    asked = 'topk(3, sum by (le, route) (rate(a_bucket{x="b"}[5m]))) > 2 * max(c_total) and up{job="d"} == 1'
    assert named_in(asked) == {"a_bucket", "c_total"}


def test_the_dashboard_shows_metrics_there_are(metrics: set[str]) -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "can-cu.json").read_text(encoding="utf-8"))
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    shown: set[str] = set()
    for panel in panels:
        for target in panel.get("targets", []):
            named = named_in(target["expr"])
            assert named <= metrics, f"{panel['title']}: {named - metrics}"
            assert target["datasource"]["uid"] == f"${{{dashboard['templating']['list'][0]['name']}}}"
            shown |= named
        assert panel["type"] == "row" or panel["targets"], panel["title"]
    assert {
        "ocop_requests_total", "ocop_request_seconds_bucket", "ocop_queue_jobs", "ocop_queue_oldest_seconds",
        "ocop_queue_readers", "ocop_index_lag_changes", "ocop_index_lag_seconds", "ocop_store_changes_total",
        "ocop_store_answer_seconds",
    } <= shown  # fmt: skip


def test_alarms_watch_metrics_there_are_and_lead_to_the_runbook(metrics: set[str]) -> None:
    rules = [rule for group in loaded(DEPLOY / "prometheus" / "alerts.yaml")["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) > 8
    text = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    for rule in rules:
        assert named_in(rule["expr"]) <= metrics, rule["alert"]
        file, _, heading = rule["annotations"]["runbook"].partition("#")
        assert file == "docs/runbook.md"
        assert heading in anchors(text), rule["alert"]
        assert f"`{rule['alert']}`" in text, rule["alert"]
    assert set(re.findall(r"`(CanCu\w+)`", text)) == {rule["alert"] for rule in rules}
    if shutil.which("promtool") is not None:
        checked = subprocess.run(
            ["promtool", "check", "config", str(DEPLOY / "prometheus" / "prometheus.yaml")], check=False
        )
        assert checked.returncode == 0


def test_the_guide_names_every_metric(metrics: set[str]) -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`(ocop_\w+)`", text))
    ours = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in metrics if name.startswith("ocop_")}
    left_out = {"ocop_requests", "ocop_process_virtual_memory_bytes", "ocop_process_start_time_seconds",
                "ocop_process_max_fds", "ocop_process_cpu_seconds", "ocop_store_changes"}  # fmt: skip
    assert ours - left_out - documented == set()
    assert documented <= metrics | ours
