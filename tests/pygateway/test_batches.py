"""Batches: many calls in few trips, each with its own answer."""

from __future__ import annotations

import concurrent.futures
import os
from collections.abc import Callable
from typing import Any

import pytest

from pygateway import ConnectionLost, DeadlineExceeded, Gateway, deadline


def test_each_call_of_a_batch_has_its_own_answer_in_order(gateway: Gateway) -> None:
    one, other = gateway.new("builtins.list"), gateway.new("builtins.list", [5])
    with gateway.batch() as batch:
        for number in range(3):
            batch(one.append, number)
        missing, first, last = batch(one.index, 99), batch(one.pop, 0), batch(other.pop)
        batch(other.append, one)
    assert isinstance(missing.exception(), ValueError)
    assert (first.result(), last.result(), other[0] is one, list(one)) == (0, 5, True, [1, 2])


def test_a_batch_calls_back_while_it_runs(gateway: Gateway) -> None:
    numbers = gateway.new("builtins.list", [1, 3, 2])
    with gateway.batch() as batch:
        batch(numbers.sort, key=lambda number: -number)
    assert list(numbers) == [3, 2, 1]


def test_a_batch_reads_and_sets_attributes(gateway: Gateway) -> None:
    space = gateway.new("types.SimpleNamespace", x=1)
    with gateway.batch() as batch:
        before = batch.get(space, "x")
        batch.set(space, "x", 2)
        hidden = batch.get(space, "_x")
    assert (before.result(), space.x) == (1, 2)
    assert isinstance(hidden.exception(), AttributeError)


def test_a_block_that_fails_sends_nothing_and_cancels_all(gateway: Gateway) -> None:
    numbers = gateway.new("builtins.list")
    batch = gateway.batch()
    later = batch(numbers.append, 1)
    with pytest.raises(KeyError), batch:
        raise KeyError("x")
    assert later.cancelled()
    assert len(numbers) == 0


def test_what_is_no_method_of_a_proxy_is_refused(gateway: Gateway) -> None:
    with pytest.raises(TypeError, match="methods of proxies"):
        gateway.batch()(len, [])


def test_more_calls_than_one_frame_takes_are_sent_in_several(gateway: Gateway) -> None:
    numbers = gateway.new("builtins.list")
    with gateway.batch() as batch:
        for number in range(2500):
            last = batch(numbers.append, number)
    assert (last.result(), len(numbers), numbers[2499]) == (None, 2500, 2499)


def test_calls_of_many_objects_run_in_order_ahead_of_their_answers(gateway: Gateway) -> None:
    log = gateway.new("builtins.list")
    others = [gateway.new("builtins.list") for _ in range(20)]
    with gateway.batch() as batch:
        lengths = []
        for number in range(400):
            batch(log.append, number)
            batch(others[number % 20].append, number)
            lengths.append(batch(others[number % 20].__len__))
    assert list(log) == list(range(400))
    assert [length.result() for length in lengths] == [1 + number // 20 for number in range(400)]


def test_answers_and_requests_larger_than_the_systems_buffers_pass_each_other(gateway: Gateway) -> None:
    """Neither side reads while it sends: one that sends too much ahead would wait for the other for ever."""
    one, other = gateway.new("builtins.list"), gateway.new("builtins.list")
    text = "x" * 1_000_000
    with gateway.batch() as batch:
        last = [batch(each.count, text + str(number)) for number in range(20) for each in (one, other)]
        for number in range(20):
            batch(one.append, text)
            last.append(batch(one.pop))
            batch(other.append, number)
    assert [future.result() for future in last] == [0] * 40 + [text] * 20


def test_a_callback_in_a_batch_of_many_objects_comes_before_later_calls(gateway: Gateway) -> None:
    caller, log = gateway.new("threaded.Caller"), gateway.new("builtins.list")
    with gateway.batch() as batch:
        for number in range(5):
            batch(caller.call, lambda number=number: log.append(("callback", number)))
            batch(log.append, ("after", number))
    assert list(log) == [(what, number) for number in range(5) for what in ("callback", "after")]


def test_a_call_whose_arguments_can_not_be_passed_fails_alone(gateway: Gateway) -> None:
    numbers = gateway.new("builtins.list")
    endless: list[Any] = []
    endless.append(endless)
    with gateway.batch() as batch:
        before, wrong, after = batch(numbers.append, 1), batch(numbers.append, endless), batch(numbers.append, 2)
    assert isinstance(wrong.exception(), ValueError)
    assert (before.result(), after.result(), list(numbers)) == (None, None, [1, 2])


def test_a_call_cancelled_before_it_is_sent_is_never_made(gateway: Gateway) -> None:
    numbers = gateway.new("builtins.list")
    with gateway.batch() as batch:
        first, second = batch(numbers.append, 1), batch(numbers.append, 2)
        assert first.cancel()
        assert not first.cancel() or first.cancelled()
    assert (first.cancelled(), second.done(), list(numbers)) == (True, True, [2])
    assert not second.cancel()


def test_the_futures_of_a_batch_are_those_of_concurrent_futures(
    gateway: Gateway, together: Callable[..., list[Any]]
) -> None:
    numbers = gateway.new("builtins.list", [1, 2])
    told: list[Any] = []
    batch = gateway.batch()
    futures = [batch(numbers.pop), batch(numbers.index, 99), batch(numbers.pop)]
    futures[0].add_done_callback(lambda future: told.append(future.result()))
    ended, _, _ = together(
        lambda: [future.result() for future in concurrent.futures.as_completed([futures[0], futures[2]], 10)],
        lambda: futures[1].exception(10),
        batch.send,
    )
    futures[2].add_done_callback(lambda future: told.append(future.result()))
    assert (sorted(ended), told) == ([1, 2], [2, 1])
    assert "returned int" in repr(futures[0])
    with pytest.raises(ValueError, match="99"):
        futures[1].result()
    assert len(concurrent.futures.wait(futures, 10).done) == 3


def test_a_batch_that_is_not_answered_in_time_leaves_the_gateway_usable(gateway: Gateway) -> None:
    timely, name = gateway.new("timely.Timely"), f"{os.getpid()} batch"
    batch = gateway.batch()
    waits, later = batch(timely.wait, name, name + " end"), batch(gateway.new("timely.Timely").add)
    with pytest.raises(DeadlineExceeded), deadline(0.1):
        batch.send()
    assert isinstance(waits.exception(), DeadlineExceeded)
    assert isinstance(later.exception(), DeadlineExceeded)
    gateway.new("timely.Timely").happen(name + " end")
    assert timely.add() == 1


def test_a_batch_whose_server_is_killed_has_the_results_that_came(own_server: Any) -> None:
    gateway = own_server.connect()
    one, killer = gateway.new("builtins.list"), gateway.get("os.", "abort")
    batch = gateway.batch()
    done, killed, never = batch(one.append, 1), batch(killer.__call__), batch(one.append, 2)
    with pytest.raises(ConnectionLost):
        batch.send()
    assert done.result() is None
    assert isinstance(killed.exception(), ConnectionLost)
    assert isinstance(never.exception(), ConnectionLost)
