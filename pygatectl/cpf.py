"""The `[Gateways]` lines of an InterSystems IRIS configuration parameter file (CPF), read and written. No I/O.

A line is `Name=Python,Port,Resource,PythonPath,PythonOptions,(unused),LogFile,...`. That is the documented order; the
class Config.Gateways puts the options before the path, and versions before 2022 have `Name=Python,Server,Port,...`.
All of these are read, told apart by what looks like a path and what like a port; the documented one is written.
"""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from pygatectl.definition import Definition, is_absolute
from pygatectl.errors import InvalidValue

SECTION = "[Gateways]"
LOG_FILE = 6
"""The place of the log file, behind three common fields and three of the type."""


@dataclass(frozen=True)
class Line:
    """A line that describes a Python gateway: its number, name there and here, and the fields that it gives."""

    number: int
    label: str
    name: str
    settings: dict[str, object]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Skipped:
    """A line that describes a gateway of another type."""

    number: int
    label: str
    type: str


def read(text: str) -> Iterator[Line | Skipped]:
    """The lines of the section. Raises `InvalidValue`, naming the line, for one that can't be understood."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            inside = stripped.casefold() == SECTION.casefold()
        elif inside and stripped and stripped[0] not in ";#":
            try:
                yield _line(number, stripped)
            except (ValueError, csv.Error) as error:
                raise InvalidValue(f"line {number}:", stripped, str(error)) from None


def _line(number: int, text: str) -> Line | Skipped:
    """Raises ValueError with the rule that the line breaks."""
    label, equals, rest = text.partition("=")
    fields = [one.strip() for one in next(csv.reader([rest], skipinitialspace=True, strict=True), [])]
    if not equals or not label.strip() or len(fields) < 2:
        raise ValueError("a line is Name=Python,Port,...")
    label = label.strip()
    if fields[0].casefold() != "python":
        return Skipped(number, label, fields[0])
    server, port, rest_fields = _address(fields[1:])
    path, options, rest_fields = _path_and_options(rest_fields)
    log_file, left = _log_file(rest_fields)
    settings: dict[str, object] = {"port": port, **({"host": server} if server else {})}
    settings.update({"python": path, "python_options": shlex.split(options), "log_file": log_file})
    notes = [f"line {number}: the field {one!r} has no counterpart here" for one in left]
    name = own_name(label)
    if name != label:
        notes.insert(0, f"line {number}: {label!r} is called {name!r} here")
    return Line(number, label, name, settings, tuple(notes))


def _address(fields: list[str]) -> tuple[str, int, list[str]]:
    """The server, if an old line names one, the port, and what follows the resource, or the port of an old line."""
    if fields[0].isdigit():
        return "", int(fields[0]), fields[2:]
    if len(fields) > 1 and fields[1].isdigit():
        return fields[0], int(fields[1]), fields[2:]
    raise ValueError("its second field must be a port (or, in an old line, a server that its port follows)")


def _path_and_options(fields: list[str]) -> tuple[str, str, list[str]]:
    """The interpreter's path and its options, in either order, and the fields behind them."""
    first, second, *rest = [*fields, "", ""]
    if first.startswith("-") or (is_absolute(second) and not is_absolute(first)):
        first, second = second, first
    if first and not is_absolute(first):
        raise ValueError(f"neither of {first!r} and {second!r} is the full path of an interpreter")
    if second and not second.startswith("-"):
        raise ValueError(f"{second!r} are no options of an interpreter, which begin with '-'")
    return first, second, rest


def _log_file(fields: list[str]) -> tuple[str, list[str]]:
    """The log file, and the fields that mean nothing here."""
    log_file = next((one for one in fields if is_absolute(one)), "")
    return log_file, [one for one in fields if one and one != log_file]


def own_name(label: str) -> str:
    """A name as definitions have it: `%Python Server` becomes `Python-Server`."""
    return re.sub(r"[^\w.-]+", "-", re.sub(r"^[\W_]+", "", label)).strip("-.")


def write(definitions: list[Definition]) -> str:
    """The section, with a line for each definition in the documented order."""
    return "".join(f"{one}\n" for one in [SECTION, *map(_written, definitions)])


def _written(one: Definition) -> str:
    fields = ["Python", str(one.port), "", one.python or "", shlex.join(one.python_options), "", one.log_file or ""]
    while not fields[-1]:
        fields.pop()
    made = io.StringIO()
    csv.writer(made, lineterminator="").writerow(fields)
    return f"{one.name}={made.getvalue()}"


def unsaid(one: Definition) -> list[str]:
    """The fields that differ from their default and that such a line can't say."""
    return [key for key in one.stored() if key not in ("port", "python", "python_options", "log_file")]
