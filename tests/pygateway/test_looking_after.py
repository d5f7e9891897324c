"""Hosts that have gone quiet: what they drop is released although they make no further request."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from typing import Any

import pygateway
from pygateway import aio

Until = Callable[..., Any]
LISTS = 10


def test_a_quiet_host_releases_what_it_drops(own_server: Any, until: Until) -> None:
    with own_server.connect() as gateway, own_server.connect() as other:
        kept, *dropped = [gateway.new("builtins.list") for _ in range(LISTS)]
        assert other.ping()["objects"] == LISTS
        dropped.clear()
        until(lambda: other.ping()["objects"] == 1, other.ping)
        kept.append(1)
        assert len(kept) == 1


def test_a_quiet_host_releases_what_was_in_a_cycle(own_server: Any, until: Until) -> None:
    with own_server.connect() as gateway, own_server.connect() as other:
        cycle: list[Any] = [gateway.new("builtins.list")]
        cycle.append(cycle)
        assert other.ping()["objects"] == 1
        del cycle
        gc.collect()
        until(lambda: other.ping()["objects"] == 0, other.ping)


def test_threads_of_released_objects_end(own_server: Any, until: Until) -> None:
    with own_server.connect() as gateway, own_server.connect() as other:
        objects = [gateway.new("builtins.list") for _ in range(LISTS)]
        threads = other.ping()["threads"]
        objects.clear()
        until(lambda: other.ping()["threads"] <= threads - LISTS + 1, other.ping)  # one may hold the stream


def test_a_release_leaves_the_calls_of_other_threads_alone(own_server: Any, until: Until) -> None:
    """Objects come and go on two threads, while the third is quiet and its stream takes releases."""
    with own_server.connect() as gateway, own_server.connect() as other:
        quiet = [gateway.new("builtins.list") for _ in range(LISTS)]
        wrong: list[int] = []

        def call(number: int) -> None:
            for count in range(400):
                made = gateway.new("builtins.list", [number] * count)
                if len(made) != count:
                    wrong.append(count)

        threads = [threading.Thread(target=call, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        quiet.clear()
        for thread in threads:
            thread.join()
        assert not wrong
        until(lambda: other.ping()["objects"] == 0, other.ping)


def test_an_asyncio_host_that_is_quiet_releases_what_it_drops(own_server: Any, until: Until) -> None:
    async def host() -> None:
        async with aio.connect("127.0.0.1", own_server.port) as gateway:
            kept, *dropped = [await gateway.new("builtins.list") for _ in range(LISTS)]
            with own_server.connect() as other:
                assert other.ping()["objects"] == LISTS
                dropped.clear()
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(None, lambda: until(lambda: other.ping()["objects"] == 1, other.ping))
            await kept.append(1)
            assert await aio.value(kept) == [1]

    asyncio.run(host())


def test_nothing_is_looked_after_when_no_connection_is_left(host_program: Any, own_server: Any) -> None:
    """In a process of its own: those of other tests may be connected still."""
    program = host_program(
        own_server,
        "gateway.new('builtins.list')\n"
        "thread, = [thread for thread in threading.enumerate() if thread.name == 'looking after']\n"
        "gateway.disconnect()\nthread.join(20)\nsay(thread.is_alive())\n",
    )
    assert program.finish() == ["False"]


def test_a_connection_that_ends_while_it_is_looked_after_ends_quietly(own_server: Any) -> None:
    """The program disconnects while the other thread sets the time-out of a stream, sends on it, and puts it back."""
    failed: list[BaseException] = []

    def look(session: Any) -> None:
        while session.connected:
            try:
                session.release_dropped()
            except BaseException as error:  # noqa: BLE001 - what would have ended the thread
                failed.append(error)

    for _ in range(100):
        gateway = own_server.connect()
        looking = threading.Thread(target=look, args=(gateway._session,))
        looking.start()
        for _ in range(10):
            gateway.new("builtins.list")
        gateway.disconnect()
        looking.join()
    assert not failed


def test_a_deadline_of_a_connection_that_ends_meanwhile_is_no_system_error(own_server: Any) -> None:
    told: list[BaseException] = []

    def call(gateway: Any) -> None:
        try:
            with pygateway.deadline(20):
                while True:
                    gateway.ping()
        except BaseException as error:  # noqa: BLE001 - compared below
            told.append(error)

    for _ in range(50):
        gateway = own_server.connect()
        calling = threading.Thread(target=call, args=(gateway,))
        calling.start()
        gateway.ping()
        gateway.disconnect()
        calling.join()
    assert {type(error) for error in told} == {pygateway.ConnectionLost}
