"""What servers, monitors and crashes left behind, and servers that are not what their definitions say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pygatectl.definition import Definition
from pygatectl.doctor.finding import ERROR, WARNING, Check, Finding, RegistryCheck
from pygatectl.doctor.places import recorded
from pygatectl.monitor import Monitors, read_monitor_record
from pygatectl.record import read_failure, read_record
from pygatectl.registry import Registry
from pygatectl.server import Servers
from pygatectl.state import UNRESPONSIVE, observe


def _stale_record(registry: Registry, definition: Definition) -> Iterator[Finding]:
    name, paths = definition.name, registry.paths
    record = read_record(paths.record(name))
    if record is not None and record.registry != str(paths.registry):
        if record.identity.alive():
            what = f"a server of the registry {record.registry} with this name uses the same state directory"
            yield Finding(name, "record", WARNING, what, "give each registry its own with PYGATECTL_STATE_DIR")
        return
    if recorded(registry, definition) is not None:
        return
    watched = _lives(registry, name)  # it restarts a server of which there is a record: that is left to it
    repair = None if watched else partial(Servers(registry).put_away, name)
    socket = paths.socket(name)
    left = [path for path in (paths.record(name), socket) if path is not None and path.exists()]
    if left:
        what = f"a server that has ended without being asked left {' and '.join(str(path) for path in left)}"
        yield Finding(name, "record", WARNING, what, f"pygatectl stop {name}", repair)
    if failure := read_failure(paths.failure(name)):
        what = f"its last start failed: {failure.text}"
        yield Finding(name, "failure", WARNING, what, f"pygatectl start {name}", repair)


def _lives(registry: Registry, name: str) -> bool:
    """Whether a gateway monitor of this name runs."""
    record = read_monitor_record(registry.paths.monitor_record(name))
    return record is not None and record.identity.alive()


def _stale_monitor(registry: Registry, definition: Definition) -> Iterator[Finding]:
    name, paths = definition.name, registry.paths
    left = [path for path in (paths.monitor_record(name), paths.monitor_socket(name)) if path and path.exists()]
    if left and not _lives(registry, name):
        what = f"a gateway monitor that has ended left {' and '.join(str(path) for path in left)}"
        repair = partial(Monitors(registry).put_away, name)
        yield Finding(name, "monitor", WARNING, what, f"pygatectl monitor stop {name}", repair)


def _orphans(registry: Registry) -> Iterator[Finding]:
    """Records of definitions that were taken out of the file by hand: no command reaches their servers."""
    known = set(registry.names())
    for path in sorted(registry.paths.run.glob("*.pid")):
        record = read_record(path)
        if record is None or record.name in known or record.registry != str(registry.paths.registry):
            continue
        if record.identity.alive():
            what = f"the server of {record.name!r} runs (pid {record.pid}), and there is no such definition any more"
            name = record.name
            fix = f"pygatectl create {name} --port {record.port}, and then: pygatectl delete {name} --stop"
            yield Finding(record.name, "orphan", ERROR, what, fix)
        else:
            what = f"{path} is left of a definition that is not there any more"
            yield Finding(
                record.name, "orphan", WARNING, what, f"rm {path}", partial(Servers(registry).forget, record.name)
            )


def _running(registry: Registry, definition: Definition) -> Iterator[Finding]:
    if recorded(registry, definition) is None:
        return
    name, status = definition.name, observe(registry, definition)
    if status.pending:
        what = f"it was edited since its server started, in: {', '.join(status.pending)}"
        yield Finding(name, "edited", WARNING, what, f"pygatectl restart {name}")
    if status.state == UNRESPONSIVE:
        yield Finding(name, "answer", WARNING, status.note, f"pygatectl restart {name} --force")


REMAINS_OF_NONE: tuple[RegistryCheck, ...] = (_orphans,)
REMAINS_CHECKS: tuple[Check, ...] = (_stale_record, _stale_monitor, _running)
