"""The text of a registry file: read as plain values, and changed so that all else in it stays as it is. No I/O."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Mapping
from typing import Any

from pygatectl.definition import RULES
from pygatectl.errors import BrokenRegistry

Stored = Mapping[str, object]
"""The fields of one definition, as the file holds them."""


def parse(path: object, text: str) -> dict[str, Any]:
    """The plain values of TOML text. Raises `BrokenRegistry` with the line and the reason."""
    if sys.version_info >= (3, 11):
        import tomllib

        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            reason = str(error)
    else:
        import tomlkit
        from tomlkit.exceptions import ParseError

        try:
            return tomlkit.parse(text).unwrap()
        except ParseError as error:
            reason = str(error)
    if "line" not in reason:  # tomllib says 'at end of document'
        reason += f", line {text.count(chr(10)) + 1}"
    raise BrokenRegistry(f"{path} is not valid TOML: {reason}; correct the file by hand, nothing was changed")


def changed_values(values: dict[str, Any], changes: Mapping[str, Stored | None]) -> dict[str, Any]:
    """The plain values with these definitions changed; None removes one."""
    for name, stored in changes.items():
        _change(values.setdefault("gateways", {}), name, stored)
    return values


def changed_text(text: str, changes: Mapping[str, Stored | None]) -> str:
    """The text with these definitions changed. New tables are put at the end, so that all before them stays byte for
    byte.
    """
    import tomlkit

    document = tomlkit.parse(text)
    gateways: Any = document.get("gateways", {})
    inline = isinstance(gateways, tomlkit.items.InlineTable)
    added = {}
    for name, stored in changes.items():
        if stored is None or inline or _key_as_written(gateways, name) in gateways:
            _change(gateways, name, stored)
        else:
            added[name] = stored
    if len(added) < len(changes):
        text = tomlkit.dumps(document)
    ending = "\r\n" if "\r\n" in text else "\n"
    for name, stored in added.items():
        before = text.rstrip() + 2 * ending if text.strip() else ""
        text = before + table_text(name, stored).replace("\n", ending)
    return text


def table_text(name: str, stored: Stored) -> str:
    """One definition as the table `[gateways.NAME]`."""
    import tomlkit

    table = tomlkit.table()
    _change({name: table}, name, stored)
    tables = tomlkit.table(is_super_table=True).append(name, table)
    return tomlkit.dumps(tomlkit.document().append("gateways", tables))


def value_text(value: object) -> str:
    """A value as TOML has it, in one line."""
    import tomlkit

    if isinstance(value, Mapping):
        inner = tomlkit.inline_table()
        inner.update(value)
        return inner.as_string()
    return tomlkit.item(value).as_string()


def _key_as_written(gateways: Any, name: str) -> str:
    """The key of a definition as the file has it: a person may have typed another form of Unicode."""
    return next((one for one in gateways if unicodedata.normalize("NFC", one) == name), name)


def _change(gateways: Any, name: str, stored: Stored | None) -> None:
    """Make one change, the same for plain values and for tomlkit's document."""
    key = _key_as_written(gateways, name)
    if stored is None:
        del gateways[key]
        return
    if key not in gateways:
        gateways[key] = {}
    table = gateways[key]
    for field in RULES:
        if field not in stored:
            table.pop(field, None)
        elif table.get(field) != stored[field]:
            _assign(table, field, stored[field])


def _assign(table: Any, field: str, value: object) -> None:
    """Set one field, and within a table that is there only what differs, so that its comments survive."""
    if not isinstance(value, Mapping):
        _put(table, field, value)
        return
    if field not in table:
        _put(table, field, _new_table(table))
    inner = table[field]
    for name in [one for one in inner if one not in value]:
        del inner[name]
    for name, text in value.items():
        if inner.get(name) != text:
            _put(inner, name, text)


def _new_table(parent: Any) -> Any:
    if type(parent) is dict:
        return {}
    import tomlkit

    return tomlkit.inline_table()


def _put(table: Any, field: str, value: object) -> None:
    """Set a key; a new one before the comments at the table's end, which belong to what follows."""
    trailing: list[Any] = []
    body = table.value.body if hasattr(table, "value") else []
    if field not in table:
        while body and body[-1][0] is None:
            trailing.insert(0, body.pop())
    table[field] = value
    body.extend(trailing)
