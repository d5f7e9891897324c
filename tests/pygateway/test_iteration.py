"""Loops over remote containers: a few trips, and yet what Python does when the container changes under the loop."""

from __future__ import annotations

import collections
import itertools
from collections.abc import Callable, Iterable
from typing import Any

import pytest

import pygateway
from pygateway import Gateway
from pygateway.iteration import FIRST, MOST, Cursor

SIZES = [0, 1, FIRST - 1, FIRST, FIRST + 1, 3 * FIRST, 3 * FIRST + 1, MOST * 4 + 5]
CLASSES = ["builtins.list", "builtins.set", "builtins.dict", "collections.deque", "collections.OrderedDict"]


def filled(gateway: Gateway, name: str, size: int) -> Any:
    if name.endswith(("dict", "Dict")):
        return gateway.new(name, [(number, str(number)) for number in range(size)])
    return gateway.new(name, range(size))


def trips(gateway: Gateway, work: Callable[[], object]) -> int:
    """How many requests some work makes."""
    session: Any = gateway._session
    before = next(session._serials)
    work()
    return next(session._serials) - before - 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", CLASSES)
def test_all_items_come_in_order(gateway: Gateway, name: str, size: int) -> None:
    assert [*iter(filled(gateway, name, size))] == list(range(size))


def test_ten_thousand_items_are_a_few_trips(gateway: Gateway) -> None:
    numbers = gateway.new("builtins.list", range(10_000))
    assert trips(gateway, lambda: [*iter(numbers)]) <= 10


def test_views_of_a_dict_are_read_in_chunks(gateway: Gateway) -> None:
    table = filled(gateway, "builtins.dict", 1000)
    assert trips(gateway, lambda: dict(iter(table.items()))) <= 8
    assert dict(iter(table.items())) == {number: str(number) for number in range(1000)}


def test_objects_in_a_list_are_the_objects_themselves(gateway: Gateway) -> None:
    people = gateway.new("builtins.list", [gateway.new("shapes.Person", str(number)) for number in range(5)])
    for person in people:
        person.name += "!"
    assert [person.name for person in people] == ["0!", "1!", "2!", "3!", "4!"]
    assert next(iter(people)) is people[0]


def removing(numbers: Any) -> list[int]:
    seen = []
    for number in numbers:
        seen.append(number)
        if number % 2 == 0:
            numbers.remove(number)
    return seen


def growing(numbers: Any) -> list[int]:
    seen = []
    for number in numbers:
        seen.append(number)
        if len(seen) % 50 == 0 and len(seen) < 400:
            numbers.append(1000 + number)
            numbers.insert(0, -1)
    return seen


def replacing(numbers: Any) -> list[int]:
    seen = []
    for place, number in enumerate(numbers):
        seen.append(number)
        if place + 1 < len(numbers):
            numbers[place + 1] = -number
    return seen


def clearing(numbers: Any) -> list[int]:
    seen = []
    for number in numbers:
        seen.append(number)
        numbers.clear()
    return seen


@pytest.mark.parametrize("change", [removing, growing, replacing, clearing])
@pytest.mark.parametrize("size", [1, 5, FIRST, 150])
def test_a_list_changed_in_its_loop_gives_what_it_gives_in_python(
    gateway: Gateway, change: Callable[[Any], list[int]], size: int
) -> None:
    here, there = list(range(size)), gateway.new("builtins.list", range(size))
    assert change(there) == change(here)
    assert pygateway.value(there) == here


@pytest.mark.parametrize("at", [0, 1, FIRST - 1, FIRST, 99])
@pytest.mark.parametrize("name", CLASSES[1:])
def test_a_container_that_must_not_change_in_its_loop_says_so_at_once(gateway: Gateway, name: str, at: int) -> None:
    there = filled(gateway, name, 100)
    items = iter(there)
    taken = list(itertools.islice(items, at + 1))
    (there.popitem if name.endswith(("dict", "Dict")) else there.pop)()
    with pytest.raises(RuntimeError, match="during iteration"):
        next(items)
    assert taken == list(range(at + 1))


def test_values_replaced_in_the_loop_over_a_dict_are_seen(gateway: Gateway) -> None:
    table = gateway.new("builtins.dict", {number: number for number in range(100)})
    seen = []
    for key, value in table.items():
        seen.append(value)
        if key + 1 < 100:
            table[key + 1] = -1
    assert seen == [0] + [-1] * 99


def test_a_change_by_other_code_may_be_seen_a_chunk_late(gateway: Gateway) -> None:
    numbers = gateway.new("builtins.list", range(10))
    items = iter(numbers)
    gateway.invoke("operator.", "setitem", numbers, 5, "changed behind its back")
    assert list(items) == list(range(10))


def test_two_loops_over_one_container_do_not_disturb_each_other(gateway: Gateway) -> None:
    numbers = gateway.new("builtins.list", range(200))
    assert [pair for pair in zip(numbers, numbers, strict=True) if pair[0] != pair[1]] == []


def test_generators_stay_lazy(gateway: Gateway) -> None:
    seen: list[int] = []

    def note(number: int) -> int:
        seen.append(number)
        return number

    mapped = gateway.invoke("builtins.", "map", note, range(10))
    assert next(mapped) == 0
    assert seen == [0]


def test_an_iterator_is_read_ahead_where_that_is_asked_for(gateway: Gateway) -> None:
    counter = gateway.new("itertools.count")
    assert trips(gateway, lambda: list(itertools.islice(pygateway.ahead(counter, 500), 1000))) <= 4
    ended = gateway.invoke("builtins.", "iter", range(7))
    assert list(pygateway.ahead(ended, 3)) == list(range(7))


def test_reading_ahead_raises_an_error_where_the_loop_would_have_met_it(gateway: Gateway) -> None:
    quotients = gateway.invoke("builtins.", "map", gateway.get("operator.", "floordiv"), [6, 6, 6], [3, 2, 0])
    got: list[int] = []

    def read() -> None:
        got.extend(iter([]))
        for quotient in pygateway.ahead(quotients):
            got.append(quotient)  # noqa: PERF402 - what came before the error counts

    with pytest.raises(ZeroDivisionError):
        read()
    assert got == [2, 3]


@pytest.mark.parametrize("iterable", [[1, 2, 3], iter([1, 2]), range(3)])
def test_reading_ahead_of_what_is_no_proxy_is_iterating_it(iterable: Iterable[int]) -> None:
    assert list(pygateway.ahead(iterable)) in ([1, 2, 3], [1, 2], [0, 1, 2])


def test_reading_no_items_at_a_time_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        pygateway.ahead([], 0)


def test_a_cursor_goes_back_over_what_it_gave() -> None:
    for container in ([1, 2, 3, 4], (1, 2, 3, 4), {1: 0, 2: 0, 3: 0, 4: 0}, collections.deque([1, 2, 3, 4])):
        cursor = Cursor(container)
        assert cursor.fetch(3) == (1, 2, 3)
        assert cursor.fetch(3, 2) == (2, 3, 4)
        assert cursor.fetch(3) == ()
        assert cursor.fetch(1, 4) == (1,)
