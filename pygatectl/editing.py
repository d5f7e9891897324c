"""A definition as the text that a person edits, and what is read back from it. Values only, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pygatectl.definition import DEFAULTS, RULES, Definition
from pygatectl.errors import InvalidValue, PygatectlError, Refused
from pygatectl.registry_text import parse, table_text, value_text

HEAD = """\
# The definition {name}. Save and leave the editor to change it; without a change nothing is written.
# A line that begins with # is left out: its field is not set, or has its default.
# The name can't be changed; what each field means: pygatectl help definitions
"""
REFUSED = "#! "
"""Begins the lines that say why the text was not taken. They are left out of the next attempt."""

_UNSET = {"memory_limit": "512M", "open_files": 1024, "nice": 0}
_LISTS = {key for key, value in DEFAULTS.items() if isinstance(value, list)}


@dataclass(frozen=True)
class Attempt:
    """What a person is given to edit: the text, and why the last one was not taken."""

    text: str
    error: PygatectlError | None = None

    @property
    def shown(self) -> str:
        if self.error is None:
            return self.text
        return "".join(f"{REFUSED}{one}\n" for one in str(self.error).splitlines()) + self.text


def as_text(definition: Definition, stands: Mapping[str, object]) -> str:
    """Every field, those that have their default as comments; `stands` is how those stand that are not valid."""
    settings = {**definition.settings(), **stands}
    lines = [HEAD.format(name=definition.name), table_text(definition.name, {}).strip()]
    for key, value in settings.items():
        if key == "port" or value != DEFAULTS[key]:
            lines.append(f"{key} = {value_text(value)}")
        else:
            lines.append(f"# {key} = {value_text(_UNSET.get(key, '') if value is None else value)}")
    return "\n".join(lines) + "\n"


def without_refusals(text: str) -> str:
    """The text without the lines that said why it was not taken."""
    return "".join(one for one in text.splitlines(keepends=True) if not one.startswith(REFUSED.rstrip()))


def read_text(before: Definition, text: str) -> Definition:
    """The definition that an edited text describes.

    Raises `BrokenRegistry` for text that is no TOML, `Refused` for another name, `InvalidValue` for a key that is no
    field, with the nearest, and for a value against its rule.
    """
    gateways = parse("the text", text).get("gateways")
    names = list(gateways) if isinstance(gateways, dict) else []
    if names != [before.name]:
        advice = f"pygatectl clone {before.name} NEW --port N makes a definition of another name"
        raise Refused(f"the text must hold [gateways.{before.name}] and no other; the name never changes; {advice}")
    assert isinstance(gateways, dict)  # noqa: S101 - or there were no names
    table = gateways[before.name]
    if not isinstance(table, dict):
        raise Refused(f"gateways.{before.name} must be a table")
    refuse_unknown(before.name, list(table))
    return Definition.make(before.name, table)


def refuse_unknown(name: str, keys: Sequence[str]) -> None:
    """Raise `InvalidValue` for a key that is no field, which is most likely mistyped."""
    for key in keys:
        if key not in RULES and key != "type":
            close = get_close_matches(key, RULES, n=1)
            advice = f"did you mean {close[0]}?" if close else f"the fields are {', '.join(RULES)}"
            raise InvalidValue("field", key, advice, gateway=name)
