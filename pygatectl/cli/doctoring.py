"""What is wrong, and how to put it right: doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from pygatectl.cli import render_doctor
from pygatectl.cli.options import DryRun, Json, Names, registry_of
from pygatectl.doctor import ERROR, examine, repair


def doctor(
    context: typer.Context,
    names: Names = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Put right what is safe to: permissions of secrets, stale records.")
    ] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Look for what is wrong with gateways, of all or of those named, and say what helps.

    Interpreters, class paths and what they import, hosts and ports, folders and logs, secrets, records that a crash
    left, servers that run with an older definition. Exit code 1 if an error is found, and not put right.

    \b
    pygatectl doctor
    pygatectl doctor lab --fix
    """
    if dry_run and not fix:
        raise typer.BadParameter("--dry-run shows what --fix would do; give both")
    found = examine(registry_of(context), names or [])
    done, left = repair(found) if fix and not dry_run else ([], found)
    render_doctor.findings(left, done, would_fix=fix and dry_run, as_json=json)
    return 1 if any(one.severity == ERROR for one in left) else 0
