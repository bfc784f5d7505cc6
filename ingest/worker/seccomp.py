"""Calls of the kernel that no reading of a file needs and that lead out of a worker's sandbox: refused by a filter.

Above all sockets: Landlock and a network of one's own do not stop connect(2) to a UNIX socket in a folder, such as that
of the server that forks the workers. The filter (seccomp, classic BPF) holds for children too and cannot be taken off.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Iterator

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

#: The kernel's name of the architecture (linux/audit.h), and its column in the numbers below; both are little-endian.
_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

#: Calls and their numbers on x86_64 and aarch64 (asm/unistd_64.h, asm-generic/unistd.h of Linux).
CALLS: dict[str, tuple[int, int]] = {
    # No socket, neither a new one nor by way of one that was there.
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242), "bind": (49, 200),
    "listen": (50, 201), "socketpair": (53, 199),
    # Their own way to the same calls.
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    # Other processes' memory and files.
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "perf_event_open": (298, 241),
    # Out of the session that is killed as one, and other processes' turn at the machine.
    "setsid": (112, 157), "setpgid": (109, 154), "setpriority": (141, 140), "ioprio_set": (251, 30),
    "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    # Other views of the machine.
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "fanotify_init": (300, 262),
    # Doors of the kernel itself.
    "bpf": (321, 280), "userfaultfd": (323, 282), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "reboot": (169, 142), "swapon": (167, 224),
    "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60), "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
    "sethostname": (170, 161), "setdomainname": (171, 162),
}  # fmt: skip

# Asked of their arguments. clone3's lie in memory, which a filter does not see: "no such call" makes libc take clone.
_CLONE, _CLONE3, _IOCTL = (56, 220), 435, (16, 29)
#: Its own limits a process may lower (0 is itself); those of others, the server's among them, are none of its business.
_PRLIMIT = (302, 261)
#: Namespaces: mounts, control groups, names, queues, users, processes, networks.
_NEW_NAMESPACES = 0x7E020000
#: Keys typed into a terminal by program: TIOCSTI, TIOCLINUX.
_TYPING = (0x5412, 0x541C)
#: Numbers from here on are x86_64's second set of the same calls (x32).
_X32 = 0x40000000

# Classic BPF (linux/bpf_common.h, linux/seccomp.h): what is loaded lies at an offset of struct seccomp_data.
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000

_Step = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refuse_calls(libc: ctypes.CDLL) -> bool:
    """Refuse :data:`CALLS` to this thread and its children for good (EPERM), once no_new_privs is set.

    False where the kernel does not, or the machine is of another architecture.
    """
    known = _ARCHITECTURES.get(platform.machine())
    if known is None or ctypes.sizeof(ctypes.c_void_p) != 8:
        return False
    steps = [struct.pack("=HBBI", *step) for step in _steps(*known)]
    program = _Program(len(steps), b"".join(steps))
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _steps(architecture: int, column: int) -> Iterator[_Step]:
    """The filter, as (code, steps to skip if true, if false, value) each."""
    refuse, missing = (_RETURN, 0, 0, _REFUSE | errno.EPERM), (_RETURN, 0, 0, _REFUSE | errno.ENOSYS)
    yield (_LOAD, 0, 0, _ARCHITECTURE)
    yield (_IF_EQUAL, 1, 0, architecture)
    yield refuse  # a program of 32 bits, whose numbers are others
    yield (_LOAD, 0, 0, _NUMBER)
    yield (_IF_AT_LEAST, 0, 1, _X32)
    yield refuse
    for numbers in CALLS.values():
        yield (_IF_EQUAL, 0, 1, numbers[column])
        yield refuse
    yield (_IF_EQUAL, 0, 1, _CLONE3)
    yield missing
    yield (_IF_EQUAL, 0, 4, _CLONE[column])
    yield (_LOAD, 0, 0, _FIRST)
    yield (_IF_ANY_BIT, 0, 1, _NEW_NAMESPACES)
    yield refuse
    yield (_RETURN, 0, 0, _ALLOW)
    yield (_IF_EQUAL, 0, 4, _PRLIMIT[column])
    yield (_LOAD, 0, 0, _FIRST)
    yield (_IF_EQUAL, 1, 0, 0)
    yield refuse
    yield (_RETURN, 0, 0, _ALLOW)
    yield (_IF_EQUAL, 0, 4, _IOCTL[column])
    yield (_LOAD, 0, 0, _SECOND)
    yield (_IF_EQUAL, 1, 0, _TYPING[0])
    yield (_IF_EQUAL, 0, 1, _TYPING[1])
    yield refuse
    yield (_RETURN, 0, 0, _ALLOW)
