"""TCP ports of this machine: which are in use, by whom, and which are free."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Collection
from dataclasses import dataclass

from pygatectl.definition import is_loopback
from pygatectl.errors import PygatectlError


@dataclass(frozen=True)
class Holder:
    """The process that listens on a port."""

    pid: int
    program: str

    def __str__(self) -> str:
        return f"{self.program} (pid {self.pid})"


def connect_host(host: str) -> str:
    """The address at which this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compares, does not bind


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[object, ...]]]:
    from pygateway.addresses import plain

    found = socket.getaddrinfo(plain(host), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return [(one[0], one[4]) for one in found]


def _bind(family: socket.AddressFamily, address: tuple[object, ...]) -> int:
    """0, or the error number of binding a TCP socket to this address."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if sys.platform == "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            # Connections that ended a moment ago don't count, only what listens.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            return error.errno or errno.EINVAL
    return 0


def is_here(host: str) -> bool:
    """Whether `host`, as it is written, is this machine and no other; asks nobody."""
    return is_loopback(host) or host in ("0.0.0.0", "::")  # noqa: S104 - compares, does not bind


def is_local(host: str) -> bool:
    """Whether `host` is an address of this machine, on which a server can listen."""
    if is_here(host):
        return True
    try:
        addresses = _addresses(host, 0)
    except OSError:  # a name that nobody knows is not this machine
        return False
    return any(_bind(family, address) == 0 for family, address in addresses)


def in_use(host: str, port: int) -> bool:
    """Whether some process listens where a server of this host and port would. Disturbs nobody: it only
    binds.
    """
    return any(_bind(family, address) == errno.EADDRINUSE for family, address in _addresses(host, port))


def free_port(taken: Collection[object], host: str = "127.0.0.1") -> int:
    """A port that nothing listens on now and that is not among the taken ones. The system chooses it."""
    for _ in range(200):
        with socket.socket() as probe:
            probe.bind((host, 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port
    raise PygatectlError("no free port was found in 200 attempts")


def holder(port: int) -> Holder | None:
    """Who listens on this port, or else has a connection from it; None if nobody has, or this user is not told."""
    import psutil

    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:  # macOS tells root only
        return None
    found = [one for one in connections if one.laddr and one.laddr.port == port]
    found.sort(key=lambda one: one.status != psutil.CONN_LISTEN)
    for pid in [one.pid for one in found if one.pid]:
        try:
            return Holder(pid, psutil.Process(pid).name())
        except psutil.NoSuchProcess:
            continue
    return None
