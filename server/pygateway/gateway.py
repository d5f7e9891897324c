"""The host's side: a Gateway is a handle on one gateway connection; its proxies are the server's objects."""

import os

from .batch import Batch
from .deadlines import deadline
from .dialling import Dialler
from .frames import CALL
from .handshake import INSTANCE, PASSPHRASE
from .link import ADD_CLASS_PATH, EXPORT, GET_STATIC, INVOKE, NEW, PING, SET_STATIC
from .proxy import Proxy
from .references import ByReference
from .session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Any, Dict, Optional, Type, Union


class Gateway:
    """A connection to an External Python Server. Make one with `Gateway.connect`; it may be used from many threads.

    >>> with Gateway.connect("127.0.0.1", 55001) as gateway:
    ...     gateway.add_to_class_path("/srv/app/PersonDemo.py")
    ...     person = gateway.new("PersonDemo.Person")
    ...     person.name = "George"
    """

    def __init__(
        self,
        host: str,
        port: int,
        passphrase: "Optional[str]" = None,
        *,
        local: "Optional[str]" = None,
        timeout: float = 5.0,
        user: str = PASSPHRASE,
    ) -> None:
        """As `connect`."""
        self.host = host
        self.port = port
        self._dialler = Dialler(host, port, passphrase, local=local, timeout=timeout, user=user)
        self._session = Session(self._dialler)

    @classmethod
    def connect(
        cls,
        host: str,
        port: int,
        passphrase: "Optional[str]" = None,
        *,
        local: "Optional[str]" = None,
        timeout: float = 5.0,
    ) -> "Gateway":
        """Connect to the server at `host` and `port`.

        `local` is the path of the server's local socket, used in place of TCP. `timeout`, in seconds, is for
        connecting and for the handshake. Raises ConnectError, AuthenticationError or ProtocolError.
        """
        return cls(host, port, passphrase, local=local, timeout=timeout)

    def add_to_class_path(self, paths: "Union[str, os.PathLike[str], Iterable[Union[str, os.PathLike[str]]]]") -> None:
        """Add the paths of modules, or of folders, to what `new` and `invoke` find by name.

        The paths are the server's. Raises ClassPathError for a path that names nothing there.
        """
        each = [paths] if isinstance(paths, (str, os.PathLike)) else paths
        self._session.request(CALL, 0, ADD_CLASS_PATH, [os.fspath(path) for path in each])

    def new(self, class_name: str, *args: "Any", **kwargs: "Any") -> "Any":
        """Make an object of the class `class_name` ("PersonDemo.Person") on the server, and its proxy here."""
        return self._session.request(CALL, 0, NEW, (class_name, *args), kwargs)

    def invoke(self, class_name: str, method: str, *args: "Any", **kwargs: "Any") -> "Any":
        """Call a class method or static method; of a module, where `class_name` ends in a dot ("re."), a function."""
        return self._session.request(CALL, 0, INVOKE, (class_name, method, *args), kwargs)

    def get(self, class_name: str, name: str) -> "Any":
        """Read an attribute of a class, or of a module ("sys.")."""
        return self._session.request(CALL, 0, GET_STATIC, (class_name, name))

    def set(self, class_name: str, name: str, value: "Any") -> None:
        """Set an attribute of a class or of a module."""
        self._session.request(CALL, 0, SET_STATIC, (class_name, name, value))

    def batch(self) -> Batch:
        """A batch: `with gateway.batch() as batch: later = batch(person.displayPerson)`; see `Batch`."""
        return Batch(self._session)

    def export(self, name: str, value: "Any") -> None:
        """Give the objects of this connection `value` by name: there, a proxy in `pygateway.context().objects`."""
        self._session.request(CALL, 0, EXPORT, (name, ByReference(value)))

    def ping(self) -> "Dict[str, Any]":
        """Ask the server for its figures: pid, python, version, uptime (seconds), connections, objects, threads."""
        figures: Dict[str, Any] = self._session.request(CALL, 0, PING)
        return figures

    @property
    def server(self) -> "Dict[str, Any]":
        """What the server said of itself: its version, its Python, its pid."""
        return self._session.server

    @property
    def connected(self) -> bool:
        """Whether the connection was not lost and not ended, as far as is known without asking."""
        return self._session.connected

    def disconnect(self) -> None:
        """End the connection: the server lets go of its objects, and proxies are of no more use. Again is harmless."""
        self._session.disconnect()

    def where(self) -> str:
        """The server, as it is named in messages."""
        return self._dialler.where()

    def __enter__(self) -> "Gateway":
        return self

    def __exit__(
        self,
        kind: "Optional[Type[BaseException]]",
        error: "Optional[BaseException]",
        trace: "Optional[TracebackType]",
    ) -> None:
        self.disconnect()

    def __repr__(self) -> str:
        return "<Gateway %s%s>" % (self.where(), "" if self.connected else ", not connected")


def probe(
    host: str, port: int, instance: str, *, local: "Optional[str]" = None, timeout: float = 5.0
) -> "Dict[str, Any]":
    """The figures of a server, and the proof that it is the process that was given the secret `instance`.

    `timeout` is in seconds. Raises ConnectError, ConnectionLost, AuthenticationError or ProtocolError.
    """
    with Gateway(host, port, instance, local=local, timeout=timeout, user=INSTANCE) as gateway, deadline(timeout):
        return gateway.ping()


def ping(host: str, port: int, passphrase: "Optional[str]" = None, *, timeout: float = 5.0) -> "Dict[str, Any]":
    """The figures of the server at `host` and `port`, as `Gateway.ping`. `timeout` is in seconds."""
    with Gateway.connect(host, port, passphrase, timeout=timeout) as gateway, deadline(timeout):
        return gateway.ping()


def value(of: "Any") -> "Any":
    """A copy of the object behind a proxy, in one trip: a real list, dict, set, bytearray or array.

    What is no proxy is returned as it is. Raises TypeError for an object that can't be copied by value.
    """
    return of._link.value_of(of) if isinstance(of, Proxy) else of


def ref(argument: "Any") -> ByReference:
    """`argument`, to be passed by reference: it arrives as a proxy, and what the object changes is changed here."""
    return ByReference(argument)
