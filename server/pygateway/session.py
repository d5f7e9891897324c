"""One gateway connection as its host sees it: the streams, the calls that are under way, and how both end."""

import itertools
import threading
from threading import get_ident

from . import codec
from .deadlines import check
from .errors import ConnectionLost, DeadlineExceeded, GatewayError, ProtocolError
from .forking import leave_to_parent, looks
from .frames import AWAIT, CALL, ERROR
from .link import SHOW_OUTPUT, Exports, Imports, Link
from .printed import show
from .turns import AWAITING, LET_GO, RUN, TAKE, answer_to, due

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from typing import Any, Dict, List, Optional, Set, Tuple

    from .awaiting import Awaited
    from .dialling import Dialler
    from .frames import Frame
    from .printed import Printed
    from .stream import Stream
    from .workers import Workers


class Session(Link):
    """One gateway connection, from its first stream to its end; it may be used from many threads."""

    def __init__(self, dialler: "Dialler", output: "Printed" = False) -> None:
        """Connect; `output` says what becomes of what objects print. Raises as `Dialler.open`."""
        super().__init__()
        self._dialler = dialler
        self._output = output
        self._workers: Optional[Workers] = None
        #: Guards the set of streams; idle streams change hands by atomic operations of the dict.
        self._streams_lock = threading.Lock()
        self._streams: Set[Stream] = set()
        self._idle: Dict[int, Stream] = {}
        self._chains: Dict[int, Stream] = {}
        #: What is to end the call that a thread is in, though the object may have caught what it was told of it.
        self._interrupts: Dict[int, BaseException] = {}
        self._serials = itertools.count(1)
        self._lost: Optional[ConnectionLost] = None
        stream, told = dialler.open()
        self._token: str = told.pop("connection")
        #: What the server said of itself: its version, its Python, its pid.
        self.server: Dict[str, Any] = told
        self._streams.add(stream)
        self._idle[get_ident()] = stream
        leave_to_parent(self)
        if output:
            self.request(CALL, 0, SHOW_OUTPUT, (True,))

    @property
    def connected(self) -> bool:
        """Whether the connection was not lost and not ended, as far as is known without asking."""
        return self._lost is None

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

    # As a link.

    def where(self) -> str:
        return self._dialler.where()

    def request(
        self,
        kind: int,
        number: int,
        member: int,
        args: "Sequence[Any]" = (),
        kwargs: "Optional[Dict[str, Any]]" = None,
    ) -> "Any":
        serial = next(self._serials) & 0xFFFFFFFF
        pieces = codec.pack_request(self, kind, serial, number, member, args, kwargs or {}, check())
        return self.result_of(self._ask(pieces, serial))

    def request_batch(self, number: int, calls: "Sequence[codec.Call]") -> "List[Tuple[bool, Any]]":
        """Make several requests of one object; of each whether it failed, and its result or what is told of it."""
        serial = next(self._serials) & 0xFFFFFFFF
        frame = self._ask(codec.pack_batch(self, serial, number, calls, check()), serial)
        if frame[0] == ERROR:
            self.result_of(frame)
        answers = codec.decode_batch_answer(self, frame[5], frame[6])
        if len(answers) != len(calls):
            raise ProtocolError("%d answers to a batch of %d calls" % (len(answers), len(calls)))
        return answers

    def awaited(self, number: int) -> "Generator[Any, Any, Any]":
        from .awaiting import awaited

        return awaited(self, number)

    def wait_for(self, number: int, call: "Awaited") -> "Any":
        """On a worker: what the peer's coroutine `number` returns. Raises DeadlineExceeded if the call was given up."""
        me = get_ident()
        stream = self._idle.pop(me, None) or self._another()
        self._chains[me] = stream
        try:
            if call.travels_on(stream):
                return self.request(AWAIT, number, 0)
            raise DeadlineExceeded("the call was given up")
        finally:
            call.travels_on(None)
            self._chains.pop(me, None)  # not there in a child that was forked in a callback
            if not stream.given_up:
                self._rest(stream, me)
            interrupt = self._interrupts.pop(me, None)
            if interrupt is not None:
                raise interrupt

    @looks
    def _ask(self, pieces: "List[Any]", serial: int) -> "Frame":
        """Send a request on a stream of this thread; its answer."""
        pieces = self.with_releases(pieces)
        me = get_ident()
        inner = self._chains.get(me) if self._chains else None
        if inner is not None and inner.given_up:
            raise DeadlineExceeded("the call that this callback serves was given up")
        stream = inner or self._idle.pop(me, None) or self._another()
        try:
            frame = self._exchange(stream, pieces, serial, me)
        except BaseException as error:
            self._give_up(stream, error)
            interrupt = self._interrupts.pop(me, None) if inner is None else None
            if interrupt is not None:  # what the user asked for, whatever became of the call meanwhile
                raise interrupt from None
            if self._lost is not None and isinstance(error, ConnectionLost):
                raise ConnectionLost(str(self._lost)) from None
            raise
        if inner is None and self._idle.setdefault(me, stream) is not stream:
            self._idle[-id(stream)] = stream  # a signal handler or a finaliser called too, and has left its stream
        if self._interrupts and me in self._interrupts:
            raise self._interrupts.pop(me)
        return frame

    def _exchange(self, stream: "Stream", pieces: "List[Any]", serial: int, me: int) -> "Frame":
        """Send a request and wait for its answer; run on this very thread what the server calls back meanwhile."""
        left = check()
        if left is not None:
            return self._exchange_within(stream, pieces, serial, me, left)
        stream.send(pieces)
        return self._wait(stream, serial, me)

    def _exchange_within(self, stream: "Stream", pieces: "List[Any]", serial: int, me: int, left: float) -> "Frame":
        stream.limit(left)
        stream.send(pieces)
        frame = self._wait(stream, serial, me)
        stream.limit(None)
        return frame

    def _wait(self, stream: "Stream", serial: int, me: int) -> "Frame":
        while True:
            frame = stream.frame()
            what = due(AWAITING, frame[0])
            if what is TAKE:
                return answer_to(serial, frame)
            if what is RUN:
                self._serve(stream, frame, me)
            elif what is LET_GO:
                self.exports.release(codec.decode_numbers(frame[5]))
            else:
                show(frame, self._output)

    def _serve(self, stream: "Stream", frame: "Frame", me: int) -> None:
        outer = self._chains.get(me)
        self._chains[me] = stream
        try:
            pieces = self.answer(frame)
        finally:
            if outer is None:
                self._chains.pop(me, None)  # not there in a child that was forked in the callback
            else:
                self._chains[me] = outer
        if stream.given_up:
            raise self._interrupts.pop(me, None) or DeadlineExceeded("a call within the callback was given up")
        left = check()
        if left is not None:
            stream.limit(left)
        stream.send(self.with_releases(pieces))

    def note(self, error: BaseException) -> None:
        """An interrupt or exit in a callback is told to the object, and then ends the host's call as what it is."""
        if not isinstance(error, Exception):
            self._interrupts[get_ident()] = error

    # Streams.

    def _rest(self, stream: "Stream", me: int) -> None:
        """Keep a stream for the next request of the thread `me`, or else for any thread's."""
        if self._idle.setdefault(me, stream) is not stream:
            self._idle[-id(stream)] = stream

    def give_up(self, stream: "Stream") -> None:
        """Part with a stream that another thread waits on; what that waits for ends as a call that was given up."""
        self._give_up(stream, DeadlineExceeded("the call was given up"))

    def _another(self) -> "Stream":
        """A stream for a thread that has none: one that no thread uses now, or a new one."""
        if self._lost is not None:
            raise ConnectionLost(str(self._lost))
        try:
            return self._idle.popitem()[1]
        except KeyError:
            return self._open()

    def _give_up(self, stream: "Stream", error: BaseException) -> None:
        """Part with a stream in the middle of an exchange.

        Where the connection broke, it ends. Where this program was interrupted, the stream alone ends, and another
        takes its place first, since a connection ends with its last stream; the answer is never mistaken for another's.
        """
        if stream.given_up:  # a call within a callback parted with it before
            return
        stream.given_up = True
        if isinstance(error, (ConnectionLost, ProtocolError)):
            self._end(error)
            return
        # Owner: this gateway. End: within the time-out of connecting.
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
        stream.hang_up()  # another thread may wait on it
        stream.close()

    def _end(self, error: GatewayError) -> None:
        """Close all streams; threads that wait on them see the end."""
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
            stream.close()
        self.exports.clear()

    def forsake(self) -> None:
        """Leave the connection to the process that this one was forked from."""
        self._streams_lock = threading.Lock()
        self._lost = ConnectionLost("%s: the gateway belongs to the process that forked; connect anew" % self.where())
        self._idle.clear()
        self._chains.clear()
        self._workers = None
        self.exports, self.imports = Exports(), Imports(self)  # another thread may have held their locks
        for stream in self._streams:
            stream.close()
        self._streams.clear()

    def _open(self) -> "Stream":
        """A further stream of this connection. Raises as `Dialler.open`."""
        stream, _ = self._dialler.open(self._token)
        with self._streams_lock:
            if self._lost is None:
                self._streams.add(stream)
                return stream
        stream.close()
        raise ConnectionLost(str(self._lost))
