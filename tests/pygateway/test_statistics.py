"""What a server tells of itself to whoever started it: its calls and their times, what runs, and what is held."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from typing import Any

import pytest

from pygateway import Gateway, NotAllowed, probe
from pygateway.frames import CALL, HELD, RUNNING, STATISTICS
from pygateway.statistics import BUCKETS, SAMPLED, bucket

Until = Callable[..., Any]
SLEEP = ("time.", "sleep", 2)


class Started:
    """A server whose instance secret is known."""

    def __init__(self, server: Any) -> None:
        server.process.stdin.write('{"passphrase": null, "instance": "mine"}\n')
        server.process.stdin.flush()
        self.port = int(server.process.stdout.readline().split()[-1])

    def connect(self) -> Gateway:
        return Gateway.connect("127.0.0.1", self.port)

    def told(self, member: int) -> dict[str, Any]:
        return probe("127.0.0.1", self.port, "mine", member=member)


@pytest.fixture
def started(start_server: Callable[..., Any]) -> Started:
    return Started(start_server("--secrets-stdin", stdin=subprocess.PIPE))


@pytest.mark.parametrize(
    ("seconds", "number"), [(0, 0), (0.9e-6, 0), (1e-6, 1), (3e-6, 2), (1.0, 20), (1e12, BUCKETS - 1)]
)
def test_a_duration_has_its_bucket(seconds: float, number: int) -> None:
    assert bucket(seconds) == number


def test_calls_are_counted_to_the_last_also_those_of_threads_and_connections_that_ended(started: Started) -> None:
    before = started.told(STATISTICS)["calls"]
    for _ in range(3):
        with started.connect() as gateway:
            made = [gateway.new("collections.deque") for _ in range(5)]
            for each in made:
                for number in range(10):
                    each.append(number)
    with started.connect() as gateway:
        gateway.invoke("math.", "sqrt", 4)
        after = started.told(STATISTICS)
        each_asks_for_the_class = 1
        assert after["calls"] - before == 3 * (each_asks_for_the_class + 5 * (1 + 10)) + 1


def test_calls_of_a_batch_count_each(started: Started) -> None:
    with started.connect() as gateway:
        made = gateway.new("collections.deque")
        before = started.told(STATISTICS)["calls"]
        with gateway.batch() as batch:
            for number in range(100):
                batch(made.append, number)
        assert started.told(STATISTICS)["calls"] - before == 100


def test_one_call_in_so_many_is_timed_and_waiting_counts(started: Started) -> None:
    with started.connect() as gateway:
        event = gateway.new("threading.Event")
        for _ in range(SAMPLED):
            event.wait(0.01)
        told = started.told(STATISTICS)
    assert sum(told["timed"]) in (1, 2)
    assert 0.005 < told["timed_seconds"] < 60
    assert sum(told["timed"][13:]) >= 1  # 8 ms and more


def test_what_runs_is_told_with_its_time_and_its_host(started: Started, until: Until) -> None:
    with started.connect() as gateway, started.connect() as other:
        event, _idle = gateway.new("threading.Event"), other.new("collections.deque")
        threads = [threading.Thread(target=event.wait, args=(2,)), threading.Thread(target=other.invoke, args=SLEEP)]
        for thread in threads:
            thread.start()

        def runs() -> set[str]:
            return {one["runs"] for one in started.told(RUNNING)["threads"] if one["runs"]}

        until(lambda: runs() == {"threading.Event.wait", "time.sleep"}, runs)
        told = started.told(RUNNING)
        first = next(one for one in told["threads"] if one["runs"] == "threading.Event.wait")
        assert first["peer"].startswith("127.0.0.1:")
        assert 0 <= first["seconds"] < 60
        assert not first["waits_for_host"]
        assert told["total"] == len(told["threads"]) >= 3
        for thread in threads:
            thread.join()
        assert runs() == set()


def test_an_object_that_waits_for_its_host_is_told_to(started: Started) -> None:
    seen: list[dict[str, Any]] = []
    with started.connect() as gateway:

        def look(_: Any) -> int:
            seen.extend(one for one in started.told(RUNNING)["threads"] if one["runs"])
            return 0

        gateway.invoke("builtins.", "sorted", [1], key=look)
    assert [(one["runs"], one["waits_for_host"]) for one in seen] == [("builtins.sorted", True)]


def test_what_is_held_is_told_with_its_class_and_its_holder(started: Started) -> None:
    with started.connect() as gateway, started.connect() as other:
        kept = [gateway.new("collections.deque"), other.new("threading.Event")]
        told = started.told(HELD)
        assert told["total"] == len(kept)
        assert [one["class"] for one in told["objects"]] == ["collections.deque", "threading.Event"]
        assert len({one["connection"] for one in told["objects"]}) == 2
        assert all(0 <= one["seconds"] < 60 for one in told["objects"])


def test_nothing_is_remembered_of_a_connection_that_ended(started: Started, until: Until) -> None:
    with started.connect() as gateway:
        gateway.new("collections.deque")
    until(lambda: started.told(HELD)["total"] == 0)
    until(lambda: started.told(RUNNING)["total"] == 0)


@pytest.mark.parametrize("member", [STATISTICS, RUNNING, HELD])
def test_nobody_else_is_told(started: Started, member: int) -> None:
    with started.connect() as gateway, pytest.raises(NotAllowed, match="whoever started the server"):
        gateway._session.request(CALL, 0, member)
