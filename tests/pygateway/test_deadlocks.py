"""Objects that wait for each other in a circle: the call that would close it is told so, and nobody hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from pygateway import DeadlockError, Gateway

Together = Callable[..., list[Any]]


def ring(gateway: Gateway, size: int) -> list[Callable[[], Any]]:
    """Calls that hold one object each, and then each ask for the next one's object."""
    objects = [gateway.new("threaded.Caller") for _ in range(size)]
    all_hold = threading.Barrier(size)

    def holding(place: int) -> Callable[[], Any]:
        def ask() -> Any:
            all_hold.wait(10)
            return objects[(place + 1) % size].call(lambda: place)

        def begin() -> Any:
            try:
                return objects[place].call(ask)
            except DeadlockError as error:
                return error

        return begin

    return [holding(place) for place in range(size)]


@pytest.mark.parametrize("size", [2, 3, 5])
def test_a_circle_of_calls_ends_with_one_error_that_names_it(gateway: Gateway, together: Together, size: int) -> None:
    results = together(*ring(gateway, size))
    errors = [result for result in results if isinstance(result, DeadlockError)]
    assert len(errors) == 1, results
    assert str(errors[0]).count("waits for") == size
    assert str(errors[0]).count("threaded.Caller (object ") == size + 1


def test_the_objects_are_of_use_after_a_deadlock(gateway: Gateway, together: Together) -> None:
    for _ in range(20):
        results = together(*ring(gateway, 2))
        assert sum(isinstance(result, DeadlockError) for result in results) == 1


def test_an_object_that_is_called_again_by_its_own_chain_is_no_deadlock(gateway: Gateway) -> None:
    one, other = gateway.new("threaded.Caller"), gateway.new("threaded.Caller")
    assert one.call(lambda: other.call(lambda: one.call(lambda: other.call(lambda: "deep")))) == "deep"


def test_waiting_for_a_busy_object_is_no_deadlock(gateway: Gateway, together: Together) -> None:
    one, other = gateway.new("threaded.Caller"), gateway.new("threaded.Caller")
    held = threading.Event()

    def hold() -> Any:
        return other.call(lambda: held.set() or one_is_waited_for.wait(10))

    one_is_waited_for = threading.Event()

    def wait() -> Any:
        held.wait(10)
        return one.call(lambda: one_is_waited_for.set() or other.call(lambda: "had its turn"))

    assert together(hold, wait) == [True, "had its turn"]
