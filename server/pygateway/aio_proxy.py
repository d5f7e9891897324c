"""Proxies of an event loop: calling a method or reading an attribute makes a request, which is to be awaited."""

from collections.abc import Coroutine

from .description import ITEMS, METHOD
from .errors import NotReachable
from .frames import CALL, GET, NAMED
from .iteration import CHANGES, FIRST, MOST
from .operators import OPERATORS
from .proxy import DRIVING, Proxy, members_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator
    from typing import Any, Dict, List

    #: The base of Request, for type checkers.
    Base = Coroutine[Any, Any, Any]
else:
    Base = Coroutine


class Request(Base):
    """A request that is made when it is awaited, as a coroutine is run.

    `async for item in request` and `async with request` await it first, and then use its result.
    """

    __slots__ = ("_coroutine", "_entered")

    def __init__(self, coroutine: "Coroutine[Any, Any, Any]") -> None:
        self._coroutine = coroutine
        self._entered: Any = None

    def __await__(self) -> "Generator[Any, Any, Any]":
        return self._coroutine.__await__()

    def send(self, value: "Any") -> "Any":
        return self._coroutine.send(value)

    def throw(self, *error: "Any") -> "Any":
        return self._coroutine.throw(*error)

    def close(self) -> None:
        self._coroutine.close()

    def __getattr__(self, name: str) -> "Any":
        """What asyncio shows of a coroutine."""
        return getattr(self._coroutine, name)

    async def __aiter__(self) -> "AsyncIterator[Any]":
        async for item in await self._coroutine:
            yield item

    async def __aenter__(self) -> "Any":
        self._entered = await self._coroutine
        return await self._entered.__aenter__()

    async def __aexit__(self, *error: "Any") -> "Any":
        return await self._entered.__aexit__(*error)


class AsyncProxy(Proxy):
    """The base of the proxies of an event loop. What begins with an underscore is the proxy's own."""

    __slots__ = ()

    _is_coroutine = False
    #: Numbers of the operators by name.
    _operators: "Dict[str, int]" = {}  # noqa: RUF012 - replaced by each subclass, changed by none

    def __getattr__(self, name: str) -> "Any":
        if name.startswith("_"):
            raise NotReachable("%r object has no reachable attribute %r" % (type(self).__name__, name))
        return self._link.request(GET, self._number, NAMED, (name,))

    def __setattr__(self, name: str, value: "Any") -> None:
        raise AttributeError("setting is to be awaited: await pygateway.aio.set(proxy, %r, value)" % name)

    def __delattr__(self, name: str) -> None:
        raise AttributeError("deleting is to be awaited: await pygateway.aio.delete(proxy, %r)" % name)

    def __dir__(self) -> "List[str]":
        return [name for name in self._names if not name.startswith("_")]

    def __repr__(self) -> str:
        return "<async proxy of a %s.%s>" % (type(self).__module__, type(self).__qualname__)


def async_proxy_class(told: "Dict[str, Any]") -> "type[Proxy]":
    """The class of the async proxies for one class of the peer, from what the peer tells of it."""
    members = told["members"]
    operators = {member[0]: number for number, member in enumerate(members) if member[0] in OPERATORS}
    namespace: Dict[str, Any] = {
        "__slots__": (),
        "__module__": told["module"],
        "__qualname__": told["qualname"],
        "__doc__": told["doc"],
        "__hash__": object.__hash__,
        "_names": tuple(member[0] for member in members),
        "_operators": operators,
        "_is_coroutine": "__await__" in operators and DRIVING.issubset(member[0] for member in members),
    }
    changes = any(member[1] == ITEMS for member in members)
    for number, member in enumerate(members):
        name, kind = member[0], member[1]
        if name in OPERATORS:
            namespace.update(_operator(name, kind, operators))
        if name == "__call__" or (kind == METHOD and not name.startswith("_")):
            namespace.update(members_of(number, member, told["qualname"], changes and name in CHANGES))
        elif not name.startswith("_"):
            namespace[name] = _property(number, member[2])
    return type(told["name"], (AsyncProxy,), namespace)


def _property(number: int, doc: "Any") -> property:
    return property(lambda self: self._link.request(GET, self._number, number), doc=doc)


def _operator(name: str, kind: str, operators: "Dict[str, int]") -> "Dict[str, Any]":
    """What stands in a proxy class for an operator: those of async statements work, others say how they are reached."""
    number = operators[name]
    if name == "__aiter__":
        return {"__aiter__": _iterating(_each_of_async, number)}
    if name == "__iter__":
        refused = {"__iter__": _refusing(name, "async for")}
        return (
            refused
            if "__aiter__" in operators
            else {**refused, "__aiter__": _iterating(_WAYS.get(kind, _each), number)}
        )
    if name in ("__aenter__", "__aexit__") or (name in ("__enter__", "__exit__") and "__aenter__" not in operators):
        return {"__a" + name[2:].lstrip("a"): _entering(number) if "enter" in name else _leaving(number)}
    if name == "__await__":
        return {name: lambda self: self._link.awaited(self._number)}
    if name in ("__eq__", "__ne__"):
        return {name: _comparing(name)}
    return {} if name in _ITS_OWN else {name: _refusing(name, "await pygateway.aio.call")}


#: Operators that a proxy answers itself, or that do not stand in it.
_ITS_OWN = frozenset(("__call__", "__hash__", "__repr__", "__str__", "__format__", "__dir__", "__anext__")) | frozenset(
    ("__enter__", "__exit__", "__instancecheck__", "__subclasscheck__", "__length_hint__")
)


def _refusing(name: str, instead: str) -> "Callable[..., Any]":
    def refuse(*_: "Any") -> "Any":
        raise TypeError("%s of a proxy is to be awaited; use `%s`" % (name, instead))

    return refuse


def _comparing(name: str) -> "Callable[..., Any]":
    """A comparison that the object might answer otherwise is refused; a proxy is itself in any case."""

    def compare(self: Proxy, other: "Any") -> bool:
        if self is other:
            return name == "__eq__"
        raise TypeError("comparing a proxy is to be awaited; use `await pygateway.aio.call(operator.eq, ...)`, or `is`")

    return compare


def _entering(number: int) -> "Callable[..., Any]":
    return lambda self: self._link.request(CALL, self._number, number)


def _leaving(number: int) -> "Callable[..., Any]":
    return lambda self, kind, error, trace: self._link.request(
        CALL, self._number, number, () if error is None else (error,)
    )


def _iterating(each: "Callable[[Any, int], AsyncIterator[Any]]", number: int) -> "Callable[..., Any]":
    return lambda self: each(self, number)


async def _each_of_async(proxy: "Any", number: int) -> "AsyncIterator[Any]":
    """The items of an asynchronous iterable."""
    iterator = await proxy._link.request(CALL, proxy._number, number)
    while True:
        try:
            item = await iterator._link.request(CALL, iterator._number, iterator._operators["__anext__"])
        except StopAsyncIteration:
            return
        yield item


async def _each(proxy: "Any", number: int) -> "AsyncIterator[Any]":
    """The items of an iterable, a trip each."""
    iterator = await proxy._link.request(CALL, proxy._number, number)
    while True:
        error, *items = await iterator._link.request(CALL, iterator._number, iterator._operators["__next__"], (1,))
        for item in items:
            yield item
        if isinstance(error, StopIteration):
            return
        if error is not None:
            raise error


async def _each_in_chunks(proxy: "Any", number: int) -> "AsyncIterator[Any]":
    """The items of a standard container; see `iteration`."""
    link, count, changes = proxy._link, FIRST, proxy._link.changes
    cursor, *chunk = await link.request(CALL, proxy._number, number)
    while True:
        given = 0
        for item in chunk:
            if link.changes != changes:
                break
            given += 1
            yield item
        if link.changes != changes:
            changes = link.changes
            chunk = await cursor.fetch(count, len(chunk) - given)
        elif len(chunk) == count:
            count = min(2 * count, MOST)
            chunk = await cursor.fetch(count)
        else:
            return


_WAYS = {ITEMS: _each_in_chunks}
