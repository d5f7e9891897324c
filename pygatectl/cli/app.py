"""The program: its commands, loaded one at a time, its global options, and the one place that catches errors.

Building a command's parser costs milliseconds and importing its library more, so only the one that is called
is loaded; `--help` and completion load all.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup, TyperOption

from pygatectl.errors import PygatectlError

INTERRUPTED = 130

COMMANDS = {
    "create": "definitions",
    "edit": "definitions",
    "clone": "definitions",
    "delete": "definitions",
    "export": "exchange",
    "import": "exchange",
    "list": "definitions",
    "show": "definitions",
    "start": "servers",
    "stop": "servers",
    "restart": "servers",
    "status": "states",
    "is-active": "states",
    "wait": "states",
    "ping": "states",
    "top": "live",
    "threads": "live",
    "objects": "live",
    "stats": "live",
    "activity": "records",
    "doctor": "doctoring",
    "logs": "records",
    "stubs": "stubs",
    "shell": "shell",
    "passphrase": "passphrases",
    "completion": "completion",
    "call": "calls",
    "object": "calls",
    "monitor": "monitors",
    "demo": "demo",
    "help": "help",
}
"""Each command and the module of this package that has its function, with `-` as `_` (`list` is `list_`)."""

# Newer Typers carry click's classes themselves, older ones import click: both name a subclass of this one.
UsageError: Any = typer.BadParameter.__mro__[1]


class CommandTable(Mapping[str, Any]):
    """The commands by name, each built when it is asked for."""

    def __init__(self) -> None:
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            module = import_module(f"pygatectl.cli.{COMMANDS[name]}")
            attribute = name.replace("-", "_")
            function = getattr(module, attribute, None) or getattr(module, attribute + "_")
            self._built[name] = build_command(name, function)
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Program(TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        table: Any = CommandTable()
        self.commands = table


CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def build_command(name: str, function: Callable[..., Any] | typer.Typer) -> Any:
    """The command that calls this function, or the group of commands that this is."""
    if isinstance(function, typer.Typer):
        group: Any = typer.main.get_command(function)
        group.name = name
        for command in group.commands.values():
            command.context_settings.update(CONTEXT)
            _accept_registry(command)
        return group
    single = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=CONTEXT)
    single.command(name)(function)
    only: Any = typer.main.get_command(single)
    _accept_registry(only)
    return only


def _accept_registry(command: Any) -> None:
    """Let a command understand the global option, too."""
    # The global option is also understood behind the command, where people write it too.
    command.params.append(
        TyperOption(
            param_decls=["--registry"],
            metavar="PATH",
            help="The registry file, as before the command.",
            expose_value=False,
            callback=_set_registry,
        )
    )


def _set_registry(context: Any, _: Any, value: str | None) -> None:
    if value is not None:
        context.find_root().obj = value


def _version(value: bool) -> None:
    if value:
        from pygateway import __version__

        typer.echo(f"pygatectl {__version__}")
        raise typer.Exit


def program(
    context: typer.Context,
    registry: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="The registry file. [env: PYGATECTL_REGISTRY; default: the user's own]"),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback acts
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Define, run and use Python gateways: warm Python servers, under any interpreter.

    \b
    pygatectl create lab --port auto --python /opt/py38/bin/python
    pygatectl start lab
    pygatectl status

    Exit codes: 0 done or active, 1 failed, 2 wrong usage or value, 3 not active, 4 no such gateway, 5
    conflict, 6 did not become ready, 7 did not stop. State is kept in PYGATECTL_STATE_DIR, or the user's
    state directory.
    """
    context.obj = registry


def whole_program() -> Any:
    """The program as the parser's own object, from which completions and the manual are made."""
    app = typer.Typer(
        cls=Program,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=CONTEXT,
    )
    app.callback()(program)
    return typer.main.get_command(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with these arguments, or the process's own; return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _write_what_can_be_written()
    try:
        code = whole_program().main(given or ["--help"], prog_name="pygatectl", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_quietly()
        return 1
    except (PygatectlError, UsageError, OSError) as error:
        from pygatectl.cli.render import render_error

        return render_error(error, as_json="--json" in given)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:
        from pygateway import GatewayError

        if not isinstance(error, GatewayError):
            raise  # a mistake in this program: its traceback is what its makers need
        from pygatectl.cli.render import render_error

        return render_error(error, as_json="--json" in given)
    except SystemExit as ending:  # Typer's own, when the reader of a pipe has gone
        code = ending.code
        _close_quietly()
    if code == INTERRUPTED:
        sys.stderr.write("pygatectl: interrupted\n")
    _tell_unrecorded()
    return code if isinstance(code, int) else 0


def _tell_unrecorded() -> None:
    """Warn of activity that could not be recorded; the commands that did it succeeded all the same."""
    activity = sys.modules.get("pygatectl.activity")  # not imported by commands that record nothing
    if activity is not None and activity.unrecorded:
        from pygatectl.cli.render import warn

        warn(activity.unrecorded)
        activity.unrecorded.clear()


def _write_what_can_be_written() -> None:
    """Write what a terminal's encoding lacks as its escape, in place of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _close_quietly() -> None:
    """The reader of standard output has gone: let the interpreter's last flush go nowhere."""
    import os

    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
