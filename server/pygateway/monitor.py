"""The Gateway Monitor: a process on the host's side that owns one gateway connection, and shares it with others.

Its clients speak the same protocol to it, over a local socket that its owner alone can reach: each stream of a client
is relayed to a stream of the monitor's connection. So they see the same objects of the server by the same numbers.
"""

import os
import sys
import threading
import time
from collections import deque

from . import __version__, codec
from .errors import AuthenticationError, ConnectionLost, DeadlineExceeded, GatewayError, ProtocolError
from .frames import RELEASE, WELCOME, pack
from .handshake import Refused, ServerHandshake, refusal
from .local_socket import listen_locally, remove
from .monitor_client import RANGE, Client
from .monitor_desk import Desk
from .references import References
from .relay import Relay
from .stream import Stream
from .waiting import READABLE, Bell, Poll

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from typing import Any, Dict, List, Optional, Set

    from .dialling import Dialler
    from .frames import Buffer

#: Seconds that a client has for the handshake, and that accepting rests when there are no descriptors left.
HANDSHAKE_TIMEOUT, REST = 5.0, 0.1
#: Seconds between two looks at clients whose calls run.
LOOK_FOR_VANISHED = 1.0


class Monitor:
    """Construct it: it is connected and listens then. `serve` until nobody needs it, the server is gone, or `stop`."""

    def __init__(self, dialler: "Dialler", path: str, grace: "Optional[float]") -> None:
        """It ends when it had no client for `grace` seconds; never by itself without. Raises as `Dialler.open`, and
        OSError if it can't listen at `path`.
        """
        self._dialler = dialler
        self._path = path
        self._grace = grace
        #: The monitor's own stream, which keeps the connection; only the thread of `serve` uses it.
        self._own, told = dialler.open()
        self._token: str = told.pop("connection")
        told.pop("exports", None)
        self._told = told
        self._listener = listen_locally(path)
        self._listener.setblocking(False)
        self._bell = Bell()
        self.desk = Desk(self)
        self._started = self._idle_since = time.monotonic()
        self._stopping = False
        #: Objects that clients held and that are to be released; deque operations are atomic.
        self._to_release: deque[int] = deque()
        #: Guards the clients, by token and by number, and the relays.
        self._members_lock = threading.Lock()
        self._clients: Dict[str, Client] = {}
        self._by_number: Dict[int, Client] = {}
        self._relays: Set[Relay] = set()
        self._count = 0

    def stop(self, *_: "Any") -> None:
        """Make `serve` return; fit as a signal handler."""
        self._stopping = True
        self._bell.ring()

    def serve(self) -> str:
        """Serve the clients; why it ended, as one sentence."""
        poll = Poll()
        for fd in (self._listener.fileno(), self._own.fd, self._bell.fd):
            poll.register(fd, READABLE)
        try:
            while not self._stopping:
                left = self._idle_left()
                if left == 0.0:
                    return "nobody needs it any more"
                seconds = LOOK_FOR_VANISHED if self._relays else left
                for fd, _ in poll.poll(None if seconds is None else int(seconds * 1000) + 1):
                    self._attend(fd)
                self._look_for_vanished()
                self._release()
        except (ConnectionLost, ProtocolError) as error:
            return "the connection to %s was lost: %s" % (self._dialler.where(), error)
        else:
            return "it was stopped"
        finally:
            self._end()

    def _attend(self, fd: int) -> None:
        if fd == self._bell.fd:
            self._bell.silence()
        elif fd == self._own.fd:
            self._own.read()  # nothing was asked, so this is the end of the connection
            raise ProtocolError("the server sent what nobody asked for")
        else:
            self._accept()

    def _idle_left(self) -> "Optional[float]":
        """Seconds until it ends if nobody comes; None while somebody is there."""
        with self._members_lock:
            if self._clients or self.desk.kept or self._grace is None:
                return None
            return max(0.0, self._idle_since + self._grace - time.monotonic())

    def _look_for_vanished(self) -> None:
        """Take leave of clients that are gone while a call of theirs runs: nobody reads their streams."""
        with self._members_lock:
            lost = [relay for relay in self._relays if relay.has_lost_client()]
            for relay in lost:
                relay.leave()
        for relay in lost:
            self._near_ended(relay.client)

    def _release(self) -> None:
        """Give back what clients left."""
        numbers = []
        while self._to_release:
            numbers.append(self._to_release.popleft())
        if numbers:
            self._own.send(pack(RELEASE, 0, 0, 0, 0, codec.encode_numbers(numbers)))

    def _end(self) -> None:
        """The path first: whoever finds nothing there may start another monitor at once."""
        remove(self._path)
        self._listener.close()
        self._own.close()
        with self._members_lock:
            relays = list(self._relays)
        for relay in relays:
            relay.hang_up()

    # Clients.

    def _accept(self) -> None:
        try:
            sock, _ = self._listener.accept()
        except OSError as error:
            if not isinstance(error, (BlockingIOError, ConnectionAbortedError)):
                self.complain("accepting rests: %s" % error)
                time.sleep(REST)
            return
        sock.setblocking(True)
        # Owner: the monitor. End: with the client's stream, or in the handshake's time.
        threading.Thread(target=self._admit, args=(sock,), name="relay", daemon=True).start()

    def _admit(self, sock: "socket.socket") -> None:
        """Shake hands with a client, and relay its stream to its end."""
        sock.settimeout(HANDSHAKE_TIMEOUT)
        try:
            handshake, reply = _shake(sock)
            client = self._client_for(handshake.token)
        except (OSError, ConnectionLost):
            sock.close()
            return
        except (AuthenticationError, ProtocolError) as error:
            _refuse(sock, error)
            return
        near = Stream(sock, handshake.rest())
        relay = Relay(self, client, near)
        with self._members_lock:
            self._relays.add(relay)
        try:
            near.send([reply, *self._welcome(client)])
            near.limit(None)
        except (ConnectionLost, DeadlineExceeded):
            near.hang_up()  # the relay finds the end at once
        relay.run()

    def _client_for(self, token: str) -> Client:
        """The client that a stream joins, or a new one. Raises Refused."""
        with self._members_lock:
            if not token:
                self._count += 1
                client = Client(self._count)
                self._clients[client.token] = self._by_number[self._count] = client
            elif token in self._clients:
                client = self._clients[token]
            else:
                raise Refused("unknown-connection")
            client.streams += 1
            return client

    def _welcome(self, client: Client) -> "List[Buffer]":
        told = {"connection": client.token, "exports": client.base, **self._told}
        return codec.pack_answer(References(), WELCOME, 0, told, codec.ARGUMENT)

    # For the relays, on their threads.

    def open(self) -> Stream:
        """A further stream of the connection. Raises as `Dialler.open`."""
        return self._dialler.open(self._token)[0]

    def _near_ended(self, client: Client) -> None:
        """A stream of the client has ended; with its last, what it held is given back."""
        with self._members_lock:
            client.streams -= 1
            if client.streams:
                return
            del self._clients[client.token]
            del self._by_number[client.base // RANGE]
            if not client.asked_only:
                self._idle_since = time.monotonic()
        self.give_back(client.leaves())

    def relay_ended(self, relay: Relay) -> None:
        """A relay has closed both its streams."""
        with self._members_lock:
            self._relays.discard(relay)
            left, relay.gone = relay.gone, True
        if not left:
            self._near_ended(relay.client)
        elif not relay.client.streams:
            self.give_back(relay.client.leaves())  # an answer may have been counted for it at the last moment

    def give_back(self, numbers: "List[int]") -> None:
        """Release objects of the server that no client holds."""
        self._to_release.extend(numbers)
        self._bell.ring()  # without numbers, too: the time until it ends may count from now

    def route(self, client: Client, numbers: "List[int]") -> "List[int]":
        """Of objects that the server released on a stream of `client`, its own; the others are told to their owners."""
        mine = []
        for number in numbers:
            if client.owns(number):
                mine.append(number)
                continue
            with self._members_lock:
                owner = self._by_number.get((number - 1) // RANGE)
            if owner is not None:
                owner.owe((number,))
        return mine

    def shows_output(self, client: Client, body: bytes) -> bytes:
        """Note whether a client wants to be shown what objects print; what to tell the server, for all."""
        client.shows_output = body == b"[true]"
        with self._members_lock:
            return b"[true]" if any(each.shows_output for each in self._clients.values()) else body

    def figures(self, asks: Client) -> "Dict[str, Any]":
        """What it tells of itself to a client that asks, which is not counted."""
        with self._members_lock:
            clients = [each for each in self._clients.values() if each is not asks]
            return {
                "kept": len(self.desk.kept),
                "pid": os.getpid(),
                "version": __version__,
                "uptime": time.monotonic() - self._started,
                "server": self._dialler.where(),
                "server_pid": self._told.get("pid"),
                "clients": len(clients),
                "streams": sum(each.streams for each in clients),
                "objects": sum(each.holds() for each in clients),
            }

    def complain(self, text: str) -> None:
        """Say something to whoever reads the monitor's output."""
        print("pygateway monitor: %s" % text, file=sys.stderr, flush=True)


def _shake(sock: "socket.socket") -> "Any":
    """The handshake of a client's stream, without a passphrase; it, and what is to be sent at its end.

    Raises OSError, ConnectionLost, AuthenticationError or ProtocolError.
    """
    handshake = ServerHandshake({})
    deadline = time.monotonic() + HANDSHAKE_TIMEOUT
    while handshake.user is None:
        sock.settimeout(max(0.001, deadline - time.monotonic()))
        data = sock.recv(4096)
        if not data:
            raise ConnectionLost("the client closed the connection")
        reply = handshake.receive(data)
    sock.settimeout(HANDSHAKE_TIMEOUT)
    return handshake, reply


def _refuse(sock: "socket.socket", error: GatewayError) -> None:
    try:
        sock.send(refusal(error))
    except OSError:  # it did not wait for the answer
        return
    finally:
        sock.close()
