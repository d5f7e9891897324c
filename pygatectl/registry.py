"""The registry: the TOML file that holds the definitions, one table `[gateways.NAME]` each.

A person may edit the file by hand; comments, order and unknown keys survive every command. Changes are read,
made and written under one lock, so any number of commands at once lose nothing.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pygatectl.definition import RULES, Definition, same_name, valid_name
from pygatectl.errors import BrokenRegistry, Conflict, InvalidValue, PygatectlError, UnknownGateway, UnknownTag
from pygatectl.passphrase import Passphrase, Passphrases
from pygatectl.paths import Paths, find_paths, private_folder
from pygatectl.registry_text import Stored, changed_text, changed_values, parse
from pygatectl.storage import replace_file

Changes = Mapping[str, object] | Callable[[Definition], Mapping[str, object]]

LOCK_TIMEOUT = 60.0
"""Seconds to wait for the registry's lock, which nobody holds for longer than one small write."""


@dataclass(frozen=True)
class Found:
    """A definition as it stands in the file, in which a person may have made an error."""

    definition: Definition
    """What is valid of it: enough to stop its server, to delete it, or to mend it. See `Definition.salvage`."""
    stands: Mapping[str, object]
    """Its fields as they stand, valid or not."""
    error: PygatectlError | None
    """Why it can't be used, if it can't."""


class Registry:
    """The definitions in one registry file.

    `path` is the file; without it PYGATECTL_REGISTRY names it, or it is the user's own. A file that does not
    exist is an empty registry.
    """

    def __init__(self, path: str | os.PathLike[str] | Paths | None = None) -> None:
        self.paths = path if isinstance(path, Paths) else find_paths(path)
        self.passphrases = Passphrases(self.paths)

    def get(self, name: str) -> Definition:
        """The definition of this name. Raises `UnknownGateway`, `InvalidValue`, `BrokenRegistry`."""
        tables = self._tables()
        return _definition(tables, _key(tables, name))

    def find(self, name: str) -> Found:
        """The definition of this name, though it may not be valid. Raises `UnknownGateway`, `BrokenRegistry`."""
        tables = self._tables()
        return _found(tables, _key(tables, name))

    def names(self) -> list[str]:
        """The names of all definitions, in the order of the file."""
        return list(self._tables())

    def all(self) -> list[Definition]:
        """Every definition, in the order of the file. Raises the first error that one of them has."""
        definitions, errors = self.read()
        if errors:
            raise errors[0]
        return definitions

    def read(self) -> tuple[list[Definition], list[PygatectlError]]:
        """Every definition that is valid, and the errors of those that are not."""
        tables = self._tables()
        definitions: list[Definition] = []
        errors: list[PygatectlError] = []
        for key in tables:
            try:
                definitions.append(_definition(tables, key))
            except PygatectlError as error:
                errors.append(error)
        return definitions, errors

    def keys(self) -> dict[str, list[str]]:
        """The keys of each definition as they stand in the file, those that are no field among them."""
        return {name: list(table) for name, table in self._tables().items() if isinstance(table, Mapping)}

    def select(self, patterns: list[str]) -> list[str]:
        """The names that these names and globs mean, each once, in the order given.

        Raises `UnknownGateway` for a name without a definition and for a glob that fits none.
        """
        from fnmatch import fnmatchcase

        tables = self._tables()
        chosen: dict[str, None] = {}
        for pattern in patterns:
            if any(one in pattern for one in "*?["):
                found = [name for name in tables if fnmatchcase(name, unicodedata.normalize("NFC", pattern))]
                if not found:
                    raise UnknownGateway(pattern, tables)
                chosen.update(dict.fromkeys(found))
            else:
                chosen[_key(tables, pattern)] = None
        return list(chosen)

    def choose(self, patterns: list[str], tags: list[str]) -> tuple[list[Definition], list[PygatectlError]]:
        """The definitions of these names and globs, and of those the ones that have one of these tags; without
        either all; and the errors of those that are not valid, where no name says that one of them is meant.

        Raises what `select` and `get` raise, and `UnknownGateway` if no definition has one of the tags.
        """
        definitions, errors = self.read()
        if patterns:
            tables = self._tables()
            definitions, errors = [_definition(tables, name) for name in self.select(patterns)], []
        if not tags:
            return definitions, errors
        wanted = {unicodedata.normalize("NFC", one) for one in tags}
        chosen = [one for one in definitions if wanted & set(one.tags)]
        if not chosen:
            raise UnknownTag(tags, (tag for one in definitions for tag in one.tags))
        return chosen, []

    def create(
        self, name: str, settings: Mapping[str, object], passphrase: Passphrase | None = None, *, dry_run: bool = False
    ) -> Definition:
        """Store a new definition and return it. A `port` of "auto" becomes a free one that no definition has. A dry
        run, here and below, stores nothing and takes no lock.

        Raises `InvalidValue`; `Conflict` if the name is taken, also when it differs in case alone.
        """
        name = valid_name(name)
        with self._locked(dry_run):
            tables = self._tables()
            for other in tables:
                if same_name(name, other):
                    raise Conflict(_taken(name, other))
            definition = Definition.make(name, self._with_port(settings, tables))
            if not dry_run:
                self._keep_passphrase(definition, passphrase)
                self._write({name: definition.stored()})
        return definition

    def clone(self, name: str, new_name: str, port: object, *, dry_run: bool = False) -> Definition:
        """Store a copy of a definition, its passphrase too, under a new name with a port of its own."""
        original = self.get(name)
        passphrase = self.passphrases.get(original.name) if original.use_passphrase else None
        return self.create(new_name, {**original.settings(), "port": port}, passphrase, dry_run=dry_run)

    def edit(
        self, name: str, changes: Changes, passphrase: Passphrase | None = None, *, dry_run: bool = False
    ) -> tuple[Definition, Definition]:
        """Change any fields but the name; return the definition before, as far as it was valid, and after.

        `changes` are settings, or a function that computes them from the definition as it stands under the
        lock. Raises `InvalidValue` unless they replace whatever is not valid.
        """
        with self._locked(dry_run):
            tables = self._tables()
            found = _found(tables, key := _key(tables, name))
            if found.error is not None and not isinstance(tables[key], Mapping):
                raise found.error
            before = found.definition
            wanted = changes(before) if callable(changes) else changes
            stands = {**before.settings(), **found.stands}
            after = Definition.make(before.name, {**stands, **self._with_port(wanted, tables)})
            if not dry_run:
                self._keep_passphrase(after, passphrase)
                if after != before or found.error is not None:
                    self._write({before.name: after.stored()})
        return before, after

    def adopt(
        self, given: Mapping[str, Callable[[Definition | None], Definition]], replace: bool, *, dry_run: bool = False
    ) -> list[tuple[Definition | None, Definition]]:
        """Store many definitions at once, or none: each computed from the one of its name, if there is one.

        The definitions before and after. Raises `Conflict` for a name that is taken, unless they `replace`; for one
        that differs from another in case alone; and what the functions raise.
        """
        with self._locked(dry_run):
            tables = self._tables()
            done: list[tuple[Definition | None, Definition]] = []
            for name, made in given.items():
                others = [other for other in (*tables, *given) if other != name and same_name(name, other)]
                if others or (name in tables and not replace):
                    advice = "" if others else "; or replace it with --replace"
                    raise Conflict(_taken(name, (others or [name])[0]) + advice)
                before = _definition(tables, name) if name in tables else None
                after = made(before)
                done.append((before, after))
            if not dry_run:
                self._write({after.name: after.stored() for before, after in done if after != before})
                for _, after in done:
                    if not after.use_passphrase:
                        self.passphrases.remove(after.name)
        return done

    def delete(self, name: str) -> Definition:
        """Remove a definition and its passphrase, and return what it was."""
        with self._locked():
            tables = self._tables()
            key = _key(tables, name)
            definition = _found(tables, key).definition
            self._write({key: None})
            self.passphrases.remove(key)
        return definition

    def sharing_port(self, definition: Definition) -> list[str]:
        """The names of other definitions that name the same port."""
        definitions, _ = self.read()
        return [one.name for one in definitions if one.port == definition.port and one.name != definition.name]

    def _with_port(self, settings: Mapping[str, object], tables: Mapping[str, Any]) -> Mapping[str, object]:
        if settings.get("port") != "auto":
            return settings
        from pygatectl.ports import free_port

        taken = {table.get("port") for table in tables.values() if isinstance(table, Mapping)}
        return {**settings, "port": free_port(taken)}

    def _keep_passphrase(self, definition: Definition, passphrase: Passphrase | None) -> None:
        """Before the definition is written: a passphrase without a definition harms nobody."""
        if not definition.use_passphrase:
            self.passphrases.remove(definition.name)
        elif passphrase is not None:
            self.passphrases.put(definition.name, passphrase)
        else:
            self.passphrases.get(definition.name)

    @contextmanager
    def _locked(self, dry_run: bool = False) -> Iterator[None]:
        """Hold the lock that guards the registry file and the passphrases beside it; none in a dry run."""
        if dry_run:
            yield
            return
        from filelock import FileLock, Timeout

        private_folder(self.paths.registry.parent)
        lock = self.paths.registry.with_name(self.paths.registry.name + ".lock")
        try:
            with FileLock(lock, timeout=LOCK_TIMEOUT, poll_interval=0.01):
                yield
        except Timeout:
            raise Conflict(f"another command holds {lock} for more than {LOCK_TIMEOUT:.0f} s") from None

    def _text(self) -> str:
        path = self.paths.registry
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return ""
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise BrokenRegistry(f"{path}, line {line}: not UTF-8; correct the file by hand") from None

    def _tables(self) -> dict[str, Any]:
        """The tables below `gateways` as plain values, by their composed names."""
        plain = parse(self.paths.registry, self._text())
        gateways = plain.get("gateways", {})
        if not isinstance(gateways, dict):
            raise BrokenRegistry(f"{self.paths.registry}: 'gateways' is not a table; correct the file by hand")
        tables: dict[str, Any] = {}
        for key, table in gateways.items():
            composed = unicodedata.normalize("NFC", key)
            if composed in tables:
                raise BrokenRegistry(f"{self.paths.registry}: gateway {composed!r} is there twice")
            tables[composed] = table
        return tables

    def _write(self, changes: Mapping[str, Stored | None]) -> None:
        """Give definitions' tables these fields (None: remove it), and leave all else as it is.

        The caller holds the lock. The new text must read back as the old values with these changes.
        """
        text = self._text()
        expected = changed_values(parse(self.paths.registry, text), changes)
        written = changed_text(text, changes)
        readback = parse(self.paths.registry, written)
        readback.setdefault("gateways", {})
        if readback != expected:
            raise PygatectlError(f"{self.paths.registry} can't be changed without loss; nothing was changed")
        target = Path(os.path.realpath(self.paths.registry))  # a link to a file elsewhere stays a link
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
        replace_file(target, written.encode(), mode=mode)


def _definition(tables: Mapping[str, Any], key: str) -> Definition:
    try:
        if not isinstance(tables[key], Mapping):
            raise InvalidValue(f"gateways.{key}", tables[key], "a definition is a table")
        return Definition.make(key, tables[key])
    except PygatectlError as error:
        error.gateway = key
        raise


def _found(tables: Mapping[str, Any], key: str) -> Found:
    """Raises `InvalidValue` for a key that can't be a name, and so can't name files either."""
    table = tables[key] if isinstance(tables[key], Mapping) else {}
    stands = {field: value for field, value in table.items() if field in RULES or field == "type"}
    try:
        return Found(_definition(tables, key), stands, None)
    except PygatectlError as error:
        return Found(Definition.salvage(key, table), stands, error)


def _key(tables: Mapping[str, Any], name: str) -> str:
    key = unicodedata.normalize("NFC", name)
    if key not in tables:
        raise UnknownGateway(name, tables)
    return key


def _taken(name: str, other: str) -> str:
    if name == other:
        return f"there is a gateway named {name!r} already; pygatectl edit {name} changes it"
    return f"the name {name!r} differs from the gateway {other!r} in case alone"
