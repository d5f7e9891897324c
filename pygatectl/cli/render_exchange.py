"""What is shown of exports and imports."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pygatectl import cpf
from pygatectl.cli.render import is_unicode, line, note, print_json
from pygatectl.cli.render_definitions import Changed, changed_json, changed_lines

if TYPE_CHECKING:
    from pygatectl.definition import Definition
    from pygatectl.exchange import Imported


@dataclass(frozen=True)
class Exported:
    """Definitions as a text, which went to a file, or goes to standard output."""

    form: str
    definitions: Sequence[Definition]
    text: str
    file: str | None
    dry_run: bool


def exported(done: Exported, *, as_json: bool) -> None:
    """The text itself, or where it is; on standard error what it can't say."""
    names = [one.name for one in done.definitions]
    notes = _left_out(done)
    if as_json and (done.file or done.form != "json"):
        shown = {"file": done.file} if done.file else {"text": done.text}
        print_json(format=done.form, names=names, notes=notes, dry_run=done.dry_run, **shown)
        return
    if done.file is None:
        ascii_only = done.form == "json" and not is_unicode(sys.stdout)
        sys.stdout.write(json.dumps(json.loads(done.text), indent=2) + "\n" if ascii_only else done.text)
    else:
        line(f"{'would write' if done.dry_run else 'wrote'} {done.file}: {len(names)} definitions as {done.form}")
    for one in notes:
        note(f"warning: {one}")


def _left_out(done: Exported) -> list[str]:
    notes = [f"the passphrase of {one.name} is left out" for one in done.definitions if one.use_passphrase]
    if done.form == "cpf":
        left = {one.name: cpf.unsaid(one) for one in done.definitions}
        notes += [f"CPF has no place for these of {name}: {', '.join(keys)}" for name, keys in left.items() if keys]
    return notes


def imported(found: Imported, *, dry_run: bool, as_json: bool) -> None:
    """Each definition that was stored, or in a dry run would be, and remarks."""
    changes = [
        Changed(
            "created" if before is None else "replaced",
            after,
            changes=None if before is None else after.changes_from(before),
            dry_run=dry_run,
            unchanged=after == before,
        )
        for before, after in found.done
    ]
    if as_json:
        print_json(imported=[changed_json(one) for one in changes], notes=found.notes, dry_run=dry_run)
        return
    for one in changes:
        changed_lines(one)
    for text in found.notes:
        note(f"warning: {text}")
