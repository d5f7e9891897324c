"""The thread of one object: all that happens to the object happens here, one thing at a time.

A thread reads the streams that it served last. A frame for an object of its own it runs at once; a frame for another's
it hands over together with the stream, so that each stream has one holder, and the holder alone reads and writes it.

While an object waits for a callback to the host, its thread serves only what comes on the same stream: that is the same
call chain. What other chains want of it stays in the inbox.
"""

import threading
import time
from time import monotonic

from .coroutines import Coroutines, Step
from .deadlines import remaining
from .desk import Desk, waiter
from .errors import ConnectionLost, DeadlineExceeded, DeadlockError, LimitError, ProtocolError
from .frames import AWAIT, CALL, DEADLINE, later
from .stack import leave_room
from .statistics import BUCKETS, SAMPLED, bucket
from .turns import AT_REST, AWAITING, LET_GO, RUN, TAKE, answer_to, due

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import Sequence
    from typing import Any, Dict, List, Optional, Tuple

    from .connection import Connection, ServedStream
    from .frames import Buffer, Frame
    from .objects import Exported


_running: "Dict[int, ObjectThread]" = {}


def current() -> "Optional[ObjectThread]":
    """The object thread that this code runs on, if it is one."""
    return _running.get(threading.get_ident())


#: What a request's number has of these bits, if it is not timed.
_UNTIMED = SAMPLED - 1


class ObjectThread(Desk):
    """Owner: its connection. End: when it has neither objects nor streams left, or the connection ends."""

    def __init__(self, connection: "Connection") -> None:
        super().__init__(connection)
        #: Objects that run here and that the host holds. Changed on this thread alone.
        self.owned = 0
        #: Calls begun here, so that others can see whether it is still the same one; and the last one's request.
        self.calls = 0
        self.request: Optional[Frame] = None
        #: When the last one began (of time.monotonic), and how long those took that were timed, see `statistics`.
        self.began = 0.0
        self.timed: Optional[List[int]] = None
        self.timed_seconds = 0.0
        #: What was printed by the running call and is to be shown by the host.
        self.printed: List[Tuple[int, str]] = []
        self._closing = False
        #: Coroutines of objects that their hosts wait for, by stream.
        self._awaited: Dict[ServedStream, Task[Any]] = {}
        self.thread = threading.Thread(target=self._run, daemon=True, name="object")

    # From any thread.

    def _start(self) -> None:
        try:
            self.thread.start()
        except RuntimeError:
            with self._desk_lock:
                self._ended = True
                self._inbox.clear()
            self.connection.thread_ended(self)
            raise

    def finish(self, deadline: float) -> None:
        """Wait until the running call has ended, or until `deadline` (of time.monotonic)."""
        while (self.serving is not None or self._awaited) and time.monotonic() < deadline:
            time.sleep(0.01)

    def name(self) -> str:
        """What runs here, for messages: the object of the last call."""
        return self.connection.name_of(self.request)

    def forsake(self) -> None:
        """In a forked child: end with the running call, if this is the thread that forked; the others are not there."""
        self._desk_lock = threading.Lock()
        self._closing = True
        self._coroutines = None

    # On this thread.

    def is_given_up(self) -> bool:
        """Whether nobody waits for the running call any more."""
        return self.serving is None or remaining() == 0.0 or self.serving.is_gone()

    def call_back(self, pieces: "Sequence[Buffer]", request: int) -> "Frame":
        """Send a request to the host on the stream of the running chain; the answer.

        Serves whatever the same chain asks of objects meanwhile. Raises ConnectionLost, and RecursionError.
        """
        leave_room()
        stream = self.serving
        assert stream is not None
        stream.waiting.append(self)
        try:
            if self.printed:
                self.show()
            stream.send(pieces)
            while True:
                given = not self._holds(stream)
                frame = self._take_back(stream) if given else stream.frame()
                if due(AWAITING, frame[0]) is TAKE and stream.waiting[-1] is self:
                    return answer_to(request, frame)
                self._dispatch(stream, frame, given)
        except BaseException as error:  # whatever it is, the answer is still to come, and would be taken for another
            self._lose(stream, error)
            raise
        finally:
            innermost = len(stream.waiting) - 1 - stream.waiting[::-1].index(self)
            del stream.waiting[innermost]

    def _run(self) -> None:
        _running[threading.get_ident()] = self
        try:
            while not self._closing:
                stream, what, given = self._next()
                if stream is not None:
                    self._handle(stream, what, given)
                elif what is None:
                    self._closing = True
                else:
                    self._drop(what)
                del stream, what
                if not self.owned and not self._streams and self._ends():
                    return
        finally:
            self._end()
            del _running[threading.get_ident()]

    def _next(self) -> "Tuple[Optional[ServedStream], Any, bool]":
        """The next thing to do for whichever chain, and whether it was given to this thread by another."""
        while True:
            if self._inbox:
                stream, what = self._inbox.popleft()
                if stream is not None:
                    lost = what is None  # and nothing here waits for it any more
                    if lost or not self._adopt(stream):
                        continue
                return stream, what, True
            if self._coroutines is not None and not self._ready and (self._awaited or self._coroutines.busy()):
                self._run_coroutines()
                continue
            if not self._streams:
                self._sleep()
                continue
            if self._ready:
                fd = self._ready.popleft()
            else:
                assert self._waiter is not None
                readable = self._waiter.poll.poll()
                fd = readable[0][0]
                if len(readable) > 1:
                    self._ready.extend([fd for fd, _ in readable[1:]])
            held = self._streams.get(fd)
            if held is None:
                if self._waiter is not None and fd == self._waiter.bell.fd:
                    self._waiter.bell.silence()
                continue
            try:
                frame = held.read()
            except (ConnectionLost, ProtocolError) as error:
                self._lose(held, error)
                if not self._streams and not self.owned:
                    return None, (), True
                continue
            if frame is not None:
                return held, frame, False

    def _handle(self, stream: "ServedStream", frame: "Optional[Frame]", given: bool) -> None:
        """Deal with a frame, and with those that were read behind it, while the stream is held here."""
        try:
            while frame is not None:
                self._dispatch(stream, frame, given)
                given = False
                frame = stream.buffered() if self._holds(stream) else None
        except (ConnectionLost, ProtocolError) as error:
            self._lose(stream, error)

    def _dispatch(self, stream: "ServedStream", frame: "Frame", given: bool) -> None:
        """Run a frame here, or hand it over with its stream; what was given here is for here, as its giver saw."""
        if not given and not stream.waiting and frame[0] == CALL:  # as it nearly always is
            entry = self.connection.exports.by_number.get(frame[3])
            if entry is not None and entry.owner is self:
                self._serve(stream, frame)
                return
        what = due(AWAITING if stream.waiting else AT_REST, frame[0])
        if what is RUN:
            if given:
                stream.queued = None
                if frame[1] & DEADLINE:
                    self._serve_late(stream, frame)
                else:
                    self._serve(stream, frame)
                return
            try:
                target = self.connection.thread_for(stream, frame, self)
            except LimitError as error:
                stream.send(self.connection.failure(frame[2], error))
                return
            if target is self:
                self._serve(stream, frame)
            else:
                self._hand_over(stream, frame, target)
        elif what is LET_GO:
            self.connection.release(frame)
        else:
            self._hand_over(stream, frame, stream.waiting[-1])

    def _serve_late(self, stream: "ServedStream", frame: "Frame") -> None:
        """Run a request that waited for its turn, within what is left of its deadline; not at all if nothing is."""
        if stream.is_gone():
            raise ConnectionLost("the host gave the call up before it began")
        left = later(frame, time.monotonic() - stream.queued_at)
        if left is None:
            error = DeadlineExceeded("the deadline passed before the object was free")
            stream.send(self.connection.failure(frame[2], error))
        else:
            self._serve(stream, left)

    def _serve(self, stream: "ServedStream", frame: "Frame") -> None:
        if frame[0] == AWAIT:
            self._await(stream, frame)
            return
        outer, self.serving = self.serving, stream
        self.calls += 1
        self.request = frame
        self.began = began = monotonic()
        if len(self._streams) > 1 and not self._lends:
            self._lends = True
            self.connection.server.door.watch(self)
        try:
            pieces = self.connection.answer(frame)
            if self.connection.imports.dropped:
                pieces = self.connection.with_releases(pieces)
            if self.printed:
                self.show()
            stream.send(pieces)
        finally:
            self.serving = outer
            if not frame[2] & _UNTIMED:
                self._time(monotonic() - began)
            if self.connection.kept_errors and not stream.waiting:
                self.connection.kept_errors.pop(stream, None)
            if self._lends and outer is None:
                with self._desk_lock:
                    self._lends = False

    def _time(self, seconds: float) -> None:
        if self.timed is None:
            self.timed = [0] * BUCKETS
        self.timed[bucket(seconds)] += 1
        self.timed_seconds += seconds

    def _hand_over(self, stream: "ServedStream", frame: "Frame", target: "ObjectThread") -> None:
        try:
            self.connection.queue(stream, frame, target)
        except DeadlockError as error:
            stream.send(self.connection.failure(frame[2], error))
            return
        with self._desk_lock:
            self._forget(stream)
        refused = None
        try:
            if not target.give(stream, frame):
                refused = self.connection.gone(frame)
        except RuntimeError as error:  # the system allows no more threads
            refused = self.connection.failure(frame[2], error)
        if refused is not None and self._adopt(stream):
            stream.queued = None
            stream.send(refused)

    # Coroutines of objects, in an event loop of this thread.

    def _await(self, stream: "ServedStream", frame: "Frame") -> None:
        """Begin to wait for an awaitable of an object; the answer is sent when it is done."""

        self.calls += 1
        self.request = frame
        try:
            if self._coroutines is None:
                self._coroutines = Coroutines()
            awaitable, within = self.connection.awaitable(frame)
            until = None if within is None else time.monotonic() + within
            task = self._coroutines.start(awaitable, lambda: Step(self, stream, until))
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the caller
            stream.send(self.connection.failure(frame[2], error))
            return
        self._awaited[stream] = task
        task.add_done_callback(lambda task: self._settle(stream, frame[2], task))
        if self in stream.waiting:  # what waits below on this thread ends only after this
            self._coroutines.finish([task])

    def _settle(self, stream: "ServedStream", request: int, task: "Task[Any]") -> None:
        del self._awaited[stream]
        if stream.closed:
            return
        try:
            with Step(self, stream, None):
                pieces = self.connection.with_releases(self.connection.settled(request, task))
            stream.send(pieces)
        except ConnectionLost as error:
            self._lose(stream, error)
        if not stream.waiting:
            self.connection.kept_errors.pop(stream, None)

    def _run_coroutines(self) -> None:
        """Let coroutines run until there is something else to do."""
        assert self._coroutines is not None
        with self._desk_lock:
            if self._inbox:
                return
            if self._waiter is None:
                self._waiter = waiter()
            descriptors = [self._waiter.bell.fd, *self._streams]
        self._coroutines.wait(descriptors)
        if self._waiter is not None:
            self._ready.extend([fd for fd, _ in self._waiter.poll.poll(0)])

    def show(self) -> None:
        """Let the host show what the running call has printed. Raises ConnectionLost."""
        printed, self.printed = self.printed, []
        assert self.serving is not None
        for which, text in printed:
            self.serving.send(self.connection.output(which, text))

    def _lose(self, stream: "ServedStream", error: BaseException) -> None:
        awaited = self._awaited.get(stream)
        if awaited is not None:
            awaited.cancel()
        with self._desk_lock:
            self._forget(stream)
        self.connection.lose(stream, error)

    def _drop(self, entries: "List[Exported]") -> None:
        """Let go of objects of this thread, on this thread: some are bound to it, as sqlite3's are."""
        self.owned -= len(entries)
        for entry in entries:
            entry.value = None

    def _end(self) -> None:
        """Give away what is left: nothing but streams and frames of a connection that ended."""
        streams, entries = self._clear()
        if self._coroutines is not None:
            self._coroutines.close()
        self._drop(entries)
        for stream in streams:
            self.connection.lose(stream, ConnectionLost("the gateway connection ended"))
        self.connection.thread_ended(self)
