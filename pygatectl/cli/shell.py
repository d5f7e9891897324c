"""An interactive Python with a gateway connected."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from pygatectl.cli.options import Name, registry_of
from pygatectl.connect import open_gateway

Command = Annotated[
    str | None, typer.Option("--command", "-c", metavar="CODE", help="Run this code in place of a session.")
]


def shell(context: typer.Context, name: Name, command: Command = None) -> int:
    """Open a Python session with the gateway connected as `gateway`; Tab completes proxies.

    What objects print is shown. After a restart of the server the session connects anew. Without a
    terminal the program is read from standard input; an error in it, or in CODE, is exit code 1.

    \b
    pygatectl shell lab
    pygatectl shell lab -c 'print(gateway.new("collections.Counter", "banana").most_common(1))'
    """
    with open_gateway(name, registry_of(context), output=True, reconnect=True) as gateway:
        names = {"__name__": "__console__", "__doc__": None, "gateway": gateway}
        try:
            if command is None and sys.stdin.isatty():
                return _converse(name, names)
            return _run(sys.stdin.read() if command is None else command, names)
        except SystemExit as ending:  # the session's own exit()
            return _exit_code(ending)


def _run(text: str, names: dict[str, Any]) -> int:
    """Run a program as Python itself would: an error's traceback on standard error, and exit code 1."""
    try:
        exec(compile(text, "<program>", "exec"), names)  # noqa: S102 - it is what the person asked for
    except Exception as error:  # noqa: BLE001 - it is the program's own, whatever it is
        import traceback

        whole = error.__traceback__
        traceback.print_exception(type(error), error, whole and whole.tb_next)  # from the program's own lines on
        return 1
    return 0


def _converse(name: str, names: dict[str, Any]) -> int:
    """Read and run what a person types, until the end of the input."""
    import code
    from importlib.util import find_spec

    if sys.platform != "win32" and find_spec("readline"):
        import readline
        import rlcompleter

        readline.set_completer(rlcompleter.Completer(names).complete)
        readline.parse_and_bind("tab: complete")
    gateway = names["gateway"]
    here, there = sys.version.split()[0], gateway.server["python"]
    banner = f"Python {here} here, {there} at {gateway.host}:{gateway.port}; {name} is connected as `gateway`."
    code.interact(f"{banner}\nLeave with exit() or Ctrl-D.", local=names, exitmsg="")
    return 0


def _exit_code(ending: SystemExit) -> int:
    """As Python has it: a text is told, and is exit code 1."""
    if ending.code is None or isinstance(ending.code, int):
        return ending.code or 0
    sys.stderr.write(f"{ending.code}\n")
    return 1
