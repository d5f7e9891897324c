"""Processes: which one is meant, whether it lives, and signals that reach no other.

A process is identified by pid, start time and boot. On Linux the start time is that of the kernel, in ticks
since the boot: the wall-clock time that psutil derives from it moves when the clock is set.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

LINUX = sys.platform.startswith("linux")


@dataclass(frozen=True)
class Identity:
    """One process for ever: a pid alone is given to another process some day."""

    pid: int
    start: str
    boot: str

    def alive(self) -> bool:
        """Whether this very process runs. One that has ended and waits for its parent does not."""
        return self.boot == boot_mark() and start_mark(self.pid) == self.start


def identify(pid: int) -> Identity | None:
    """The identity of the process that has this pid now; None if there is none."""
    start = start_mark(pid)
    return Identity(pid, start, boot_mark()) if start is not None else None


def boot_mark() -> str:
    """A text that is another one after each boot of the machine."""
    if LINUX:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:  # noqa: PTH123 - hot path
            return file.read().strip()
    import psutil

    return str(round(psutil.boot_time() / 10))


def start_mark(pid: int) -> str | None:
    """When the process of this pid started, as an opaque text; None if it does not run."""
    if LINUX:
        stat = _stat(pid)
        return None if stat is None or _has_ended(stat) else stat[19]
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return repr(process.create_time())
    except psutil.NoSuchProcess:
        return None


def _has_ended(stat: list[str]) -> bool:
    """Whether all threads have ended; the last closes the sockets, and may do so after the first is a zombie."""
    threads = int(stat[17])
    return stat[0] == "X" or (stat[0] == "Z" and threads <= 1)


def _stat(pid: int) -> list[str] | None:
    """Fields 3 and following of /proc/PID/stat (proc(5)): state, ppid, pgrp, session, ... start time is field
    22.
    """
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - hot path
            return file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def send(identity: Identity, number: int) -> bool:
    """Signal this very process; False if it has ended. On Linux no other can be hit, not even by a race."""
    if sys.platform == "linux" and hasattr(os, "pidfd_open"):
        try:
            descriptor = os.pidfd_open(identity.pid)
        except ProcessLookupError:
            return False
        try:
            if not identity.alive():
                return False
            signal.pidfd_send_signal(descriptor, number)
        except ProcessLookupError:
            return False
        finally:
            os.close(descriptor)
        return True
    import psutil

    try:
        process = psutil.Process(identity.pid)
        if not identity.alive():
            return False
        process.send_signal(number)  # checks once more that the process is the same one
    except psutil.NoSuchProcess:
        return False
    return True


def ask_to_end(identity: Identity) -> bool:
    """The soft stop."""
    return send(identity, signal.SIGTERM)


def kill(identities: Iterable[Identity]) -> None:
    """End these processes at once, whatever they do."""
    number: int = signal.SIGTERM  # on Windows it ends a process as surely
    if sys.platform != "win32":
        number = signal.SIGKILL
    for one in identities:
        send(one, number)


def family(leader: Identity) -> list[Identity]:
    """What belongs to a server: it, its descendants, and the other processes of its session, also after it
    ended.

    The number of a session is given to no new process while the session has members, so they are the server's
    own unless another process has its pid now.
    """
    import psutil

    found: dict[int, Identity] = {}
    if leader.alive():
        found[leader.pid] = leader
        try:
            descendants = [one.pid for one in psutil.Process(leader.pid).children(recursive=True)]
        except psutil.NoSuchProcess:
            descendants = []
        for pid in descendants:
            _remember(found, pid)
    for pid in _session(leader):
        _remember(found, pid)
    return list(found.values())


def _remember(found: dict[int, Identity], pid: int) -> None:
    if pid not in found and (one := identify(pid)) is not None:
        found[pid] = one


def _session(leader: Identity) -> list[int]:
    """The pids of the session that the server leads or led; none after another boot or with a reused pid."""
    if leader.boot != boot_mark() or start_mark(leader.pid) not in (None, leader.start):
        return []
    import psutil

    return [pid for pid in psutil.pids() if _session_of(pid) == leader.pid]


def _session_of(pid: int) -> int | None:
    """The number of a process's session; None if it has ended, is not ours to see, or the system has no sessions."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):
            return os.getsid(pid)
    return None


def wait_ended(identities: Iterable[Identity], deadline: float) -> list[Identity]:
    """Wait until all have ended or the deadline (of time.monotonic) has passed; return those that live."""
    left = [one for one in identities if one.alive()]
    pause = 0.002
    while left and time.monotonic() < deadline:
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)
        left = [one for one in left if one.alive()]
    return left
