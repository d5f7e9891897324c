"""The External Python Server: what it listens on, whom it knows, and the connections that it has."""

import os
import signal
import socket
import sys
import threading
import time

from . import __version__
from .activity import Activity
from .addresses import plain
from .allowing import AllowList
from .classpath import ClassPath
from .connection import Connection
from .door import Door
from .errors import StartError
from .forking import leave_to_parent
from .handshake import INSTANCE, Refused, verifiers
from .journal import Journal
from .limits import Limits
from .local_socket import BACKLOG, listen_locally, remove
from .preparing import preload_module
from .statistics import Statistics
from .stream import HEARTBEAT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from ssl import SSLContext
    from typing import Any, Dict, List, Optional, Set, Tuple

    from .rotation import Rotation
    from .stream import Heartbeat


class Server:
    """One server process: construct it (it listens then), `serve`, and `stop` from a signal handler."""

    def __init__(
        self,
        host: str,
        port: int,
        local: "Optional[str]" = None,
        passphrase: "Optional[str]" = None,
        instance: "Optional[str]" = None,
        log_file: "Optional[str]" = None,
        insecure: bool = False,
        class_path: "Sequence[str]" = (),
        preload: "Sequence[str]" = (),
        heartbeat: "Heartbeat" = HEARTBEAT,
        allow: "Sequence[str]" = (),
        limits: "Optional[Limits]" = None,
        tls: "Optional[Tuple[str, Optional[str]]]" = None,
        activity: "Optional[Activity]" = None,
        rotation: "Optional[Rotation]" = None,
    ) -> None:
        """`port` 0 lets the system choose; `heartbeat` says when a host whose machine vanished is given up; without
        entries in `allow`, hosts may name any class; `tls` is the file of the certificate, and that of its key if it is
        another; `activity` is told of connections that are refused; `rotation`
        sees to it that its output and its log do not grow for ever.

        Raises StartError, or ClassPathError for a path of `class_path`.
        """
        self.allowed = _allow_list(allow)
        self.limits = limits or Limits()
        self.tls = None if tls is None else _tls_context(*tls)
        self.verifiers = _verifiers(passphrase, instance)
        self.class_path = ClassPath()
        for path in class_path:
            self.class_path.add(path)
        for module in preload:
            preload_module(module)
        self.heartbeat = heartbeat
        self._activity = activity
        self._rotation = rotation
        self.started = time.monotonic()
        self._local = local
        try:
            self.journal = Journal(log_file)
        except OSError as error:
            raise StartError("the log file %s can't be written: %s" % (log_file, error.strerror)) from None
        listeners = _listen(host, port, passphrase is not None or insecure)
        self.addresses = [listener.getsockname() for listener in listeners]
        if local is not None:
            listeners.append(_listen_locally(local))
        self.statistics = Statistics()
        self.door = Door(self, listeners)
        #: Guards the connections.
        self._connections_lock = threading.Lock()
        self.connections: Set[Connection] = set()
        self._numbers = 0
        self._handled: List[int] = []
        leave_to_parent(self)

    def forsake(self) -> None:
        """In a child that an object forked: leave all to the parent; the child answers nobody and holds no port."""
        self._connections_lock = threading.Lock()
        for number in self._handled:
            signal.signal(number, signal.SIG_DFL)
        if self._handled:
            signal.set_wakeup_fd(-1)
        self.door.forsake()
        for connection in self.connections:
            connection.forsake()
        self.connections = set()

    def serve(self, grace: float) -> None:
        """Serve until `stop`; then let running calls end for up to `grace` seconds."""
        self.journal.info("started", version=__version__, pid=os.getpid(), addresses=self.addresses)
        self.door.serve()
        if self._local is not None:
            remove(self._local)
        deadline = time.monotonic() + grace
        for connection in self.connections_now():
            connection.finish(deadline)
        self.journal.info("stopped", pid=os.getpid())

    def stop(self, *_: "Any") -> None:
        """Ask the server to stop; fit as a signal handler."""
        self.door.close()

    def handle_signals(self, hang_up: "Any") -> None:
        """Stop at SIGTERM and SIGINT; `hang_up` is what to do at SIGHUP. From the main thread."""
        self.door.heed_signals()
        handlers = {signal.SIGTERM: self.stop, signal.SIGINT: self.stop}
        if sys.platform != "win32":
            handlers[signal.SIGHUP] = hang_up
        for number, handler in handlers.items():
            signal.signal(number, handler)
            self._handled.append(number)

    def introduction(self) -> "Dict[str, Any]":
        """What each accepted stream is told of the server."""
        return {"version": __version__, "python": sys.version.split()[0].rstrip("+"), "pid": os.getpid()}

    def figures(self) -> "Dict[str, Any]":
        """The answer to a ping. Connections of whoever started the server, which ask for these figures, don't count."""
        connections = [each for each in self.connections_now() if each.user != INSTANCE]
        return {
            **self.introduction(),
            "uptime": time.monotonic() - self.started,
            "connections": len(connections),
            "objects": sum(len(each.exports.by_number) for each in connections),
            "threads": threading.active_count(),
        }

    # Connections; the door and the connections call these.

    def connection_for(self, user: str, token: str, peer: str) -> Connection:
        """The connection that a stream joins, or a new one. Raises Refused."""
        with self._connections_lock:
            if token:
                for connection in self.connections:
                    if connection.token == token and connection.user == user:
                        return connection
                raise Refused("unknown-connection")
            most = self.limits.connections
            counted = sum(each.user != INSTANCE for each in self.connections) if most is not None else 0
            if most is not None and user != INSTANCE and counted >= most:
                raise Refused("busy")
            self._numbers += 1
            connection = Connection(self, self._numbers, user, peer)
            self.connections.add(connection)
        if user != INSTANCE:
            self.journal.info("opened", peer=peer, connection=connection.number)
        return connection

    def connection_ended(self, connection: Connection) -> None:
        with self._connections_lock:
            self.connections.discard(connection)
        if connection.user != INSTANCE:
            self.journal.info("closed", peer=connection.peer, connection=connection.number)

    def connections_now(self) -> "List[Connection]":
        with self._connections_lock:
            return list(self.connections)

    def look(self) -> None:
        """Look after what need not be looked after more often than once a second."""
        error = self._rotation.look() if self._rotation is not None else None
        if error is not None:
            self.journal.error("not set aside", error=error)

    def refused(self, peer: str, error: Exception) -> None:
        event = "authentication refused" if isinstance(error, Refused) else "handshake refused"
        self.journal.warning(event, peer=peer, error=error)
        if self._activity is None:
            return
        try:
            self._activity.warning("connection refused: %s: %s" % (peer, error))
        except OSError as failure:  # the connection is refused all the same
            self.journal.error("not recorded", error=failure)


def _allow_list(entries: "Sequence[str]") -> "Optional[AllowList]":
    try:
        return AllowList(entries) if entries else None
    except ValueError as error:
        raise StartError(str(error)) from None


def _tls_context(certificate: str, key: "Optional[str]") -> "SSLContext":
    from .tls import server_context

    try:
        return server_context(certificate, key)
    except OSError as error:  # ssl.SSLError is one
        files = certificate if key is None else "%s with the key %s" % (certificate, key)
        reason = error.strerror if error.filename else error
        raise StartError("the TLS certificate %s can't be used: %s" % (files, reason)) from None


def _verifiers(passphrase: "Optional[str]", instance: "Optional[str]") -> "Dict[str, Any]":
    try:
        return verifiers(passphrase, instance)
    except ValueError as error:
        raise StartError("the passphrase can't be used: %s" % error) from None


def _listen(host: str, port: int, trusted: bool) -> "List[socket.socket]":
    """Listening sockets, one for each address of `host`. Raises StartError."""
    try:
        found = socket.getaddrinfo(plain(host), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise StartError("the host name %r can't be resolved: %s" % (host, error)) from None
    addresses = list(dict.fromkeys((family, address) for family, _, _, _, address in found))
    exposed = [address[0] for _, address in addresses if not _is_loopback(str(address[0]))]
    if exposed and not trusted:
        raise StartError(
            "refusing to listen on %s, which other machines can reach, without a passphrase; "
            "set one (--use-passphrase), or say --insecure" % exposed[0]
        )
    listeners: List[socket.socket] = []
    for family, address in addresses:
        try:
            listeners.append(_bound(family, address))
        except OSError as error:
            for listener in listeners:
                listener.close()
            raise StartError("can't listen on %s port %d: %s" % (address[0], port, error.strerror)) from None
    return listeners


def _bound(family: int, address: "Any") -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere the option would let another program take the port over
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def _listen_locally(path: str) -> socket.socket:
    """A listening local socket that its owner alone can reach. Raises StartError."""
    try:
        return listen_locally(path)
    except OSError as error:
        raise StartError("can't listen on the local socket %s: %s" % (path, error)) from None


def _is_loopback(address: str) -> bool:
    return address.startswith("127.") or address in ("::1", "::ffff:127.0.0.1")
