"""How what was recorded is shown: activity and logs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pygatectl.cli.render import SCHEMA, STYLES, console, line, note, number, print_json, table

if TYPE_CHECKING:
    from pygatectl.activity import Entry

ENTRY_WIDTH = 110
"""Columns of a terminal below which an entry takes two lines."""


def activity(entries: Sequence[Entry], *, as_json: bool) -> None:
    if as_json:
        print_json(entries=[asdict(one) for one in entries])
        return
    if not entries:
        note("no activity in this time")
        return
    headers = ("Time", "Type", "Name", "Server", "Port", "Process", "User", "Text")
    if sys.stdout.isatty() and console().width < ENTRY_WIDTH:
        _entry_blocks(entries)
    else:
        table(headers, [_entry_row(one) for one in entries], right=("Port", "Process"))


def _entry_blocks(entries: Sequence[Entry]) -> None:
    """For a narrow terminal: the text of an entry below the rest of it."""
    from rich.padding import Padding
    from rich.text import Text

    terminal = console()
    for one in entries:
        when, type_, name, server, port, process, user, text = _entry_row(one)
        head = Text(f"{when}  ").append(type_, STYLES.get(type_, "")).append(f"  {name}  {server}:{port}")
        terminal.print(head.append(f"  pid {process}  {user}" if process else f"  {user}"))
        terminal.print(Padding(Text(text), (0, 0, 0, 4)))


def _entry_row(entry: Entry) -> tuple[str, ...]:
    when = entry.when.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    process = number(entry.process)
    return (
        when,
        entry.type,
        entry.name,
        entry.server,
        str(entry.port),
        process,
        entry.user,
        " ".join(entry.text.split()) + (f" ({entry.old} -> {entry.new})" if entry.old else ""),
    )


def activity_lines(entries: Sequence[Entry], *, as_json: bool) -> None:
    """Entries as they come, one a line, visible at once."""
    for one in entries:
        if as_json:
            line(json.dumps({"schema": SCHEMA, **asdict(one)}))
        else:
            line("  ".join(cell for cell in _entry_row(one) if cell))
    sys.stdout.flush()


def log(path: Path, text: str, *, as_json: bool) -> None:
    if as_json:
        print_json(file=str(path), lines=text.splitlines())
        return
    sys.stdout.write(text)
    sys.stdout.flush()
