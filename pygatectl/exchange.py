"""Definitions as the text of other programs and machines: JSON, TOML, and CPF. No passphrase is ever among them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pygatectl import cpf
from pygatectl.definition import Definition, valid_name
from pygatectl.editing import refuse_unknown
from pygatectl.errors import InvalidValue, PygatectlError, Refused
from pygatectl.registry import Registry
from pygatectl.registry_text import parse, table_text

FORMATS = ("json", "toml", "cpf")
SCHEMA = "pygatectl/1"


@dataclass(frozen=True)
class Entry:
    """A definition in a text: where it stands, its fields, and whether the text can say all that a definition has."""

    place: str
    name: str
    settings: Mapping[str, object]
    partial: bool = False

    def over(self, before: Definition | None) -> Definition:
        """The definition that this makes of the one of its name. Raises `InvalidValue`, naming the place."""
        base = before.settings() if before and self.partial else {}
        try:
            return Definition.make(self.name, {**base, **self.settings})
        except InvalidValue as error:
            raise _at(self.place, error) from None


@dataclass
class Content:
    """What a text holds: definitions, and remarks about what was left out."""

    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Imported:
    """What was, or would be, stored: the definitions before (None: new) and after, and remarks."""

    done: list[tuple[Definition | None, Definition]]
    notes: list[str]


def format_of(path: str, text: str | None = None) -> str:
    """The format of a file by its name, or by its text. Raises `Refused` if neither tells."""
    ending = path.rpartition(".")[2].casefold()
    if ending in FORMATS:
        return ending
    if text is None:
        raise Refused(f"the name {path!r} tells no format; say --format json, toml or cpf")
    if text.lstrip().startswith("{"):
        return "json"
    return "cpf" if re.search(r"^\s*\[gateways\]\s*$", text, re.MULTILINE | re.IGNORECASE) else "toml"


def to_text(definitions: Iterable[Definition], form: str) -> str:
    """All these definitions as one text."""
    found = list(definitions)
    if form == "json":
        shown = [{"name": one.name, "type": "Python", **one.settings()} for one in found]
        return json.dumps({"schema": SCHEMA, "definitions": shown}, indent=2, ensure_ascii=False) + "\n"
    if form == "cpf":
        return cpf.write(found)
    return "\n".join(table_text(one.name, one.stored()) for one in found)


def read(text: str, form: str) -> Content:
    """What a text holds. Raises PygatectlError, naming the line, for the first that can't be understood."""
    content = {"json": _read_json, "toml": _read_toml, "cpf": _read_cpf}[form](text)
    places: dict[str, str] = {}
    for one in content.entries:
        if one.name in places:
            raise Refused(f"{one.place}: {one.name!r} is there already ({places[one.name]})")
        places[one.name] = one.place
    return content


def import_text(registry: Registry, text: str, form: str, *, replace: bool, dry_run: bool) -> Imported:
    """Store all definitions of a text, or none of them. Raises as `read` and `Registry.adopt`."""
    content = read(text, form)
    done = registry.adopt({one.name: one.over for one in content.entries}, replace, dry_run=dry_run)
    missing = [
        f"{after.name} needs its passphrase, which is never exported: pygatectl passphrase set {after.name}"
        for _, after in done
        if after.use_passphrase and not registry.passphrases.stamp(after.name)
    ]
    return Imported(done, content.notes + missing)


def _read_json(text: str) -> Content:
    try:
        given = json.loads(text)
    except ValueError as error:
        raise Refused(f"not valid JSON: {error}") from None
    if isinstance(given, dict) and str(given.get("schema", SCHEMA)) != SCHEMA:
        raise Refused(f"its schema is {given['schema']!r}, not {SCHEMA!r}")
    found = given.get("definitions") if isinstance(given, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) and type(one.get("name")) is str for one in found):
        raise Refused(f'it must be an object {{"schema": "{SCHEMA}", "definitions": [{{"name": ..., "port": ...}}]}}')
    return Content([_entry(text, one["name"], one, r'"name"\s*:\s*') for one in found])


def _read_toml(text: str) -> Content:
    found = parse("the text", text).get("gateways")
    if not isinstance(found, dict):
        raise Refused("it must have a table [gateways.NAME] for each definition")
    return Content([_entry(text, name, table, r"^\s*\[\s*gateways\s*\.\s*") for name, table in found.items()])


def _read_cpf(text: str) -> Content:
    content = Content()
    for line in cpf.read(text):
        if isinstance(line, cpf.Skipped):
            content.notes.append(f"line {line.number}: {line.label!r} is left out: its type is {line.type!r}")
            continue
        content.notes += line.notes
        content.entries.append(_checked(Entry(f"line {line.number}", line.name, line.settings, partial=True)))
    if not content.entries:
        raise Refused(f"it has no line of the type Python below {cpf.SECTION}")
    return content


def _entry(text: str, name: str, table: Any, before: str) -> Entry:
    """The entry of a table; its line is found by what stands before the name."""
    written = re.escape(json.dumps(name, ensure_ascii=False)) + "|" + re.escape(json.dumps(name))
    match = re.search(rf"{before}(?:{written}|'{re.escape(name)}'|{re.escape(name)}\b)", text, re.MULTILINE)
    place = f"line {text.count(chr(10), 0, match.start()) + 1}" if match else f"gateway {name!r}"
    if not isinstance(table, Mapping):
        raise Refused(f"{place}: {name!r} must be a table of fields")
    return _checked(Entry(place, name, {key: value for key, value in table.items() if key != "name"}))


def _checked(entry: Entry) -> Entry:
    """The entry with its name in the composed form. Raises `InvalidValue`, naming the place, for what no field is."""
    try:
        name = valid_name(unicodedata.normalize("NFC", entry.name))
        refuse_unknown(name, list(entry.settings))
    except InvalidValue as error:
        raise _at(entry.place, error) from None
    return Entry(entry.place, name, entry.settings, entry.partial)


def _at(place: str, error: PygatectlError) -> PygatectlError:
    return Refused(f"{place}: {error}; nothing was imported")
