"""What every test stands on: nothing reaches beyond loopback, and where the labelled documents lie."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import offline
from tests.paths import SHARED

pytest_plugins = ["tests.store_option", "tests.engine_option"]


def pytest_configure(config: pytest.Config) -> None:
    """Before any thread is started: a network of our own, and the refusal in Python as well, for clear messages.

    No example of a property test is bound to a time: the first one fills caches, and the machine may be busy.
    """
    settings.register_profile("project", deadline=None)
    settings.load_profile("project")
    if not hasattr(config, "workerinput"):
        offline.enclose()
    offline.guard()


def pytest_report_header() -> str:
    enclosed = offline.interfaces() == {"lo"}
    return "network: loopback alone" + ("" if enclosed else ", refused in Python (no namespace of our own here)")


@pytest.fixture(autouse=True, scope="session")
def _nothing_reaches_out() -> Iterator[None]:
    """Children are offline as well, and no setting of this machine reaches a test."""
    patch = pytest.MonkeyPatch()
    path = [str(offline.CHILDREN), *filter(None, [os.environ.get("PYTHONPATH")])]
    patch.setenv("PYTHONPATH", os.pathsep.join(path))
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        patch.setenv(name, "1")
    for name in [n for n in os.environ if n.startswith("OCOP_")]:
        patch.delenv(name)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of labelled real documents beside the project; the test skips where it is absent."""
    if not (SHARED / "gold" / "seeds.json").exists():
        pytest.skip("no ../shared beside the project")
    return SHARED
