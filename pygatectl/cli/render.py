"""What a person or a script reads: rich tables on a terminal, plain lines elsewhere, and JSON.

All of rich and all JSON stand in the modules whose names begin with render.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pygatectl.definition import Definition
from pygatectl.errors import PygatectlError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from pygatectl.completion_files import Place
    from pygatectl.many import Outcome
    from pygatectl.rehearsal import Intent
    from pygatectl.stubs import Stub

SCHEMA = "pygatectl/1"
"""Columns of a terminal below which the table of the activity is not readable."""
WRAPPED = {"Name", "Text", "Server", "Tags", "Description", "Python", "Note", "Pending"}
"""The headings of columns whose cells may take several lines of a terminal."""
STYLES = {
    "Active": "green",
    "Inactive": "dim",
    "Starting": "yellow",
    "Stopping": "yellow",
    "Failed": "bold red",
    "Unresponsive": "bold red",
    "Foreign": "magenta",
    "Error": "bold red",
    "Warning": "yellow",
    "Debug": "dim",
}


def line(text: str) -> None:
    """One line on standard output, as it is."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """One line on standard error."""
    sys.stdout.flush()
    sys.stderr.write(f"pygatectl: {text}\n")


def print_json(**content: object) -> None:
    line(json.dumps({"schema": SCHEMA, **content}, indent=2, ensure_ascii=not is_unicode(sys.stdout)))


def is_unicode(stream: Any) -> bool:
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "") == "utf8"


# Errors


def render_error(error: BaseException, *, as_json: bool) -> int:
    """Tell an error, of this program, of the command line's parser or of the system; return the exit code."""
    code = int(getattr(error, "exit_code", 1))
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    details = error.details if isinstance(error, PygatectlError) else ()
    if as_json:
        sys.stderr.write(json.dumps({"schema": SCHEMA, "error": error_json(error)}, indent=2) + "\n")
        return code
    command = getattr(getattr(error, "ctx", None), "command_path", None)
    note(message + (f" ({command} --help tells more)" if command else ""))
    for label, text in details:
        _detail(label, text)
    return code


def error_json(error: BaseException) -> dict[str, object]:
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    found: dict[str, object] = {
        "code": int(getattr(error, "exit_code", 1)),
        "type": type(error).__name__,
        "message": message,
    }
    if isinstance(error, PygatectlError) and error.details:
        found["details"] = dict(error.details)
    return found


def _detail(label: str, text: str) -> None:
    if "\n" in text:
        text = "".join(f"\n    {one}" for one in text.splitlines())
    sys.stderr.write(f"  {label}: {text}\n")


def warn(warnings: Sequence[str]) -> None:
    for one in warnings:
        note(f"warning: {one}")


def no_definitions(errors: Sequence[PygatectlError]) -> None:
    if not errors:
        note("there are no definitions yet; pygatectl create NAME --port auto makes one")


def tell_errors(errors: Sequence[PygatectlError], as_json: bool) -> int:
    if not as_json:
        for one in errors:
            note(str(one))
    return max((one.exit_code for one in errors), default=0)


# Tables


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()) -> None:
    """A rich table on a terminal; elsewhere plain, one row a line, however wide, and "-" for what is not known."""
    if sys.stdout.isatty():
        terminal = console()
        terminal.print(grid(headers, rows, right, terminal.width))
        return
    rows = [[cell or "-" for cell in row] for row in rows]
    columns = list(zip(headers, *rows, strict=True))
    filled = [_filled(column, header in right) for header, column in zip(headers, columns, strict=True)]
    for row in zip(*filled, strict=True):
        line("  ".join(row).rstrip())


def _filled(column: Sequence[str], right: bool) -> list[str]:
    """The cells of a column, all as wide as the widest."""
    if all(cell.isascii() for cell in column):
        width = max(map(len, column))
        return [cell.rjust(width) if right else cell.ljust(width) for cell in column]
    widest = max(_width(cell) for cell in column)
    spaces = [" " * (widest - _width(cell)) for cell in column]
    return [space + cell if right else cell + space for cell, space in zip(column, spaces, strict=True)]


def grid(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str], width: int) -> Table:
    """The rich table for a terminal of this width."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    roomy = sum(_widths(headers, rows)) + 2 * len(headers) <= width
    made = Table(box=SIMPLE_HEAD, padding=(0, int(roomy), 0, 0), pad_edge=False, show_edge=False)
    for header in headers:
        made.add_column(
            header,
            justify="right" if header in right else "left",
            overflow="fold",
            no_wrap=header not in WRAPPED,
        )
    for row in rows:
        made.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    return made


def console() -> Console:
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def _widths(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(_width(one) for one in column) for column in zip(headers, *rows, strict=True)]


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def number(value: int | None) -> str:
    return "" if value is None else str(value)


# Starts and stops


class Progress:
    """What is being done to many servers: one live line on a terminal, elsewhere a line at each end."""

    def __init__(self, done: str, *, as_json: bool, verbose: bool = False) -> None:
        self._word = done
        self._json = as_json
        self._verbose = verbose
        self._live = sys.stdout.isatty() and not as_json
        self._status: Any = None
        self._steps: dict[str, str] = {}

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clear()

    def step(self, name: str, text: str) -> None:
        if self._live and self._steps.get(name) != text:
            self._steps[name] = text
            self._show()

    def done(self, outcome: Outcome[Any]) -> None:
        self._steps.pop(outcome.name, None)
        if self._json:
            return
        self._clear()
        if outcome.error:
            render_error(outcome.error, as_json=False)
        else:
            line(_result_line(outcome.name, self._word, outcome.result))
            if self._verbose:
                _verbose(outcome.result)
        sys.stdout.flush()
        if self._live and self._steps:
            self._show()

    def _show(self) -> None:
        terminal = console()
        shown = "   ".join(f"{name}: {text}" for name, text in self._steps.items())
        if len(shown) > terminal.width - 4:
            shown = shown[: terminal.width - 5] + "…"
        if self._status is None:
            self._status = terminal.status(shown, spinner="dots")
            self._status.start()
        self._status.update(shown)

    def _clear(self) -> None:
        """Take the live line away. It is made anew below what is printed next: rich would draw over that."""
        if self._status is not None:
            self._status.stop()
            self._status = None


def _result_line(name: str, word: str, result: Any) -> str:
    if word == "started":
        where = f"pid {result.pid}, {result.server}, Python {result.python}"
        return f"{name} started: {where}, ready in {result.seconds:.2f} s"
    if word == "stopped":
        if result.pid is None:
            return f"{name} was not active"
        how = "killed" if result.forced else "stopped"
        return f"{name} {how}: pid {result.pid}, in {result.seconds:.2f} s"
    return f"{name} {word}"


def _verbose(result: Any) -> None:
    line(f"  command: {result.command}")
    line(f"  output: {result.output}")


def outcomes(action: str, found: Sequence[Outcome[Any]], *, as_json: bool) -> int:
    """The results as JSON (as text they have been told as they came); return the highest of their exit
    codes.
    """
    if as_json:
        results = []
        for one in found:
            result: dict[str, object] = {
                "name": one.name,
                "ok": one.error is None,
                "exit_code": one.exit_code,
            }
            if one.error:
                result["error"] = error_json(one.error)
            elif is_dataclass(one.result) and not isinstance(one.result, (type, Definition)):
                result.update(asdict(one.result))
            results.append(result)
        print_json(action=action, results=results)
    return max((one.exit_code for one in found), default=0)


def rehearsed(action: str, names: Sequence[str], rehearse: Callable[[str], Intent], *, as_json: bool) -> int:
    """What would be done to each of these, and what would stand in the way; return the highest of the exit codes."""
    from pygatectl.many import each

    def tell(outcome: Outcome[Intent]) -> None:
        if as_json:
            return
        if outcome.error:
            render_error(outcome.error, as_json=False)
        elif outcome.result:
            line(f"{outcome.name} {outcome.result.text}")

    return outcomes(action, each(names, lambda name, _: rehearse(name), lambda *_: None, tell), as_json=as_json)


def intent(found: Intent, *, as_json: bool) -> None:
    """What would be done to one gateway."""
    if as_json:
        print_json(name=found.name, text=found.text, dry_run=True)
    else:
        line(f"{found.name} {found.text}")


# Records


# Stubs


def stubs(made: Sequence[Stub], paths: Sequence[Path] | None, *, dry_run: bool, as_json: bool) -> None:
    """The files that were written; without any, the stubs themselves."""
    if as_json:
        texts = [{"path": str(path)} for path in paths] if paths else [{"text": stub.text} for stub in made]
        print_json(
            stubs=[{"module": stub.module, **text} for stub, text in zip(made, texts, strict=True)], dry_run=dry_run
        )
    elif paths is None:
        line("\n".join(stub.text for stub in made).rstrip("\n"))
    for path in paths or () if not as_json else ():
        line(f"{'would write' if dry_run else 'wrote'} {path}")


# Completion


def completion_script(shell: str, script: str, *, as_json: bool) -> None:
    if as_json:
        print_json(shell=shell, script=script)
    else:
        sys.stdout.write(script)


def completion_installed(place: Place, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        shown = {"start_up_line": place.advice} if place.advice else {}
        print_json(shell=place.shell, path=str(place.path), dry_run=dry_run, **shown)
        return
    line(f"{'would write' if dry_run else 'wrote'} {place.path}")
    if place.advice:
        line(f"add this line to {place.start_up}, if it is not there yet:\n  {place.advice}")
