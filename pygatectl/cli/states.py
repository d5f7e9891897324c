"""States: status, is-active, wait, ping."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from pygatectl.cli import render_states
from pygatectl.cli.options import Json, Name, Names, Tags, registry_of
from pygatectl.cli.status_view import COLUMNS, View
from pygatectl.errors import InvalidValue, NotActive, PygatectlError
from pygatectl.state import Status, observe, survey, wait_for

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing; the exit code tells.")]


def status(
    context: typer.Context,
    names: Names = None,
    tag: Tags = None,
    columns: Annotated[
        str | None, typer.Option(metavar="COLUMN,...", help=f"Show these: {', '.join(COLUMNS)}.")
    ] = None,
    sort: Annotated[
        str | None, typer.Option(metavar="COLUMN,...", help="Sort by these; -COLUMN is descending.")
    ] = None,
    filter_: Annotated[
        list[str] | None,
        typer.Option("--filter", metavar="STATE|COLUMN=GLOB", help="Those that fit; also COLUMN!=GLOB. Repeat."),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, until Ctrl-C; off a terminal, at each change.")
    ] = False,
    interval: Annotated[float, typer.Option(metavar="S", min=0.1, help="With --watch: seconds between looks.")] = 2.0,
    json: Json = False,
) -> int:
    """Show the state of gateways: of all, or of those named.

    Active, Inactive; Starting, Stopping; Failed (the last start failed, or the server died), Unresponsive
    (its process lives, but does not answer), Foreign (another program holds the port). Exit code 3 if one
    that was named, or has the tag, is not active.

    \b
    pygatectl status
    pygatectl status 'test-*' --json
    pygatectl status --filter failed --filter unresponsive --columns name,note
    pygatectl status --tag batch --sort -uptime --watch
    """
    view = View.of(columns, sort, filter_ or ())
    registry = registry_of(context)

    def look() -> tuple[list[Status], list[PygatectlError]]:
        definitions, errors = registry.choose(names or [], tag or [])
        return survey(registry, definitions), errors

    if watch:
        with suppress(KeyboardInterrupt):  # the way to end it
            render_states.watch(look, view, interval, as_json=json)
        return 0
    states, errors = look()
    code = render_states.statuses(states, errors, view, as_json=json)
    return code or (NotActive.exit_code if (names or tag) and not all(one.active for one in states) else 0)


def is_active(context: typer.Context, name: Name, quiet: Quiet = False, json: Json = False) -> int:
    """Print the state of a gateway. Exit code 0 if it is Active, else 3.

    \b
    pygatectl is-active lab --quiet || pygatectl start lab
    """
    registry = registry_of(context)
    state = observe(registry, registry.get(name))
    if not quiet:
        render_states.state_word(state, as_json=json)
    return 0 if state.active else NotActive.exit_code


def wait(
    context: typer.Context,
    name: Name,
    goal: Annotated[str, typer.Option("--for", metavar="active|inactive", help="What to wait for.")] = "active",
    timeout: Annotated[
        float | None,
        typer.Option(metavar="S", min=0.0, help="Give up after so many seconds, with exit code 1."),
    ] = None,
    json: Json = False,
) -> None:
    """Wait until a gateway is active, or has no process any more.

    \b
    pygatectl wait lab --for inactive --timeout 60
    """
    if goal not in ("active", "inactive"):
        raise InvalidValue("--for", goal, "it must be 'active' or 'inactive'")
    registry = registry_of(context)
    render_states.state_word(wait_for(registry, name, goal == "active", timeout), as_json=json)


def ping(context: typer.Context, name: Name, json: Json = False) -> None:
    """Ping a gateway's server, authenticated, and print the round-trip time. Exit code 3 without an answer.

    \b
    pygatectl ping lab
    """
    from pygatectl.connect import round_trip

    render_states.round_trip(name, round_trip(name, registry_of(context)), as_json=json)
