"""The server's side of one gateway connection: its streams, its objects, and the threads that they run on."""

import os
import threading
import time

from . import codec
from .deadlines import check
from .deadlock import circle, told
from .description import reachable
from .errors import ConnectionLost, DeadlockError, LimitError, NotAllowed, ProtocolError, ReleasedError
from .frames import (
    ADD_CLASS_PATH,
    AGAIN,
    DEADLINE,
    EXPORT,
    GET_STATIC,
    HELD,
    INVOKE,
    NEW,
    OUTPUT,
    PING,
    RESULT,
    RUNNING,
    SET_STATIC,
    SHOW_OUTPUT,
    STATISTICS,
    WELCOME,
    pack,
    split_deadline,
)
from .handshake import INSTANCE
from .link import Link
from .object_thread import ObjectThread, current
from .references import ByReference
from .statistics import held, running
from .stream import Stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Dict, List, Optional, Set, Tuple

    from .frames import Buffer, Frame
    from .objects import Exported
    from .server import Server


class ServedStream(Stream):
    """A stream of a server's connection.

    `waiting` are the object threads of its chain that wait for the host, the innermost last; `queued` is the one that
    was given the stream and has not begun with it, since `queued_at` (of time.monotonic) if the request has a deadline;
    `home` runs what belongs to no object: functions of modules, class methods, and the objects that those return.
    """

    __slots__ = ("connection", "home", "queued", "queued_at", "waiting")

    def __init__(self, sock: "Any", rest: bytes, connection: "Connection") -> None:
        super().__init__(sock, rest, connection.server.heartbeat, connection.most)
        self.connection = connection
        self.waiting: List[ObjectThread] = []
        self.home: Optional[ObjectThread] = None
        self.queued: Optional[ObjectThread] = None
        self.queued_at = 0.0


class Connection(Link):
    """One host's gateway connection, from its first stream to the end of its last."""

    def __init__(self, server: "Server", number: int, user: str, peer: str) -> None:
        super().__init__()
        self.server = server
        self.number = number
        self.user = user
        self.peer = peer
        if user != INSTANCE:
            self.most = server.limits.frame
            self.exports.most = server.limits.objects
        if server.allowed is not None:
            self.exports.check = server.allowed.check_value
        #: What a further stream of the same host shows to join.
        self.token = os.urandom(16).hex()
        self.ended = False
        #: Guards the streams and the threads. Never held while anything waits or user code runs.
        self._members_lock = threading.Lock()
        self._streams: Set[ServedStream] = set()
        self.threads: Set[ObjectThread] = set()
        #: The host's objects that it exported, by name, and values that the objects here share.
        self.named: Dict[str, Any] = {}
        self.shared: Dict[str, Any] = {}
        #: Whether the host shows what objects print.
        self.shows_output = False
        #: Guards what the streams are queued for, while a circle is looked for.
        self._circles_lock = threading.Lock()

    # Streams.

    def join(self, sock: "Any", rest: bytes) -> "Optional[ServedStream]":
        """A stream of this connection over `sock`; None if the connection has ended."""
        stream = ServedStream(sock, rest, self)
        with self._members_lock:
            if self.ended:
                return None
            self._streams.add(stream)
        return stream

    def welcome(self) -> "List[Buffer]":
        """The first frame on each stream."""
        told = {"connection": self.token, **self.server.introduction()}
        if self.most is not None:
            told["max_frame"] = self.most
        return codec.pack_answer(self, WELCOME, 0, told, codec.ARGUMENT)

    def lose(self, stream: "ServedStream", error: BaseException) -> None:
        """Close a stream that its holder can't use any more; the connection ends with its last."""
        stream.close()
        stream.queued = None
        self.forget(stream)
        if isinstance(error, ProtocolError):
            self.server.journal.warning("protocol error", peer=self.peer, connection=self.number, error=error)
        self._without(stream)

    def close(self) -> None:
        """End the connection from this side."""
        with self._members_lock:
            if self.ended:
                return
            self.ended = True
            streams = list(self._streams)
        for stream in streams:
            stream.hang_up()
        self._end()

    def vanished(self, stream: "ServedStream") -> None:
        """The host of a stream is gone while its call runs: the connection ends with its last such stream."""
        stream.hang_up()
        self._without(stream)

    def _without(self, stream: "ServedStream") -> None:
        """Tell the threads that wait for the host on this stream; end the connection if it was the last."""
        for thread in set(stream.waiting):
            thread.give(stream, None)
        with self._members_lock:
            self._streams.discard(stream)
            ends = not self._streams and not self.ended
            self.ended = self.ended or ends
        if ends:
            self._end()

    def finish(self, deadline: float) -> None:
        """End the connection once its running calls have, or at `deadline` (of time.monotonic)."""
        for thread in self.threads_now():
            thread.finish(deadline)
        self.close()
        for thread in self.threads_now():
            if thread.thread.ident is not None:  # else it has not begun, and does not any more
                thread.thread.join(max(0.0, deadline - time.monotonic()))

    def forsake(self) -> None:
        """In a forked child: end here, without a word to the host; locks may be held by threads of the parent's."""
        self._members_lock = threading.Lock()
        self._circles_lock = threading.Lock()
        self.exports.forsake()
        self.imports.forsake()
        self.ended = True
        for stream in self._streams:
            stream.close()
        for thread in self.threads:
            thread.forsake()
        self._streams, self.threads = set(), set()

    def _end(self) -> None:
        self.let_go(self.exports.clear())
        for thread in self.threads_now():
            thread.give(None, None)
        self.server.connection_ended(self)

    # Threads.

    def thread_for(self, stream: ServedStream, frame: "Frame", here: "Optional[ObjectThread]") -> ObjectThread:
        """The thread that is to run a request; `here` is the object thread that asks, if it is one.

        Raises LimitError if it would be one thread too many.
        """
        number, member = frame[3], frame[4]
        if number:
            entry = self.exports.by_number.get(number)
            if entry is not None:
                owner: ObjectThread = entry.owner
                return owner
        elif member == NEW:
            return self._new_thread()
        elif member in (INVOKE, GET_STATIC, SET_STATIC):
            return self.home_of(stream)
        return here or self.home_of(stream)

    def batch_begins(self, count: int) -> None:
        thread = current()
        if thread is not None:
            thread.calls += count - 1

    def queue(self, stream: ServedStream, frame: "Frame", target: ObjectThread) -> None:
        """Note that `stream` waits for `target`, before it is given to it. Raises DeadlockError if that has no end."""
        stream.queued = target
        if frame[1] & DEADLINE:
            stream.queued_at = time.monotonic()
        if target.serving is None:
            return
        with self._circles_lock:
            threads = circle(stream, target)
            if threads is None:
                return
            stream.queued = None
        raise DeadlockError(told(self.name_of(frame), threads))

    def name_of(self, frame: "Optional[Frame]") -> str:
        """The object of a request, for messages."""
        entry = None if frame is None else self.exports.by_number.get(frame[3])
        if entry is None:
            return "a function of a module"
        of = entry.described.of
        return "%s.%s (object %d)" % (of.__module__, of.__qualname__, entry.number)

    def home_of(self, stream: ServedStream) -> ObjectThread:
        """The thread that runs what belongs to no object, for requests of `stream`."""
        if stream.home is None or stream.home.has_ended():
            stream.home = self._new_thread()
        return stream.home

    def _new_thread(self) -> ObjectThread:
        """A thread that starts with the first thing that it is given. Raises ConnectionLost, or LimitError."""
        most = self.server.limits.threads
        if most is not None and self.user != INSTANCE and threading.active_count() >= most:
            raise LimitError("the server has %d threads, and allows no more; drop some objects" % most)
        thread = ObjectThread(self)
        with self._members_lock:
            if not self.ended:
                self.threads.add(thread)
                return thread
        raise ConnectionLost("the gateway connection ended")

    def threads_now(self) -> "List[ObjectThread]":
        with self._members_lock:
            return list(self.threads)

    def thread_ended(self, thread: ObjectThread) -> None:
        """Called by a thread as its last act."""
        with self._members_lock:
            self.threads.discard(thread)
        if self.user != INSTANCE:
            self.server.statistics.add(thread)

    def release(self, frame: "Frame") -> None:
        """Let go of the objects that a RELEASE names, each on its own thread."""
        self.let_go(self.exports.release(codec.decode_numbers(frame[5])))

    def let_go(self, entries: "List[Exported]") -> None:
        """Each on its own thread: some objects are bound to it, as sqlite3's are."""
        by_owner: Dict[ObjectThread, List[Exported]] = {}
        for entry in entries:
            by_owner.setdefault(entry.owner, []).append(entry)
        for owner, owned in by_owner.items():
            owner.give(None, owned)

    def gone(self, frame: "Frame") -> "List[Buffer]":
        """The answer to a request whose object's thread has just ended."""
        return self.failure(frame[2], ReleasedError("object %d is not there any more" % frame[3]))

    # Coroutines and output, for the threads.

    def awaitable(self, frame: "Frame") -> "Tuple[Any, Optional[float]]":
        """What an AWAIT asks to wait for, and within how many seconds. Raises what decoding it raises."""
        within = None
        if frame[1] & DEADLINE:
            within = split_deadline(frame[5])[0]
        return self.exports.get(frame[3]).value, within

    def settled(self, request: int, task: "Any") -> "List[Buffer]":
        """The pieces of the answer to an AWAIT, now that its task has ended."""
        try:
            value, sent_home = task.result(), self.sent_home
            return self.hold(value, sent_home, codec.pack_answer(self, RESULT, request, value, codec.RESULT))
        except BaseException as error:  # noqa: BLE001 - whatever an object raises belongs to its caller
            return self.failure(request, error)

    def output(self, which: int, text: str) -> "List[Buffer]":
        """The pieces of a frame that lets the host show what an object printed."""
        return pack(OUTPUT, 0, 0, 0, which, text.encode("utf-8", "backslashreplace"))

    # As a link.

    def chain(self) -> "Optional[ServedStream]":
        thread = current()
        return None if thread is None or thread.connection is not self else thread.serving

    def where(self) -> str:
        return "the host " + self.peer

    def owner(self) -> "Optional[ObjectThread]":
        return current()

    def request(
        self,
        kind: int,
        number: int,
        member: int,
        args: "Sequence[Any]" = (),
        kwargs: "Optional[Dict[str, Any]]" = None,
    ) -> "Any":
        """Call back to the host: on the object's own thread, while the host waits for the call that it serves."""
        thread = current()
        if thread is None or thread.connection is not self or thread.serving is None:
            raise ConnectionLost(
                "the host can only be called while it waits for a call of its own, on the thread that serves it; "
                "this is the thread %r" % threading.current_thread().name
            )
        self.requests = serial = (self.requests + 1) & 0xFFFFFFFF
        left = check()
        pieces = self.with_releases(codec.pack_request(self, kind, serial, number, member, args, kwargs or {}, left))
        frame = thread.call_back(pieces, serial)
        check()  # the host's code can't be interrupted, but an answer that comes too late is none
        return self.result_of(frame)

    def own(self, member: int, args: "List[Any]", kwargs: "Dict[str, Any]") -> "Any":
        if member == NEW:
            return self._find(args.pop(0), "mapping")(*args, **kwargs)
        if member == INVOKE:
            owner, name = self._find(args.pop(0), "mapping"), args.pop(0)
            return self._given(owner, name)(*args, **kwargs)
        if member == GET_STATIC:
            return self._given(self._find(args[0], "mapping"), args[1])
        if member == SET_STATIC:
            return setattr(self._find(args[0], "mapping"), reachable(args[1]), args[2])
        if member == ADD_CLASS_PATH:
            return [self._add_class_path(path) for path in args]
        if member == EXPORT:
            self.named[args[0]] = args[1]
            return None
        if member == SHOW_OUTPUT:
            self.shows_output = bool(args[0])
            return None
        if member == AGAIN:
            return ByReference(self.exports.get(args[0]).value)
        if member == PING:
            return self.server.figures()
        if member in (STATISTICS, RUNNING, HELD):
            return self._told(member)
        return super().own(member, args, kwargs)

    def _told(self, member: int) -> "Any":
        if self.user != INSTANCE:
            raise NotAllowed("whoever started the server may ask for this: pygatectl stats, threads and objects")
        connections = [each for each in self.server.connections_now() if each.user != INSTANCE]
        if member == RUNNING:
            return running(connections)
        if member == HELD:
            return held(connections)
        threads = [thread for connection in connections for thread in connection.threads_now()]
        return {**self.server.statistics.told(threads), **self.server.figures()}

    def _given(self, owner: "Any", name: "Any") -> "Any":
        """An attribute of a class or module, if the host may have it. Raises NotAllowed."""
        found = getattr(owner, reachable(name))
        return found if self.server.allowed is None else self.server.allowed.check_value(found)

    def _add_class_path(self, path: "Any") -> str:
        if self.server.allowed is not None and not self.server.class_path.has(path):
            raise NotAllowed(
                "%r can't be added to the class path of a server with an allow list; its definition's class_path can "
                "have it" % (path,)
            )
        return self.server.class_path.add(path)

    def _find(self, name: "Any", event: str) -> "Any":
        allowed = self.server.allowed
        try:
            if allowed is None:
                return self.server.class_path.find(name)
            allowed.check_name(name)
            return allowed.check_found(name, self.server.class_path.find(name))
        except BaseException as error:
            self.server.journal.error(event, peer=self.peer, connection=self.number, object=name, error=error)
            raise
