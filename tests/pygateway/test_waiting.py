"""The bell that wakes whoever waits."""

from __future__ import annotations

import select
import signal
from collections.abc import Iterator

import pytest

from pygateway.waiting import Bell


@pytest.fixture
def bell() -> Iterator[Bell]:
    one = Bell()
    yield one
    one.close()


def is_rung(bell: Bell) -> bool:
    return bool(select.select([bell.fd], [], [], 0)[0])


def test_rings_that_nobody_heard_count_as_one(bell: Bell) -> None:
    assert not is_rung(bell)
    for _ in range(100):
        bell.ring()
    assert is_rung(bell)
    bell.silence()
    assert not is_rung(bell)


def test_a_bell_that_is_rung_without_end_never_blocks(bell: Bell) -> None:
    for _ in range(100_000):
        bell.ring()
    assert is_rung(bell)


def test_a_signal_rings_by_itself_so_that_one_just_before_a_wait_ends_it(bell: Bell) -> None:
    handled: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: handled.append(number))
    try:
        bell.heed_signals()
        signal.raise_signal(signal.SIGTERM)
        assert is_rung(bell), "the handler did not ring; the signal did"
        assert handled == [signal.SIGTERM]
    finally:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, before)
