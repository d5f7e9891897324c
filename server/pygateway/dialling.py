"""How a host reaches one server: where it is, what it proves there, and how long that may take."""

import socket
import sys
import time

from . import codec
from .addresses import plain
from .deadlines import check
from .errors import (
    AuthenticationError,
    ConnectError,
    ConnectionLost,
    DeadlineExceeded,
    ProtocolError,
)
from .frames import WELCOME
from .handshake import PASSPHRASE, ClientHandshake, Refused
from .references import References
from .stream import HEARTBEAT, Stream, tune

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ssl import SSLContext
    from typing import Any, Dict, Optional, Tuple

    from .frames import Frame
    from .stream import Heartbeat
    from .tls import Trust


class Dialler:
    """Opens the streams of a host to one server, each through its handshake."""

    def __init__(
        self,
        host: str,
        port: int,
        passphrase: "Optional[str]" = None,
        *,
        local: "Optional[str]" = None,
        timeout: float = 5.0,
        heartbeat: "Heartbeat" = HEARTBEAT,
        tls: "Trust" = False,
        tls_name: "Optional[str]" = None,
        user: str = PASSPHRASE,
        despite_failure: bool = False,
    ) -> None:
        """As `Gateway.connect`; `user` says which secret the passphrase is.

        `despite_failure` is for whoever asks a gateway monitor of itself alone, whatever became of its server.
        """
        self.host = host
        self.port = port
        self.local = local
        #: Seconds for connecting and for the handshake.
        self.timeout = timeout
        #: Seconds between two signs of life, and without one until the server has failed.
        self.heartbeat = heartbeat
        self._user = user
        self._tls = tls
        #: The name that the server's certificate must have.
        self.tls_name = tls_name or host
        self._context: Optional[SSLContext] = None
        self._despite_failure = despite_failure
        self._passphrase = passphrase
        self._keys: Dict[Tuple[bytes, int], Any] = {}

    def where(self) -> str:
        """The server, as it is named in messages."""
        return "%s:%d" % (self.host if ":" not in self.host else "[%s]" % self.host, self.port)

    def open(self, token: "Optional[str]" = None) -> "Tuple[Stream, Dict[str, Any]]":
        """A new stream, and what the server said in its welcome; the stream joins the connection of `token`.

        Raises ConnectError, AuthenticationError or ProtocolError; ConnectionLost if the connection to join has ended;
        DeadlineExceeded if the deadline of this thread comes before the time-out.
        """
        left = check()
        timeout = self.timeout if left is None else min(self.timeout, left)
        deadline = time.monotonic() + timeout
        try:
            sock = self._dial(timeout)
            try:
                return self._shake(sock, deadline, token)
            except BaseException:
                sock.close()
                raise
        except ConnectError:
            check()
            raise

    def handshake(self, token: "Optional[str]" = None) -> ClientHandshake:
        """The handshake of a new stream. Raises AuthenticationError for a passphrase that can't be one."""
        try:
            return ClientHandshake(self._user, self._passphrase, token, self._keys)
        except ValueError as error:
            raise AuthenticationError(str(error)) from None

    def explain(self, error: Exception) -> Exception:
        """What to raise for an error that opening a stream met with."""
        where = self.where()
        if isinstance(error, (socket.timeout, DeadlineExceeded)):
            return ConnectError(
                "%s did not answer within %g s; does a gateway server listen there?" % (where, self.timeout)
            )
        if isinstance(error, (OSError, ConnectionLost)):
            return ConnectError("%s broke off the handshake: %s" % (where, error))
        if isinstance(error, Refused):
            kind = ConnectionLost if error.code == "unknown-connection" else AuthenticationError
            return kind("%s: %s" % (where, error))
        if isinstance(error, (AuthenticationError, ProtocolError)):
            return type(error)("%s: %s" % (where, error))
        return error

    def unreachable(self, error: Exception) -> ConnectError:
        """What to raise where nothing can be connected to."""
        return ConnectError("no gateway server answers at %s: %s; is it started?" % (self.local or self.where(), error))

    def _dial(self, timeout: float) -> socket.socket:
        try:
            if self.local is not None and sys.platform != "win32":
                sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                sock.settimeout(timeout)
                sock.connect(self.local)
                return sock
            sock = socket.create_connection((plain(self.host), self.port), timeout)
        except (OSError, UnicodeError) as error:
            raise self.unreachable(error) from None
        return sock if not self._tls else self._secured(sock, timeout)

    def _secured(self, sock: socket.socket, timeout: float) -> socket.socket:
        """A connected socket as the protocol sees it, with TLS behind it."""
        from .tls import carried

        try:
            tune(sock, self.heartbeat)
            sock.settimeout(timeout)
            context = self.context()
            assert context is not None
            return carried(context.wrap_socket(sock, server_hostname=self.tls_name))
        except (OSError, ValueError) as error:
            sock.close()
            raise self.insecure(error) from None

    def context(self) -> "Optional[SSLContext]":
        """What checks who the server is; None without TLS. Raises ConnectError if it can't be had."""
        if not self._tls:
            return None
        if self._context is None:
            from .tls import client_context

            try:
                self._context = client_context(self._tls)
            except OSError as error:
                told = "the file of the certificate authority, %s, can't be used: %s" % (self._tls, error)
                raise ConnectError(told) from None
        return self._context

    def insecure(self, error: Exception) -> Exception:
        """What to raise where TLS could not be agreed upon."""
        reason = getattr(error, "verify_message", None)
        if reason:
            return AuthenticationError(
                "%s: the server's certificate is not to be trusted: %s; is it the right server, authority (tls_ca) and "
                "name (%s)?" % (self.where(), reason, self.tls_name)
            )
        if isinstance(error, socket.timeout):
            return self.explain(error)
        told = "%s: TLS could not be agreed upon: %s; was the server started with it?"
        return ConnectError(told % (self.where(), error))

    def _shake(self, sock: socket.socket, deadline: float, token: "Optional[str]") -> "Tuple[Stream, Dict[str, Any]]":
        """The handshake and the welcome, within the deadline (of time.monotonic)."""
        handshake = self.handshake(token)
        try:
            sock.sendall(handshake.first)
            while not handshake.accepted:
                sock.settimeout(max(0.001, deadline - time.monotonic()))
                data = sock.recv(4096)
                if not data:
                    raise ConnectError("%s closed the connection in the handshake" % self.where())
                reply = handshake.receive(data)
                if reply:
                    sock.sendall(reply)
            stream = Stream(sock, handshake.rest(), self.heartbeat)
            frame = stream.buffered()
            while frame is None:
                stream.limit(max(0.001, deadline - time.monotonic()))
                frame = stream.read()
            told = self.welcome(frame)
            stream.limit(None)
        except (OSError, ConnectionLost, DeadlineExceeded, AuthenticationError, ProtocolError) as error:
            raise self.explain(error) from None
        return stream, told

    def welcome(self, frame: "Frame") -> "Dict[str, Any]":
        """What the server says of itself in its first frame.

        Raises ProtocolError if it is no welcome, ConnectError if it is a monitor's whose server has failed.
        """
        if frame[0] != WELCOME:
            raise ProtocolError("no welcome followed the handshake")
        items, _ = codec.decode(References(), frame[1], frame[5], frame[6])
        if len(items) != 1 or type(items[0]) is not dict or type(items[0].get("connection")) is not str:
            raise ProtocolError("a welcome that can't be read")
        told: Dict[str, Any] = items[0]
        if type(told.get("exports", 0)) is not int or told.get("exports", 0) < 0:
            raise ProtocolError("a welcome that can't be read")
        if type(told.get("max_frame", 0)) is not int:
            raise ProtocolError("a welcome that can't be read")
        if "failing" in told and not self._despite_failure:
            raise ConnectError("%s: the gateway monitor waits for its server: %s" % (self.where(), told["failing"]))
        return told
