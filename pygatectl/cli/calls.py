"""Calls from a shell: call, and object new, get, set, call, delete, list."""

from __future__ import annotations

from typing import Annotated

import typer

from pygatectl import calling
from pygatectl.calling import Objects
from pygatectl.cli import render, render_calls
from pygatectl.cli.options import DryRun, Json, Name, registry_of

Args = Annotated[
    list[str] | None, typer.Argument(metavar="[ARG]...", help="JSON, or else text; behind -- those that begin with -.")
]
Handle = Annotated[int, typer.Argument(metavar="HANDLE", help="What object new printed.")]

HELP = """Make objects that live between commands, and use them.

The gateway monitor keeps them, which is started if it does not run, until they are deleted, or it or the server ends.

\b
pygatectl object new lab PersonDemo.Person      (prints a handle: 1)
pygatectl object set lab 1 name George
pygatectl object call lab 1 company.displayEmployer
pygatectl object delete lab 1"""

object_ = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help=HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def call(
    context: typer.Context,
    name: Name,
    target: Annotated[str, typer.Argument(metavar="CLASS.METHOD", help="Of a module in a package: MODULE..FUNCTION.")],
    args: Args = None,
    json: Json = False,
) -> None:
    """Call a class method, static method or function on a gateway's server, and print its result.

    What it raises goes to standard error with its traceback, and the exit code is 1.

    \b
    pygatectl call lab PersonDemo.Person.load '{"name": "George"}'
    pygatectl call lab math.sqrt 2
    pygatectl call lab os.path..join usr lib
    """
    render_calls.answer(calling.call(registry_of(context), name, target, args or (), plain=json), as_json=json)


@object_.command()
def new(
    context: typer.Context,
    name: Name,
    class_name: Annotated[str, typer.Argument(metavar="CLASS")],
    args: Args = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Make an object and print its handle.

    \b
    pygatectl object new lab collections.deque '[1, 2]'
    """
    if dry_run:
        from pygatectl.rehearsal import object_new

        render.intent(object_new(registry_of(context), name, class_name, args or ()), as_json=json)
        return
    render_calls.kept(Objects(registry_of(context), name).new(class_name, args or ()), as_json=json)


@object_.command()
def get(context: typer.Context, name: Name, handle: Handle, attribute: str, json: Json = False) -> None:
    """Print an attribute of an object.

    \b
    pygatectl object get lab 1 company.name
    """
    render_calls.answer(Objects(registry_of(context), name).get(handle, attribute, plain=json), as_json=json)


@object_.command("set")
def set_(
    context: typer.Context,
    name: Name,
    handle: Handle,
    attribute: str,
    value: str,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Set an attribute of an object, to JSON or else text.

    \b
    pygatectl object set lab 1 age 99
    """
    if dry_run:
        from pygatectl.rehearsal import object_set

        render.intent(object_set(registry_of(context), name, handle, attribute, value), as_json=json)
        return
    Objects(registry_of(context), name).set(handle, attribute, value)
    render_calls.done(name, [handle], as_json=json)


@object_.command("call")
def call_method(
    context: typer.Context, name: Name, handle: Handle, method: str, args: Args = None, json: Json = False
) -> None:
    """Call a method of an object and print its result.

    \b
    pygatectl object call lab 1 displayPerson
    """
    render_calls.answer(Objects(registry_of(context), name).call(handle, method, args or (), plain=json), as_json=json)


@object_.command()
def delete(
    context: typer.Context,
    name: Name,
    handles: Annotated[list[int], typer.Argument(metavar="HANDLE...")],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Let go of objects.

    \b
    pygatectl object delete lab 1
    """
    if dry_run:
        from pygatectl.rehearsal import object_delete

        render.intent(object_delete(registry_of(context), name, handles), as_json=json)
        return
    Objects(registry_of(context), name).delete(handles)
    render_calls.done(name, handles, as_json=json)


@object_.command("list")
def list_(context: typer.Context, name: Name, json: Json = False) -> None:
    """List the objects that are kept.

    \b
    pygatectl object list lab --json
    """
    render_calls.all_kept(Objects(registry_of(context), name).kept(), as_json=json)
