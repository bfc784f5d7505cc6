"""Opens the originals of a library by their address."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import MissingTool
from corpus.library.originals.in_folder import FolderOriginals
from corpus.library.originals.originals import Originals
from corpus.library.store import Store

#: What separates the scheme of an object store's address from the rest; a folder's has none.
_SCHEME = "://"


def originals_of(folder: Path, store: Store) -> Originals:
    """The originals of the library in *folder*; nothing is reached yet.

    Raises UsageError for an address that cannot be used, MissingTool where the package for it is not installed.
    """
    if store.originals is None:
        return FolderOriginals(folder)
    if _SCHEME not in store.originals:
        return FolderOriginals(folder, Path(store.originals))
    try:
        from corpus.library.originals.in_objects import ObjectOriginals
    except ImportError as error:
        raise MissingTool(
            "Thiếu gói obstore để giữ tệp gốc ở kho đối tượng.", 'Hãy cài: pip install "can-cu[cluster]".'
        ) from error
    return ObjectOriginals(folder, store.originals, store.fetched_bytes, store.reach_seconds)
