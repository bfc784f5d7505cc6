"""The version of what is read of a file; apart from the readers, so that the store's side need not load them."""

from __future__ import annotations

#: Increased when records of the same file would come out different: ingest then reads such files again.
READER_VERSION = "13"
