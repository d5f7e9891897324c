"""Connect to the server of a definition, by name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from pygatectl import ports
from pygatectl.definition import Definition
from pygatectl.errors import NotActive
from pygatectl.record import read_record
from pygatectl.registry import Registry
from pygatectl.trust import trust_in, trust_in_instance

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygateway import Gateway
    from pygateway.dialling import Dialler


ATTEMPTS = 3
"""How often a monitor is looked for: one that nobody needs may end at the very moment at which it is found."""


def open_gateway(
    name: str,
    registry: Registry | str | os.PathLike[str] | None = None,
    *,
    timeout: float | None = None,
    output: bool | Callable[[str, str], Any] = False,
    reconnect: bool = False,
    shared: bool = False,
) -> Gateway:
    """A connected gateway to the server of this definition, over the local socket where there is one.

    `registry` is a Registry or the path of its file; `timeout` is in seconds, the definition's connection
    timeout without one; `output` and `reconnect` are as in `Gateway.connect`, and a server that was restarted is
    found again wherever its definition has it then. With `shared`, the connection is the one of the gateway monitor,
    which is started if it does not run: all processes that share it see the same objects. Raises `UnknownGateway`;
    `NotActive` if nothing answers there; the errors of `pygateway`, such as `AuthenticationError`, if something does
    but is not to be used; with `shared`, also as `Monitors.start`.
    """
    store = registry if isinstance(registry, Registry) else Registry(registry)
    definition = store.get(name)
    if shared:
        return _open_shared(store, name, timeout, output, reconnect)
    from pygateway import ConnectError
    from pygateway import Gateway as Connection

    def dialler() -> Dialler:
        from pygateway.dialling import Dialler

        return Dialler(**way_to(store, name, timeout))

    try:
        return Connection.connect(
            **way_to(store, name, timeout), output=output, reconnect=dialler if reconnect else False
        )
    except ConnectError as error:
        where = f"gateway {name!r} is not active on {definition.server}"
        raise NotActive(f"{where}; start it: pygatectl start {name} ({error})") from error


def _open_shared(
    store: Registry, name: str, timeout: float | None, output: bool | Callable[[str, str], Any], reconnect: bool
) -> Gateway:
    """As `open_gateway`, through the monitor: the one that runs, or one that is started."""
    from pygatectl.monitor import Monitors
    from pygateway import ConnectError
    from pygateway import Gateway as Connection

    monitors = Monitors(store)

    def dialler() -> Dialler:
        monitors.start(name)
        return monitors.dialler(name, timeout)

    way = monitors.dialler(name, timeout)
    options: dict[str, Any] = {"local": way.local, "timeout": way.timeout, "output": output}
    options["heartbeat"] = way.heartbeat
    options["reconnect"] = dialler if reconnect else False
    for _ in range(ATTEMPTS - 1):
        try:
            return Connection.connect(way.host, way.port, **options)
        except ConnectError:  # there is none, or it is about to end
            monitors.start(name)
    return Connection.connect(way.host, way.port, **options)


def way_to(store: Registry, name: str, timeout: float | None) -> dict[str, Any]:
    """How the server of a definition is reached at this moment."""
    definition = store.get(name)
    passphrase = store.passphrases.get(definition.name).reveal() if definition.use_passphrase else None
    host, port, local = address(store, definition)
    wait = float(definition.connection_timeout) if timeout is None else timeout
    heartbeat = (definition.heartbeat_interval, definition.heartbeat_failure_timeout)
    way = {"host": host, "port": port, "passphrase": passphrase, "local": local, "timeout": wait}
    return {**way, "heartbeat": heartbeat, **trust_in(definition)}


def address(registry: Registry, definition: Definition) -> tuple[str, int, str | None]:
    """Host, port and local socket at which this machine reaches the server: of the running one, if it is
    recorded.
    """
    record = read_record(registry.paths.record(definition.name))
    if record and record.registry == str(registry.paths.registry) and record.identity.alive():
        local = record.local if record.local and os.path.exists(record.local) else None  # noqa: PTH110 - may be a socket
        return ports.connect_host(record.host), record.port, local
    return ports.connect_host(definition.host), definition.port, None


def round_trip(name: str, registry: Registry) -> float:
    """Seconds of one authenticated ping. Raises `NotActive` if the definition's server does not answer it."""
    import time

    from pygateway import GatewayError, ping, probe

    definition = registry.get(name)
    record = read_record(registry.paths.record(definition.name))
    ours = record and record.registry == str(registry.paths.registry) and record.identity.alive()
    host, port, _ = address(registry, definition)
    wait = float(definition.connection_timeout)
    began = time.perf_counter()
    try:
        if record and ours:
            probe(host, port, record.instance, timeout=wait, tls=trust_in_instance(record))
        else:
            passphrase = registry.passphrases.get(name).reveal() if definition.use_passphrase else None
            ping(host, port, passphrase, timeout=wait, **trust_in(definition))
    except GatewayError as error:
        advice = "" if record and ours else f"; start it: pygatectl start {name}"
        raise NotActive(f"gateway {name!r} does not answer on {definition.server}: {error}{advice}") from error
    return time.perf_counter() - began
