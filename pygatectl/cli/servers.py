"""Servers: start, stop, restart."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pygatectl.cli import render
from pygatectl.cli.options import All, DryRun, Json, Names, Tags, chosen_names, registry_of
from pygatectl.many import each
from pygatectl.server import STOP_TIMEOUT, Servers, Started
from pygatectl.spawn import Report

if TYPE_CHECKING:
    from pygatectl.rehearsal import Intent, Rehearsal

StartTimeout = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="S",
        min=0.1,
        help="Seconds to become ready. [default: the initialization timeout]",
    ),
]
StopTimeout = Annotated[
    float,
    typer.Option("--timeout", metavar="S", min=0.0, help="Seconds for a soft stop, before it is killed."),
]
Force = Annotated[bool, typer.Option("--force", help="Kill at once, without a soft stop.")]
Insecure = Annotated[bool, typer.Option("--insecure", help="Listen beyond loopback without a passphrase, this time.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show the command and where its output goes.")]


def start(
    context: typer.Context,
    names: Names = None,
    everything: All = False,
    tag: Tags = None,
    timeout: StartTimeout = None,
    insecure: Insecure = False,
    verbose: Verbose = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Start servers, and return when each has proved that it is ready.

    With several, the exit code is the highest of theirs.

    \b
    pygatectl start lab
    pygatectl start 'test-*' other --timeout 30
    """
    if dry_run:
        return _rehearse(
            context,
            names,
            everything,
            tag,
            "start",
            lambda rehearsal, name: rehearsal.start(name, insecure=insecure),
            json,
        )
    return _each(
        context,
        names,
        everything,
        tag,
        "start",
        "started",
        lambda servers, name, report: servers.start(name, timeout, report, insecure=insecure),
        json,
        verbose,
    )


def stop(
    context: typer.Context,
    names: Names = None,
    everything: All = False,
    tag: Tags = None,
    timeout: StopTimeout = STOP_TIMEOUT,
    force: Force = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Stop servers and all their children: softly, then by force. One that does not run is no error.

    With several, the exit code is the highest of theirs.

    \b
    pygatectl stop lab
    pygatectl stop --all --timeout 2
    pygatectl stop --tag batch
    """
    if dry_run:
        return _rehearse(
            context, names, everything, tag, "stop", lambda rehearsal, name: rehearsal.stop(name, force), json
        )
    return _each(
        context,
        names,
        everything,
        tag,
        "stop",
        "stopped",
        lambda servers, name, report: servers.stop(name, timeout, force, report),
        json,
    )


def restart(
    context: typer.Context,
    names: Names = None,
    everything: All = False,
    tag: Tags = None,
    timeout: StartTimeout = None,
    stop_timeout: Annotated[
        float, typer.Option(metavar="S", min=0.0, help="Seconds for a soft stop, before it is killed.")
    ] = STOP_TIMEOUT,
    force: Force = False,
    insecure: Insecure = False,
    verbose: Verbose = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Stop servers if they run, and start them.

    \b
    pygatectl restart lab
    pygatectl restart --all
    """

    if dry_run:
        return _rehearse(
            context,
            names,
            everything,
            tag,
            "restart",
            lambda rehearsal, name: rehearsal.restart(name, insecure=insecure),
            json,
        )

    def action(servers: Servers, name: str, report: Report) -> Started:
        return servers.restart(name, timeout, stop_timeout, force, report, insecure=insecure)

    return _each(context, names, everything, tag, "restart", "started", action, json, verbose)


def _each(
    context: typer.Context,
    names: list[str] | None,
    everything: bool,
    tags: list[str] | None,
    command: str,
    done: str,
    action: Callable[[Servers, str, Report], Any],
    json: bool,
    verbose: bool = False,
) -> int:
    registry = registry_of(context)
    servers = Servers(registry)
    chosen = chosen_names(registry, names, everything, tags)
    with render.Progress(done, as_json=json, verbose=verbose) as progress:
        outcomes = each(chosen, lambda name, report: action(servers, name, report), progress.step, progress.done)
    return render.outcomes(command, outcomes, as_json=json)


def _rehearse(
    context: typer.Context,
    names: list[str] | None,
    everything: bool,
    tags: list[str] | None,
    command: str,
    action: Callable[[Rehearsal, str], Intent],
    json: bool,
) -> int:
    from pygatectl.rehearsal import Rehearsal

    registry = registry_of(context)
    chosen = chosen_names(registry, names, everything, tags)
    rehearsal = Rehearsal(registry)
    return render.rehearsed(command, chosen, lambda name: action(rehearsal, name), as_json=json)
