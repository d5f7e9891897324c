"""The options of `create` and `edit`: the fields of a definition, and how they are spelled on a command
line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Annotated

import typer

from pygatectl import interpreter
from pygatectl.definition import RULES, Definition, is_absolute
from pygatectl.errors import InvalidValue, Refused
from pygatectl.passphrase import VARIABLE, Passphrase, from_environment, from_file, generate

MORE = "More settings"

Port = Annotated[str, typer.Option(metavar="N|auto", help="TCP port, or 'auto' for a free one.")]
NewPort = Annotated[str | None, typer.Option(metavar="N|auto", help="TCP port, or 'auto' for a free one.")]
Host = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Name or IP address to listen on. [default: 127.0.0.1; 0.0.0.0 is all]"),
]
UsePassphrase = Annotated[
    bool | None,
    typer.Option(
        "--use-passphrase/--no-use-passphrase",
        help=f"Require a passphrase to connect: asked for without echo, or taken from {VARIABLE}.",
    ),
]
PassphraseFile = Annotated[
    str | None, typer.Option(metavar="FILE", help="Use the passphrase in this file ('-': standard input).")
]
GeneratePassphrase = Annotated[
    bool, typer.Option("--generate-passphrase", help="Use a strong new passphrase and print it once.")
]
LogFile = Annotated[str | None, typer.Option(metavar="PATH", help="Full path of the server's log. ['' clears]")]
Python = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="Interpreter: a full path, or a name in PATH. ['' clears: this program's own]"),
]
PythonOption = Annotated[
    list[str] | None,
    typer.Option(metavar="OPT", help="An option of the interpreter, such as -O or --python-option=-Wdefault. Repeat."),
]
Env = Annotated[list[str] | None, typer.Option(metavar="K=V", help="An environment variable of the server. Repeat.")]
UnsetEnv = Annotated[list[str] | None, typer.Option(metavar="K", help="Remove an environment variable. Repeat.")]
Cwd = Annotated[str | None, typer.Option(metavar="DIR", help="Working directory. ['' clears]")]
ClassPath = Annotated[
    list[str] | None,
    typer.Option(metavar="PATH", help="A module to use: /code/mod.py or /code/pkg.mod.py. Repeat. ['' clears]"),
]
Preload = Annotated[
    list[str] | None,
    typer.Option(metavar="MODULE", help="Import this before the server is ready, in order. Repeat. ['' clears]"),
]
MemoryLimit = Annotated[
    str | None, typer.Option(metavar="SIZE", help="Address space of the server: bytes, 512M, 2G. ['' clears]")
]
OpenFiles = Annotated[
    str | None, typer.Option(metavar="N", help="Files and sockets that the server may hold open. ['' clears]")
]
Nice = Annotated[str | None, typer.Option(metavar="N", help="Nice value of the server, -20..19. ['' clears]")]
Description = Annotated[str | None, typer.Option(metavar="TEXT", help="What it is for, in one line. ['' clears]")]
Tag = Annotated[
    list[str] | None, typer.Option(metavar="TAG", help="A word by which commands choose it. Repeat. ['' clears]")
]
UseTls = Annotated[bool | None, typer.Option("--use-tls/--no-use-tls", help="Speak TLS on TCP.")]
TlsCertificate = Annotated[
    str | None, typer.Option(metavar="PATH", help="The server's certificate (PEM), a full path. ['' clears]")
]
TlsKey = Annotated[str | None, typer.Option(metavar="PATH", help="Its key, if that is another file. ['' clears]")]
TlsCa = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="Authority to check it with. ['' clears: the system's authorities]"),
]
TlsHostName = Annotated[
    str | None, typer.Option(metavar="NAME", help="The name that it must have. ['' clears: the host]")
]
Allow = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME", help="Let hosts name MODULE.CLASS, MODULE. or MODULE.* and no other. Repeat. ['' clears]"
    ),
]
MaxConnections = Annotated[str | None, typer.Option(metavar="N", help="Connections at once. ['' clears]")]
MaxObjects = Annotated[str | None, typer.Option(metavar="N", help="Objects that a connection holds. ['' clears]")]
MaxThreads = Annotated[str | None, typer.Option(metavar="N", help="Threads of the server. ['' clears]")]
MaxFrame = Annotated[
    str | None, typer.Option(metavar="SIZE", help="A call or result with its data: bytes, 512K, 16M. ['' clears]")
]
Insecure = Annotated[
    bool | None,
    typer.Option("--insecure/--no-insecure", help="Allow to listen beyond loopback without a passphrase."),
]
ConnectionTimeout = Annotated[int | None, typer.Option(metavar="S", help="Seconds to connect, 2..300. [default: 5]")]
InitializationTimeout = Annotated[
    int | None, typer.Option(metavar="S", help="Seconds to become ready, 2..300. [default: 5]")
]
HeartbeatInterval = Annotated[
    int | None, typer.Option(metavar="S", help="Monitor: seconds between heartbeats, 0..3600. [default: 10]")
]
HeartbeatFailureTimeout = Annotated[
    int | None, typer.Option(metavar="S", help="Monitor: seconds until a failure, 0..86400. [default: 30]")
]
HeartbeatFailureAction = Annotated[
    str | None,
    typer.Option(metavar="N|R|A|RA", help="Monitor: none, restart, alert, or both, on failure. [default: N]"),
]
HeartbeatFailureRetry = Annotated[
    int | None, typer.Option(metavar="S", help="Monitor: seconds between retries, 0: never. [default: 300]")
]
AlertCommand = Annotated[
    str | None,
    typer.Option(
        metavar="COMMAND", help="Monitor: what an alert runs, with PYGATECTL_ALERT_NAME and _WHY. ['' clears]"
    ),
]

NUMBERS = ("open_files", "nice", "max_connections", "max_objects", "max_threads")
"""Options that are numbers, and are text so that '' clears them."""


def given_settings(options: Mapping[str, object]) -> dict[str, object]:
    """The fields that a command line gave, as settings; `options` are the command's own arguments."""
    found = {key: value for key, value in options.items() if key in RULES and value is not None}
    if "port" in found:
        found["port"] = port_number(str(found["port"]))
    if found.get("python"):
        found["python"] = interpreter.resolve(str(found["python"]))
    if found.get("cwd"):
        found["cwd"] = os.path.abspath(str(found["cwd"]))  # noqa: PTH100 - links stay as they were given
    for option, field, convert in (
        ("python_option", "python_options", str),
        ("class_path", "class_path", _full_path),
        ("preload", "preload", str),
        ("tag", "tags", str),
        ("allow", "allow", str),
    ):
        values = options.get(option)
        if isinstance(values, list):
            found[field] = [convert(one) for one in values if one]
    found.update((key, _number(str(found[key]))) for key in NUMBERS if key in found)
    assignments = options.get("env")
    if isinstance(assignments, list):
        found["env"] = dict(_assignment(one) for one in assignments)
    return found


def edited_settings(given: Mapping[str, object], unset: list[str], before: Definition) -> dict[str, object]:
    """The changes to a definition: variables are added to those that it has, all else is replaced."""
    changes = dict(given)
    for name in unset:
        if name not in before.env:
            raise Refused(f"gateway {before.name!r} has no environment variable {name!r}; it has: {list(before.env)}")
    if "env" in given or unset:
        added = given.get("env", {})
        env = {**before.env, **(added if isinstance(added, Mapping) else {})}
        changes["env"] = {name: value for name, value in env.items() if name not in unset}
    return changes


def port_number(text: str) -> int | str:
    """A port as a person gives it."""
    if text == "auto":
        return text
    if isinstance(number := _number(text), str):
        raise InvalidValue("port", text, "it must be a TCP port, 1 to 65535, or 'auto'")
    return number


def _number(text: str) -> int | str:
    """A whole number; what is none stays text, for the field's rule to refuse."""
    return int(text) if text.isascii() and text.lstrip("-").isdigit() else text


def _full_path(path: str) -> str:
    return path if is_absolute(path) else os.path.abspath(path)  # noqa: PTH100 - links stay as they were given


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InvalidValue("env", text, "it must be NAME=VALUE")
    return name, value


def chosen_passphrase(
    use: bool | None, file: str | None, new: bool, *, dry_run: bool = False
) -> tuple[bool | None, Passphrase | None]:
    """What the options say about `use_passphrase`, and the passphrase: from a file, new, given by CI, or
    asked for, but not in a dry run.
    """
    if use is False and (file or new):
        raise Refused("--no-use-passphrase contradicts the option that gives a passphrase")
    if file and new:
        raise Refused("--passphrase-file and --generate-passphrase exclude each other")
    if file:
        return True, from_file(file)
    if new:
        return True, generate()
    if not use:
        return use, None
    return True, from_environment() or _ask(dry_run)


def _ask(dry_run: bool) -> Passphrase | None:
    if not sys.stdin.isatty():
        raise Refused(
            "a passphrase is needed and there is no terminal to ask at: "
            f"use --passphrase-file FILE ('-': standard input), {VARIABLE}, or --generate-passphrase"
        )
    if dry_run:
        return None
    from getpass import getpass

    first = Passphrase(getpass("Passphrase: "))
    if getpass("Once more: ") != first.reveal():
        raise Refused("the two passphrases differ; nothing was changed")
    return first
