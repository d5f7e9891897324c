"""What is done about a server that failed, as its definition says: N nothing, R restart it, A alert, RA both.

The gateway monitor runs this as a command, `pygatectl monitor act`, whenever it has lost its server, and again as
long as it does not get it back.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass

from pygatectl import ports
from pygatectl.activity import ERROR, INFO, WARNING, Journal
from pygatectl.definition import Definition
from pygatectl.errors import PygatectlError
from pygatectl.registry import Registry
from pygatectl.server import Servers
from pygatectl.state import ACTIVE, FAILED

ALERT_TIMEOUT = 60.0
"""Seconds that an alert command may take, before it is killed."""

RESTARTED, FAILING, WELL, UNWANTED = "restarted", "failing", "well", "unwanted"
"""What became of the server: it was restarted; it fails still; it answers, so that nothing was done; nobody wants it
any more, or nothing is to be done.
"""


@dataclass(frozen=True)
class Failure:
    """What the monitor says of its server: why it failed, the pid that it had, whether this is the first attempt to get
    it back, whether an alert is due, and whether it fails too often for another restart.
    """

    why: str
    pid: int | None = None
    first: bool = True
    alert: bool = True
    flapping: bool = False


@dataclass(frozen=True)
class Action:
    """What was done."""

    name: str
    outcome: str
    text: str
    """What became of it, as a sentence."""


def act(registry: Registry, name: str, failure: Failure) -> Action:
    """Do about a failed server what its definition says. Raises `UnknownGateway`."""
    definition = registry.get(name)
    journal = Journal(registry.paths)

    def log(type_: str, text: str, change: tuple[str, str] | None = None) -> None:
        journal.add(type_, definition, failure.pid, text, change=change)

    if definition.heartbeat_failure_action == "N":
        return Action(name, UNWANTED, "the definition asks for no action")
    local = ports.is_local(definition.host)
    if local and not Servers(registry).is_wanted(name):
        return Action(name, UNWANTED, "the server was stopped")
    if _answers(registry, definition):
        return Action(name, WELL, "the server answers")
    if failure.first:
        log(ERROR, f"failed: {failure.why}", (ACTIVE, FAILED))
    if failure.flapping:
        log(ERROR, "left alone: it failed too often to be restarted again; pygatectl start starts it")
    if "A" in definition.heartbeat_failure_action and failure.alert:
        log(*_alert(definition, failure))
    if failure.flapping:
        return Action(name, UNWANTED, "the server fails too often")
    if "R" not in definition.heartbeat_failure_action:
        return Action(name, FAILING, "the server fails still, and the definition asks for no restart")
    if not local:
        if failure.first:
            log(ERROR, f"not restarted: {definition.host} is another machine")
        return Action(name, FAILING, "the server is on another machine, and can't be restarted from here")
    return _restart(registry, name)


def _answers(registry: Registry, definition: Definition) -> bool:
    from pygatectl.state import observe

    return observe(registry, definition).active


def _restart(registry: Registry, name: str) -> Action:
    try:
        started = Servers(registry).revive(name)
    except PygatectlError as error:
        return Action(name, FAILING, str(error))
    if started is None:
        return Action(name, UNWANTED, "the server was stopped")
    return Action(name, RESTARTED, f"restarted (pid {started.pid})")


def _alert(definition: Definition, failure: Failure) -> tuple[str, str]:
    """Run the alert command; the type and text of the activity's entry about it."""
    if definition.alert_command is None:
        return WARNING, f"alert: {failure.why}"
    told = {"NAME": definition.name, "SERVER": definition.server, "PID": str(failure.pid or ""), "WHY": failure.why}
    environment = {**os.environ, **{f"PYGATECTL_ALERT_{key}": text for key, text in told.items()}}
    try:
        ran = subprocess.run(
            words_of(definition.alert_command),
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=ALERT_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return ERROR, f"the alert command failed: {error}"
    if ran.returncode:
        return ERROR, f"the alert command failed with exit status {ran.returncode}"
    return INFO, "alert given"


def words_of(command: str) -> list[str] | str:
    """A command as it is run: its words, as a shell would split them, but with no shell. On Windows, as it is."""
    return command if sys.platform == "win32" else shlex.split(command)
