"""Where `ocop` starts. The workers' own start takes the longest: `ocop ingest` begins it before it imports the rest."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress

#: Options of `ocop ingest` with which no file is read.
_READING_NOTHING = {"--help", "-h", "--queue"}


def main() -> int:
    """Run the command line; returns its exit code (see :func:`webui.cli.command.main`)."""
    if _reads_files(sys.argv[1:]):
        from ingest.worker import fork_server
        from webui.app import preloaded

        with suppress(OSError):  # the command fails for the same reason and says so
            fork_server.start(preloaded.SEGMENTING)
    from webui.cli.command import main as command

    return command()


def _reads_files(arguments: Sequence[str]) -> bool:
    return arguments[:1] == ["ingest"] and len(arguments) > 1 and not _READING_NOTHING.intersection(arguments)
