"""The walls around a child: memory, time, files, network, and death with its parent."""

import ctypes
import os
import resource
import signal
import socket

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000
LARGEST_FILE = 4 << 30


class NetworkRefused(OSError):
    """A render asked for the network; it gets none."""


def confine(*, memory_mb: int, seconds: int, parent: int):
    """Put this process behind its walls; it ends here if the parent is gone already."""
    os.setsid()
    os.umask(0o077)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
    _limit(memory_mb=memory_mb, seconds=seconds)
    _no_network(libc)


def _limit(*, memory_mb: int, seconds: int):
    for name, value in (
        (resource.RLIMIT_AS, memory_mb << 20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(name)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # A second between the two, so that too much time ends in SIGXCPU and can be told apart.
        ceiling = value + 1 if name == resource.RLIMIT_CPU else value
        resource.setrlimit(name, (value, ceiling))


def _no_network(libc):
    # An empty network namespace where the kernel allows it; a refusing socket in any case.
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)

    def refuse(*_args, **_kwargs):
        raise NetworkRefused("a render has no network")

    socket.socket.connect = socket.socket.connect_ex = refuse
    socket.getaddrinfo = socket.create_connection = refuse
