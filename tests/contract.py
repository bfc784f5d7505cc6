"""Schemathesis on the OpenAPI of a real library, signed out and signed in: ``python -m tests.contract [--examples 200]``.

Every operation is asked with made-up values that its description allows and with such as it forbids, and followed
through its links; every answer must be below 500, described (status, content type, shape), refuse what the description
forbids, and carry the safe headers. Prints JSON; exits 1 on any breach.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from tests.support.web_library import build
from tests.webui.web.test_writing import PASSWORD, sign_in
from webui.app.settings import Settings
from webui.app.users import Users
from webui.web.application import create_app
from webui.web.middleware.headers import HEADERS

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
]
#: Ids up to a little past the last of the library.
IDS = 16


@dataclass(slots=True)
class Told:
    """What came of one run. breaches: operation and what was wrong."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    operations: int = 0
    breaches: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "operations": self.operations, "requests": self.requests,
            "statuses": {str(k): v for k, v in sorted(self.statuses.items())},
            "server_errors": sum(n for code, n in self.statuses.items() if code >= 500),
            "breaches": self.breaches,
        }  # fmt: skip


def run(folder: Path, examples: int, *, signed_in: bool) -> Told:
    """Ask every operation of the application over the library in *folder* (made by :func:`library`)."""
    # The limits on how often are tested for themselves; here every request must come through to what it asks.
    many: dict[str, Any] = {f"rate_{kind}": "1000000/second" for kind in ("page", "picture", "table")}
    app = create_app(Settings(library=folder, **many))
    told = Told()
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        if signed_in:
            assert sign_in(client) == 303
        schema = schemathesis.openapi.from_dict(client.get("/api/openapi.json").json())
        found: Any
        for found in schema.get_all_operations():
            for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
                _ask(found.ok(), client, told, examples, mode)
            told.operations += 1
    return told


def _ask(operation: Any, client: TestClient, told: Told, examples: int, mode: Any) -> None:
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=examples < 50,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def asked(case: Any) -> None:
        if mode is schemathesis.GenerationMode.POSITIVE and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = case.path_parameters["id"] % IDS + 1  # most made-up ids are no document's
        sent = case.as_transport_kwargs(base_url=str(client.base_url))
        sent.pop("cookies", None)  # the session's are the client's own
        answer = client.request(**sent)
        told.requests += 1
        told.statuses[answer.status_code] += 1
        where = f"{operation.method.upper()} {operation.path}"
        try:
            case.validate_response(answer, checks=CHECKS)
        except schemathesis.core.failures.FailureGroup as error:
            _breach(
                told, f"{where} {answer.request.url}: {' '.join(' '.join(map(str, error.exceptions)).split())[:300]}"
            )
        if not all(answer.headers.get(name) == value for name, value in HEADERS.items()):
            _breach(told, f"{where}: a safe header is missing")

    with suppress(Unsatisfiable):  # what takes no parameters can be given no wrong ones
        asked()


def _breach(told: Told, said: str) -> None:
    if len(told.breaches) < 50:
        told.breaches.append(said)


def library(folder: Path) -> Path:
    """A small library with a user, in *folder*."""
    build(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    return folder / "kho"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=200, help="made-up requests an operation, of each mode")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        kept = library(Path(folder))
        figures: dict[str, Any] = {
            name: run(kept, given.examples, signed_in=signed_in).as_json()
            for name, signed_in in (("signed_out", False), ("signed_in", True))
        }
    bad = any(f["breaches"] or f["server_errors"] for f in figures.values())
    figures["seconds"] = round(time.perf_counter() - began, 1)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
