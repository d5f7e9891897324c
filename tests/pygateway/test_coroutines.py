"""Coroutines of objects: awaited by the host, run in an event loop on the object's own thread, cancelled with it."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from typing import Any

import pytest

import pygateway
from pygateway import Gateway


@pytest.fixture
def service(gateway: Gateway) -> Any:
    return gateway.new("asynchronous.Service")


def test_a_coroutine_of_an_object_can_be_run(service: Any) -> None:
    assert asyncio.run(service.add(1, 2)) == 3


def test_a_coroutine_runs_on_its_objects_thread(service: Any) -> None:
    assert asyncio.run(service.thread()) == service.made_on


def test_what_a_coroutine_raises_is_raised_where_it_is_awaited(service: Any) -> None:
    async def host() -> None:
        with pytest.raises(LookupError, match="no such thing"):
            await service.fail()
        assert await service.add(1, 2) == 3

    asyncio.run(host())


def test_coroutines_of_one_object_take_turns_at_their_awaits(service: Any) -> None:
    async def host() -> list[Any]:
        return list(await asyncio.gather(service.wait_at_the_door(), service.open_the_door()))

    assert asyncio.run(host()) == ["came in", None]


def test_the_hosts_event_loop_goes_on_while_it_awaits_an_object(service: Any) -> None:
    async def host() -> bool:
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()
        waiting = asyncio.ensure_future(service.never(lambda: loop.call_soon_threadsafe(begun.set)))
        await begun.wait()
        going_on = not waiting.done()
        waiting.cancel()
        return going_on

    assert asyncio.run(host())


def test_an_object_serves_other_calls_while_its_coroutine_waits(service: Any) -> None:
    async def host() -> Any:
        waiting = asyncio.ensure_future(service.wait_at_the_door())
        while service.door is None:
            await asyncio.sleep(0)
        assert service.is_running()
        await service.open_the_door()
        return await waiting

    assert asyncio.run(host()) == "came in"


def test_cancelling_at_the_host_cancels_the_coroutine_over_there(service: Any, until: Callable[..., Any]) -> None:
    begun = threading.Event()

    async def host() -> None:
        waiting = asyncio.ensure_future(service.never(begun.set))
        await asyncio.get_running_loop().run_in_executor(None, begun.wait)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(host())
    until(lambda: list(service.seen) == ["cancelled"], lambda: list(service.seen))
    assert asyncio.run(service.add(2, 2)) == 4


def test_a_coroutine_calls_the_host_back(service: Any) -> None:
    assert asyncio.run(service.call(lambda a: a * 7, 6)) == (42, 2)


def test_an_object_whose_coroutine_waits_for_the_host_can_not_be_awaited_by_that_call(service: Any) -> None:
    async def host() -> None:
        with pytest.raises(RuntimeError, match="waits for the host"):
            await service.call(lambda: asyncio.run(service.add(1, 1)))
        assert await service.add(1, 1) == 2

    asyncio.run(host())


def test_a_callback_of_a_plain_method_awaits_the_same_object(service: Any) -> None:
    assert service.apply(lambda: asyncio.run(service.add(20, 22))) == 42


def test_an_object_awaits_a_coroutine_of_the_host(service: Any) -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    assert asyncio.run(service.await_the_host(answer)) == 42


def test_nothing_is_kept_after_a_coroutine_that_a_callback_failed(service: Any) -> None:
    class MyError(Exception):
        pass

    def fails() -> None:
        raise MyError

    async def host() -> None:
        with pytest.raises(MyError):
            await service.call(fails)

    asyncio.run(host())
    session: Any = service._link
    assert (session.kept_errors, session.on_the_way) == ({}, {})


def test_async_iteration_and_async_with_are_the_objects(service: Any) -> None:
    async def host() -> list[int]:
        async with service as same:
            assert same is service
            raise KeyError("suppressed")
        return [number async for number in service.count(4)]

    assert asyncio.run(host()) == [0, 1, 2, 3]
    assert list(service.seen) == ["entered", ("KeyError", "'suppressed'")]


def test_the_deadline_and_the_context_are_those_of_the_call(service: Any) -> None:
    async def host() -> None:
        with pygateway.deadline(30):
            assert 0 < await service.remaining() <= 30
        assert await service.remaining() is None
        assert await service.peer()

    asyncio.run(host())


def test_a_task_that_an_object_leaves_behind_goes_on(service: Any, until: Callable[..., Any]) -> None:
    asyncio.run(service.begin(None))
    until(lambda: list(service.seen) == ["went on"], lambda: list(service.seen))


def test_a_coroutine_that_nobody_awaits_is_closed(service: Any) -> None:
    coroutine = service.add(1, 2)
    coroutine.close()
    with pytest.raises(RuntimeError, match="already"):
        asyncio.run(coroutine)


def test_objects_with_coroutines_leave_no_threads_and_descriptors(own_server: Any, until: Callable[..., Any]) -> None:
    with own_server.connect() as gateway:
        asyncio.run(gateway.new("asynchronous.Service").add(1, 2))
        before, descriptors = gateway.ping()["threads"], own_server.descriptors()
        streams = len(gateway._session._streams)
        for _ in range(20):
            service = gateway.new("asynchronous.Service")
            asyncio.run(service.add(1, 2))
            asyncio.run(service.begin(None))
        del service
        gc.collect()  # asyncio leaves tasks in circles
        # Where a worker was not done yet, another one waited, on one more stream, with one more thread that holds it.
        more = len(gateway._session._streams) - streams
        until(lambda: gateway.ping()["threads"] <= before + more, gateway.ping)
        until(lambda: own_server.descriptors() <= descriptors + 2 + 4 * more, own_server.descriptors)


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"])
def test_coroutines_run_under_every_python(
    start_server: Callable[..., Any], interpreter: Callable[[str], str], version: str
) -> None:
    with start_server(python=interpreter(version)).connect() as gateway:
        service = gateway.new("asynchronous.Service")

        async def host() -> list[Any]:
            both = await asyncio.gather(service.wait_at_the_door(), service.open_the_door())
            return [*both, *[number async for number in service.count(2)], await service.call(len, "abc")]

        assert asyncio.run(host()) == ["came in", None, 0, 1, (3, 2)]
