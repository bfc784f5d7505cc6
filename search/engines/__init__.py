"""The search engines.

To add one:

1. write a module here with a class that has the interface of :class:`search.engine.Engine` and whose constructor takes
   the engine's folder, and the address where it is on other machines;
2. add its line to :data:`ENGINES`, and its name to the setting ``engine`` (``webui/app/settings.py``).

``tests/search/engines/test_engine_contract.py`` then holds it to the same contract as the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from corpus.errors import MissingTool, UsageError
from search.engine import Engine, EngineAddress


@dataclass(frozen=True, slots=True)
class EngineEntry:
    """An engine and when to use it. Its module is imported only when it is opened."""

    #: ``module:class``.
    path: str
    #: Documents up to which it answers fast; None without such a limit.
    comfortable: int | None = None
    #: The engine advised for more documents.
    larger: str = ""
    #: Whether it is on other machines and needs an address.
    remote: bool = False


ENGINES = {
    "whoosh": EngineEntry("search.engines.whoosh:WhooshEngine", comfortable=20_000, larger="tantivy"),
    "tantivy": EngineEntry("search.engines.tantivy:TantivyEngine"),
    "opensearch": EngineEntry("search.engines.opensearch:OpenSearchEngine", remote=True),
}
#: The engine of a new index when the settings name none: Whoosh, pure Python, is for libraries of up to 20,000
#: documents; beyond that Tantivy answers ten times faster (``ocop ingest`` says so, or moves the index). OpenSearch is
#: for more documents than one machine holds (docs/scale.md).
DEFAULT = "whoosh"


def check_name(name: str) -> None:
    """Raises UsageError for a name that is not in the registry."""
    if name not in ENGINES:
        raise UsageError(f"Không có máy tìm “{name}”.", "Có: " + ", ".join(ENGINES) + ".")


def open_engine(name: str, folder: Path, address: EngineAddress | None = None) -> Engine:
    """The engine of that name over its folder, which may be empty.

    Raises UsageError for an unknown name, or without the address of an engine that is on other machines; MissingTool
    where the packages of an optional engine are not installed.
    """
    check_name(name)
    entry = ENGINES[name]
    module, _, cls = entry.path.partition(":")
    try:
        made = getattr(import_module(module), cls)
    except ModuleNotFoundError as error:
        raise MissingTool(f"Máy tìm {name} chưa được cài.", "Hãy chạy: pip install 'can-cu[cluster]'") from error
    engine: Engine = made(folder, address) if entry.remote else made(folder)
    return engine


def advice(name: str, documents: int) -> str:
    """A Vietnamese sentence where another engine suits an index of so many documents better; else empty."""
    entry = ENGINES[name]
    if entry.comfortable is None or documents <= entry.comfortable:
        return ""
    return (
        f"Kho có {documents} văn bản, vượt mức {entry.comfortable} của máy tìm {name.capitalize()}. "
        f"Hãy chạy: ocop reindex --engine {entry.larger}"
    )
