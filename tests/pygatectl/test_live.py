"""Servers from within: top, threads, objects, stats."""

from __future__ import annotations

import itertools
import json
import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

import pygatectl
from pygatectl.cli.render_live import ASCII_BARS, BARS, duration, size, sparkline
from pygatectl.stats import percentile

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

Until = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def dev(home: Home) -> Home:
    """A home with a server that runs, and a definition without one."""
    home.run("create", "dev", "--port", "auto").ok()
    home.run("create", "idle", "--port", "auto").ok()
    home.run("start", "dev").ok()
    return home


def printed(home: Home, *words: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(home.run(*words, "--json").ok().out)
    return found


def test_threads_shows_a_call_that_does_not_return_and_for_whom(dev: Home, until: Until) -> None:
    with pygatectl.open_gateway("dev") as gateway:
        event = gateway.new("threading.Event")
        waits = threading.Thread(target=event.wait, args=(3,))
        waits.start()
        until(lambda: printed(dev, "threads", "dev")["threads"][0]["runs"] == "threading.Event.wait")
        out = dev.run("threads", "dev").ok().out
        assert "threading.Event.wait" in out
        assert "local" in out
        waits.join()
        assert "(idle)" in dev.run("threads", "dev").ok().out


def test_objects_shows_what_is_held(dev: Home) -> None:
    assert "no object of dev is held" in dev.run("objects", "dev").ok().err
    with pygatectl.open_gateway("dev") as gateway:
        kept = [gateway.new("collections.deque"), gateway.new("threading.Event")]
        told = printed(dev, "objects", "dev")
        assert [one["class"] for one in told["objects"]] == ["collections.deque", "threading.Event"]
        assert told["total"] == len(kept)
        assert "collections.deque" in dev.run("objects", "dev").ok().out


def test_stats_counts_every_call(dev: Home) -> None:
    with pygatectl.open_gateway("dev") as gateway:
        made = gateway.new("collections.deque")
        before = printed(dev, "stats", "dev")["servers"][0]
        for number in range(100):
            made.append(number)
        after = printed(dev, "stats", "dev")["servers"][0]
    assert after["calls"] - before["calls"] == 100
    assert after["memory"] > 1_000_000
    assert after["pid"] == dev.pid("dev")
    assert 0 < after["p50"] <= after["p99"] < 10


def test_stats_are_in_the_text_format_of_prometheus(dev: Home) -> None:
    with pygatectl.open_gateway("dev") as gateway:
        made = gateway.new("collections.deque")
        for number in range(100):
            made.append(number)
        text = dev.run("stats", "--format", "prometheus").ok().out
    families = {one.name: one for one in text_string_to_metric_families(text)}
    (calls,) = families["pygateway_calls"].samples
    assert (calls.labels, calls.value >= 101) == ({"gateway": "dev"}, True)
    samples = families["pygateway_call_duration_seconds"].samples
    counts = [one.value for one in samples if one.name.endswith("_bucket")]
    assert counts == sorted(counts)
    assert counts[-1] == next(one.value for one in samples if one.name.endswith("_count")) >= 5
    assert [one.labels["le"] for one in samples if one.name.endswith("_bucket")][-1] == "+Inf"


def test_top_looks_once_at_the_servers_that_run(dev: Home) -> None:
    with pygatectl.open_gateway("dev") as gateway:
        kept = gateway.new("collections.deque")
        told = printed(dev, "top", "--once")["servers"]
        assert [(one["name"], one["objects"], one["connections"]) for one in told] == [("dev", 1, 1)]
        out = dev.run("top", "--once", "--sort", "memory").ok().out
        assert out.splitlines()[0].split()[:3] == ["Name", "Calls/s", "p50"]
        assert len(out.splitlines()) == 2
        assert len(kept) == 0


def test_top_goes_on_and_counts_between_its_looks(dev: Home) -> None:
    with pygatectl.open_gateway("dev") as gateway:
        made = gateway.new("collections.deque")
        child = dev.spawn("top", "--interval", "0.2", "--json")
        assert child.stdout is not None
        json.loads(child.stdout.readline())
        for number in range(64):
            made.append(number)
        looks = (json.loads(line)["servers"][0] for line in itertools.islice(child.stdout, 300))
        busy = next(look for look in looks if look["calls"])
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=20)
        assert child.returncode == 0
    assert busy["history"]


def test_what_does_not_run_has_exit_code_3_and_says_how_to_start_it(dev: Home) -> None:
    for command in ("threads", "objects", "stats"):
        result = dev.run(command, "idle")
        assert result.code == 3
        assert "pygatectl start idle" in result.err
    assert dev.run("top", "idle", "--once").code == 3
    assert dev.run("threads", "nobody").code == 4


@pytest.mark.parametrize("words", [("top", "--once", "--sort", "colour"), ("stats", "--format", "xml")])
def test_a_wrong_value_is_told_with_the_right_ones(dev: Home, words: tuple[str, ...]) -> None:
    result = dev.run(*words)
    assert result.code == 2
    assert "it must be" in result.err


def test_a_server_that_is_stopped_by_a_signal_is_said_not_to_answer(dev: Home) -> None:
    dev.run("edit", "dev", "--connection-timeout", 2).ok()
    os.kill(dev.pid("dev"), signal.SIGSTOP)
    try:
        result = dev.run("threads", "dev")
    finally:
        os.kill(dev.pid("dev"), signal.SIGCONT)
    assert result.code == 3
    assert "does not answer" in result.err


def test_percentiles_are_the_ends_of_their_buckets() -> None:
    assert percentile([0, 0, 90, 0, 10], 0.5) == 4e-6
    assert percentile([0, 0, 90, 0, 10], 0.99) == 16e-6
    assert percentile([0, 0], 0.5) is None


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, "-"), (16e-6, "16us"), (0.002, "2ms"), (1.05, "1.1s"), (4096.0, "4096.0s")]
)
def test_times_are_short(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("count", "text"), [(2000, "2.0K"), (21 << 20, "21M"), (5 << 30, "5.0G"), (3 << 40, "3072G")])
def test_sizes_are_short(count: int, text: str) -> None:
    assert size(count) == text


def test_a_sparkline_has_a_bar_for_each_look() -> None:
    assert sparkline([0, 5, 10], BARS) == "▁▅█"
    assert sparkline([0, 5, 10], ASCII_BARS) == "_=#"
    assert sparkline([], BARS) == ""
    assert sparkline([0, 0], BARS) == "▁▁"
