"""Streams on their way into a server that speaks TLS: each on a thread of its own, until it may come to the door."""

import socket
import threading
from collections import deque

from .errors import ProtocolError
from .handshake import MAGIC, Refused, refusal
from .stream import tune
from .tls import carried

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Deque, Tuple

    from .server import Server

#: Most streams whose TLS is agreed upon at once; further ones are closed.
MOST = 64


class Securing:
    """Owner: the door. End: each thread within `timeout` seconds, or in the carrier that it starts."""

    def __init__(self, server: "Server", wake: "Callable[[], None]", timeout: float) -> None:
        """`wake` is called when there is something in `secured`."""
        self._server = server
        self._wake = wake
        self._timeout = timeout
        self._places = threading.Semaphore(MOST)
        #: Sockets with TLS behind them, and their peers.
        self.secured: Deque[Tuple[socket.socket, str]] = deque()

    def begin(self, sock: socket.socket, peer: str) -> None:
        """Agree upon TLS with a host that was accepted."""
        if not self._places.acquire(blocking=False):
            self._server.refused(peer, ProtocolError("too many hosts agree upon TLS at once"))
            sock.close()
            return
        try:
            threading.Thread(target=self._run, args=(sock, peer), name="securing", daemon=True).start()
        except RuntimeError as error:  # the system has no more threads
            self._places.release()
            self._server.refused(peer, error)
            sock.close()

    def _run(self, sock: socket.socket, peer: str) -> None:
        try:
            self._agree(sock, peer)
        except (OSError, Refused) as error:
            self._server.refused(peer, error)
            sock.close()
        finally:
            self._places.release()

    def _agree(self, sock: socket.socket, peer: str) -> None:
        tune(sock, self._server.heartbeat)
        sock.settimeout(self._timeout)
        if sock.recv(1, socket.MSG_PEEK) == MAGIC[:1]:
            error = Refused("tls-required")
            sock.recv(4096)  # all of its first message, or closing would take the answer away
            sock.sendall(refusal(error))
            raise error
        context = self._server.tls
        assert context is not None
        self.secured.append((carried(context.wrap_socket(sock, server_side=True)), peer))
        self._wake()
