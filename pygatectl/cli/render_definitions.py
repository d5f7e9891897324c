"""How definitions are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pygatectl.cli.render import error_json, line, no_definitions, print_json, table, tell_errors, warn
from pygatectl.definition import RULES, Definition

if TYPE_CHECKING:
    from pygatectl.errors import PygatectlError
    from pygatectl.launch import Plan
    from pygatectl.passphrase import Passphrase


def definition_json(definition: Definition) -> dict[str, object]:
    return {"name": definition.name, "type": "Python", **definition.settings()}


def definition_changed(
    done: str, definition: Definition, warnings: list[str], secret: Passphrase | None, *, as_json: bool
) -> None:
    """What became of a definition, its warnings, and a passphrase that was made: this once."""
    if as_json:
        shown = {"generated_passphrase": secret.reveal()} if secret else {}
        print_json(definition=definition_json(definition), warnings=warnings, **shown)
        return
    line(f"{done} {definition.name} on {definition.server}")
    if secret:
        line(f"passphrase: {secret.reveal()}")
    warn(warnings)


def definitions(found: Sequence[Definition], errors: Sequence[PygatectlError], *, as_json: bool) -> int:
    """The list of definitions; then the errors of those that are not valid, of which one's code is
    returned.
    """
    if as_json:
        print_json(definitions=[definition_json(one) for one in found], errors=[error_json(one) for one in errors])
    elif found:
        headers, rows = _columns(found)
        table(headers, rows, right=("Port",))
    else:
        no_definitions(errors)
    return tell_errors(errors, as_json)


def _columns(found: Sequence[Definition]) -> tuple[list[str], list[list[str]]]:
    """The portal's columns, and those that one of the definitions has something for."""
    headers = ["Name", "Type", "Server", "Port", "Passphrase", "Python"]
    rows = [
        [one.name, "Python", one.host, str(one.port), "yes" if one.use_passphrase else "no", one.python or ""]
        for one in found
    ]
    for header, cells in (
        ("Tags", [",".join(one.tags) for one in found]),
        ("Description", [one.description or "" for one in found]),
    ):
        if any(cells):
            headers.append(header)
            rows = [[*row, cell] for row, cell in zip(rows, cells, strict=True)]
    return headers, rows


def definition(found: Definition, plan: Plan, warnings: list[str], *, as_json: bool) -> None:
    """Every field of a definition, and the command that a start would run."""
    if as_json:
        print_json(definition=definition_json(found), command=list(plan.argv), warnings=warnings)
        return
    from pygatectl.launch import interpreter_of

    rows = [("name", found.name), ("type", "Python")]
    rows += [(key, _field(getattr(found, key))) for key in RULES]
    rows = [
        (key, f"{interpreter_of(found)} (default)") if row == ("python", "") else row
        for row in rows
        for key in [row[0]]
    ]
    rows.append(("command", plan.command))
    width = max(len(key) for key, _ in rows)
    for key, text in rows:
        line(f"{key.ljust(width)}  {text}".rstrip())
    warn(warnings)


def _field(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={text}" for name, text in value.items())
    return str(value)


def command(found: Definition, plan: Plan, *, as_json: bool) -> None:
    if as_json:
        print_json(name=found.name, command=list(plan.argv), cwd=plan.cwd)
    else:
        line(plan.command)
