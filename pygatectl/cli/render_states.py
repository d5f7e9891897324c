"""How states are shown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from pygatectl.cli.render import console, error_json, line, no_definitions, number, print_json, table, tell_errors

if TYPE_CHECKING:
    from pygatectl.errors import PygatectlError
    from pygatectl.state import Status


def status_json(status: Status) -> dict[str, object]:
    return {"name": status.name, "type": "Python", **asdict(status), "active": status.active}


def statuses(found: Sequence[Status], errors: Sequence[PygatectlError], *, as_json: bool) -> int:
    """The portal's columns and what a person wants beside them; below, on a terminal, what needs a
    sentence.
    """
    if as_json:
        print_json(gateways=[status_json(one) for one in found], errors=[error_json(one) for one in errors])
        return tell_errors(errors, as_json)
    if found:
        status_table(found)
    else:
        no_definitions(errors)
    return tell_errors(errors, as_json)


def status_table(found: Sequence[Status]) -> None:
    headers = ["Name", "Type", "Server", "Port", "State", "PID", "Uptime", "Conns", "Objects"]
    rows = [
        [
            *(one.name, "Python", one.host, str(one.port), one.state),
            *(number(one.pid), uptime(one.uptime), number(one.connections), number(one.objects)),
        ]
        for one in found
    ]
    remarks = [_remark(one) for one in found]
    terminal = sys.stdout.isatty()
    if any(remarks) and not terminal:
        headers.append("Note")
        rows = [[*row, " ".join(remark.split())] for row, remark in zip(rows, remarks, strict=True)]
    table(headers, rows, right=("Port", "PID", "Uptime", "Conns", "Objects"))
    if terminal:
        for one, remark in zip(found, remarks, strict=True):
            if remark:
                console().print(f"{one.name}: {remark}")


def _remark(status: Status) -> str:
    if status.pending:
        fields = ", ".join(status.pending)
        return f"edited since its start ({fields}); pygatectl restart {status.name} applies it"
    return status.note


def uptime(seconds: float | None) -> str:
    """A time span in its two largest units."""
    if seconds is None:
        return ""
    left = int(seconds)
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count or parts:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"


def state_word(status: Status, *, as_json: bool) -> None:
    if as_json:
        print_json(**status_json(status))
        return
    line(status.state)


def round_trip(name: str, seconds: float, *, as_json: bool) -> None:
    if as_json:
        print_json(name=name, milliseconds=round(seconds * 1000, 3))
    else:
        line(f"{name} answered in {seconds * 1000:.2f} ms")
