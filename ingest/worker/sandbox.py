"""What a worker may not do, whatever a file makes of the programs that read it: the kernel holds it to that.

Address space, CPU time, size of files written, open files and (in a user namespace of its own) processes are limited;
no program it starts gains rights; it has no network and no socket (:mod:`ingest.worker.seccomp`); where the kernel knows
Landlock it writes nowhere but where it is told to, and from Linux 6.12 on it signals no process but its own children.
All of it holds for its children (Tesseract) as well. What the kernel refuses is told, not an error: :func:`refused`,
for `ocop status`.
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
from functools import cache
from pathlib import Path

from ingest.limits import Limits
from ingest.worker import seccomp

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
#: CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER.
_CAPABILITIES_VERSION, _OVER_FILES = 0x20080522, 0b1111
# Landlock's calls have the same numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1
#: Kinds of writing, in the order the versions of Landlock learned them: write a file, make and remove files and
#: folders of each kind; move between folders (2); cut (3).
_WRITES = {1: 0b1111111110010, 2: 0b11111111110010, 3: 0b111111111110010}
#: What can be said of a single file rather than of a folder.
_OF_A_FILE = 0b100000000000110
#: Abstract sockets and signals of processes outside, which version 6 learned to refuse.
_OUTSIDE, _OUTSIDE_SINCE = 0b11, 6

#: What the kernel may refuse, in words.
NETWORK, WRITING, RIGHTS = "ngắt mạng của tiến trình đọc tệp", "giới hạn nơi ghi (Landlock)", "cấm thêm quyền"
CALLS = "cấm mở kết nối và các lời gọi hệ thống nguy hiểm (seccomp)"


def confine(limits: Limits, writable: Iterable[Path] = (), scratch: Path | None = None) -> list[str]:
    """Confine this process, which has one thread, and its children for good; returns what the kernel refused.

    writable: folders it may write in; none given, writing is not confined. scratch: such a folder that is its own.
    """
    _limit(resource.RLIMIT_AS, limits.memory)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, limits.written_bytes)
    _limit(resource.RLIMIT_NOFILE, limits.open_files)
    refused = []
    libc = ctypes.CDLL(None, use_errno=True)
    cut, own_users = _without_network(libc)
    if not cut:
        refused.append(NETWORK)
    if own_users and _counts_by_namespace():
        _limit(resource.RLIMIT_NPROC, limits.processes)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        refused.append(RIGHTS)
    folders = [*writable, *([scratch] if scratch else [])]
    if not _kept_within(libc, folders) and folders:
        refused.append(WRITING)
    if not seccomp.refuse_calls(libc):
        refused.append(CALLS)
    if not _without_powers(libc) and RIGHTS not in refused:
        refused.append(RIGHTS)
    return refused


def allow_cpu(seconds: float) -> None:
    """From here on this process may use so many seconds of CPU; SIGXCPU ends it then."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


@cache
def refused() -> tuple[str, ...]:
    """What the kernel of this machine refuses to a worker, in Vietnamese; found out by a process of its own, once."""
    command = [sys.executable, "-m", "ingest.worker.sandbox"]
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])}
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=True, env=environment)
        return tuple(json.loads(done.stdout))
    except (OSError, ValueError, subprocess.SubprocessError):
        return (NETWORK, WRITING, RIGHTS, CALLS)


def _limit(what: int, value: int) -> None:
    with suppress(ValueError, OSError):  # already lower than this
        resource.setrlimit(what, (value, value))


def _without_network(libc: ctypes.CDLL) -> tuple[bool, bool]:
    """(whether the network is gone, whether by a user namespace of this process's own)."""
    if libc.unshare(_CLONE_NEWNET) == 0:  # root needs no more
        return True, False
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False, False
    # Without these maps files would seem to be nobody's.
    for name, said in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with suppress(OSError):
            Path("/proc/self", name).write_text(said)
    return True, True


def _counts_by_namespace() -> bool:
    """Older kernels count a user's processes over the whole machine, where no number is right for all."""
    major, minor = os.uname().release.split(".")[:2]
    return (int(major), int("".join(c for c in minor if c.isdigit()) or 0)) >= (5, 14)


def _without_powers(libc: ctypes.CDLL) -> bool:
    """Leave of root's powers (its own namespace's, or the machine's) those over files; done when all else is.

    With the others root would look into the memory of any process whatever Landlock says, and lift its limits.
    """
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    held = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable: the lower 32 of each, then the upper
    if libc.capget(header, held) != 0:
        return False
    few = (ctypes.c_uint32 * 6)(held[0] & _OVER_FILES, held[1] & _OVER_FILES, 0, 0, 0, 0)
    return bool(libc.capset(header, few) == 0)


class _Ruleset(ctypes.Structure):
    _fields_ = (("writes", ctypes.c_uint64), ("ports", ctypes.c_uint64), ("outside", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _kept_within(libc: ctypes.CDLL, folders: Collection[Path]) -> bool:
    """Landlock: this process and its children write beneath *folders* and to /dev/null only, anywhere for none.

    Memory and environment of other processes are closed to them with it, and signals to others where it knows how.
    """
    version = libc.syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)
    if version < 1:
        return False
    handled = _WRITES[min(3, version)] if folders else 0
    rules = _Ruleset(handled, 0, _OUTSIDE if version >= _OUTSIDE_SINCE else 0)
    # What is zero at its end an older kernel takes, though it does not know it.
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    if ruleset < 0:
        return False
    try:
        for path in [*folders, Path("/dev/null")] if folders else []:
            try:
                beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except OSError:
                continue  # not there: nothing to write in
            allowed = handled if path.is_dir() else handled & _OF_A_FILE
            rule = _Beneath(allowed, beneath)
            added = libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
            os.close(beneath)
            if added != 0:
                return False
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


if __name__ == "__main__":
    print(json.dumps(confine(Limits(), [Path("/dev")])))
