"""Gateway monitors: monitor start, monitor status, monitor stop."""

from __future__ import annotations

from typing import Annotated

import typer

from pygatectl.cli import render, render_monitor
from pygatectl.cli.options import DryRun, Json, Name, Names, registry_of
from pygatectl.errors import Conflict, NotActive
from pygatectl.monitor import GRACE, STOP_TIMEOUT, Monitors

HELP = """Share one gateway connection among processes: the gateway monitor.

\b
pygatectl monitor start lab --stay
pygatectl monitor status"""

monitor = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help=HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@monitor.command()
def start(
    context: typer.Context,
    name: Name,
    grace: Annotated[
        float, typer.Option(metavar="S", min=0.0, max=86400.0, help="Seconds without a client after which it ends.")
    ] = GRACE,
    stay: Annotated[bool, typer.Option("--stay", help="Let it run until it is stopped, or its server ends.")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Start the monitor of a gateway whose server is active.

    One that runs already is no error. open_gateway(name, shared=True) starts it, too.

    \b
    pygatectl monitor start lab --stay
    """
    if dry_run:
        from pygatectl.rehearsal import monitor_start

        render.intent(monitor_start(registry_of(context), name), as_json=json)
        return
    render_monitor.status(Monitors(registry_of(context)).start(name, grace=grace, stay=stay), as_json=json)


@monitor.command()
def status(context: typer.Context, names: Names = None, json: Json = False) -> int:
    """Show monitors: of all gateways, or of those named. Exit code 3 if one that was named has none that answers.

    \b
    pygatectl monitor status lab --json
    """
    registry = registry_of(context)
    monitors = Monitors(registry)
    chosen = registry.select(names) if names else registry.names()
    found = [monitors.status(name) for name in chosen]
    render_monitor.statuses(found, as_json=json)
    return NotActive.exit_code if names and not all(one.running and not one.note for one in found) else 0


@monitor.command(hidden=True)
def act(
    context: typer.Context,
    name: Name,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why it failed.")],
    pid: Annotated[int | None, typer.Option(metavar="PID", help="The process that failed.")] = None,
    first: Annotated[bool, typer.Option("--first", help="Nothing was done about this failure yet.")] = False,
    alert: Annotated[bool, typer.Option("--alert", help="An alert is due, if the definition asks for one.")] = False,
    flapping: Annotated[bool, typer.Option("--flapping", help="It failed too often to be restarted.")] = False,
    json: Json = False,
) -> int:
    """Do about a failed server what its definition says. Monitors run this.

    Exit code 0 if it was restarted, 1 if it fails still, 5 if it answers, 3 if nothing more is to be done.

    \b
    pygatectl monitor act lab --why 'no answer' --alert
    """
    from pygatectl.failing import FAILING, RESTARTED, WELL, Failure
    from pygatectl.failing import act as act_on

    done = act_on(registry_of(context), name, Failure(why, pid, first, alert, flapping))
    render_monitor.acted(done, as_json=json)
    return {RESTARTED: 0, FAILING: 1, WELL: Conflict.exit_code}.get(done.outcome, NotActive.exit_code)


@monitor.command()
def stop(
    context: typer.Context,
    name: Name,
    timeout: Annotated[
        float, typer.Option(metavar="S", min=0.0, help="Seconds for a soft stop, before it is killed.")
    ] = STOP_TIMEOUT,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Stop the monitor of a gateway.

    The connections of its clients end with it. One that does not run is no error.

    \b
    pygatectl monitor stop lab
    """
    if dry_run:
        from pygatectl.rehearsal import monitor_stop

        render.intent(monitor_stop(registry_of(context), name), as_json=json)
        return
    render_monitor.stopped(Monitors(registry_of(context)).stop(name, timeout), as_json=json)
