"""The asyncio twin of Gateway and its proxies: no threads, every request is awaited.

>>> async with aio.connect("127.0.0.1", 55001) as gateway:
...     await gateway.add_to_class_path("/srv/app/PersonDemo.py")
...     person = await gateway.new("PersonDemo.Person")
...     await aio.set(person, "name", "George")
...     print(await person.displayPerson(), await person.name)

Methods and attributes of proxies give requests to await. Functions of the host that objects call run in the event loop,
in the task that awaits the call; async ones are awaited there. To cancel the task, or a time-out of asyncio, gives the
call up, and the connection stays usable.
"""

import builtins
import copy
import math
import operator
import os

from .aio_proxy import AsyncProxy, Request
from .aio_session import AsyncSession
from .dialling import Dialler
from .frames import ADD_CLASS_PATH, CALL, DELETE, EXPORT, GET_STATIC, INVOKE, NAMED, NEW, PING, SET, SET_STATIC
from .operators import OPERATORS
from .references import ByReference
from .stream import HEARTBEAT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterable
    from typing import Any, Dict, Optional, Union

    from .printed import Printed
    from .stream import Heartbeat
    from .tls import Trust

__all__ = ["AsyncProxy", "Gateway", "Request", "call", "connect", "delete", "set", "value"]

#: Most streams of a connection, and so most calls under way at once, where nothing else is said.
STREAMS = 32


class Gateway:
    """A connection to an External Python Server, of one event loop. Make one with `aio.connect`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add_to_class_path(
        self, paths: "Union[str, os.PathLike[str], Iterable[Union[str, os.PathLike[str]]]]"
    ) -> Request:
        """As `pygateway.Gateway.add_to_class_path`."""
        each = [paths] if isinstance(paths, (str, os.PathLike)) else paths
        return self._session.request(CALL, 0, ADD_CLASS_PATH, [os.fspath(path) for path in each])

    def new(self, class_name: str, *args: "Any", **kwargs: "Any") -> Request:
        """Make an object of the class `class_name` on the server, and its proxy here."""
        return self._session.request(CALL, 0, NEW, (class_name, *args), kwargs)

    def invoke(self, class_name: str, method: str, *args: "Any", **kwargs: "Any") -> Request:
        """Call a class method or static method; of a module, where `class_name` ends in a dot, a function."""
        return self._session.request(CALL, 0, INVOKE, (class_name, method, *args), kwargs)

    def get(self, class_name: str, name: str) -> Request:
        """Read an attribute of a class, or of a module ("sys.")."""
        return self._session.request(CALL, 0, GET_STATIC, (class_name, name))

    def set(self, class_name: str, name: str, value: "Any") -> Request:
        """Set an attribute of a class or of a module."""
        return self._session.request(CALL, 0, SET_STATIC, (class_name, name, value))

    def export(self, name: str, value: "Any") -> Request:
        """Give the objects of this connection `value` by name."""
        return self._session.request(CALL, 0, EXPORT, (name, ByReference(value)))

    def ping(self) -> Request:
        """Ask the server for its figures, as `pygateway.Gateway.ping`."""
        return self._session.request(CALL, 0, PING)

    @property
    def server(self) -> "Dict[str, Any]":
        """What the server said of itself: its version, its Python, its pid."""
        return self._session.server

    @property
    def connected(self) -> bool:
        """Whether the connection was not lost and not ended, as far as is known without asking."""
        return self._session.connected

    def where(self) -> str:
        """The server, as it is named in messages."""
        return self._session.where()

    async def disconnect(self) -> None:
        """End the connection: the server lets go of its objects, and proxies are of no more use. Again is harmless."""
        self._session.disconnect()
        await _pause()  # the transports close behind what runs now

    async def __aenter__(self) -> "Gateway":
        return self

    async def __aexit__(self, *error: "Any") -> None:
        await self.disconnect()

    def __repr__(self) -> str:
        return "<async Gateway %s%s>" % (self.where(), "" if self.connected else ", not connected")


async def _pause() -> None:
    import asyncio

    await asyncio.sleep(0)


class connect:  # noqa: N801 - reads as the function that it is
    """`gateway = await connect(host, port)` or `async with connect(host, port) as gateway`.

    The arguments are as in `pygateway.Gateway.connect`; `streams` is how many calls may be under way at once; further
    ones wait for their turn. Raises ConnectError, AuthenticationError or ProtocolError.
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
        streams: int = STREAMS,
        heartbeat: "Heartbeat" = HEARTBEAT,
        tls: "Trust" = False,
        tls_name: "Optional[str]" = None,
    ) -> None:
        if streams < 1:
            raise ValueError("a connection has at least one stream, not %r" % (streams,))
        ways: Dict[str, Any] = {"local": local, "timeout": timeout, "heartbeat": heartbeat}
        dialler = Dialler(host, port, passphrase, tls=tls, tls_name=tls_name, **ways)
        self._session = AsyncSession(dialler, streams, output)

    async def _connected(self) -> Gateway:
        await self._session.open()
        return Gateway(self._session)

    def __await__(self) -> "Generator[Any, Any, Gateway]":
        return self._connected().__await__()

    async def __aenter__(self) -> Gateway:
        return await self._connected()

    async def __aexit__(self, *error: "Any") -> None:
        self._session.disconnect()
        await _pause()


def set(proxy: "Any", name: str, value: "Any") -> Request:
    """Set an attribute of an object: `await aio.set(person, "name", "George")`."""
    return _of(proxy).request(SET, proxy._number, NAMED, (name, value))


def delete(proxy: "Any", name: str) -> Request:
    """Delete an attribute of an object."""
    return _of(proxy).request(DELETE, proxy._number, NAMED, (name,))


async def value(of: "Any") -> "Any":
    """A copy of the object behind a proxy, as `pygateway.value`."""
    return await of._link.value_of(of) if isinstance(of, AsyncProxy) else of


def call(function: "Callable[..., Any]", *args: "Any") -> "Awaitable[Any]":
    """Do to an object what an operator does: `await aio.call(len, proxy)`, `await aio.call(operator.add, proxy, 1)`.

    `function` is one of `operator`, or a builtin such as `len`, `str`, `bool`, `abs`, `next` and `round`, or one of
    `math`'s `trunc`, `floor` and `ceil`. The whole operation runs on the object's own thread. Raises TypeError for
    another function; `gateway.invoke` calls functions there.
    """
    name = _NAMES.get(function)
    if name is None:
        raise TypeError("%r is no operator; to call a function over there use gateway.invoke" % (function,))
    for proxy, rest, member in _ways(name, args):
        if isinstance(proxy, AsyncProxy) and member in proxy._operators:
            return _of(proxy).request(CALL, proxy._number, proxy._operators[member], rest)
    return _plainly(function, name, args)


def _ways(name: str, args: "Any") -> "Any":
    """Who may be asked for an operation, with what, and by which name: the first argument, or the second reflected."""
    yield args[0], args[1:], name
    if name.startswith("__i"):
        yield args[0], args[1:], "__" + name[3:]
    if len(args) == 2:
        yield args[1], args[:1], _SWAPPED.get(name, "__r" + name[2:])


async def _plainly(function: "Callable[..., Any]", name: str, args: "Any") -> "Any":
    """The operation on an object that has none of its own, where every object has it."""
    proxy = args[0]
    if not isinstance(proxy, AsyncProxy):
        raise TypeError("%s of none of the arguments is over there" % name)
    if name == "__bool__" and "__len__" in proxy._operators:
        return await call(len, proxy) != 0
    if name in ("__bool__", "__eq__", "__ne__", "__hash__"):
        return function(*args)
    raise TypeError("%r has no %s" % (proxy, name))


def _of(proxy: "Any") -> AsyncSession:
    if not isinstance(proxy, AsyncProxy):
        raise TypeError("%r is no async proxy" % (proxy,))
    link: Any = proxy._link
    session: AsyncSession = link
    return session


_SWAPPED = {
    "__lt__": "__gt__",
    "__gt__": "__lt__",
    "__le__": "__ge__",
    "__ge__": "__le__",
    "__eq__": "__eq__",
    "__ne__": "__ne__",
}
#: The operators by the functions of the standard library that do the same.
_NAMES: "Dict[Any, str]" = {
    getattr(place, bare): name
    for name in OPERATORS
    if name not in ("__iter__", "__call__")  # `async for` and calling do these
    for place in (operator, math, copy, os, builtins)
    for bare in (name.strip("_"), name.strip("_") + "_")
    if callable(getattr(place, bare, None))
}
