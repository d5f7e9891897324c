"""The options that several commands share, and the library's objects that they mean."""

from __future__ import annotations

from typing import Annotated

import typer

from pygatectl.registry import Registry

Json = Annotated[bool, typer.Option("--json", help="Print JSON (schema pygatectl/1), errors too.")]
Names = Annotated[list[str] | None, typer.Argument(metavar="NAME...", help="Names or quoted globs.")]
Name = Annotated[str, typer.Argument(metavar="NAME")]
All = Annotated[bool, typer.Option("--all", help="Every definition of this machine.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]


def registry_of(context: typer.Context) -> Registry:
    """The registry that the command line means."""
    return Registry(context.find_root().obj)


def chosen_names(registry: Registry, names: list[str] | None, everything: bool) -> list[str]:
    """The definitions that a command acts on; names and `--all` exclude each other, and one is needed."""
    if everything and names:
        raise typer.BadParameter("give names or --all, not both")
    if everything:
        from pygatectl.ports import is_local

        return [one.name for one in registry.all() if is_local(one.host)]
    if not names:
        raise typer.BadParameter("give the names of gateways, or --all")
    return registry.select(names)
