"""The completion scripts, each in its shell's own idiom, made from the program.

Commands, options and fixed values stand in the script, so that most Tabs start no process; definition names and
class names come from `pygatectl __complete`.
"""

from __future__ import annotations

from collections.abc import Callable

from pygatectl.cli.completable import Command
from pygatectl.cli.completion_bash import bash
from pygatectl.cli.completion_fish import fish
from pygatectl.cli.completion_powershell import powershell
from pygatectl.cli.completion_zsh import zsh

SCRIPTS: dict[str, Callable[[Command], str]] = {"bash": bash, "zsh": zsh, "fish": fish, "powershell": powershell}
"""The maker of each shell's script."""

FILES_BY_SHELL = {
    "bash": "pygatectl.bash",
    "zsh": "_pygatectl",
    "fish": "pygatectl.fish",
    "powershell": "pygatectl.ps1",
}
"""The name of each script in the folder `completions` of the sources."""
