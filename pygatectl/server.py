"""Start and stop the server of one definition.

All that changes a server holds the definition's lock, so sixteen commands at once leave one server.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

from pygatectl import interpreter, ports, process
from pygatectl.activity import ERROR, INFO, WARNING, Journal
from pygatectl.definition import Definition, is_loopback
from pygatectl.errors import AlreadyRunning, Conflict, NotReady, NotStopped, PygatectlError, Refused
from pygatectl.launch import Plan, interpreter_of, plan_start
from pygatectl.logs import set_aside
from pygatectl.passphrase import Passphrase
from pygatectl.paths import Paths, private_folder
from pygatectl.record import RUNNING, STOPPING, Failure, Record, read_record
from pygatectl.registry import Registry
from pygatectl.spawn import KILL_TIMEOUT, Report, bring_up
from pygatectl.state import ACTIVE, FAILED, INACTIVE

STOP_TIMEOUT = 10.0
"""Seconds that a server has for a soft stop."""


@dataclass(frozen=True)
class Started:
    """A server that is ready."""

    name: str
    pid: int
    server: str
    """Host and port, as one address."""
    python: str
    seconds: float
    command: str
    output: str


@dataclass(frozen=True)
class Stopped:
    """A definition without a server. `pid` is None if there was none; `forced` says that it had to be
    killed.
    """

    name: str
    pid: int | None
    forced: bool
    seconds: float


def _silent(_: str) -> None:
    """Report nothing."""


class Servers:
    """The servers of the definitions in one registry."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.paths = registry.paths
        self.journal = Journal(registry.paths)

    def start(
        self, name: str, timeout: float | None = None, report: Report = _silent, *, insecure: bool = False
    ) -> Started:
        """Start a server and return when it has proved that it is ready.

        `timeout` is in seconds; without one the definition's initialization timeout counts. `insecure` lets it
        listen beyond loopback without a passphrase this time. Raises `Refused`, `AlreadyRunning`, `Conflict` (the
        port is held), `NotReady`.
        """
        with self._locked(name):
            return self._start(self.wanted(name, insecure), timeout, report)

    def stop(self, name: str, timeout: float = STOP_TIMEOUT, force: bool = False, report: Report = _silent) -> Stopped:
        """End a server and all its children, softly first unless `force`. One that does not run is no error.

        Raises `NotStopped` if something lives on or the port is still held.
        """
        definition = self.registry.find(name).definition
        with self._locked(name):
            return self._stop(definition, timeout, force, report)

    def restart(
        self,
        name: str,
        timeout: float | None = None,
        stop_timeout: float = STOP_TIMEOUT,
        force: bool = False,
        report: Report = _silent,
        *,
        insecure: bool = False,
    ) -> Started:
        """Stop a server if it runs, and start it, with no other command between the two."""
        with self._locked(name):
            definition = self.wanted(name, insecure)
            check(definition, self.registry)
            self._stop(definition, stop_timeout, force, report)
            return self._start(definition, timeout, report)

    def put_away(self, name: str) -> None:
        """Clear what a server that has ended or did not start left behind; one that runs meanwhile is left alone."""
        definition = self.registry.find(name).definition
        with self._locked(name):
            if self.running(name) is None:
                self._clear(definition)

    def forget(self, name: str) -> None:
        """Clear the record of a definition that is not there any more, once its server has ended."""
        with self._lock(name):
            record = read_record(self.paths.record(name))
            if name not in self.registry.names() and record is not None and not record.identity.alive():
                self.paths.record(name).unlink()

    def is_wanted(self, name: str) -> bool:
        """Whether the definition's server is to run, as far as was asked: it was started and not stopped since."""
        with self._locked(name):
            return self._is_wanted(name)

    def _is_wanted(self, name: str) -> bool:
        record = read_record(self.paths.record(name))
        ours = record is not None and record.registry == str(self.paths.registry)
        return ours or self.paths.failure(name).exists()

    def revive(self, name: str) -> Started | None:
        """Restart a server that failed, without asking it to end: it does not listen. None if it was stopped meanwhile.

        Raises as `start`; `NotStopped` if what is left of it does not end.
        """
        with self._locked(name):
            if not self._is_wanted(name):
                return None
            definition = self.registry.get(name)
            self._stop(definition, 0.0, True, _silent)
            return self._start(definition, None, _silent)

    def delete(self, name: str, stop: bool = False) -> Definition:
        """Delete a definition and the files of its servers. Raises `Conflict` while one runs, unless
        `stop`.
        """
        self.registry.find(name)
        with self._locked(name):
            record = self.running(name)
            if record and not stop:
                raise Conflict(f"gateway {name!r} is running (pid {record.pid}); stop it first: pygatectl stop {name}")
            definition = self.registry.find(name).definition
            if record:
                self._stop(definition, STOP_TIMEOUT, False, _silent)
            self._clear(definition)
            self._end_monitor(name)
            self.registry.delete(name)
            for path in (self.paths.output(name), set_aside(self.paths.output(name))):
                path.unlink(missing_ok=True)
            self.journal.add(INFO, definition, None, "definition deleted")
        return definition

    def _end_monitor(self, name: str) -> None:
        """End the definition's gateway monitor, and put away what it left."""
        if self.paths.monitor_record(name).exists():
            from pygatectl.monitor import Monitors

            Monitors(self.registry).stop(name)
        self.paths.monitor_output(name).unlink(missing_ok=True)

    def wanted(self, name: str, insecure: bool) -> Definition:
        """The definition as a start wants it."""
        definition = self.registry.get(name)
        return replace(definition, insecure=True) if insecure else definition

    def _before(self, name: str) -> str:
        """What a definition without a process was: Inactive, or Failed."""
        record = read_record(self.paths.record(name))
        crashed = record is not None and record.phase == RUNNING and record.boot == process.boot_mark()
        return FAILED if crashed or self.paths.failure(name).exists() else INACTIVE

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Hold the lock that guards the starting and stopping of this definition's server."""
        self.registry.find(name)
        with self._lock(name):
            yield

    def _lock(self, name: str) -> AbstractContextManager[object]:
        from filelock import FileLock

        lock = self.paths.lock(name)
        private_folder(lock.parent)
        return FileLock(lock, poll_interval=0.01)

    def running(self, name: str) -> Record | None:
        """The record of the server that runs now. Raises `Conflict` if it is another registry's."""
        record = read_record(self.paths.record(name))
        if record is None or not record.identity.alive():
            return None
        if record.registry != str(self.paths.registry):
            raise Conflict(
                f"a server named {name!r} of the registry {record.registry} runs (pid {record.pid}) "
                "and uses this state directory; give each registry its own with PYGATECTL_STATE_DIR"
            )
        return record

    def _start(self, definition: Definition, timeout: float | None, report: Report) -> Started:
        """The caller holds the definition's lock."""
        name = definition.name
        if record := self.running(name):
            raise AlreadyRunning(f"gateway {name!r} is already running (pid {record.pid})")
        began, before = time.monotonic(), self._before(name)
        try:
            passphrase = check(definition, self.registry)
            self._clear(definition)
            plan = plan_start(definition, self.paths)
            version = interpreter.check(interpreter_of(definition), plan.env)
            self.check_port(definition)
            report(f"starting with Python {version}")
            deadline = began + (timeout if timeout is not None else definition.initialization_timeout)
            record = self._record(definition, plan, deadline)
            figures = bring_up(plan, record, self.paths.record(name), passphrase, deadline, report)
        except PygatectlError as error:
            failed, seconds = isinstance(error, NotReady), time.monotonic() - began
            change = (before, FAILED) if failed and before != FAILED else None
            self.journal.add(ERROR, definition, None, f"not started: {error}", duration=seconds, change=change)
            if failed:
                Failure(time.time(), str(error)).write(self.paths.failure(name))
            raise
        seconds = time.monotonic() - began
        started = Started(
            name=name,
            pid=int(figures["pid"]),
            server=definition.server,
            python=str(figures["python"]),
            seconds=seconds,
            command=plan.command,
            output=str(plan.output),
        )
        text = f"started with Python {started.python}, ready in {seconds:.2f} s"
        self.journal.add(INFO, definition, started.pid, text, duration=seconds, change=(before, ACTIVE))
        return started

    def _clear(self, definition: Definition) -> None:
        """Put away what a server of the past left: record, socket, and children that outlived it."""
        name = definition.name
        record = read_record(self.paths.record(name))
        if record is not None and record.registry == str(self.paths.registry):
            if record.phase == RUNNING and record.boot == process.boot_mark():
                text = "the server had ended without being asked"
                self.journal.add(WARNING, definition, record.pid, text, change=(ACTIVE, FAILED))
            left = process.family(record.identity)
            process.kill(left)
            process.wait_ended(left, time.monotonic() + KILL_TIMEOUT)
        self.paths.record(name).unlink(missing_ok=True)
        self.paths.failure(name).unlink(missing_ok=True)
        if local := self.paths.socket(name):
            local.unlink(missing_ok=True)

    def check_port(self, definition: Definition) -> None:
        if not ports.in_use(definition.host, definition.port):
            return
        owner = port_owner(self.paths, definition)
        raise Conflict(
            f"gateway {definition.name!r} can't start: port {definition.port} is held by {owner}; "
            f"stop that, or choose another port: pygatectl edit {definition.name} --port auto"
        )

    def _record(self, definition: Definition, plan: Plan, deadline: float) -> Record:
        """The record of the server to be, which has no process yet."""
        return Record(
            name=definition.name,
            pid=0,
            start="",
            boot="",
            registry=str(self.paths.registry),
            host=definition.host,
            port=definition.port,
            local=str(plan.local) if plan.local else None,
            instance=os.urandom(32).hex(),
            command=plan.argv,
            settings=definition.settings(),
            passphrase_stamp=self.registry.passphrases.stamp(definition.name),
            started=time.time(),
            until=time.time() + max(deadline - time.monotonic(), 0) + 1,
        )

    def _stop(self, definition: Definition, timeout: float, force: bool, report: Report) -> Stopped:
        """The caller holds the definition's lock."""
        began = time.monotonic()
        record = self.running(definition.name)
        if record is None:
            check_local(definition)
            self._clear(definition)
            return Stopped(definition.name, None, False, 0.0)
        try:
            record.at(STOPPING, timeout + 2 * KILL_TIMEOUT).write(self.paths.record(definition.name))
        except OSError as error:  # it only tells others what is done, and a full disk is no reason to go on running
            report(f"stopping, which status can't show: {error}")
        try:
            forced = self._end(definition, record, began + timeout, force, report)
        except BaseException:
            if record.identity.alive():
                record.at(RUNNING).write(self.paths.record(definition.name))
            raise
        self._clear_stopped(definition)
        seconds = time.monotonic() - began
        text = "killed" if force else "killed: it did not stop softly" if forced else f"stopped in {seconds:.2f} s"
        type_, change = WARNING if forced else INFO, (ACTIVE, INACTIVE)
        self.journal.add(type_, definition, record.pid, text, duration=seconds, change=change)
        return Stopped(definition.name, record.pid, forced, seconds)

    def _end(self, definition: Definition, record: Record, deadline: float, force: bool, report: Report) -> bool:
        """End the server, all that belongs to it, and see its port free. True if the server had to be
        killed.
        """
        identity = record.identity
        members = process.family(identity)
        if not force:
            report("stopping")
            process.ask_to_end(identity)
            process.wait_ended([identity], deadline)
        forced = identity.alive()
        if forced:
            report("killing")
        members = list(dict.fromkeys([*members, *process.family(identity)]))
        process.kill(members)
        left = process.wait_ended(members, time.monotonic() + KILL_TIMEOUT)
        if left:
            pids = ", ".join(str(one.pid) for one in left)
            raise self._not_stopped(definition, record, f"process {pids} does not end")
        self._wait_port_free(definition, record)
        return forced

    def _wait_port_free(self, definition: Definition, record: Record) -> None:
        """See the port free, now that all that belonged to the server has ended."""
        deadline = time.monotonic() + KILL_TIMEOUT
        while ports.in_use(record.host, record.port):
            if ports.holder(record.port) or time.monotonic() > deadline:
                owner = port_owner(self.paths, replace(definition, host=record.host, port=record.port))
                self._clear_stopped(definition)
                raise self._not_stopped(
                    definition, record, f"the server ended, but port {record.port} is held by {owner}"
                )
            time.sleep(0.01)

    def _not_stopped(self, definition: Definition, record: Record, reason: str) -> NotStopped:
        self.journal.add(ERROR, definition, record.pid, f"not stopped: {reason}")
        return NotStopped(f"gateway {definition.name!r} did not stop: {reason}")

    def _clear_stopped(self, definition: Definition) -> None:
        self.paths.record(definition.name).unlink(missing_ok=True)
        self.paths.failure(definition.name).unlink(missing_ok=True)
        if local := self.paths.socket(definition.name):
            local.unlink(missing_ok=True)


def check_local(definition: Definition) -> None:
    if not ports.is_local(definition.host):
        raise Refused(
            f"gateway {definition.name!r} is on {definition.host}, which is no address of this machine; "
            "start and stop its server there"
        )


def check(definition: Definition, registry: Registry) -> Passphrase | None:
    """Refuse what can't run here; return the passphrase that the server needs."""
    check_local(definition)
    if not (is_loopback(definition.host) or definition.use_passphrase or definition.insecure):
        raise Refused(
            f"gateway {definition.name!r} would listen on {definition.host}, beyond loopback, without a "
            f"passphrase; pygatectl edit {definition.name} --use-passphrase gives one, --insecure allows that"
        )
    if definition.use_tls and not definition.tls_certificate:
        raise Refused(
            f"gateway {definition.name!r} is to speak TLS and has no certificate; "
            f"pygatectl edit {definition.name} --tls-certificate PATH --tls-key PATH gives it one"
        )
    return registry.passphrases.get(definition.name) if definition.use_passphrase else None


def port_owner(paths: Paths, definition: Definition) -> str:
    """Who holds the port of a definition: another definition, or a program with its pid."""
    for path in sorted(paths.run.glob("*.pid")):
        record = read_record(path)
        if record and record.port == definition.port and record.name != definition.name and record.identity.alive():
            return f"gateway {record.name!r} (pid {record.pid})"
    found = ports.holder(definition.port)
    return str(found) if found else "a program of another user"
