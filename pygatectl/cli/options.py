"""The options that several commands share, and the library's objects that they mean."""

from __future__ import annotations

from typing import Annotated

import typer

from pygatectl.registry import Registry

Json = Annotated[bool, typer.Option("--json", help="Print JSON (schema pygatectl/1), errors too.")]
Names = Annotated[list[str] | None, typer.Argument(metavar="NAME...", help="Names or quoted globs.")]
Name = Annotated[str, typer.Argument(metavar="NAME")]
All = Annotated[bool, typer.Option("--all", help="Every definition of this machine.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="Those with this tag. Repeat: or that.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]


def registry_of(context: typer.Context) -> Registry:
    """The registry that the command line means."""
    return Registry(context.find_root().obj)


def chosen_names(
    registry: Registry, names: list[str] | None, everything: bool, tags: list[str] | None = None
) -> list[str]:
    """The definitions that a command acts on; names and `--all` exclude each other, and one or a tag is needed."""
    if everything and names:
        raise typer.BadParameter("give names or --all, not both")
    if everything or (tags and not names):
        from pygatectl.ports import is_local

        found = registry.choose([], tags)[0] if tags else [registry.find(name).definition for name in registry.names()]
        return [one.name for one in found if is_local(one.host)]
    if names and tags:
        return [one.name for one in registry.choose(names, tags)[0]]
    if not names:
        raise typer.BadParameter("give the names of gateways, --all, or --tag")
    return registry.select(names)
