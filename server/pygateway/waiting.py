"""Waiting for several sockets at once, with poll where there is one, else select; and a bell to wake whoever waits."""

import os
import select
import signal
import socket
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional, Set, Tuple


class _Select:
    """The part of `select.poll` that is used here, for systems without it."""

    def __init__(self) -> None:
        self._fds: Set[int] = set()

    def register(self, fd: int, _events: int = 0) -> None:
        self._fds.add(fd)

    def unregister(self, fd: int) -> None:
        self._fds.remove(fd)

    def poll(self, milliseconds: "Optional[int]" = None) -> "List[tuple[int, int]]":
        seconds = None if milliseconds is None else milliseconds / 1000
        return [(fd, 0) for fd in select.select(list(self._fds), [], [], seconds)[0]]


_HAS_POLL = hasattr(select, "poll")
Poll = getattr(select, "poll", _Select)
READABLE = getattr(select, "POLLIN", 0)
WRITABLE = getattr(select, "POLLOUT", 0)


class Bell:
    """Readable from `ring` until `silence`. Rings that nobody heard yet count as one."""

    __slots__ = ("_pair", "_read", "_write", "fd")

    def __init__(self) -> None:
        self._pair: Optional[Tuple[socket.socket, socket.socket]] = None
        if sys.platform == "win32" or not _HAS_POLL:  # where there is no poll, select waits for sockets only
            self._pair = socket.socketpair()
            self._read, self._write = (end.fileno() for end in self._pair)
        else:
            self._read, self._write = os.pipe()
            os.set_blocking(self._write, False)
        self.fd = self._read

    def ring(self) -> None:
        """Wake whoever waits, now or next. Safe from any thread and from a signal handler."""
        try:
            if self._pair is not None:
                self._pair[1].send(b"!")
            else:
                os.write(self._write, b"!")
        except BlockingIOError:  # it is full of rings that nobody heard yet: it is readable, all is said
            return

    def heed_signals(self) -> None:
        """Be rung by every signal that Python handles, too. From the main thread.

        Python runs a handler between two steps of its own: without this, one that comes just before a wait would be
        handled when the wait ends, which may be never.
        """
        if self._pair is not None:
            self._pair[1].setblocking(False)
        signal.set_wakeup_fd(self._write)

    def silence(self) -> None:
        """Take all rings so far."""
        if self._pair is not None:
            self._pair[0].recv(4096)
        else:
            os.read(self._read, 4096)

    def close(self) -> None:
        if self._pair is not None:
            for end in self._pair:
                end.close()
        else:
            os.close(self._read)
            os.close(self._write)
