"""The product unpickles, evaluates and hands to a shell nothing that comes from outside."""

from __future__ import annotations

import ast

from tests.paths import ROOT


def test_no_untrusted_data_is_unpickled_evaluated_or_run_by_a_shell() -> None:
    calls = {"eval", "exec", "os.system", "pickle.load", "pickle.loads", "marshal.loads", "shelve.open", "yaml.load"}
    found = set()
    for room in ("corpus", "ingest", "search", "webui"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                shell = any(k.arg == "shell" and getattr(k.value, "value", None) is True for k in node.keywords)
                if ast.unparse(node.func) in calls or shell:
                    found.add((path.relative_to(ROOT).as_posix(), ast.unparse(node.func)))
    # A worker takes its orders from the process that started it, over a pipe of their own; what it says back is JSON.
    assert found <= {("ingest/worker/child.py", "pickle.loads")}
