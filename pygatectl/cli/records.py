"""What was recorded: activity, logs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

import typer

from pygatectl import logs as log_files
from pygatectl.activity import KEPT, Journal
from pygatectl.cli import render
from pygatectl.cli.options import Json, Name, Names, registry_of
from pygatectl.errors import InvalidValue, Refused

Follow = Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is added, until interrupted.")]

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def activity(
    context: typer.Context,
    names: Names = None,
    since: Annotated[
        str, typer.Option(metavar="TIME", help="How far back, as 90s, 15m, 2h, 3d. Seven days are kept.")
    ] = "7d",
    follow: Follow = False,
    json: Json = False,
) -> None:
    """Show what happened: starts, stops, failures, edits; of all gateways, or those named, deleted ones too.

    With --follow and --json, one JSON object a line.

    \b
    pygatectl activity lab --since 2h
    pygatectl activity --follow
    """
    registry = registry_of(context)
    journal = Journal(registry.paths)
    if follow:
        render.activity_lines(journal.read(names or None, duration(since)), as_json=json)
        for entry in journal.follow(names or None):
            render.activity_lines([entry], as_json=json)
    render.activity(journal.read(names or None, duration(since)), as_json=json)


def logs(
    context: typer.Context,
    name: Name,
    lines: Annotated[int, typer.Option("--lines", "-n", metavar="N", min=0, help="How many of the last lines.")] = 50,
    log_file: Annotated[
        bool,
        typer.Option("--log-file", help="The definition's log file, in place of the server's own output."),
    ] = False,
    follow: Follow = False,
    json: Json = False,
) -> None:
    """Show what a gateway's server printed, or with --log-file what it logged.

    \b
    pygatectl logs lab --lines 100
    pygatectl logs lab --log-file --follow
    """
    from pathlib import Path

    registry = registry_of(context)
    definition = registry.get(name)
    path = registry.paths.output(definition.name)
    if log_file:
        if definition.log_file is None:
            raise Refused(f"gateway {name!r} has no log file; pygatectl edit {name} --log-file PATH gives it one")
        path = Path(definition.log_file)
    if follow and json:
        raise typer.BadParameter("--follow and --json exclude each other here")
    text, position = log_files.tail(path, lines)
    render.log(path, text, as_json=json)
    if follow:
        for more in log_files.follow(path, position):
            render.log(path, more, as_json=False)


def duration(text: str) -> timedelta:
    """A time span such as 90s, 15m, 2h, 3d."""
    match = re.fullmatch(r"(\d{1,6})([smhdw])", text)
    if match is None:
        raise InvalidValue("--since", text, "it must be a number and a unit: 90s, 15m, 2h, 3d, 1w")
    return min(timedelta(**{UNITS[match[2]]: int(match[1])}), KEPT)
