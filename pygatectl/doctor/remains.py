"""What servers, monitors and crashes left behind, and servers that are not what their definitions say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pygatectl.definition import Definition
from pygatectl.doctor.finding import ERROR, WARNING, Check, Finding, RegistryCheck
from pygatectl.doctor.places import recorded
from pygatectl.record import read_record
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
    socket = paths.socket(name)
    left = [path for path in (paths.record(name), socket) if path is not None and path.exists()]
    if left and recorded(registry, definition) is None:
        what = f"a server that has ended without being asked left {' and '.join(str(path) for path in left)}"
        yield Finding(name, "record", WARNING, what, f"pygatectl stop {name}", lambda: Servers(registry).stop(name))


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
            yield Finding(record.name, "orphan", WARNING, what, f"rm {path}", partial(path.unlink, missing_ok=True))


def _stale_monitor(registry: Registry, definition: Definition) -> Iterator[Finding]:
    from pygatectl.monitor import Monitors, read_monitor_record

    name = definition.name
    path = registry.paths.monitor_record(name)
    record = read_monitor_record(path)
    if path.exists() and (record is None or not record.identity.alive()):
        what = f"a gateway monitor that has ended left {path}"
        fix = f"pygatectl monitor stop {name}"
        yield Finding(name, "monitor", WARNING, what, fix, lambda: Monitors(registry).stop(name))


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
