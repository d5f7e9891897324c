"""The manual on the screen: help."""

from __future__ import annotations

from typing import Annotated

import typer

from pygatectl import manual
from pygatectl.cli import render_help
from pygatectl.cli.options import Json

Topic = Annotated[list[str] | None, typer.Argument(metavar="[TOPIC...]", help="A page, or a command's words.")]


def help_(context: typer.Context, topic: Topic = None, json: Json = False) -> None:
    """Show a page of the manual, or the help of a command; without either, what pages there are.

    On a terminal the page is set for its width and goes through PAGER; elsewhere it is Markdown.

    \b
    pygatectl help
    pygatectl help definitions
    pygatectl help passphrase set
    """
    if not topic:
        render_help.topics({name: manual.summary(path) for name, path in manual.topics().items()}, as_json=json)
        return
    words = " ".join(topic)
    text = None if words in manual.topics() else _command_help(context, topic)
    if text is None:
        render_help.page(words, manual.page(words), as_json=json)
    else:
        render_help.command(words, text, as_json=json)


def _command_help(context: typer.Context, words: list[str]) -> str | None:
    """The help of the command of these words; None if there is none."""
    above = context.find_root()
    command = above.command
    for word in words:
        children = getattr(command, "commands", {})
        if word not in children:
            return None
        command = children[word]
        above = type(context)(command, info_name=word, parent=above, **command.context_settings)
    return command.get_help(above)
