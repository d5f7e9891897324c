"""Objects that misbehave: the host gets the right error, the server and its other objects go on."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

import pygateway
from pygateway import ConnectionLost, DeadlineExceeded, Gateway, Proxy, RemoteError, deadline

Until = Callable[..., Any]


@pytest.fixture(params=["", "3.6"], ids=["this Python", "3.6"])
def server(
    request: pytest.FixtureRequest, start_server: Callable[..., Any], interpreter: Callable[[str], str], tmp_path: Path
) -> Any:
    """A server that objects may harm, what it prints in `printed_later`."""
    python = interpreter(request.param) if request.param else sys.executable
    started = start_server("--log-file", tmp_path / "log", python=python)

    def listen() -> None:
        for line in started.process.stdout:
            started.printed_later.append(line)

    started.printed_later = []
    # Owner: this test. End: with the server, which has the other end of the pipe.
    threading.Thread(target=listen, daemon=True).start()
    return started


@pytest.fixture
def host(server: Any) -> Iterator[Gateway]:
    """A connection to it."""
    with server.connect() as gateway:
        yield gateway


@pytest.fixture
def goes_on(server: Any, host: Gateway) -> Iterator[None]:
    """Whatever the test does, an object made before it, a new one and another connection answer after it."""
    good = host.new("misbehaving.Good")
    yield
    if host.connected:
        assert good.answer() == 42
        assert host.new("misbehaving.Good").answer() == 42
    with server.connect() as other:
        assert other.new("misbehaving.Good").answer() == 42
    assert server.process.poll() is None


pytestmark = pytest.mark.usefixtures("goes_on")


# Special methods.


@pytest.mark.parametrize("kind", ["ValueError", "SystemExit", "KeyboardInterrupt"])
def test_an_object_that_fails_to_be_made_raises_its_error(host: Gateway, kind: str) -> None:
    expected = ValueError if kind == "ValueError" else RemoteError
    with pytest.raises(expected, match="born") as caught:
        host.new("misbehaving.Unborn", kind)
    assert type(caught.value).__name__ == kind
    assert host.ping()["objects"] == 1


def test_an_object_that_fails_to_end_is_let_go_of(host: Gateway, until: Until) -> None:
    deaths = host.get("misbehaving.Undying", "deaths")
    objects = [host.new("misbehaving.Undying") for _ in range(3)]
    objects.clear()
    until(lambda: host.ping() and len(deaths) == 3)


def test_an_object_whose_end_calls_the_host_ends(host: Gateway, until: Until) -> None:
    errors = host.get("misbehaving.Dying", "errors")
    dying, said = host.new("misbehaving.Dying"), []
    dying.keep(said.append)
    del dying
    until(lambda: host.ping() and len(errors) + len(said) == 1)
    assert said == ["I am gone"] or list(errors) == ["ConnectionLost"]


def test_a_repr_that_fails_raises_its_error(host: Gateway) -> None:
    unspeakable = host.new("misbehaving.Unspeakable")
    for ask in (repr, str):
        with pytest.raises(ZeroDivisionError, match="no repr"):
            ask(unspeakable)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its text would be that of the object, which has none
        unspeakable.fail_with_itself()
    assert caught.value.args == (unspeakable,)


@pytest.mark.parametrize("ask", [repr, len, bool, hash, iter, dir], ids=lambda ask: ask.__name__)
def test_wrong_answers_to_python_itself_are_its_errors(host: Gateway, ask: Callable[[Any], Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        ask(host.new("misbehaving.Wrongly"))


def test_attributes_that_fail_to_be_found_raise_their_error(host: Gateway) -> None:
    grumpy = host.new("misbehaving.Grumpy")
    with pytest.raises(RuntimeError, match="ask me no questions"):
        _ = grumpy.questions
    with pytest.raises(RuntimeError, match="ask me no help"):
        grumpy.help()
    assert host.new("misbehaving.Strange").answer() == 42


# What all share: output, the current folder, limits.


def test_what_objects_print_blocks_nothing_however_much_it_is(host: Gateway) -> None:
    noisy = host.new("misbehaving.Noisy")
    noisy.print("x" * 100, 20_000)
    noisy.complain("y" * 100, 20_000)
    assert noisy.read_input() == ""


def test_what_objects_print_stands_in_the_servers_output(host: Gateway, server: Any, until: Until) -> None:
    noisy = host.new("misbehaving.Noisy")
    noisy.print("said by an object")
    noisy.complain("complained by an object")
    until(lambda: "complained by an object\n" in server.said(), server.said)
    until(lambda: "said by an object\n" in server.printed_later)


def test_streams_that_an_object_takes_away_are_not_needed(host: Gateway) -> None:
    noisy = host.new("misbehaving.Noisy")
    noisy.replace_streams()
    with pytest.raises(AttributeError):
        noisy.complain("x")
    noisy.print("x")
    noisy.restore_streams()


def test_another_current_folder_disturbs_no_class_path(host: Gateway, server: Any, tmp_path: Path) -> None:
    roaming = host.new("misbehaving.Roaming")
    before = roaming.where()
    roaming.go(str(tmp_path))
    assert os.path.realpath(host.new("misbehaving.Roaming").where()) == os.path.realpath(tmp_path)
    (tmp_path / "found_later.py").write_text("class Found:\n    def answer(self): return 5\n")
    host.add_to_class_path(str(tmp_path / "found_later.py"))
    assert host.new("found_later.Found").answer() == 5
    roaming.go(before)


def test_what_objects_set_for_the_process_disturbs_no_connection(host: Gateway, server: Any) -> None:
    meddling = host.new("misbehaving.Meddling")
    meddling.set_time_out(0.001)
    with server.connect() as other:
        assert other.new("misbehaving.Good").answer() == 42
    meddling.set_limit(200)
    assert "main thread" in meddling.handle()
    meddling.set_limit(1000)


# Exceptions that are none of anybody's.


@pytest.mark.parametrize("kind", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException"])
def test_what_would_end_a_program_ends_neither_the_server_nor_the_host(host: Gateway, kind: str) -> None:
    with pytest.raises(RemoteError) as caught:
        host.new("misbehaving.Raising").leave(kind, 5)
    assert type(caught.value).__name__ == kind
    assert isinstance(caught.value, Exception)


def test_sys_exit_in_a_method_ends_the_call_alone(host: Gateway) -> None:
    raising = host.new("misbehaving.Raising")
    with pytest.raises(RemoteError) as caught:
        raising.exit_process_politely()
    assert caught.value.args == (3,)
    with pytest.raises(MemoryError):
        raising.leave("MemoryError")
    with pytest.raises(StopIteration) as stopped:
        raising.leave("StopIteration", 5)
    assert stopped.value.value == 5


def test_recursion_without_end_is_a_recursion_error(host: Gateway) -> None:
    raising = host.new("misbehaving.Raising")
    for _ in range(3):
        with pytest.raises(RecursionError):
            raising.recurse()
    assert raising.recurse_through(lambda depth: depth) == 0


def test_recursion_without_end_through_both_sides_is_a_recursion_error(host: Gateway) -> None:
    """Wherever the stack of either side ends: in a request, between it and its answer, or in telling of the error."""
    raising = host.new("misbehaving.Raising")

    def again(depth: int) -> Any:
        return raising.recurse_through(again, depth + 1)

    def begin(at: int) -> Any:
        return begin(at - 1) if at else raising.recurse_through(again)

    for at in range(9):
        with pytest.raises(RecursionError):
            begin(at)
        assert raising.recurse_through(lambda depth: depth) == 0
    assert host.connected


# Results.


def test_an_object_that_returns_itself_is_the_one_proxy(host: Gateway) -> None:
    loop = host.new("misbehaving.Loop")
    assert loop.me() is loop
    assert loop.me_in_a_tuple() == (loop, (loop,))
    items = loop.list_in_itself()
    assert items[0] is items
    with pytest.raises(ValueError, match="contains itself"):
        pygateway.value(items)
    assert loop.tuple_in_itself()[0][0] is not None


def test_a_million_items_come(host: Gateway) -> None:
    million = host.new("misbehaving.Million")
    numbers = million.numbers()
    assert len(numbers) == 1_000_000
    assert pygateway.value(numbers) == list(range(1_000_000))
    assert million.tuple() == tuple(range(1_000_000))
    assert million.texts()[-1] == "999999"
    assert sum(numbers) == sum(range(1_000_000))
    assert sum(1 for _ in pygateway.ahead(million.generate(), 50_000)) == 1_000_000


def test_a_hundred_thousand_objects_come_and_go(host: Gateway, until: Until) -> None:
    objects = host.new("misbehaving.Million").objects(100_000)
    assert all(isinstance(each, Proxy) for each in objects)
    del objects
    until(lambda: host.ping()["objects"] <= 2, host.ping)


# Calls that do not end.


@pytest.mark.parametrize("method", ["spin", "sleep", "lock_twice"])
def test_a_call_that_never_returns_ends_at_its_deadline_here(host: Gateway, method: str) -> None:
    endless, good = host.new("misbehaving.Endless"), host.new("misbehaving.Good")
    with pytest.raises(DeadlineExceeded), deadline(0.3):
        getattr(endless, method)()
    assert good.answer(5) == 5
    with pytest.raises(DeadlineExceeded), deadline(0.3):
        endless.stop  # noqa: B018 - its thread is busy
    host.set("misbehaving.Endless", "stop", True)


def test_a_generator_without_end_gives_as_much_as_is_asked_for(host: Gateway) -> None:
    items = host.new("misbehaving.Endless").forever()
    assert [next(items) for _ in range(5)] == [1] * 5
    with pytest.raises(DeadlineExceeded), deadline(0.3):
        sum(items)


def test_a_host_that_leaves_a_call_that_never_returns_disturbs_nobody(server: Any, until: Until) -> None:
    other = server.connect()
    with pytest.raises(DeadlineExceeded), deadline(0.1):
        other.new("misbehaving.Endless").sleep()
    other.disconnect()
    until(lambda: server.figures()["connections"] == 2, server.figures)


# Threads.


def test_a_thread_of_an_object_can_not_call_back_and_is_told_so(host: Gateway) -> None:
    threads, said = host.new("misbehaving.Threads"), []
    threads.call_at_once(said.append)
    threads.call_later(said.append)
    assert list(threads.go()) == ["ConnectionLost", "ConnectionLost"]
    assert said == []


def test_threads_that_fail_or_stay_disturb_nobody(host: Gateway) -> None:
    threads = host.new("misbehaving.Threads")
    threads.fail()
    threads.stay()
    assert threads.return_elsewhere().answer() == 42


def test_a_server_with_threads_of_objects_that_stay_ends_when_asked_to(start_server: Callable[..., Any]) -> None:
    server = start_server("--grace", "0.5")
    with server.connect() as gateway:
        gateway.new("misbehaving.Threads").stay()
        with pytest.raises(DeadlineExceeded), deadline(0.1):
            gateway.new("misbehaving.Endless").sleep()
    server.signal(signal.SIGTERM)
    server.ended()


# Processes.


@pytest.mark.parametrize(
    ("method", "expected"),
    [("fork", 7), ("process", ("from the process", 0)), ("pool", (1, 2, 3)), ("run", b"5\n")],
)
def test_an_object_may_start_processes(host: Gateway, method: str, expected: Any) -> None:
    forks = host.new("misbehaving.Forks")
    for _ in range(3):
        assert getattr(forks, method)() == expected


def test_a_forked_child_that_goes_on_as_the_server_answers_nobody(host: Gateway, until: Until, server: Any) -> None:
    forks = host.new("misbehaving.Forks")
    for _ in range(3):
        assert forks.fork_and_return() == "parent"
        assert forks.fork_and_raise() == "parent"
    living = psutil.Process(server.pid)
    until(lambda: all(child.status() == psutil.STATUS_ZOMBIE for child in living.children()), living.children)


def test_a_forked_child_can_not_call_the_host(host: Gateway) -> None:
    said: list[str] = []
    assert host.new("misbehaving.Forks").fork_and_call(said.append) == 5
    assert said == []


@pytest.mark.parametrize("method", ["fork_and_stay", "run_that_stays"])
def test_a_child_that_outlives_the_server_keeps_no_host_waiting(start_server: Callable[..., Any], method: str) -> None:
    server = start_server()
    gateway = server.connect()
    child = getattr(gateway.new("misbehaving.Forks"), method)()
    try:
        server.process.kill()
        with pytest.raises(ConnectionLost), deadline(10):
            gateway.ping()
        again = start_server(port=server.port)
        assert again.figures()["connections"] == 1, "the child does not hold the port"
    finally:
        os.kill(child, signal.SIGKILL)


@pytest.mark.parametrize("method", ["fork_and_stay", "run_that_stays"])
def test_a_child_that_lives_on_keeps_no_connection_open(host: Gateway, server: Any, until: Until, method: str) -> None:
    other = server.connect()
    child = getattr(other.new("misbehaving.Forks"), method)()
    try:
        other.disconnect()
        until(lambda: server.figures()["connections"] == 2, server.figures)
        assert host.new("misbehaving.Good").answer() == 42
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
