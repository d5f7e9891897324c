"""What a shell can complete, taken from the program itself: its commands, their options, and the kinds of values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pygatectl.cli.status_view import COLUMNS
from pygatectl.manual import topics
from pygatectl.state import STATES

NAMES, CLASSES, FILES, FOLDERS = "names", "classes", "files", "folders"
"""The kinds of values that are looked up when a Tab is pressed; names and classes by the program."""

LOOKED_UP = {
    "NAME": NAMES,
    "NAME...": NAMES,
    "OLD": NAMES,
    "PATH": FILES,
    "FILE": FILES,
    "FILE...": FILES,
    "FILE|-": FILES,
    "DIR": FOLDERS,
    "DIR|-": FOLDERS,
    "CLASS": CLASSES,
    "MODULE.CLASS": CLASSES,
    "MODULE.CLASS...": CLASSES,
}
"""What to look up for a value, by the word that the help has for it."""

LISTED = {
    "N|auto": ("auto",),
    "STATE|COLUMN=GLOB": STATES,
    "STATE": STATES,
    "COLUMN,...": tuple(COLUMNS),
    "[TOPIC...]": tuple(topics()),
}
"""Words whose values are not simply the alternatives that they list, as `json|prometheus` does."""


@dataclass(frozen=True)
class Value:
    """What can stand in a place: words to choose from, and what is looked up."""

    word: str
    choices: tuple[str, ...] = ()
    kind: str = ""

    @classmethod
    def of(cls, word: str) -> Value:
        if word in LOOKED_UP:
            return cls(word, kind=LOOKED_UP[word])
        return cls(word, LISTED.get(word) or (tuple(word.rstrip(".").split("|")) if "|" in word else ()))


def kind_of(value: Value) -> str:
    """What is looked up, or the words themselves, in one text."""
    return value.kind or " ".join(value.choices)


@dataclass(frozen=True)
class Option:
    """An option by its names, long one first; `value` is None for a flag."""

    names: tuple[str, ...]
    help: str
    value: Value | None = None
    repeats: bool = False


@dataclass(frozen=True)
class Command:
    """A command, by the words that call it, with its options and arguments; a group has commands below it."""

    words: tuple[str, ...]
    help: str
    options: tuple[Option, ...]
    arguments: tuple[Value, ...] = ()
    repeats: bool = False
    """Whether the last argument may be given several times."""
    commands: tuple[Command, ...] = field(default=())

    def walk(self) -> Iterator[Command]:
        """This command and all below it."""
        yield self
        for one in self.commands:
            yield from one.walk()


def program() -> Command:
    """The whole program."""
    from pygatectl.cli.app import whole_program

    return _command((), whole_program())


def _command(words: tuple[str, ...], built: Any) -> Command:
    options = [_option(one) for one in built.params if one.param_type_name == "option" and not one.hidden]
    options.append(Option(("--help", "-h"), "Show this message and exit."))
    arguments = [one for one in built.params if one.param_type_name == "argument"]
    children = getattr(built, "commands", {})
    return Command(
        words,
        _sentence(built.help),
        tuple(options),
        tuple(Value.of(_values(words, one.metavar or "")) for one in arguments),
        any(one.nargs != 1 for one in arguments),
        tuple(_command((*words, name), children[name]) for name in children),
    )


def _values(words: tuple[str, ...], word: str) -> str:
    """The name that `create` is given is a new one, which no list of names completes."""
    return "NEW" if words == ("create",) and word == "NAME" else word


def _option(built: Any) -> Option:
    names = sorted([*built.opts, *built.secondary_opts], key=lambda one: not one.startswith("--"))
    value = None if built.is_flag else Value.of(built.metavar or "")
    return Option(tuple(names), _sentence(built.help), value, bool(built.multiple))


def _sentence(help_text: str | None) -> str:
    """The first sentence of a help text, on one line, without its default."""
    text = " ".join((help_text or "").split("\n\n")[0].split()).partition(" [")[0]
    first, stop, rest = text.partition(". ")
    return first.rstrip(".") if stop and rest else text.rstrip(".")
