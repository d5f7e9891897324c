"""A stream: one socket that carries frames. One call chain is alive on it at a time; one thread at a time reads it."""

import select
import socket
import sys

from .errors import ConnectionLost, DeadlineExceeded
from .frames import FrameReader, is_whole_and_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Optional, Tuple, Union

    from .frames import Buffer, Frame

    Heartbeat = Tuple[float, float]

#: Seconds of silence after which a sign of life is asked for, and seconds without one after which a peer has vanished.
#: Where either is 0, none is asked for.
HEARTBEAT = (10.0, 30.0)
#: How often the system asks in that time.
QUESTIONS = 3
#: What lets the system wait for all the bytes that there is room for.
ALL = getattr(socket, "MSG_WAITALL", 0)


class Stream:
    """Frames over one connected socket. It locks nothing: whoever has the stream is the only one that uses it.

    Others may hang it up, but not close it: the system gives the number of a closed socket to the next one that opens,
    and a thread on its way into `recv` would read what is another's. So the socket is closed by whoever has the stream,
    or with the last reference to it.
    """

    __slots__ = ("_reader", "closed", "fd", "given_up", "receive", "send_all", "sock")

    def __init__(
        self, sock: socket.socket, rest: bytes = b"", heartbeat: "Heartbeat" = HEARTBEAT, most: "Optional[int]" = None
    ) -> None:
        """`rest` is what was read behind the handshake; `most` bytes may a frame of the peer have."""
        self.sock = sock
        tune(sock, heartbeat)
        self.fd = sock.fileno()
        self.send_all = sock.sendall
        self.receive = sock.recv
        self.closed = False
        #: Why a host has parted with the stream in the middle of a call, if it has.
        self.given_up: Optional[BaseException] = None
        self._reader = FrameReader(most)
        if rest:
            self._reader.feed(rest)

    def send(self, pieces: "Sequence[Buffer]") -> None:
        """Send the pieces of a frame. Raises ConnectionLost."""
        try:
            for piece in pieces:
                self.send_all(piece)
        except OSError as error:
            if _is_late(error):
                raise DeadlineExceeded("the peer takes nothing") from None
            raise ConnectionLost("the peer can't be reached any more: %s" % error) from None

    def limit(self, seconds: "Optional[float]") -> None:
        """Wait at most so long in each `send` and `read`; None waits as long as it takes. Raises ConnectionLost."""
        try:
            self.sock.settimeout(seconds)
        except OSError as error:  # another thread has ended the connection
            raise ConnectionLost("the stream was closed: %s" % error) from None

    def is_gone(self) -> bool:
        """Whether the peer has closed or broken the connection, as far as can be seen without reading."""
        if self.closed:
            return True
        if sys.platform != "win32" and hasattr(select, "poll"):
            look = select.poll()
            look.register(self.fd, select.POLLHUP | select.POLLERR | getattr(select, "POLLRDHUP", 0))
            return bool(look.poll(0))
        return False

    def buffered(self) -> "Optional[Frame]":
        """The next frame if it was read already."""
        return self._reader.next_frame() if self._reader.held else None

    def read(self, flags: int = 0) -> "Optional[Frame]":
        """Read once, what is there or comes next; the next frame, if it is whole now.

        With `flags` ALL, a large piece of a frame is waited for until it is there, which takes fewer steps.
        Raises ConnectionLost at the end of the stream, ProtocolError for what is no frame, and DeadlineExceeded where
        `limit` says how long to wait.
        """
        room = self._reader.room
        try:
            if room is not None:
                return self._received(self.sock.recv_into(room, 0, flags))
            data = self.receive(self._reader.wanted)
        except OSError as error:
            if _is_late(error):
                raise DeadlineExceeded("no answer came in time") from None
            raise ConnectionLost("the connection broke: %s" % error) from None
        if not data:
            raise ConnectionLost("the peer closed the connection")
        return self._reader.take(data)

    def _received(self, count: int) -> "Optional[Frame]":
        """The next frame, if it is whole with the bytes that were just received where the reader has room for them."""
        if not count:
            raise ConnectionLost("the peer closed the connection")
        self._reader.filled(count)
        return self._reader.next_frame()

    def frame(self) -> "Frame":
        """The next frame; waits for it. Raises ConnectionLost or ProtocolError."""
        frame = self._reader.next_frame() if self._reader.held else None
        while frame is None:
            frame = self.read(ALL)
        return frame

    def passing(self) -> "Union[bytes, Frame]":
        """The next frame, to be passed on: as it came, if it came as one whole and plain frame. Raises as `read`."""
        if not self._reader.is_idle():
            return self.frame()
        try:
            data = self.receive(FrameReader.READ)
        except OSError as error:
            raise ConnectionLost("the connection broke: %s" % error) from None
        if not data:
            raise ConnectionLost("the peer closed the connection")
        if is_whole_and_plain(data):
            return data
        return self._reader.take(data) or self.frame()

    def hang_up(self) -> None:
        """Let the holder find the end of the stream. Any thread may do this."""
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:  # the peer was quicker, or the holder has closed it
            return

    def close(self) -> None:
        """Close the socket. Whoever has the stream calls this, once; again is harmless."""
        self.closed = True
        self.sock.close()

    def __del__(self) -> None:
        self.sock.close()


def _is_late(error: OSError) -> bool:
    """Whether `limit` is why the system waited no longer.

    From Python 3.10 on, a connection that the system gave up has an error of the same class, but with a number.
    """
    return isinstance(error, socket.timeout) and error.errno is None


def tune(sock: "Any", heartbeat: "Heartbeat") -> None:
    """Send small frames at once, and let the system notice a peer whose machine vanished: idle, or taking nothing."""
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    interval, timeout = heartbeat
    if not interval or not timeout:
        return
    pause = max(1, round(timeout / QUESTIONS))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", max(1, round(interval))),
        ("TCP_KEEPINTVL", pause),
        ("TCP_KEEPCNT", QUESTIONS),
        ("TCP_USER_TIMEOUT", QUESTIONS * pause * 1000),
    ):
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
