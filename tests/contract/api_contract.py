"""Schemathesis on the OpenAPI description of a real library, signed out and signed in.

Every operation is called with generated values that its description allows, and with values that it forbids. Every
answer must be below 500, be described (status, content type, shape), refuse what the description forbids, and carry
the security headers.
"""

from __future__ import annotations

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

from tests.support.web_client import PASSWORD, sign_in
from tests.support.web_library import build
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
#: Ids are drawn from 1 to a little past the last of the library.
_IDS = 16
#: Breaches that are kept.
_MOST_BREACHES = 50
#: With fewer examples the values are the same in every run.
_RANDOM_FROM = 50


@dataclass(slots=True)
class Report:
    """What came of one run."""

    requests: int = 0
    #: HTTP status → answers.
    statuses: Counter[int] = field(default_factory=Counter)
    operations: int = 0
    #: The operation, and what was wrong.
    breaches: list[str] = field(default_factory=list)

    @property
    def server_errors(self) -> int:
        """Answers from 500 on."""
        return sum(times for code, times in self.statuses.items() if code >= 500)

    def note(self, breach: str) -> None:
        """Keeps a breach, unless there are many."""
        if len(self.breaches) < _MOST_BREACHES:
            self.breaches.append(breach)

    def as_json(self) -> dict[str, Any]:
        """The figures."""
        return {
            "operations": self.operations,
            "requests": self.requests,
            "statuses": {str(code): times for code, times in sorted(self.statuses.items())},
            "server_errors": self.server_errors,
            "breaches": self.breaches,
        }


def library(folder: Path) -> Path:
    """A small library with a user, in *folder*."""
    build(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    return folder / "kho"


def run(folder: Path, examples: int, *, signed_in: bool) -> Report:
    """Calls every operation of the application over the library in *folder* (made by :func:`library`)."""
    # The rate limits have tests of their own; here every request must come through.
    unlimited: dict[str, Any] = {f"rate_{kind}": "1000000/second" for kind in ("page", "picture", "table")}
    app = create_app(Settings(library=folder, **unlimited))
    report = Report()
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        if signed_in:
            assert sign_in(client) == 303
        schema = schemathesis.openapi.from_dict(client.get("/api/openapi.json").json())
        found: Any
        for found in schema.get_all_operations():
            for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
                _call(found.ok(), client, report, examples, mode)
            report.operations += 1
    return report


def _call(operation: Any, client: TestClient, report: Report, examples: int, mode: Any) -> None:
    """Calls one operation with generated values."""

    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=examples < _RANDOM_FROM,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any) -> None:
        if mode is schemathesis.GenerationMode.POSITIVE and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = case.path_parameters["id"] % _IDS + 1  # else most ids are no document's
        arguments = case.as_transport_kwargs(base_url=str(client.base_url))
        arguments.pop("cookies", None)  # the client has the session's own
        answer = client.request(**arguments)
        report.requests += 1
        report.statuses[answer.status_code] += 1
        where = f"{operation.method.upper()} {operation.path}"
        try:
            case.validate_response(answer, checks=CHECKS)
        except schemathesis.core.failures.FailureGroup as error:
            reasons = " ".join(" ".join(map(str, error.exceptions)).split())[:300]
            report.note(f"{where} {answer.request.url}: {reasons}")
        if not all(answer.headers.get(name) == value for name, value in HEADERS.items()):
            report.note(f"{where}: a security header is missing")

    with suppress(Unsatisfiable):  # an operation without parameters cannot be given wrong ones
        call()
