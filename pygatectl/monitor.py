"""Gateway monitors: the process that owns one gateway connection to a server, and shares it with this user's processes.

There is one for each definition. Whoever starts or stops it holds its lock; it is found through its socket, and ends
by itself when nobody needs it.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygatectl import process
from pygatectl.activity import INFO, WARNING, Journal
from pygatectl.connect import way_to
from pygatectl.definition import Definition
from pygatectl.errors import Conflict, InvalidValue, NotActive, NotReady, NotStopped, Refused
from pygatectl.launch import HIDDEN_VARIABLES, Plan, find_server, heartbeat_options
from pygatectl.logs import since
from pygatectl.passphrase import Passphrase
from pygatectl.paths import private_folder
from pygatectl.process import Identity
from pygatectl.registry import Registry
from pygatectl.spawn import KILL_TIMEOUT, PAUSE, open_output, reap, send_secrets, spawn_detached
from pygatectl.storage import replace_file

if TYPE_CHECKING:
    from pygateway.dialling import Dialler

GRACE = 10.0
"""Seconds without a client after which a monitor ends."""
STOP_TIMEOUT = 5.0
"""Seconds that a monitor has to end when it is asked to."""
NO_SERVER = 3
"""Exit status of a monitor that found no server."""


@dataclass(frozen=True)
class MonitorRecord:
    """The pidfile of a monitor: the pid alone in its first line, and what makes it believable behind."""

    name: str
    pid: int
    start: str
    boot: str
    registry: str
    host: str
    port: int
    socket: str

    @property
    def identity(self) -> Identity:
        return Identity(self.pid, self.start, self.boot)

    def write(self, path: Path) -> None:
        replace_file(path, f"{self.pid}\n{json.dumps(asdict(self))}\n".encode(), lasting=False)


def read_monitor_record(path: Path) -> MonitorRecord | None:
    """The record in a monitor's pidfile; None if there is none that can be believed."""
    try:
        return MonitorRecord(**json.loads(path.read_text(encoding="utf-8").partition("\n")[2]))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        return None  # damaged, or another program's


@dataclass(frozen=True)
class MonitorStatus:
    """A definition's monitor as it is now. Without one, only `name` and `running` tell. Times in seconds."""

    name: str
    running: bool
    note: str = ""
    pid: int | None = None
    server: str | None = None
    server_pid: int | None = None
    uptime: float | None = None
    clients: int | None = None
    streams: int | None = None
    objects: int | None = None
    failing: str | None = None
    """Why the server fails, while the monitor waits for it to be back."""
    restarts: int | None = None
    """How often the connection was made anew after the server had failed."""
    kept: int | None = None
    """How many objects `object new` left with it."""


@dataclass(frozen=True)
class MonitorStopped:
    """A definition without a monitor. `pid` is None if there was none; `forced` says that it had to be killed."""

    name: str
    pid: int | None
    forced: bool


class Monitors:
    """The gateway monitors of the definitions in one registry."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.paths = registry.paths
        self.journal = Journal(registry.paths)

    def start(self, name: str, *, grace: float = GRACE, stay: bool = False) -> MonitorStatus:
        """The definition's monitor, started if it does not run. It ends after `grace` seconds without a client, or
        only when it is stopped, or the server ends, if it is to `stay`.

        Raises `NotActive` if no server answers, `NotReady` if the monitor could not start, `Refused` where local
        sockets are not to be had, `Conflict` if a monitor of another registry is in the way.
        """
        definition = self.registry.get(name)
        socket = self._socket(name)
        with self._locked(name):
            if found := self._settled(definition):
                return found
            socket.unlink(missing_ok=True)
            passphrase = self.registry.passphrases.get(name) if definition.use_passphrase else None
            way = way_to(self.registry, name, None)
            ends = ["--stay"] if stay else ["--grace", str(grace)]
            plan = self._plan(definition, way, socket, ends)
            return self._bring_up(definition, plan, way, passphrase)

    def stop(self, name: str, timeout: float = STOP_TIMEOUT) -> MonitorStopped:
        """End a definition's monitor; its clients' connections end with it. One that does not run is no error."""
        definition = self.registry.find(name).definition
        private_folder(self.paths.monitors)
        with self._locked(name):
            record = self.running(name)
            if record is None:
                self._clear(name)
                return MonitorStopped(name, None, False)
            process.ask_to_end(record.identity)
            forced = bool(process.wait_ended([record.identity], time.monotonic() + timeout))
            if forced:
                process.kill([record.identity])
                if process.wait_ended([record.identity], time.monotonic() + KILL_TIMEOUT):
                    raise NotStopped(f"the monitor of gateway {name!r} did not stop: process {record.pid} does not end")
            self._clear(name)
            self._log(WARNING if forced else INFO, definition, record.pid, "monitor stopped")
            return MonitorStopped(name, record.pid, forced)

    def put_away(self, name: str) -> None:
        """Clear what a monitor that has ended left behind; one that runs meanwhile is left alone."""
        private_folder(self.paths.monitors)
        with self._locked(name):
            if self.running(name) is None:
                self._clear(name)

    def status(self, name: str) -> MonitorStatus:
        """The definition's monitor as it is now."""
        self.registry.find(name)
        record = self.running(name)
        if record is None:
            return MonitorStatus(name, running=False)
        try:
            return self._answering(name)
        except (NotReady, InvalidValue) as error:
            return MonitorStatus(name, running=record.identity.alive(), note=str(error), pid=record.pid)

    def running(self, name: str) -> MonitorRecord | None:
        """The record of the monitor that runs now. Raises `Conflict` if it is another registry's."""
        record = read_monitor_record(self.paths.monitor_record(name))
        if record is None or not record.identity.alive():
            return None
        if record.registry != str(self.paths.registry):
            raise Conflict(
                f"a monitor of {name!r} of the registry {record.registry} runs (pid {record.pid}) and uses this state "
                "directory; give each registry its own with PYGATECTL_STATE_DIR"
            )
        return record

    def dialler(self, name: str, timeout: float | None = None, *, despite_failure: bool = False) -> Dialler:
        """How a client reaches the monitor, whether it runs or not. Raises as `start`, but does not start it.

        `despite_failure` is for who asks the monitor of itself alone, whatever became of its server.
        """
        from pygateway.dialling import Dialler

        self.running(name)
        way = way_to(self.registry, name, timeout)
        own = {"passphrase": None, "local": str(self._socket(name)), "despite_failure": despite_failure}
        return Dialler(**{**way, **own})

    def _socket(self, name: str) -> Path:
        socket = self.paths.monitor_socket(name)
        if socket is None:
            raise Refused(
                f"gateway {name!r} can't be shared: this system has no local sockets, or the path "
                f"{self.paths.monitors} is too long for one; name a shorter one with PYGATECTL_STATE_DIR"
            )
        private_folder(socket.parent)
        return socket

    def _settled(self, definition: Definition) -> MonitorStatus | None:
        """The monitor that runs and answers; None if there is none, once one that was about to end has ended."""
        deadline = time.monotonic() + definition.connection_timeout
        while self.running(definition.name):
            try:
                found = self._answering(definition.name)
                if not found.failing:
                    return found
                why = NotReady(
                    f"the server of gateway {definition.name!r} fails, and its monitor waits for it to be back; "
                    f"pygatectl status {definition.name} tells more ({found.failing})"
                )
            except NotReady as error:
                why = error
            if time.monotonic() > deadline:
                raise why
            time.sleep(PAUSE)
        return None

    def _answering(self, name: str) -> MonitorStatus:
        """What the monitor says of itself. Raises `NotReady` if it does not answer."""
        from pygateway import GatewayError, deadline
        from pygateway.frames import CALL
        from pygateway.monitor_desk import MONITOR_STATUS
        from pygateway.session import Session

        try:
            dialler = self.dialler(name, despite_failure=True)
            session = Session(dialler)
            try:
                with deadline(dialler.timeout):
                    figures = session.request(CALL, 0, MONITOR_STATUS)
            finally:
                session.disconnect()
        except GatewayError as error:
            raise NotReady(
                f"the monitor of gateway {name!r} does not answer; end it with: pygatectl monitor stop {name} ({error})"
            ) from error
        kept = {key: figures.get(key) for key in MonitorStatus.__dataclass_fields__ if key in figures}
        return MonitorStatus(name, running=True, **kept)

    def _plan(self, definition: Definition, way: dict[str, Any], socket: Path, ends: list[str]) -> Plan:
        argv = [sys.executable, find_server(), "monitor", way["host"], str(way["port"]), "--local", str(socket), *ends]
        if way["local"]:
            argv += ["--server-local", way["local"]]
        if definition.use_tls:
            argv += ["--tls-ca", definition.tls_ca] if definition.tls_ca else ["--tls"]
            argv += ["--tls-name", way["tls_name"]]
        argv += ["--timeout", str(way["timeout"]), "--secrets-stdin", *heartbeat_options(definition)]
        argv += ["--heartbeat-failure-retry", str(definition.heartbeat_failure_retry)]
        act = [
            sys.executable,
            "-m",
            "pygatectl",
            "--registry",
            str(self.paths.registry),
            "monitor",
            "act",
            definition.name,
        ]
        argv += ["--on-failure", json.dumps(act)]
        env = {key: value for key, value in os.environ.items() if key not in HIDDEN_VARIABLES}
        env["PYGATECTL_STATE_DIR"] = str(self.paths.state)
        output = self.paths.monitor_output(definition.name)
        return Plan(argv=tuple(argv), env=env, cwd=str(self.paths.state), output=output, local=socket)

    def _bring_up(
        self, definition: Definition, plan: Plan, way: dict[str, Any], passphrase: Passphrase | None
    ) -> MonitorStatus:
        """The caller holds the monitor's lock. As with servers: the pidfile first, then the secrets."""
        name = definition.name
        with open_output(plan) as output:
            position = output.tell()
            child = spawn_detached(plan, output)
        try:
            identity = process.identify(child.pid)
            if identity is not None:
                fields = (str(self.paths.registry), way["host"], way["port"], str(plan.local))
                record = MonitorRecord(name, identity.pid, identity.start, identity.boot, *fields)
                record.write(self.paths.monitor_record(name))
                send_secrets(child, passphrase, None)
            status = self._wait_ready(definition, child, plan, position)
        except BaseException:
            child.kill()
            child.wait(KILL_TIMEOUT)
            self._clear(name)
            raise
        reap(child, f"monitor of {name}")
        self._log(INFO, definition, status.pid, "monitor started")
        return status

    def _wait_ready(
        self, definition: Definition, child: subprocess.Popen[bytes], plan: Plan, position: int
    ) -> MonitorStatus:
        name = definition.name
        deadline = time.monotonic() + definition.connection_timeout + definition.initialization_timeout
        why = "no answer in time"
        while child.poll() is None and time.monotonic() < deadline:
            if plan.local is not None and plan.local.exists():
                try:
                    return self._answering(name)
                except NotReady as error:
                    why = str(error)
            time.sleep(PAUSE)
        said = since(plan.output, position).removeprefix("pygateway monitor: ") or why
        if child.poll() == NO_SERVER:
            where = f"gateway {name!r} is not active on {definition.server}"
            raise NotActive(f"{where}; start it: pygatectl start {name} ({said})")
        details = [("command", shlex.join(plan.argv)), ("output", said)]
        raise NotReady(f"the monitor of gateway {name!r} did not start: {said}", details=details)

    def _clear(self, name: str) -> None:
        self.paths.monitor_record(name).unlink(missing_ok=True)
        if socket := self.paths.monitor_socket(name):
            socket.unlink(missing_ok=True)

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Hold the lock that guards the starting and stopping of this definition's monitor."""
        from filelock import FileLock

        with FileLock(self.paths.monitor_lock(name), poll_interval=0.01):
            yield

    def _log(self, type_: str, definition: Definition, pid: int | None, text: str) -> None:
        self.journal.add(type_, definition, pid, text)
