"""The host's side: a Gateway is a handle on one gateway connection; its proxies are the server's objects."""

import os
import threading

from .deadlines import deadline
from .dialling import Dialler
from .forking import leave_to_parent
from .frames import ADD_CLASS_PATH, CALL, EXPORT, GET_STATIC, INVOKE, NEW, PING, SET_STATIC
from .handshake import PASSPHRASE
from .proxy import Proxy
from .references import ByReference
from .session import Session
from .stream import HEARTBEAT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future
    from types import TracebackType
    from typing import Any, Dict, List, Optional, Type, Union

    from .batch import Batch
    from .printed import Printed
    from .stream import Heartbeat
    from .tls import Trust
    from .workers import Workers

    #: Whether a new connection is made where one was lost; or what says where the server is then.
    Reconnect = Union[bool, Callable[[], Dialler]]

#: Most threads, and so most streams, that `Gateway.submit` uses at once.
MAX_WORKERS = 32


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
        output: "Printed" = False,
        reconnect: "Reconnect" = False,
        heartbeat: "Heartbeat" = HEARTBEAT,
        tls: "Trust" = False,
        tls_name: "Optional[str]" = None,
        user: str = PASSPHRASE,
    ) -> None:
        """As `connect`."""
        ways: Dict[str, Any] = {"local": local, "timeout": timeout, "heartbeat": heartbeat}
        self._dialler = Dialler(host, port, passphrase, tls=tls, tls_name=tls_name, user=user, **ways)
        self._output = output
        self._reconnect = reconnect
        self._disconnected = False
        #: Guards the change from a connection that was lost to a new one.
        self._renewing_lock = threading.RLock()
        self._class_path: List[str] = []
        self._exports: Dict[str, Any] = {}
        self._workers: Optional[Workers] = None
        self._session = Session(self._dialler, output)
        leave_to_parent(self)

    @classmethod
    def connect(
        cls,
        host: str,
        port: int,
        passphrase: "Optional[str]" = None,
        *,
        local: "Optional[str]" = None,
        timeout: float = 5.0,
        output: "Printed" = False,
        reconnect: "Reconnect" = False,
        heartbeat: "Heartbeat" = HEARTBEAT,
        tls: "Trust" = False,
        tls_name: "Optional[str]" = None,
    ) -> "Gateway":
        """Connect to the server at `host` and `port`.

        `local` is the path of the server's local socket, used in place of TCP. `timeout`, in seconds, is for
        connecting and for the handshake. With `output`, what objects print while they serve calls of this connection
        comes to this program's `sys.stdout` and `sys.stderr`, or to the function that `output` is, called with the text
        and "stdout" or "stderr". With `reconnect`, a gateway whose connection was lost makes a new one when it is used
        again; `reconnect` may be a function that returns the `Dialler` to use then. The objects of the old connection
        are gone, and no request is sent twice. `heartbeat` is after how many seconds of waiting the server is asked for
        a sign of life, and after how many more without one the connection is lost; (0, 0) waits for ever. `tls` is the
        file of the certificate authority that the server's certificate is checked with, True for the system's
        authorities, or an `ssl.SSLContext`; `tls_name` is the name that the certificate must have, `host` without one.
        Raises ConnectError, AuthenticationError or ProtocolError.
        """
        ways: Dict[str, Any] = {"local": local, "timeout": timeout, "heartbeat": heartbeat}
        return cls(host, port, passphrase, output=output, reconnect=reconnect, tls=tls, tls_name=tls_name, **ways)

    def add_to_class_path(self, paths: "Union[str, os.PathLike[str], Iterable[Union[str, os.PathLike[str]]]]") -> None:
        """Add the paths of modules, or of folders, to what `new` and `invoke` find by name.

        The paths are the server's. Raises ClassPathError for a path that names nothing there.
        """
        each = [os.fspath(path) for path in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)]
        self._now().request(CALL, 0, ADD_CLASS_PATH, each)
        if self._reconnect:
            self._class_path.extend(path for path in each if path not in self._class_path)

    def new(self, class_name: str, *args: "Any", **kwargs: "Any") -> "Any":
        """Make an object of the class `class_name` ("PersonDemo.Person") on the server, and its proxy here."""
        return self._now().request(CALL, 0, NEW, (class_name, *args), kwargs)

    def invoke(self, class_name: str, method: str, *args: "Any", **kwargs: "Any") -> "Any":
        """Call a class method or static method; of a module, where `class_name` ends in a dot ("re."), a function."""
        return self._now().request(CALL, 0, INVOKE, (class_name, method, *args), kwargs)

    def get(self, class_name: str, name: str) -> "Any":
        """Read an attribute of a class, or of a module ("sys.")."""
        return self._now().request(CALL, 0, GET_STATIC, (class_name, name))

    def set(self, class_name: str, name: str, value: "Any") -> None:
        """Set an attribute of a class or of a module."""
        self._now().request(CALL, 0, SET_STATIC, (class_name, name, value))

    def batch(self) -> "Batch":
        """A batch: `with gateway.batch() as batch: later = batch(person.displayPerson)`; see `Batch`."""
        from .batch import Batch  # futures bring much along that other programs don't need

        return Batch(self._now())

    def export(self, name: str, value: "Any") -> None:
        """Give the objects of this connection `value` by name: there, a proxy in `pygateway.context().objects`."""
        self._now().request(CALL, 0, EXPORT, (name, ByReference(value)))
        if self._reconnect:
            self._exports[name] = value

    def ping(self) -> "Dict[str, Any]":
        """Ask the server for its figures: pid, python, version, uptime (seconds), connections, objects, threads."""
        figures: Dict[str, Any] = self._now().request(CALL, 0, PING)
        return figures

    def ask_monitor(self, member: int, *args: "Any") -> "Any":
        """Ask the gateway monitor that shares this connection. Raises ProtocolError where none does."""
        return self._now().request(CALL, 0, member, args)

    def submit(self, function: "Callable[..., Any]", *args: "Any", **kwargs: "Any") -> "Future[Any]":
        """Call `function`, mostly a method of a proxy, on a worker thread of this gateway; its future.

        The deadline of the calling thread goes along. Raises ConnectionLost after `disconnect`.
        """
        with self._renewing_lock:
            if self._workers is None:
                from .workers import Workers  # it brings much along that other programs don't need

                self._workers = Workers(MAX_WORKERS)
                if self._disconnected:
                    self._workers.shutdown()
            workers = self._workers
        return workers.submit(function, *args, **kwargs)

    @property
    def host(self) -> str:
        return self._dialler.host

    @property
    def port(self) -> int:
        return self._dialler.port

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
        self._disconnected = True
        self._session.disconnect()
        with self._renewing_lock:
            self._session.disconnect()  # another thread may have made a new one meanwhile
            if self._workers is not None:
                self._workers.shutdown()

    def _now(self) -> Session:
        """The connection for the next request; a new one, where that was asked for and the last is known to be lost."""
        session = self._session
        if not self._reconnect or self._disconnected or session.is_ready():
            return session
        with self._renewing_lock:
            if self._session is session and not self._disconnected:
                self._session = self._renewed()
                session.supersede()
            return self._session

    def _renewed(self) -> Session:
        """A new connection, with the class path and the exports of the last. Raises as `connect`, or ClassPathError."""
        if callable(self._reconnect):
            self._dialler = self._reconnect()
        session = Session(self._dialler, self._output)
        try:
            if self._class_path:
                session.request(CALL, 0, ADD_CLASS_PATH, self._class_path)
            for name, value in self._exports.items():
                session.request(CALL, 0, EXPORT, (name, ByReference(value)))
        except BaseException:
            session.disconnect()
            raise
        return session

    def forsake(self) -> None:
        """Leave the threads to the process that this one was forked from."""
        self._renewing_lock = threading.RLock()
        self._workers = None

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


def ping(
    host: str,
    port: int,
    passphrase: "Optional[str]" = None,
    *,
    timeout: float = 5.0,
    tls: "Trust" = False,
    tls_name: "Optional[str]" = None,
) -> "Dict[str, Any]":
    """The figures of the server at `host` and `port`, as `Gateway.ping`. `timeout` is in seconds."""
    gateway = Gateway.connect(host, port, passphrase, timeout=timeout, tls=tls, tls_name=tls_name)
    with gateway, deadline(timeout):
        return gateway.ping()


def value(of: "Any") -> "Any":
    """A copy of the object behind a proxy, in one trip: a real list, dict, set, bytearray or array.

    What is no proxy is returned as it is. Raises TypeError for an object that can't be copied by value.
    """
    return of._link.value_of(of) if isinstance(of, Proxy) else of


def ref(argument: "Any") -> ByReference:
    """`argument`, to be passed by reference: it arrives as a proxy, and what the object changes is changed here."""
    return ByReference(argument)
