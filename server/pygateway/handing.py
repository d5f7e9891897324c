"""Proxies in the hands of other processes: pickled by reference, where a gateway monitor shares their connection.

What is pickled names the monitor's socket, the connection, and the object's number. It holds no secret: whoever can
open the socket may use the connection, and nobody else can.
"""

from weakref import WeakValueDictionary

from .dialling import Dialler
from .errors import ConnectError, ConnectionLost
from .frames import AGAIN, CALL
from .session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


#: The connections of this process that a monitor shares, by the monitor's name for each. Those that a fork left to the
#: parent are not connected any more.
_by_name: "WeakValueDictionary[str, Session]" = WeakValueDictionary()


def note(session: Session) -> None:
    """Proxies that come to this process from others may use this connection."""
    _by_name[session.server["shared"]] = session


def take(host: str, port: int, local: str, name: str, number: int) -> "Any":
    """The proxy of an object of a shared connection: what unpickling one calls.

    Raises ConnectionLost if the connection has ended, ReleasedError if the object was released meanwhile.
    """
    session = _by_name.get(name)
    if session is None or not session.connected:
        session = _opened(host, port, local, name)
    return session.request(CALL, 0, AGAIN, (number,))


def _opened(host: str, port: int, local: str, name: str) -> Session:
    """A connection of this process's own to the monitor, which lives as long as a proxy uses it."""
    ended = "the proxy belongs to a shared gateway connection to %s:%d that has ended; make the object anew"
    try:
        session = Session(Dialler(host, port, local=local))
    except ConnectError as error:
        raise ConnectionLost((ended + " (%s)") % (host, port, error)) from None
    if session.server.get("shared") != name:
        session.disconnect()
        raise ConnectionLost(ended % (host, port))
    return session
