"""Hosts that take nothing, stop half-way, or come in thousands: the server goes on answering the others."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from pygateway import frames, handshake
from pygateway.dialling import Dialler
from pygateway.stream import Stream

resource = pytest.importorskip("resource")

Until = Callable[..., Any]
MEGABYTES = 32
THOUSANDS = 10_000


def ask_for_much(server: Any) -> Stream:
    """A host that asks for more than the system's buffers take, and reads nothing of the answer."""
    stream, _ = Dialler("127.0.0.1", server.port).open()
    body = b'["builtins.","bytes",%d]' % (MEGABYTES << 20)
    stream.send(frames.pack(frames.CALL, 0, 1, 0, frames.INVOKE, body))
    return stream


def test_hosts_that_read_no_answer_keep_nobody_waiting(own_server: Any, until: Until) -> None:
    with own_server.connect() as gateway:
        slow = [ask_for_much(own_server) for _ in range(4)]
        deque = gateway.new("collections.deque")
        for number in range(200):
            deque.append(number)
        assert len(deque) == 200
        threads = gateway.ping()["threads"]
        for stream in slow:
            stream.close()
        until(lambda: gateway.ping()["threads"] <= threads - 4, gateway.ping)
        assert gateway.ping()["connections"] == 1


def test_a_host_that_reads_byte_by_byte_gets_the_whole_answer(own_server: Any) -> None:
    stream = ask_for_much(own_server)
    sock = stream.sock
    sock.settimeout(20)
    reader = frames.FrameReader()
    taken = [reader.take(sock.recv(1)) for _ in range(2000)]
    assert taken == [None] * 2000
    frame = None
    while frame is None:
        frame = reader.take(sock.recv(1 << 20))
    assert len(frame[6][0].getvalue()) == MEGABYTES << 20
    stream.close()


def test_hosts_that_stop_in_the_handshake_are_dismissed(own_server: Any) -> None:
    waiting = []
    for sent in (b"", b"PYG", handshake.message(handshake.OPEN, "r=x")[:-1]) * 20:
        sock = socket.create_connection(("127.0.0.1", own_server.port), 20)
        sock.sendall(sent)
        waiting.append(sock)
    with own_server.connect() as gateway:
        assert gateway.new("collections.deque", [1]).pop() == 1
    for sock in waiting:
        assert sock.recv(1) == b""
        sock.close()


def test_hosts_that_stop_in_a_frame_keep_nobody_waiting(own_server: Any, until: Until) -> None:
    frame = b"".join(frames.pack(frames.CALL, 0, 1, 0, frames.PING, b"x" * 1000))
    with own_server.connect() as gateway:
        streams = [Dialler("127.0.0.1", own_server.port).open()[0] for _ in range(20)]
        for length, stream in enumerate(streams):
            stream.sock.sendall(frame[: 3 * length + 1])
        assert gateway.new("collections.deque", [1]).pop() == 1
        assert gateway.ping()["connections"] == 21
        for stream in streams:
            stream.close()
        until(lambda: gateway.ping()["connections"] == 1, gateway.ping)


def test_ten_thousand_connections_leave_the_server_answering(start_server: Callable[..., Any], until: Until) -> None:
    wanted = THOUSANDS + 500
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this system allows a process {hard} open files, and this needs {wanted}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        server = start_server()
        dialler = Dialler("127.0.0.1", server.port)
        with server.connect() as gateway:
            kept = gateway.new("collections.deque", [1])
            streams = [dialler.open()[0] for _ in range(THOUSANDS)]
            assert gateway.ping()["connections"] == THOUSANDS + 1
            assert list(kept) == [1]
            ping = frames.pack(frames.CALL, 0, 1, 0, frames.PING)
            for stream in streams[::100]:
                stream.send(ping)
                assert stream.frame()[0] == frames.RESULT
            for stream in streams:
                stream.close()
            until(lambda: gateway.ping()["connections"] == 1, gateway.ping)
            until(lambda: gateway.ping()["threads"] < 10, gateway.ping)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
