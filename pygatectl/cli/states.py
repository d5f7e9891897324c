"""States: status, is-active, wait, ping."""

from __future__ import annotations

from typing import Annotated

import typer

from pygatectl.cli import render_states
from pygatectl.cli.options import Json, Name, Names, registry_of
from pygatectl.errors import InvalidValue, NotActive
from pygatectl.state import observe, survey, wait_for

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing; the exit code tells.")]


def status(context: typer.Context, names: Names = None, json: Json = False) -> int:
    """Show the state of gateways: of all, or of those named.

    Active, Inactive; Starting, Stopping; Failed (the last start failed, or the server died), Unresponsive
    (its process lives, but does not answer), Foreign (another program holds the port). Exit code 3 if one
    that was named is not active.

    \b
    pygatectl status
    pygatectl status 'test-*' --json
    """
    registry = registry_of(context)
    definitions, errors = registry.read()
    if names:
        definitions, errors = [registry.get(name) for name in registry.select(names)], []
    states = survey(registry, definitions)
    code = render_states.statuses(states, errors, as_json=json)
    return code or (NotActive.exit_code if names and not all(one.active for one in states) else 0)


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
