"""One gateway connection of a Gateway Monitor, and the clients that share it: what each holds, and their relays."""

import os
import threading
import time
from collections import deque

from . import codec
from .errors import ConnectionLost, ProtocolError
from .frames import CALL, ERROR, PING, RELEASE, RESULT, WELCOME, pack
from .handshake import Refused
from .monitor_client import RANGE, Client
from .monitor_desk import Desk
from .references import References

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Set

    from .dialling import Dialler
    from .frames import Buffer
    from .relay import Relay
    from .stream import Stream


class SharedConnection:
    """From its first stream to its end, or to the failure of its server, after which it serves nobody any more."""

    def __init__(self, dialler: "Dialler", wake: "Callable[[], None]") -> None:
        """Connect; `wake` is called when there is something to release. Raises as `Dialler.open`."""
        self._dialler = dialler
        self._wake = wake
        #: The monitor's own stream, which keeps the connection; only the monitor's thread uses it.
        self._own, told = dialler.open()
        self.fd = self._own.fd
        self._token: str = told.pop("connection")
        told.pop("exports", None)
        self._told = told
        #: What the connection is called among the processes that share it; it opens nothing.
        self._name = os.urandom(8).hex()
        self._beats = 0
        #: Why the server serves nobody any more, once it has failed.
        self.failing: Optional[str] = None
        self.idle_since = time.monotonic()
        self.desk = Desk(self)
        #: Objects that clients held and that are to be released; deque operations are atomic.
        self._to_release: deque[int] = deque()
        #: Guards the clients, by token and by number, and the relays.
        self._members_lock = threading.Lock()
        self._clients: Dict[str, Client] = {}
        self._by_number: Dict[int, Client] = {}
        self._relays: Set[Relay] = set()
        self._count = 0

    # For the monitor, on its thread.

    @property
    def server_pid(self) -> "Optional[int]":
        return self._told.get("pid")

    def is_needed(self) -> bool:
        with self._members_lock:
            return bool(self._clients or self.desk.kept)

    def is_busy(self) -> bool:
        """Whether there are clients whose going must be looked for."""
        return bool(self._relays)

    def beat(self) -> None:
        """Ask the server whether it lives. Raises ConnectionLost."""
        self._beats += 1
        self._own.send(pack(CALL, 0, self._beats, 0, PING))

    def hear(self, answer_due: bool) -> bool:
        """Read what the server sent on the monitor's own stream; whether it is the answer to `beat`.

        Raises ConnectionLost at the end of the connection, and ProtocolError for what nobody asked for.
        """
        frame = self._own.read()
        if frame is None:
            return False
        if not answer_due or frame[0] not in (RESULT, ERROR) or frame[2] != self._beats:
            raise ProtocolError("the server sent what nobody asked for")
        return True

    def look_for_vanished(self) -> None:
        """Take leave of clients that are gone while a call of theirs runs: nobody reads their streams."""
        with self._members_lock:
            lost = [relay for relay in self._relays if relay.has_lost_client()]
            for relay in lost:
                relay.leave()
        for relay in lost:
            self._near_ended(relay.client)

    def release(self) -> None:
        """Give back what clients left. Raises ConnectionLost."""
        numbers = []
        while self._to_release:
            numbers.append(self._to_release.popleft())
        if numbers:
            self._own.send(pack(RELEASE, 0, 0, 0, 0, codec.encode_numbers(numbers)))

    def end(self, failing: "Optional[str]" = None) -> None:
        """Close it and the streams of its clients; `failing` says why, if its server is waited for."""
        self.failing = failing
        self.desk.kept.clear()
        self._own.close()
        with self._members_lock:
            relays = list(self._relays)
        for relay in relays:
            relay.hang_up()

    # Clients, on the threads that serve them.

    def client_for(self, token: str) -> Client:
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

    def welcome(self, client: Client) -> "List[Buffer]":
        """The first frame on each stream of a client."""
        told = {"connection": client.token, "exports": client.base, "shared": self._name, **self._told}
        if self.failing is not None:
            told["failing"] = self.failing
        return codec.pack_answer(References(), WELCOME, 0, told, codec.ARGUMENT)

    def relay_begins(self, relay: "Relay") -> None:
        with self._members_lock:
            self._relays.add(relay)

    def open(self) -> "Stream":
        """A further stream of the connection. Raises as `Dialler.open`."""
        if self.failing is not None:
            raise ConnectionLost(self.failing)
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
                self.idle_since = time.monotonic()
        self.give_back(client.leaves())

    def relay_ended(self, relay: "Relay") -> None:
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
        self._wake()  # without numbers, too: the time until the monitor ends may count from now

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
            "server": self._dialler.where(),
            "server_pid": self.server_pid,
            "failing": self.failing,
            "clients": len(clients),
            "streams": sum(each.streams for each in clients),
            "objects": sum(each.holds() for each in clients),
            "kept": len(self.desk.kept),
        }
