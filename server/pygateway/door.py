"""The door: the server's main thread. It accepts streams, shakes hands, and reads the streams that no object's thread
holds: new ones, and those that a busy thread can't read. It runs no code of any object and never waits for one peer.
"""

import errno
import heapq
import selectors
import socket
import time

from .connection import ServedStream
from .errors import AuthenticationError, ConnectionLost, DeadlockError, LimitError, ProtocolError
from .frames import RELEASE
from .handshake import ServerHandshake, refusal
from .penalties import Penalties
from .turns import AT_REST, AWAITING, TAKE, due
from .waiting import Bell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Set, Tuple

    from .frames import Frame
    from .object_thread import ObjectThread
    from .securing import Securing
    from .server import Server

#: Seconds that a peer has for the whole handshake.
HANDSHAKE_TIMEOUT = 5.0
#: Most streams that may be in the handshake at once; the oldest makes room.
MAX_PENDING = 1024
#: Seconds between two looks at threads that are busy while streams wait for them.
LEND_AFTER = 0.005
#: Seconds between two looks for hosts that vanished while a call of theirs runs.
LOOK_FOR_VANISHED = 1.0
#: Seconds that accepting rests when the process has no descriptors left.
REST = 0.1


class _Pending:
    """A stream that is not accepted yet."""

    def __init__(self, sock: "Any", peer: str, handshake: ServerHandshake) -> None:
        self.sock = sock
        self.peer = peer
        self.handshake = handshake
        #: Whether its proof waits for its turn, so that nothing more is read from it.
        self.held = False
        self.deadline = time.monotonic() + HANDSHAKE_TIMEOUT


class Door:
    """Owner and thread: `Server.serve`. End: after `close`, from any thread or a signal handler, `serve` returns."""

    def __init__(self, server: "Server", listeners: "List[socket.socket]") -> None:
        self._server = server
        self._listeners = listeners
        self._bell = Bell()
        self._selector = selectors.DefaultSelector()
        self._pending: Dict[int, _Pending] = {}
        #: Streams whose TLS is being agreed upon, if the server speaks it.
        self._securing = _securing(server, self._bell.ring)
        self._penalties = Penalties()
        #: Streams whose proofs wait for their turn: when it comes, which (a number of its own), and what they sent.
        self._held: List[Tuple[float, int, _Pending, bytes]] = []
        self._watched: Set[ObjectThread] = set()
        self._seen: Dict[ObjectThread, int] = {}
        self._ticking = False
        self._resting_until = 0.0
        self._next_look = 0.0
        self._closing = False

    def watch(self, thread: "ObjectThread") -> None:
        """Look after the streams of a thread that has begun a call while others wait there. From that thread."""
        self._watched.add(thread)
        if not self._ticking:
            self._ticking = True
            self._bell.ring()

    def heed_signals(self) -> None:
        """Let signals wake `serve`. From the main thread."""
        self._bell.heed_signals()

    def close(self) -> None:
        """Make `serve` return. From any thread, or from a signal handler."""
        self._closing = True
        self._bell.ring()

    def forsake(self) -> None:
        """In a forked child: close its copies of the sockets, which harms the parent's in nothing."""
        self._selector.close()
        for sock in [*self._listeners, *[pending.sock for pending in self._pending.values()]]:
            sock.close()

    def serve(self) -> None:
        """Look after the door until `close`; then no listener is open any more."""
        self._selector.register(self._bell.fd, selectors.EVENT_READ, None)
        for listener in self._listeners:
            listener.setblocking(False)
            self._selector.register(listener, selectors.EVENT_READ, listener)
        while not self._closing:
            for key, _ in self._selector.select(self._patience()):
                self._attend(key.data)
            self._tick()
        for listener in self._listeners:
            listener.close()
        for pending in list(self._pending.values()):
            self._dismiss(pending)

    def _attend(self, what: "Any") -> None:
        if what is None:
            self._bell.silence()
            while self._securing is not None and self._securing.secured:
                self._await_handshake(*self._securing.secured.popleft())
        elif isinstance(what, ServedStream):
            self._read(what)
        elif isinstance(what, _Pending):
            self._shake(what)
        else:
            self._accept(what)

    # Time.

    def _patience(self) -> "Optional[float]":
        """Seconds until something is to be done though nobody comes; None if there is no such thing."""
        if self._ticking:
            return LEND_AFTER
        now = time.monotonic()
        until = []
        if self._resting_until:
            until.append(self._resting_until - now)
        if self._pending:
            until.append(next(iter(self._pending.values())).deadline - now)
        if self._held:
            until.append(self._held[0][0] - now)
        if self._server.connections:
            until.append(self._next_look - now)
        return max(0.0, min(until)) if until else None

    def _tick(self) -> None:
        now = time.monotonic()
        if self._ticking:
            self._take_over()
        while self._held and self._held[0][0] <= now:
            _, number, pending, data = heapq.heappop(self._held)
            if self._pending.get(number) is pending:
                self._take_up(pending, data)
        while self._pending:
            oldest = next(iter(self._pending.values()))
            if oldest.deadline > now and len(self._pending) <= MAX_PENDING:
                break
            self._dismiss(oldest)
        if self._resting_until and now >= self._resting_until:
            self._resting_until = 0.0
            for listener in self._listeners:
                self._selector.register(listener, selectors.EVENT_READ, listener)
        if now >= self._next_look:
            self._next_look = now + LOOK_FOR_VANISHED
            self._look_for_vanished()
            self._server.look()

    def _take_over(self) -> None:
        """Take the waiting streams from threads that are in the same call as at the last tick."""
        self._ticking = False
        for thread in list(self._watched):
            if thread.serving is None:
                self._watched.discard(thread)
                self._seen.pop(thread, None)
            elif self._seen.get(thread) == thread.calls:
                self._watched.discard(thread)
                del self._seen[thread]
                for stream in thread.lend():
                    self.park(stream)
            else:
                self._seen[thread] = thread.calls
        self._ticking = bool(self._watched)

    def _look_for_vanished(self) -> None:
        """Hang up on hosts that are gone while a call of theirs runs: nobody reads their streams."""
        for connection in self._server.connections_now():
            for thread in connection.threads_now():
                stream = thread.serving
                if stream is not None and not stream.closed and stream.is_gone():
                    connection.vanished(stream)

    # Streams.

    def park(self, stream: "ServedStream") -> None:
        """Read `stream` until it has a frame for some thread."""
        try:
            self._selector.register(stream.fd, selectors.EVENT_READ, stream)
        except (ValueError, OSError, KeyError) as error:  # closed meanwhile
            stream.connection.lose(stream, ConnectionLost(str(error)))
            return
        self._route_first(stream, stream.buffered)

    def _read(self, stream: "ServedStream") -> None:
        self._route_first(stream, stream.read)

    def _route_first(self, stream: "ServedStream", read: "Callable[[], Optional[Frame]]") -> None:
        """Hand the stream over with its next frame, if a whole one is there."""
        try:
            frame = read()
            while frame is not None and frame[0] == RELEASE:
                stream.connection.release(frame)
                frame = stream.buffered()
            if frame is not None:
                self._route(stream, frame)
        except (ConnectionLost, ProtocolError, RuntimeError) as error:
            self._unpark(stream)
            stream.connection.lose(stream, error)

    def _route(self, stream: "ServedStream", frame: "Frame") -> None:
        target: Optional[ObjectThread] = None
        if due(AWAITING if stream.waiting else AT_REST, frame[0]) is TAKE:
            target = stream.waiting[-1]
        try:
            if target is None:
                target = stream.connection.thread_for(stream, frame, None)
            stream.connection.queue(stream, frame, target)
        except (DeadlockError, LimitError) as error:
            stream.send(stream.connection.failure(frame[2], error))
            return
        self._unpark(stream)
        if not target.give(stream, frame):
            # Its last object was released meanwhile; whoever runs the stream's own requests says so.
            stream.connection.home_of(stream).give(stream, frame)

    def _unpark(self, stream: "ServedStream") -> None:
        key = self._selector.get_map().get(stream.fd)
        if key is not None and key.data is stream:
            self._selector.unregister(stream.fd)

    # The handshake.

    def _accept(self, listener: socket.socket) -> None:
        if self._resting_until:
            return
        try:
            sock, address = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                self._server.journal.error("accepting rests", error=error)
                self._resting_until = time.monotonic() + REST
                for each in self._listeners:
                    self._selector.unregister(each)
            return  # else the peer was gone before it was accepted
        if self._securing is not None and isinstance(address, tuple):
            self._securing.begin(sock, _peer(address))
        else:
            self._await_handshake(sock, _peer(address))

    def _await_handshake(self, sock: socket.socket, peer: str) -> None:
        sock.setblocking(False)
        pending = _Pending(sock, peer, ServerHandshake(self._server.verifiers))
        self._pending[sock.fileno()] = pending
        self._selector.register(sock, selectors.EVENT_READ, pending)

    def _shake(self, pending: _Pending) -> None:
        try:
            data = pending.sock.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._dismiss(pending)
        elif not self._holds(pending, data):
            self._answer(pending, data)

    def _holds(self, pending: _Pending, data: bytes) -> bool:
        """Keep a proof until the turn of its address, if there were wrong ones from there."""
        if not pending.handshake.proves or pending.peer == "local":
            return False
        now = time.monotonic()
        turn = self._penalties.turn(_address(pending.peer), now)
        if turn <= now:
            return False
        pending.held = True
        self._selector.unregister(pending.sock)
        heapq.heappush(self._held, (turn, pending.sock.fileno(), pending, data))
        return True

    def _take_up(self, pending: _Pending, data: bytes) -> None:
        """The turn of a proof has come."""
        pending.held = False
        self._selector.register(pending.sock, selectors.EVENT_READ, pending)
        self._answer(pending, data)

    def _answer(self, pending: _Pending, data: bytes) -> None:
        proves = pending.handshake.proves
        try:
            reply = pending.handshake.receive(data)
            if pending.handshake.user is not None:
                if proves:
                    self._penalties.succeeded(_address(pending.peer))
                self._admit(pending, reply)
            elif reply:
                pending.sock.send(reply)
        except OSError:
            self._dismiss(pending)
        except (AuthenticationError, ProtocolError) as error:
            if proves:
                self._penalties.failed(_address(pending.peer), time.monotonic())
            self._refuse(pending, error)

    def _admit(self, pending: _Pending, reply: bytes) -> None:
        handshake = pending.handshake
        connection = self._server.connection_for(handshake.user or "", handshake.token, pending.peer)
        self._forget(pending)
        pending.sock.setblocking(True)
        stream = connection.join(pending.sock, handshake.rest())
        if stream is None:
            pending.sock.close()
            return
        try:
            stream.send([reply, *connection.welcome()])
        except ConnectionLost as error:
            connection.lose(stream, error)
            return
        self.park(stream)

    def _refuse(self, pending: _Pending, error: Exception) -> None:
        self._server.refused(pending.peer, error)
        try:
            pending.sock.send(refusal(error))
        except OSError as gone:  # it did not wait for the answer
            self._server.journal.info("refusal not heard", peer=pending.peer, error=gone)
        self._dismiss(pending)

    def _dismiss(self, pending: _Pending) -> None:
        self._forget(pending)
        pending.sock.close()

    def _forget(self, pending: _Pending) -> None:
        if not pending.held:
            self._selector.unregister(pending.sock)
        del self._pending[pending.sock.fileno()]


def _securing(server: "Server", wake: "Callable[[], None]") -> "Optional[Securing]":
    if server.tls is None:
        return None
    from .securing import Securing  # ssl brings much along that other servers don't need

    return Securing(server, wake, HANDSHAKE_TIMEOUT)


def _address(peer: str) -> str:
    """The address of a peer, without its port."""
    return peer.rpartition(":")[0]


def _peer(address: "Any") -> str:
    """A peer as it stands in logs and messages."""
    if not isinstance(address, tuple):
        return "local"
    return "%s:%d" % (address[0] if ":" not in address[0] else "[%s]" % address[0], address[1])
