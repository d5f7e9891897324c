"""Limits of a server: what is one too many is refused with its reason, and all else goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pygateway import AuthenticationError, ConnectionLost, Gateway, LimitError, aio

Start = Callable[..., Any]
Until = Callable[..., Any]


def test_one_connection_too_many_is_refused_until_another_ends(start_server: Start, until: Until) -> None:
    server = start_server("--max-connections", 2)
    with server.connect():
        with server.connect(), pytest.raises(AuthenticationError, match="too many connections"):
            server.connect()

        def connected() -> bool:
            try:
                server.connect().disconnect()
            except AuthenticationError:
                return False
            return True

        until(connected)


def test_further_streams_of_a_connection_do_not_count_as_connections(
    start_server: Start, together: Callable[..., list[Any]]
) -> None:
    with start_server("--max-connections", 1).connect() as gateway:
        assert together(*(lambda: gateway.invoke("math.", "sqrt", 4) for _ in range(8))) == [2.0] * 8


def test_one_object_too_many_is_refused_until_another_is_dropped(start_server: Start, until: Until) -> None:
    with start_server("--max-objects", 3).connect() as gateway:
        kept = [gateway.new("builtins.list") for _ in range(3)]
        with pytest.raises(LimitError, match="holds 3 objects"):
            gateway.new("builtins.list")
        assert kept[0].append(1) is None
        assert gateway.ping()["objects"] == 3
        kept.pop()
        kept.append(gateway.new("builtins.list"))
        assert len(kept[-1]) == 0


def test_a_result_of_too_many_objects_leaves_none_behind(start_server: Start) -> None:
    with start_server("--max-objects", 5).connect() as gateway:
        first = gateway.new("builtins.list")
        with pytest.raises(LimitError):
            gateway.invoke("builtins.", "eval", "tuple([] for _ in range(9))")
        assert gateway.ping()["objects"] == 1
        assert len(first) == 0


def test_one_thread_too_many_is_refused_until_another_has_ended(start_server: Start, until: Until) -> None:
    with start_server("--max-threads", 6).connect() as gateway:
        kept = []

        def make_many() -> None:
            for _ in range(10):
                kept.append(gateway.new("builtins.list"))  # noqa: PERF401 - what was made before is kept

        with pytest.raises(LimitError, match="the server has 6 threads"):
            make_many()
        assert 2 <= len(kept) <= 6
        assert kept[0].append(1) is None
        kept.pop()

        def made() -> bool:
            try:
                gateway.new("builtins.list")
            except LimitError:
                return False
            return True

        until(made)


def test_a_frame_too_large_is_not_sent_and_harms_nothing(start_server: Start) -> None:
    with start_server("--max-frame", 1 << 20).connect() as gateway:
        made = gateway.new("builtins.list")
        for large in (b"x" * (1 << 20), "x" * (1 << 20), [1.5] * (1 << 18)):
            with pytest.raises(LimitError, match="max_frame"):
                made.append(large)
        made.append(b"x" * (1 << 19))
        assert len(made) == 1
        assert gateway.invoke("builtins.", "len", b"x" * (1 << 19)) == 1 << 19


def test_a_result_too_large_is_told(start_server: Start) -> None:
    with start_server("--max-frame", 1 << 20).connect() as gateway:
        for text in ("b'x' * (1 << 20)", "'x' * (1 << 20)"):
            with pytest.raises(LimitError, match="max_frame"):
                gateway.invoke("builtins.", "eval", text)
        assert gateway.ping()


def test_a_host_that_sends_too_large_a_frame_all_the_same_is_cut_off(start_server: Start) -> None:
    server = start_server("--max-frame", 1 << 20)
    with server.connect() as gateway, server.connect() as other:
        gateway._session.most = None
        with pytest.raises(ConnectionLost):
            gateway.invoke("builtins.", "len", b"x" * (1 << 21))
        assert other.ping()


def test_an_asyncio_host_holds_to_the_size_of_frames(start_server: Start) -> None:
    import asyncio

    server = start_server("--max-frame", 1 << 20)

    async def host() -> None:
        async with aio.connect("127.0.0.1", server.port) as gateway:
            with pytest.raises(LimitError, match="max_frame"):
                await gateway.invoke("builtins.", "len", b"x" * (1 << 20))
            assert await gateway.ping()

    asyncio.run(host())


def test_the_pings_of_whoever_started_the_server_are_always_answered(start_server: Start) -> None:
    import subprocess

    from pygateway import probe

    server = start_server("--secrets-stdin", "--max-connections", 1, "--max-threads", 1, stdin=subprocess.PIPE)
    server.process.stdin.write('{"passphrase": null, "instance": "secret"}\n')
    server.process.stdin.flush()
    port = int(server.process.stdout.readline().split()[-1])
    with Gateway.connect("127.0.0.1", port):
        assert probe("127.0.0.1", port, "secret")["connections"] == 1
