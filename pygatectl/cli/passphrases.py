"""Passphrases: passphrase set, passphrase rotate, passphrase show-origin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pygatectl.cli import render, render_passphrase
from pygatectl.cli.definitions import log_edit, warnings_of
from pygatectl.cli.options import DryRun, Json, Name, registry_of
from pygatectl.cli.settings import PassphraseFile, chosen_passphrase
from pygatectl.errors import Refused
from pygatectl.passphrase import Passphrase, generate, write_new
from pygatectl.registry import Registry
from pygatectl.state import origin

if TYPE_CHECKING:
    from pygatectl.rehearsal import Intent

HELP = """Give a gateway a passphrase, change it, and see where it is kept.

\b
pygatectl passphrase set lab
pygatectl passphrase rotate lab"""

passphrase = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help=HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@passphrase.command(name="set")
def set_(
    context: typer.Context,
    name: Name,
    passphrase_file: PassphraseFile = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Require a passphrase to connect.

    It is asked for without echo, or taken from PYGATECTL_PASSPHRASE or a file. A server that runs has it from its
    next start on.

    \b
    pygatectl passphrase set lab
    pygatectl passphrase set lab --passphrase-file /run/secrets/lab
    """
    registry = registry_of(context)
    registry.get(name)
    _, given = chosen_passphrase(True, passphrase_file, False, dry_run=dry_run)
    if dry_run:
        render.intent(_intent(registry, name, None), as_json=json)
        return
    assert given is not None  # noqa: S101 - what is to be used was given, or the line above has refused
    _keep(registry, name, given)
    warnings = warnings_of(registry, registry.get(name))
    render_passphrase.changed(origin(registry, name), None, None, warnings, as_json=json)


@passphrase.command()
def rotate(
    context: typer.Context,
    name: Name,
    to_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write it to a new file that its owner alone can read.")
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Make a strong new passphrase, and print it once.

    A server that runs takes the old one until it is restarted; programs that use this registry have the
    new one at once.

    \b
    pygatectl passphrase rotate lab && pygatectl restart lab
    pygatectl passphrase rotate lab --to-file lab.secret
    """
    registry = registry_of(context)
    registry.get(name)
    path = None if to_file is None else Path(to_file).absolute()
    if dry_run:
        render.intent(_intent(registry, name, path), as_json=json)
        return
    made = generate()
    if path is not None:
        write_new(path, made)
    _keep(registry, name, made)
    shown = made if path is None else None
    warnings = warnings_of(registry, registry.get(name))
    render_passphrase.changed(origin(registry, name), shown, path, warnings, as_json=json)


@passphrase.command(name="show-origin")
def show_origin(context: typer.Context, name: Name, json: Json = False) -> None:
    """Show where the passphrase is kept and since when, and whether the server that runs has it; never the passphrase.

    \b
    pygatectl passphrase show-origin lab --json
    """
    render_passphrase.origin(origin(registry_of(context), name), as_json=json)


def _keep(registry: Registry, name: str, secret: Passphrase) -> None:
    before, after = registry.edit(name, {"use_passphrase": True}, secret)
    log_edit(registry, before, after, new_passphrase=True)


def _intent(registry: Registry, name: str, path: Path | None) -> Intent:
    """What would be done. Raises `Refused` for a file that is there already."""
    from pygatectl.rehearsal import Intent

    if path is not None and path.exists():
        raise Refused(f"{path} can't be written: File exists; name a file that is not there yet")
    change = "get another" if registry.get(name).use_passphrase else "ask for a"
    kept = f"{registry.passphrases.file(name)}" + (f", and written to {path}" if path else "")
    return Intent(name, f"would {change} passphrase, kept in {kept}")
