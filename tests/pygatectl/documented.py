"""The page docs/json.md as a schema, and whether a value is as it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent.parent.parent / "docs"

PLAIN: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "time": (str,),
    "integer": (int,),
    "number": (int, float),
    "flag": (bool,),
    "any": (object,),
}

Keys = dict[str, tuple[str, bool]]
"""The keys of an object: each with its type, and whether it may be missing."""


def _rows(text: str, columns: int) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row[:columns] for row in rows[1:]]


def fields() -> list[str]:
    """The fields in the table of docs/definitions.md."""
    page = (DOCS / "definitions.md").read_text(encoding="utf-8").partition("## The fields")[2].partition("\n\nThe ")[0]
    named = [re.fullmatch(r"`(\w+)`", row[0]) for row in _rows(page, 1)]
    return [one[1] for one in named if one and one[1] != "type"]


class Page:
    """What docs/json.md says of commands and of objects."""

    def __init__(self) -> None:
        text = (DOCS / "json.md").read_text(encoding="utf-8")
        commands, _, objects = text.partition("## What each command prints")[2].partition("## The objects in them")
        self.objects = self._table(objects)
        self.commands: dict[str, Keys] = {}
        for names, keys in self._table(commands).items():
            self.commands.update(dict.fromkeys(re.findall(r"`([^`]+)`", names), keys))

    def _table(self, text: str) -> dict[str, Keys]:
        found: dict[str, Keys] = {}
        for name, key, kind in _rows(text, 3):
            if name:
                keys = found.setdefault(name, {})
            optional = key.endswith("?")
            key = key.rstrip("?").strip("`")
            if key == "(the fields)":
                keys.update((one, ("any", False)) for one in fields())
            else:
                keys.update((one.strip("`"), (kind, optional)) for one in key.split(", "))
        return found

    def keys_of(self, command: str) -> Keys:
        """The keys of a command, those of another object that it is among them."""
        found: Keys = {"schema": ("text", False)}
        for key, (kind, optional) in self.commands[command].items():
            if key.startswith("(all of"):
                found.update((one, (of, optional or may)) for one, (of, may) in self.objects[kind].items())
            else:
                found[key] = (kind, optional)
        return found

    def check_command(self, command: str, value: dict[str, Any]) -> None:
        self._check_object(command, self.keys_of(command), value)

    def check_error(self, value: dict[str, Any]) -> None:
        self._check_object("error", {"schema": ("text", False), "error": ("error", False)}, value)

    def _check_object(self, where: str, keys: Keys, value: dict[str, Any]) -> None:
        assert set(value) <= set(keys), f"{where}: {sorted(set(value) - set(keys))} are not documented"
        missing = {key for key, (_, optional) in keys.items() if not optional} - set(value)
        assert not missing, f"{where}: {sorted(missing)} are missing"
        for key, one in value.items():
            self._check(f"{where}.{key}", keys[key][0], one)

    def _check(self, where: str, kind: str, value: Any) -> None:
        if kind.endswith("?"):
            if value is None:
                return
            kind = kind[:-1]
        if kind[0] in "[{":
            assert type(value) is (list if kind[0] == "[" else dict), where
            for one in value.values() if kind[0] == "{" else value:
                self._check(where, kind[1:-1], one)
        elif kind in self.objects:
            assert isinstance(value, dict), where
            self._check_object(where, self.objects[kind], value)
        else:
            assert isinstance(value, PLAIN[kind]), f"{where}: {value!r} is no {kind}"
            assert kind in ("flag", "any") or type(value) is not bool, where
