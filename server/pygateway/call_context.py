"""What the code of an object can learn of the connection that it is served by."""

from .errors import GatewayError
from .object_thread import current

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Mapping

    from .object_thread import ObjectThread


class Context:
    """The connection that serves the running call. Of use on the thread that runs it, while it runs."""

    __slots__ = ("_thread",)

    def __init__(self, thread: "ObjectThread") -> None:
        self._thread = thread

    @property
    def peer(self) -> str:
        """The host, as `address:port`, or "local"."""
        return self._thread.connection.peer

    @property
    def objects(self) -> "Mapping[str, Any]":
        """Proxies of the host's objects by the names that it gave them with `Gateway.export`."""
        return self._thread.connection.named

    @property
    def shared(self) -> "Dict[str, Any]":
        """Values that all objects of this connection share; they end with it. Guard what several threads change."""
        return self._thread.connection.shared

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the running call any more: its deadline passed, or its host gave it up or is gone.

        Code that runs long asks this now and then, and ends if it is true.
        """
        return self._thread.is_given_up()


def context() -> Context:
    """The context of the call that runs on this thread. Raises GatewayError where none does."""
    thread = current()
    if thread is None or thread.serving is None:
        raise GatewayError(
            "no call of a gateway runs on this thread; ask for the context in a method of a hosted object"
        )
    return Context(thread)
