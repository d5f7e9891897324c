"""Definitions for other programs and machines: export, import."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pygatectl import exchange
from pygatectl.cli import render_exchange
from pygatectl.cli.definitions import log_edit, log_event
from pygatectl.cli.options import DryRun, Json, Names, Tags, registry_of
from pygatectl.errors import InvalidValue, Refused
from pygatectl.storage import replace_file

Format = Annotated[
    str | None, typer.Option("--format", metavar="json|toml|cpf", help="The format. [default: as the file is named]")
]


def export(
    context: typer.Context,
    names: Names = None,
    tag: Tags = None,
    form: Format = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file, for its owner alone.")
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Print definitions as TOML, JSON, or the [Gateways] lines of an IRIS configuration parameter file.

    All, or those named. Passphrases are never among them. What CPF can't say is told on standard error.

    \b
    pygatectl export > gateways.toml
    pygatectl export lab --output lab.json
    pygatectl export --tag prod --format cpf
    """
    definitions, errors = registry_of(context).choose(names or [], tag or [])
    if errors:
        raise errors[0]
    form = _known(form or ("json" if json and not output else exchange.format_of(output) if output else "toml"))
    text = exchange.to_text(definitions, form)
    if output and not dry_run:
        replace_file(Path(output).absolute(), text.encode())
    done = render_exchange.Exported(form, definitions, text, output, dry_run)
    render_exchange.exported(done, as_json=json)


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A file, or - for standard input.")],
    form: Format = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace definitions that are there already.")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Store all definitions of a file, or none: JSON or TOML as exported, or an IRIS CPF.

    One that is there already is a conflict, unless --replace. Of a CPF the lines of the type Python in
    its [Gateways] are taken, in either order of interpreter path and options; other types are left out.

    \b
    pygatectl import gateways.toml
    pygatectl import iris.cpf --dry-run
    pygatectl import - --format json --replace < lab.json
    """
    registry = registry_of(context)
    text = _read(file)
    form = _known(form or exchange.format_of(file, text))
    found = exchange.import_text(registry, text, form, replace=replace, dry_run=dry_run)
    for before, after in found.done if not dry_run else ():
        if before is None:
            log_event(registry, after, f"definition imported from {file}")
        else:
            log_edit(registry, before, after, new_passphrase=False)
    render_exchange.imported(found, dry_run=dry_run, as_json=json)


def _known(form: str) -> str:
    if form not in exchange.FORMATS:
        raise InvalidValue("--format", form, f"it must be one of {', '.join(exchange.FORMATS)}")
    return form


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise Refused(f"{file} can't be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Refused(f"{file}, line {line}: not UTF-8; nothing was imported") from None
