"""How servers are shown from within: once, live, and for programs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from pygatectl.cli.render import SCHEMA, console, grid, is_unicode, line, note, print_json, table
from pygatectl.cli.status_view import uptime
from pygatectl.stats import Held, Running, Sample, Statistics, percentile

if TYPE_CHECKING:
    from rich.console import RenderableType

SORTABLE = ("calls", "p50", "p99", "connections", "objects", "threads", "memory", "cpu")
HEADERS = ("Name", "Calls/s", "p50", "p99", "Conns", "Objects", "Threads", "Memory", "CPU", "Calls")
BARS, ASCII_BARS = "▁▂▃▄▅▆▇█", "_.:-=+*#"
WIDE, NARROW = 30, 8
"""Columns of the history of calls on a terminal of 100 columns and more, and on another."""


def ordered(found: Sequence[Sample], column: str) -> list[Sample]:
    """By name, or the largest first; what is not known comes last."""
    if column == "name":
        return sorted(found, key=lambda one: one.name)
    return sorted(found, key=lambda one: (getattr(one, column) is None, -(getattr(one, column) or 0), one.name))


def samples(found: Sequence[Sample], *, as_json: bool) -> None:
    if as_json:
        print_json(servers=[asdict(one) for one in found])
        return
    if not found:
        note("no server runs; pygatectl status shows why")
        return
    table(HEADERS[:-1], [_cells(one)[:-1] for one in found], right=HEADERS[1:])
    for one in found:
        if one.error:
            note(one.error)


def watch(look: Callable[[], list[Sample]], interval: float, *, as_json: bool) -> None:
    """Show them until interrupted: redrawn in place on a terminal, else a table or a line of JSON at each look."""
    if sys.stdout.isatty() and not as_json:
        from rich.live import Live

        with Live(_picture(look(), interval), console=console(), auto_refresh=False) as live:
            while True:
                time.sleep(interval)
                live.update(_picture(look(), interval), refresh=True)
    while True:
        found = look()
        if as_json:
            line(json.dumps({"schema": SCHEMA, "servers": [asdict(one) for one in found]}))
        else:
            samples(found, as_json=False)
        sys.stdout.flush()
        time.sleep(interval)


def _picture(found: Sequence[Sample], interval: float) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    width = console().width
    bars = BARS if is_unicode(sys.stdout) else ASCII_BARS
    rows = [_cells(one, bars, WIDE if width >= 100 else NARROW) for one in found]
    now = datetime.now().astimezone().strftime("%H:%M:%S")
    below = [one.error for one in found if one.error]
    below.append(f"{len(found)} servers at {now}, every {interval:g} s; Ctrl-C ends")
    return Group(grid(HEADERS, rows, HEADERS[1:-1], width), *(Text(one) for one in below))


def _cells(one: Sample, bars: str = BARS, width: int = NARROW) -> list[str]:
    if one.error is not None:
        return [one.name, *("-" for _ in HEADERS[1:])]
    return [
        one.name,
        _count(one.calls),
        duration(one.p50),
        duration(one.p99),
        *(str(number) for number in (one.connections, one.objects, one.threads)),
        size(one.memory or 0),
        f"{(one.cpu or 0) * 100:.0f}%",
        sparkline(one.history[-width:], bars),
    ]


def _count(number: float | None) -> str:
    return "-" if number is None else f"{number:.0f}" if number >= 10 else f"{number:.1f}"


def duration(seconds: float | None) -> str:
    """A short time, such as 16us, 2ms or 1.0s."""
    if seconds is None:
        return "-"
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f}us"
    return f"{seconds * 1e3:.0f}ms" if seconds < 1 else f"{seconds:.1f}s"


def size(count: int) -> str:
    """Bytes, such as 21M."""
    for unit in ("K", "M", "G"):
        count_in_unit = count / (1 << (10 * ("KMG".index(unit) + 1)))
        if count_in_unit < 1000:
            break
    return f"{count_in_unit:.0f}{unit}" if count_in_unit >= 10 else f"{count_in_unit:.1f}{unit}"


def sparkline(history: Sequence[float], bars: str) -> str:
    """One bar for each number, the highest for the largest of them."""
    most = max(history, default=0.0)
    if not most:
        return bars[0] * len(history)
    return "".join(bars[round(number / most * (len(bars) - 1))] for number in history)


def threads(name: str, found: Sequence[Running], total: int, *, as_json: bool) -> None:
    if as_json:
        print_json(name=name, total=total, threads=[asdict(one) for one in found])
        return
    if not found:
        note(f"no object of {name} has a thread")
        return
    rows = [
        [one.runs or "(idle)", uptime(one.seconds), "host" if one.waits_for_host else "-", str(one.objects), one.peer]
        for one in found
    ]
    table(["Runs", "Since", "Waits for", "Objects", "Host"], rows, right=("Since", "Objects"))
    _tell_rest(len(found), total)


def objects(name: str, found: Sequence[Held], total: int, *, as_json: bool) -> None:
    if as_json:
        told = [{"number": one.number, "class": one.of, **_holder(one)} for one in found]
        print_json(name=name, total=total, objects=told)
        return
    if not found:
        note(f"no object of {name} is held")
        return
    rows = [[str(one.number), one.of, uptime(one.seconds), str(one.connection), one.peer] for one in found]
    table(["Number", "Class", "Held", "Connection", "Host"], rows, right=("Number", "Held", "Connection"))
    _tell_rest(len(found), total)


def _holder(one: Held) -> dict[str, object]:
    return {"seconds": one.seconds, "connection": one.connection, "peer": one.peer}


def _tell_rest(shown: int, total: int) -> None:
    if shown < total:
        note(f"{shown} of {total} are shown")


def stats(found: Sequence[Statistics], *, as_json: bool) -> None:
    if as_json:
        servers = []
        for one in found:
            told = asdict(one)
            del told["at"]
            servers.append({**told, "p50": percentile(one.timed, 0.5), "p99": percentile(one.timed, 0.99)})
        print_json(servers=servers)
        return
    for name, kind, meaning, value in METRICS:
        _metric(name, kind, meaning, [(one.name, value(one)) for one in found])
    _histogram(found)


METRICS: tuple[tuple[str, str, str, Callable[[Statistics], float]], ...] = (
    ("uptime_seconds", "gauge", "Seconds since the server started.", lambda one: one.uptime),
    ("calls_total", "counter", "Calls that were run.", lambda one: one.calls),
    ("connections", "gauge", "Gateway connections.", lambda one: one.connections),
    ("objects", "gauge", "Objects that hosts hold.", lambda one: one.objects),
    ("threads", "gauge", "Threads of the server.", lambda one: one.threads),
    ("memory_bytes", "gauge", "Resident memory.", lambda one: one.memory),
    ("cpu_seconds_total", "counter", "Processor time.", lambda one: one.cpu_seconds),
)


def _metric(name: str, kind: str, meaning: str, values: Sequence[tuple[str, float]]) -> None:
    line(f"# HELP pygateway_{name} {meaning}")
    line(f"# TYPE pygateway_{name} {kind}")
    for gateway, value in values:
        line(f'pygateway_{name}{{gateway="{_escaped(gateway)}"}} {value}')


def _histogram(found: Sequence[Statistics]) -> None:
    name = "pygateway_call_duration_seconds"
    line(f"# HELP {name} How long calls took in the server; of one call in {found[0].sampled if found else 16}.")
    line(f"# TYPE {name} histogram")
    for one in found:
        gateway, seen = _escaped(one.name), 0
        for number, count in enumerate(one.timed):
            seen += count
            line(f'{name}_bucket{{gateway="{gateway}",le="{2**number / 1e6}"}} {seen}')
        line(f'{name}_bucket{{gateway="{gateway}",le="+Inf"}} {seen}')
        line(f'{name}_sum{{gateway="{gateway}"}} {one.timed_seconds}')
        line(f'{name}_count{{gateway="{gateway}"}} {seen}')


def _escaped(text: str) -> str:
    """A label's value, as the text format wants it."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
