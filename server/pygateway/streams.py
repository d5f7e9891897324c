"""The streams of one gateway connection of a host: which thread has which, and how a stream or all of them end."""

import threading
from threading import get_ident

from .errors import ConnectionLost, DeadlineExceeded, GatewayError, ProtocolError
from .forking import leave_to_parent, looks
from .link import Link
from .objects import Exports, Imports

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Set

    from .dialling import Dialler
    from .stream import Heartbeat, Stream
    from .workers import Workers


class Streams(Link):
    """A gateway connection, from its first stream to its end. `Session` adds the calls that travel on the streams."""

    def __init__(self, dialler: "Dialler") -> None:
        """Connect. Raises as `Dialler.open`."""
        super().__init__()
        self._dialler = dialler
        self._workers: Optional[Workers] = None
        #: Guards the set of streams; idle streams change hands by atomic operations of the dict.
        self._streams_lock = threading.Lock()
        self._streams: Set[Stream] = set()
        self._idle: Dict[int, Stream] = {}
        #: The stream of the call whose callback a thread runs.
        self._chains: Dict[int, Stream] = {}
        self._lost: Optional[ConnectionLost] = None
        stream, told = dialler.open()
        self._token: str = told.pop("connection")
        #: Behind which number those of this process's objects begin, where it shares the connection.
        self._base: int = told.pop("exports", 0)
        self.exports = Exports(self._base)
        #: What the server said of itself: its version, its Python, its pid.
        self.server: Dict[str, Any] = told
        self.most = told.get("max_frame")
        self._streams.add(stream)
        self._idle[get_ident()] = stream
        leave_to_parent(self)

    @property
    def connected(self) -> bool:
        """Whether the connection was not lost and not ended, as far as is known without asking."""
        return self._lost is None

    @property
    def heartbeat(self) -> "Heartbeat":
        """After how many seconds of waiting a sign of life is asked for, and how many it may take."""
        return self._dialler.heartbeat

    def is_waiting(self) -> bool:
        """Whether a thread is in a call."""
        return len(self._streams) > len(self._idle)

    def lose(self, error: GatewayError) -> None:
        """End the connection because of its server; calls that wait raise ConnectionLost."""
        self._end(error)

    def disconnect(self) -> None:
        """End the connection: the server lets go of its objects. Again is harmless."""
        self._end(ConnectionLost("the gateway was disconnected; connect a new one"))

    @looks
    def is_ready(self) -> bool:
        """Whether the next request of this thread has a stream that the server has not left, as can be seen unasked.

        Ends the connection if the server is gone. Raises as `Dialler.open` where no further stream can be had.
        """
        me = get_ident()
        if self._lost is not None or me in self._chains:
            return self._lost is None
        try:
            stream = self._idle.pop(me, None) or self._another()
        except ConnectionLost as error:
            self._end(error)
            return False
        if stream.is_gone():
            self._end(ConnectionLost("the server closed the connection"))
            return False
        self._rest(stream, me)
        return True

    def supersede(self) -> None:
        """Say to whoever still uses a proxy of this connection, which has ended, that there is another now."""
        self._lost = ConnectionLost(
            "%s: the proxy belongs to a connection that ended; the gateway has a new one, so make or fetch the object "
            "anew" % self.where()
        )

    def workers(self) -> "Workers":
        """The threads that wait for coroutines: as many as wait at once, since one may wait for another."""
        from .workers import Workers  # it brings much along that other programs don't need

        with self._streams_lock:
            if self._workers is None:
                self._workers = Workers()
            return self._workers

    def where(self) -> str:
        return self._dialler.where()

    def give_up(self, stream: "Stream") -> None:
        """Part with a stream that another thread waits on; what that waits for ends as a call that was given up."""
        self._give_up(stream, DeadlineExceeded("the call was given up"))

    def forsake(self) -> None:
        """Leave the connection to the process that this one was forked from."""
        self._streams_lock = threading.Lock()
        self._lost = ConnectionLost("%s: the gateway belongs to the process that forked; connect anew" % self.where())
        self._idle.clear()
        self._chains.clear()
        self._workers = None
        self.exports, self.imports = Exports(self._base), Imports(self)  # another thread may have held their locks
        for stream in self._streams:
            stream.close()
        self._streams.clear()

    def _rest(self, stream: "Stream", me: int) -> None:
        """Keep a stream for the next request of the thread `me`, or else for any thread's."""
        if self._idle.setdefault(me, stream) is not stream:
            self._idle[-id(stream)] = stream

    def _another(self) -> "Stream":
        """A stream for a thread that has none: one that no thread uses now, or a new one."""
        if self._lost is not None:
            raise ConnectionLost(str(self._lost))
        try:
            return self._idle.popitem()[1]
        except KeyError:
            return self._open()

    def _open(self) -> "Stream":
        """A further stream of this connection. Raises as `Dialler.open`."""
        stream, _ = self._dialler.open(self._token)
        with self._streams_lock:
            if self._lost is None:
                self._streams.add(stream)
                return stream
        stream.close()
        raise ConnectionLost(str(self._lost))

    def _give_up(self, stream: "Stream", error: BaseException) -> None:
        """Part with a stream in the middle of an exchange.

        Where the connection broke, it ends. Where this program was interrupted, the stream alone ends, and another
        takes its place first, since a connection ends with its last stream; the answer is never mistaken for another's.
        """
        if stream.given_up:  # a call within a callback parted with it before
            return
        own = isinstance(error, Exception) and not isinstance(error, GatewayError)
        stream.given_up = error if own else DeadlineExceeded("a call within the callback was given up")
        if isinstance(error, (ConnectionLost, ProtocolError)):
            self._end(error)
            stream.close()
            return
        # Owner: this connection. End: within the time-out of connecting.
        threading.Thread(target=self._replace, args=(stream,), name="replace", daemon=True).start()

    def _replace(self, stream: "Stream") -> None:
        try:
            fresh = self._open()
            self._idle[-id(fresh)] = fresh
        except GatewayError as failed:
            self._end(failed)
        self._discard(stream)

    def _discard(self, stream: "Stream") -> None:
        with self._streams_lock:
            self._streams.discard(stream)
        stream.hang_up()  # another thread may wait on it, and closes it

    def _end(self, error: GatewayError) -> None:
        """End all streams. Threads that wait on them see the end; no socket is closed under them, see `Stream`."""
        with self._streams_lock:
            if self._lost is None:
                self._lost = ConnectionLost("%s: %s" % (self.where(), error))
            streams = list(self._streams)
            self._streams.clear()
            workers, self._workers = self._workers, None
        self._idle.clear()
        if workers is not None:
            workers.shutdown()
        for stream in streams:
            stream.hang_up()
        self.exports.clear()
