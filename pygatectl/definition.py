"""A definition: the stored settings of one gateway, and the rules for each of them. Values only, no I/O."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, cast

from pygatectl.errors import InvalidValue

FAILURE_ACTIONS = {"N": "none", "R": "restart", "A": "alert", "RA": "restart and alert"}
"""What the gateway monitor does when heartbeats fail, by the letters that the field's documents use."""

MAX_NAME_CHARACTERS = 64
MIN_MEMORY = 64 << 20  # an interpreter and a server's first threads need half of it
MAX_NAME_BYTES = 200  # leaves room for suffixes in the 255 bytes that file systems give a name

_NAME = re.compile(r"[^\W_][\w.-]*")
_HOST = re.compile(r"[A-Za-z0-9._:%-]{1,253}")
_ENV_NAME = re.compile(r"[^=\x00]+")
_TAG = re.compile(r"[^\W_][\w.:=/-]{0,63}")
_SIZE = re.compile(r"(\d{1,15})([KMGT]?)(?:iB|B)?", re.IGNORECASE)

MIN_FRAME = 64 * 1024
"""Least bytes of a frame that a limit may ask for."""


@dataclass(frozen=True)
class Definition:
    """The settings of one gateway's server. Times are whole seconds. Made valid: see `Definition.make`."""

    name: str
    port: int
    host: str = "127.0.0.1"
    use_passphrase: bool = False
    log_file: str | None = None
    python: str | None = None
    python_options: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict, hash=False)
    cwd: str | None = None
    class_path: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    insecure: bool = False
    use_tls: bool = False
    tls_certificate: str | None = None
    tls_key: str | None = None
    tls_ca: str | None = None
    tls_host_name: str | None = None
    allow: tuple[str, ...] = ()
    max_connections: int | None = None
    max_objects: int | None = None
    max_threads: int | None = None
    max_frame: int | None = None
    memory_limit: int | None = None
    """The address space that the server may use, in bytes."""
    open_files: int | None = None
    nice: int | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    connection_timeout: int = 5
    initialization_timeout: int = 5
    heartbeat_interval: int = 10
    heartbeat_failure_timeout: int = 30
    heartbeat_failure_action: str = "N"
    heartbeat_failure_retry: int = 300
    alert_command: str | None = None

    @classmethod
    def make(cls, name: str, settings: Mapping[str, object]) -> Definition:
        """The definition of these settings, every one checked.

        Raises `InvalidValue`, naming the field, its value and the rule. Keys that are no field are left
        alone: they belong to a person or to a later version.
        """
        name = valid_name(name)
        if "port" not in settings:
            raise InvalidValue("port", None, "a definition needs a TCP port, 1 to 65535", gateway=name)
        if settings.get("type", "Python") != "Python":
            raise InvalidValue("type", settings["type"], "Python is the one type", gateway=name)
        try:
            values = {key: RULES[key](key, value) for key, value in settings.items() if key in RULES}
        except InvalidValue as error:
            raise InvalidValue(error.field, error.value, error.rule, gateway=name) from None
        return cls(name=name, **cast("dict[str, Any]", values))

    @classmethod
    def salvage(cls, name: str, settings: Mapping[str, object]) -> Definition:
        """The definition with what is valid of these settings, so that it can be stopped, deleted or mended: a field
        that breaks its rule has its default, and a port that does is 0.

        Raises `InvalidValue` for a name that can't be one.
        """
        values: dict[str, Any] = {"port": 0}
        for key, value in settings.items():
            if key in RULES:
                with suppress(InvalidValue):
                    values[key] = RULES[key](key, value)
        return cls(name=valid_name(name), **values)

    def settings(self) -> dict[str, object]:
        """Every field but the name as plain TOML values; None where a field is not set."""
        plain: dict[str, object] = {}
        for key in RULES:
            value = getattr(self, key)
            if isinstance(value, tuple):
                value = list(value)
            elif isinstance(value, Mapping):
                value = dict(value)
            plain[key] = value
        return plain

    def stored(self) -> dict[str, object]:
        """What the registry file holds: the port, and each field that differs from its default."""
        return {key: value for key, value in self.settings().items() if key == "port" or value != DEFAULTS[key]}

    def changes_from(self, before: Definition) -> dict[str, tuple[object, object]]:
        """The fields in which this differs from an earlier definition, each with its value then and now."""
        old, new = before.settings(), self.settings()
        return {key: (old[key], new[key]) for key in RULES if old[key] != new[key]}

    @property
    def server(self) -> str:
        """Host and port as one address, with brackets around an IPv6 host."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def valid_name(name: object) -> str:
    """The name in Unicode's composed form (NFC), in which it is stored and compared."""
    if not isinstance(name, str):
        raise InvalidValue("name", name, "a name is text")
    composed = unicodedata.normalize("NFC", name)
    rule = "a name starts with a letter or digit and goes on with letters, digits, '_', '-' and '.'"
    if not _NAME.fullmatch(composed):
        raise InvalidValue("name", name, rule)
    if len(composed) > MAX_NAME_CHARACTERS or len(composed.encode()) > MAX_NAME_BYTES:
        raise InvalidValue("name", name, f"a name has at most {MAX_NAME_CHARACTERS} characters")
    return composed


def same_name(one: str, other: str) -> bool:
    """Whether two names differ in case alone, or not at all: file systems that fold case can't hold both."""
    return unicodedata.normalize("NFC", one).casefold() == unicodedata.normalize("NFC", other).casefold()


def is_loopback(host: str) -> bool:
    """Whether a host, as written, is this machine's loopback, which no other machine can reach."""
    return host in ("localhost", "::1") or re.fullmatch(r"127\.\d+\.\d+\.\d+", host) is not None


def is_absolute(path: str) -> bool:
    """Whether a path is absolute by the rules of POSIX or of Windows: the server may run on either."""
    return path.startswith("/") or re.match(r"[A-Za-z]:[\\/]|\\\\", path) is not None


Rule = Callable[[str, object], object]


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValue(key, value, "it must be text")
    if "\x00" in value or "\n" in value:
        raise InvalidValue(key, value, "it must be one line without NUL characters")
    return value


def _host(key: str, value: object) -> str:
    if not isinstance(value, str) or not _HOST.fullmatch(value):
        raise InvalidValue(key, value, "it must be a host name or an IP address, such as 127.0.0.1")
    if re.fullmatch(r"[\d.]+", value):
        parts = value.split(".")
        if len(parts) != 4 or any(not part or int(part) > 255 for part in parts):
            raise InvalidValue(key, value, "an IPv4 address has four numbers from 0 to 255, such as 127.0.0.1")
    return value


def _flag(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidValue(key, value, "it must be true or false")
    return value


def _absolute(key: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    path = _text(key, value)
    if not is_absolute(path):
        raise InvalidValue(key, value, "it must be a full path, which starts at the root")
    return path


def _texts(key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise InvalidValue(key, value, "it must be an array of texts")
    return tuple(_text(key, one) for one in value)


def _preload(key: str, value: object) -> tuple[str, ...]:
    for module in (modules := _texts(key, value)):
        if not all(part.isidentifier() for part in module.split(".")):
            raise InvalidValue(key, module, "it must be the name of a module, such as numpy or demo.PersonDemo")
    return modules


def _tags(key: str, value: object) -> tuple[str, ...]:
    tags = tuple(unicodedata.normalize("NFC", one) for one in _texts(key, value))
    for tag in tags:
        if not _TAG.fullmatch(tag):
            rule = (
                "a tag starts with a letter or digit and goes on with those, '_', '-', '.', ':', '=' and '/', 64 in all"
            )
            raise InvalidValue(key, tag, rule)
    return tuple(dict.fromkeys(tags))


def _optional(rule: Rule) -> Rule:
    """The rule of a field that need not be set; an empty text clears it."""
    return lambda key, value: None if value is None or value == "" else rule(key, value)


def _bytes(least: int) -> Rule:
    """A size in bytes, as a number or as a text such as 512M or 2G: multiples of 1024."""

    def rule(key: str, value: object) -> int:
        size = value
        if isinstance(value, str) and (match := _SIZE.fullmatch(value.strip())):
            size = int(match[1]) << (10 * " KMGT".index(match[2].upper() or " "))
        if isinstance(size, bool) or not isinstance(size, int) or not least <= size < 1 << 50:
            lowest = f"{least >> 20}M" if least >= 1 << 20 else f"{least >> 10}K"
            raise InvalidValue(key, value, f"it must be bytes, or such as 512M or 2G; at least {lowest}")
        return size

    return rule


def _allow(key: str, value: object) -> tuple[str, ...]:
    for entry in (entries := _texts(key, value)):
        name = entry.removesuffix(".*") if entry.endswith(".*") else entry.removesuffix(".")
        if not all(part.isidentifier() for part in name.split(".")) or (name == entry and "." not in name):
            rule = "it must be MODULE.CLASS, 'MODULE.' for a module's functions, or 'MODULE.*' for all that it defines"
            raise InvalidValue(key, entry, rule)
    return entries


def _class_path(key: str, value: object) -> tuple[str, ...]:
    for path in (paths := _texts(key, value)):
        if not is_absolute(path):
            raise InvalidValue(key, path, "it must be a full path to a module, such as /srv/code/PersonDemo.py")
    return paths


def _env(key: str, value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise InvalidValue(key, value, "it must be a table of names and texts")
    for name, text in value.items():
        if not isinstance(name, str) or not _ENV_NAME.fullmatch(name):
            raise InvalidValue(key, name, "the name of an environment variable has no '=' and is not empty")
        if not isinstance(text, str) or "\x00" in text:
            raise InvalidValue(f"{key} {name}", text, "the value of an environment variable is text")
    return {str(name): str(text) for name, text in value.items()}


def _command(key: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    command = _text(key, value)
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise InvalidValue(key, value, f"it must be a command line; {error}") from None
    if not words:
        raise InvalidValue(key, value, "it must be a command line, such as: mail -s failed me@example.com")
    return command


def _whole(low: int, high: int, meaning: str) -> Rule:
    def rule(key: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise InvalidValue(key, value, f"it must be {meaning}, {low} to {high}")
        return value

    return rule


def _action(key: str, value: object) -> str:
    if value not in FAILURE_ACTIONS:
        choices = ", ".join(f"{letters} ({meaning})" for letters, meaning in FAILURE_ACTIONS.items())
        raise InvalidValue(key, value, f"it must be one of {choices}")
    return str(value)


RULES: dict[str, Rule] = {
    "host": _host,
    "port": _whole(1, 65535, "a TCP port"),
    "use_passphrase": _flag,
    "log_file": _absolute,
    "python": _absolute,
    "python_options": _texts,
    "env": _env,
    "cwd": _absolute,
    "class_path": _class_path,
    "preload": _preload,
    "insecure": _flag,
    "use_tls": _flag,
    "tls_certificate": _absolute,
    "tls_key": _absolute,
    "tls_ca": _absolute,
    "tls_host_name": _optional(_host),
    "allow": _allow,
    "max_connections": _optional(_whole(1, 1 << 30, "a number of connections")),
    "max_objects": _optional(_whole(1, 1 << 30, "a number of objects")),
    "max_threads": _optional(_whole(1, 1 << 30, "a number of threads")),
    "max_frame": _optional(_bytes(MIN_FRAME)),
    "memory_limit": _optional(_bytes(MIN_MEMORY)),
    "open_files": _optional(_whole(64, 1 << 30, "a number of files")),
    "nice": _optional(_whole(-20, 19, "a nice value")),
    "description": _optional(_text),
    "tags": _tags,
    "connection_timeout": _whole(2, 300, "whole seconds"),
    "initialization_timeout": _whole(2, 300, "whole seconds"),
    "heartbeat_interval": _whole(0, 3600, "whole seconds"),
    "heartbeat_failure_timeout": _whole(0, 86400, "whole seconds"),
    "heartbeat_failure_action": _action,
    "heartbeat_failure_retry": _whole(0, 86400, "whole seconds (0: never)"),
    "alert_command": _command,
}
"""The fields beside the name, in the order in which they are shown and written, each with its rule."""


def _default(name: str) -> object:
    for one in fields(Definition):
        if one.name == name:
            if one.default is not MISSING:
                value = one.default
            elif one.default_factory is not MISSING:
                value = one.default_factory()
            else:
                return None
            return list(value) if isinstance(value, tuple) else value
    raise KeyError(name)


DEFAULTS: dict[str, object] = {key: _default(key) for key in RULES}
"""The default of every field beside the name, as a plain TOML value; the port has none."""
