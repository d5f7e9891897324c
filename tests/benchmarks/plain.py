"""Two Python processes and a socket between them: what nothing that does more can beat by much."""

from __future__ import annotations

import socket
import sys
from contextlib import ExitStack

from contestant import Contestant, Work, started

SIZE = 16 * 2**20

SERVER = f"""
import socket, threading

def echo(sock):
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        data = sock.recv(65536)
        if not data:
            return
        sock.sendall(data)

def echo_large(sock):
    while True:
        data = sock.recv({SIZE}, socket.MSG_WAITALL)
        if not data:
            return
        sock.sendall(data)

def serve(listener, answer):
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

small, large = (socket.create_server(("127.0.0.1", 0), backlog=1024) for _ in range(2))
print(small.getsockname()[1], large.getsockname()[1], flush=True)
threading.Thread(target=serve, args=(large, echo_large), daemon=True).start()
serve(small, echo)
"""


class Plain(Contestant):
    """Sixteen bytes there and back; and 16 MiB, received as `bytes`."""

    name = "raw TCP"

    def __init__(self, ends: ExitStack, payload: bytes) -> None:
        super().__init__()
        self._port, large = map(int, started(ends, sys.executable, "-c", SERVER))
        echo, end = self.connection()
        ends.callback(end)
        sock = ends.enter_context(socket.create_connection(("127.0.0.1", large)))

        def transfer() -> None:
            sock.sendall(payload)
            assert len(sock.recv(SIZE, socket.MSG_WAITALL)) == SIZE

        self.works = {"echo": echo, "bytes": transfer}

    def connection(self) -> tuple[Work, Work]:
        sock = socket.create_connection(("127.0.0.1", self._port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        send, receive = sock.sendall, sock.recv

        def echo() -> None:
            send(b"sixteen bytes ..")
            receive(65536)

        return echo, sock.close

    def caller(self) -> tuple[Work, Work]:
        return self.connection()
