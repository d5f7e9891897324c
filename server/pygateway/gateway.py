"""The host's side: a Gateway is a handle on one gateway connection; its proxies are the server's objects."""

import itertools
import os
import socket
import threading
import time
import weakref
from threading import get_ident

from . import codec
from .batch import Batch
from .deadlines import check, deadline
from .errors import (
    AuthenticationError,
    ConnectError,
    ConnectionLost,
    DeadlineExceeded,
    GatewayError,
    ProtocolError,
)
from .frames import CALL, ERROR, WELCOME
from .handshake import INSTANCE, PASSPHRASE, ClientHandshake
from .link import ADD_CLASS_PATH, EXPORT, GET_STATIC, INVOKE, NEW, PING, SET_STATIC, Link
from .proxy import Proxy
from .references import ByReference
from .stream import Stream
from .turns import AWAITING, RUN, TAKE, answer_to, due

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType
    from typing import Any, Dict, List, Optional, Set, Tuple, Type, Union

    from .frames import Frame


class Gateway(Link):
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
        super().__init__()
        self.host = host
        self.port = port
        #: What the server said of itself: its version, its Python, its pid.
        self.server: Dict[str, Any] = {}
        self._local = local
        self._timeout = timeout
        self._user = user
        self._passphrase = passphrase
        self._keys: Dict[Tuple[bytes, int], Any] = {}
        self._token: Optional[str] = None
        #: Guards the set of streams; idle streams change hands by atomic operations of the dict.
        self._streams_lock = threading.Lock()
        self._streams: Set[Stream] = set()
        self._idle: Dict[int, Stream] = {}
        self._chains: Dict[int, Stream] = {}
        #: What is to end the call that a thread is in, though the object may have caught what it was told of it.
        self._interrupts: Dict[int, BaseException] = {}
        self._serials = itertools.count(1)
        self._lost: Optional[ConnectionLost] = None
        self._idle[get_ident()] = self._open()
        _living.add(self)

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
        self.request(CALL, 0, ADD_CLASS_PATH, [os.fspath(path) for path in each])

    def new(self, class_name: str, *args: "Any", **kwargs: "Any") -> "Any":
        """Make an object of the class `class_name` ("PersonDemo.Person") on the server, and its proxy here."""
        return self.request(CALL, 0, NEW, (class_name, *args), kwargs)

    def invoke(self, class_name: str, method: str, *args: "Any", **kwargs: "Any") -> "Any":
        """Call a class method or static method; of a module, where `class_name` ends in a dot ("re."), a function."""
        return self.request(CALL, 0, INVOKE, (class_name, method, *args), kwargs)

    def get(self, class_name: str, name: str) -> "Any":
        """Read an attribute of a class, or of a module ("sys.")."""
        return self.request(CALL, 0, GET_STATIC, (class_name, name))

    def set(self, class_name: str, name: str, value: "Any") -> None:
        """Set an attribute of a class or of a module."""
        self.request(CALL, 0, SET_STATIC, (class_name, name, value))

    def batch(self) -> Batch:
        """A batch: `with gateway.batch() as batch: later = batch(person.displayPerson)`; see `Batch`."""
        return Batch(self)

    def export(self, name: str, value: "Any") -> None:
        """Give the objects of this connection `value` by name: there, a proxy in `pygateway.context().objects`."""
        self.request(CALL, 0, EXPORT, (name, ByReference(value)))

    def ping(self) -> "Dict[str, Any]":
        """Ask the server for its figures: pid, python, version, uptime (seconds), connections, objects, threads."""
        figures: Dict[str, Any] = self.request(CALL, 0, PING)
        return figures

    @property
    def connected(self) -> bool:
        """Whether the connection was not lost and not ended, as far as is known without asking."""
        return self._lost is None

    def disconnect(self) -> None:
        """End the connection: the server lets go of its objects, and proxies are of no more use. Again is harmless."""
        self._end(ConnectionLost("the gateway was disconnected; connect a new one"))

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

    # As a link.

    def where(self) -> str:
        return "%s:%d" % (self.host if ":" not in self.host else "[%s]" % self.host, self.port)

    def request(
        self,
        kind: int,
        number: int,
        member: int,
        args: "Sequence[Any]" = (),
        kwargs: "Optional[Dict[str, Any]]" = None,
    ) -> "Any":
        serial = next(self._serials) & 0xFFFFFFFF
        pieces = codec.pack_request(self, kind, serial, number, member, args, kwargs or {}, check())
        return self.result_of(self._ask(pieces, serial))

    def request_batch(self, number: int, calls: "Sequence[codec.Call]") -> "List[Tuple[bool, Any]]":
        """Make several requests of one object; of each whether it failed, and its result or what is told of it."""
        serial = next(self._serials) & 0xFFFFFFFF
        frame = self._ask(codec.pack_batch(self, serial, number, calls, check()), serial)
        if frame[0] == ERROR:
            self.result_of(frame)
        answers = codec.decode_batch_answer(self, frame[5], frame[6])
        if len(answers) != len(calls):
            raise ProtocolError("%d answers to a batch of %d calls" % (len(answers), len(calls)))
        return answers

    def _ask(self, pieces: "List[Any]", serial: int) -> "Frame":
        """Send a request on a stream of this thread; its answer."""
        pieces = self.with_releases(pieces)
        me = get_ident()
        inner = self._chains.get(me) if self._chains else None
        if inner is not None and inner.given_up:
            raise DeadlineExceeded("the call that this callback serves was given up")
        stream = inner or self._idle.pop(me, None) or self._another()
        try:
            frame = self._exchange(stream, pieces, serial, me)
        except BaseException as error:
            self._give_up(stream, error)
            interrupt = self._interrupts.pop(me, None) if inner is None else None
            if interrupt is not None:  # what the user asked for, whatever became of the call meanwhile
                raise interrupt from None
            if self._lost is not None and isinstance(error, ConnectionLost):
                raise ConnectionLost(str(self._lost)) from None
            raise
        if inner is None and self._idle.setdefault(me, stream) is not stream:
            self._idle[-serial] = stream  # a signal handler or a finaliser called too, and this thread has its stream
        if self._interrupts and me in self._interrupts:
            raise self._interrupts.pop(me)
        return frame

    def _exchange(self, stream: Stream, pieces: "List[Any]", serial: int, me: int) -> "Frame":
        """Send a request and wait for its answer; run on this very thread what the server calls back meanwhile."""
        left = check()
        if left is not None:
            return self._exchange_within(stream, pieces, serial, me, left)
        stream.send(pieces)
        return self._wait(stream, serial, me)

    def _exchange_within(self, stream: Stream, pieces: "List[Any]", serial: int, me: int, left: float) -> "Frame":
        stream.limit(left)
        stream.send(pieces)
        frame = self._wait(stream, serial, me)
        stream.limit(None)
        return frame

    def _wait(self, stream: Stream, serial: int, me: int) -> "Frame":
        while True:
            frame = stream.frame()
            what = due(AWAITING, frame[0])
            if what is TAKE:
                return answer_to(serial, frame)
            if what is RUN:
                self._serve(stream, frame, me)
            else:
                self.exports.release(codec.decode_numbers(frame[5]))

    def _serve(self, stream: Stream, frame: "Frame", me: int) -> None:
        outer = self._chains.get(me)
        self._chains[me] = stream
        try:
            pieces = self.answer(frame)
        finally:
            if outer is None:
                self._chains.pop(me, None)  # not there in a child that was forked in the callback
            else:
                self._chains[me] = outer
        if stream.given_up:
            raise self._interrupts.pop(me, None) or DeadlineExceeded("a call within the callback was given up")
        left = check()
        if left is not None:
            stream.limit(left)
        stream.send(self.with_releases(pieces))

    def note(self, error: BaseException) -> None:
        """An interrupt or exit in a callback is told to the object, and then ends the host's call as what it is."""
        if not isinstance(error, Exception):
            self._interrupts[get_ident()] = error

    # Streams.

    def _another(self) -> Stream:
        """A stream for a thread that has none: one that no thread uses now, or a new one."""
        if self._lost is not None:
            raise ConnectionLost(str(self._lost))
        try:
            return self._idle.popitem()[1]
        except KeyError:
            return self._open()

    def _give_up(self, stream: Stream, error: BaseException) -> None:
        """Part with a stream in the middle of an exchange.

        Where the connection broke, it ends. Where this program was interrupted, the stream alone ends, and another
        takes its place first, since a connection ends with its last stream; the answer is never mistaken for another's.
        """
        if stream.given_up:  # a call within a callback parted with it before
            return
        stream.given_up = True
        if isinstance(error, (ConnectionLost, ProtocolError)):
            self._end(error)
            return
        # Owner: this gateway. End: within the time-out of connecting.
        threading.Thread(target=self._replace, args=(stream,), name="replace", daemon=True).start()

    def _replace(self, stream: Stream) -> None:
        try:
            fresh = self._open()
            self._idle[-id(fresh)] = fresh
        except GatewayError as failed:
            self._end(failed)
        self._discard(stream)

    def _discard(self, stream: Stream) -> None:
        with self._streams_lock:
            self._streams.discard(stream)
        stream.close()

    def _end(self, error: GatewayError) -> None:
        """Close all streams; threads that wait on them see the end."""
        with self._streams_lock:
            if self._lost is None:
                self._lost = ConnectionLost("%s: %s" % (self.where(), error))
            streams = list(self._streams)
            self._streams.clear()
        self._idle.clear()
        for stream in streams:
            stream.hang_up()
            stream.close()
        self.exports.clear()

    def forsake(self) -> None:
        """Leave the connection to the process that this one was forked from."""
        self._streams_lock = threading.Lock()
        self._lost = ConnectionLost("%s: the gateway belongs to the process that forked; connect anew" % self.where())
        self._idle.clear()
        self._chains.clear()
        for stream in self._streams:
            stream.close()
        self._streams.clear()

    def _open(self) -> Stream:
        """A new stream, through the handshake. Raises ConnectError, AuthenticationError or ProtocolError."""
        deadline = time.monotonic() + self._timeout
        sock = self._dial()
        try:
            stream = self._shake(sock, deadline)
        except BaseException:
            sock.close()
            raise
        with self._streams_lock:
            if self._lost is None:
                self._streams.add(stream)
                return stream
        stream.close()
        raise ConnectionLost(str(self._lost))

    def _dial(self) -> socket.socket:
        try:
            if self._local is not None:
                sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                sock.settimeout(self._timeout)
                sock.connect(self._local)
                return sock
            return socket.create_connection((self.host, self.port), self._timeout)
        except (OSError, UnicodeError) as error:
            raise ConnectError(
                "no gateway server answers at %s: %s; is it started?" % (self._local or self.where(), error)
            ) from None

    def _shake(self, sock: socket.socket, deadline: float) -> Stream:
        """The handshake and the welcome, within the deadline (of time.monotonic)."""
        try:
            handshake = ClientHandshake(self._user, self._passphrase, self._token, self._keys)
        except ValueError as error:
            raise AuthenticationError(str(error)) from None
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
            stream = Stream(sock, handshake.rest())
            frame = stream.buffered()
            while frame is None:
                stream.limit(max(0.001, deadline - time.monotonic()))
                frame = stream.read()
            self._welcome(frame)
            stream.limit(None)
        except (socket.timeout, DeadlineExceeded):
            raise ConnectError(
                "%s did not answer within %g s; does a gateway server listen there?" % (self.where(), self._timeout)
            ) from None
        except (OSError, ConnectionLost) as error:
            raise ConnectError("%s broke off the handshake: %s" % (self.where(), error)) from None
        except (AuthenticationError, ProtocolError) as error:
            raise type(error)("%s: %s" % (self.where(), error)) from None
        return stream

    def _welcome(self, frame: "Frame") -> None:
        if frame[0] != WELCOME:
            raise ProtocolError("no welcome followed the handshake")
        items, _ = codec.decode(self, frame[1], frame[5], frame[6])
        if len(items) != 1 or type(items[0]) is not dict or type(items[0].get("connection")) is not str:
            raise ProtocolError("a welcome that can't be read")
        self.server = items[0]
        self._token = self.server.pop("connection")


#: Gateways of this process; a child that it forks can't use them, since both would read the same streams.
_living: "weakref.WeakSet[Gateway]" = weakref.WeakSet()


def _forked() -> None:
    for gateway in list(_living):
        gateway.forsake()


if hasattr(os, "register_at_fork"):  # Python 3.7 and later, where there is fork
    os.register_at_fork(after_in_child=_forked)


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
