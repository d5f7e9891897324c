"""What a command would do, without doing it: the same checks in the same order, no lock, and nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pygatectl import interpreter
from pygatectl.calling import Objects
from pygatectl.errors import AlreadyRunning, Conflict, NotActive, PygatectlError
from pygatectl.launch import interpreter_of, plan_start
from pygatectl.monitor import Monitors
from pygatectl.registry import Registry
from pygatectl.server import Servers, check, check_local
from pygatectl.state import observe


@dataclass(frozen=True)
class Intent:
    """What would be done to one gateway: a clause such as "would be stopped: pid 4711"."""

    name: str
    text: str
    command: str | None = None
    """The command line that a start would run."""
    dry_run: bool = True


class Rehearsal:
    """Start, stop, restart and delete as `Servers` has them, up to the point where something would change."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._servers = Servers(registry)

    def start(self, name: str, *, insecure: bool = False) -> Intent:
        """Raises what `Servers.start` raises before it starts anything."""
        if record := self._servers.running(name):
            raise AlreadyRunning(f"gateway {name!r} is already running (pid {record.pid})")
        return self._start(name, insecure, "would be started", free=False)

    def restart(self, name: str, *, insecure: bool = False) -> Intent:
        record = self._servers.running(name)
        how = f"would be stopped (pid {record.pid}) and started" if record else "would be started"
        return self._start(name, insecure, how, free=record is not None)

    def stop(self, name: str, force: bool = False) -> Intent:
        definition = self._registry.find(name).definition
        record = self._servers.running(name)
        if record is None:
            check_local(definition)
            return Intent(name, "is not active")
        return Intent(name, f"would be {'killed' if force else 'stopped'}: pid {record.pid}")

    def delete(self, name: str, stop: bool = False) -> Intent:
        definition = self._registry.find(name).definition
        record = self._servers.running(name)
        if record and not stop:
            raise Conflict(f"gateway {name!r} is running (pid {record.pid}); stop it first: pygatectl stop {name}")
        what = ["passphrase"] if definition.use_passphrase else []
        what += ["captured output"] if self._registry.paths.output(name).exists() else []
        first = f"would be stopped (pid {record.pid}) and" if record else "would be"
        return Intent(name, f"{first} deleted" + (f", with its {' and '.join(what)}" if what else ""))

    def _start(self, name: str, insecure: bool, how: str, *, free: bool) -> Intent:
        """`free`: its own server holds its port, and would have left it."""
        definition = self._servers.wanted(name, insecure)
        check(definition, self._registry)
        plan = plan_start(definition, self._registry.paths)
        version = interpreter.check(interpreter_of(definition), plan.env)
        if not free:
            self._servers.check_port(definition)
        return Intent(name, f"{how} with Python {version}: {plan.command}", plan.command)


def monitor_start(registry: Registry, name: str) -> Intent:
    """Raises `NotActive` if there is no server to connect to."""
    registry.get(name)
    if record := Monitors(registry).running(name):
        return Intent(name, f"has a monitor already (pid {record.pid})")
    return Intent(name, f"would get a monitor of {_active(registry, name)}")


def monitor_stop(registry: Registry, name: str) -> Intent:
    registry.find(name)
    record = Monitors(registry).running(name)
    return Intent(name, f"would lose its monitor (pid {record.pid})" if record else "has no monitor")


def object_new(registry: Registry, name: str, class_name: str, args: Sequence[str]) -> Intent:
    """Raises `NotActive` if no server could make it."""
    return Intent(name, f"would make {class_name}({', '.join(args)}) on {_active(registry, name)}")


def object_set(registry: Registry, name: str, handle: int, path: str, value: str) -> Intent:
    made = _kept(registry, name, [handle])
    return Intent(name, f"would set {path} of {made} to {value}")


def object_delete(registry: Registry, name: str, handles: Sequence[int]) -> Intent:
    return Intent(name, f"would let go of {_kept(registry, name, handles)}")


def _active(registry: Registry, name: str) -> str:
    """The server's address. Raises `NotActive`."""
    definition = registry.get(name)
    if not observe(registry, definition).active:
        raise NotActive(f"gateway {name!r} is not active; start it: pygatectl start {name}")
    return definition.server


def _kept(registry: Registry, name: str, handles: Sequence[int]) -> str:
    """What stands behind these handles, in words. Raises PygatectlError for one that is not kept."""
    made = {one.handle: one.made for one in Objects(registry, name).kept()}
    for handle in handles:
        if handle not in made:
            there = ", ".join(map(str, made)) or "none"
            raise PygatectlError(f"gateway {name!r} keeps no object {handle}; kept: {there}")
    return ", ".join(f"{handle} ({made[handle]})" for handle in handles)
