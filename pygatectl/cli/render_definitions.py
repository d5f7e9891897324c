"""How definitions are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pygatectl.cli.render import error_json, line, no_definitions, print_json, table, tell_errors, warn
from pygatectl.definition import RULES, Definition

if TYPE_CHECKING:
    from pygatectl.errors import PygatectlError
    from pygatectl.launch import Plan
    from pygatectl.passphrase import Passphrase


def definition_json(definition: Definition) -> dict[str, object]:
    return {"name": definition.name, "type": "Python", **definition.settings()}


@dataclass(frozen=True)
class Changed:
    """What became of a definition, or in a dry run would: its warnings, and a passphrase that was made."""

    done: str
    definition: Definition
    warnings: Sequence[str] = ()
    changes: Mapping[str, tuple[object, object]] | None = None
    """For an edit: the fields that changed, each with its value before and after."""
    secret: Passphrase | None = None
    dry_run: bool = False
    unchanged: bool = False
    """Whether nothing was different, so that nothing was written."""


_INFINITIVES = {"created": "create", "changed": "change", "replaced": "replace"}


def definition_changed(what: Changed, *, as_json: bool) -> None:
    """A definition that was changed; a passphrase that was made is shown this once."""
    if as_json:
        print_json(**changed_json(what), warnings=list(what.warnings))
        return
    changed_lines(what)
    if what.secret:
        line(f"passphrase: {what.secret.reveal()}")
    warn(what.warnings)


def changed_json(what: Changed) -> dict[str, object]:
    shown: dict[str, object] = {"definition": definition_json(what.definition), "dry_run": what.dry_run}
    if what.changes is not None:
        shown["changes"] = {key: {"before": old, "after": new} for key, (old, new) in what.changes.items()}
    if what.secret:
        shown["generated_passphrase"] = what.secret.reveal()
    return shown


def changed_lines(what: Changed) -> None:
    """One line; in a dry run a further one for each field that would change."""
    if what.unchanged:
        line(f"{what.definition.name} is as it was")
        return
    done = f"would {_INFINITIVES[what.done]}" if what.dry_run else what.done
    line(f"{done} {what.definition.name} on {what.definition.server}")
    for key, (old, new) in (what.changes or {}).items() if what.dry_run else ():
        line(f"  {key}: {_shown(old)} -> {_shown(new)}")


def _shown(value: object) -> str:
    return _field(tuple(value) if isinstance(value, list) else value) or "(none)"


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
