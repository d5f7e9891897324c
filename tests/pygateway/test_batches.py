"""Batches: many calls in few trips, each with its own answer."""

from __future__ import annotations

import pytest

from pygateway import Gateway


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
