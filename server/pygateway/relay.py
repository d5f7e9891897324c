"""A relay: one stream of a monitor's client, and the stream of the monitor's connection that stands behind it.

A stream has a turn, so one thread passes on whole frames both ways and always knows who speaks next. What belongs to
the sharing is changed on the way: releases are counted for each client, and output goes to those who asked for it.
"""

from . import codec
from .errors import ConnectionLost, GatewayError
from .frames import AWAIT, CALL, DEADLINE, OUTPUT, RELEASE, REQUESTS, SHOW_OUTPUT, TAGGED, pack, whole
from .monitor_client import referred

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Optional

    from .frames import Buffer, Frame
    from .monitor import Monitor
    from .monitor_client import Client
    from .shared_connection import SharedConnection
    from .stream import Stream

#: Members of object 0 from FIRST_MEMBER on are the monitor's own.
FIRST_MEMBER = 0x100


class Relay:
    """`run` on a thread of its own; it ends when the client's stream or the server's has.

    A request whose client is gone is answered to nobody, but is waited for: what its answer refers to is given back.
    """

    def __init__(self, monitor: "Monitor", shared: "SharedConnection", client: "Client", near: "Stream") -> None:
        self._monitor = monitor
        self._shared = shared
        self.client = client
        self._near = near
        self._far: Optional[Stream] = None
        #: Whether the monitor has seen that the client's stream ended while the server's answer is waited for.
        self.gone = False
        #: Whether the server speaks next, and whether what it was asked last ends with the stream.
        self._waits = False
        self._awaits = False

    def run(self) -> None:
        """Pass on frames until the end of either stream."""
        near = self._near
        try:
            while True:
                frame = near.passing()
                if isinstance(frame, bytes) and self._far is not None:
                    self._awaits = False
                    self._far.send((frame,))
                    self._listen(self._far)
                    continue
                if isinstance(frame, bytes):
                    frame = whole(frame)
                if frame[3] == 0 and frame[0] == CALL and frame[4] >= FIRST_MEMBER:
                    near.send(self._shared.desk.answer(self._monitor, self.client, frame))
                    continue
                far = self._far or self._open()
                if self._pass_up(frame, far):
                    self._listen(far)
        except GatewayError as error:
            if not isinstance(error, ConnectionLost):
                self._monitor.complain("a client's stream ended: %s" % error)
        finally:
            if self._far is not None:
                self._far.close()
            near.close()
            self._shared.relay_ended(self)

    def hang_up(self) -> None:
        """End it. From any thread."""
        self._near.hang_up()
        if self._far is not None:
            self._far.hang_up()

    def has_lost_client(self) -> bool:
        """Whether the client is gone while its request runs. From the monitor's thread: this one reads the server."""
        return self._waits and not self.gone and self._near.is_gone()

    def leave(self) -> None:
        """The client is gone: what it awaited is cancelled, another call ends by itself. From the monitor's thread."""
        self.gone = True
        if self._awaits and self._far is not None:
            self._far.hang_up()

    def _listen(self, far: "Stream") -> None:
        """Pass on what the server sends until the client speaks next."""
        self._waits = True
        while True:
            frame = far.passing()
            if isinstance(frame, bytes):
                if not self.client.owed:
                    self._near.send((frame,))
                    break
                frame = whole(frame)
            if not self._pass_down(frame):
                break
        self._waits = False

    def _open(self) -> "Stream":
        self.client.asked_only = False
        self._far = self._shared.open()
        return self._far

    def _pass_up(self, frame: "Frame", far: "Stream") -> bool:
        """To the server; whether it speaks next."""
        kind, flags, request, number, member, body, buffers = frame
        if kind == RELEASE:
            numbers = self.client.releases(codec.decode_numbers(body))
            if numbers:
                far.send(pack(RELEASE, 0, 0, 0, 0, codec.encode_numbers(numbers)))
            return False
        if kind in REQUESTS:
            self._awaits = kind == AWAIT
            if number == 0 and member == SHOW_OUTPUT and kind == CALL:
                start = 4 if flags & DEADLINE else 0
                body = body[:start] + self._shared.shows_output(self.client, body[start:])
        far.send(pack(kind, flags, request, number, member, body, _whole(buffers)))
        return True

    def _pass_down(self, frame: "Frame") -> bool:
        """To the client; whether the server still speaks. Raises ConnectionLost if nobody is there to speak next."""
        kind, flags, request, number, member, body, buffers = frame
        if kind == RELEASE:
            numbers = self._shared.route(self.client, codec.decode_numbers(body))
            if numbers:
                self.client.owe(numbers)  # it is told in front of the next frame, which follows at once
            return True
        if kind == OUTPUT and not self.client.shows_output:
            return True
        references = referred(flags, body) if flags & TAGGED else ()
        pieces = pack(kind, flags, request, number, member, body, _whole(buffers))
        if self.client.owed:
            release = pack(RELEASE, 0, 0, 0, 0, codec.encode_numbers(self.client.take_owed()))
            pieces = [b"".join(release + pieces[:1]), *pieces[1:]]
        if references:
            self.client.receives(references)
        try:
            self._near.send(pieces)
        except ConnectionLost:
            self._shared.give_back(self.client.releases(number for number, _ in references))
            if kind != OUTPUT:
                raise
        return kind == OUTPUT


def _whole(buffers: "Sequence[Any]") -> "Sequence[Buffer]":
    """Buffers that arrived, as they can be sent on."""
    if not buffers:
        return ()
    return [buffer if isinstance(buffer, bytes) else buffer.getbuffer() for buffer in buffers]
