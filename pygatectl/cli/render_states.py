"""How states are shown: once, and as they change."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from pygatectl.cli.render import (
    SCHEMA,
    console,
    error_json,
    grid,
    line,
    no_definitions,
    print_json,
    table,
    tell_errors,
)
from pygatectl.cli.status_view import COLUMNS, PORTAL, Column, View, remark
from pygatectl.errors import PygatectlError
from pygatectl.state import Status

if TYPE_CHECKING:
    from rich.console import RenderableType

ALL = View()

Look = Callable[[], tuple[Sequence[Status], Sequence[PygatectlError]]]
"""A look at all that is watched: states, and the errors of definitions that are not valid."""


def status_json(status: Status) -> dict[str, object]:
    return {"name": status.name, "type": "Python", **asdict(status), "active": status.active}


def _viewed_json(status: Status, view: View) -> dict[str, object]:
    whole = status_json(status)
    return {one.key: whole[one.key] for one in (COLUMNS["name"], *view.columns)} if view.columns else whole


def statuses(
    found: Sequence[Status], errors: Sequence[PygatectlError], view: View = ALL, *, as_json: bool = False
) -> int:
    """The states that the view wants; then the errors of definitions that are not valid, of which one's code is
    returned.
    """
    rows = view.apply(found)
    if as_json:
        print_json(gateways=[_viewed_json(one, view) for one in rows], errors=[error_json(one) for one in errors])
        return tell_errors(errors, as_json)
    if found:
        status_table(rows, view)
    else:
        no_definitions(errors)
    return tell_errors(errors, as_json)


def status_table(found: Sequence[Status], view: View = ALL) -> None:
    """A table; what needs a sentence stands below it on a terminal, and else in a last column."""
    columns, terminal = _columns(view), sys.stdout.isatty()
    if not terminal and not view.columns and any(remark(one) for one in found):
        columns.append(COLUMNS["note"])
    table([one.heading for one in columns], _cells(found, columns, compact=not terminal), _right(columns))
    for text in _remarks(found, view) if terminal else ():
        console().print(text)


def _columns(view: View) -> list[Column]:
    return list(view.columns) or [COLUMNS[key] for key in PORTAL]


def _cells(found: Sequence[Status], columns: Sequence[Column], *, compact: bool) -> list[list[str]]:
    """The texts of all cells; compact ones have no blanks in a time span, so that a row has as many words as cells."""
    rows = [[column.text(one) for column in columns] for one in found]
    if compact:
        for row in rows:
            row[:] = [
                cell.replace(" ", "") if one.key == "uptime" else cell for one, cell in zip(columns, row, strict=True)
            ]
    return rows


def _right(columns: Sequence[Column]) -> list[str]:
    return [one.heading for one in columns if one.right]


def _remarks(found: Sequence[Status], view: View) -> list[str]:
    """What stands below the portal's columns."""
    return [] if view.columns else [f"{one.name}: {text}" for one in found if (text := remark(one))]


def watch(look: Look, view: View, interval: float, *, as_json: bool) -> None:
    """Show the states until interrupted: redrawn in place on a terminal, elsewhere anew at each change."""
    if sys.stdout.isatty() and not as_json:
        _redraw(look, view, interval)
    else:
        _tell_changes(look, view, interval, as_json)


def _looks(look: Look, interval: float) -> Look:
    """Looks that are at least an interval apart; a failing one keeps what was seen before, and tells its error."""
    seen: list[tuple[Sequence[Status], Sequence[PygatectlError]]] = []

    def again() -> tuple[Sequence[Status], Sequence[PygatectlError]]:
        if seen:
            time.sleep(interval)
        try:
            seen[:] = [look()]
        except PygatectlError as error:
            if not seen:
                raise
            return seen[0][0], [error]
        return seen[0]

    return again


def _redraw(look: Look, view: View, interval: float) -> None:
    from rich.live import Live

    terminal, again = console(), _looks(look, interval)
    found, errors = again()
    with Live(_picture(found, errors, view, interval), console=terminal, auto_refresh=False) as live:
        while True:
            live.update(_picture(found, errors, view, interval), refresh=True)
            found, errors = again()


def _picture(found: Sequence[Status], errors: Sequence[PygatectlError], view: View, interval: float) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    rows, columns = view.apply(found), _columns(view)
    now = datetime.now().astimezone().strftime("%H:%M:%S")
    below = [*_remarks(rows, view), *(f"pygatectl: {one}" for one in errors)]
    below.append(f"{len(rows)} of {len(found)} gateways at {now}, every {interval:g} s; Ctrl-C ends")
    shown = grid(
        [one.heading for one in columns], _cells(rows, columns, compact=False), _right(columns), console().width
    )
    return Group(shown, *(Text(one) for one in below))


def _tell_changes(look: Look, view: View, interval: float, as_json: bool) -> None:
    again = _looks(look, interval)
    before: object = None
    while True:
        found, errors = again()
        rows = view.apply(found)
        now = [replace(one, uptime=None) for one in rows], [str(one) for one in errors]
        if now != before:
            if as_json:
                _json_line(rows, errors, view)
            else:
                if before is not None:
                    line("")
                statuses(found, errors, view)
            sys.stdout.flush()
        before = now


def _json_line(rows: Sequence[Status], errors: Sequence[PygatectlError], view: View) -> None:
    shown: dict[str, object] = {"schema": SCHEMA, "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds")}
    shown["gateways"] = [_viewed_json(one, view) for one in rows]
    shown["errors"] = [error_json(one) for one in errors]
    line(json.dumps(shown))


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
