"""`python -m pygatectl.cli.reference` prints docs/commands.md: what the program says of itself."""

from __future__ import annotations

import contextlib
import io
import os

from pygatectl.cli.app import COMMANDS, main

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
    for words in ([], *([name] for name in COMMANDS)):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            main([*words, "--help"])
        title = " ".join(["pygatectl", *words])
        parts.append(f"## {title}\n\n```text\n{said.getvalue().strip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    os.environ["COLUMNS"] = WIDTH
    print(page(), end="")
