"""pygatectl: define, run and use Python gateways, warm Python servers under any interpreter.

`Registry` holds the definitions, `Servers` starts and stops their servers, `open_gateway(name)` connects to
one. What can go wrong is in `pygatectl.errors`. Everything is loaded when it is first used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing costs a Tab as much as all else that it imports
if TYPE_CHECKING:
    from typing import Any

    from pygatectl.connect import open_gateway
    from pygatectl.definition import Definition
    from pygatectl.errors import PygatectlError
    from pygatectl.monitor import Monitors
    from pygatectl.registry import Registry
    from pygatectl.server import Servers
    from pygatectl.state import Status, observe

_HOMES = {
    "Definition": "definition",
    "Monitors": "monitor",
    "PygatectlError": "errors",
    "Registry": "registry",
    "Servers": "server",
    "Status": "state",
    "observe": "state",
    "open_gateway": "connect",
}

__all__ = ["Definition", "Monitors", "PygatectlError", "Registry", "Servers", "Status", "observe", "open_gateway"]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from pygateway import __version__

        return __version__
    if name not in _HOMES:
        raise AttributeError(f"module 'pygatectl' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"pygatectl.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__", "errors"]
