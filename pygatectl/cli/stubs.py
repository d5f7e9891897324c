"""Stubs of a gateway's classes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pygatectl.cli import render
from pygatectl.cli.options import DryRun, Json, Name, registry_of
from pygatectl.definition import is_absolute
from pygatectl.stubs import make_stubs, write_stubs

Classes = Annotated[list[str], typer.Argument(metavar="MODULE.CLASS...", help="Classes; 'MODULE.' is all of a module.")]


def stubs(
    context: typer.Context,
    name: Name,
    classes: Classes,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR|-", help="Where the files go; - is standard output.")
    ] = ".",
    class_path: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="A module or folder that the server is to know first. Repeat."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that this command did not make.")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Write stubs (.pyi) of classes, so that an editor completes proxies and a type checker knows them.

    The gateway's server makes them, one file for each module: with the classes named, and those of the same
    modules that they need. A program names the class as the type of its proxy:
    person: "Person" = gateway.new("PersonDemo.Person"), Person imported where TYPE_CHECKING.

    \b
    pygatectl stubs lab PersonDemo.Person Company.Company --output stubs
    pygatectl stubs lab PersonDemo. --class-path /code/PersonDemo.py --output -
    """
    paths_of_modules = [one if is_absolute(one) else str(Path(one).absolute()) for one in class_path or ()]
    made = make_stubs(name, classes, registry_of(context), class_path=paths_of_modules)
    paths = None if output == "-" else write_stubs(made, Path(output), force=force, dry_run=dry_run)
    render.stubs(made, paths, dry_run=dry_run, as_json=json)
