"""What is shown of the manual."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from pygatectl.cli.render import console, line, print_json, table

WIDEST = 100
"""Columns that lines of text fill at most: longer ones are hard to read."""


def topics(found: Mapping[str, str], *, as_json: bool) -> None:
    """The pages that there are."""
    if as_json:
        print_json(topics=dict(found))
        return
    table(["Topic", "About"], [[name, about] for name, about in found.items()])
    line("\npygatectl help TOPIC shows one; pygatectl help COMMAND is the command's --help.")


def page(topic: str, text: str, *, as_json: bool) -> None:
    """A page: Markdown, set for the terminal and shown by its pager if it is one."""
    if as_json:
        print_json(topic=topic, text=text)
        return
    if not sys.stdout.isatty():
        sys.stdout.write(text)
        return
    from rich.markdown import Markdown

    terminal = console()
    os.environ.setdefault("LESS", "FRX")  # a page that fits the screen is just printed; colours are shown
    with terminal.pager(styles=not terminal.no_color):
        terminal.print(Markdown(text, hyperlinks=False), width=min(terminal.width, WIDEST))


def command(words: str, text: str, *, as_json: bool) -> None:
    """The help of a command."""
    if as_json:
        print_json(topic=words, text=text)
    else:
        line(text.rstrip())
