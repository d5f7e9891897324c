"""Definitions: create, edit, clone, delete, list, show."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated

import typer

from pygatectl.cli import render, render_definitions, settings
from pygatectl.cli.options import DryRun, Json, Name, Names, Tags, Yes, registry_of
from pygatectl.cli.render_definitions import Changed
from pygatectl.definition import Definition
from pygatectl.errors import PygatectlError, Refused
from pygatectl.interpreter import missing
from pygatectl.passphrase import Passphrase
from pygatectl.registry import Registry


def create(
    context: typer.Context,
    name: Name,
    port: settings.Port,
    host: settings.Host = None,
    use_passphrase: settings.UsePassphrase = None,
    passphrase_file: settings.PassphraseFile = None,
    generate_passphrase: settings.GeneratePassphrase = False,
    log_file: settings.LogFile = None,
    python: settings.Python = None,
    python_option: settings.PythonOption = None,
    env: settings.Env = None,
    cwd: settings.Cwd = None,
    class_path: settings.ClassPath = None,
    preload: settings.Preload = None,
    insecure: settings.Insecure = None,
    use_tls: settings.UseTls = None,
    tls_certificate: settings.TlsCertificate = None,
    tls_key: settings.TlsKey = None,
    tls_ca: settings.TlsCa = None,
    tls_host_name: settings.TlsHostName = None,
    allow: settings.Allow = None,
    max_connections: settings.MaxConnections = None,
    max_objects: settings.MaxObjects = None,
    max_threads: settings.MaxThreads = None,
    max_frame: settings.MaxFrame = None,
    memory_limit: settings.MemoryLimit = None,
    open_files: settings.OpenFiles = None,
    nice: settings.Nice = None,
    description: settings.Description = None,
    tag: settings.Tag = None,
    connection_timeout: settings.ConnectionTimeout = None,
    initialization_timeout: settings.InitializationTimeout = None,
    heartbeat_interval: settings.HeartbeatInterval = None,
    heartbeat_failure_timeout: settings.HeartbeatFailureTimeout = None,
    heartbeat_failure_action: settings.HeartbeatFailureAction = None,
    heartbeat_failure_retry: settings.HeartbeatFailureRetry = None,
    alert_command: settings.AlertCommand = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Create a definition. Its name never changes.

    \b
    pygatectl create lab --port auto
    pygatectl create old --port 5001 --python python3.8 --env TZ=UTC
    pygatectl create far --port 5002 --host 0.0.0.0 --use-passphrase
    pygatectl create big --port auto --preload pandas --memory-limit 2G --nice 10 --tag batch
    """
    given = settings.given_settings(locals())
    registry = registry_of(context)
    given["use_passphrase"], passphrase = settings.chosen_passphrase(
        use_passphrase, passphrase_file, generate_passphrase, dry_run=dry_run
    )
    given = {key: value for key, value in given.items() if value is not None}
    definition = registry.create(name, given, passphrase, dry_run=dry_run)
    done = Changed("created", definition, warnings_of(registry, definition), dry_run=dry_run)
    if not dry_run:
        log_event(registry, definition, "definition created")
        done = replace(done, secret=passphrase if generate_passphrase else None)
    render_definitions.definition_changed(done, as_json=json)


def edit(
    context: typer.Context,
    name: Name,
    port: settings.NewPort = None,
    host: settings.Host = None,
    use_passphrase: settings.UsePassphrase = None,
    passphrase_file: settings.PassphraseFile = None,
    generate_passphrase: settings.GeneratePassphrase = False,
    log_file: settings.LogFile = None,
    python: settings.Python = None,
    python_option: settings.PythonOption = None,
    env: settings.Env = None,
    unset_env: settings.UnsetEnv = None,
    cwd: settings.Cwd = None,
    class_path: settings.ClassPath = None,
    preload: settings.Preload = None,
    insecure: settings.Insecure = None,
    use_tls: settings.UseTls = None,
    tls_certificate: settings.TlsCertificate = None,
    tls_key: settings.TlsKey = None,
    tls_ca: settings.TlsCa = None,
    tls_host_name: settings.TlsHostName = None,
    allow: settings.Allow = None,
    max_connections: settings.MaxConnections = None,
    max_objects: settings.MaxObjects = None,
    max_threads: settings.MaxThreads = None,
    max_frame: settings.MaxFrame = None,
    memory_limit: settings.MemoryLimit = None,
    open_files: settings.OpenFiles = None,
    nice: settings.Nice = None,
    description: settings.Description = None,
    tag: settings.Tag = None,
    connection_timeout: settings.ConnectionTimeout = None,
    initialization_timeout: settings.InitializationTimeout = None,
    heartbeat_interval: settings.HeartbeatInterval = None,
    heartbeat_failure_timeout: settings.HeartbeatFailureTimeout = None,
    heartbeat_failure_action: settings.HeartbeatFailureAction = None,
    heartbeat_failure_retry: settings.HeartbeatFailureRetry = None,
    alert_command: settings.AlertCommand = None,
    editor: Annotated[bool, typer.Option("--editor", help="Edit the definition as text, in VISUAL or EDITOR.")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Change any field but the name. A server that runs shows it as waiting for a restart.

    Repeated options replace what was there, except --env, which adds; '' clears. A text from an editor
    is checked before anything is written; one that can't be taken is kept, and its place is told.

    \b
    pygatectl edit lab --editor
    pygatectl edit lab --port 5003 --log-file ''
    pygatectl edit lab --env TZ=UTC --unset-env LANG --no-use-passphrase
    """
    given = settings.given_settings(locals())
    registry = registry_of(context)
    registry.find(name)
    if editor:
        if given or unset_env or use_passphrase is not None or passphrase_file or generate_passphrase:
            raise typer.BadParameter("--editor takes no other settings: change them in the text")
        from pygatectl.cli.editing import edit_in_editor

        _edited(registry, *edit_in_editor(registry, name, dry_run=dry_run), None, dry_run=dry_run, json=json)
        return
    use, passphrase = settings.chosen_passphrase(use_passphrase, passphrase_file, generate_passphrase, dry_run=dry_run)
    if use is not None:
        given["use_passphrase"] = use
    if not given and not unset_env:
        raise Refused("nothing to change was given; pygatectl edit --help lists the options")
    before, after = registry.edit(
        name, lambda before: settings.edited_settings(given, unset_env or [], before), passphrase, dry_run=dry_run
    )
    secret = passphrase if generate_passphrase else None
    _edited(registry, before, after, passphrase, secret, dry_run=dry_run, json=json)


def _edited(
    registry: Registry,
    before: Definition,
    after: Definition,
    passphrase: Passphrase | None,
    secret: Passphrase | None = None,
    *,
    dry_run: bool,
    json: bool,
) -> None:
    """Record and show an edit."""
    done = Changed("changed", after, warnings_of(registry, after), after.changes_from(before), dry_run=dry_run)
    done = replace(done, unchanged=after == before and passphrase is None)
    if not dry_run:
        log_edit(registry, before, after, passphrase is not None)
        done = replace(done, secret=secret)
    render_definitions.definition_changed(done, as_json=json)


def clone(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="OLD")],
    new_name: Annotated[str, typer.Argument(metavar="NEW")],
    port: settings.Port,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Copy a definition, its passphrase too, under a new name and port.

    \b
    pygatectl clone lab lab2 --port auto
    """
    registry = registry_of(context)
    definition = registry.clone(name, new_name, settings.port_number(port), dry_run=dry_run)
    if not dry_run:
        log_event(registry, definition, f"definition created as a copy of {name}")
    done = Changed("created", definition, warnings_of(registry, definition), dry_run=dry_run)
    render_definitions.definition_changed(done, as_json=json)


def delete(
    context: typer.Context,
    names: Names = None,
    tag: Tags = None,
    stop: Annotated[bool, typer.Option("--stop", help="Stop servers that run first.")] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Delete definitions, their passphrases and captured output. One that runs is a conflict.

    On a terminal it asks first.

    \b
    pygatectl delete lab lab2 --yes
    pygatectl delete 'test-*' --stop
    pygatectl delete --tag old --yes
    """
    from pygatectl.many import each
    from pygatectl.server import Servers

    registry = registry_of(context)
    if not names and not tag:
        raise typer.BadParameter("give the names of gateways, or --tag")
    chosen = [one.name for one in registry.choose(names or [], tag)[0]] if tag else registry.select(names or [])
    if dry_run:
        from pygatectl.rehearsal import Rehearsal

        rehearsal = Rehearsal(registry)
        return render.rehearsed("delete", chosen, lambda name: rehearsal.delete(name, stop), as_json=json)
    if not yes and sys.stdin.isatty() and not typer.confirm(f"Delete {', '.join(chosen)}?"):
        raise PygatectlError("nothing was deleted")
    servers = Servers(registry)
    with render.Progress("deleted", as_json=json) as progress:
        outcomes = each(chosen, lambda name, _: servers.delete(name, stop), progress.step, progress.done)
    return render.outcomes("delete", outcomes, as_json=json)


def list_(context: typer.Context, tag: Tags = None, json: Json = False) -> int:
    """List the definitions, without asking whether their servers run.

    \b
    pygatectl list --json
    pygatectl list --tag batch
    """
    definitions, errors = registry_of(context).choose([], tag or [])
    return render_definitions.definitions(definitions, errors, as_json=json)


def show(
    context: typer.Context,
    name: Name,
    command: Annotated[
        bool, typer.Option("--command", help="Print only the command line that a start would run.")
    ] = False,
    json: Json = False,
) -> None:
    """Show every field of a definition.

    \b
    pygatectl show lab
    pygatectl show lab --command
    """
    from pygatectl.launch import plan_start

    registry = registry_of(context)
    definition = registry.get(name)
    plan = plan_start(definition, registry.paths)
    if command:
        render_definitions.command(definition, plan, as_json=json)
    else:
        render_definitions.definition(definition, plan, warnings_of(registry, definition), as_json=json)


def warnings_of(registry: Registry, definition: Definition) -> list[str]:
    """What is allowed but would stop a start."""
    from pygatectl.definition import is_loopback
    from pygatectl.ports import is_local

    found = []
    if others := registry.sharing_port(definition):
        names = ", ".join(others)
        found.append(f"port {definition.port} is also that of {names}; they can't run at the same time")
    if definition.python and (reason := missing(definition.python)):
        found.append(f"the interpreter {definition.python} can't be used yet: {reason}")
    protected = is_loopback(definition.host) or definition.use_passphrase or definition.insecure
    if not protected and is_local(definition.host):
        found.append(f"a server on {definition.host} is refused at start: it needs --use-passphrase, or --insecure")
    return found


def log_edit(registry: Registry, before: Definition, after: Definition, new_passphrase: bool) -> None:
    fields = [*after.changes_from(before), *(["passphrase"] if new_passphrase else [])]
    if fields:
        log_event(registry, after, "definition changed: " + ", ".join(fields))


def log_event(registry: Registry, definition: Definition, text: str) -> None:
    """Enter an event of a definition into the activity."""
    from pygatectl.activity import INFO, Journal

    Journal(registry.paths).add(INFO, definition, None, text)
