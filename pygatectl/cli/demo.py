"""The demo: a gateway from its creation to its end, in a registry of its own that is gone afterwards."""

from __future__ import annotations

import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pygatectl
from pygatectl.activity import Journal, Wanted
from pygatectl.cli import render, render_records, render_states
from pygatectl.connect import open_gateway
from pygatectl.paths import Paths, private_folder
from pygatectl.registry import Registry
from pygatectl.server import Servers
from pygatectl.state import survey

NAME = "PyGate"


class Terminated(BaseException):
    """A signal that asks to end; the number is its argument."""


def demo() -> int:
    """Create, start, use, and stop a gateway, and leave nothing behind.

    It has a registry and a state directory of its own, in a temporary folder.

    \b
    pygatectl demo
    """
    folder = Path(tempfile.gettempdir()) / f"pygatectl-demo-{secrets.token_hex(4)}"
    registry = Registry(Paths(folder / "registry.toml", folder / "state"))
    try:
        with _one_signal_raised():
            try:
                try:
                    private_folder(folder)
                    _run(registry, Servers(registry))
                finally:
                    _clean(registry, folder)
            finally:
                # Once more: the signal may have come while that was cleaning up, and comes only once.
                _clean(registry, folder)
    except Terminated as ending:
        return 128 + int(ending.args[0])
    return 0


def _run(registry: Registry, servers: Servers) -> None:
    definition = registry.create(NAME, {"port": "auto"})
    render.line(f"created {NAME} on {definition.server}\n")
    servers.start(NAME)
    render_states.status_table(survey(registry, [definition]))
    render.line("")
    _use(registry)
    render.line("")
    render_records.activity(Journal(registry.paths).read(Wanted()), as_json=False)
    servers.stop(NAME)
    render.line("")
    render_states.status_table(survey(registry, [definition]))


def _use(registry: Registry) -> None:
    module = Path(pygatectl.__file__).parent / "demo" / "PersonDemo.py"
    with open_gateway(NAME, registry) as gateway:
        gateway.add_to_class_path(str(module))
        person = gateway.new("PersonDemo.Person")
        render.line(f"Default values: {person.displayPerson()}")
        person.name = "George"
        person.age = 99
        render.line(f"Changed values: {person.displayPerson()}, {person.company.displayEmployer()}")


def _clean(registry: Registry, folder: Path) -> None:
    """Leave nothing behind, whatever was reached."""
    if NAME in registry.names():
        Servers(registry).stop(NAME, timeout=2)
    shutil.rmtree(folder, ignore_errors=True)


_ENDINGS = [signal.SIGINT, signal.SIGTERM]
if sys.platform != "win32":
    _ENDINGS.append(signal.SIGHUP)


@contextmanager
def _one_signal_raised() -> Iterator[None]:
    """Turn the first signal that asks to end into an exception, ignore others, and put the handlers back."""
    asked = False

    def end(number: int, _: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise Terminated(number)

    before = {number: signal.signal(number, end) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
