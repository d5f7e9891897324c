"""What is measured: the rows of the table, their bars, and the laps that give their figures."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from contestant import Contestant, Work
from ours import BATCHED, CALLBACKS

ROUNDS, SLOW_ROUNDS = 11, 3
THREADS = (1, 4, 16, 64)
#: Calls that all threads of a lap make together, and connections that are open at once.
CALLS, CONNECTIONS = 1920, 1000
#: Seconds of a lap, and for opening connections: what is slow is done less often.
LAP, OPENING = 0.3, 4.0
#: Seconds after which threads that wait for others fail.
PATIENCE = 60.0


@dataclass(frozen=True)
class Row:
    """One line of work: how often it is done in a lap, how many things it does at once, and what it is held against.

    `bars` are the most that ours may be as a multiple of the plain sockets' `plain`: on TCP, on the local socket.
    """

    name: str
    work: str
    laps: int
    each: int = 1
    plain: str = "echo"
    bars: tuple[float, float] | None = None


ROWS = [
    Row("null call", "null", 400, bars=(1.4, 1.05)),
    Row('call with ("George", 99, 3.5)', "three", 400, bars=(1.7, 1.7)),
    Row("get", "get", 400),
    Row("set", "set", 400),
    Row("two objects in turn", "in turn", 400),
    Row("callback", "callback", 4, each=CALLBACKS, bars=(1.5, 1.5)),
    Row("new", "new", 100, bars=(4.0, 4.0)),
    Row("a batched call", "batch", 1, each=BATCHED),
    Row("10,000 ints each way", "ints", 5),
    Row("iterating a list of 10,000", "iterate", 1),
    Row("16 MiB each way, to raw 16 MiB", "bytes", 1, plain="bytes", bars=(1.4, 1.4)),
]


@dataclass
class Figures:
    """Seconds of each (row or number of threads, contestant), a figure for each round."""

    laps: dict[tuple[object, str], list[float]] = field(default_factory=dict)

    def add(self, what: object, who: Contestant, seconds: float) -> None:
        self.laps.setdefault((what, who.name), []).append(seconds)

    def median(self, what: object, name: str) -> float | None:
        """None where the contestant can't do it."""
        found = self.laps.get((what, name))
        return None if found is None else statistics.median(found)


def measure(plain: Contestant, others: Sequence[Contestant]) -> Figures:
    """Everything, interleaved: each round has a lap of each row by each contestant, one after another."""
    figures = Figures()
    everyone = [plain, *others]
    for _ in range(ROUNDS):
        for row in ROWS:
            for one in everyone:
                work = one.works.get(row.plain if one is plain else row.work)
                if work is not None:
                    figures.add(row.name, one, lap(work, row.laps) / (1 if one is plain else row.each))
    for _ in range(SLOW_ROUNDS):
        for count in THREADS:
            for one in everyone:
                figures.add(count, one, _threads(one, count))
        for one in everyone:
            figures.add("connections", one, _connections(one))
    return figures


def lap(work: Work, count: int) -> float:
    """Seconds of one call, as the mean over `count`, or over what LAP has room for; after one that is not counted."""
    begin = time.perf_counter()
    work()
    first = time.perf_counter() - begin
    if first > LAP:
        return first
    count = min(count, max(1, int(LAP / first)))
    begin = time.perf_counter()
    for _ in range(count):
        work()
    return (time.perf_counter() - begin) / count


def _threads(one: Contestant, count: int) -> float:
    """Seconds of one null call, where `count` threads share CALLS of them; connections are open before."""
    ready, done = threading.Barrier(count + 1, timeout=PATIENCE), threading.Barrier(count + 1, timeout=PATIENCE)
    opening_lock = threading.Lock()  # not every server bears many that connect at the same moment

    def caller() -> None:
        with opening_lock:
            call, end = one.caller()
            call()
        ready.wait()
        for _ in range(CALLS // count):
            call()
        done.wait()
        end()

    threads = [threading.Thread(target=caller, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    ready.wait()
    begin = time.perf_counter()
    done.wait()
    seconds = time.perf_counter() - begin
    for thread in threads:
        thread.join()
    return seconds / CALLS


def _connections(one: Contestant) -> float:
    """Seconds to open, call and close each of CONNECTIONS at once; of fewer where opening them takes too long."""
    opened: list[tuple[Work, Work]] = []
    begin = time.perf_counter()
    while len(opened) < CONNECTIONS and time.perf_counter() - begin < OPENING:
        opened.append(one.connection())
    for call, _ in opened:
        call()
    for _, close in opened:
        close()
    if len(opened) < CONNECTIONS:
        one.lacks["1000 connections"] = f"opens so slowly that only {len(opened)} were; the figure is for each of them"
    return (time.perf_counter() - begin) / len(opened)
