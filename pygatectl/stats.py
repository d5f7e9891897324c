"""What servers tell of themselves: calls and their times, what runs, what is held; and what the system tells of them.

A server answers whoever started it, by the secret of that start; so these are the servers that run on this machine and
were started from this registry.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pygatectl import ports
from pygatectl.errors import NotActive, PygatectlError
from pygatectl.record import Record, read_record
from pygatectl.registry import Registry
from pygatectl.trust import trust_in_instance

KEPT = 60
"""Samples that `Watched` keeps of each server."""


@dataclass(frozen=True)
class Statistics:
    """One server at one moment (`at`, of time.monotonic). Durations are of one call in `sampled`, in buckets: the n-th
    counts calls that took less than 2**n microseconds, and not less than half of that. Memory is in bytes, CPU time in
    seconds.
    """

    name: str
    at: float
    pid: int
    uptime: float
    calls: int
    sampled: int
    timed: tuple[int, ...]
    timed_seconds: float
    connections: int
    objects: int
    threads: int
    memory: int
    cpu_seconds: float


def statistics(registry: Registry, name: str) -> Statistics:
    """What a server counted since it started. Raises `NotActive`."""
    import psutil

    from pygateway.frames import STATISTICS

    record, told = _ask(registry, name, STATISTICS)
    try:
        process = psutil.Process(record.pid)
        memory, cpu = process.memory_info().rss, process.cpu_times()
    except psutil.NoSuchProcess as error:
        raise NotActive(f"gateway {name!r} has ended just now") from error
    counts = {key: int(told[key]) for key in ("pid", "calls", "sampled", "connections", "objects", "threads")}
    return Statistics(
        name=name,
        at=time.monotonic(),
        uptime=float(told["uptime"]),
        timed=tuple(told["timed"]),
        timed_seconds=float(told["timed_seconds"]),
        memory=memory,
        cpu_seconds=cpu.user + cpu.system,
        **counts,
    )


@dataclass(frozen=True)
class Running:
    """A thread of a server. `runs` is the call that it is in, None if it is idle; `seconds` since then."""

    thread: int
    runs: str | None
    seconds: float
    waits_for_host: bool
    objects: int
    calls: int
    connection: int
    peer: str


@dataclass(frozen=True)
class Held:
    """An object of a server that a host holds, for so many seconds."""

    number: int
    of: str
    seconds: float
    connection: int
    peer: str


def running(registry: Registry, name: str) -> tuple[list[Running], int]:
    """The threads of objects, those that run first, longest first; and how many there are. Raises `NotActive`."""
    from pygateway.frames import RUNNING

    told = _ask(registry, name, RUNNING)[1]
    return [Running(**one) for one in told["threads"]], int(told["total"])


def held(registry: Registry, name: str) -> tuple[list[Held], int]:
    """The objects that hosts hold, oldest first; and how many there are. Raises `NotActive`."""
    from pygateway.frames import HELD

    told = _ask(registry, name, HELD)[1]
    return [Held(of=one.pop("class"), **one) for one in told["objects"]], int(told["total"])


def _ask(registry: Registry, name: str, member: int) -> tuple[Record, dict[str, Any]]:
    from pygateway import GatewayError, ProtocolError, probe

    definition = registry.find(name).definition
    record = read_record(registry.paths.record(definition.name))
    if record is None or record.registry != str(registry.paths.registry) or not record.identity.alive():
        raise NotActive(f"gateway {name!r} has no server that was started here; start it: pygatectl start {name}")
    wait, tls = float(definition.connection_timeout), trust_in_instance(record)
    host = ports.connect_host(record.host)
    try:
        told = probe(host, record.port, record.instance, local=record.local, timeout=wait, tls=tls, member=member)
    except ProtocolError as error:
        raise PygatectlError(
            f"the server of {name!r} is of an earlier version, which counts nothing; pygatectl restart {name} ({error})"
        ) from error
    except GatewayError as error:
        raise NotActive(f"gateway {name!r} does not answer: {error}") from error
    return record, told


def percentile(timed: Sequence[int], part: float) -> float | None:
    """The seconds within which so much of the calls took place (0.5: half), as far as buckets tell: the end of the
    bucket, which is at most twice too long. None without any.
    """
    total = sum(timed)
    if not total:
        return None
    seen = 0
    for number, count in enumerate(timed):
        seen += count
        if seen >= part * total:
            return float(2**number) / 1e6
    raise AssertionError


@dataclass(frozen=True)
class Sample:
    """A server between two looks. Rates are per second; `cpu` is the part of one processor, 0.5 for half."""

    name: str
    error: str | None = None
    pid: int | None = None
    calls: float | None = None
    p50: float | None = None
    p99: float | None = None
    connections: int | None = None
    objects: int | None = None
    threads: int | None = None
    memory: int | None = None
    cpu: float | None = None
    history: tuple[float, ...] = ()
    """Calls a second at the last looks."""


@dataclass
class Watched:
    """Servers as they are looked at again and again."""

    registry: Registry
    _before: dict[str, Statistics] = field(default_factory=dict)
    _history: dict[str, deque[float]] = field(default_factory=dict)

    def look(self, names: Sequence[str]) -> list[Sample]:
        """What became of each since the last look; since its start, at the first."""
        from concurrent.futures import ThreadPoolExecutor

        from pygatectl.state import AT_ONCE

        if not names:
            return []
        # The threads end with the block, after pings that have a timeout.
        with ThreadPoolExecutor(min(len(names), AT_ONCE)) as pool:
            return list(pool.map(self._one, names))

    def _one(self, name: str) -> Sample:
        try:
            now = statistics(self.registry, name)
        except PygatectlError as error:
            self._before.pop(name, None)
            self._history.pop(name, None)
            return Sample(name, error=str(error))
        before = self._before.get(name)
        self._before[name] = now
        return self._sample(now, before if before is not None and before.pid == now.pid else None)

    def _sample(self, now: Statistics, before: Statistics | None) -> Sample:
        if before is None:
            self._history[now.name] = deque(maxlen=KEPT)
            seconds, calls, cpu, timed = now.uptime, now.calls, now.cpu_seconds, now.timed
        else:
            seconds, calls = now.at - before.at, now.calls - before.calls
            cpu = now.cpu_seconds - before.cpu_seconds
            timed = tuple(one - other for one, other in zip(now.timed, before.timed, strict=True))
        rate = calls / seconds if seconds else 0.0
        history = self._history[now.name]
        if before is not None:
            history.append(rate)
        return Sample(
            now.name,
            pid=now.pid,
            calls=rate,
            p50=percentile(timed, 0.5),
            p99=percentile(timed, 0.99),
            connections=now.connections,
            objects=now.objects,
            threads=now.threads,
            memory=now.memory,
            cpu=cpu / seconds if seconds else 0.0,
            history=tuple(history),
        )
