"""Requests that are sent ahead of the answers to earlier ones, for as long as the peer takes them."""

import socket
from collections import deque

from .errors import ConnectionLost

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Deque, List

    from .frames import Buffer, Frame
    from .stream import Stream

#: Most requests that are under way at once.
MOST = 64
#: How to send what the system takes at once, and no more; systems that can't send one request at a time.
_AT_ONCE = getattr(socket, "MSG_DONTWAIT", 0)


class Pipeline:
    """The requests that are under way on one stream.

    Neither side may wait for the other to read while the other waits for it: so what the system does not take at once
    waits here, until the answers to what was sent whole have been read.
    """

    def __init__(self, stream: "Stream", answer: "Callable[[int], Frame]", answers: "List[Frame]") -> None:
        """`answer` waits for the answer to a request; they are put into `answers`, in order."""
        self._stream = stream
        self._answer = answer
        self._answers = answers
        self._under_way: Deque[int] = deque()
        #: What is left to send of the last request under way.
        self._rest: Buffer = b""

    def send(self, pieces: "Sequence[Buffer]", request: int) -> None:
        """Send a request, once there is room for it. Raises ConnectionLost or ProtocolError."""
        while self._rest or len(self._under_way) >= (MOST if _AT_ONCE else 1):
            self._take()
        self._under_way.append(request)
        if len(self._under_way) == 1:
            self._stream.send(pieces)
        else:
            self._push(b"".join(pieces))

    def finish(self) -> None:
        """Wait for all answers. Raises ConnectionLost or ProtocolError."""
        while self._under_way:
            self._take()

    def _take(self) -> None:
        """Wait for the answer to the oldest request."""
        if self._rest and len(self._under_way) == 1:
            self._stream.send([self._rest])  # nothing else is under way, so the peer reads
            self._rest = b""
        self._answers.append(self._answer(self._under_way.popleft()))
        if self._rest:
            self._push(self._rest)

    def _push(self, data: "Buffer") -> None:
        try:
            sent = self._stream.sock.send(data, _AT_ONCE)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            raise ConnectionLost("the peer can't be reached any more: %s" % error) from None
        self._rest = data[sent:]
