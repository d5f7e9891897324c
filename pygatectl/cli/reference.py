"""`python -m pygatectl.cli.reference` prints docs/commands.md: what the program says of itself.

With a folder as its argument it writes the completion scripts there.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from pygatectl.cli.app import COMMANDS, CommandTable, main

WIDTH = "90"
"""Columns of the page, as the environment variable COLUMNS has them."""

HEAD = """\
# Commands

Made by `make docs` from the program's own `--help`. Global options stand before or behind the command.

| exit code | meaning |
|---|---|
| 0 | done; active |
| 1 | failed |
| 2 | wrong usage or value |
| 3 | not active |
| 4 | no such gateway |
| 5 | conflict: a name or port is taken, a server runs already, or runs while it must not |
| 6 | did not become ready |
| 7 | did not stop |
| 130 | interrupted |

With `--json`, results are one JSON object on standard output and errors one on standard error, both with
`"schema": "pygatectl/1"`. Without a terminal, tables have one line a row, unwrapped and uncoloured.
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [HEAD]
    for words in ([], *_commands()):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            main([*words, "--help"])
        title = " ".join(["pygatectl", *words])
        parts.append(f"## {title}\n\n```text\n{said.getvalue().strip()}\n```\n")
    return "\n".join(parts)


def completions() -> dict[str, str]:
    """The completion scripts, by the names of their files."""
    from pygatectl.cli.completable import program
    from pygatectl.cli.completion_scripts import FILES_BY_SHELL, SCRIPTS

    made = program()
    return {file: SCRIPTS[shell](made) for shell, file in FILES_BY_SHELL.items()}


def _commands() -> Iterator[list[str]]:
    """The words of every command, those of a group behind it."""
    table = CommandTable()
    for name in COMMANDS:
        yield [name]
        yield from ([name, part] for part in getattr(table[name], "commands", ()))


if __name__ == "__main__":
    if sys.argv[1:]:  # the folder of the completion scripts
        for name, script in completions().items():
            Path(sys.argv[1], name).write_text(script, encoding="utf-8")
    else:
        os.environ["COLUMNS"] = WIDTH
        print(page(), end="")
