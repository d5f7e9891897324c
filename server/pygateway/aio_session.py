"""One gateway connection in an event loop: its streams, and the calls of its tasks that travel on them.

What `streams` and `session` do for threads, for tasks: the same frames, the same state table, the same codec.
"""

import asyncio
import itertools
import re
import time
from collections import deque
from types import CoroutineType
from weakref import ref

from . import codec
from .aio_proxy import AsyncProxy, Request, async_proxy_class
from .aio_stream import open_stream
from .errors import ConnectError, ConnectionLost, DeadlineExceeded, GatewayError, ProtocolError
from .frames import AWAIT, CALL, DEADLINE, DESCRIBE, PING, RESULT, SHOW_OUTPUT, TAGGED, split_deadline
from .link import Link
from .looking_after import PAUSE, QUIET
from .objects import Exports
from .printed import show
from .turns import AWAITING, LET_GO, RUN, TAKE, answer_to, due

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from typing import Any, Deque, Dict, List, Optional, Set

    from .aio_stream import AsyncStream
    from .dialling import Dialler
    from .frames import Buffer, Frame
    from .printed import Printed
    from .proxy import Proxy

#: An object of the peer, as it stands in a body; nothing else can look so, since JSON text escapes quotes.
_OBJECT = re.compile(rb'\[\s*"o"\s*,\s*\d+\s*,\s*(\d+)\s*\]')
current_task = getattr(asyncio, "current_task", None) or asyncio.Task.current_task  # type: ignore[attr-defined] # 3.6


class AsyncSession(Link):
    """One gateway connection, from its first stream to its end, of one event loop."""

    def __init__(self, dialler: "Dialler", most: int, output: "Printed" = False) -> None:
        """`most` is how many streams it may have, and so how many calls may be under way."""
        super().__init__()
        self._dialler = dialler
        self._most = most
        self._output = output
        self._token: Optional[str] = None
        #: What the server said of itself: its version, its Python, its pid.
        self.server: Dict[str, Any] = {}
        self._streams: Set[AsyncStream] = set()
        self._opening = 0
        self._idle: List[AsyncStream] = []
        #: Tasks that wait for a stream, each for its future.
        self._waiting: Deque[asyncio.Future[None]] = deque()
        #: The stream of the call whose callback a task runs, and what is to end that call.
        self._chains: Dict[Any, AsyncStream] = {}
        self._interrupts: Dict[Any, BaseException] = {}
        self._replacing: Set[asyncio.Future[None]] = set()
        self._serials = itertools.count(1)
        #: Since when calls wait with no other beginning, and the question whether the server lives.
        self._waits_since = 0.0
        self._asking: Optional[asyncio.Future[None]] = None
        self._lost: Optional[ConnectionLost] = None

    async def open(self) -> None:
        """Connect. Raises as `Dialler.open`."""
        stream = await self._open()
        self._idle.append(stream)
        self._look_later()
        if self._output:
            await self.request(CALL, 0, SHOW_OUTPUT, (True,))

    @property
    def connected(self) -> bool:
        """Whether the connection was not lost and not ended, as far as is known without asking."""
        return self._lost is None

    def disconnect(self) -> None:
        """End the connection. Again is harmless."""
        self._end(ConnectionLost("the gateway was disconnected; connect a new one"))

    # As a link.

    def where(self) -> str:
        return self._dialler.where()

    def chain(self) -> "Any":
        return current_task()

    def note(self, error: BaseException) -> None:
        """An interrupt or exit in a callback is told to the object, and then ends the host's call as what it is."""
        if not isinstance(error, (Exception, asyncio.CancelledError)):
            self._interrupts[current_task()] = error

    def resolve(self, number: int, described: int) -> "Proxy":
        if not self.imports.knows(described):  # all that a frame names were learnt before it is read
            raise ProtocolError("an object of class %d, which was not told" % described)
        return super().resolve(number, described)

    def request(
        self,
        kind: int,
        number: int,
        member: int,
        args: "Sequence[Any]" = (),
        kwargs: "Optional[Dict[str, Any]]" = None,
    ) -> Request:
        """A request that is made when it is awaited."""
        proxy = self.imports.held(number)  # it, and so the object, is kept while it is asked
        return Request(self._ask(kind, number, member, args, kwargs or {}, proxy))

    def awaited(self, number: int) -> "Generator[Any, Any, Any]":
        return self.request(AWAIT, number, 0).__await__()

    # Calls.

    async def _ask(
        self,
        kind: int,
        number: int,
        member: int,
        args: "Sequence[Any]",
        kwargs: "Dict[str, Any]",
        proxy: "Optional[Proxy]",  # noqa: ARG002 - kept
    ) -> "Any":
        """Make a request; its result. A coroutine that a call returns is awaited too."""
        task = current_task()
        inner = self._chains.get(task)
        if inner is not None and inner.given_up:
            raise DeadlineExceeded("the call that this callback serves was given up")
        stream = inner or await self._take()
        try:
            frame = await self._exchange(stream, kind, number, member, args, kwargs)
            await self._learn(stream, frame)
            result = self.result_of(frame)
        except StopIteration as end:  # no coroutine can raise it
            raise StopAsyncIteration(*end.args) from end.__cause__
        finally:
            if inner is None:
                self._put_back(stream)
                self.forget(task)
            if task in self._interrupts and (inner is None or not stream.given_up):
                raise self._interrupts.pop(task)  # what the user asked for, whatever became of the call meanwhile
        if kind == CALL and isinstance(result, AsyncProxy) and result._is_coroutine:
            return await self._ask(AWAIT, result._number, 0, (), {}, result)
        return result

    async def _exchange(
        self,
        stream: "AsyncStream",
        kind: int,
        number: int,
        member: int,
        args: "Sequence[Any]" = (),
        kwargs: "Optional[Dict[str, Any]]" = None,
    ) -> "Frame":
        """Send a request and wait for its answer; serve in this very task what the server calls back meanwhile."""
        self.requests = serial = next(self._serials) & 0xFFFFFFFF
        pieces = codec.pack_request(self, kind, serial, number, member, args, kwargs or {})
        try:
            await stream.send(self.with_releases(pieces))
            while True:
                frame = await stream.frame()
                what = due(AWAITING, frame[0])
                if what is TAKE:
                    return answer_to(serial, frame)
                if what is RUN:
                    await self._serve(stream, frame)
                elif what is LET_GO:
                    self.exports.release(codec.decode_numbers(frame[5]))
                else:
                    show(frame, self._output)
        except BaseException as error:
            self._give_up(stream, error)
            if self._lost is not None and isinstance(error, ConnectionLost):
                raise ConnectionLost(str(self._lost)) from None
            raise

    async def _serve(self, stream: "AsyncStream", frame: "Frame") -> None:
        task = current_task()
        outer = self._chains.get(task)
        self._chains[task] = stream
        try:
            pieces = await self._answered(stream, frame)
        finally:
            if outer is None:
                del self._chains[task]
        if stream.given_up:
            raise self._interrupts.pop(task, None) or DeadlineExceeded("a call within the callback was given up")
        await stream.send(self.with_releases(pieces))

    async def _answered(self, stream: "AsyncStream", frame: "Frame") -> "List[Buffer]":
        """As `answer`; what an async function of the host returns is awaited."""
        kind, flags, request, number, member, body, buffers = frame
        try:
            if flags & DEADLINE:  # the server holds to it; an event loop's own time-outs hold here
                _, body = split_deadline(body)
                frame = (kind, flags & ~DEADLINE, request, number, member, body, buffers)
            await self._learn(stream, frame)
            value, how = (self.exports.get(number).value, codec.RESULT) if kind == AWAIT else self._run(frame)
            if kind == AWAIT or (kind == CALL and isinstance(value, (CoroutineType, asyncio.Future))):
                value = await value
            sent_home = self.sent_home
            return self.hold(value, sent_home, codec.pack_answer(self, RESULT, request, value, how))
        except asyncio.CancelledError:  # of the call that waits here, so that nobody waits for the answer
            raise
        except BaseException as error:  # noqa: BLE001 - whatever an object raises belongs to its caller
            self.note(error)
            return self.failure(request, error)

    async def _learn(self, stream: "AsyncStream", frame: "Frame") -> None:
        """Ask for the classes that a frame names and that are not known yet, so that reading it asks for none."""
        if not frame[1] & TAGGED:
            return
        for described in {int(number) for number in _OBJECT.findall(frame[5])}:
            if not self.imports.knows(described):
                told = self.result_of(await self._exchange(stream, CALL, 0, DESCRIBE, (described,)))
                self.imports.learn(described, async_proxy_class(told))

    # What is done now and then, as `looking_after` does it for threads.

    def _look_later(self) -> None:
        this = ref(self)  # the loop is not to keep a connection that nobody uses
        seen = self.requests

        def look() -> None:
            session = this()
            if session is not None and session.connected:
                session._look(seen)
                session._look_later()

        asyncio.get_event_loop().call_later(QUIET, look)

    def _look(self, seen: int) -> None:
        """Look after what a connection needs whose last request was the number `seen` at the last look."""
        now = time.monotonic()
        if self.requests != seen or len(self._streams) <= len(self._idle):
            self._waits_since = now
        if self.requests == seen and self.imports.dropped:
            self.release_dropped()
        interval, timeout = self._dialler.heartbeat
        if interval and timeout and now - self._waits_since >= interval and self._asking is None:
            self._asking = asyncio.ensure_future(self._ask_for_life(timeout))

    async def _ask_for_life(self, timeout: float) -> None:
        """Ask the server for a sign of life, beside the calls that wait; without one, the connection is lost."""
        try:
            await asyncio.wait_for(self._sign_of_life(), timeout)
        except asyncio.TimeoutError:
            self._end(ConnectionLost("the server gave no sign of life within %g s" % timeout))
        except GatewayError as error:
            self._end(error)
        self._waits_since = time.monotonic()
        self._asking = None

    async def _sign_of_life(self) -> None:
        while True:
            try:
                stream = await self._open()
                break
            except ConnectError:  # the server may be short of something for a moment
                await asyncio.sleep(PAUSE)
        await self._exchange(stream, CALL, 0, PING)
        self._streams.discard(stream)
        stream.close()

    def release_dropped(self) -> None:
        """Release what was dropped on a stream that no call uses; where all are used, the next request does it."""
        stream = next((each for each in self._idle if not each.is_gone()), None)
        if stream is not None:
            stream.write(self.releases())

    # Streams.

    async def _take(self) -> "AsyncStream":
        """A stream for a call: one that no call uses, a new one, or the next that is put back."""
        while self._lost is None:
            if self._idle:
                stream = self._idle.pop()
                if not stream.is_gone():
                    return stream
                self._end(ConnectionLost("the server closed the connection"))
            elif len(self._streams) + self._opening < self._most:
                return await self._open()
            else:
                await self._turn()
        raise ConnectionLost(str(self._lost))

    async def _turn(self) -> None:
        """Wait until there may be a stream."""
        turn = asyncio.get_event_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():  # it was this task's turn, which is another's now
                self._next()
            raise

    def _next(self) -> None:
        """Let the next task that waits for a stream look for one."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    def _put_back(self, stream: "AsyncStream") -> None:
        if not stream.given_up and self._lost is None:
            self._idle.append(stream)
            self._next()

    async def _open(self) -> "AsyncStream":
        self._opening += 1
        try:
            stream, told = await open_stream(self._dialler, self._token)
        except ConnectionLost as error:
            self._end(error)
            raise
        except BaseException:
            self._next()
            raise
        finally:
            self._opening -= 1
        if self._lost is not None:
            stream.close()
            raise ConnectionLost(str(self._lost))
        token, base = told.pop("connection"), told.pop("exports", 0)
        if self._token is None:
            self._token, self.server, self.exports = token, told, Exports(base)
            self.most = told.get("max_frame")
        self._streams.add(stream)
        return stream

    def _give_up(self, stream: "AsyncStream", error: BaseException) -> None:
        """Part with a stream in the middle of an exchange: with all where the connection broke, else with it alone."""
        if stream.given_up:
            return
        stream.given_up = True
        if isinstance(error, (ConnectionLost, ProtocolError)):
            self._end(error)
            return
        replacing = asyncio.ensure_future(self._replace(stream))
        self._replacing.add(replacing)
        replacing.add_done_callback(self._replacing.discard)

    async def _replace(self, stream: "AsyncStream") -> None:
        """Close a stream, after opening another if it is the last: a connection ends with its last stream."""
        try:
            if all(each.given_up for each in self._streams):
                self._put_back(await self._open())
        except GatewayError as failed:
            self._end(failed)
        finally:
            self._streams.discard(stream)
            stream.close()
            self._next()

    def _end(self, error: GatewayError) -> None:
        """Close all streams; tasks that wait on them, or for one, see the end."""
        if self._lost is None:
            self._lost = ConnectionLost("%s: %s" % (self.where(), error))
        for stream in self._streams:
            stream.close()
        self._streams.clear()
        self._idle.clear()
        if self._asking is not None and self._asking is not current_task():
            self._asking.cancel()
        while self._waiting:
            self._next()
        self.exports.clear()
