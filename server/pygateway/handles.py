"""Objects that outlive the process that made them: left with the gateway monitor, and fetched by a number."""

from .monitor_desk import FETCH, KEEP, KEPT, LET_GO
from .proxy import Proxy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Tuple

    from .gateway import Gateway


def keep(gateway: "Gateway", made: "Any", text: str) -> int:
    """Leave an object with the monitor of a shared gateway; its handle. `text` is what `kept` says of it.

    Raises TypeError for a value that is no proxy.
    """
    if not isinstance(made, Proxy):
        raise TypeError("a %s goes by value; only an object of the server can be kept" % type(made).__name__)
    number: int = made._number
    gateway.ask_monitor(KEEP, number, text)
    return number


def fetch(gateway: "Gateway", handle: int) -> "Any":
    """The proxy of an object that was kept. Raises ReleasedError if it is not."""
    return gateway.ask_monitor(FETCH, handle)


def kept(gateway: "Gateway") -> "List[Tuple[int, str]]":
    """The handles of all objects that are kept, and the texts that were given with them."""
    return [(number, text) for number, text in gateway.ask_monitor(KEPT)]


def let_go(gateway: "Gateway", handle: int) -> None:
    """Keep an object no longer. Raises ReleasedError if it was not kept."""
    gateway.ask_monitor(LET_GO, handle)
