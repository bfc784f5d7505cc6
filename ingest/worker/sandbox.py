"""Confines a worker by means of the kernel, whatever a file makes of the programs that read it.

Address space, CPU time, size of written files, open files and (in a user namespace of its own) processes are limited;
no program it starts gains rights; it has no network and no socket (:mod:`ingest.worker.seccomp`); where the kernel
supports Landlock it writes only where allowed, and from Linux 6.12 on it signals no process but its own children. All
of this holds for its children (Tesseract) as well. A measure the kernel refuses is reported and is no error:
:func:`refused`, shown by ``ocop status``.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress
from enum import StrEnum
from functools import cache
from pathlib import Path

from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.worker import seccomp


class Measure(StrEnum):
    """A measure of confinement that a kernel may refuse."""

    NETWORK = "network"
    WRITING = "writing"
    RIGHTS = "rights"
    CALLS = "calls"

    @property
    def words(self) -> str:
        """The measure in Vietnamese, for a user."""
        return _WORDS[self]


_WORDS = {
    Measure.NETWORK: "ngắt mạng của tiến trình đọc tệp",
    Measure.WRITING: "giới hạn nơi ghi (Landlock)",
    Measure.RIGHTS: "cấm thêm quyền",
    Measure.CALLS: "cấm mở kết nối và các lời gọi hệ thống nguy hiểm (seccomp)",
}

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
#: The version of capget(2), and the capabilities CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER.
_CAPABILITIES_VERSION, _FILE_CAPABILITIES = 0x20080522, 0b1111
# Landlock's calls have the same numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1
#: Landlock's rights to write, by the version that introduced them: write a file, make and remove files and folders of
#: each kind (1); move between folders (2); truncate (3).
_WRITES = {1: 0b1111111110010, 2: 0b11111111110010, 3: 0b111111111110010}
#: Those of them that apply to a single file.
_WRITES_TO_FILE = 0b100000000000110
#: Landlock's scopes, since version 6: abstract sockets of and signals to processes outside.
_SCOPES, _SCOPES_SINCE = 0b11, 6


def confine(limits: Limits, writable: Iterable[Path] = ()) -> list[Measure]:
    """Confine this process, which must have one thread, and its children for good.

    writable: folders it may write in; with none, writing is not confined. Returns what the kernel refused.
    """
    _set_limit(resource.RLIMIT_AS, limits.memory)
    _set_limit(resource.RLIMIT_CORE, 0)
    _set_limit(resource.RLIMIT_FSIZE, limits.written_bytes)
    _set_limit(resource.RLIMIT_NOFILE, limits.open_files)
    denied: list[Measure] = []
    libc = ctypes.CDLL(None, use_errno=True)
    has_no_network, has_own_users = _leave_network(libc)
    if not has_no_network:
        denied.append(Measure.NETWORK)
    if has_own_users and _counts_processes_by_namespace():
        _set_limit(resource.RLIMIT_NPROC, limits.processes)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        denied.append(Measure.RIGHTS)
    folders = list(writable)
    if not _restrict_writing(libc, folders) and folders:
        denied.append(Measure.WRITING)
    if not seccomp.refuse_calls(libc):
        denied.append(Measure.CALLS)
    if not _drop_capabilities(libc) and Measure.RIGHTS not in denied:
        denied.append(Measure.RIGHTS)
    return denied


def allow_cpu(seconds: float) -> None:
    """Allow this process *seconds* more of CPU time; after that SIGXCPU ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


@cache
def refused() -> tuple[Measure, ...]:
    """What the kernel of this machine refuses to enforce, found out once by a process of its own."""
    command = [sys.executable, "-m", "ingest.worker.sandbox"]
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])}
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=True, env=environment)
        return tuple(map(Measure, json.loads(done.stdout)))
    except (OSError, ValueError, subprocess.SubprocessError):
        return tuple(Measure)


def _set_limit(what: int, value: int) -> None:
    with suppress(ValueError, OSError):  # already lower
        resource.setrlimit(what, (value, value))


def _leave_network(libc: ctypes.CDLL) -> tuple[bool, bool]:
    """(whether this process has no network any more, whether it has a user namespace of its own)."""
    if libc.unshare(_CLONE_NEWNET) == 0:  # enough for root
        return True, False
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False, False
    # Without these maps all files would appear to belong to nobody.
    for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with suppress(OSError):
            Path("/proc/self", name).write_text(line)
    return True, True


def _counts_processes_by_namespace() -> bool:
    """Whether the kernel counts a user's processes by namespace; older ones count over the whole machine."""
    major, minor = os.uname().release.split(".")[:2]
    return (int(major), int("".join(c for c in minor if c.isdigit()) or 0)) >= (5, 14)


def _drop_capabilities(libc: ctypes.CDLL) -> bool:
    """Keep only the capabilities over files; the last step, since the others need more.

    With all of its capabilities root could read the memory of any process in spite of Landlock, and lift its limits.
    """
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    held = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable: the lower 32 bits of each, then the upper
    if libc.capget(header, held) != 0:
        return False
    kept = (ctypes.c_uint32 * 6)(held[0] & _FILE_CAPABILITIES, held[1] & _FILE_CAPABILITIES, 0, 0, 0, 0)
    return bool(libc.capset(header, kept) == 0)


class _Ruleset(ctypes.Structure):
    """struct landlock_ruleset_attr: handled rights over files and network ports, and scopes."""

    _fields_ = (("writes", ctypes.c_uint64), ("ports", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    """struct landlock_path_beneath_attr: what is allowed beneath an open folder."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _restrict_writing(libc: ctypes.CDLL, folders: Collection[Path]) -> bool:
    """Let this process and its children write beneath *folders* and to /dev/null only; with no folders, anywhere.

    Landlock also closes memory and environment of other processes, and signals to others where it can.
    """
    version = libc.syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)
    if version < 1:
        return False
    handled = _WRITES[min(3, version)] if folders else 0
    # An older kernel accepts a longer structure as long as the fields it does not know are zero.
    rules = _Ruleset(handled, 0, _SCOPES if version >= _SCOPES_SINCE else 0)
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    if ruleset < 0:
        return False
    try:
        for path in [*folders, Path("/dev/null")] if folders else []:
            if not _allow_beneath(libc, ruleset, path, handled):
                return False
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow_beneath(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> bool:
    """Allow *rights* beneath *path*; a path that does not exist needs no rule."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return True
    rule = _PathBeneath(rights if path.is_dir() else rights & _WRITES_TO_FILE, handle)
    added = libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    os.close(handle)
    return bool(added == 0)


if __name__ == "__main__":
    print(json.dumps(confine(DEFAULT_LIMITS, [Path("/dev")])))
