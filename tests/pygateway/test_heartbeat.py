"""When a monitor asks for a sign of life, when it gives up, and how long it waits between attempts to get help."""

from __future__ import annotations

from itertools import islice

import pytest

from pygateway.heartbeat import FLAPPING_WITHIN, FLAPS, Heartbeat, Recovery


def test_it_asks_an_interval_after_the_last_answer() -> None:
    heartbeat = Heartbeat(10, 30, now=100)
    assert (heartbeat.left(100), heartbeat.is_due(109.9), heartbeat.is_due(110)) == (10, False, True)
    heartbeat.ask(110)
    assert not heartbeat.is_due(111)
    heartbeat.answered(113)
    assert (heartbeat.left(113), heartbeat.is_due(123)) == (10, True)


def test_it_gives_up_when_no_answer_came_in_time() -> None:
    heartbeat = Heartbeat(10, 30, now=0)
    heartbeat.ask(10)
    assert (heartbeat.left(10), heartbeat.is_overdue(39.9), heartbeat.is_overdue(40)) == (30, False, True)
    heartbeat.answered(39.9)
    assert not heartbeat.is_overdue(100)


def test_an_interval_of_zero_never_asks_and_a_timeout_of_zero_never_gives_up() -> None:
    assert Heartbeat(0, 30, now=0).left(1e9) is None
    patient = Heartbeat(10, 0, now=0)
    patient.ask(10)
    assert patient.left(1e9) is None
    assert not patient.is_overdue(1e9)


@pytest.mark.parametrize(
    ("retry", "pauses"),
    [(300, [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]), (3, [0, 1, 2, 3, 3]), (0.5, [0, 0.5, 0.5]), (0, [0])],
)
def test_pauses_grow_up_to_the_retry_and_without_one_there_is_a_single_attempt(
    retry: float, pauses: list[float]
) -> None:
    assert list(islice(Recovery(retry).pauses(), len(pauses) if retry else None)) == pauses


def test_so_many_restarts_in_so_short_a_time_are_flapping() -> None:
    recovery = Recovery(300)
    for number in range(FLAPS):
        assert not recovery.is_flapping()
        recovery.restarted(number * FLAPPING_WITHIN / (FLAPS - 1))
    assert recovery.is_flapping()
    recovery.restarted(FLAPPING_WITHIN * 2)
    assert not recovery.is_flapping()
