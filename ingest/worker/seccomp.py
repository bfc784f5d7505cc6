"""Refuses the system calls that lead out of a worker's sandbox and that reading a file never needs.

Sockets above all: neither Landlock nor a network namespace stops connect(2) to a UNIX socket in a folder, for instance
that of the server that forks the workers. The filter (seccomp in classic BPF) also holds for child processes and cannot
be removed.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Iterator

from corpus.tables import rows
from ingest.data import DATA

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

#: The kernel's numbers of the supported architectures (linux/audit.h); both are little-endian.
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# Calls judged by their arguments. Those of clone3 lie in memory, which a filter cannot see: answered with "no such
# call", it makes libc use clone instead.
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_IOCTL = {"x86_64": 16, "aarch64": 29}
#: A process may lower its own limits (process 0 is itself), not those of others.
_PRLIMIT = {"x86_64": 302, "aarch64": 261}
#: CLONE_NEW* flags: namespaces for mounts, control groups, names, queues, users, processes and networks.
_NEW_NAMESPACES = 0x7E020000
#: TIOCSTI and TIOCLINUX, by which a program types into a terminal.
_TYPING = (0x5412, 0x541C)
#: Numbers from here on are x86_64's second set of the same calls (x32).
_X32 = 0x40000000

# Operations of classic BPF (linux/bpf_common.h, linux/seccomp.h), and offsets in struct seccomp_data.
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000

_Step = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refused_calls(machine: str) -> dict[str, int]:
    """Names and numbers of the refused system calls on an architecture of :data:`ARCHITECTURES`."""
    return {row["name"]: int(row[machine]) for row in rows("kernel_calls", DATA)}


def is_supported() -> bool:
    """Whether there is a filter for this machine's architecture."""
    return platform.machine() in ARCHITECTURES and ctypes.sizeof(ctypes.c_void_p) == 8


def refuse_calls(libc: ctypes.CDLL) -> bool:
    """Refuse :func:`refused_calls` to this thread and its children for good (EPERM).

    no_new_privs must be set before. Returns False where the kernel or the architecture does not support it.
    """
    if not is_supported():
        return False
    steps = [struct.pack("=HBBI", *step) for step in _steps(platform.machine())]
    program = _Program(len(steps), b"".join(steps))
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _steps(machine: str) -> Iterator[_Step]:
    """The filter's steps, each (operation, steps to skip if true, steps to skip if false, value)."""
    refuse, missing = (_RETURN, 0, 0, _REFUSE | errno.EPERM), (_RETURN, 0, 0, _REFUSE | errno.ENOSYS)
    yield (_LOAD, 0, 0, _ARCHITECTURE)
    yield (_IF_EQUAL, 1, 0, ARCHITECTURES[machine])
    yield refuse  # a 32-bit program, whose call numbers differ
    yield (_LOAD, 0, 0, _NUMBER)
    yield (_IF_AT_LEAST, 0, 1, _X32)
    yield refuse
    for number in refused_calls(machine).values():
        yield (_IF_EQUAL, 0, 1, number)
        yield refuse
    yield (_IF_EQUAL, 0, 1, _CLONE3)
    yield missing
    yield (_IF_EQUAL, 0, 4, _CLONE[machine])
    yield (_LOAD, 0, 0, _FIRST)
    yield (_IF_ANY_BIT, 0, 1, _NEW_NAMESPACES)
    yield refuse
    yield (_RETURN, 0, 0, _ALLOW)
    yield (_IF_EQUAL, 0, 4, _PRLIMIT[machine])
    yield (_LOAD, 0, 0, _FIRST)
    yield (_IF_EQUAL, 1, 0, 0)
    yield refuse
    yield (_RETURN, 0, 0, _ALLOW)
    yield (_IF_EQUAL, 0, 4, _IOCTL[machine])
    yield (_LOAD, 0, 0, _SECOND)
    yield (_IF_EQUAL, 1, 0, _TYPING[0])
    yield (_IF_EQUAL, 0, 1, _TYPING[1])
    yield refuse
    yield (_RETURN, 0, 0, _ALLOW)
