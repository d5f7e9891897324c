"""The error tree of the gateway connection. Each message says what happened and what to do next."""


class GatewayError(Exception):
    """Whatever the gateway connection itself reports; errors of the objects are not among them."""


class ConnectError(GatewayError):
    """No connection could be made: refused, unreachable, or silent for too long."""


class ConnectionLost(GatewayError):
    """The connection ended while it was used, or was used after its end."""


class AuthenticationError(GatewayError):
    """The two sides could not prove to each other that they know the same secret."""


class DeadlineExceeded(GatewayError, TimeoutError):
    """The answer did not come within the deadline. The call may still run; the connection stays usable."""


class DeadlockError(GatewayError):
    """A call would have waited for an object that waits, through others or by itself, for the end of that very call."""


class ProtocolError(GatewayError):
    """The peer sent what the protocol does not allow, or speaks another protocol."""


class LimitError(ProtocolError):
    """A frame, a body or a buffer is larger than the named limit allows, or there would be more objects or threads."""


class ClassPathError(GatewayError):
    """An entry of the class path names nothing that could be loaded."""


class StartError(GatewayError):
    """The server can't start; the message is one sentence."""


class ReleasedError(GatewayError):
    """The object that a proxy or a number stands for is no longer there."""


class NotReachable(GatewayError, AttributeError):
    """The name begins with an underscore, or is otherwise kept from the other side."""


class NotAllowed(GatewayError, PermissionError):
    """The server's allow list has no such class, function or module, or its definition does not let hosts do this."""


class RemoteError(GatewayError):
    """An exception of the other side that is no builtin; its class here has the name of the class there.

    A remote exception class whose nearest builtin base is ``ValueError`` arrives as a subclass of both
    ``RemoteError`` and ``ValueError``. Those that would end this program (``SystemExit``,
    ``KeyboardInterrupt``, ``GeneratorExit``) arrive as a ``RemoteError`` alone.
    """


class RemoteTraceback(Exception):
    """Stands at the end of a remote exception's cause chain, so that Python prints the remote traceback."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return "\n" + self.text
