"""What is shown of gateway monitors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from pygatectl.cli.render import line, print_json, table

if TYPE_CHECKING:
    from pygatectl.failing import Action
    from pygatectl.monitor import MonitorStatus, MonitorStopped


def status(found: MonitorStatus, *, as_json: bool) -> None:
    """One monitor that runs."""
    if as_json:
        print_json(**asdict(found))
    else:
        line(f"{found.name}: monitor of {found.server} runs (pid {found.pid}), clients: {found.clients}")


def statuses(found: Sequence[MonitorStatus], *, as_json: bool) -> None:
    """Monitors in a table."""
    if as_json:
        print_json(monitors=[asdict(one) for one in found])
        return
    headers = ["Name", "Monitor", "PID", "Server", "Clients", "Streams", "Objects"]
    table(headers, [_row(one) for one in found], right=("PID", "Clients", "Streams", "Objects"))
    for one in found:
        if note := one.note or one.failing:
            line(f"{one.name}: {note}")


def _row(one: MonitorStatus) -> list[str]:
    state = "Active" if one.running else "Inactive"
    state = "Unresponsive" if one.note and one.running else "Failing" if one.failing else state
    numbers = (one.clients, one.streams, one.objects)
    return [
        *(one.name, state, str(one.pid or "-"), one.server or "-"),
        *("-" if number is None else str(number) for number in numbers),
    ]


def acted(done: Action, *, as_json: bool) -> None:
    """What was done about a server that failed."""
    if as_json:
        print_json(**asdict(done))
    else:
        line(f"{done.name}: {done.text}")


def stopped(found: MonitorStopped, *, as_json: bool) -> None:
    """A monitor that was stopped, or that there was none."""
    if as_json:
        print_json(**asdict(found))
    elif found.pid is None:
        line(f"{found.name}: no monitor ran")
    else:
        line(f"{found.name}: monitor stopped (pid {found.pid}{', killed' if found.forced else ''})")
