"""Listens where the hostile files point to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

#: The address in the files of the kind "links".
ADDRESS = ("127.0.0.1", 9)


@contextmanager
def listening() -> Iterator[list[str]]:
    """A list of what is sent to :data:`ADDRESS` meanwhile. Where the port may not be opened, nothing is listened to."""
    received: list[str] = []
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(ADDRESS)
        except OSError:
            yield received
            return
        listener.listen()
        listener.settimeout(0.2)
        running = True

        def accept() -> None:
            while running:
                with suppress(TimeoutError):
                    connection, _ = listener.accept()
                    received.append(repr(connection.recv(200)))
                    connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield received
        finally:
            running = False
            thread.join()
