"""A stream in an event loop: frames over one asyncio transport. One task at a time has it."""

import asyncio
import socket

from .errors import ConnectError, ConnectionLost, GatewayError
from .frames import FrameReader
from .stream import tune

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Dict, Optional, Tuple

    from .dialling import Dialler
    from .frames import Buffer, Frame


class AsyncStream(asyncio.Protocol):
    """Frames over one transport, behind the handshake; bytes before."""

    def __init__(self) -> None:
        self.transport: Any = None
        #: Set by a session that has parted with the stream in the middle of a call.
        self.given_up = False
        self._reader = FrameReader()
        self._data: Optional[bytes] = b""
        self._lost: Optional[str] = None
        self._news: Optional[asyncio.Future[None]] = None
        self._room: Optional[asyncio.Future[None]] = None

    def write(self, pieces: "Sequence[Buffer]") -> None:
        """As `send`, without waiting for a peer that is slow to take it: the next `send` does."""
        if self._lost is not None:
            raise ConnectionLost(self._lost)
        for piece in pieces:
            self.transport.write(piece)

    async def send(self, pieces: "Sequence[Buffer]") -> None:
        """Send the pieces of a frame. Raises ConnectionLost."""
        self.write(pieces)
        if self._room is not None:
            await self._room

    async def frame(self) -> "Frame":
        """The next frame. Raises ConnectionLost or ProtocolError."""
        while True:
            frame = self._reader.next_frame()
            if frame is not None:
                return frame
            await self._more()

    async def shaken(self) -> bytes:
        """Bytes of the handshake. Raises ConnectionLost."""
        while not self._data:
            await self._more()
        data, self._data = self._data, b""
        return data

    def begin(self, rest: bytes) -> None:
        """Read frames from now on; `rest` is what came behind the handshake."""
        rest += self._data or b""
        self._data = None
        if rest:
            self._reader.feed(rest)

    def is_gone(self) -> bool:
        """Whether the peer has closed or broken the connection, as far as is known."""
        return self._lost is not None

    def close(self) -> None:
        """Close the transport; what was not sent yet is lost. Again is harmless."""
        self.transport.abort()

    async def _more(self) -> None:
        """Wait until more has come."""
        if self._lost is not None:
            raise ConnectionLost(self._lost)
        self._news = asyncio.get_event_loop().create_future()
        try:
            await self._news
        finally:
            self._news = None

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    # Called by the event loop.

    def connection_made(self, transport: "Any") -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if self._data is None:
            self._reader.feed(data)
        else:
            self._data += data
        self._tell()

    def connection_lost(self, error: "Optional[Exception]") -> None:
        self._lost = "the peer closed the connection" if error is None else "the connection broke: %s" % error
        self._tell()
        self.resume_writing()

    def pause_writing(self) -> None:
        self._room = asyncio.get_event_loop().create_future()

    def resume_writing(self) -> None:
        room, self._room = self._room, None
        if room is not None and not room.done():
            room.set_result(None)


async def open_stream(dialler: "Dialler", token: "Optional[str]" = None) -> "Tuple[AsyncStream, Dict[str, Any]]":
    """As `Dialler.open`."""
    try:
        return await asyncio.wait_for(_open(dialler, token), dialler.timeout)
    except asyncio.TimeoutError:
        raise dialler.explain(socket.timeout()) from None


async def _open(dialler: "Dialler", token: "Optional[str]") -> "Tuple[AsyncStream, Dict[str, Any]]":
    loop = asyncio.get_event_loop()
    try:
        if dialler.local is not None:
            transport, stream = await loop.create_unix_connection(AsyncStream, dialler.local)
        else:
            context = dialler.context()
            name = None if context is None else dialler.tls_name
            transport, stream = await loop.create_connection(
                AsyncStream, dialler.host, dialler.port, ssl=context, server_hostname=name
            )
    except (OSError, UnicodeError) as error:
        raise (dialler.insecure(error) if hasattr(error, "library") else dialler.unreachable(error)) from None
    try:
        tune(transport.get_extra_info("socket"), dialler.heartbeat)
        return stream, await _shake(dialler, token, stream)
    except (OSError, GatewayError) as error:
        stream.close()
        raise (error if isinstance(error, ConnectError) else dialler.explain(error)) from None
    except BaseException:
        stream.close()
        raise


async def _shake(dialler: "Dialler", token: "Optional[str]", stream: AsyncStream) -> "Dict[str, Any]":
    handshake = dialler.handshake(token)
    await stream.send([handshake.first])
    while not handshake.accepted:
        reply = handshake.receive(await stream.shaken())
        if reply:
            await stream.send([reply])
    stream.begin(handshake.rest())
    return dialler.welcome(await stream.frame())
