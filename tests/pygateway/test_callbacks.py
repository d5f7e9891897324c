"""Objects call the host while they are called: on the thread that waits, in one chain, however deep it goes."""

from __future__ import annotations

import gc
import os
import random
import signal
import threading
import time
import weakref
from collections.abc import Callable
from threading import get_ident
from typing import Any

import pytest

import pygateway
from pygateway import ConnectionLost, Gateway

Together = Callable[..., list[Any]]


class Thing:
    """An object of the host."""

    def __init__(self, name: str = "thing") -> None:
        self.name = name
        self.changes: list[Any] = []
        self._secret = "secret"  # noqa: S105 - a name that begins with an underscore

    def greet(self, who: str, *, politely: bool = False) -> str:
        return f"{self.name} greets {who}{', politely' if politely else ''}"

    def on(self) -> int:
        return get_ident()

    def _hidden(self) -> str:
        return self._secret


def test_a_callback_runs_on_the_very_thread_that_waits(gateway: Gateway, together: Together) -> None:
    caller = gateway.new("threaded.Caller")
    assert caller.call(get_ident) == get_ident()

    def on_another() -> bool:
        return caller.call(get_ident) == get_ident() and caller.method_of(Thing(), "on") == get_ident()

    assert together(*[on_another] * 6) == [True] * 6


def test_callbacks_of_different_objects_wait_for_each_other_on_their_host_threads(
    gateway: Gateway, together: Together
) -> None:
    callers = [gateway.new("threaded.Caller") for _ in range(4)]
    barrier = threading.Barrier(4)
    met = together(*[lambda c=c: c.call(lambda: barrier.wait(10) >= 0) for c in callers])
    assert met == [True] * 4


def test_arguments_and_results_of_callbacks_follow_the_passing_rules(gateway: Gateway) -> None:
    caller = gateway.new("threaded.Caller")
    given: list[Any] = []

    def callback(*args: Any, **kwargs: Any) -> str:
        given.append((args, kwargs))
        return "an answer"

    assert caller.call(callback, 1, "two", three=3.0) == "an answer"
    assert given == [((1, "two"), {"three": 3.0})]


def test_a_host_object_is_used_by_its_methods_and_attributes(gateway: Gateway) -> None:
    caller, thing = gateway.new("threaded.Caller"), Thing("host")
    assert caller.method_of(thing, "greet", "object") == "host greets object"
    assert gateway.invoke("builtins.", "getattr", thing, "name") == "host"
    gateway.invoke("builtins.", "setattr", thing, "name", "changed")
    assert thing.name == "changed"


def test_a_host_object_comes_home_as_itself(gateway: Gateway) -> None:
    caller, thing = gateway.new("threaded.Caller"), Thing()
    caller.keep(thing)
    assert caller.kept is thing
    assert caller.call(lambda one: one is thing, thing) is True


def test_a_proxy_that_a_callback_receives_is_the_proxy_that_the_host_has(gateway: Gateway) -> None:
    caller = gateway.new("threaded.Caller")
    assert caller.call(lambda one: one is caller, caller) is True


@pytest.mark.parametrize("name", ["_secret", "_hidden", "__dict__"])
def test_what_begins_with_an_underscore_at_the_host_is_kept_from_objects(gateway: Gateway, name: str) -> None:
    caller = gateway.new("threaded.Caller")
    with pytest.raises(AttributeError, match="no reachable attribute"):
        caller.method_of(Thing(), name)


def test_a_host_without_its_proxies_manners_gets_no_underscored_names_either(gateway: Gateway) -> None:
    """The server itself refuses the names: this request has no proxy in front that would."""
    from pygateway.frames import CALL, DELETE, GET, NAMED, SET

    tracer = gateway.new("threaded.Tracer")
    for kind, args in ((GET, ("__dict__",)), (CALL, ("__init__",)), (SET, ("_x", 1)), (DELETE, ("_x",))):
        with pytest.raises(pygateway.NotReachable, match="underscore"):
            gateway._session.request(kind, tracer._number, NAMED, args)


@pytest.mark.parametrize("levels", [1, 2, 5, 25])
def test_the_host_calls_the_same_object_again_from_within_its_callback(gateway: Gateway, levels: int) -> None:
    caller = gateway.new("threaded.Caller")

    def again(rest: int) -> int:
        return caller.down(again, rest)

    assert caller.down(again, levels) == levels
    assert caller.depth == 0


@pytest.mark.parametrize("levels", [2, 3, 4, 9, 20])
def test_a_chain_goes_through_two_objects_in_turn_and_back(gateway: Gateway, levels: int) -> None:
    callers = [gateway.new("threaded.Caller"), gateway.new("threaded.Caller")]
    on: list[int] = []

    def again(rest: int) -> int:
        on.append(get_ident())
        return callers[rest % 2].down(again, rest)

    assert callers[levels % 2].down(again, levels) == levels
    assert set(on) == {get_ident()}
    assert [caller.depth for caller in callers] == [0, 0]


def test_a_chain_calls_others_between_and_after_its_levels(gateway: Gateway) -> None:
    """host -> A -> host -> (B, A, B twice, a new C, a function) -> host -> A."""
    a, b = gateway.new("threaded.Caller"), gateway.new("threaded.Caller")

    def inner() -> list[Any]:
        before = [b.double(1), a.double(2), b.call(lambda: a.double(3)), b.double(4)]
        c = gateway.new("threaded.Caller")
        return [*before, c.call(lambda: b.call(lambda: a.double(5))), gateway.invoke("builtins.", "abs", -6)]

    expected = [2, 4, 6, 8, 10, 6]
    assert a.call(lambda: a.call(lambda: b.call(lambda: inner() == expected))) is True
    assert a.call(lambda: inner() == expected and a.double(7)) == 14
    assert (a.double(8), b.double(9)) == (16, 18)


def test_chains_through_shared_objects_in_the_same_order_all_come_back(gateway: Gateway, together: Together) -> None:
    """Eight host threads: host -> A -> host -> B -> host -> A and B again, over and over."""
    a, b = gateway.new("threaded.Caller"), gateway.new("threaded.Caller")

    def chain(number: int) -> list[int]:
        return [a.call(lambda n=n: b.call(lambda: a.double(n) + b.double(n))) for n in range(number, number + 20)]

    results = together(*[lambda n=n: chain(n) for n in range(8)])
    assert results == [[4 * n for n in range(number, number + 20)] for number in range(8)]


def test_a_host_object_that_an_object_kept_is_called_in_a_later_call(gateway: Gateway, together: Together) -> None:
    caller = gateway.new("threaded.Caller")
    caller.keep(lambda number: (number, get_ident()))
    assert caller.call_kept(1) == (1, get_ident())
    [[on_other_thread, identity]] = together(lambda: [caller.call_kept(2), get_ident()])
    assert on_other_thread == (2, identity)


def test_an_object_calls_from_a_thread_of_its_own_and_is_told_why_it_can_not(gateway: Gateway) -> None:
    told = gateway.new("threaded.Caller").call_from_thread(lambda: "called")
    assert "ConnectionLost" in told
    assert "only be called while it waits" in told


def test_many_callbacks_in_one_call(gateway: Gateway) -> None:
    caller = gateway.new("threaded.Caller")
    assert caller.call_each(lambda number: number * number, range(2000)).__len__() == 2000


def test_a_key_function_sorts_a_remote_list(gateway: Gateway) -> None:
    remote = gateway.new("builtins.list", ["ccc", "a", "bb"])
    remote.sort(key=len)
    assert pygateway.value(remote) == ["a", "bb", "ccc"]


def test_host_objects_that_no_object_holds_any_more_are_let_go(gateway: Gateway, until: Callable[..., Any]) -> None:
    """Though no object ever calls back: its releases must not wait for that."""
    caller = gateway.new("threaded.Caller")
    things = [Thing() for _ in range(50)]
    gone = [weakref.ref(thing) for thing in things]
    for thing in things:
        caller.ignore(thing)
    del thing, things

    def alive() -> int:
        caller.double(1)  # the connection is in use, but with no callback
        gc.collect()
        return sum(each() is not None for each in gone)

    until(lambda: alive() <= 1, lambda: f"{alive()} of {len(gone)} host objects are still held")


def test_what_a_callback_sent_home_is_let_go_after_the_call(gateway: Gateway, until: Callable[..., Any]) -> None:
    caller = gateway.new("threaded.Caller")
    before = gateway.ping()["objects"]
    parts = [gateway.new("threaded.Tracer")]
    assert caller.call(lambda: parts[0]) is parts.pop()
    until(lambda: gateway.ping()["objects"] <= before, gateway.ping)


def test_callbacks_leave_nothing_exported_at_the_host(gateway: Gateway, until: Callable[..., Any]) -> None:
    caller = gateway.new("threaded.Caller")
    for number in range(200):
        assert caller.call(lambda number=number: number) == number
    until(
        lambda: caller.call(lambda: None) is None and len(gateway._session.exports.by_number) <= 2,
        lambda: f"{len(gateway._session.exports.by_number)} functions are still exported",
    )


def test_stress_of_everything_at_once(own_server: Any, together: Together) -> None:
    """16 host threads mix objects, new, invoke, callbacks, chains and drops for some seconds; all results are right."""
    end = time.monotonic() + 3
    with own_server.connect() as gateway:
        callers = [gateway.new("threaded.Caller") for _ in range(4)]
        lists = [gateway.new("builtins.list") for _ in range(3)]

        def work(seed: int) -> int:
            chance = random.Random(seed)
            kept: list[Any] = []
            done = 0
            while time.monotonic() < end:
                number, which = chance.randrange(1000), chance.randrange(9)
                caller = callers[chance.randrange(4)]
                if which == 0:
                    assert caller.double(number) == 2 * number
                elif which == 1:
                    assert caller.call(lambda n=number: (n, get_ident())) == (number, get_ident())
                elif which == 2:
                    kept.append(gateway.new("threaded.Caller"))
                    assert kept[-1].double(number) == 2 * number
                elif which == 3 and kept:
                    fresh = kept[chance.randrange(len(kept))]
                    assert fresh.call(lambda n=number, f=fresh: f.double(n)) == 2 * number
                elif which == 4 and kept:
                    del kept[: chance.randrange(len(kept)) + 1]
                elif which == 5:
                    assert gateway.invoke("builtins.", "abs", -number) == number
                elif which == 6:
                    made = gateway.new("builtins.bytearray", b"x" * number)
                    assert bytes(pygateway.value(made)) == b"x" * number
                elif which == 7:
                    lists[chance.randrange(3)].append(number)
                else:
                    # Shared objects in one order only, since objects that wait for each other would wait for ever.
                    inner = callers[3]
                    assert callers[0].call(lambda n=number, i=inner: i.call(lambda: n)) == number
                done += 1
            return done

        done = together(*[lambda seed=seed: work(seed) for seed in range(16)])
        assert min(done) > 0
        assert all(isinstance(number, int) for remote in lists for number in pygateway.value(remote))


# Interrupts of the host.


@pytest.fixture
def interrupt_at(shared_server: Any) -> Any:
    """Send this process a signal, SIGINT if nothing else is said, as soon as an event happens in the shared server."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    threads: list[threading.Thread] = []

    def arrange(event: str, number: int = signal.SIGINT) -> None:
        def run() -> None:
            with shared_server.connect() as watching:
                if watching.invoke("threaded.", "wait_for", event):
                    os.kill(os.getpid(), number)

        threads.append(threading.Thread(target=run, daemon=True))
        threads[-1].start()

    yield arrange
    for thread in threads:
        thread.join(15)
    signal.signal(signal.SIGINT, previous)


def test_an_interrupted_call_ends_and_the_gateway_goes_on(
    gateway: Gateway, shared_server: Any, interrupt_at: Callable[[str], None]
) -> None:
    waiter, other = gateway.new("threaded.Waiter"), gateway.new("threaded.Caller")
    begun, end = f"interrupt {id(waiter)} begun", f"interrupt {id(waiter)} end"
    interrupt_at(begun)
    with pytest.raises(KeyboardInterrupt):
        waiter.wait_and_return(begun, end, "the answer to the interrupted call")
    assert gateway.connected
    assert other.double(4) == 8
    gateway.invoke("threaded.", "happen", end)
    assert waiter.touch() is True, "the late answer is not taken for another's"


def test_a_call_interrupted_again_and_again_leaves_no_streams_behind(
    gateway: Gateway, shared_server: Any, interrupt_at: Callable[[str], None], until: Callable[..., Any]
) -> None:
    before = shared_server.descriptors()
    for number in range(5):
        waiter = gateway.new("threaded.Waiter")
        begun, end = f"again {id(gateway)} {number} begun", f"again {id(gateway)} {number} end"
        interrupt_at(begun)
        with pytest.raises(KeyboardInterrupt):
            waiter.wait(begun, end)
        gateway.invoke("threaded.", "happen", end)
    until(lambda: shared_server.descriptors() <= before + 6, lambda: f"{before} -> {shared_server.descriptors()}")


def test_an_interrupt_in_a_callback_ends_the_hosts_call_as_an_interrupt(gateway: Gateway) -> None:
    """Ctrl-C must not turn into an ordinary exception that `except Exception` swallows."""

    def callback() -> None:
        raise KeyboardInterrupt

    caller = gateway.new("threaded.Caller")
    with pytest.raises(KeyboardInterrupt):
        caller.call(callback)
    assert caller.double(2) == 4


def test_an_interrupt_within_a_call_within_a_callback_ends_the_outer_call_as_an_interrupt(
    gateway: Gateway, interrupt_at: Callable[[str], None]
) -> None:
    caller, waiter = gateway.new("threaded.Caller"), gateway.new("threaded.Waiter")
    begun, end = f"nested {id(waiter)} begun", f"nested {id(waiter)} end"
    interrupt_at(begun)
    with pytest.raises(KeyboardInterrupt):
        caller.call(lambda: waiter.wait(begun, end))
    gateway.invoke("threaded.", "happen", end)
    assert (caller.double(2), waiter.touch()) == (4, True)


def test_an_exception_set_in_another_host_thread_leaves_the_gateway_usable(
    gateway: Gateway, together: Together
) -> None:
    import ctypes

    class StopError(Exception):
        pass

    caller = gateway.new("threaded.Caller")
    running, stopped = threading.Event(), threading.Event()
    identity: list[int] = []

    def calls_on_and_on() -> None:
        identity.append(get_ident())
        try:
            while True:
                caller.double(1)
                running.set()
        except StopError:
            stopped.set()

    def stops_it() -> None:
        assert running.wait(10)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(identity[0]), ctypes.py_object(StopError))
        assert stopped.wait(10)

    for _ in range(10):
        together(calls_on_and_on, stops_it)
        assert caller.double(21) == 42
        identity.clear()
        running.clear()
        stopped.clear()


def test_a_signal_handler_that_calls_during_a_call_leaves_no_streams_behind(
    gateway: Gateway, interrupt_at: Callable[..., None]
) -> None:
    waiter, helper = gateway.new("threaded.Waiter"), gateway.new("threaded.Waiter")
    ends = [f"handler {id(gateway)} {number} end" for number in range(8)]
    to_come = iter(ends)
    previous = signal.signal(signal.SIGUSR1, lambda *_: helper.happen(next(to_come)))
    try:
        for end in ends:
            interrupt_at(end.replace("end", "begun"), signal.SIGUSR1)
            assert waiter.wait(end.replace("end", "begun"), end) is True
    finally:
        signal.signal(signal.SIGUSR1, previous)
    assert len(gateway._session._streams) <= 3


def test_a_disconnect_ends_the_calls_that_other_threads_wait_for(gateway: Gateway, together: Together) -> None:
    waiter, helper = gateway.new("threaded.Waiter"), gateway.new("threaded.Waiter")
    begun, end = f"disconnect {id(waiter)} begun", f"disconnect {id(waiter)} end"

    def waits() -> str:
        try:
            waiter.wait(begun, end)
        except ConnectionLost as error:
            return str(error)
        return "it went on"

    def disconnects() -> None:
        gateway.invoke("threaded.", "wait_for", begun)
        gateway.disconnect()

    told, _ = together(waits, disconnects)
    assert "disconnected" in told
    with pytest.raises(ConnectionLost, match="disconnected"):
        helper.touch()
