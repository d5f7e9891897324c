"""Servers from within: top, threads, objects, stats."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from pygatectl.cli import render_live
from pygatectl.cli.options import Json, Name, Names, Tags, registry_of
from pygatectl.errors import InvalidValue, NotActive
from pygatectl.stats import Sample, Watched, held, running, statistics


def top(
    context: typer.Context,
    names: Names = None,
    tag: Tags = None,
    interval: Annotated[float, typer.Option(metavar="S", min=0.1, help="Seconds between two looks.")] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Look once: at all since each server's start.")] = False,
    sort: Annotated[
        str, typer.Option(metavar="COLUMN", help=f"The largest first: {', '.join(render_live.SORTABLE)}; or name.")
    ] = "calls",
    json: Json = False,
) -> int:
    """Show the servers that run, live: calls a second, how long they take, objects, threads, memory and processor time.

    One call in sixteen is timed, in the server; the times are those within which half and 99 in 100 of them took place.
    Ctrl-C ends it. Off a terminal, and with --json, a table or an object at each look.

    \b
    pygatectl top
    pygatectl top --once --sort memory
    pygatectl top 'web-*' --interval 5 --json
    """
    if sort != "name" and sort not in render_live.SORTABLE:
        raise InvalidValue("--sort", sort, f"it must be one of name, {', '.join(render_live.SORTABLE)}")
    registry = registry_of(context)
    watched = Watched(registry)

    def look() -> list[Sample]:
        definitions, _ = registry.choose(names or [], tag or [])
        samples = watched.look([one.name for one in definitions])
        return render_live.ordered([one for one in samples if names or one.error is None], sort)

    if not once:
        with suppress(KeyboardInterrupt):  # the way to end it
            render_live.watch(look, interval, as_json=json)
        return 0
    samples = look()
    render_live.samples(samples, as_json=json)
    return NotActive.exit_code if names and any(one.error for one in samples) else 0


def threads(context: typer.Context, name: Name, json: Json = False) -> None:
    """Show what the threads of a gateway's server run, for whom, and since when; the longest first.

    A call that never returns is seen here. Exit code 3 if the server does not run.

    \b
    pygatectl threads lab
    """
    found, total = running(registry_of(context), name)
    render_live.threads(name, found, total, as_json=json)


def objects(context: typer.Context, name: Name, json: Json = False) -> None:
    """Show the objects that hosts hold at a gateway's server, who holds each, and since when; the oldest first.

    Those of `pygatectl object` are among them. Exit code 3 if the server does not run.

    \b
    pygatectl objects lab --json
    """
    found, total = held(registry_of(context), name)
    render_live.objects(name, found, total, as_json=json)


def stats(
    context: typer.Context,
    names: Names = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="json|prometheus", help="The form; 'prometheus' is its text format.")
    ] = "json",
    json: Json = False,
) -> None:
    """Print what servers have counted since their start, for programs: of all that run, or of those named.

    Exit code 3 if one that was named does not run.

    \b
    pygatectl stats lab
    pygatectl stats --format prometheus > /var/lib/node_exporter/gateways.prom
    """
    if format_ not in ("json", "prometheus"):
        raise InvalidValue("--format", format_, "it must be 'json' or 'prometheus'")
    registry = registry_of(context)
    found = []
    for name in registry.select(names) if names else registry.names():
        try:
            found.append(statistics(registry, name))
        except NotActive:
            if names:
                raise
    render_live.stats(found, as_json=json or format_ == "json")
