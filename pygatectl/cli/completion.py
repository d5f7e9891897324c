"""Completion: print or install the script of a shell."""

from __future__ import annotations

from typing import Annotated

import typer

from pygatectl.cli import render
from pygatectl.cli.completion_scripts import SCRIPTS
from pygatectl.cli.options import DryRun, Json
from pygatectl.errors import InvalidValue, Refused

Action = Annotated[str, typer.Argument(metavar="install|show", help="What to do.")]
Shell = Annotated[
    str | None, typer.Argument(metavar="bash|zsh|fish|powershell", help="The shell. [default: that of SHELL]")
]


def completion(action: Action, shell: Shell = None, dry_run: DryRun = False, json: Json = False) -> None:
    """Install what makes Tab complete commands, options, names and states in a shell; or show it.

    The file goes where the shell looks for it; where the shell must be told to look, the line for its
    start-up file is printed, and the file itself left to you.

    \b
    pygatectl completion install
    pygatectl completion show zsh > ~/.zfunc/_pygatectl
    """
    from pygatectl.cli.completable import program
    from pygatectl.completion_files import install, plan, shell_of

    if action not in ("install", "show"):
        raise InvalidValue("action", action, "it must be 'install' or 'show'")
    chosen = shell or shell_of()
    if chosen not in SCRIPTS:
        raise Refused(f"there is no completion for {chosen or 'an unknown shell'}; name one of {', '.join(SCRIPTS)}")
    script = SCRIPTS[chosen](program())
    if action == "show":
        render.completion_script(chosen, script, as_json=json)
        return
    place = plan(chosen)
    if not dry_run:
        install(place, script)
    render.completion_installed(place, dry_run=dry_run, as_json=json)
