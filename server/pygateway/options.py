"""Options of the server and the monitor, understood without argparse where they are written as programs write them.

To import argparse and to build its parser takes a tenth of a server's start. So whole option names, each with its
value, are understood here; whatever else the words are (abbreviated, wrong, or asking for help) is left to argparse,
from the same declarations.
"""

import os
from types import SimpleNamespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentTypeError, HelpFormatter
    from collections.abc import Callable, Sequence
    from typing import Any, Dict, Optional

    #: Adds options to the argparse.ArgumentParser, or what takes its place, that it is given.
    Declare = Callable[[Any], None]


def understand(
    declare: "Declare", words: "Sequence[str]", prog: str, description: str, epilog: "Optional[str]" = None
) -> "Any":
    """The options that `declare` declares, as attributes; the rest is what the help says of the program.

    Ends the process as argparse does, with status 2 and a message, or with the help.
    """
    plain = Plain()
    declare(plain)
    options = plain.understand(words)
    if options is not None:
        return options
    from argparse import ArgumentParser

    parser = ArgumentParser(prog, None, description, epilog, formatter_class=_formatter)
    declare(parser)
    return parser.parse_args(words)


def unfit(message: str) -> "ArgumentTypeError":
    """What a `type` of an option raises for a text that does not fit."""
    from argparse import ArgumentTypeError

    return ArgumentTypeError(message)


def _formatter(prog: str) -> "HelpFormatter":
    """Lays out the help. It is told the width: to find it out, argparse imports what takes long."""
    from argparse import RawDescriptionHelpFormatter

    columns = os.environ.get("COLUMNS", "")
    return RawDescriptionHelpFormatter(prog, width=int(columns) - 2 if columns.isdigit() else 98)


class _Option:
    """One argument: the attribute that it sets, and how. Of one `group`, at most one is given."""

    def __init__(self, name: str, group: "Optional[Plain]", action: str, about: "Dict[str, Any]") -> None:
        self.attribute = name.lstrip("-").replace("-", "_")
        self.group = group
        self.action = action
        self.type: Callable[[str], Any] = about.get("type", str)
        self.default = about.get("default", False if action == "store_true" else None)
        self.required = about.get("required", not name.startswith("-"))


class Plain:
    """Takes declarations as argparse.ArgumentParser does: those of its methods and arguments that are used here."""

    def __init__(self, options: "Optional[Dict[str, _Option]]" = None) -> None:
        """`options` are those of the parser of which this is a group."""
        self._options: Dict[str, _Option] = {} if options is None else options
        self._excludes = options is not None

    def add_argument(self, name: str, action: str = "store", **about: "Any") -> None:
        if action != "version":  # that ends the process, as the help does
            self._options[name] = _Option(name, self if self._excludes else None, action, about)

    def add_argument_group(self, _: str) -> "Plain":
        return self

    def add_mutually_exclusive_group(self) -> "Plain":
        return Plain(self._options)

    def understand(self, words: "Sequence[str]") -> "Optional[SimpleNamespace]":
        """What the words say; None if it is not for here to say."""
        found: Dict[str, Any] = {each.attribute: each.default for each in self._options.values()}
        positional = iter([each for name, each in self._options.items() if not name.startswith("-")])
        missing = {each for each in self._options.values() if each.required}
        groups = set()
        left = iter(words)
        for word in left:
            name, equals, text = word.partition("=")
            option = self._options.get(name) if word.startswith("-") else next(positional, None)
            if option is None or option.group in groups:
                return None
            if option.group is not None:
                groups.add(option.group)
            missing.discard(option)
            if option.action == "store_true":
                if equals:
                    return None
                found[option.attribute] = True
                continue
            if not word.startswith("-"):
                text = word
            elif not equals:
                text = next(left, "-")
                if text.startswith("-"):
                    return None
            try:
                value = option.type(text)
            except Exception:  # noqa: BLE001 - argparse says what is wrong with it
                return None
            if option.action == "append":
                found[option.attribute] = [*found[option.attribute], value]
            else:
                found[option.attribute] = value
        return None if missing else SimpleNamespace(**found)
