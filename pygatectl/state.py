"""The state of definitions: whether a server runs, answers, and is the right one."""

from __future__ import annotations

import os
import time
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pygatectl import ports, process
from pygatectl.definition import DEFAULTS, Definition
from pygatectl.errors import PygatectlError, TimedOut
from pygatectl.record import RUNNING, STARTING, STOPPING, Record, read_failure, read_record
from pygatectl.registry import Registry
from pygatectl.trust import trust_in, trust_in_instance

ACTIVE, INACTIVE = "Active", "Inactive"
STARTING_UP, STOPPING_DOWN = "Starting", "Stopping"
FAILED, UNRESPONSIVE, FOREIGN = "Failed", "Unresponsive", "Foreign"

STATES = (ACTIVE, INACTIVE, STARTING_UP, STOPPING_DOWN, FAILED, UNRESPONSIVE, FOREIGN)

AT_ONCE = 32
"""How many definitions are observed at the same time."""

ALIVE = {ACTIVE, STARTING_UP, STOPPING_DOWN, UNRESPONSIVE}
"""The states in which a process of the definition lives."""


@dataclass(frozen=True)
class Status:
    """One definition as it is now. `uptime` is in seconds; what is not known is None."""

    name: str
    host: str
    port: int
    state: str
    note: str = ""
    pid: int | None = None
    uptime: float | None = None
    connections: int | None = None
    objects: int | None = None
    threads: int | None = None
    python: str | None = None
    version: str | None = None
    pending: tuple[str, ...] = ()
    """The fields that were edited since the server started: they wait for a restart."""
    monitor: int | None = None
    """The pid of the gateway monitor that shares this user's connection to the server, if one runs."""
    tags: tuple[str, ...] = ()
    description: str | None = None

    @property
    def active(self) -> bool:
        return self.state == ACTIVE


def observe(registry: Registry, definition: Definition) -> Status:
    """The state of one definition. Active means: the recorded process lives, and proved in a ping that it is
    it.
    """
    return replace(_observe(registry, definition), monitor=_monitor(registry, definition))


def _monitor(registry: Registry, definition: Definition) -> int | None:
    path = registry.paths.monitor_record(definition.name)
    if not path.exists():  # as nearly always: nothing is imported for it
        return None
    from pygatectl.monitor import read_monitor_record

    record = read_monitor_record(path)
    ours = record is not None and record.registry == str(registry.paths.registry) and record.identity.alive()
    return record.pid if record is not None and ours else None


def _observe(registry: Registry, definition: Definition) -> Status:
    if not ports.is_local(definition.host):
        return _observe_remote(registry, definition)
    record = read_record(registry.paths.record(definition.name))
    if record is not None and record.registry == str(registry.paths.registry):
        if record.identity.alive():
            return _observe_process(registry, definition, record)
    else:
        record = None
    return _observe_absence(registry, definition, record)


def survey(registry: Registry, definitions: list[Definition]) -> list[Status]:
    """The states of many definitions, in their order.

    Those without a process are looked at one after another, which takes microseconds each; those that must be asked,
    at the same time.
    """
    if len(definitions) < 2:
        return [observe(registry, one) for one in definitions]
    run, monitors = registry.paths.run, registry.paths.monitors
    records, noted = _names_in(run, ".pid"), _names_in(run, ".failed") | _names_in(monitors, ".pid")
    asked = [one for one in definitions if one.name in records or not ports.is_here(one.host)]
    looked_at = {one.name for one in asked} | noted

    def glance(one: Definition) -> Status:
        return _observe_any(registry, one) if one.name in looked_at else _observe_port(registry, one)

    if len(asked) < 2:
        return [glance(one) for one in definitions]
    from concurrent.futures import ThreadPoolExecutor

    # The threads end with the block, after probes that have a timeout.
    with ThreadPoolExecutor(min(len(asked), AT_ONCE)) as pool:
        futures = {one.name: pool.submit(_observe_any, registry, one) for one in asked}
        return [futures[one.name].result() if one.name in futures else glance(one) for one in definitions]


def _names_in(folder: Path, suffix: str) -> set[str]:
    """The names that have such a file in a folder, as definitions have them: some systems decompose what they store."""
    try:
        found = [entry.name for entry in os.scandir(folder)]
    except FileNotFoundError:
        return set()
    return {unicodedata.normalize("NFC", one.removesuffix(suffix)) for one in found if one.endswith(suffix)}


def _observe_any(registry: Registry, definition: Definition) -> Status:
    """As `observe`, but what stands in the way of one is its note, and hides no other."""
    try:
        return observe(registry, definition)
    except (PygatectlError, OSError) as error:
        return _status(definition, FAILED, note=str(error))


def wait_for(registry: Registry, name: str, active: bool, timeout: float | None) -> Status:
    """Wait until a definition is active, or has no process any more. Raises `TimedOut` after `timeout`
    seconds.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    pause = 0.01
    while True:
        status = observe(registry, registry.get(name))
        if status.active if active else status.state not in ALIVE:
            return status
        if deadline is not None and time.monotonic() >= deadline:
            word = "active" if active else "inactive"
            raise TimedOut(f"gateway {name!r} did not become {word} in {timeout:g} s; it is {status.state}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)


def _status(definition: Definition, state: str, **more: Any) -> Status:
    more = {"tags": definition.tags, "description": definition.description, **more}
    return Status(definition.name, definition.host, definition.port, state, **more)


def _observe_remote(registry: Registry, definition: Definition) -> Status:
    from pygateway import GatewayError, ping

    passphrase = registry.passphrases.get(definition.name).reveal() if definition.use_passphrase else None
    try:
        wait = definition.connection_timeout
        figures = ping(definition.host, definition.port, passphrase, timeout=wait, **trust_in(definition))
    except GatewayError as error:
        return _status(definition, INACTIVE, note=str(error))
    return _status(definition, ACTIVE, note="on another machine", **_figures(figures))


def _observe_process(registry: Registry, definition: Definition, record: Record) -> Status:
    from pygateway import GatewayError, probe

    pending = pending_changes(registry, definition, record)
    if record.in_phase(STOPPING):
        return _status(definition, STOPPING_DOWN, pid=record.pid, pending=pending)
    host = ports.connect_host(record.host)
    try:
        wait, tls = float(definition.connection_timeout), trust_in_instance(record)
        figures = probe(host, record.port, record.instance, timeout=wait, tls=tls)
    except GatewayError as error:
        if record.in_phase(STARTING):
            return _status(definition, STARTING_UP, pid=record.pid, pending=pending)
        note = f"process {record.pid} lives but does not answer: {error}"
        return _status(definition, UNRESPONSIVE, note=note, pid=record.pid, pending=pending)
    return _status(definition, ACTIVE, pending=pending, **_figures(figures))


def _observe_absence(registry: Registry, definition: Definition, record: Record | None) -> Status:
    found = _observe_port(registry, definition)
    if found.state == FOREIGN:
        return found
    if record is not None and record.phase == RUNNING and record.boot == process.boot_mark():
        note = f"the server (pid {record.pid}) ended without being asked; pygatectl logs {definition.name}"
        return _status(definition, FAILED, note=note)
    if failure := read_failure(registry.paths.failure(definition.name)):
        return _status(definition, FAILED, note=failure.text)
    return found


def _observe_port(registry: Registry, definition: Definition) -> Status:
    """The state of a definition of which nothing is known but whether somebody holds its port."""
    try:
        held = ports.in_use(definition.host, definition.port)
    except OSError as error:
        return _status(definition, FAILED, note=str(error))
    if not held:
        return _status(definition, INACTIVE)
    from pygatectl.server import port_owner

    owner = port_owner(registry.paths, definition)
    return _status(definition, FOREIGN, note=f"port {definition.port} is held by {owner}")


def _figures(figures: dict[str, Any]) -> dict[str, Any]:
    names = ("pid", "uptime", "connections", "objects", "threads", "python", "version")
    return {name: figures.get(name) for name in names}


OF_THE_MONITOR = {"heartbeat_failure_action", "heartbeat_failure_retry", "alert_command"}
OF_HOSTS = {"tls_ca", "tls_host_name"}
SERVERLESS = {
    "connection_timeout",
    "initialization_timeout",
    "insecure",
    "description",
    "tags",
    *OF_THE_MONITOR,
    *OF_HOSTS,
}
"""Fields of this side alone, or of the moment of a start: a change of theirs waits for no restart."""


def pending_changes(registry: Registry, definition: Definition, record: Record) -> tuple[str, ...]:
    """The fields in which the definition differs from what its running server was given."""
    current = definition.settings()
    given = {**DEFAULTS, **record.settings}  # a server that an older version started knows fewer fields
    changed = [key for key, value in current.items() if given[key] != value and key not in SERVERLESS]
    if "use_passphrase" not in changed and record.passphrase_stamp != registry.passphrases.stamp(definition.name):
        changed.append("passphrase")
    return tuple(changed)


@dataclass(frozen=True)
class Origin:
    """Where the passphrase of a definition is kept. `since` is in seconds since the epoch, None if none is stored."""

    name: str
    used: bool
    file: str
    since: float | None = None
    private: bool = True
    server_has_it: bool | None = None
    """Whether the server that runs was started with it; None if none runs."""


def origin(registry: Registry, name: str) -> Origin:
    """Where a definition's passphrase is kept, and whether its server has it. Tells nothing of the passphrase."""
    definition, stored = registry.get(name), registry.passphrases
    record = read_record(registry.paths.record(definition.name))
    has_it = None
    if record is not None and record.registry == str(registry.paths.registry) and record.identity.alive():
        has_it = {"passphrase", "use_passphrase"}.isdisjoint(pending_changes(registry, definition, record))
    stamp = stored.stamp(definition.name) if definition.use_passphrase else 0
    since, private = (stamp / 1e9, stored.is_private(definition.name)) if stamp else (None, True)
    return Origin(definition.name, definition.use_passphrase, str(stored.file(definition.name)), since, private, has_it)
