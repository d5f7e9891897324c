"""The asyncio twin: requests that are awaited, many at once, callbacks in the event loop, and ends of all of them."""

from __future__ import annotations

import asyncio
import gc
import math
import operator
import os
import signal
import subprocess
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pygateway import AuthenticationError, ConnectError, ConnectionLost, NotReachable, aio, ref

Start = Callable[..., Any]
Run = Callable[..., Any]


@pytest.fixture
def run(shared_server: Any, hosted: Path) -> Run:
    """Run an async function with a gateway of its own."""

    def running(function: Callable[[aio.Gateway], Awaitable[Any]], server: Any = None, **options: Any) -> Any:
        async def whole() -> Any:
            port = (server or shared_server).port
            async with aio.connect("127.0.0.1", port, timeout=10, **options) as gateway:
                await gateway.add_to_class_path(str(hosted))
                return await function(gateway)

        return asyncio.run(whole())

    return running


def test_methods_and_attributes_are_awaited(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> None:
        space = await gateway.new("types.SimpleNamespace", x=1, text="é")
        assert (await space.x, await space.text) == (1, "é")
        await aio.set(space, "x", 2)
        await aio.delete(space, "text")
        with pytest.raises(AttributeError, match="text"):
            await space.text
        person = await gateway.new("builtins.list", [3, 1, 2])
        assert await person.sort(reverse=True) is None
        assert await aio.value(person) == [3, 2, 1]
        assert await (await gateway.get("operator.", "add"))(2, 3) == 5
        assert await gateway.invoke("math.", "gcd", 12, 18) == 6
        assert (await gateway.ping())["pid"] == gateway.server["pid"]

    run(host)


def test_a_gateway_can_be_awaited_without_a_block(shared_server: Any) -> None:
    async def host() -> None:
        gateway = await aio.connect("127.0.0.1", shared_server.port)
        kept = await gateway.new("builtins.list")
        await gateway.disconnect()
        await gateway.disconnect()
        assert not gateway.connected
        with pytest.raises(ConnectionLost, match="disconnected"):
            await kept.append(1)

    asyncio.run(host())


def test_the_same_object_is_the_same_proxy_and_comes_home_as_itself(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> None:
        inner, outer = await gateway.new("builtins.list"), await gateway.new("builtins.list")
        await outer.append(inner)
        assert await aio.call(operator.getitem, outer, 0) is inner
        mine = object()
        await outer.append(mine)
        assert await outer.pop() is mine

    run(host)


def test_what_an_object_raises_is_raised_where_it_is_awaited(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> None:
        numbers = await gateway.new("builtins.list")
        with pytest.raises(ValueError, match="99"):
            await numbers.index(99)
        with pytest.raises(StopAsyncIteration):
            await aio.call(next, await gateway.invoke("builtins.", "iter", []))
        with pytest.raises(NotReachable):
            await numbers._secret
        assert await aio.call(len, numbers) == 0

    run(host)


def test_operators_are_reached_by_call_and_refused_as_what_they_look_like(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> None:
        numbers, same = await gateway.new("builtins.list", [1, 2]), await gateway.new("builtins.list", [1, 2])
        call = aio.call
        assert [await call(len, numbers), await call(str, numbers), await call(bool, numbers)] == [2, "[1, 2]", True]
        assert await aio.value(await call(operator.add, numbers, [3])) == [1, 2, 3]
        assert await aio.value(await call(operator.add, numbers, same)) == [1, 2, 1, 2]
        assert await call(operator.eq, numbers, same) is True
        assert await call(operator.contains, numbers, 2) is True
        assert await call(operator.iadd, numbers, [5]) is numbers
        await call(operator.setitem, numbers, 0, 7)
        assert await aio.value(numbers) == [7, 2, 5]
        third = await gateway.new("shapes.Number")
        assert await call(operator.sub, 4, third) == "rsub 4"
        assert (await call(math.floor, third), await call(operator.lt, 3, third)) == (2, "gt 3")
        empty = await gateway.new("types.SimpleNamespace")
        assert await call(bool, empty) is True
        for looks in (
            lambda: len(numbers),
            lambda: numbers == same,
            lambda: bool(numbers),
            lambda: numbers + same,
            lambda: 1 in numbers,
            lambda: numbers[0],
            lambda: list(numbers),
            lambda: third < 1,
        ):
            with pytest.raises(TypeError, match="await"):
                looks()
        assert numbers == numbers, "a proxy is itself"
        assert "list" in repr(numbers)
        with pytest.raises(AttributeError, match=r"aio\.set"):
            numbers.x = 1
        with pytest.raises(TypeError, match="no operator"):
            await call(sorted, numbers)

    run(host)


def test_async_for_and_async_with_use_the_objects_protocols(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> None:
        many = await gateway.new("builtins.list", list(range(10_000)))
        assert [item async for item in many] == list(range(10_000))
        squares = gateway.invoke("builtins.", "map", lambda x: x * x, [1, 2, 3])
        assert [item async for item in squares] == [1, 4, 9]
        assert [key async for key in await gateway.new("builtins.dict", a=1, b=2)] == ["a", "b"]
        service = await gateway.new("asynchronous.Service")
        assert [item async for item in service.count(3)] == [0, 1, 2]
        async with service as same:
            assert same is service
            raise KeyError("suppressed")
        assert await aio.call(len, await service.seen) == 2
        lock = await gateway.new("threading.Lock")
        async with lock:
            assert await lock.locked()
        assert not await lock.locked()
        async with gateway.new("io.StringIO", "a\nb\n") as text:
            assert [line async for line in text] == ["a\n", "b\n"]

    run(host)


def test_a_list_that_shrinks_under_its_loop_behaves_as_in_python(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> list[int]:
        numbers = await gateway.new("builtins.list", list(range(10)))
        async for number in numbers:
            await numbers.remove(number)
        found: list[int] = await aio.value(numbers)
        return found

    assert run(host) == [1, 3, 5, 7, 9]


def test_coroutines_of_objects_are_awaited_with_their_call(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> list[Any]:
        service = await gateway.new("asynchronous.Service")
        return [
            await service.add(1, 2),
            *await asyncio.gather(service.wait_at_the_door(), service.open_the_door()),
        ]

    assert run(host) == [3, "came in", None]


def test_calls_of_many_tasks_are_under_way_at_once(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> list[bool]:
        names = [f"{os.getpid()} aio {number}" for number in range(8)]
        waiters = [await gateway.new("timely.Timely") for _ in names]
        calls = [
            asyncio.ensure_future(waiter.wait(name, name + " end")) for waiter, name in zip(waiters, names, strict=True)
        ]
        for name in names:
            assert await gateway.invoke("timely.", "happened", name)
        last = await gateway.new("timely.Timely")
        for name in names:
            await last.happen(name + " end")
        return await asyncio.gather(*calls)

    assert run(host) == [True] * 8


def test_more_tasks_than_streams_take_turns(run: Run, own_server: Any) -> None:
    async def host(gateway: aio.Gateway) -> int:
        numbers = await gateway.new("builtins.list")
        before = own_server.descriptors()
        await asyncio.gather(*[numbers.append(number) for number in range(300)])
        assert own_server.descriptors() - before <= 3
        assert sorted(await aio.value(numbers)) == list(range(300))
        length: int = await aio.call(len, numbers)
        return length

    assert run(host, own_server, streams=3) == 300


def test_a_task_cancelled_while_it_waits_for_its_turn_leaves_the_turn_to_others(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> list[int]:
        numbers = await gateway.new("builtins.list")
        tasks = [asyncio.ensure_future(numbers.append(number)) for number in range(20)]
        await asyncio.sleep(0)
        for task in tasks[5:15]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        found: list[int] = await aio.value(numbers)
        return found

    assert run(host, streams=1) == [*range(5), *range(15, 20)]


def test_functions_of_the_host_run_in_the_event_loop_and_async_ones_are_awaited(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> None:
        caller, thread = await gateway.new("threaded.Caller"), threading.get_ident()
        assert await caller.call(threading.get_ident) == thread

        async def slow(event: asyncio.Event) -> str:
            await event.wait()
            return "waited"

        event = asyncio.Event()
        waiting = asyncio.ensure_future(caller.call(lambda: slow(event)))
        assert await gateway.invoke("math.", "gcd", 4, 6) == 2, "other calls go on"
        assert not waiting.done()
        event.set()
        assert await waiting == "waited"

        async def again() -> Any:
            return await caller.call(lambda: 42)

        assert await caller.call(again) == 42, "within a callback the same object can be called"

        async def fails() -> None:
            await asyncio.sleep(0)
            raise LookupError("of the host")

        with pytest.raises(LookupError, match="of the host"):
            await caller.call(fails)
        mine: list[int] = []
        await gateway.export("log", mine.append)
        await (await gateway.new("timely.Timely")).use_exported("log", 5)
        await (await gateway.new("builtins.list")).append(ref(mine))
        assert mine == [5]

    run(host)


def test_new_classes_in_arguments_results_and_errors_are_learnt(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> None:
        seen: list[str] = []
        numbers = await gateway.new("builtins.list", [3])
        objects = [await gateway.new(name) for name in ("collections.deque", "collections.Counter", "io.StringIO")]
        await numbers.extend(objects)
        await numbers.sort(key=lambda item: seen.append(type(item).__name__) or len(seen))
        assert set(seen) == {"int", "deque", "Counter", "StringIO"}
        pair = await gateway.invoke("copy.", "copy", (1, await gateway.new("shapes.Number", 7)))
        assert pair[0] == 1
        assert await aio.call(str, pair[1]) == "a number"
        text = '["o",5,99]'
        assert await (await gateway.new("builtins.list", [text])).pop() == text

    run(host)


def test_a_time_out_gives_the_call_up_and_the_gateway_goes_on(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> None:
        timely, other = await gateway.new("timely.Timely"), await gateway.new("timely.Timely")
        name = f"{os.getpid()} aio cancelled"
        for streams_used in range(3):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(timely.until_cancelled(name, f"{name} {streams_used}"), 0.1)
            assert await gateway.invoke("timely.", "happened", f"{name} {streams_used}") is True
        assert (await timely.add(), await other.add()) == (1, 1)

    run(host)
    run(host, streams=1)


def test_cancelling_reaches_an_async_callback_and_a_coroutine_over_there(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> list[Any]:
        service, caller = await gateway.new("asynchronous.Service"), await gateway.new("threaded.Caller")
        begun, ended = asyncio.Event(), []

        async def endless() -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.append("callback")

        for request in (caller.call(endless), service.never(begun.set)):
            begun.clear()
            task = asyncio.ensure_future(request)
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        while not await aio.call(len, await service.seen):
            await asyncio.sleep(0.01)
        assert await caller.call(lambda: 1) == 1
        return [*ended, *await aio.value(await service.seen)]

    assert run(host) == ["callback", "cancelled"]


def test_a_lost_connection_wakes_all_that_wait(run: Run, own_server: Any) -> None:
    async def host(gateway: aio.Gateway) -> None:
        waiters = [await gateway.new("timely.Timely") for _ in range(6)]
        tasks = [asyncio.ensure_future(each.wait(str(number), "never")) for number, each in enumerate(waiters)]
        for number in range(3):
            assert await gateway.invoke("timely.", "happened", str(number))
        own_server.signal(signal.SIGKILL)
        results = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 10)
        assert [type(result) for result in results] == [ConnectionLost] * 6
        with pytest.raises(ConnectionLost):
            await gateway.ping()
        assert not gateway.connected

    run(host, own_server, streams=4)


def test_what_does_not_connect_says_why(start_server: Start, tmp_path: Path) -> None:
    async def host() -> None:
        with pytest.raises(ConnectError, match="is it started"):
            await aio.connect("127.0.0.1", 1)
        with pytest.raises(ConnectError):
            await aio.connect("127.0.0.1", 1, local=str(tmp_path / "nothing"))
        with pytest.raises(ValueError, match="at least one"):
            aio.connect("127.0.0.1", 1, streams=0)
        silent = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        with pytest.raises(ConnectError, match="did not answer within"):
            await aio.connect("127.0.0.1", silent.sockets[0].getsockname()[1], timeout=0.2)
        silent.close()

    asyncio.run(host())


def test_a_passphrase_and_a_local_socket_work_and_a_wrong_one_is_refused(start_server: Start, tmp_path: Path) -> None:
    local = tmp_path / "socket"
    server = start_server("--secrets-stdin", "--local", local, stdin=subprocess.PIPE)
    server.process.stdin.write('{"passphrase": "open sesame", "instance": null}\n')
    server.process.stdin.close()
    server.process.stdin = None
    server.printed = server.process.stdout.readline()

    async def host() -> None:
        for options in ({}, {"local": str(local)}):
            async with aio.connect("127.0.0.1", server.port, "open sesame", **options) as gateway:
                numbers = await gateway.new("builtins.list")
                await asyncio.gather(*[numbers.append(number) for number in range(20)])
                assert await aio.call(len, numbers) == 20
        with pytest.raises(AuthenticationError, match="wrong"):
            await aio.connect("127.0.0.1", server.port, "another")

    asyncio.run(host())


def test_output_of_objects_is_shown(run: Run) -> None:
    shown: list[str] = []

    async def host(gateway: aio.Gateway) -> None:
        await gateway.invoke("builtins.", "print", "shown")

    run(host, output=lambda text, _: shown.append(text))
    assert "".join(shown) == "shown\n"


def test_large_arguments_and_results_pass(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> None:
        data = bytes(range(256)) * 40_000
        echoes = await asyncio.gather(*[gateway.invoke("builtins.", "bytes", data) for _ in range(4)])
        assert all(echo == data for echo in echoes)

    run(host)


def test_dropped_proxies_release_their_objects(run: Run) -> None:
    async def host(gateway: aio.Gateway) -> None:
        for _ in range(20):
            await gateway.new("builtins.list")
        gc.collect()
        while (await gateway.ping())["objects"] > 1:  # those of an earlier connection may be on their way out
            await asyncio.sleep(0.01)

    run(lambda gateway: asyncio.wait_for(host(gateway), 15))


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"])
def test_the_twin_runs_under_every_python(
    shared_server: Any, package: Path, hosted: Path, interpreter: Callable[[str], str], version: str
) -> None:
    text = (
        "import asyncio, sys\n"
        "from pygateway import aio\n"
        "async def host():\n"
        "    async with aio.connect('127.0.0.1', int(sys.argv[1]), streams=3) as gateway:\n"
        "        await gateway.add_to_class_path(sys.argv[2])\n"
        "        numbers = await gateway.new('builtins.list')\n"
        "        await asyncio.gather(*[numbers.append(number) for number in range(30)])\n"
        "        async def called(): return await aio.call(len, numbers)\n"
        "        caller = await gateway.new('threaded.Caller')\n"
        "        timely = await gateway.new('timely.Timely')\n"
        "        try: await asyncio.wait_for(timely.until_cancelled('v' + sys.argv[3], 'e' + sys.argv[3]), 0.1)\n"
        "        except asyncio.TimeoutError: pass\n"
        "        service = await gateway.new('asynchronous.Service')\n"
        "        print(await caller.call(called), await service.add(1, 2), [n async for n in service.count(2)],\n"
        "            sum([n async for n in numbers]), await timely.add())\n"
        "asyncio.get_event_loop_policy().new_event_loop().run_until_complete(host())\n"
    )
    command = [
        interpreter(version),
        "-W",
        "error::RuntimeWarning",
        "-c",
        text,
        str(shared_server.port),
        str(hosted),
        version,
    ]
    asked = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(package.parent)}, capture_output=True, text=True, timeout=30
    )
    assert (asked.stdout, asked.stderr) == ("30 3 [0, 1] 435 1\n", "")
