"""Every object has its own thread; calls of different objects run at once; one object runs one call at a time."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest

import pygateway
from pygateway import Gateway

_names = itertools.count()


@pytest.fixture
def name() -> str:
    """A name for an event of this test alone."""
    return f"{threading.get_ident()}-{next(_names)}"


USES: dict[str, Callable[[Any], int]] = {
    "__init__": lambda tracer: tracer.made_on,
    "a method": lambda tracer: tracer.called_on(),
    "a property": lambda tracer: tracer.read_on,
    "len": len,
    "an item": lambda tracer: tracer[0],
    "with": lambda tracer: tracer.__enter__(),
    "what it returns by reference": lambda tracer: tracer.part().called_on(),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_all_of_an_object_runs_on_its_own_thread(gateway: Gateway, use: Callable[[Any], int]) -> None:
    tracer, other = gateway.new("threaded.Tracer"), gateway.new("threaded.Tracer")
    home = tracer.called_on()
    other.called_on()
    assert use(tracer) == home
    assert use(other) == other.called_on() != home


def test_property_setters_and_deleters_run_on_the_objects_thread(gateway: Gateway) -> None:
    tracer = gateway.new("threaded.Tracer")
    tracer.target = 5
    assert tracer.written_on == tracer.made_on
    del tracer.target
    assert tracer.written_on == -tracer.made_on


def test_an_object_has_one_thread_whichever_host_thread_calls_it(
    gateway: Gateway, together: Callable[..., list[Any]]
) -> None:
    tracer = gateway.new("threaded.Tracer")
    assert set(together(*[tracer.called_on] * 8)) == {tracer.made_on}
    assert set(together(*[tracer.kept] * 8)) == {"mine"}


def test_a_sqlite3_connection_can_live_in_an_object(gateway: Gateway, together: Callable[..., list[Any]]) -> None:
    database = gateway.new("threaded.Database")
    together(*[lambda n=n: database.insert(n) for n in range(20)])
    assert database.total() == sum(range(20))


def test_a_cursor_that_a_database_returned_runs_on_the_databases_thread(
    gateway: Gateway, together: Callable[..., list[Any]]
) -> None:
    database = gateway.new("threaded.Database")
    database.insert(7)
    cursor = database.cursor()
    [row] = together(lambda: cursor.execute("select n from t").fetchone())
    assert row == (7,)


def test_different_objects_run_at_the_same_time(
    gateway: Gateway, together: Callable[..., list[Any]], name: str
) -> None:
    meetings = [gateway.new("threaded.Meeting") for _ in range(5)]
    assert together(*[lambda m=m: m.meet(name, 5) for m in meetings]) == [True] * 5


def test_objects_of_two_connections_run_at_the_same_time(
    shared_server: Any, together: Callable[..., list[Any]], name: str
) -> None:
    with shared_server.connect() as one, shared_server.connect() as two:
        meetings = [one.new("threaded.Meeting"), two.new("threaded.Meeting")]
        assert together(*[lambda m=m: m.meet(name, 2) for m in meetings]) == [True, True]


def test_constructors_run_at_the_same_time(gateway: Gateway, together: Callable[..., list[Any]], name: str) -> None:
    made = together(*[lambda: gateway.new("threaded.MeetsWhenMade", name, 3)] * 3)
    assert [one.met for one in made] == [True] * 3


def test_one_object_runs_one_call_at_a_time(gateway: Gateway, together: Callable[..., list[Any]]) -> None:
    counter = gateway.new("threaded.Counter")
    together(*[lambda: [counter.add(3) for _ in range(20)]] * 8)
    assert (counter.value, counter.most_inside) == (8 * 20 * 3, 1)


@pytest.mark.parametrize("others", [1, 2, 12])
def test_a_long_call_starves_no_stream_that_its_object_served_last(
    gateway: Gateway, together: Callable[..., list[Any]], name: str, others: int
) -> None:
    """All streams were last served by the thread of `busy`; then one of them begins a long call there."""
    busy, quick = gateway.new("threaded.Waiter"), gateway.new("threaded.Waiter")
    all_have_touched = threading.Barrier(others + 1)
    begun, end = name + " begun", name + " end"

    def long_call() -> bool:
        busy.touch()
        all_have_touched.wait(10)
        return busy.wait(begun, end)

    def short_call() -> bool:
        busy.touch()
        all_have_touched.wait(10)
        with all_served:
            served.append(quick.touch())
            return quick.happen(end) if len(served) == others else True

    served: list[bool] = []
    all_served = threading.Lock()
    assert together(long_call, *[short_call] * others) == [True] * (others + 1)


def test_a_call_that_waits_for_the_host_starves_no_other(gateway: Gateway, together: Callable[..., list[Any]]) -> None:
    """The object waits for a callback, and the callback waits for another thread's call of another object."""
    caller, quick = gateway.new("threaded.Caller"), gateway.new("threaded.Caller")
    both_have_called = threading.Barrier(2)
    waits, done = threading.Event(), threading.Event()

    def callback() -> str:
        waits.set()
        assert done.wait(10)
        return "went on"

    def first() -> str:
        caller.double(1)
        both_have_called.wait(10)
        return caller.call(callback)

    def second() -> int:
        caller.double(1)
        both_have_called.wait(10)
        assert waits.wait(10)
        doubled: int = quick.double(21)
        done.set()
        return doubled

    assert together(first, second) == ["went on", 42]


def test_a_call_waits_for_its_turn_while_its_object_is_in_a_long_call(
    gateway: Gateway, together: Callable[..., list[Any]], name: str
) -> None:
    waiter, helper = gateway.new("threaded.Waiter"), gateway.new("threaded.Waiter")
    order: list[str] = []

    def long_call() -> None:
        waiter.wait(name + " begun", name + " end")
        order.append("long")

    def next_call() -> None:
        assert gateway.invoke("threaded.", "wait_for", name + " begun")
        let_go = threading.Thread(target=lambda: helper.happen(name + " end"), daemon=True)
        let_go.start()
        waiter.touch()
        let_go.join(10)
        order.append("next")

    together(long_call, next_call)
    assert sorted(order) == ["long", "next"]


def test_a_further_host_thread_gets_a_stream_of_its_own_and_the_same_objects(
    gateway: Gateway, together: Callable[..., list[Any]]
) -> None:
    shared = gateway.new("builtins.list")
    together(*[lambda n=n: shared.append(n) for n in range(16)])
    assert sorted(pygateway.value(shared)) == list(range(16))


def test_functions_of_modules_run_at_the_same_time_for_different_host_threads(
    gateway: Gateway, together: Callable[..., list[Any]], name: str
) -> None:
    waits = lambda: gateway.invoke("threaded.", "wait_for", name)  # noqa: E731 - reads as a sentence below
    lets_go = lambda: gateway.invoke("threaded.", "happen", name)  # noqa: E731
    assert together(waits, waits, lets_go) == [True, True, None]


@pytest.mark.parametrize("rounds", [300])
def test_new_and_invoke_in_turn_never_miss_a_thread_that_is_just_ending(
    gateway: Gateway, together: Callable[..., list[Any]], rounds: int
) -> None:
    """A thread that has lost its last stream ends; a call for it at that moment must find another."""

    def in_turn() -> int:
        right = 0
        for number in range(rounds):
            made = gateway.new("builtins.bytearray", number)
            right += gateway.invoke("builtins.", "abs", -number) == number == len(made)
            del made
        return right

    assert together(*[in_turn] * 4) == [rounds] * 4
