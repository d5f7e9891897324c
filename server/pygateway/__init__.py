"""pygateway: an External Python Server, and the host's Gateway and proxies for its objects.

Standard library only, CPython 3.6.6 and later. It never imports pygatectl. Names are loaded when first used, so that
importing the package costs nothing; before Python 3.7 they are loaded at once.
"""

import sys

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .call_context import Context, context
    from .deadlines import deadline, remaining
    from .errors import (
        AuthenticationError,
        ClassPathError,
        ConnectError,
        ConnectionLost,
        DeadlineExceeded,
        DeadlockError,
        GatewayError,
        LimitError,
        NotAllowed,
        NotReachable,
        ProtocolError,
        ReleasedError,
        RemoteError,
        RemoteTraceback,
    )
    from .gateway import Gateway, ping, ref, value
    from .iteration import ahead
    from .probing import probe
    from .proxy import Proxy

_PLACES = {
    "call_context": ("Context", "context"),
    "deadlines": ("deadline", "remaining"),
    "errors": (
        "AuthenticationError",
        "ClassPathError",
        "ConnectError",
        "ConnectionLost",
        "DeadlineExceeded",
        "DeadlockError",
        "GatewayError",
        "LimitError",
        "NotAllowed",
        "NotReachable",
        "ProtocolError",
        "ReleasedError",
        "RemoteError",
        "RemoteTraceback",
    ),
    "gateway": ("Gateway", "ping", "ref", "value"),
    "iteration": ("ahead",),
    "probing": ("probe",),
    "proxy": ("Proxy",),
}

__all__ = [
    "AuthenticationError",
    "ClassPathError",
    "ConnectError",
    "ConnectionLost",
    "Context",
    "DeadlineExceeded",
    "DeadlockError",
    "Gateway",
    "GatewayError",
    "LimitError",
    "NotAllowed",
    "NotReachable",
    "ProtocolError",
    "Proxy",
    "ReleasedError",
    "RemoteError",
    "RemoteTraceback",
    "__version__",
    "ahead",
    "context",
    "deadline",
    "ping",
    "probe",
    "ref",
    "remaining",
    "value",
]


def __getattr__(name: str) -> object:
    for module, names in _PLACES.items():
        if name in names:
            from importlib import import_module

            found: object = getattr(import_module("." + module, __name__), name)
            globals()[name] = found
            return found
    raise AttributeError("module %r has no attribute %r" % (__name__, name))


if sys.version_info < (3, 7):
    globals().update((name, __getattr__(name)) for names in _PLACES.values() for name in names)
