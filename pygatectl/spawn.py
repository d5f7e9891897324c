"""Bring up a server process, or leave nothing of it.

Proof against being killed at any moment: spawn, write the pidfile, and only then send the server its secrets;
a server whose standard input ends before they came ends too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import IO, Any

from pygatectl import ports, process
from pygatectl.errors import NotReady
from pygatectl.launch import Plan
from pygatectl.logs import set_aside, since
from pygatectl.passphrase import Passphrase
from pygatectl.paths import private_folder
from pygatectl.record import RUNNING, Record
from pygatectl.trust import trust_in_instance

Report = Callable[[str], None]
"""Told what is being done, often while waiting; what it raises ends the start or stop."""

KILL_TIMEOUT = 5.0
"""Seconds until a killed process must be gone, and its port free."""
PAUSE = 0.001
"""Seconds between two looks at what a server that starts has printed; it says when it listens."""
PROBE_PAUSE = 0.05
"""Seconds between two probes of a server that has printed nothing."""
MAX_OUTPUT = 10_000_000
"""Bytes of captured output behind which a start sets the file aside."""


def bring_up(
    plan: Plan, record: Record, pidfile: Path, passphrase: Passphrase | None, deadline: float, report: Report
) -> dict[str, Any]:
    """Start the planned server; return the figures of its first answer. The caller holds the definition's lock.

    `record` is completed with the process and written to `pidfile`; `deadline` is one of time.monotonic. Raises
    `NotReady`; then, and after any interruption, nothing is left of it.
    """
    with open_output(plan) as output:
        position = output.tell()
        child = spawn_detached(plan, output)
    identity = process.identify(child.pid)
    try:
        if identity is not None:
            record = replace(record, pid=identity.pid, start=identity.start, boot=identity.boot)
            record.write(pidfile)
            send_secrets(child, passphrase, record.instance)
        figures = _wait_ready(plan, record, child, position, deadline, report)
        record.at(RUNNING).write(pidfile)
    except BaseException:
        _discard(child, identity)
        pidfile.unlink(missing_ok=True)
        if plan.local:
            plan.local.unlink(missing_ok=True)
        raise
    reap(child, record.name)
    return figures


def reap(child: subprocess.Popen[bytes], name: str) -> None:
    """Wait for a process beside: the program that starts it may live long, and must leave no zombies behind."""
    # End: with the process.
    threading.Thread(target=child.wait, name=f"reap {name}", daemon=True).start()


def open_output(plan: Plan) -> IO[bytes]:
    """The file that captures what the server prints, with one line that marks this start."""
    private_folder(plan.output.parent)
    if plan.output.exists() and plan.output.stat().st_size > MAX_OUTPUT:
        plan.output.replace(set_aside(plan.output))
    output = open(plan.output, "ab", opener=_private)  # noqa: SIM115 - Path.open has no opener; closed by the caller
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    output.write(f"--- {now} {plan.command}\n".encode("utf-8", "replace"))
    output.flush()
    return output


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def spawn_detached(plan: Plan, output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the process in a session of its own, with no descriptors but its pipe and its output."""
    options: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        options = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}
    try:
        return subprocess.Popen(
            plan.argv,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=plan.cwd,
            env=dict(plan.env),
            close_fds=True,
            **options,
        )
    except OSError as error:
        raise NotReady(f"{plan.argv[0]} can't be started: {error}", details=[("command", plan.command)]) from error


def send_secrets(child: subprocess.Popen[bytes], passphrase: Passphrase | None, instance: str | None) -> None:
    """Give the process its secrets in a line on its standard input, and close that."""
    line = json.dumps({"passphrase": passphrase.reveal() if passphrase else None, "instance": instance})
    assert child.stdin is not None  # noqa: S101 - it was asked for as a pipe
    try:
        child.stdin.write(line.encode() + b"\n")
        child.stdin.close()
    except BrokenPipeError:
        return  # it ended already; what it said about that is read next


def _wait_ready(
    plan: Plan,
    record: Record,
    child: subprocess.Popen[bytes],
    position: int,
    deadline: float,
    report: Report,
) -> dict[str, Any]:
    """Probe until the very process just started answers. Raises `NotReady` with all that is known."""
    from pygateway import GatewayError, probe

    host = ports.connect_host(record.host)
    last, tls = "no answer in time", trust_in_instance(record)
    printed, again = 0, 0.0
    while (status := child.poll()) is None and (left := deadline - (now := time.monotonic())) > 0:
        report("waiting for its answer")
        before, printed = printed, _size(plan.output)
        if printed != before or now >= again:
            again = now + PROBE_PAUSE
            try:
                return dict(probe(host, record.port, record.instance, timeout=max(min(left, 1.0), 0.05), tls=tls))
            except GatewayError as error:
                last = f"no answer in time: {error}"
        time.sleep(PAUSE)
    raise _not_ready(plan, record, status, last, since(plan.output, position))


def _size(output: Path) -> int:
    try:
        return output.stat().st_size
    except OSError:  # somebody has taken it away
        return 0


def _not_ready(plan: Plan, record: Record, status: int | None, last: str, said: str) -> NotReady:
    if status is None:
        why, outcome = last, "none: it ran, and was killed"
    else:
        why = said.splitlines()[-1] if said else f"it ended with exit status {status} and said nothing"
        outcome = str(status)
    return NotReady(
        f"gateway {record.name!r} did not become ready: {why}",
        details=[("command", plan.command), ("exit status", outcome), ("output", said or "(nothing)")],
    )


def _discard(child: subprocess.Popen[bytes], identity: process.Identity | None) -> None:
    """End what was started and did not become a server."""
    if child.stdin is not None and not child.stdin.closed:
        child.stdin.close()
    if identity is not None:
        process.kill(process.family(identity))
    if child.poll() is None:
        child.kill()
    child.wait(KILL_TIMEOUT)
