"""Connect to the server of a definition, by name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from pygatectl import ports
from pygatectl.definition import Definition
from pygatectl.errors import NotActive
from pygatectl.record import read_record
from pygatectl.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygateway import Gateway
    from pygateway.dialling import Dialler


def open_gateway(
    name: str,
    registry: Registry | str | os.PathLike[str] | None = None,
    *,
    timeout: float | None = None,
    output: bool | Callable[[str, str], Any] = False,
    reconnect: bool = False,
) -> Gateway:
    """A connected gateway to the server of this definition, over the local socket where there is one.

    `registry` is a Registry or the path of its file; `timeout` is in seconds, the definition's connection
    timeout without one; `output` and `reconnect` are as in `Gateway.connect`, and a server that was restarted is
    found again wherever its definition has it then. Raises `UnknownGateway`; `NotActive` if nothing answers there; and
    the errors of `pygateway`, such as `AuthenticationError`, if something does but is not to be used.
    """
    store = registry if isinstance(registry, Registry) else Registry(registry)
    definition = store.get(name)
    from pygateway import ConnectError
    from pygateway import Gateway as Connection

    def dialler() -> Dialler:
        from pygateway.dialling import Dialler

        return Dialler(**_way(store, name, timeout))

    try:
        return Connection.connect(
            **_way(store, name, timeout), output=output, reconnect=dialler if reconnect else False
        )
    except ConnectError as error:
        where = f"gateway {name!r} is not active on {definition.server}"
        raise NotActive(f"{where}; start it: pygatectl start {name} ({error})") from error


def _way(store: Registry, name: str, timeout: float | None) -> dict[str, Any]:
    """How the server of a definition is reached at this moment."""
    definition = store.get(name)
    passphrase = store.passphrases.get(definition.name).reveal() if definition.use_passphrase else None
    host, port, local = address(store, definition)
    wait = float(definition.connection_timeout) if timeout is None else timeout
    return {"host": host, "port": port, "passphrase": passphrase, "local": local, "timeout": wait}


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
            probe(host, port, record.instance, timeout=wait)
        else:
            passphrase = registry.passphrases.get(name).reveal() if definition.use_passphrase else None
            ping(host, port, passphrase, timeout=wait)
    except GatewayError as error:
        raise NotActive(f"gateway {name!r} does not answer on {definition.server}: {error}") from error
    return time.perf_counter() - began
