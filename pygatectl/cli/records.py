"""What was recorded: activity, logs."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timedelta, timezone
from typing import Annotated

import typer

from pygatectl import logs as log_files
from pygatectl.activity import TYPES, Journal, Wanted
from pygatectl.cli import render_records
from pygatectl.cli.options import Json, Name, Names, registry_of
from pygatectl.errors import InvalidValue, Refused

Follow = Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is added, until interrupted.")]

Since = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="From when on: 90s, 15m, 2h or 3d ago, or a time: 2026-11-25T14:30."),
]

LINES = 50
"""Lines that are shown where nothing is said."""
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def activity(
    context: typer.Context,
    names: Names = None,
    since: Since = None,
    types: Annotated[
        list[str] | None, typer.Option("--type", metavar="TYPE", help="Debug, Info, Warning or Error. Repeat.")
    ] = None,
    follow: Follow = False,
    json: Json = False,
) -> None:
    """Show what happened, of all gateways, or those named, deleted ones too: starts, stops, failures, restarts, edits,
    and connections that servers refused. The last seven days are kept.

    With --follow and --json, one JSON object a line.

    \b
    pygatectl activity lab --since 2h
    pygatectl activity --type warning --type error --since 2026-11-24
    pygatectl activity --follow
    """
    registry = registry_of(context)
    journal = Journal(registry.paths)
    wanted = Wanted(tuple(names) if names else None, _types(types), moment(since))
    if follow:
        for entry in journal.follow(wanted):
            render_records.activity_lines([entry], as_json=json)
    render_records.activity(journal.read(wanted), as_json=json)


def _types(given: list[str] | None) -> tuple[str, ...] | None:
    """The types that were named, in any case."""
    if not given:
        return None
    known = {one.casefold(): one for one in TYPES}
    for one in given:
        if one.casefold() not in known:
            raise InvalidValue("--type", one, f"it must be one of {', '.join(TYPES)}")
    return tuple(known[one.casefold()] for one in given)


def logs(
    context: typer.Context,
    name: Name,
    lines: Annotated[
        int | None,
        typer.Option(
            "--lines", "-n", metavar="N", min=0, help="How many of the last lines. [default: 50; all with --since]"
        ),
    ] = None,
    since: Since = None,
    log_file: Annotated[
        bool,
        typer.Option("--log-file", help="The definition's log file, in place of the server's own output."),
    ] = False,
    follow: Follow = False,
    json: Json = False,
) -> None:
    """Show what a gateway's server printed, or with --log-file what it logged.

    With --since, from the last time on that stands in front of it: the log has one in each line, the output some.

    \b
    pygatectl logs lab --lines 100
    pygatectl logs lab --since 10m
    pygatectl logs lab --log-file --follow
    """
    from pathlib import Path

    registry = registry_of(context)
    definition = registry.find(name).definition
    path = registry.paths.output(definition.name)
    if log_file:
        if definition.log_file is None:
            raise Refused(f"gateway {name!r} has no log file; pygatectl edit {name} --log-file PATH gives it one")
        path = Path(definition.log_file)
    if follow and json:
        raise typer.BadParameter("--follow and --json exclude each other here")
    most = lines if lines is not None else sys.maxsize if since else LINES
    text, position = log_files.tail(path, most, moment(since))
    render_records.log(path, text, as_json=json)
    if follow:
        for more in log_files.follow(path, position):
            render_records.log(path, more, as_json=False)


def moment(text: str | None) -> datetime | None:
    """The moment that a text names: a time span before now, such as 2h, or a date, with a time or without."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,6})([smhdw])", text)
    if match is not None:
        return datetime.now(timezone.utc) - timedelta(**{UNITS[match[2]]: int(match[1])})
    try:
        return datetime.fromisoformat(text).astimezone(timezone.utc)  # without a zone it is local time
    except (ValueError, OverflowError):
        rule = "it must be a time span (90s, 15m, 2h, 3d, 1w), or a date or time, such as 2026-11-25T14:30"
        raise InvalidValue("--since", text, rule) from None
