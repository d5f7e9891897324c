"""Calls on worker threads: `Gateway.submit`, and what becomes of its futures at ends and deadlines."""

from __future__ import annotations

import concurrent.futures
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from pygateway import ConnectionLost, DeadlineExceeded, Gateway, deadline, remaining


def test_calls_of_different_objects_run_at_once(gateway: Gateway) -> None:
    """Each meets the other half way: one by one, the first would wait for ever."""
    one, other = gateway.new("threaded.Waiter"), gateway.new("timely.Timely")
    name = f"{os.getpid()} submitted"
    begun = gateway.submit(other.wait, name, name + " end")
    happens = gateway.submit(lambda: gateway.invoke("timely.", "happened", name) and one)
    assert happens.result(10) is one
    gateway.new("timely.Timely").happen(name + " end")
    assert begun.result(10) is True


def test_a_future_has_the_result_or_the_error(gateway: Gateway) -> None:
    numbers = gateway.submit(gateway.new, "builtins.list", [3, 1, 2]).result(10)
    assert gateway.submit(numbers.sort, reverse=True).result(10) is None
    assert list(numbers) == [3, 2, 1]
    assert isinstance(gateway.submit(numbers.index, 99).exception(10), ValueError)


def test_many_calls_need_no_more_threads_than_there_are_workers(gateway: Gateway) -> None:
    before = threading.active_count()
    numbers = gateway.new("builtins.list")
    futures = [gateway.submit(numbers.append, number) for number in range(500)]
    during = threading.active_count()
    concurrent.futures.wait(futures, 30)
    assert sorted(numbers) == list(range(500))
    assert during - before <= 33


def test_the_deadline_of_the_submitting_thread_goes_along(gateway: Gateway) -> None:
    timely = gateway.new("timely.Timely")
    with deadline(20):
        assert 0 < gateway.submit(remaining).result(10) <= 20
        assert 0 < gateway.submit(timely.remaining).result(10) <= 20
    assert gateway.submit(timely.remaining).result(10) is None
    name = f"{os.getpid()} in vain"
    with deadline(0.1):
        late = gateway.submit(timely.wait, name, name + " end")
    assert isinstance(late.exception(10), DeadlineExceeded)
    gateway.new("timely.Timely").happen(name + " end")
    assert timely.add() == 1


def test_disconnecting_ends_what_runs_and_what_waits_for_its_turn(shared_server: Any) -> None:
    gateway = shared_server.connect()
    name = f"{os.getpid()} disconnected"
    waits = [gateway.submit(gateway.new("timely.Timely").wait, name, name + " never") for _ in range(32)]
    queued = gateway.submit(gateway.ping)
    gateway.invoke("timely.", "happened", name)
    gateway.disconnect()
    done, not_done = concurrent.futures.wait([*waits, queued], 10)
    assert not not_done
    assert all(future.cancelled() or isinstance(future.exception(), ConnectionLost) for future in done)
    with pytest.raises(ConnectionLost):
        gateway.submit(gateway.ping)
    with shared_server.connect() as other:
        other.new("timely.Timely").happen(name + " never")


def test_a_call_that_never_returns_does_not_keep_the_program_from_ending(
    own_server: Any, host_program: Callable[..., Any]
) -> None:
    begun = time.monotonic()
    told = host_program(
        own_server,
        "future = gateway.submit(gateway.new('timely.Timely').wait, 'begun', 'never')\n"
        "gateway.invoke('timely.', 'happened', 'begun')\n"
        "say('ends')\n",
    ).finish()
    assert told == ["ends"]
    assert time.monotonic() - begun < 9, "the object waits for 10 seconds"


def test_a_forked_child_has_workers_of_its_own(own_server: Any, host_program: Callable[..., Any]) -> None:
    told = host_program(
        own_server,
        "gateway = pygateway.Gateway.connect('127.0.0.1', int(sys.argv[1]), reconnect=True)\n"
        "say(gateway.submit(os.getpid).result(10) == os.getpid())\n"
        "pid = os.fork()\n"
        "if not pid:\n"
        "    try: say(gateway.submit(os.getpid).result(10) == os.getpid(), gateway.ping()['pid'])\n"
        "    finally: os._exit(0)\n"
        "os.waitpid(pid, 0)\n"
        "say(gateway.submit(gateway.ping).result(10)['pid'])\n",
    ).finish()
    assert told == ["True", f"True {own_server.pid}", str(own_server.pid)]
